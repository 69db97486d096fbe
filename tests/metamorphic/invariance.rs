//! What is added beside a world leaves the world as it was, bit for bit; a belief changes who answers, not who asks.

use std::collections::BTreeMap;

use tunnelsim::kernel::time::Time;
use tunnelsim::measure::observation::{
    Change, Entity, Happening, Observation, RequestSeen, SessionSeen,
};
use tunnelsim::measure::recorder::RecorderOptions;
use tunnelsim::measure::scope::{Named, Scope};
use tunnelsim::scenario::Scenario;
use tunnelsim::simulation::{RunKey, Simulation};
use tunnelsim::world::ids::{ConnectionRef, Position};

const WORLD: &str = "
title: Two servers and a power cut
horizon: 90s
seed: 7
clients:
  spain:
    city: Madrid
    hostname: app.example.com
    sessions: 5/s
    requests: {geometric: 4}
    think: {exponential: 1s}
    state: cart
hosts:
  one: {city: Frankfurt, containers: {web: {workers: 2, service_time: {exponential: 20ms}, store: memory}}}
  two: {city: Paris, containers: {web: {workers: 2, service_time: {exponential: 20ms}, store: memory}}}
tunnels:
  prod:
    replicas: {a: {host: one}, b: {host: two}}
    ingress: [{service: 'http://web:80'}]
dns: [{hostname: app.example.com, tunnel: prod}]
faults:
  - power-cut: {host: one, at: 30s, for: 20s}
";

/// Everything a run reports, in the order in which it happened.
#[derive(Default, PartialEq, Debug)]
struct Seen {
    scope: Scope,
    requests: Vec<RequestSeen>,
    sessions: Vec<SessionSeen>,
    changes: Vec<Change>,
    /// Hashes all this in its order, with names in place of positions.
    fingerprint: String,
}

fn run(text: &str) -> Seen {
    replicate(text, 0)
}

fn replicate(text: &str, replication: u64) -> Seen {
    let mut load = |_: &str, _: &str| Err("no other files".to_owned());
    let scenario = Scenario::read("world", text.as_bytes(), &[], &mut load)
        .unwrap_or_else(|problems| panic!("{problems}"));
    let mut seen = Seen {
        scope: Scope::new(&scenario.blueprint, &scenario.faults),
        ..Seen::default()
    };
    let options = RecorderOptions {
        observer: Some(Box::new(|observation: &Observation| match observation {
            Observation::Request(request) => seen.requests.push(*request),
            Observation::Session(session) => seen.sessions.push(*session),
            Observation::Change(change) => seen.changes.push(*change),
        })),
        ..RecorderOptions::default()
    };
    let key = RunKey {
        seed: scenario.seed,
        replication,
    };
    let (run, _) = Simulation::new(&scenario.blueprint, &scenario.faults, key, options)
        .run()
        .unwrap();
    seen.fingerprint = run.fingerprint.to_string();
    seen
}

fn name<I: Position>(names: &[Named], id: I) -> &str {
    &names[id.index()].name
}

fn connection(scope: &Scope, id: ConnectionRef) -> String {
    format!(
        "connection {}/{}",
        name(&scope.replicas, id.replica),
        id.index
    )
}

/// Every field of a request, with names for the positions of entities in the file, which additions may move.
fn courses(seen: &Seen) -> Vec<impl PartialEq + std::fmt::Debug> {
    let scope = &seen.scope;
    let course = |r: &RequestSeen| {
        let whose = (
            name(&scope.groups, r.id.group).to_owned(),
            r.id.session,
            r.id.request,
            name(&scope.hostnames, r.hostname).to_owned(),
        );
        let way = (
            r.entry,
            r.endpoint.map(|id| name(&scope.endpoints, id).to_owned()),
            r.connection.map(|id| connection(scope, id)),
            r.container.map(|id| name(&scope.containers, id).to_owned()),
        );
        let end = (r.outcome, r.status, r.state, r.wrong_service);
        let course = (
            r.born,
            r.closed,
            r.attempts,
            r.parts,
            r.executions,
            r.is_write,
        );
        (whose, way, course, end)
    };
    seen.requests.iter().map(course).collect()
}

/// Every change of an entity in words, those of one moment in the order of their names, without entities whose name
/// contains one of the texts.
fn changes(seen: &Seen, without: &[&str]) -> Vec<(Time, String, String)> {
    let scope = &seen.scope;
    let entity = |entity: Entity| match entity {
        Entity::Fault(id) => format!("fault {}", name(&scope.faults, id)),
        Entity::Host(id) => format!("host {}", name(&scope.hosts, id)),
        Entity::Replica(id) => format!("replica {}", name(&scope.replicas, id)),
        Entity::Connection(id) => connection(scope, id),
        Entity::Tunnel(id) => format!("tunnel {}", name(&scope.tunnels, id)),
        Entity::Container(id) => format!("container {}", name(&scope.containers, id)),
        Entity::Store(id) => format!("store {}", name(&scope.stores, id)),
        Entity::Record(id) => format!("record {}", name(&scope.records, id)),
        Entity::Pool(id) => format!("pool {}", name(&scope.pools, id)),
        Entity::Endpoint(id) => format!("endpoint {}", name(&scope.endpoints, id)),
        Entity::Group(id) => format!("group {}", name(&scope.groups, id)),
        Entity::Metro(_) | Entity::DataCentre(_) | Entity::Provider => format!("{entity:?}"),
    };
    let what = |what: Happening| match what {
        Happening::Severed { by } => format!("severed by {}", name(&scope.faults, by)),
        other => format!("{other:?}"),
    };
    let in_words = seen.changes.iter();
    let mut in_words: Vec<(Time, String, String)> = in_words
        .map(|change| (change.at, entity(change.entity), what(change.what)))
        .filter(|(_, name, _)| !without.iter().any(|text| name.contains(text)))
        .collect();
    in_words.sort();
    in_words
}

/// Asserts that two runs reported the same, apart from changes of what was added.
fn assert_same(one: &Seen, other: &Seen, added: &[&str]) {
    assert!(courses(one) == courses(other), "the requests differ");
    assert!(one.sessions == other.sessions, "the sessions differ");
    let (here, there) = (changes(one, added), changes(other, added));
    assert!(here.len() > 20, "only {} changes", here.len());
    for (here, there) in here.iter().zip(&there) {
        assert_eq!(here, there);
    }
    assert_eq!(here.len(), there.len());
}

#[test]
fn an_unused_tunnel_changes_no_record() {
    let more = WORLD.replace(
        "tunnels:\n",
        "tunnels:\n  spare:\n    replicas: {z: {host: one}}\n    ingress: [{service: http_status:204}]\n",
    );
    assert_ne!(more, WORLD);
    assert_same(&run(WORLD), &run(&more), &["spare"]);
}

#[test]
fn a_fault_on_an_unused_host_changes_no_record() {
    let more = WORLD
        .replace("hosts:\n", "hosts:\n  aside: {city: Lisbon}\n")
        .replace(
            "faults:\n",
            "faults:\n  - line-cut: {host: aside, at: 10s, for: 60s}\n",
        );
    assert_same(&run(WORLD), &run(&more), &["aside"]);
}

#[test]
fn a_replica_that_nobody_reaches_changes_no_record() {
    // Under `closest` a replica in Sydney is never chosen for Madrid while Europe has one.
    let more = WORLD
        .replace(
            "hosts:\n",
            "hosts:\n  far: {city: Sydney, containers: {web: {store: memory}}}\n",
        )
        .replace("b: {host: two}", "b: {host: two}, c: {host: far}");
    // The tunnel's status counts the connections of all replicas, so it is the replica's too.
    let added = ["far", "prod/c", "tunnel prod"];
    assert_same(&run(WORLD), &run(&more), &added);
}

#[test]
fn a_belief_changes_who_answers_and_not_who_asks() {
    // Births of first requests, numbers of requests, and demands are the same under every belief.
    let asked = |belief: &str| {
        let text = WORLD.replace(
            "    replicas:",
            &format!("    routing: {belief}\n    replicas:"),
        );
        let seen = run(&text);
        let mut sessions: BTreeMap<u64, (u64, u32)> = BTreeMap::new();
        for session in &seen.sessions {
            sessions.insert(session.session, (session.born.as_nanos(), session.requests));
        }
        let mut demands: BTreeMap<(u64, u32), u64> = BTreeMap::new();
        for request in seen.requests.iter().filter(|r| r.outcome.is_success()) {
            demands.insert(
                (request.id.session, request.id.request),
                request.parts.service.as_nanos(),
            );
        }
        (sessions, demands)
    };
    let (sessions, demands) = asked("closest");
    assert!(sessions.len() > 300);
    for belief in ["fastest", "any", "alternating", "primary-standby"] {
        let (others, other_demands) = asked(belief);
        assert_eq!(sessions, others, "{belief}");
        let mut compared = 0;
        for (request, demand) in &other_demands {
            if let Some(same) = demands.get(request) {
                assert_eq!(same, demand, "{belief}: {request:?}");
                compared += 1;
            }
        }
        assert!(
            compared > 500,
            "{belief}: only {compared} requests were answered under both"
        );
    }
}

#[test]
fn the_order_of_entities_in_the_file_changes_no_record() {
    let one = "  one: {city: Frankfurt, containers: {web: {workers: 2, service_time: {exponential: 20ms}, store: memory}}}\n";
    let two = "  two: {city: Paris, containers: {web: {workers: 2, service_time: {exponential: 20ms}, store: memory}}}\n";
    let swapped = WORLD
        .replace(&format!("{one}{two}"), &format!("{two}{one}"))
        .replace(
            "{a: {host: one}, b: {host: two}}",
            "{b: {host: two}, a: {host: one}}",
        );
    assert_ne!(swapped, WORLD);
    let (declared, swapped) = (run(WORLD), run(&swapped));
    assert_same(&declared, &swapped, &[]);
    assert_eq!(declared.fingerprint, swapped.fingerprint);
}

#[test]
fn the_same_seed_gives_the_same_records_and_another_seed_or_replication_others() {
    assert_same(&run(WORLD), &run(WORLD), &[]);
    let births = |seen: Seen| -> Vec<Time> { seen.requests.iter().map(|r| r.born).collect() };
    let others = [
        run(&WORLD.replace("seed: 7", "seed: 8")),
        replicate(WORLD, 1),
        replicate(WORLD, 2),
    ];
    let mut all = vec![births(run(WORLD))];
    for other in others {
        let other = births(other);
        assert!(!all.contains(&other), "the same requests once more");
        all.push(other);
    }
}

#[test]
fn visitors_of_different_groups_are_different_people_on_a_shared_dashboard() {
    let text = WORLD
        .replace("    state: cart\n", "    visitors: 3\n  france: {city: Paris, hostname: app.example.com, sessions: 5/s, visitors: 4}\n")
        .replace("store: memory", "store: disk, holds: visits");
    let mut load = |_: &str, _: &str| Err("no other files".to_owned());
    let scenario = Scenario::read("world", text.as_bytes(), &[], &mut load)
        .unwrap_or_else(|problems| panic!("{problems}"));
    let key = RunKey {
        seed: 7,
        replication: 0,
    };
    let options = RecorderOptions::default();
    let simulation = Simulation::new(&scenario.blueprint, &scenario.faults, key, options);
    let (run, _) = simulation.run().unwrap();
    assert_eq!(run.finals.divergences[0].visitors, 7);
}
