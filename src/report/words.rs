//! Facts in words: entities by their names, happenings by short words and details; the same in every output.

use crate::measure::observation::{
    Checkout, Entity, Happening, RequestId, SessionFate, StateFound,
};
use crate::measure::scope::Scope;
use crate::world::ids::{ConnectionRef, Position};
use crate::world::store::BreakCause;

/// What kind of thing an entity is, and its name.
pub fn entity(entity: Entity, scope: &Scope) -> (&'static str, String) {
    let named = |names: &[crate::measure::scope::Named], index: usize| names[index].name.clone();
    match entity {
        Entity::Fault(id) => ("fault", named(&scope.faults, id.index())),
        Entity::Host(id) => ("host", named(&scope.hosts, id.index())),
        Entity::Replica(id) => ("replica", named(&scope.replicas, id.index())),
        Entity::Connection(id) => ("connection", connection(id, scope)),
        Entity::Tunnel(id) => ("tunnel", named(&scope.tunnels, id.index())),
        Entity::Container(id) => ("container", named(&scope.containers, id.index())),
        Entity::Store(id) => ("store", named(&scope.stores, id.index())),
        Entity::Metro(id) => ("metro", id.to_string()),
        Entity::DataCentre(centre) => ("data-centre", centre.to_string()),
        Entity::Record(id) => ("record", named(&scope.records, id.index())),
        Entity::Pool(id) => ("pool", named(&scope.pools, id.index())),
        Entity::Endpoint(id) => ("endpoint", named(&scope.endpoints, id.index())),
        Entity::Group(id) => ("group", named(&scope.groups, id.index())),
        Entity::Provider => ("provider", "provider".to_owned()),
    }
}

/// A connection's name: `prod/a/0`.
pub fn connection(id: ConnectionRef, scope: &Scope) -> String {
    format!("{}/{}", scope.replicas[id.replica.index()].name, id.index)
}

/// A request's name: `spain/12/0`.
pub fn request(id: RequestId, scope: &Scope) -> String {
    format!(
        "{}/{}/{}",
        scope.groups[id.group.index()].name,
        id.session,
        id.request
    )
}

/// What happened, as one word and its detail.
pub fn happening(what: Happening, scope: &Scope) -> (&'static str, Option<String>) {
    let transport = |http2| if http2 { "http2" } else { "quic" };
    let health = |healthy| Some(if healthy { "healthy" } else { "unhealthy" }.to_owned());
    match what {
        Happening::Strikes => ("strikes", None),
        Happening::Clears => ("clears", None),
        Happening::Up => ("up", None),
        Happening::Down => ("down", None),
        Happening::LineUp => ("line-up", None),
        Happening::LineDown => ("line-down", None),
        Happening::Hangs => ("hangs", None),
        Happening::Slow(thousandths) => ("slow", Some(format!("{thousandths}/1000"))),
        Happening::Drains => ("drains", None),
        Happening::Starts { connector } => ("starts", Some(format!("connector {connector:016x}"))),
        Happening::Registers { at, http2 } => {
            ("registers", Some(format!("{at} {}", transport(http2))))
        }
        Happening::Refused => ("refused", None),
        Happening::Severed { by } => ("severed", Some(scope.faults[by.index()].name.clone())),
        Happening::EdgeCloses { noticed } => {
            let why = if noticed { "silence" } else { "told" };
            ("edge-closes", Some(why.to_owned()))
        }
        Happening::ConnectorCloses => ("connector-closes", None),
        Happening::Listed => ("listed", None),
        Happening::Withdrawn => ("withdrawn", None),
        Happening::Dials { http2 } => ("dials", Some(transport(http2).to_owned())),
        Happening::Status(status) => ("status", Some(status.name().to_owned())),
        Happening::Alert { healthy } => ("alert", health(healthy)),
        Happening::Health { healthy } => ("health", health(healthy)),
        Happening::Configured { version } => ("configured", Some(format!("version {version}"))),
        Happening::RecordCreated => ("record-created", None),
        Happening::RecordRefused => ("record-refused", Some("code 1003".to_owned())),
        Happening::RecordReplaced => ("record-replaced", None),
        Happening::Moves { to } => ("moves", Some(to.to_string())),
        Happening::Deployed { version } => ("deployed", Some(format!("version {version}"))),
        Happening::Promoted => ("promoted", None),
    }
}

/// What a request found of its state.
pub fn state(found: StateFound) -> &'static str {
    match found {
        StateFound::NotAsked => "not-asked",
        StateFound::Fresh => "fresh",
        StateFound::Found => "found",
        StateFound::Stale => "stale",
        StateFound::Missing => "missing",
    }
}

/// What became of a session, and why.
pub fn fate(fate: SessionFate) -> (&'static str, Option<&'static str>) {
    match fate {
        SessionFate::Intact => ("intact", None),
        SessionFate::Broken(cause) => ("broken", Some(break_cause(cause))),
        SessionFate::Abandoned => ("abandoned", None),
    }
}

/// Why a session's state was lost.
pub fn break_cause(cause: BreakCause) -> &'static str {
    match cause {
        BreakCause::ReplicaSwitch => "replica-switch",
        BreakCause::StoreLost => "store-lost",
        BreakCause::StaleCopy => "stale-copy",
    }
}

/// What became of a cart's last request.
pub fn checkout(checkout: Checkout) -> &'static str {
    match checkout {
        Checkout::Done => "done",
        Checkout::Lost => "lost",
    }
}
