//! Small worlds with constant times, whose course is worked out by hand beside them. More of them, where the engine's
//! own types say it shorter, are in `src/simulation/tests.rs`.
//!
//! One way takes 5.75 ms from the client to the edge, 0.25 ms within the metro, 2 ms down to the host; a service takes
//! 7 ms. So an undisturbed request reaches its data centre after 6 ms, its container after 8 ms, and is answered after
//! 8 + 7 + 8 = 23 ms; from the entry edge on it takes 17.25 ms. Each replica has one connection, whose pings pass at
//! whole seconds.

use tunnelsim::measure::observation::{
    Observation, RequestSeen, SessionFate, SessionSeen, StateFound,
};
use tunnelsim::measure::outcome::{Cause, Outcome};
use tunnelsim::simulation::RunKey;

use crate::suite::{Group, Log};
use crate::worlds::{observe, read};

pub const GROUPS: &[Group] = &[
    (
        "two_requests_of_one_instant_are_served_in_their_order",
        same_instant,
    ),
    (
        "a_request_that_comes_when_a_service_ends_does_not_wait",
        service_ends_at_an_arrival,
    ),
    ("a_failure_between_sending_and_arrival", fails_on_the_way),
    ("a_failure_while_in_service", fails_in_service),
    (
        "a_crash_while_in_service_is_answered_at_once",
        crashes_in_service,
    ),
    (
        "a_killed_connector_lets_a_request_be_executed_twice",
        connector_killed_in_service,
    ),
    (
        "a_detection_wins_over_an_arrival_of_the_same_instant",
        detection_at_an_arrival,
    ),
    (
        "a_retry_finds_the_second_replica_dead_too",
        second_replica_dead_too,
    ),
    (
        "the_second_rule_does_not_help_a_replica_without_the_first_service",
        wrong_replica,
    ),
    (
        "a_cart_is_written_and_its_home_is_lost_and_comes_back",
        home_lost_and_back,
    ),
];

/// Two hosts beside Frankfurt, with a replica each; a cut of the power on a host takes as long as a fault says.
const WORLD: &str = "
title: worked out by hand
exact: true
horizon: 90s
edge: {propagation: 500ms}
clients: {visitors: {city: Frankfurt, access: none, entry: FRA, sessions: {trace: it.csv}, state: STATE}}
hosts:
  one: {city: Frankfurt, boot: 1s, containers: {web: {workers: 1, queue: 0, SERVICE}}}
  two: {city: Frankfurt, boot: 1s, containers: {web: {workers: 1, queue: 0, SERVICE}}}
tunnels:
  prod:
    routing: primary-standby
    replicas:
      a: {host: one, connections: 1, edges: [FRA, FRA]}
      b: {host: two, connections: 1, edges: [FRA, FRA]}
    ingress: [{service: 'http://web:80'}]
links:
  - {between: [visitors, FRA], round_trip: 11500us}
  - {between: [one, FRA], round_trip: 4ms}
  - {between: [two, FRA], round_trip: 4ms}
";

/// The course of a world with changes of its text, whose visitors send at these moments; `client@seconds` each.
pub fn course(changes: &[(&str, &str)], visits: &str) -> (Vec<RequestSeen>, Vec<SessionSeen>) {
    let mut text = WORLD.to_owned();
    let defaults = [
        ("STATE", "none"),
        (
            "SERVICE",
            "service_time: 7ms, restart: unless-stopped, start_up: 0s",
        ),
    ];
    for (old, new) in changes.iter().chain(&defaults) {
        text = text.replace(old, new);
    }
    let mut trace = String::from("at_s,client,hostname\n");
    for visit in visits.split_whitespace() {
        let (client, at) = visit.split_once('@').unwrap();
        trace += &format!("{at},{client},app.example.com\n");
    }
    let (mut requests, mut sessions) = (Vec::new(), Vec::new());
    let key = RunKey {
        seed: 1,
        replication: 0,
    };
    observe(&read(&text, &trace), key, |observation| match observation {
        Observation::Request(request) => requests.push(*request),
        Observation::Session(session) => sessions.push(*session),
        Observation::Change(_) => {}
    });
    (requests, sessions)
}

/// How a request must have gone: outcome, latency and time lost in milliseconds, attempts, executions, last replica.
fn assert_went(
    seen: &RequestSeen,
    outcome: Outcome,
    ms: f64,
    lost_ms: f64,
    tries: [u16; 2],
    by: u16,
) {
    assert_eq!(seen.outcome, outcome);
    assert_eq!(seen.latency().as_millis_f64(), ms);
    assert_eq!(seen.parts.stalled.as_millis_f64(), lost_ms);
    assert_eq!([seen.attempts, seen.executions.into()], tries);
    assert_eq!(seen.connection.unwrap().replica.0, by);
}

fn with_fault(fault: &str, visits: &str) -> RequestSeen {
    let faults = format!("faults:\n  - {fault}\nlinks:");
    course(&[("links:", &faults)], visits).0[0]
}

/// Both reach the one worker at 1.008 s. The first in the trace is served until 1.015, the second until 1.022.
fn same_instant(log: &mut Log) {
    let (seen, _) = course(&[("queue: 0", "queue: 1")], "x@1 y@1");
    assert_went(&seen[0], Outcome::Success, 23.0, 0.0, [1, 1], 0);
    assert_went(&seen[1], Outcome::Success, 30.0, 0.0, [1, 1], 0);
    assert_eq!(seen[0].id.session, 0);
    assert_eq!(seen[1].parts.waiting.as_millis_f64(), 7.0);
    // Without a queue the second one is told so at 1.008: back at 1.016.
    let (seen, _) = course(&[], "x@1 y@1");
    assert_went(
        &seen[0],
        Outcome::Failed(Cause::QueueFull),
        16.0,
        2.25,
        [1, 0],
        0,
    );
    log.passed(3, "23, 30 and 16 ms");
}

/// The first is served from 1.008 to 1.015, when the second arrives: the worker is free, there is no queue to need.
fn service_ends_at_an_arrival(log: &mut Log) {
    let (seen, _) = course(&[], "x@1 y@1.007");
    assert_went(&seen[1], Outcome::Success, 23.0, 0.0, [1, 1], 0);
    assert_eq!(seen[1].parts.waiting.as_nanos(), 0);
    // A microsecond earlier it is refused.
    let (seen, _) = course(&[], "x@1 y@1.006999");
    assert_eq!(seen[0].outcome, Outcome::Failed(Cause::QueueFull));
    log.passed(2, "23 ms without a wait; refused one microsecond before");
}

/// Sent down at 20.006, and the power fails at 20.007, before it arrives at 20.008. The edge's clock counts from what
/// it sent: it notices at 25.006; the entry edge knows at 25.00625 and goes to the other replica, which takes 17.25 ms.
/// Lost: from 20.00575 to 25.00625.
fn fails_on_the_way(log: &mut Log) {
    let seen = with_fault("power-cut: {host: one, at: 20007ms}", "x@20");
    assert_went(&seen, Outcome::Success, 5_023.5, 5_000.5, [2, 1], 1);
    log.passed(1, "5,023.5 ms");
}

/// Arrived at 20.008, which is the last exchange; the power fails at 20.010. The edge notices at 25.008, the entry edge
/// knows at 25.00825, and 17.25 ms later there is an answer: 5,025.5 ms. Nothing was executed on the first host.
fn fails_in_service(log: &mut Log) {
    let seen = with_fault("power-cut: {host: one, at: 20010ms}", "x@20");
    assert_went(&seen, Outcome::Success, 5_025.5, 5_002.5, [2, 1], 1);
    log.passed(1, "5,025.5 ms");
}

/// The container dies at 20.010 under the request. The connector lives and says 502 at once: 8 ms to the
/// client, 18 in all; lost are the 4.25 since the entry edge sent it. An answer of a living connector is not retried.
fn crashes_in_service(log: &mut Log) {
    let seen = with_fault("container-crash: {container: one/web, at: 20010ms}", "x@20");
    assert_went(
        &seen,
        Outcome::Failed(Cause::OriginReset),
        18.0,
        4.25,
        [1, 0],
        0,
    );
    assert_eq!(seen.status, 502);
    log.passed(1, "18 ms");
}

/// The process is killed at 20.010; the service ends at 20.015 all the same, and its answer has no way. The edge hears
/// nothing since 20.008 and notices at 25.008; the other replica executes the request a second time.
fn connector_killed_in_service(log: &mut Log) {
    let seen = with_fault("connector-kill: {replica: a, at: 20010ms}", "x@20");
    assert_went(&seen, Outcome::Success, 5_025.5, 5_002.5, [2, 2], 1);
    log.passed(1, "5,025.5 ms, executed twice");
}

/// Power fails at 19.5, so the last ping passed at 19 and silence ends at 24.000. A request that reaches the data centre
/// at that very instant finds it known: it bounces, is back at 24.00025, and has its answer 17.25 ms later. One nanosecond
/// less of detection and it would have waited until 29.
fn detection_at_an_arrival(log: &mut Log) {
    let cut = "power-cut: {host: one, at: 19500ms}";
    let seen = with_fault(cut, "x@23.994");
    assert_went(&seen, Outcome::Success, 23.5, 0.5, [2, 1], 1);
    // A microsecond earlier: sent into the silence at 23.999999, noticed at 28.999999.
    let seen = with_fault(cut, "x@23.993999");
    assert_went(&seen, Outcome::Success, 5_023.5, 5_000.5, [2, 1], 1);
    log.passed(2, "23.5 ms at the instant, 5,023.5 ms a microsecond before");
}

/// Both hosts lose power at 19.5. The first connection is noticed at 25.006, since a request was sent into it; the second
/// one at 24.000, by its last ping.
fn second_replica_dead_too(log: &mut Log) {
    let went = |propagation: &str| {
        let faults = "faults:\n  - power-cut: {host: [one, two], at: 19500ms}\nlinks:";
        let changes = [("links:", faults), ("propagation: 500ms", propagation)];
        course(&changes, "x@20").0[0]
    };
    // Forgotten everywhere at 24.5, the second one is no candidate at 25.00625, but the first is still listed: 502.
    let seen = went("propagation: 500ms");
    assert_went(
        &seen,
        Outcome::Failed(Cause::DeadConnection),
        5_012.0,
        5_000.5,
        [1, 0],
        0,
    );
    // Still listed until 27, it is tried at 25.0065, bounces, and leaves nothing to try at 25.00675.
    let seen = went("propagation: 3s");
    assert_went(
        &seen,
        Outcome::Failed(Cause::DeadConnection),
        5_012.5,
        5_001.0,
        [2, 0],
        1,
    );
    // If edges forget at once the list is empty at 25.007: the tunnel has no connector.
    let seen = went("propagation: 0s");
    assert_went(
        &seen,
        Outcome::Failed(Cause::NoConnector),
        5_012.0,
        5_000.5,
        [1, 0],
        0,
    );
    assert_eq!(seen.status, 530);
    log.passed(3, "5,012 and 5,012.5 ms, 502 or 530");
}

/// Rule 1 names a service that only the first host has. The second replica looks for it for 20 ms and says 502, although
/// rule 2 names one it has: 8 + 20 + 8 ms.
fn wrong_replica(log: &mut Log) {
    let changes = [
        ("primary-standby", "alternating"),
        (
            "two: {city: Frankfurt, boot: 1s, containers: {web",
            "two: {city: Frankfurt, boot: 1s, containers: {other",
        ),
        (
            "{service: 'http://web:80'}",
            "{hostname: app.example.com, service: 'http://web:80'}, {service: 'http://other:80'}",
        ),
    ];
    let (seen, _) = course(&changes, "x@1 y@2 z@3");
    assert_went(&seen[0], Outcome::Success, 23.0, 0.0, [1, 1], 0);
    assert_went(
        &seen[1],
        Outcome::Failed(Cause::NoSuchHost),
        36.0,
        22.25,
        [1, 0],
        1,
    );
    assert_went(&seen[2], Outcome::Success, 23.0, 0.0, [1, 1], 0);
    log.passed(3, "23, 36 and 23 ms");
}

/// Logged in at 10; the first host is without power from 19.5 to 40, boots for 1 s, its agent starts for 1 s and dials
/// for 2 x 4 + 100 ms: registered at 42.108, listed at 42.608. The request of 30 meets the second host, that of 70 the
/// first one again, whose memory is empty and whose disk is not.
fn home_lost_and_back(log: &mut Log) {
    let cut = "faults:\n  - power-cut: {host: one, at: 19500ms, for: 20500ms}\nlinks:";
    for (store, last) in [("memory", StateFound::Missing), ("disk", StateFound::Found)] {
        let service =
            format!("service_time: 7ms, restart: unless-stopped, start_up: 0s, store: {store}");
        let changes = [
            ("STATE", "login"),
            ("SERVICE", service.as_str()),
            ("links:", cut),
        ];
        let (seen, sessions) = course(&changes, "x@10 x@30 x@42.594 y@42.61 x@70");
        let found: Vec<StateFound> = seen
            .iter()
            .filter(|r| r.id.session == 0)
            .map(|r| r.state)
            .collect();
        assert_eq!(
            found,
            [
                StateFound::Fresh,
                StateFound::Missing,
                StateFound::Missing,
                last
            ],
            "{store}"
        );
        let by: Vec<u16> = seen
            .iter()
            .map(|r| r.connection.unwrap().replica.0)
            .collect();
        // Shortly before 42.6 the edge does not know yet, after 42.615 it does.
        assert_eq!(by, [0, 1, 1, 0, 0], "{store}");
        for request in &seen {
            assert_went(
                request,
                Outcome::Success,
                23.0,
                0.0,
                [1, 1],
                request.connection.unwrap().replica.0,
            );
        }
        assert!(
            matches!(sessions[1].fate, SessionFate::Broken(_)),
            "{store}"
        );
        assert_eq!(sessions[1].hops, 2, "{store}");
    }
    log.passed(
        10,
        "memory: fresh, missing, missing, missing; disk: fresh, missing, missing, found",
    );
}
