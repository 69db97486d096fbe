//! One word for each fact, from which the run's fingerprint is made.
//!
//! The words of a fact, in the order in which they stand here, are multiplied by fixed odd numbers and added up; the
//! fingerprint absorbs the sum. So the multiplications do not wait for each other, and a change of any single word
//! changes the sum. Entities enter by a hash of their name, never by their position, so that an entity that nobody
//! uses changes nothing. Absent things are 0.

use std::sync::LazyLock;

use super::observation::{
    Change, Checkout, Entity, Happening, RequestSeen, SessionFate, SessionSeen,
};
use super::scope::{Named, Scope};
use crate::kernel::hash::mix;
use crate::kernel::time::Time;
use crate::world::geography::{Atlas, DataCentre, MetroId};
use crate::world::ids::Position;

const MULTIPLIERS: [u64; 24] = {
    let mut multipliers = [0; 24];
    let mut index = 0;
    while index < multipliers.len() {
        multipliers[index] = mix(index as u64 + 1) | 1;
        index += 1;
    }
    multipliers
};

#[inline]
fn sum<const N: usize>(words: [u64; N]) -> u64 {
    const { assert!(N <= MULTIPLIERS.len()) };
    let products = words
        .iter()
        .zip(MULTIPLIERS)
        .map(|(word, by)| word.wrapping_mul(by));
    products.fold(0, u64::wrapping_add)
}

#[inline]
fn named(list: &[Named], id: impl Position) -> u64 {
    list[id.index()].hash
}

/// The letters of the codes: they stay when the atlas grows and positions in it shift.
static METROS: LazyLock<Vec<u64>> = LazyLock::new(|| {
    let word = |code: &str| {
        code.bytes()
            .fold(0, |word, byte| word << 8 | u64::from(byte))
    };
    Atlas::shipped()
        .metros()
        .iter()
        .map(|metro| word(&metro.code))
        .collect()
});

#[inline]
fn metro(id: MetroId) -> u64 {
    METROS[usize::from(id.0)]
}

fn data_centre(at: DataCentre) -> u64 {
    metro(at.metro) << 8 | u64::from(at.number)
}

/// The word of a request: the sum of what its names and what its numbers give.
pub fn request(seen: &RequestSeen, scope: &Scope) -> u64 {
    names_of_request(seen, scope).wrapping_add(numbers_of_request(seen))
}

/// The sum over the names in the word of a request, which many requests share.
pub fn names_of_request(seen: &RequestSeen, scope: &Scope) -> u64 {
    sum([
        REQUEST,
        named(&scope.groups, seen.id.group),
        0,
        0,
        0,
        named(&scope.hostnames, seen.hostname),
        0,
        0,
        metro(seen.entry),
        seen.endpoint.map_or(0, |id| named(&scope.endpoints, id)),
        seen.connection
            .map_or(0, |connection| named(&scope.replicas, connection.replica)),
        seen.container.map_or(0, |id| named(&scope.containers, id)),
    ])
}

/// The sum over everything else in the word of a request.
#[inline]
pub fn numbers_of_request(seen: &RequestSeen) -> u64 {
    let small = u64::from(seen.id.request)
        | u64::from(seen.status) << 32
        | u64::from(seen.attempts & 0xFF) << 48
        | u64::from(seen.executions) << 56;
    let smaller = seen.outcome.index() as u64
        | (seen.state as u64) << 8
        | u64::from(seen.is_write) << 16
        | u64::from(seen.wrong_service) << 17
        | seen
            .connection
            .map_or(0, |connection| u64::from(connection.index) + 1)
            << 24
        | u64::from(seen.attempts >> 8) << 32;
    sum([
        0,
        0,
        seen.id.session,
        small,
        smaller,
        0,
        seen.born.as_nanos(),
        seen.closed.as_nanos(),
        0,
        0,
        0,
        0,
        seen.parts.network.as_nanos(),
        seen.parts.waiting.as_nanos(),
        seen.parts.service.as_nanos(),
        seen.parts.store.as_nanos(),
        seen.parts.stalled.as_nanos(),
    ])
}

/// The word of a session.
pub fn session(seen: &SessionSeen, scope: &Scope) -> u64 {
    let fate = match seen.fate {
        SessionFate::Intact => 0,
        SessionFate::Abandoned => 1,
        SessionFate::Broken(cause) => 2 + cause as u64,
    };
    let checkout = match seen.checkout {
        None => 0,
        Some(Checkout::Done) => 1,
        Some(Checkout::Lost) => 2,
    };
    sum([
        SESSION,
        named(&scope.groups, seen.group),
        seen.session,
        seen.visitor,
        seen.born.as_nanos(),
        seen.ended.as_nanos(),
        u64::from(seen.requests) << 32 | u64::from(seen.failed),
        u64::from(seen.hops),
        u64::from(seen.acknowledged) | fate << 8 | checkout << 16,
    ])
}

/// The word of a change of state.
pub fn change(seen: &Change, scope: &Scope) -> u64 {
    let (kind, who, part) = entity(seen.entity, scope);
    let (what, with, more) = happening(seen.what, scope);
    sum([
        CHANGE,
        seen.at.as_nanos(),
        kind,
        who,
        part,
        what,
        with,
        more,
    ])
}

/// The word of the end of a run.
pub fn end(ended_at: Time) -> u64 {
    sum([END, ended_at.as_nanos()])
}

const REQUEST: u64 = 1;
const SESSION: u64 = 2;
const CHANGE: u64 = 3;
const END: u64 = 4;

/// Kind, name, and part of an entity. The kinds' numbers are for ever.
fn entity(entity: Entity, scope: &Scope) -> (u64, u64, u64) {
    match entity {
        Entity::Fault(id) => (1, named(&scope.faults, id), 0),
        Entity::Host(id) => (2, named(&scope.hosts, id), 0),
        Entity::Replica(id) => (3, named(&scope.replicas, id), 0),
        Entity::Connection(it) => (4, named(&scope.replicas, it.replica), u64::from(it.index)),
        Entity::Tunnel(id) => (5, named(&scope.tunnels, id), 0),
        Entity::Container(id) => (6, named(&scope.containers, id), 0),
        Entity::Store(id) => (7, named(&scope.stores, id), 0),
        Entity::Metro(id) => (8, metro(id), 0),
        Entity::DataCentre(at) => (9, data_centre(at), 0),
        Entity::Record(id) => (10, named(&scope.records, id), 0),
        Entity::Pool(id) => (11, named(&scope.pools, id), 0),
        Entity::Endpoint(id) => (12, named(&scope.endpoints, id), 0),
        Entity::Group(id) => (13, named(&scope.groups, id), 0),
        Entity::Provider => (14, 0, 0),
    }
}

/// Kind and details of what happened. The kinds' numbers are for ever.
fn happening(what: Happening, scope: &Scope) -> (u64, u64, u64) {
    match what {
        Happening::Strikes => (1, 0, 0),
        Happening::Clears => (2, 0, 0),
        Happening::Up => (3, 0, 0),
        Happening::Down => (4, 0, 0),
        Happening::LineUp => (5, 0, 0),
        Happening::LineDown => (6, 0, 0),
        Happening::Hangs => (7, 0, 0),
        Happening::Slow(thousandths) => (8, u64::from(thousandths), 0),
        Happening::Drains => (9, 0, 0),
        Happening::Starts { connector } => (10, connector, 0),
        Happening::Registers { at, http2 } => (11, data_centre(at), u64::from(http2)),
        Happening::Refused => (12, 0, 0),
        Happening::Severed { by } => (13, named(&scope.faults, by), 0),
        Happening::EdgeCloses { noticed } => (14, u64::from(noticed), 0),
        Happening::ConnectorCloses => (15, 0, 0),
        Happening::Listed => (16, 0, 0),
        Happening::Withdrawn => (17, 0, 0),
        Happening::Dials { http2 } => (18, u64::from(http2), 0),
        Happening::Status(status) => (19, status as u64, 0),
        Happening::Alert { healthy } => (20, u64::from(healthy), 0),
        Happening::Health { healthy } => (21, u64::from(healthy), 0),
        Happening::Configured { version } => (22, u64::from(version), 0),
        Happening::RecordCreated => (23, 0, 0),
        Happening::RecordRefused => (24, 0, 0),
        Happening::RecordReplaced => (25, 0, 0),
        Happening::Moves { to } => (26, metro(to), 0),
        Happening::Deployed { version } => (27, u64::from(version), 0),
        Happening::Promoted => (28, 0, 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::time::Span;
    use crate::measure::testing;
    use crate::world::ids::*;

    #[test]
    fn an_entity_that_nobody_uses_changes_no_word() {
        let scope = testing::scope();
        let mut wider = scope.clone();
        wider.replicas.insert(0, wider.tunnels[0].clone());
        wider.of_replica.insert(0, wider.of_replica[0]);
        let seen = testing::through(testing::request(Time::ZERO, Span::from_millis(3)), 0, 1);
        let moved = RequestSeen {
            container: seen.container,
            ..testing::through(seen, 1, 1)
        };
        assert_eq!(request(&seen, &scope), request(&moved, &wider));
        assert_ne!(request(&seen, &scope), request(&moved, &scope));
    }

    #[test]
    fn every_field_of_a_request_counts() {
        let scope = testing::scope();
        let seen = testing::request(Time::from_nanos(5), Span::from_millis(3));
        let variants = [
            RequestSeen {
                is_write: true,
                ..seen
            },
            RequestSeen {
                wrong_service: true,
                ..seen
            },
            RequestSeen {
                attempts: 2,
                ..seen
            },
            RequestSeen {
                executions: 2,
                ..seen
            },
            RequestSeen {
                status: 201,
                ..seen
            },
            RequestSeen {
                container: Some(ContainerId(1)),
                ..seen
            },
            RequestSeen {
                hostname: HostnameId(1),
                ..seen
            },
            RequestSeen {
                born: Time::from_nanos(6),
                ..seen
            },
            RequestSeen {
                state: crate::measure::observation::StateFound::Stale,
                ..seen
            },
        ];
        let mut words: Vec<u64> = variants.iter().map(|seen| request(seen, &scope)).collect();
        words.push(request(&seen, &scope));
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), variants.len() + 1);
    }
}
