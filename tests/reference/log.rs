//! The observation log of the engine, in the canonical form in which the two simulators are compared.
//!
//! A record is a line of text with names in place of ids. Records of one instant are sorted by their text: what the
//! engine does within one instant, it may do in any order that leads to the same records.

use tunnelsim::kernel::time::Time;
use tunnelsim::measure::observation::*;
use tunnelsim::measure::recorder::RecorderOptions;
use tunnelsim::measure::scope::{Named, Scope};
use tunnelsim::scenario::Scenario;
use tunnelsim::simulation::{RunKey, Simulation};
use tunnelsim::world::ids::{ConnectionRef, Position};

/// When something was recorded (nanoseconds), and what.
pub type Record = (u64, String);

/// Everything the engine records in the first run of a scenario.
pub fn of_engine(scenario: &Scenario) -> Vec<Record> {
    let scope = Scope::new(&scenario.blueprint, &scenario.faults);
    let mut log = Vec::new();
    let options = RecorderOptions {
        observer: Some(Box::new(|seen: &Observation| {
            log.push(record(seen, &scope))
        })),
        ..RecorderOptions::default()
    };
    let key = RunKey {
        seed: scenario.seed,
        replication: 0,
    };
    Simulation::new(&scenario.blueprint, &scenario.faults, key, options)
        .run()
        .unwrap();
    log.sort();
    log
}

fn record(seen: &Observation, scope: &Scope) -> Record {
    match seen {
        Observation::Request(it) => (it.closed.as_nanos(), request(it, scope)),
        Observation::Session(it) => (it.ended.as_nanos(), session(it, scope)),
        Observation::Change(it) => (nanos(it.at), change(it, scope)),
    }
}

fn nanos(time: Time) -> u64 {
    time.as_nanos()
}

fn name(list: &[Named], id: impl Position) -> &str {
    &list[id.index()].name
}

fn connection(id: ConnectionRef, scope: &Scope) -> String {
    format!("{}/{}", name(&scope.replicas, id.replica), id.index)
}

fn request(it: &RequestSeen, scope: &Scope) -> String {
    let connection = it.connection.map(|id| connection(id, scope));
    let container = it.container.map(|id| name(&scope.containers, id));
    let parts = it.parts;
    format!(
        "request {}/{}/{}: {} {} to {} by {} over {} at {}, {} attempts, {} {}, network {} waiting {} service {} \
         store {} stalled {}, {:?}, wrong {}, executed {}",
        name(&scope.groups, it.id.group),
        it.id.session,
        it.id.request,
        nanos(it.born),
        if it.is_write { "POST" } else { "GET" },
        name(&scope.hostnames, it.hostname),
        it.entry,
        connection.as_deref().unwrap_or("-"),
        container.unwrap_or("-"),
        it.attempts,
        it.outcome.name(),
        it.status,
        parts.network.as_nanos(),
        parts.waiting.as_nanos(),
        parts.service.as_nanos(),
        parts.store.as_nanos(),
        parts.stalled.as_nanos(),
        it.state,
        it.wrong_service,
        it.executions,
    )
}

fn session(it: &SessionSeen, scope: &Scope) -> String {
    format!(
        "session {}/{}: {} visitor {}, {} requests, {} failed, {} hops, acknowledged {}, {:?}, checkout {:?}",
        name(&scope.groups, it.group),
        it.session,
        nanos(it.born),
        it.visitor,
        it.requests,
        it.failed,
        it.hops,
        it.acknowledged,
        it.fate,
        it.checkout,
    )
}

fn change(it: &Change, scope: &Scope) -> String {
    let entity = match it.entity {
        Entity::Fault(id) => name(&scope.faults, id).to_owned(),
        Entity::Host(id) => name(&scope.hosts, id).to_owned(),
        Entity::Replica(id) => name(&scope.replicas, id).to_owned(),
        Entity::Connection(id) => connection(id, scope),
        Entity::Tunnel(id) => name(&scope.tunnels, id).to_owned(),
        Entity::Container(id) => name(&scope.containers, id).to_owned(),
        Entity::Store(id) => name(&scope.stores, id).to_owned(),
        Entity::Record(id) => name(&scope.records, id).to_owned(),
        other => format!("{other:?}"),
    };
    let what = match it.what {
        Happening::Severed { by } => format!("Severed by {}", name(&scope.faults, by)),
        Happening::Registers { at, http2 } => format!("Registers {at} http2: {http2}"),
        other => format!("{other:?}"),
    };
    format!("{entity}: {what}")
}
