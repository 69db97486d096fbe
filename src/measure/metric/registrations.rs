//! Connectors and their connections, as `tunnel info` counts them.

use std::collections::BTreeSet;

use super::delay::{is_connection, is_replica};
use super::{Entry, Kind, Measure, Unit};
use crate::measure::observation::Entity;
use crate::measure::run::Run;
use crate::measure::selection::{Filter, Selection};
use crate::measure::status::Event;

const FILTERS: &[Filter] = &[Filter::Tunnel, Filter::Replica, Filter::Host];

const fn entry(
    name: &'static str,
    help: &'static str,
    measure: fn(&Run, &Selection) -> Measure,
) -> Entry {
    Entry {
        name,
        unit: Unit::Count,
        help,
        filters: FILTERS,
        required: &[],
        kind: Kind::Tallies(measure),
    }
}

pub(super) static ENTRIES: &[Entry] = &[
    entry(
        "connections",
        "Registered connections at the horizon.",
        |run, selection| {
            let selected = run
                .status
                .registered
                .keys()
                .filter(|&&it| is_connection(it, selection, &run.scope));
            Measure::count(selected.count() as u64)
        },
    ),
    entry(
        "connections_registered",
        "Registrations of connections over the whole run.",
        |run, selection| count(run, selection, Event::Registration),
    ),
    entry(
        "registrations_refused",
        "Registrations that the edge refused.",
        |run, selection| count(run, selection, Event::RegistrationRefused),
    ),
    entry(
        "connector_starts",
        "Starts of cloudflared processes, each with a new connector id.",
        |run, selection| count(run, selection, Event::Start),
    ),
    entry(
        "connectors",
        "Different connector ids with a registered connection at the horizon.",
        |run, selection| {
            let registered = run
                .status
                .registered
                .iter()
                .filter(|(it, _)| is_connection(**it, selection, &run.scope));
            Measure::count(
                registered
                    .map(|(_, it)| it.connector)
                    .collect::<BTreeSet<_>>()
                    .len() as u64,
            )
        },
    ),
    entry(
        "data_centres",
        "Different data centres with a registered connection at the horizon.",
        |run, selection| {
            let registered = run
                .status
                .registered
                .iter()
                .filter(|(it, _)| is_connection(**it, selection, &run.scope));
            Measure::count(
                registered
                    .map(|(_, it)| it.at)
                    .collect::<BTreeSet<_>>()
                    .len() as u64,
            )
        },
    ),
];

fn count(run: &Run, selection: &Selection, event: Event) -> Measure {
    let is_selected = |entity| match entity {
        Entity::Connection(it) => is_connection(it, selection, &run.scope),
        Entity::Replica(id) => is_replica(id, selection, &run.scope),
        _ => false,
    };
    Measure::count(run.status.count(event, is_selected))
}
