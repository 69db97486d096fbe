//! What a scenario says must come out, and whether it did.

use serde::Serialize;

use super::interval::{Estimate, Interval, chernoff, count_fits};
use super::metric::{Measure, MetricUse, Unit};
use super::run::Run;

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

/// The value of a statistic with its interval and the words for both.
struct Found {
    value: f64,
    interval: Option<Interval>,
    error: String,
}

/// Compares the runs of a scenario with an expectation.
///
/// A metric without a value in any run fails. One run is compared as it is, except that `equals` asks for its error
/// model; with several, a bound that lies in the 95 % interval leaves the matter open.
///
/// ```
/// use tunnelsim::measure::expectation::{Bound, Expectation, Statistic, Verdict, judge};
/// use tunnelsim::measure::metric::{MetricUse, find};
/// use tunnelsim::measure::selection::Selection;
/// let metric = MetricUse::new(find("share_502").unwrap(), Selection::default()).unwrap();
/// let expectation = Expectation { metric, statistic: Statistic::Mean, bound: Bound::Exactly(0.0) };
/// assert_eq!(judge(&expectation, &[]).verdict, Verdict::Failed);
/// ```
pub fn judge(expectation: &Expectation, runs: &[&Run]) -> Judgement {
    let measures: Vec<Measure> = runs
        .iter()
        .map(|run| run.measure(&expectation.metric))
        .collect();
    judge_measures(expectation, &measures)
}

fn judge_measures(expectation: &Expectation, measures: &[Measure]) -> Judgement {
    let (bound, unit) = (expectation.bound, expectation.metric.entry.unit);
    let present: Vec<Measure> = measures
        .iter()
        .copied()
        .filter(|it| it.value().is_some())
        .collect();
    let expected = expectation.in_words();
    let Some(found) = expectation.find(&present) else {
        let (measured, error) = ("nothing to measure".to_owned(), String::new());
        return Judgement {
            verdict: Verdict::Failed,
            value: None,
            measured,
            expected,
            interval: None,
            error,
        };
    };
    let verdict = match bound {
        Bound::Exactly(value) if expectation.statistic == Statistic::Mean => {
            verdict(present.iter().all(|measure| is_exactly(*measure, value)))
        }
        Bound::Equals {
            value,
            error,
            resolution,
        } => expectation.equals(value, error, resolution, &present, &found),
        Bound::Exactly(value) => verdict(found.value == value),
        Bound::AtMost(most) => within(&found, f64::NEG_INFINITY, most),
        Bound::AtLeast(least) => within(&found, least, f64::INFINITY),
        Bound::Between(least, most) => within(&found, least, most),
    };
    let absent = match measures.len() - present.len() {
        0 => String::new(),
        absent => format!("; {absent} of {} runs have none", measures.len()),
    };
    let measured = format!(
        "{}{}{absent}",
        unit.text(found.value),
        counts_in_words(expectation.statistic, &present)
    );
    Judgement {
        verdict,
        value: Some(found.value),
        measured,
        expected,
        interval: found.interval,
        error: found.error,
    }
}

fn verdict(passed: bool) -> Verdict {
    if passed {
        Verdict::Passed
    } else {
        Verdict::Failed
    }
}

/// A share is met by the whole numbers of hits next to it; anything else by the very value.
fn is_exactly(measure: Measure, value: f64) -> bool {
    match measure {
        Measure::Ratio { hits, trials } => (hits as f64 - value * trials as f64).abs() < 1.0,
        other => other.value() == Some(value),
    }
}

/// Compares the interval, or the value where there is none, with two ends.
fn within(found: &Found, least: f64, most: f64) -> Verdict {
    let Interval { low, high } = found.interval.unwrap_or(Interval {
        low: found.value,
        high: found.value,
    });
    if least <= low && high <= most {
        Verdict::Passed
    } else if high < least || low > most {
        Verdict::Failed
    } else {
        Verdict::Inconclusive
    }
}

/// Hits and trials of all runs; none if the measures are no shares of countable trials.
fn pooled(measures: &[Measure]) -> Option<(u64, u64)> {
    measures
        .iter()
        .try_fold((0, 0), |(all_hits, all_trials), measure| match measure {
            Measure::Ratio { hits, trials } => Some((all_hits + hits, all_trials + trials)),
            _ => None,
        })
}

fn counts_in_words(statistic: Statistic, measures: &[Measure]) -> String {
    match pooled(measures) {
        Some((hits, trials)) if statistic == Statistic::Mean => format!(" ({hits} of {trials})"),
        _ => String::new(),
    }
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
            Statistic::Quantile(q) => format!("{} quantile of runs ", super::metric::digits(q, 6)),
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
    fn find(&self, present: &[Measure]) -> Option<Found> {
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

    /// Two guards: the value lies in the interval, and the interval is narrow enough to prove something.
    fn equals(
        &self,
        value: f64,
        error: ErrorModel,
        resolution: f64,
        present: &[Measure],
        found: &Found,
    ) -> Verdict {
        let Some(interval) = found.interval else {
            return Verdict::Inconclusive;
        };
        let is_mean = self.statistic == Statistic::Mean;
        let fits = match pooled(present) {
            Some((hits, trials)) if is_mean && error == ErrorModel::Binomial => {
                count_fits(hits, trials, value, BINOMIAL_ALPHA)
            }
            None if is_mean && error == ErrorModel::Binomial => return Verdict::Inconclusive,
            _ => interval.contains(value),
        };
        let is_sharp = value == 0.0 || interval.half_width() <= resolution * value.abs();
        match (fits, is_sharp) {
            (false, _) => Verdict::Failed,
            (true, true) => Verdict::Passed,
            (true, false) => Verdict::Inconclusive,
        }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::metric::find;
    use crate::measure::selection::Selection;

    fn expectation(metric: &str, bound: Bound) -> Expectation {
        let metric = MetricUse::new(find(metric).unwrap(), Selection::default()).unwrap();
        Expectation {
            metric,
            statistic: Statistic::Mean,
            bound,
        }
    }

    fn check(metric: &str, bound: Bound, measures: &[Measure], expected: Verdict) -> Judgement {
        let judgement = judge_measures(&expectation(metric, bound), measures);
        assert_eq!(judgement.verdict, expected, "{judgement:?}");
        judgement
    }

    fn equals(value: f64, error: ErrorModel) -> Bound {
        Bound::Equals {
            value,
            error,
            resolution: RESOLUTION,
        }
    }

    #[test]
    fn exactly_means_the_whole_numbers_next_to_a_share() {
        let ratio = Measure::ratio;
        check(
            "share_502",
            Bound::Exactly(0.0),
            &[ratio(0, 9)],
            Verdict::Passed,
        );
        check(
            "share_502",
            Bound::Exactly(0.0),
            &[ratio(0, 9), ratio(1, 9_999)],
            Verdict::Failed,
        );
        check(
            "share_502",
            Bound::Exactly(1.0),
            &[ratio(8, 9)],
            Verdict::Failed,
        );
        check(
            "share_502",
            Bound::Exactly(0.5),
            &[ratio(4, 9), ratio(5, 9), ratio(4, 8)],
            Verdict::Passed,
        );
        check(
            "share_502",
            Bound::Exactly(0.5),
            &[ratio(3, 8)],
            Verdict::Failed,
        );
        check(
            "lost_requests",
            Bound::Exactly(3.0),
            &[Measure::count(3)],
            Verdict::Passed,
        );
    }

    #[test]
    fn a_binomial_count_is_judged_by_chernoff() {
        let half = equals(0.5, ErrorModel::Binomial);
        let judgement = check(
            "share_502",
            half,
            &[Measure::ratio(50_100, 100_000)],
            Verdict::Passed,
        );
        assert_eq!(judgement.measured, "50.1 % (50100 of 100000)");
        assert_eq!(judgement.expected, "equals 50 %");
        check(
            "share_502",
            half,
            &[Measure::ratio(51_100, 100_000)],
            Verdict::Failed,
        );
        check(
            "share_502",
            half,
            &[Measure::ratio(50, 100)],
            Verdict::Inconclusive,
        );
        check(
            "share_502",
            half,
            &[Measure::ratio(50_000, 99_000), Measure::ratio(200, 1_000)],
            Verdict::Passed,
        );
    }

    #[test]
    fn replications_are_judged_by_student() {
        let runs = |values: [f64; 8]| values.map(Measure::Value);
        let near = runs([9.9, 10.0, 10.1, 10.05, 9.95, 10.02, 9.98, 10.0]);
        check(
            "lost_requests",
            equals(10.0, ErrorModel::Replications),
            &near,
            Verdict::Passed,
        );
        check(
            "lost_requests",
            equals(11.0, ErrorModel::Replications),
            &near,
            Verdict::Failed,
        );
        let wide = runs([1.0, 19.0, 5.0, 15.0, 9.0, 11.0, 2.0, 18.0]);
        check(
            "lost_requests",
            equals(10.0, ErrorModel::Replications),
            &wide,
            Verdict::Inconclusive,
        );
        check(
            "lost_requests",
            equals(10.0, ErrorModel::Replications),
            &near[..1],
            Verdict::Inconclusive,
        );
    }

    #[test]
    fn a_bound_within_the_interval_leaves_the_matter_open() {
        let runs = [9.0, 10.0, 11.0, 10.0].map(Measure::Value);
        check(
            "lost_requests",
            Bound::AtMost(10.2),
            &runs,
            Verdict::Inconclusive,
        );
        check("lost_requests", Bound::AtMost(12.0), &runs, Verdict::Passed);
        check("lost_requests", Bound::AtMost(8.0), &runs, Verdict::Failed);
        check("lost_requests", Bound::AtLeast(8.0), &runs, Verdict::Passed);
        check(
            "lost_requests",
            Bound::Between(8.0, 12.0),
            &runs,
            Verdict::Passed,
        );
        check(
            "lost_requests",
            Bound::AtMost(9.5),
            &runs[..1],
            Verdict::Passed,
        );
    }

    #[test]
    fn what_cannot_be_measured_fails_and_runs_without_a_value_are_named() {
        let judgement = check(
            "noticed_s",
            Bound::AtMost(8e9),
            &[Measure::Missing],
            Verdict::Failed,
        );
        assert_eq!(
            (judgement.value, judgement.measured.as_str()),
            (None, "nothing to measure")
        );
        let some = [Measure::Missing, Measure::mean(5e9, 1.0)];
        let judgement = check("noticed_s", Bound::AtMost(8e9), &some, Verdict::Passed);
        assert_eq!(judgement.measured, "5 s; 1 of 2 runs have none");
    }

    #[test]
    fn quantiles_and_extremes_of_runs_can_be_demanded() {
        let runs: Vec<Measure> = (1..=1_000)
            .map(|i| Measure::Value(f64::from(i) * 1e9))
            .collect();
        let judged = |statistic, bound| {
            let asked = Expectation {
                statistic,
                ..expectation("noticed_s", bound)
            };
            asked.check().unwrap();
            judge_measures(&asked, &runs)
        };
        let median = equals(500e9, ErrorModel::Binomial);
        assert_eq!(
            judged(Statistic::Quantile(0.5), median).verdict,
            Verdict::Passed
        );
        let wrong = equals(700e9, ErrorModel::Binomial);
        assert_eq!(
            judged(Statistic::Quantile(0.5), wrong).verdict,
            Verdict::Failed
        );
        assert_eq!(
            judged(Statistic::Maximum, Bound::AtMost(1_000e9)).verdict,
            Verdict::Passed
        );
        assert_eq!(
            judged(Statistic::Minimum, Bound::AtLeast(1e9)).verdict,
            Verdict::Passed
        );
        assert_eq!(
            judged(Statistic::Maximum, Bound::AtMost(999e9)).expected,
            "greatest of runs at most 999 s"
        );
    }

    #[test]
    fn demands_that_make_no_sense_are_refused() {
        assert!(
            expectation("noticed_s", equals(5e9, ErrorModel::Binomial))
                .check()
                .is_err()
        );
        assert!(
            expectation("share_502", Bound::Between(0.2, 0.1))
                .check()
                .is_err()
        );
        let extreme = Expectation {
            statistic: Statistic::Maximum,
            ..expectation("share_502", equals(0.5, ErrorModel::Binomial))
        };
        assert!(extreme.check().is_err());
        assert!(
            expectation("share_502", equals(0.5, ErrorModel::Binomial))
                .check()
                .is_ok()
        );
    }
}
