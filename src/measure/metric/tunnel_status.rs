//! The vendor's word for a tunnel's state, over time.

use super::{Entry, Kind, Measure, Unit};
use crate::measure::selection::Filter;

pub(super) static ENTRIES: &[Entry] = &[Entry {
    name: "tunnel_status_share",
    unit: Unit::Share,
    help: "Share of time in which a tunnel had a given status.",
    filters: &[Filter::Tunnel, Filter::TunnelStatus],
    required: &[Filter::Tunnel, Filter::TunnelStatus],
    kind: Kind::Tallies(
        |run, selection| match (selection.tunnel, selection.tunnel_status) {
            (Some(tunnel), Some(status)) => {
                let spent = run.status.clock(tunnel).spent(status);
                Measure::mean(
                    spent.as_nanos() as f64,
                    run.scope.length().as_nanos() as f64,
                )
            }
            _ => Measure::Missing,
        },
    ),
}];
