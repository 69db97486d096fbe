//! Who notices silence, and when.

use super::*;
use crate::measure::outcome::{Cause, Outcome};
use crate::world::geography::MetroId;

const A: ReplicaId = ReplicaId(0);

fn connection(index: u8) -> Entity {
    Entity::Connection(ConnectionRef { replica: A, index })
}

fn http2_world() -> Blueprint {
    let mut plan = world();
    for replica in plan.replicas.ids() {
        plan.replicas[replica].protocol = Protocol::Http2;
    }
    plan
}

fn edge_closings(changes: &[Change], index: u8) -> Vec<u64> {
    let is = |what| matches!(what, Happening::EdgeCloses { .. });
    moments(changes, connection(index), is)
}

fn severings(changes: &[Change], index: u8) -> Vec<u64> {
    let is = |what| matches!(what, Happening::Severed { .. });
    moments(changes, connection(index), is)
}

fn power_cut(at_ms: u64) -> FaultPlan {
    fault(at_ms, Effect::HostPower(HostId(0), false), None)
}

fn line_cut(at_ms: u64, lasts_ms: u64) -> FaultPlan {
    let cut = Effect::HostLine(HostId(0), false);
    let whole = Effect::HostLine(HostId(0), true);
    fault(at_ms, cut, Some((lasts_ms, whole)))
}

#[test]
fn a_power_cut_is_silence_over_http2_too() {
    let seen = changes(&http2_world(), &[power_cut(10_000)]);
    for index in 0..4 {
        assert_eq!(edge_closings(&seen, index), [40_000]);
        assert_eq!(severings(&seen, index), [10_000]);
    }
}

#[test]
fn the_kernel_of_a_living_host_closes_http2_at_once() {
    let faults = [fault(10_000, Effect::ConnectorKill(A), None)];
    let seen = changes(&http2_world(), &faults);
    for index in 0..4 {
        assert_eq!(edge_closings(&seen, index), [10_000]);
        assert_eq!(severings(&seen, index), [10_000]);
    }
}

#[test]
fn nothing_that_a_process_says_gets_through_a_cut_line() {
    let kill = fault(15_000, Effect::ConnectorKill(A), None);
    let seen = changes(&http2_world(), &[line_cut(10_000, 300_000), kill]);
    assert_eq!(edge_closings(&seen, 0), [40_000]);
    // Over QUIC: silence for 4 s after the cut is noticed 5 s after the last ping, whatever SIGTERM says at 12 s.
    let stop = fault(12_000, Effect::ConnectorStop(A), None);
    let seen = changes(&world(), &[line_cut(10_500, 300_000), stop]);
    assert_eq!(edge_closings(&seen, 0), [15_000]);
    let withdrawn = moments(&seen, connection(0), |what| what == Happening::Withdrawn);
    assert_eq!(withdrawn, [15_500]);
}

#[test]
fn the_word_of_a_stop_is_repeated_when_the_line_is_back() {
    let stop = fault(12_000, Effect::ConnectorStop(A), None);
    let seen = changes(&world(), &[line_cut(11_000, 2_000), stop]);
    let withdrawn = moments(&seen, connection(0), |what| what == Happening::Withdrawn);
    assert_eq!(withdrawn, [13_500]);
}

#[test]
fn a_host_that_dies_after_the_edge_gave_it_up_is_taken_away_once() {
    // Idle since time zero: the edge expires 5 s after the last ping, the connector 1 s later. Power fails between.
    let mut plan = world();
    plan.settings.propagation = Distribution::Constant(Span::ZERO);
    asked_at(&mut plan, &[1_000]);
    let seen = changes(&plan, &[line_cut(10_500, 60_000), power_cut(15_400)]);
    for index in 1..4 {
        assert_eq!(edge_closings(&seen, index).len(), 1);
        assert_eq!(severings(&seen, index), [10_500]);
    }
}

#[test]
fn a_line_that_returns_for_a_connector_that_gave_up_leaves_the_edges_clock_alone() {
    // Idle since 1 s; pings at 10.015 s and so on. The cut at 10.5 s is followed by a request at 13.006 s, so the edge
    // counts until 18.006 s; the connector gives up at 11.015 + 5 s. The line is back at 17 s, a request comes at
    // 17.506 s, and the edge still gives up at 18.006 s.
    let mut plan = world();
    plan.tunnels[TunnelId(0)].routing = "primary-standby".to_owned();
    plan.replicas[A].connections = 1;
    asked_at(&mut plan, &[1_000, 13_000, 17_500]);
    let seen = changes(&plan, &[line_cut(10_500, 6_500)]);
    assert_eq!(edge_closings(&seen, 0), [18_006]);
}

#[test]
fn clients_of_a_pinned_metro_wait_until_it_is_back_and_no_longer_than_their_patience() {
    // Nothing else is in reach: requests wait, and go 2 s after the metro is back.
    let mut plan = world();
    plan.horizon = Span::from_secs(600);
    let fra = plan.groups[GroupId(0)].entry.unwrap();
    asked_at(&mut plan, &[20_000, 30_000, 170_000]);
    plan.groups[GroupId(0)].patience = Span::from_secs(100);
    let down = Effect::MetroUp(fra, false);
    let up = Effect::MetroUp(fra, true);
    let seen = requests(&plan, &[fault(10_000, down, Some((170_000, up)))]);
    assert_eq!(seen[0].outcome, Outcome::Failed(Cause::ClientGaveUp));
    assert_eq!(ms(seen[0].latency()), 100_000.0);
    assert_eq!(seen[1].outcome, Outcome::Failed(Cause::ClientGaveUp));
    // Back at 180 s, sent at 182 s; what it meets then is not the point.
    assert!(ms(seen[2].latency()) >= 12_000.0);
    assert_ne!(seen[2].outcome, Outcome::Failed(Cause::ClientGaveUp));
}

/// A client every 10 ms in many networks, which reach Frankfurt first and other metros near it next.
fn many_networks(from_ms: u64, until_ms: u64) -> (Blueprint, MetroId) {
    let mut plan = world();
    plan.horizon = Span::from_secs(400);
    plan.settings.networks_per_city = 64;
    let fra = plan.groups[GroupId(0)].entry.take().unwrap();
    let many: Vec<u64> = (from_ms..until_ms).step_by(10).collect();
    asked_at(&mut plan, &many);
    (plan, fra)
}

/// When networks move, and where to.
fn moves(plan: &Blueprint, faults: &[FaultPlan]) -> Vec<(u64, MetroId)> {
    let to = |change: &Change| match change.what {
        Happening::Moves { to } => Some((change.at.as_nanos() / 1_000_000, to)),
        _ => None,
    };
    changes(plan, faults).iter().filter_map(to).collect()
}

fn metro_down(metro: MetroId, at_ms: u64, for_ms: u64) -> FaultPlan {
    let [down, up] = [false, true].map(|up| Effect::MetroUp(metro, up));
    fault(at_ms, down, Some((for_ms, up)))
}

/// The moments of the moves to a metro.
fn times(moves: &[(u64, MetroId)], metro: MetroId) -> Vec<u64> {
    let there = moves.iter().filter(|(_, to)| *to == metro);
    there.map(|(at, _)| *at).collect()
}

#[test]
fn networks_return_two_seconds_after_their_metro_and_not_before() {
    // Down from 10 s to 15 s, and again from 16 s to 40 s: what had not heard of its return did not move.
    let (plan, fra) = many_networks(9_000, 10_000);
    let once = times(&moves(&plan, &[metro_down(fra, 10_000, 5_000)]), fra);
    assert!(
        once.len() > 40 && once.iter().all(|at| *at == 17_000),
        "{once:?}"
    );
    let twice = [
        metro_down(fra, 10_000, 5_000),
        metro_down(fra, 16_000, 24_000),
    ];
    let twice = times(&moves(&plan, &twice), fra);
    assert!(
        twice.len() > 40 && twice.iter().all(|at| *at == 42_000),
        "{twice:?}"
    );
}

#[test]
fn networks_met_during_an_outage_hear_of_returns_as_the_others_do() {
    // The first metro is out for long, the second from 12 s to 20 s: whoever came before or after its return is there
    // from 22 s on, and nobody stays with the third.
    let (plan, fra) = many_networks(9_000, 10_000);
    let (later, _) = many_networks(20_100, 21_900);
    let second = moves(&plan, &[metro_down(fra, 10_000, 300_000)])[0].1;
    let faults = [
        metro_down(fra, 10_000, 300_000),
        metro_down(second, 12_000, 8_000),
    ];
    for plan in [plan, later] {
        let seen = moves(&plan, &faults);
        let settled = seen.iter().rfind(|(at, _)| *at < 300_000).unwrap();
        assert_eq!(*settled, (22_000, second));
        assert!(
            times(&seen, second)
                .iter()
                .filter(|at| **at == 22_000)
                .count()
                > 40
        );
    }
}

#[test]
fn a_network_that_loses_its_second_metro_hears_of_the_return_of_its_first() {
    let (plan, fra) = many_networks(9_000, 10_000);
    let second = moves(&plan, &[metro_down(fra, 10_000, 300_000)])[0].1;
    let faults = [
        metro_down(fra, 10_000, 290_000),
        metro_down(second, 300_500, 50_000),
    ];
    let home = times(&moves(&plan, &faults), fra);
    assert!(
        home.len() > 40 && home.iter().all(|at| *at == 302_000),
        "{home:?}"
    );
}

#[test]
fn a_tunnel_is_degraded_while_the_edge_holds_some_connections_of_a_dead_process() {
    // Connections without a request expire 5 s after the last ping, the one of the request at 1.015 s 15 ms later.
    let mut plan = world();
    asked_at(&mut plan, &[1_000]);
    let seen = changes(&plan, &[power_cut(10_500)]);
    let tunnel = Entity::Tunnel(TunnelId(0));
    let after_start = |is: fn(Happening) -> bool| {
        let mut found = moments(&seen, tunnel, is);
        found.retain(|at| *at > 0);
        found
    };
    use crate::measure::observation::TunnelStatus::{Degraded, Healthy};
    let degraded = after_start(|what| what == Happening::Status(Degraded));
    let healthy = after_start(|what| what == Happening::Status(Healthy));
    assert_eq!((degraded, healthy), (vec![15_000], vec![15_015]));
}
