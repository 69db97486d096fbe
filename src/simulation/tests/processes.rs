//! What ends processes, and what brings them back.

use super::*;

const A: ReplicaId = ReplicaId(0);
const WEB: Entity = Entity::Container(ContainerId(0));

fn starts(plan: &Blueprint, faults: &[FaultPlan], replica: ReplicaId) -> Vec<u64> {
    let is_start = |what| matches!(what, Happening::Starts { .. });
    moments(&changes(plan, faults), Entity::Replica(replica), is_start)
}

fn listens(plan: &Blueprint, faults: &[FaultPlan]) -> Vec<u64> {
    moments(&changes(plan, faults), WEB, |what| what == Happening::Up)
}

#[test]
fn a_replica_that_was_restarted_by_hand_comes_back_after_a_later_failure() {
    // The restart drains for 30 s, so the second process starts at 35 s; killed at 40 s, Docker waits 100 ms.
    let faults = [
        fault(5_000, Effect::ConnectorRestart(A), None),
        fault(40_000, Effect::ConnectorKill(A), None),
    ];
    assert_eq!(starts(&world(), &faults, A), [0, 35_000, 40_100]);
}

#[test]
fn power_that_fails_while_a_restart_drains_does_not_keep_the_replica_down() {
    let off = Effect::HostPower(HostId(0), false);
    let on = Effect::HostPower(HostId(0), true);
    let faults = [
        fault(5_000, Effect::ConnectorRestart(A), None),
        fault(10_000, off, Some((5_000, on))),
    ];
    assert_eq!(starts(&world(), &faults, A), [0, 45_000]);
}

#[test]
fn a_replica_that_is_started_while_it_drains_starts_when_it_has_exited() {
    let stop = Effect::ConnectorStop(A);
    let start = Effect::ConnectorStart(A);
    let faults = [fault(5_000, stop, Some((2_000, start)))];
    assert_eq!(starts(&world(), &faults, A), [0, 35_000]);
}

#[test]
fn a_container_stopped_by_hand_while_it_waits_for_its_restart_stays_down() {
    let faults = [
        fault(5_000, Effect::ContainerCrash(ContainerId(0)), None),
        fault(5_050, Effect::ContainerStop(ContainerId(0)), None),
    ];
    assert!(listens(&world(), &faults).is_empty());
}

#[test]
fn a_replica_stopped_by_hand_while_it_waits_for_its_restart_stays_down() {
    let faults = [
        fault(5_000, Effect::ConnectorKill(A), None),
        fault(5_050, Effect::ConnectorStop(A), None),
    ];
    assert_eq!(starts(&world(), &faults, A), [0]);
}

#[test]
fn a_start_that_was_due_when_power_failed_does_not_come_with_the_boot_under_on_failure() {
    let mut plan = world();
    plan.containers[ContainerId(0)].restart = RestartPolicy::OnFailure { max: None };
    plan.hosts[HostId(0)].boot = Distribution::Constant(Span::from_millis(10));
    let off = Effect::HostPower(HostId(0), false);
    let on = Effect::HostPower(HostId(0), true);
    let faults = [
        fault(5_000, Effect::ContainerCrash(ContainerId(0)), None),
        fault(5_050, off, Some((20, on))),
    ];
    assert!(listens(&plan, &faults).is_empty());
}

#[test]
fn a_crash_loop_that_has_cleared_kills_no_more() {
    let run = Some(Span::from_secs(20));
    let begin = Effect::ContainerCrashLoop(ContainerId(0), run);
    let end = Effect::ContainerCrashLoop(ContainerId(0), None);
    let faults = [fault(5_000, begin, Some((10_000, end)))];
    assert_eq!(listens(&world(), &faults), [5_100]);
}

#[test]
fn a_start_by_hand_brings_the_restart_delay_back_to_its_start() {
    let crash = |at| fault(at, Effect::ContainerCrash(ContainerId(0)), None);
    let faults = [
        crash(5_000),
        crash(6_000),
        fault(7_000, Effect::ContainerStop(ContainerId(0)), None),
        fault(8_000, Effect::ContainerStart(ContainerId(0)), None),
        crash(9_000),
    ];
    assert_eq!(listens(&world(), &faults), [5_100, 6_200, 8_000, 9_100]);
}

#[test]
fn what_was_stopped_by_hand_stays_down_through_a_stop_of_its_host() {
    let stop = Effect::HostShutdown(HostId(0));
    let on = Effect::HostPower(HostId(0), true);
    let mut plan = world();
    plan.horizon = Span::from_secs(200);
    let faults = [
        fault(2_000, Effect::ConnectorStop(A), None),
        fault(40_000, stop, Some((60_000, on))),
    ];
    assert_eq!(starts(&plan, &faults, A), [0]);
}

#[test]
fn a_replica_with_a_short_drain_does_not_serve_again_while_its_host_stops() {
    // The second tunnel's replica drains for 30 s, the first one's for 10 s.
    let mut plan = world();
    plan.horizon = Span::from_secs(200);
    plan.replicas[A].stop_grace = Span::from_secs(10);
    let mut other = plan.replicas[A].clone();
    other.name = "other".to_owned();
    other.stop_grace = Span::from_secs(30);
    let other = plan.replicas.push(other);
    plan.tunnels[TunnelId(0)].replicas.push(other);
    let stop = Effect::HostShutdown(HostId(0));
    let on = Effect::HostPower(HostId(0), true);
    let faults = [fault(5_000, stop, Some((60_000, on)))];
    // Power is back at 65 s, and the host boots for 30 s.
    assert_eq!(starts(&plan, &faults, A), [0, 95_000]);
}

#[test]
fn a_replica_that_is_due_later_does_not_start_with_a_boot_before() {
    let mut plan = world();
    plan.replicas[A].starts_at = Span::from_secs(50);
    let off = Effect::HostPower(HostId(0), false);
    let on = Effect::HostPower(HostId(0), true);
    let faults = [fault(5_000, off, Some((5_000, on)))];
    assert_eq!(starts(&plan, &faults, A), [50_000]);
}
