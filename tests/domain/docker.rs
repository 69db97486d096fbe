//! Docker's restart manager against its own recursion, to the nanosecond.
//!
//! Source: moby, daemon/internal/restartmanager/restartmanager.go: 100 ms, doubled with every exit up to a minute, and
//! 100 ms again after a run of 10 s or more.

use tunnelsim::measure::observation::{Change, Entity, Happening};
use tunnelsim::simulation::RunKey;

use crate::changes::changes_of;
use crate::suite::{Group, Log, seed, sized};
use crate::worlds::read;

pub const GROUPS: &[Group] = &[
    ("a_crash_loop_starts_at_the_moments_of_the_sum", crash_loops),
    (
        "restarts_follow_random_crashes_as_the_recursion_says",
        random_crashes,
    ),
    ("on_failure_gives_up_after_its_number_of_exits", gives_up),
];

const SECOND: u64 = 1_000_000_000;

/// The changes of the one container of a world with this policy and these blocks.
fn changes(restart: &str, horizon_s: u64, rest: &str, replication: u64) -> Vec<Change> {
    let text = format!(
        "
title: restarts
exact: true
horizon: {horizon_s}s
hosts: {{vps: {{city: Frankfurt, containers: {{web: {{restart: '{restart}', start_up: 0s}}}}}}}}
tunnels: {{t: {{replicas: [vps], ingress: [{{service: 'http://web:80'}}]}}}}
{rest}
"
    );
    let key = RunKey {
        seed: seed(),
        replication,
    };
    changes_of(&read(&text, ""), key, |entity| {
        matches!(entity, Entity::Container(_))
    })
}

/// The next delay after a run, given the one before.
fn recursion(before: u64, ran: u64) -> u64 {
    if before == 0 || ran >= 10 * SECOND {
        SECOND / 10
    } else {
        (2 * before).min(60 * SECOND)
    }
}

/// With runs of r < 10 s the (k + 1)-th start after the crash at 60 s is at 60 + k r + 0.1 (2^k - 1) s while the delay still
/// doubles; with runs of 10 s or more each delay is 100 ms.
fn crash_loops(log: &mut Log) {
    for (run_s, policy) in [
        (2, "unless-stopped"),
        (9, "always"),
        (10, "always"),
        (11, "on-failure"),
    ] {
        let fault = format!("faults: [crash-loop: {{container: web, run: {run_s}s, at: 60s}}]");
        let changes = changes(policy, 2_400, &fault, 0);
        let ups = changes.iter().filter(|change| change.what == Happening::Up);
        let starts: Vec<u64> = ups.map(|change| change.at.as_nanos()).collect();
        // The process had run for a minute before the first crash.
        let (mut delay, mut crash, mut ran) = (0, 60 * SECOND, 60 * SECOND);
        for (index, start) in starts.iter().enumerate() {
            delay = recursion(delay, ran);
            assert_eq!(*start, crash + delay, "start {index} of runs of {run_s} s");
            let k = index as u64 + 1;
            if run_s < 10 && k <= 9 {
                let closed = 60 * SECOND + (k - 1) * run_s * SECOND + SECOND / 10 * ((1 << k) - 1);
                assert_eq!(*start, closed, "start {k} of runs of {run_s} s");
            }
            ran = run_s * SECOND;
            crash = start + ran;
        }
        assert!(starts.len() >= 30, "{} starts", starts.len());
        log.passed(
            starts.len() as u64,
            format!("{} starts with runs of {run_s} s", starts.len()),
        );
    }
}

/// Crashes at random moments: some runs are longer than 10 s, some shorter, and some crashes find it down.
fn random_crashes(log: &mut Log) {
    let failures = "failures: [container-crash: {container: web, mtbf: {exponential: 7s}}]";
    let (mut compared, mut resets) = (0, 0);
    for replication in 0..sized(4, 40) {
        let changes = changes("always", 20_000, failures, replication);
        let (mut delay, mut started) = (0, 0);
        for pair in changes.windows(2) {
            let [from, to] = [pair[0].at.as_nanos(), pair[1].at.as_nanos()];
            match (pair[0].what, pair[1].what) {
                (Happening::Down, Happening::Up) => {
                    delay = recursion(delay, from - started);
                    resets += u64::from(from - started >= 10 * SECOND);
                    assert_eq!(to - from, delay, "after the crash at {from} ns");
                    started = to;
                    compared += 1;
                }
                (Happening::Up, Happening::Down) => {}
                other => panic!("a container goes down and up by turns, not {other:?}"),
            }
        }
    }
    assert!(
        resets > compared / 20 && resets < compared / 2,
        "{resets} of {compared}"
    );
    log.passed(
        compared,
        format!("{compared} delays, {resets} of them after a run of 10 s or more"),
    );
}

/// `on-failure:5` counts all exits, also those after long runs.
fn gives_up(log: &mut Log) {
    for (run, max) in [("2s", 5), ("20s", 3)] {
        let fault = format!("faults: [crash-loop: {{container: web, run: {run}, at: 60s}}]");
        let changes = changes(&format!("on-failure:{max}"), 3_600, &fault, 0);
        let ups = changes
            .iter()
            .filter(|change| change.what == Happening::Up)
            .count();
        assert_eq!(ups, max);
        assert_eq!(changes.last().unwrap().what, Happening::Down);
        log.passed(1, format!("{max} starts with runs of {run}, then none"));
    }
}
