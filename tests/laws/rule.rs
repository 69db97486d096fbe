//! The rule by which a measured mean is compared with its exact value.
//!
//! 64 independent replications, the quotient of the sums as estimate, 5.42 standard errors: with 63 degrees of freedom
//! Student's t is further off with probability 10^-6. And a second guard, without which a noisy check would pass
//! whatever it is compared with: those 5.42 standard errors must not exceed a stated share of the exact value.

use tunnelsim::kernel::math::sqrt;
use tunnelsim::simulation::RunKey;

use crate::suite::{IS_LARGE, Log, seed};

/// Independent replications of every check.
pub const REPLICATIONS: u64 = 64;

/// Student's t with 63 degrees of freedom at a two-sided 10^-6.
const STANDARD_ERRORS: f64 = 5.42;

/// Small sizes are this many times smaller ...
pub const SHRUNK: u64 = 64;

/// ... so their intervals are this many times wider.
const WIDENED: f64 = 8.0;

/// What a replication measured: a numerator and a denominator.
pub type Pair = (f64, f64);

/// An exact value, and the widest interval with which a measurement proves something.
#[derive(Clone, Copy)]
pub struct Exact {
    /// The value.
    pub value: f64,
    /// Greatest half-width of the interval at full size, relative to the value.
    pub resolution: f64,
}

/// An exact value with the widest interval that proves something, relative to it.
pub const fn exact(value: f64, resolution: f64) -> Exact {
    Exact { value, resolution }
}

/// What the rule says of measurements.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// The exact value lies within the interval, and the interval is narrow enough.
    Agrees,
    /// The exact value lies outside.
    Contradicts,
    /// The interval is too wide to say.
    Weak,
}

/// The quotient of the sums, and its standard error by the delta method (Cochran 1977, section 2.11).
pub fn estimate(pairs: &[Pair]) -> (f64, f64) {
    let (above, below) = pairs
        .iter()
        .fold((0.0, 0.0), |(y, x), pair| (y + pair.0, x + pair.1));
    let (value, n) = (above / below, pairs.len() as f64);
    let squares: f64 = pairs
        .iter()
        .map(|(y, x)| (y - value * x) * (y - value * x))
        .sum();
    (value, sqrt(squares * n / (n - 1.0)) / below)
}

/// Applies the rule.
pub fn judge(exact: Exact, pairs: &[Pair]) -> Verdict {
    assert_eq!(
        pairs.len() as u64,
        REPLICATIONS,
        "the rule is one of 64 replications"
    );
    let (value, error) = estimate(pairs);
    let half_width = STANDARD_ERRORS * error;
    let widest = exact.resolution * exact.value.abs() * if IS_LARGE { 1.0 } else { WIDENED };
    if (value - exact.value).abs() > half_width {
        Verdict::Contradicts
    } else if half_width > widest || half_width.is_nan() {
        Verdict::Weak
    } else {
        Verdict::Agrees
    }
}

/// Applies the rule, and notes what came out; panics unless they agree.
pub fn check(log: &mut Log, name: &str, exact: Exact, pairs: &[Pair]) {
    let (value, error) = estimate(pairs);
    let n = pairs.iter().map(|pair| pair.1).sum::<f64>();
    let line = format!(
        "{name}: exact {:.6}, measured {value:.6}, SE {error:.6} ({:+.2} SE, 5.42 SE = {:.2} %)",
        exact.value,
        (value - exact.value) / error,
        STANDARD_ERRORS * error / exact.value.abs() * 100.0,
    );
    assert_eq!(judge(exact, pairs), Verdict::Agrees, "{line}");
    log.passed(n as u64, line);
}

/// The keys of so many replications from a first number on, so that no two checks of a group share their randomness.
pub fn keys(first: u64, number: u64) -> impl Iterator<Item = RunKey> {
    (first..first + number).map(|replication| RunKey {
        seed: seed(),
        replication,
    })
}
