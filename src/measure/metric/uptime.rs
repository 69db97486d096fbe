//! Up and down times of things, whether or not anybody asked them anything.

use super::{Entry, Kind, Measure, Unit};
use crate::kernel::time::Span;
use crate::measure::observation::{Entity, TunnelStatus};
use crate::measure::run::Run;
use crate::measure::selection::{Filter, Selection};

const FILTERS: &[Filter] = &[
    Filter::Host,
    Filter::Replica,
    Filter::Container,
    Filter::Tunnel,
];

pub(super) static ENTRIES: &[Entry] = &[
    Entry {
        name: "uptime_share",
        unit: Unit::Share,
        help: "Share of time up, of the host, replica or container named; of a tunnel: healthy or degraded.",
        filters: FILTERS,
        required: &[],
        kind: Kind::OfOne(|run, selection| share(run, selection, |up, _| up)),
    },
    Entry {
        name: "unavailability",
        unit: Unit::Share,
        help: "Share of time down, of the host, replica or container named; of a tunnel: down or inactive.",
        filters: FILTERS,
        required: &[],
        kind: Kind::OfOne(|run, selection| share(run, selection, |_, down| down)),
    },
];

fn share(run: &Run, selection: &Selection, part: fn(Span, Span) -> Span) -> Measure {
    let (up, down) = match (entity(selection), selection.tunnel) {
        (Some(entity), _) => run
            .finals
            .uptimes
            .iter()
            .filter(|it| it.entity == entity)
            .fold((Span::ZERO, Span::ZERO), |(up, down), it| {
                (up + it.up, down + it.down)
            }),
        (None, Some(tunnel)) => {
            let spent = |status| run.status.clock(tunnel).spent(status);
            let up = spent(TunnelStatus::Healthy) + spent(TunnelStatus::Degraded);
            (
                up,
                spent(TunnelStatus::Down) + spent(TunnelStatus::Inactive),
            )
        }
        (None, None) => return Measure::Missing,
    };
    Measure::mean(
        part(up, down).as_nanos() as f64,
        (up + down).as_nanos() as f64,
    )
}

/// The thing that the filters name.
fn entity(selection: &Selection) -> Option<Entity> {
    let replica = selection.replica.map(Entity::Replica);
    replica
        .or(selection.container.map(Entity::Container))
        .or(selection.host.map(Entity::Host))
}
