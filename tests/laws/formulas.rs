//! Closed forms, in mean services as unit of time; and what each was checked with before it became an oracle.

use tunnelsim::kernel::math::{exp, sqrt};
use tunnelsim::kernel::random::{Keyed, Source};

use crate::suite::{Group, Log};

pub const GROUPS: &[Group] = &[
    ("the_formulas_have_their_reference_values", reference_values),
    (
        "the_law_of_a_finite_queue_is_the_fixed_point_of_its_chain",
        finite_queues,
    ),
    (
        "the_law_of_point_availability_solves_its_equation",
        point_availability_solves,
    ),
];

/// The loss of `workers` without a queue under `offered` load (Erlang's first formula, by its recursion).
pub fn erlang_b(workers: u32, offered: f64) -> f64 {
    (1..=workers).fold(1.0, |loss, k| {
        offered * loss / (f64::from(k) + offered * loss)
    })
}

/// The share that waits behind `workers` with an endless queue (Erlang's second formula).
pub fn erlang_c(workers: u32, offered: f64) -> f64 {
    let loss = erlang_b(workers, offered);
    loss / (1.0 - offered / f64::from(workers) * (1.0 - loss))
}

/// The mean wait of M/M/c.
pub fn wait_of_many(workers: u32, offered: f64) -> f64 {
    erlang_c(workers, offered) / (f64::from(workers) - offered)
}

/// The mean wait of M/G/1, whose services have the squared coefficient of variation `cv2`.
pub fn pollaczek_khinchine(load: f64, cv2: f64) -> f64 {
    load * (1.0 + cv2) / (2.0 * (1.0 - load))
}

/// The mean wait of GI/M/1 with gaps of two exponential phases: sigma = (2 load / (2 load + 1 - sigma))^2.
pub fn erlang_2_wait(load: f64) -> f64 {
    let mut sigma = 0.5;
    for _ in 0..10_000 {
        let phase = 2.0 * load / (2.0 * load + 1.0 - sigma);
        sigma = phase * phase;
    }
    sigma / (1.0 - sigma)
}

/// The probabilities of 0, 1, ... `places` requests in M/M/c with so many places in all.
pub fn finite_queue(workers: u32, places: u32, offered: f64) -> Vec<f64> {
    let mut weights = vec![1.0];
    for n in 1..=places {
        let last = weights[weights.len() - 1];
        weights.push(last * offered / f64::from(n.min(workers)));
    }
    let total: f64 = weights.iter().sum();
    weights.iter().map(|weight| weight / total).collect()
}

/// The availability at time t of what is up at time 0, with exponential up times of mean `up` and repairs of `down`.
pub fn point_availability(up: f64, down: f64, t: f64) -> f64 {
    let settled = up / (up + down);
    settled + (1.0 - settled) * exp(-(1.0 / up + 1.0 / down) * t)
}

fn close(value: f64, expected: f64) -> bool {
    (value - expected).abs() <= 1e-12 * expected.abs()
}

/// Values computed elsewhere with high precision.
fn reference_values(log: &mut Log) {
    for (value, expected) in [
        (erlang_b(4, 3.2), 0.228_144_929_957_947),
        (erlang_b(10, 8.0), 0.121_661_064_252_952),
        (erlang_c(2, 1.6), 0.711_111_111_111_111),
        (erlang_c(4, 3.2), 0.596_432_471_787_405),
        (erlang_c(25, 22.5), 0.507_923_029_207_764),
        (finite_queue(1, 5, 0.8)[5], 0.088_819_498_655_644_2),
        (erlang_2_wait(0.5), (sqrt(5.0) - 1.0) / 2.0),
    ] {
        assert!((value - expected).abs() < 1e-12, "{value} {expected}");
        log.passed(1, format!("{expected}"));
    }
    assert!((erlang_2_wait(0.8) - 2.843_980).abs() < 1e-6);
    log.passed(1, "2.843980");
}

/// Independently of the product form: the chain of a queue with its steps made uniform is iterated until it stands still.
fn finite_queues(log: &mut Log) {
    for (workers, places, offered) in [(1, 5, 0.8), (3, 8, 2.7), (4, 4, 3.2)] {
        let n = places as usize;
        let fastest = offered + f64::from(workers);
        let mut law = vec![1.0 / (n + 1) as f64; n + 1];
        for _ in 0..20_000 {
            let mut next = vec![0.0; n + 1];
            for (state, share) in law.iter().enumerate() {
                let served = f64::from(workers).min(state as f64) / fastest;
                let arrived = if state < n { offered / fastest } else { 0.0 };
                next[state.saturating_sub(1)] += share * served;
                next[(state + 1).min(n)] += share * arrived;
                next[state] += share * (1.0 - served - arrived);
            }
            law = next;
        }
        let exact = finite_queue(workers, places, offered);
        assert!(
            law.iter()
                .zip(&exact)
                .all(|(a, b)| close(*a, *b) || (a - b).abs() < 1e-12),
            "{law:?} {exact:?}"
        );
        log.passed(
            n as u64 + 1,
            format!(
                "{workers} workers, {places} places: {:.12} are lost",
                exact[n]
            ),
        );
    }
}

/// dA/dt = (1 - A) / down - A / up, in small steps; and by drawing up and down times.
fn point_availability_solves(log: &mut Log) {
    let (up, down, t) = (100.0, 50.0, 20.0);
    let steps = 2_000_000;
    let step = t / f64::from(steps);
    let slope = |a: f64| (1.0 - a) / down - a / up;
    let solved = (0..steps).fold(1.0, |a, _| a + step * slope(a + step / 2.0 * slope(a)));
    let exact = point_availability(up, down, t);
    assert!((solved - exact).abs() < 1e-9, "{solved} {exact}");
    let mut source = Keyed::new(1, 2, 3, 4);
    let trials = 200_000;
    let ups = (0..trials).filter(|_| {
        let (mut now, mut is_up) = (0.0, true);
        loop {
            let mean = if is_up { up } else { down };
            now -= mean * tunnelsim::kernel::math::ln(source.unit_open());
            if now > t {
                return is_up;
            }
            is_up = !is_up;
        }
    });
    let share = ups.count() as f64 / f64::from(trials);
    assert!((share - exact).abs() < 0.006, "{share} {exact}");
    log.passed(
        2,
        format!("{exact:.9}: solved {solved:.9}, drawn {share:.4}"),
    );
}
