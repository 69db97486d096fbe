//! The value that an expectation is about, with its interval.

use super::{
    BINOMIAL_ALPHA, Bound, ErrorModel, Expectation, PRINTED_ALPHA, REPLICATIONS_ALPHA, Statistic,
    Verdict,
};
use crate::measure::interval::{Estimate, Interval, chernoff, count_fits};
use crate::measure::metric::Measure;

/// The value of a statistic with its interval and the words for both.
pub(super) struct Found {
    /// The value.
    pub value: f64,
    /// The interval that the bound is judged by.
    pub interval: Option<Interval>,
    /// Where the interval comes from, in words.
    pub error: String,
}
impl Found {
    /// Compares the interval, or the value where there is none, with two ends.
    pub fn within(&self, least: f64, most: f64) -> Verdict {
        let Interval { low, high } = self.interval.unwrap_or(Interval {
            low: self.value,
            high: self.value,
        });
        if least <= low && high <= most {
            Verdict::Passed
        } else if high < least || low > most {
            Verdict::Failed
        } else {
            Verdict::Inconclusive
        }
    }
}

/// Hits and trials of all runs; none if the measures are no shares of countable trials.
pub(super) fn pooled(measures: &[Measure]) -> Option<(u64, u64)> {
    measures
        .iter()
        .try_fold((0, 0), |(all_hits, all_trials), measure| match measure {
            Measure::Ratio { hits, trials } => Some((all_hits + hits, all_trials + trials)),
            _ => None,
        })
}
impl Expectation {
    fn is_binomial(&self) -> bool {
        matches!(
            self.bound,
            Bound::Equals {
                error: ErrorModel::Binomial,
                ..
            }
        )
    }

    /// The value of the statistic with the interval that the bound is judged by.
    pub(super) fn find(&self, present: &[Measure]) -> Option<Found> {
        let mut values: Vec<f64> = present
            .iter()
            .filter_map(|measure| measure.value())
            .collect();
        values.sort_unstable_by(f64::total_cmp);
        match self.statistic {
            Statistic::Mean => self.find_mean(present),
            Statistic::Minimum => Some(plain(*values.first()?, present.len())),
            Statistic::Maximum => Some(plain(*values.last()?, present.len())),
            Statistic::Quantile(q) => self.find_quantile(&values, q),
        }
    }

    fn find_mean(&self, present: &[Measure]) -> Option<Found> {
        let pairs: Vec<(f64, f64)> = present
            .iter()
            .filter_map(|measure| measure.fraction())
            .collect();
        let estimate = Estimate::of(&pairs)?;
        if self.is_binomial()
            && let Some((hits, trials)) = pooled(present)
        {
            let error = format!("independent trials, Chernoff's bound, alpha {BINOMIAL_ALPHA:e}");
            return Some(Found {
                value: estimate.value,
                interval: Some(chernoff(hits, trials, BINOMIAL_ALPHA)),
                error,
            });
        }
        let alpha = match self.bound {
            Bound::Equals { .. } => REPLICATIONS_ALPHA,
            _ => PRINTED_ALPHA,
        };
        let Some(interval) = estimate.interval(alpha) else {
            return Some(plain(estimate.value, 1));
        };
        let error = format!(
            "{} replications, Student's t, alpha {alpha:e}",
            estimate.replications
        );
        Some(Found {
            value: estimate.value,
            interval: Some(interval),
            error,
        })
    }

    /// The quantile of sorted values; its interval lies between two of them, by Chernoff's bound on their ranks.
    fn find_quantile(&self, values: &[f64], q: f64) -> Option<Found> {
        let n = values.len();
        let alpha = if matches!(self.bound, Bound::Equals { .. }) {
            BINOMIAL_ALPHA
        } else {
            PRINTED_ALPHA
        };
        let rank = ((q * n as f64).ceil() as usize).clamp(1, n.max(1));
        let value = *values.get(rank - 1)?;
        let fitting = |below: &usize| count_fits(*below as u64, n as u64, q, alpha);
        let low = (0..=n)
            .find(fitting)
            .and_then(|below| values.get(below.checked_sub(1)?).copied());
        let high = (0..=n)
            .rev()
            .find(fitting)
            .and_then(|below| values.get(below).copied());
        let interval = Interval {
            low: low.unwrap_or(f64::NEG_INFINITY),
            high: high.unwrap_or(f64::INFINITY),
        };
        let error = format!("ranks of {n} replications, Chernoff's bound, alpha {alpha:e}");
        Some(Found {
            value,
            interval: Some(interval),
            error,
        })
    }
}

fn plain(value: f64, runs: usize) -> Found {
    let error = match runs {
        1 => "one run, no interval".to_owned(),
        _ => format!("{runs} runs, no interval"),
    };
    Found {
        value,
        interval: None,
        error,
    }
}
