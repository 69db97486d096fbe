//! Queues that refuse: Erlang's first formula, whatever the law of service, and finite queues.

use tunnelsim::measure::observation::Observation;
use tunnelsim::measure::outcome::{Cause, Outcome};

use crate::formulas::{erlang_b, finite_queue};
use crate::queue::Queue;
use crate::rule::{Pair, REPLICATIONS, SHRUNK, check, exact, keys};
use crate::suite::{Group, IS_LARGE, Log};
use crate::worlds::observe;

pub const GROUPS: &[Group] = &[
    ("m_m_4_4_loses_what_erlang_says", |log| {
        loss(log, 4, 0, "320/s", "{exponential: 10ms}")
    }),
    ("m_d_4_4_loses_the_same", |log| {
        loss(log, 4, 0, "320/s", "10ms")
    }),
    ("m_h2_10_10_loses_the_same", |log| {
        loss(
            log,
            10,
            0,
            "800/s",
            "{hyperexponential: {mean: 10ms, cv2: 4}}",
        )
    }),
    ("m_m_1_5_loses_what_its_chain_says", |log| {
        loss(log, 1, 4, "80/s", "{exponential: 10ms}")
    }),
    ("m_m_3_8_loses_what_its_chain_says", |log| {
        loss(log, 3, 5, "270/s", "{exponential: 10ms}")
    }),
];

/// Requests of each check.
const REQUESTS: u64 = 1_000_000;

/// The share of refused requests, and the mean wait of the others; the first two hundred of each replication are left out.
fn loss(log: &mut Log, workers: u32, room: u32, rate: &str, service: &str) {
    let per_second: f64 = rate.trim_end_matches("/s").parse().unwrap();
    let offered = per_second / 100.0;
    let warm_up = 200;
    let each = REQUESTS / REPLICATIONS / if IS_LARGE { 1 } else { SHRUNK };
    let queue = Queue {
        room,
        ..Queue::new(rate, workers, service)
    };
    let scenario = queue.scenario(((each + warm_up) as f64 / per_second) as u64 + 1);
    let (mut refused, mut waited): (Vec<Pair>, Vec<Pair>) = Default::default();
    for key in keys(0, REPLICATIONS) {
        let [mut all, mut lost, mut waits] = [0.0; 3];
        observe(&scenario, key, |observation| {
            if let Observation::Request(request) = observation
                && request.id.session >= warm_up
            {
                all += 1.0;
                lost += f64::from(u8::from(
                    request.outcome == Outcome::Failed(Cause::QueueFull),
                ));
                waits += request.parts.waiting.as_nanos() as f64 / 10e6;
            }
        });
        refused.push((lost, all));
        waited.push((waits, all - lost));
    }
    let places = workers + room;
    let law = finite_queue(workers, places, offered);
    let full = law[places as usize];
    if room == 0 {
        assert!((full - erlang_b(workers, offered)).abs() < 1e-12);
    }
    check(log, "share refused", exact(full, 0.05), &refused);
    if room > 0 {
        // Little: the mean number that waits is the admitted rate times their mean wait.
        let waiting = law
            .iter()
            .enumerate()
            .map(|(n, share)| n.saturating_sub(workers as usize) as f64 * share);
        let wait = waiting.sum::<f64>() / (offered * (1.0 - full));
        check(log, "mean wait of the admitted", exact(wait, 0.05), &waited);
    }
}
