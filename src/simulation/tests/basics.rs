//! The way of a request, and the plainest failures.

use super::*;
use crate::measure::outcome::{Cause, Outcome};

#[test]
fn a_request_takes_its_legs_and_its_service() {
    // 5 to the edge, 1 over the backbone, 2 down, 7 of service, 2 up, 1 back, 5 out: 23 ms.
    let seen = requests(&world(), &[]);
    assert_eq!(seen.len(), 2);
    assert_eq!(ms(seen[0].latency()), 23.0);
    assert_eq!(ms(seen[0].parts.service), 7.0);
    assert_eq!(ms(seen[0].parts.network), 16.0);
    assert_eq!(seen[0].outcome, Outcome::Success);
    assert_eq!(seen[0].connection.unwrap().replica, ReplicaId(0));
}

#[test]
fn a_get_into_a_dead_host_waits_for_the_edge_to_notice_and_moves_on() {
    // Power fails at 19.5 s. The last exchange was the request at 1.015 s (its answer left then); pings follow
    // every second, the last one at 19.015 s. The request is sent into the silence at 20.006 s (5 + 1 ms after
    // 20 s), which re-sets the edge's clock: expiry at 25.006 s. The failure takes 1 ms back to the entry edge;
    // the next connection of the same dead replica has its own clock, ended at 24.015 s, so it is closed there
    // and withdrawn at 24.515 s: at 25.007 s only the second replica is listed: 1 + 2 + 7 + 2 + 1 + 5 = 18 ms.
    let faults = [fault(19_500, Effect::HostPower(HostId(0), false), None)];
    let seen = requests(&world(), &faults);
    let late = seen[1];
    assert_eq!(late.outcome, Outcome::Success);
    assert_eq!(late.attempts, 2);
    assert_eq!(ms(late.latency()), 5_007.0 + 18.0);
    assert_eq!(late.connection.unwrap().replica, ReplicaId(1));
    assert_eq!(ms(late.parts.stalled), 5_002.0);
}

#[test]
fn a_post_into_a_dead_host_fails_when_the_edge_notices() {
    let mut plan = world();
    plan.groups[GroupId(0)].writes_share = 1.0;
    let faults = [fault(19_500, Effect::HostPower(HostId(0), false), None)];
    let late = requests(&plan, &faults)[1];
    assert_eq!(late.outcome, Outcome::Failed(Cause::DeadConnection));
    assert_eq!(late.status, 502);
    assert_eq!(ms(late.latency()), 5_012.0);
}

#[test]
fn a_line_cut_of_three_seconds_is_noticed_by_nobody() {
    // Cut at 19.5 s, whole at 22.5 s. The request waits at the data centre from 20.006 s; it goes down at 22.5 s:
    // 2 + 7 + 2 + 1 + 5 = 17 ms later the client has its answer.
    let cut = Effect::HostLine(HostId(0), false);
    let whole = Effect::HostLine(HostId(0), true);
    let late = requests(&world(), &[fault(19_500, cut, Some((3_000, whole)))])[1];
    assert_eq!(late.outcome, Outcome::Success);
    assert_eq!(late.attempts, 1);
    assert_eq!(ms(late.latency()), 2_517.0);
    assert_eq!(ms(late.parts.stalled), 2_494.0);
}

#[test]
fn a_stopped_container_behind_a_healthy_connector_is_a_502_in_milliseconds() {
    let faults = [fault(10_000, Effect::ContainerStop(ContainerId(0)), None)];
    let late = requests(&world(), &faults)[1];
    assert_eq!(late.outcome, Outcome::Failed(Cause::NoSuchHost));
    assert_eq!(late.attempts, 1);
    assert_eq!(ms(late.latency()), 16.0 + 20.0);
}

#[test]
fn a_hung_container_is_a_524_after_the_edges_time_out() {
    let faults = [fault(
        10_000,
        Effect::ContainerHang(ContainerId(0), true),
        None,
    )];
    let late = requests(&world(), &faults)[1];
    assert_eq!(late.outcome, Outcome::Failed(Cause::OriginHung));
    assert_eq!(ms(late.latency()), 120_010.0);
}

#[test]
fn an_answer_exactly_at_its_deadline_is_a_success() {
    // The client has its answer after 23 ms; the entry edge, which sent the attempt after 5 ms, has it 13 ms later.
    let outcome = |patience: Span, attempt_deadline: Span| {
        let mut plan = world();
        plan.groups[GroupId(0)].patience = patience;
        plan.settings.attempt_deadline = attempt_deadline;
        requests(&plan, &[])[0].outcome
    };
    let (whole, way) = (Span::from_millis(23), Span::from_millis(13));
    let less = |span| span - Span::from_nanos(1);
    assert_eq!(outcome(whole, way), Outcome::Success);
    let gave_up = Outcome::Failed(Cause::ClientGaveUp);
    assert_eq!(outcome(less(whole), way), gave_up);
    let timed_out = Outcome::Failed(Cause::OriginHung);
    assert_eq!(outcome(whole, less(way)), timed_out);
}
