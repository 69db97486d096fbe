//! What became of DNS records.

use super::{Entry, Kind, Measure, Unit};
use crate::measure::run::Run;
use crate::measure::selection::Selection;
use crate::measure::status::Event;

const fn entry(
    name: &'static str,
    help: &'static str,
    measure: fn(&Run, &Selection) -> Measure,
) -> Entry {
    Entry {
        name,
        unit: Unit::Count,
        help,
        filters: &[],
        required: &[],
        kind: Kind::Tallies(measure),
    }
}

pub(super) static ENTRIES: &[Entry] = &[
    entry(
        "dns_refused",
        "DNS records refused because the name was taken.",
        |run, _| count(run, Event::RecordRefused),
    ),
    entry(
        "dns_replaced",
        "DNS records that replaced another.",
        |run, _| count(run, Event::RecordReplaced),
    ),
];

fn count(run: &Run, event: Event) -> Measure {
    Measure::count(run.status.count(event, |_| true))
}
