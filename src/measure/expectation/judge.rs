//! Whether what came out is what must come out.

use super::found::{Found, pooled};
use super::{BINOMIAL_ALPHA, Bound, ErrorModel, Expectation, Judgement, Statistic, Verdict};
use crate::measure::interval::count_fits;
use crate::measure::metric::Measure;
use crate::measure::run::Run;

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

/// Compares the values of the expectation's metric, run by run, with it: [`judge`] for runs that are gone.
pub fn judge_measures(expectation: &Expectation, measures: &[Measure]) -> Judgement {
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
        Bound::AtMost(most) => found.within(f64::NEG_INFINITY, most),
        Bound::AtLeast(least) => found.within(least, f64::INFINITY),
        Bound::Between(least, most) => found.within(least, most),
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
fn counts_in_words(statistic: Statistic, measures: &[Measure]) -> String {
    match pooled(measures) {
        Some((hits, trials)) if statistic == Statistic::Mean => format!(" ({hits} of {trials})"),
        _ => String::new(),
    }
}
impl Expectation {
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

#[cfg(test)]
mod tests {
    use super::super::RESOLUTION;
    use super::*;
    use crate::measure::metric::MetricUse;
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
