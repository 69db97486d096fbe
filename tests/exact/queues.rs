//! Every waiting time of a long run against a recursion of a few lines, to the nanosecond.

use tunnelsim::kernel::random::{Keyed, Source};
use tunnelsim::measure::observation::Observation;
use tunnelsim::measure::outcome::{Cause, Outcome};
use tunnelsim::scenario::Scenario;
use tunnelsim::simulation::RunKey;

use crate::queue::Queue;
use crate::suite::{Group, Log, seed, sized};
use crate::worlds::{observe, read};

pub const GROUPS: &[Group] = &[
    ("waits_are_those_of_lindleys_recursion", lindley),
    (
        "waits_behind_2_workers_are_those_of_kiefer_and_wolfowitz",
        |log| kiefer_wolfowitz(log, 2, "180/s"),
    ),
    (
        "waits_behind_4_workers_are_those_of_kiefer_and_wolfowitz",
        |log| kiefer_wolfowitz(log, 4, "360/s"),
    ),
    (
        "waits_behind_25_workers_are_those_of_kiefer_and_wolfowitz",
        |log| kiefer_wolfowitz(log, 25, "2300/s"),
    ),
    (
        "a_short_queue_refuses_the_same_requests_through_all_ties",
        refusals,
    ),
];

/// One request as the engine saw it, in nanoseconds.
#[derive(Clone, Copy)]
struct Seen {
    born: u64,
    service: u64,
    wait: u64,
    refused: bool,
}

/// All requests of a run in order of birth. Their paths are equally long, so they reach the container in that order.
fn requests(scenario: &Scenario) -> Vec<Seen> {
    let mut seen = Vec::new();
    let key = RunKey {
        seed: seed(),
        replication: 0,
    };
    observe(scenario, key, |observation| {
        if let Observation::Request(request) = observation {
            let it = Seen {
                born: request.born.as_nanos(),
                service: request.parts.service.as_nanos(),
                wait: request.parts.waiting.as_nanos(),
                refused: request.outcome == Outcome::Failed(Cause::QueueFull),
            };
            seen.push((request.id.session, it));
        }
    });
    seen.sort_by_key(|(session, _)| *session);
    seen.into_iter().map(|(_, it)| it).collect()
}

/// A scenario that is long enough for so many requests.
fn long_enough(queue: Queue<'_>, requests: u64) -> Scenario {
    let per_second: u64 = queue.rate.trim_end_matches("/s").parse().unwrap();
    queue.scenario(requests * 101 / 100 / per_second + 1)
}

/// Lindley 1952: a request waits for what the one before it waited and took, less the time between the two.
fn lindley(log: &mut Log) {
    let n = sized(100_000, 1_000_000);
    for service in [
        "{exponential: 10ms}",
        "{hyperexponential: {mean: 10ms, cv2: 4}}",
        "10ms",
    ] {
        let seen = requests(&long_enough(Queue::new("90/s", 1, service), n));
        assert!(
            seen.len() as u64 >= n,
            "{service}: only {} requests",
            seen.len()
        );
        let mut wait = 0;
        for (before, request) in seen.iter().zip(&seen[1..]) {
            wait = (wait + before.service).saturating_sub(request.born - before.born);
            assert_eq!(
                request.wait, wait,
                "{service}: the request born at {} ns",
                request.born
            );
        }
        log.passed(
            seen.len() as u64,
            format!("{service}: {} waits are equal", seen.len()),
        );
    }
}

/// Kiefer and Wolfowitz 1955: a request takes the worker that is free first. With a second law of service, services
/// also end in another order than they began in.
fn kiefer_wolfowitz(log: &mut Log, workers: u32, rate: &str) {
    let n = sized(100_000, 1_000_000);
    let service = "{hyperexponential: {mean: 10ms, cv2: 4}}";
    let seen = requests(&long_enough(Queue::new(rate, workers, service), n));
    assert!(seen.len() as u64 >= n, "only {} requests", seen.len());
    let mut free = vec![0; workers as usize];
    let mut waited = 0;
    for request in &seen {
        free.sort_unstable();
        let start = free[0].max(request.born);
        assert_eq!(
            request.wait,
            start - request.born,
            "the request born at {} ns",
            request.born
        );
        free[0] = start + request.service;
        waited += u64::from(request.wait > 0);
    }
    assert!(waited > n / 3, "only {waited} requests waited");
    log.passed(
        seen.len() as u64,
        format!(
            "{} waits are equal, {waited} of them above zero",
            seen.len()
        ),
    );
}

/// Requests on a grid of milliseconds, services of exactly 4 ms: arrivals meet departures and each other at the same
/// nanosecond all the time. A departure comes first, and of arrivals the one that stands first in the trace.
fn refusals(log: &mut Log) {
    const WORKERS: usize = 3;
    const ROOM: usize = 2;
    const SERVICE: u64 = 4_000_000;
    let milliseconds = sized(50_000, 500_000);
    let mut trace = String::from("at_s,client,hostname\n");
    for ms in 0..milliseconds {
        let together = [0, 0, 0, 1, 1, 2, 0, 3][Keyed::new(seed(), ms, 0, 0).below(8) as usize];
        for copy in 0..together {
            let (second, rest) = (ms / 1000, ms % 1000);
            trace += &format!("{second}.{rest:03},{ms}-{copy},a.example.com\n");
        }
    }
    let text = format!(
        "
title: ties
exact: true
horizon: {}s
clients: {{visitors: {{city: Frankfurt, access: none, entry: FRA, sessions: {{trace: ties.csv}}}}}}
hosts:
  vps: {{city: Frankfurt, containers: {{web: {{workers: {WORKERS}, queue: {ROOM}, service_time: 4ms}}}}}}
tunnels: {{t: {{replicas: {{a: {{host: vps, edges: [FRA, FRA]}}}}, ingress: [{{service: 'http://web:80'}}]}}}}
",
        milliseconds / 1000 + 1
    );
    let seen = requests(&read(&text, &trace));
    let mut departures: Vec<u64> = Vec::new();
    let (mut refused, mut ties) = (0, 0);
    for request in &seen {
        ties += u64::from(departures.contains(&request.born));
        departures.retain(|departure| *departure > request.born);
        let is_full = departures.len() == WORKERS + ROOM;
        assert_eq!(
            request.refused, is_full,
            "the request born at {} ns",
            request.born
        );
        if is_full {
            refused += 1;
            continue;
        }
        // All services are equally long, so the k-th last departure frees the worker.
        let start = match departures.len().checked_sub(WORKERS) {
            Some(ahead) => departures[ahead],
            None => request.born,
        };
        assert_eq!(
            request.wait,
            start - request.born,
            "the request born at {} ns",
            request.born
        );
        departures.push(start + SERVICE);
    }
    assert!(
        refused > milliseconds / 20 && ties > milliseconds / 10,
        "{refused} refused, {ties} ties"
    );
    let n = seen.len();
    log.passed(
        n as u64,
        format!("{n} requests, {refused} refused, {ties} at the very instant of a departure"),
    );
}
