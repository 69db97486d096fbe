//! The laws from which lengths of time and whole numbers are drawn.
//!
//! All draws are cut off to whole nanoseconds, are at least 1 ns (so that time moves on) and at
//! most a hundred years. Laws are drawn by inverting their distribution function, at a fixed number
//! of random words each: two variants of a scenario that draw from one stream stay in step, and a
//! greater mean turns every single draw into a greater one. A ziggurat would save some 4 ns of 9,
//! but takes a varying number of words and mixes up the order.

mod count;
mod moments;
mod table;

pub use count::Count;
pub use table::Table;

use crate::kernel::math::{exp, ln, normal_quantile, pow, sqrt};
use crate::kernel::random::Source;
use crate::kernel::time::Span;

/// A law of lengths of time.
///
/// Each draw takes one word, except that [`Distribution::Constant`] takes none, the
/// hyperexponential law two and the Erlang law as many as its shape. With one word, the draw does
/// not fall when the word rises.
#[derive(Clone, Debug, PartialEq)]
pub enum Distribution {
    /// Always this length; the only law that may give zero.
    Constant(Span),
    /// Every nanosecond from `low` to `high` alike, both included.
    Uniform {
        /// The least length.
        low: Span,
        /// The greatest length.
        high: Span,
    },
    /// Without memory: Poisson arrivals, failures that do not age.
    Exponential {
        /// Mean.
        mean: Span,
    },
    /// The sum of `shape` equal exponential phases: steadier than one of them.
    Erlang {
        /// Number of phases.
        shape: u32,
        /// Mean of the sum.
        mean: Span,
    },
    /// One of two exponential phases, chosen at random, each contributing half of the mean
    /// (balanced means): less steady than a single one.
    Hyperexponential {
        /// Mean.
        mean: Span,
        /// Squared coefficient of variation: variance over squared mean; at least 1.
        cv2: f64,
    },
    /// The exponential of a normal variable: network and service times with a long tail.
    Lognormal {
        /// Median of the law without its cap.
        median: Span,
        /// Standard deviation of the logarithm.
        sigma: f64,
        /// Longer draws are cut down to this length.
        cap: Option<Span>,
    },
    /// Failures of things that wear out (shape above 1) or fail early (below 1).
    Weibull {
        /// Shape; 1 gives the exponential law.
        shape: f64,
        /// The length that 63.2 % of the draws stay below.
        scale: Span,
    },
    /// Measured lengths with their weights.
    Empirical(Table<Span>),
}

impl Distribution {
    /// Whether the parameters make sense.
    ///
    /// # Errors
    /// Says what does not, in words for the scenario's author.
    ///
    /// ```
    /// use tunnelsim::kernel::time::Span;
    /// use tunnelsim::kernel::variate::Distribution;
    /// let law = Distribution::Hyperexponential { mean: Span::from_millis(5), cv2: 0.5 };
    /// assert_eq!(law.check(), Err("cv2 must lie between 1 and 1e6"));
    /// ```
    pub fn check(&self) -> Result<(), &'static str> {
        let positive = |span: Span, name| require(span > Span::ZERO, name);
        match *self {
            Distribution::Constant(_) | Distribution::Empirical(_) => Ok(()),
            Distribution::Uniform { low, high } => {
                require(
                    low <= high,
                    "the first length must not be longer than the second",
                )?;
                require(
                    high <= Span::LONGEST_DRAW,
                    "high must not be longer than 100 years",
                )
            }
            Distribution::Exponential { mean } => positive(mean, "the mean must not be zero"),
            Distribution::Erlang { shape, mean } => {
                require(
                    (1..=100).contains(&shape),
                    "the shape must lie between 1 and 100",
                )?;
                positive(mean, "the mean must not be zero")
            }
            Distribution::Hyperexponential { mean, cv2 } => {
                require((1.0..=1e6).contains(&cv2), "cv2 must lie between 1 and 1e6")?;
                positive(mean, "the mean must not be zero")
            }
            Distribution::Lognormal { median, sigma, .. } => {
                require(
                    (0.0..=10.0).contains(&sigma),
                    "sigma must lie between 0 and 10",
                )?;
                positive(median, "the median must not be zero")
            }
            Distribution::Weibull { shape, scale } => {
                require(
                    (0.1..=100.0).contains(&shape),
                    "the shape must lie between 0.1 and 100",
                )?;
                positive(scale, "the scale must not be zero")
            }
        }
    }

    /// Draws a length; the parameters must have passed [`Distribution::check`].
    ///
    /// ```
    /// use tunnelsim::kernel::random::Streams;
    /// use tunnelsim::kernel::time::Span;
    /// use tunnelsim::kernel::variate::Distribution;
    /// let service = Distribution::Exponential { mean: Span::from_millis(5) };
    /// let mut stream = Streams::new(42, 0).stream("sessions", "berlin");
    /// assert!(service.sample(&mut stream) >= Span::from_nanos(1));
    /// ```
    #[inline]
    pub fn sample(&self, source: &mut impl Source) -> Span {
        // The usual law of services and thinking, without the way through the others.
        if let Distribution::Exponential { mean } = self {
            return scaled(*mean, standard_exponential(source));
        }
        self.sample_any(source)
    }

    fn sample_any(&self, source: &mut impl Source) -> Span {
        match self {
            Distribution::Constant(span) => *span,
            Distribution::Uniform { low, high } => {
                let choices = (*high - *low).as_nanos() + 1;
                (*low + Span::from_nanos(source.below(choices))).max(Span::from_nanos(1))
            }
            Distribution::Exponential { mean } => scaled(*mean, standard_exponential(source)),
            Distribution::Erlang { shape, mean } => {
                let sum: f64 = (0..*shape).map(|_| standard_exponential(source)).sum();
                scaled(*mean, sum / f64::from(*shape))
            }
            Distribution::Hyperexponential { mean, cv2 } => {
                let share = first_phase_share(*cv2);
                let phase = if source.chance(share) {
                    share
                } else {
                    1.0 - share
                };
                scaled(*mean, standard_exponential(source) / (2.0 * phase))
            }
            Distribution::Lognormal { median, sigma, cap } => {
                let length = scaled(
                    *median,
                    exp(sigma * normal_quantile(strictly_inside(source))),
                );
                cap.map_or(length, |cap| length.min(cap))
            }
            Distribution::Weibull { shape, scale } => {
                scaled(*scale, pow(standard_exponential(source), 1.0 / shape))
            }
            Distribution::Empirical(table) => table.sample(source).max(Span::from_nanos(1)),
        }
    }
}

/// An exponential variate of mean 1, by inversion.
#[inline]
fn standard_exponential(source: &mut impl Source) -> f64 {
    -ln(1.0 - source.unit())
}

/// A number strictly between 0 and 1, in the middle of one of 2^52 equal parts.
fn strictly_inside(source: &mut impl Source) -> f64 {
    const PARTS: f64 = (1_u64 << 52) as f64;
    ((source.bits() >> 12) as f64 + 0.5) / PARTS
}

/// So many times the unit, cut off to whole nanoseconds.
#[inline]
fn scaled(unit: Span, times: f64) -> Span {
    Span::from_nanos_f64_truncated(unit.as_nanos() as f64 * times)
}

/// How often the shorter phase of a hyperexponential law with balanced means is chosen.
///
/// (1 + sqrt((c - 1) / (c + 1))) / 2 for the squared coefficient of variation c (Whitt 1982).
fn first_phase_share(cv2: f64) -> f64 {
    (1.0 + sqrt((cv2 - 1.0) / (cv2 + 1.0))) / 2.0
}

/// Passes if the condition holds, and complains otherwise.
fn require(condition: bool, complaint: &'static str) -> Result<(), &'static str> {
    if condition { Ok(()) } else { Err(complaint) }
}

#[cfg(test)]
mod tests;
