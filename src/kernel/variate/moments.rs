//! What is known exactly about the laws: mean, variance and distribution function.
//!
//! All of it concerns the laws themselves, before draws are cut off to whole nanoseconds.

use super::{Distribution, first_phase_share};
use crate::kernel::math::{exp, exp_m1, gamma, ln, normal_cdf, pow};
use crate::kernel::time::Span;

impl Distribution {
    /// The mean in seconds.
    ///
    /// ```
    /// use tunnelsim::kernel::time::Span;
    /// use tunnelsim::kernel::variate::Distribution;
    /// let law = Distribution::Uniform { low: Span::ZERO, high: Span::from_secs(3) };
    /// assert_eq!(law.mean_secs(), 1.5);
    /// ```
    pub fn mean_secs(&self) -> f64 {
        match self {
            Distribution::Constant(span) => span.as_secs_f64(),
            Distribution::Uniform { low, high } => (low.as_secs_f64() + high.as_secs_f64()) / 2.0,
            Distribution::Exponential { mean }
            | Distribution::Erlang { mean, .. }
            | Distribution::Hyperexponential { mean, .. } => mean.as_secs_f64(),
            Distribution::Lognormal { median, sigma, cap } => {
                lognormal_moment(*median, *sigma, *cap, 1.0)
            }
            Distribution::Weibull { shape, scale } => {
                scale.as_secs_f64() * gamma(1.0 + 1.0 / shape)
            }
            Distribution::Empirical(table) => table.mean_of(Span::as_secs_f64),
        }
    }

    /// The variance in squared seconds.
    ///
    /// ```
    /// use tunnelsim::kernel::time::Span;
    /// use tunnelsim::kernel::variate::Distribution;
    /// let law = Distribution::Exponential { mean: Span::from_secs(3) };
    /// assert_eq!(law.variance_secs2(), 9.0);
    /// ```
    pub fn variance_secs2(&self) -> f64 {
        match self {
            Distribution::Constant(_) => 0.0,
            Distribution::Uniform { low, high } => {
                square(high.as_secs_f64() - low.as_secs_f64()) / 12.0
            }
            Distribution::Exponential { mean } => square(mean.as_secs_f64()),
            Distribution::Erlang { shape, mean } => square(mean.as_secs_f64()) / f64::from(*shape),
            Distribution::Hyperexponential { mean, cv2 } => square(mean.as_secs_f64()) * cv2,
            Distribution::Lognormal { median, sigma, cap } => {
                lognormal_moment(*median, *sigma, *cap, 2.0) - square(self.mean_secs())
            }
            Distribution::Weibull { shape, scale } => {
                let relative = gamma(1.0 + 2.0 / shape) - square(gamma(1.0 + 1.0 / shape));
                square(scale.as_secs_f64()) * relative
            }
            Distribution::Empirical(table) => {
                let mean = self.mean_secs();
                table.mean_of(|span| square(span.as_secs_f64() - mean))
            }
        }
    }

    /// The probability that a draw is at most `span`.
    ///
    /// ```
    /// use tunnelsim::kernel::time::Span;
    /// use tunnelsim::kernel::variate::Distribution;
    /// let law = Distribution::Uniform { low: Span::ZERO, high: Span::from_secs(4) };
    /// assert_eq!(law.cdf(Span::from_secs(1)), 0.25);
    /// ```
    pub fn cdf(&self, span: Span) -> f64 {
        let in_units_of = |unit: &Span| span.as_nanos() as f64 / unit.as_nanos() as f64;
        match self {
            Distribution::Constant(length) => step(span >= *length),
            Distribution::Uniform { low, high } if low == high => step(span >= *low),
            Distribution::Uniform { low, high } => {
                let above = span.as_nanos().saturating_sub(low.as_nanos()) as f64;
                (above / (*high - *low).as_nanos() as f64).min(1.0)
            }
            Distribution::Exponential { mean } => exponential_cdf(in_units_of(mean)),
            Distribution::Erlang { shape, mean } => {
                erlang_cdf(*shape, in_units_of(mean) * f64::from(*shape))
            }
            Distribution::Hyperexponential { mean, cv2 } => {
                let phase = |share: f64| share * exponential_cdf(2.0 * share * in_units_of(mean));
                let share = first_phase_share(*cv2);
                phase(share) + phase(1.0 - share)
            }
            Distribution::Lognormal { cap: Some(cap), .. } if span >= *cap => 1.0,
            Distribution::Lognormal {
                median, sigma: 0.0, ..
            } => step(span >= *median),
            Distribution::Lognormal { median, sigma, .. } => {
                normal_cdf(ln(in_units_of(median)) / sigma)
            }
            Distribution::Weibull { shape, scale } => {
                exponential_cdf(pow(in_units_of(scale), *shape))
            }
            Distribution::Empirical(table) => table.share_up_to(&span),
        }
    }
}

fn square(x: f64) -> f64 {
    x * x
}

/// The distribution function of a constant.
fn step(reached: bool) -> f64 {
    if reached { 1.0 } else { 0.0 }
}

/// The distribution function of the exponential law of mean 1.
fn exponential_cdf(x: f64) -> f64 {
    -exp_m1(-x)
}

/// The distribution function of the sum of `shape` exponential variables of mean 1: that a Poisson
/// process of rate 1 has counted at least `shape` events by the time `x`.
fn erlang_cdf(shape: u32, x: f64) -> f64 {
    let mut probability = exp(-x);
    let mut fewer = 0.0;
    for count in 1..=shape {
        fewer += probability;
        probability *= x / f64::from(count);
    }
    1.0 - fewer
}

/// The mean of the `power`-th power of a lognormal variable cut down to its cap, in seconds^power.
///
/// Below the cap: the partial expectation (Johnson, Kotz & Balakrishnan, *Continuous Univariate
/// Distributions* 1, chapter 14); from the cap on: the cap itself.
fn lognormal_moment(median: Span, sigma: f64, cap: Option<Span>, power: f64) -> f64 {
    let whole = pow(median.as_secs_f64(), power) * exp(square(power * sigma) / 2.0);
    let Some(cap) = cap else {
        return whole;
    };
    if sigma == 0.0 {
        return pow(median.min(cap).as_secs_f64(), power);
    }
    let distance = ln(cap.as_secs_f64() / median.as_secs_f64()) / sigma;
    let at_the_cap = pow(cap.as_secs_f64(), power) * normal_cdf(-distance);
    whole * normal_cdf(distance - power * sigma) + at_the_cap
}
