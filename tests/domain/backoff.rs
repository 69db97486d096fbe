//! How long cloudflared waits before it dials again, stage by stage, and when it is back after a long outage.
//!
//! Source: cloudflared, retry/backoffhandler.go, supervisor/tunnel.go and supervisor/supervisor.go.

use tunnelsim::kernel::math::{ln, sqrt};
use tunnelsim::kernel::random::{Keyed, Source};
use tunnelsim::measure::observation::{Change, Entity, Happening};
use tunnelsim::scenario::Scenario;
use tunnelsim::simulation::RunKey;

use crate::changes::changes_of;
use crate::judge::{check_law, check_share};
use crate::suite::{Group, Log, seed, sized};
use crate::worlds::read;

pub const GROUPS: &[Group] = &[
    (
        "stage_a_waits_uniformly_below_2_4_8_16_and_32_seconds",
        stage_a,
    ),
    (
        "stage_b_first_waits_below_20_seconds_for_the_first_of_three",
        stage_b,
    ),
    (
        "after_a_long_outage_connections_are_back_as_the_recursion_says",
        long_outage,
    ),
];

/// A host whose line is away from 10.25 s on for so many seconds. Dials take no time when they are answered.
fn world(outage_s: u64, horizon_s: u64) -> Scenario {
    read(
        &format!(
            "
title: an outage
exact: true
horizon: {horizon_s}s
cloudflared: {{dial_overhead: 0s}}
hosts: {{home: {{city: Frankfurt}}}}
tunnels: {{t: {{replicas: {{a: {{host: home, edges: [FRA, FRA]}}}}, ingress: [{{service: hello_world}}]}}}}
links: [{{between: [home, FRA], round_trip: 2us}}]
faults: [line-cut: {{host: home, at: 10250ms, for: {outage_s}s}}]
"
        ),
        "",
    )
}

/// What happens to one connection, by its index.
fn course(scenario: &Scenario, replication: u64) -> [Vec<Change>; 4] {
    let mut courses: [Vec<Change>; 4] = Default::default();
    let key = RunKey {
        seed: seed(),
        replication,
    };
    for change in changes_of(scenario, key, |entity| {
        matches!(entity, Entity::Connection(_))
    }) {
        if let Entity::Connection(connection) = change.entity {
            courses[usize::from(connection.index)].push(change);
        }
    }
    courses
}

fn moments(course: &[Change], is_meant: impl Fn(Happening) -> bool) -> Vec<f64> {
    let meant = course.iter().filter(|change| is_meant(change.what));
    meant
        .map(|change| change.at.as_nanos() as f64 / 1e9)
        .collect()
}

fn dials(course: &[Change]) -> Vec<f64> {
    moments(course, |what| matches!(what, Happening::Dials { .. }))
}

fn closed(course: &[Change]) -> f64 {
    moments(course, |what| what == Happening::ConnectorCloses)[0]
}

/// The k-th wait in a row of connection 0, from the failure of the dial before it, 5 s after its start.
fn stage_a(log: &mut Log) {
    let scenario = world(1_000, 400);
    let mut waits: [Vec<f64>; 8] = Default::default();
    for replication in 0..sized(400, 6_000) {
        let [first, ..] = course(&scenario, replication);
        let mut failed = closed(&first);
        // Pings pass at whole seconds: the first unanswered one went out at 11 s.
        assert_eq!(failed, 16.0);
        for (waits, dialled) in waits.iter_mut().zip(dials(&first)) {
            waits.push(dialled - failed);
            failed = dialled + 5.0;
        }
    }
    for (k, waits) in waits.into_iter().enumerate() {
        let bound = [2.0, 4.0, 8.0, 16.0, 32.0][k.min(4)];
        check_law(
            log,
            &format!("wait {} below {bound} s", k + 1),
            waits,
            |wait| (wait / bound).clamp(0.0, 1.0),
        );
    }
}

/// The supervisor's timer is armed by the first of three waits below 2 s and takes U[0, 20) s: the first dial comes after
/// the sum. P(sum <= t) by integrating over the least of three.
fn stage_b(log: &mut Log) {
    let scenario = world(1_000, 60);
    let first_dial = |replication| {
        let [_, others @ ..] = course(&scenario, replication);
        let dialled = others.iter().filter_map(|it| dials(it).first().copied());
        dialled.fold(f64::INFINITY, f64::min) - closed(&others[0])
    };
    let draws = (0..sized(1_000, 10_000)).map(first_dial).collect();
    let cdf = |t: f64| {
        let steps = 2_000;
        let part = |step: i32| {
            let least = (f64::from(step) + 0.5) / f64::from(steps);
            let density = 3.0 * (1.0 - least) * (1.0 - least);
            density * ((t - 2.0 * least) / 20.0).clamp(0.0, 1.0) / f64::from(steps)
        };
        (0..steps).map(part).sum()
    };
    check_law(log, "first dial of connections 1 to 3", draws, cdf);
}

/// A length of time below a bound.
fn below(source: &mut Keyed, bound: f64) -> f64 {
    source.unit() * bound
}

/// Stage A's k-th bound.
fn bound_a(k: i32) -> f64 {
    f64::from(1 << k.min(5))
}

/// Connection 0 alone: when it is registered, if all fails before `back`.
fn alone(source: &mut Keyed, back: f64) -> f64 {
    let mut dialled = below(source, bound_a(1));
    for k in 2.. {
        if dialled + 5.0 > back {
            return dialled.max(back);
        }
        dialled += 5.0 + below(source, bound_a(k));
    }
    unreachable!("the line comes back")
}

/// Connections 1 to 3: each waits by itself, then for the one timer that the first of them arms; all that wait when it
/// ends dial together.
fn supervised(source: &mut Keyed, back: f64) -> [f64; 3] {
    let mut ready = [1, 2, 3].map(|_| below(source, bound_a(1)));
    let mut failures = [1; 3];
    let mut registered = [f64::INFINITY; 3];
    for round in 1.. {
        let armed = ready.iter().copied().fold(f64::INFINITY, f64::min);
        if armed.is_infinite() {
            break;
        }
        let wakes = armed + below(source, 10.0 * bound_a(round));
        for i in (0..3).filter(|i| ready[*i] <= wakes).collect::<Vec<_>>() {
            if wakes + 5.0 > back {
                registered[i] = wakes.max(back);
                ready[i] = f64::INFINITY;
            } else {
                failures[i] += 1;
                ready[i] = wakes + 5.0 + below(source, bound_a(failures[i]));
            }
        }
    }
    registered
}

/// How often the registrations of a reconnection come in so many waves: a pause of more than a second starts a new one.
fn waves(mut registered: [f64; 4]) -> usize {
    registered.sort_by(f64::total_cmp);
    1 + registered
        .windows(2)
        .filter(|pair| pair[1] - pair[0] > 1.0)
        .count()
}

/// An outage of 15 minutes: connection 0, the first and the last of the others, and the waves.
fn long_outage(log: &mut Log) {
    // The connector gives up at 16 s, so the line is back 894.25 s later.
    let (closed, back) = (16.0, 10.25 + 900.0 - 16.0);
    let drawn: Vec<[f64; 4]> = (0..200_000)
        .map(|number| {
            let mut source = Keyed::new(11, number, 0, 0);
            let first = alone(&mut source, back);
            let [a, b, c] = supervised(&mut source, back);
            [first, a, b, c].map(|at| at - back)
        })
        .collect();
    let scenario = world(900, 1_500);
    let measured: Vec<[f64; 4]> = (0..sized(500, 5_000))
        .map(|replication| {
            course(&scenario, replication).map(|course| {
                let registered =
                    moments(&course, |what| matches!(what, Happening::Registers { .. }));
                registered[1] - closed - back
            })
        })
        .collect();
    let last = |of: &[f64; 4]| of[1..].iter().copied().fold(0.0, f64::max);
    let earliest = |of: &[f64; 4]| of[1..].iter().copied().fold(f64::INFINITY, f64::min);
    let each = |runs: &[[f64; 4]], of: &dyn Fn(&[f64; 4]) -> f64| {
        runs.iter().map(of).collect::<Vec<f64>>()
    };
    check_same(
        log,
        "connection 0",
        each(&measured, &|of| of[0]),
        each(&drawn, &|of| of[0]),
    );
    check_same(
        log,
        "first of the others",
        each(&measured, &earliest),
        each(&drawn, &earliest),
    );
    check_same(
        log,
        "last of the others",
        each(&measured, &last),
        each(&drawn, &last),
    );
    let is_in_two = |of: &&[f64; 4]| waves(**of) == 2;
    let is_together = |of: &&[f64; 4]| last(of) - earliest(of) < 1.0;
    let share = |is: &dyn Fn(&&[f64; 4]) -> bool| {
        drawn.iter().filter(is).count() as f64 / drawn.len() as f64
    };
    let n = measured.len() as u64;
    check_share(
        log,
        "two waves",
        measured.iter().filter(is_in_two).count() as u64,
        n,
        share(&is_in_two),
    );
    check_share(
        log,
        "1 to 3 together",
        measured.iter().filter(is_together).count() as u64,
        n,
        share(&is_together),
    );
    assert!(
        (share(&is_in_two) - 0.977).abs() < 0.002 && (share(&is_together) - 0.994).abs() < 0.002
    );
    assert!(
        measured
            .iter()
            .all(|of| of[0] < 32.001 && last(of) < 357.001)
    );
}

/// Two samples of one law are at most the sum of their distances from it apart.
fn check_same(log: &mut Log, name: &str, measured: Vec<f64>, mut drawn: Vec<f64>) {
    drawn.sort_by(f64::total_cmp);
    let distance = |n: usize| sqrt(ln(2e9) / (2.0 * n as f64));
    let (n, m) = (measured.len(), drawn.len());
    let mut sorted = measured;
    sorted.sort_by(f64::total_cmp);
    let apart = sorted
        .iter()
        .enumerate()
        .fold(0.0, |worst: f64, (rank, at)| {
            // Dialling takes 4 us, and the other sample's draws are no whole nanoseconds.
            let least = drawn.partition_point(|it| *it < at - 1e-4) as f64 / m as f64;
            let most = drawn.partition_point(|it| *it <= at + 1e-4) as f64 / m as f64;
            let (below, up_to) = (rank as f64 / n as f64, (rank + 1) as f64 / n as f64);
            worst.max(below - most).max(least - up_to)
        });
    let median = |of: &[f64]| of[of.len() / 2];
    let bound = distance(n) + distance(m);
    let line = format!(
        "{name}: median {:.3} s against {:.3} s drawn; {n} times at most {apart:.5} apart, {bound:.5} allowed",
        median(&sorted),
        median(&drawn),
    );
    assert!(apart <= bound, "{line}");
    log.passed(n as u64, line);
}
