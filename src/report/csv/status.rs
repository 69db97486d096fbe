//! What an operator would have seen in the first run, change by change.

use super::{Csv, each};
use crate::measure::observation::{Entity, Happening};
use crate::measure::scope::{Named, Scope};
use crate::report::input::ScenarioReport;
use crate::report::wording::seconds;
use crate::world::ids::Position;

/// status.csv: the changes of the first run of each variant, in order of time.
pub fn status(report: &ScenarioReport) -> Csv {
    let mut csv = Csv::new(["variant", "at_s", "kind", "name", "event", "detail"]);
    for (variant, runs) in each(report) {
        for change in &runs.first.status.changes {
            let (kind, name) = entity(change.entity, &runs.first.scope);
            let (event, detail) = happening(change.what, &runs.first.scope);
            csv.row([
                variant,
                &seconds(change.at.as_nanos()),
                kind,
                &name,
                event,
                &detail,
            ]);
        }
    }
    csv
}

/// The kind and the name of an entity.
fn entity(entity: Entity, scope: &Scope) -> (&'static str, String) {
    let of = |names: &[Named], index: usize| {
        names
            .get(index)
            .map_or_else(|| index.to_string(), |it| it.name.clone())
    };
    match entity {
        Entity::Fault(id) => ("fault", of(&scope.faults, id.index())),
        Entity::Host(id) => ("host", of(&scope.hosts, id.index())),
        Entity::Replica(id) => ("replica", of(&scope.replicas, id.index())),
        Entity::Connection(it) => (
            "connection",
            format!("{}/{}", of(&scope.replicas, it.replica.index()), it.index),
        ),
        Entity::Tunnel(id) => ("tunnel", of(&scope.tunnels, id.index())),
        Entity::Container(id) => ("container", of(&scope.containers, id.index())),
        Entity::Store(id) => ("store", of(&scope.stores, id.index())),
        Entity::Metro(id) => ("metro", Scope::metro_code(id).to_owned()),
        Entity::DataCentre(it) => ("data-centre", it.to_string()),
        Entity::Record(id) => ("record", of(&scope.records, id.index())),
        Entity::Pool(id) => ("pool", of(&scope.pools, id.index())),
        Entity::Endpoint(id) => ("endpoint", of(&scope.endpoints, id.index())),
        Entity::Group(id) => ("group", of(&scope.groups, id.index())),
        Entity::Provider => ("provider", String::new()),
    }
}

/// What happened, and a detail of it.
fn happening(what: Happening, scope: &Scope) -> (&'static str, String) {
    let protocol = |http2| if http2 { "http2" } else { "quic" };
    let plain = |word| (word, String::new());
    let health = |healthy: bool| if healthy { "healthy" } else { "unhealthy" };
    match what {
        Happening::Strikes => plain("strikes"),
        Happening::Clears => plain("clears"),
        Happening::Up => plain("up"),
        Happening::Down => plain("down"),
        Happening::LineUp => plain("line-up"),
        Happening::LineDown => plain("line-down"),
        Happening::Hangs => plain("hangs"),
        Happening::Slow(thousandths) => ("slow", format!("{thousandths}/1000")),
        Happening::Drains => plain("drains"),
        Happening::Starts { connector } => ("starts", format!("connector {connector:016x}")),
        Happening::Registers { at, http2 } => ("registers", format!("{at} {}", protocol(http2))),
        Happening::Refused => plain("refused"),
        Happening::Severed { by } => (
            "severed",
            scope
                .faults
                .get(by.index())
                .map(|it| it.name.clone())
                .unwrap_or_default(),
        ),
        Happening::EdgeCloses { noticed } => (
            "edge-closes",
            if noticed { "silence" } else { "told" }.to_owned(),
        ),
        Happening::ConnectorCloses => plain("connector-closes"),
        Happening::Listed => plain("listed"),
        Happening::Withdrawn => plain("withdrawn"),
        Happening::Dials { http2 } => ("dials", protocol(http2).to_owned()),
        Happening::Status(status) => ("status", status.name().to_owned()),
        Happening::Alert { healthy } => ("alert", health(healthy).to_owned()),
        Happening::Health { healthy } => ("health", health(healthy).to_owned()),
        Happening::Configured { version } => ("configured", format!("version {version}")),
        Happening::RecordCreated => plain("record-created"),
        Happening::RecordRefused => ("record-refused", "code 1003".to_owned()),
        Happening::RecordReplaced => plain("record-replaced"),
        Happening::Moves { to } => ("moves", Scope::metro_code(to).to_owned()),
        Happening::Deployed { version } => ("deployed", format!("version {version}")),
        Happening::Promoted => plain("promoted"),
    }
}
