//! What a scenario says must come out, and whether it did.

mod found;
mod judge;

use serde::Serialize;

use super::interval::Interval;
use super::metric::{MetricUse, Unit, digits};

pub use judge::{judge, judge_measures};

/// Probability with which a true binomial expectation is refused.
pub const BINOMIAL_ALPHA: f64 = 1e-9;

/// Probability with which a true expectation over replications is refused.
pub const REPLICATIONS_ALPHA: f64 = 1e-6;

/// Probability with which a printed interval misses the truth; bounds are judged by it too.
pub const PRINTED_ALPHA: f64 = 0.05;

/// Half-width, relative to the expected value, above which `equals` proves nothing unless told otherwise.
pub const RESOLUTION: f64 = 0.25;

/// Where the error of an estimate comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorModel {
    /// Independent trials: Chernoff's bound at [`BINOMIAL_ALPHA`].
    Binomial,
    /// Independent replications: Student's t at [`REPLICATIONS_ALPHA`].
    Replications,
}

/// What is demanded of the value. Times are in nanoseconds, shares between 0 and 1.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Bound {
    /// Statistically no different from this value.
    Equals {
        /// The value.
        value: f64,
        /// Where the error comes from.
        error: ErrorModel,
        /// Greatest half-width, relative to the value, with which the comparison proves something.
        resolution: f64,
    },
    /// This very value, in every run; a share is met by the whole numbers of hits next to it.
    Exactly(f64),
    /// No more than this.
    AtMost(f64),
    /// No less than this.
    AtLeast(f64),
    /// No less than the one and no more than the other.
    Between(f64, f64),
}

/// What is made of the values of several runs.
#[derive(Clone, Copy, PartialEq, Debug, Default)]
pub enum Statistic {
    /// The quotient of the sums: the mean.
    #[default]
    Mean,
    /// The value below which this share of the runs lies.
    Quantile(f64),
    /// The least value of all runs.
    Minimum,
    /// The greatest value of all runs.
    Maximum,
}

/// A demand on a metric.
#[derive(Clone, PartialEq, Debug)]
pub struct Expectation {
    /// What is measured.
    pub metric: MetricUse,
    /// What is made of the values of several runs.
    pub statistic: Statistic,
    /// What is demanded.
    pub bound: Bound,
}

/// How a demand was met.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// It is met.
    Passed,
    /// It is not met.
    Failed,
    /// The error is too great to tell.
    Inconclusive,
}

/// The judgement on one expectation.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct Judgement {
    /// How it was met.
    pub verdict: Verdict,
    /// The value; none if no run had one.
    pub value: Option<f64>,
    /// The value in words.
    pub measured: String,
    /// The demand in words.
    pub expected: String,
    /// The interval that the verdict is about.
    pub interval: Option<Interval>,
    /// The stated statistical error in words.
    pub error: String,
}
impl Expectation {
    /// Says what does not fit together in it.
    ///
    /// # Errors
    /// In words for the author of the scenario.
    pub fn check(&self) -> Result<(), &'static str> {
        let is_binomial = matches!(
            self.bound,
            Bound::Equals {
                error: ErrorModel::Binomial,
                ..
            }
        );
        let is_quantile = matches!(self.statistic, Statistic::Quantile(_));
        match (self.statistic, self.bound) {
            (Statistic::Quantile(q), _) if !(q > 0.0 && q < 1.0) => {
                Err("a quantile lies between 0 and 1")
            }
            (_, Bound::Between(least, most)) if least > most => {
                Err("between asks for the smaller value first")
            }
            (Statistic::Minimum | Statistic::Maximum, Bound::Equals { .. }) => Err(
                "the least or greatest value of all runs has no statistical error; use exactly or a bound",
            ),
            _ if is_binomial && !is_quantile && self.metric.entry.unit != Unit::Share => {
                Err("error: binomial needs a share of countable trials; use error: replications")
            }
            _ => Ok(()),
        }
    }

    /// The demand in words.
    pub fn in_words(&self) -> String {
        let text = |value| self.metric.entry.unit.text(value);
        let of = match self.statistic {
            Statistic::Mean => String::new(),
            Statistic::Quantile(q) => format!("{} quantile of runs ", digits(q, 6)),
            Statistic::Minimum => "least of runs ".to_owned(),
            Statistic::Maximum => "greatest of runs ".to_owned(),
        };
        of + &match self.bound {
            Bound::Equals { value, .. } => format!("equals {}", text(value)),
            Bound::Exactly(value) => format!("exactly {}", text(value)),
            Bound::AtMost(most) => format!("at most {}", text(most)),
            Bound::AtLeast(least) => format!("at least {}", text(least)),
            Bound::Between(least, most) => format!("between {} and {}", text(least), text(most)),
        }
    }
}
