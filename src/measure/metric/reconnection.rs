//! How long connectors take to come back.

use super::delay::{Delay, Pick, clears, is_connection, is_replica, strikes};
use super::{Entry, Kind, Unit};
use crate::measure::observation::{Change, Entity, Happening};
use crate::measure::scope::Scope;
use crate::measure::selection::{Filter, Selection};

const CONNECTIONS: &[Filter] = &[
    Filter::Fault,
    Filter::Tunnel,
    Filter::Replica,
    Filter::Connection,
];

const fn entry(
    name: &'static str,
    unit: Unit,
    help: &'static str,
    filters: &'static [Filter],
    kind: Kind,
) -> Entry {
    Entry {
        name,
        unit,
        help,
        filters,
        required: &[],
        kind,
    }
}

pub(super) static ENTRIES: &[Entry] = &[
    entry(
        "reconnect_first_s",
        Unit::Seconds,
        "Time from the end of a fault until the first of the selected connections is registered.",
        CONNECTIONS,
        Kind::Watch(|selection, _| Delay::boxed(selection, clears, registers, Pick::First)),
    ),
    entry(
        "reconnect_last_s",
        Unit::Seconds,
        "Time from the end of a fault until the last of the selected connections is registered.",
        CONNECTIONS,
        Kind::Watch(|selection, _| Delay::boxed(selection, clears, registers, Pick::Last)),
    ),
    entry(
        "reconnect_waves",
        Unit::Count,
        "Waves in which connections are registered after a fault; a pause of more than a second starts a new one.",
        CONNECTIONS,
        Kind::Watch(|selection, _| Delay::boxed(selection, clears, registers, Pick::Waves)),
    ),
    entry(
        "redial_first_s",
        Unit::Seconds,
        "Time from a strike until the first of the selected connections is registered anew.",
        CONNECTIONS,
        Kind::Watch(|selection, _| Delay::boxed(selection, strikes, registers, Pick::First)),
    ),
    entry(
        "redial_last_s",
        Unit::Seconds,
        "Time from a strike until the last of the selected connections is registered anew.",
        CONNECTIONS,
        Kind::Watch(|selection, _| Delay::boxed(selection, strikes, registers, Pick::Last)),
    ),
    entry(
        "time_to_http2_s",
        Unit::Seconds,
        "Time from the start of a process until it registers its first connection over HTTP/2.",
        &[Filter::Replica],
        Kind::Watch(|selection, _| Delay::boxed(selection, starts, registers_http2, Pick::First)),
    ),
    entry(
        "connector_lifetime_s",
        Unit::Seconds,
        "Time from the start of a process until it ended.",
        &[Filter::Replica],
        Kind::Watch(|selection, _| Delay::boxed(selection, starts, ends, Pick::First)),
    ),
];

fn registers(change: &Change, selection: &Selection, scope: &Scope) -> bool {
    registers_over(change, selection, scope, |_| true)
}

fn registers_http2(change: &Change, selection: &Selection, scope: &Scope) -> bool {
    registers_over(change, selection, scope, |http2| http2)
}

fn registers_over(
    change: &Change,
    selection: &Selection,
    scope: &Scope,
    over: fn(bool) -> bool,
) -> bool {
    match (change.entity, change.what) {
        (Entity::Connection(it), Happening::Registers { http2, .. }) => {
            over(http2) && is_connection(it, selection, scope)
        }
        _ => false,
    }
}

fn starts(change: &Change, selection: &Selection, scope: &Scope) -> bool {
    matches!(change.what, Happening::Starts { .. }) && is_process(change.entity, selection, scope)
}

fn ends(change: &Change, selection: &Selection, scope: &Scope) -> bool {
    change.what == Happening::Down && is_process(change.entity, selection, scope)
}

fn is_process(entity: Entity, selection: &Selection, scope: &Scope) -> bool {
    matches!(entity, Entity::Replica(id) if is_replica(id, selection, scope))
}
