//! How far an estimate can be trusted: intervals over replications and for counts.

use crate::kernel::math::{atan2, cos, ln, normal_quantile, sin, sqrt};

/// A closed interval.
#[derive(Clone, Copy, PartialEq, Debug, serde::Serialize)]
pub struct Interval {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
}

impl Interval {
    /// Whether a value lies in it.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Half of its width.
    pub fn half_width(&self) -> f64 {
        (self.high - self.low) / 2.0
    }
}

/// An estimate from independent replications, with its standard error.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Estimate {
    /// The estimate: the quotient of the sums.
    pub value: f64,
    /// Its standard error; none from a single replication.
    pub standard_error: Option<f64>,
    /// How many replications it comes from.
    pub replications: usize,
}

impl Estimate {
    /// The quotient of the sums of numerators and denominators, one pair per replication; none if nothing was measured.
    ///
    /// Standard error by the delta method: s^2 = n/(n-1) sum (y - r x)^2 / (sum x)^2, with one x and y per
    /// replication and r the estimate (Law 2015, section 9.4; Cochran 1977, section 2.11). With all denominators
    /// equal it is that of an ordinary mean.
    pub fn of(pairs: &[(f64, f64)]) -> Option<Estimate> {
        let (above, below) = pairs
            .iter()
            .fold((0.0, 0.0), |(y, x), pair| (y + pair.0, x + pair.1));
        if below <= 0.0 {
            return None;
        }
        let (value, n) = (above / below, pairs.len() as f64);
        let squares: f64 = pairs
            .iter()
            .map(|(y, x)| (y - value * x) * (y - value * x))
            .sum();
        let standard_error = (pairs.len() > 1).then(|| sqrt(squares * n / (n - 1.0)) / below);
        Some(Estimate {
            value,
            standard_error,
            replications: pairs.len(),
        })
    }

    /// The interval that misses the truth with probability `alpha`, by Student's t; none from a single replication.
    pub fn interval(&self, alpha: f64) -> Option<Interval> {
        let half = self.standard_error? * student_t(self.replications - 1, alpha);
        Some(Interval {
            low: self.value - half,
            high: self.value + half,
        })
    }
}

/// The value that the size of a Student's t variable exceeds with probability `alpha`.
///
/// Up to 1,000 degrees of freedom by bisection of the finite series of Abramowitz & Stegun 26.7.3 and 26.7.4
/// (relative error below 1e-6 down to `alpha` = 1e-9); above by their expansion 26.7.5 (below 1e-6).
///
/// # Panics
/// Without a degree of freedom, or if `alpha` is not between 0 and 1.
///
/// ```
/// use tunnelsim::measure::interval::student_t;
/// assert!((student_t(9, 0.05) - 2.262157).abs() < 1e-6);
/// ```
pub fn student_t(degrees: usize, alpha: f64) -> f64 {
    assert!(
        degrees > 0 && alpha > 0.0 && alpha < 1.0,
        "a degree of freedom and a probability"
    );
    if degrees > 1_000 {
        return expanded_t(degrees as f64, -normal_quantile(alpha / 2.0));
    }
    let mut high = 1.0;
    while outside(high, degrees) > alpha {
        high *= 2.0;
    }
    let mut low = 0.0;
    for _ in 0..200 {
        let middle = (low + high) / 2.0;
        if outside(middle, degrees) > alpha {
            low = middle;
        } else {
            high = middle;
        }
    }
    high
}

/// The probability that the size of a Student's t variable exceeds `t`.
fn outside(t: f64, degrees: usize) -> f64 {
    let angle = atan2(t, sqrt(degrees as f64));
    let (sine, cosine) = (sin(angle), cos(angle));
    // The series runs over even powers of the cosine for even degrees, over odd ones for odd degrees.
    let (mut term, first) = if degrees.is_multiple_of(2) {
        (1.0, 2)
    } else {
        (cosine, 3)
    };
    let mut sum = if degrees == 1 { 0.0 } else { term };
    for step in (first..degrees).step_by(2) {
        let step = step as f64;
        term *= cosine * cosine * (step - 1.0) / step;
        sum += term;
    }
    let inside = if degrees.is_multiple_of(2) {
        sine * sum
    } else {
        (angle + sine * sum) * std::f64::consts::FRAC_2_PI
    };
    1.0 - inside
}

fn expanded_t(degrees: f64, z: f64) -> f64 {
    let squared = z * z;
    let first = z * (squared + 1.0) / 4.0;
    let second = z * ((5.0 * squared + 16.0) * squared + 3.0) / 96.0;
    let third = z * (((3.0 * squared + 19.0) * squared + 17.0) * squared - 15.0) / 384.0;
    z + (first + (second + third / degrees) / degrees) / degrees
}

/// Wilson's score interval for a share, missing the truth with probability about `alpha`; everything without trials.
pub fn wilson(hits: u64, trials: u64, alpha: f64) -> Interval {
    if trials == 0 {
        return Interval {
            low: 0.0,
            high: 1.0,
        };
    }
    let (n, share, z) = (
        trials as f64,
        hits as f64 / trials as f64,
        -normal_quantile(alpha / 2.0),
    );
    let scale = 1.0 + z * z / n;
    let centre = (share + z * z / (2.0 * n)) / scale;
    let half = z / scale * sqrt(share * (1.0 - share) / n + z * z / (4.0 * n * n));
    Interval {
        low: (centre - half).max(0.0),
        high: (centre + half).min(1.0),
    }
}

/// Upper 95 % bound of a probability after `trials` independent trials without a hit: 3 / n.
pub fn rule_of_three(trials: u64) -> f64 {
    if trials == 0 {
        1.0
    } else {
        (3.0 / trials as f64).min(1.0)
    }
}

/// Whether a count of hits fits a probability: Chernoff's bound on a deviation that large is at least `alpha`.
///
/// Both tails together: the count is refused if 2 e^(-n D) < alpha, with D the relative entropy of the share found
/// to the probability (Hoeffding 1963, theorem 1). No normal approximation; true probabilities are refused with
/// probability below `alpha`, whatever n and p are.
pub fn count_fits(hits: u64, trials: u64, probability: f64, alpha: f64) -> bool {
    exponent(hits, trials, probability) <= ln(2.0 / alpha)
}

/// All probabilities that a count of hits fits, in the sense of [`count_fits`].
pub fn chernoff(hits: u64, trials: u64, alpha: f64) -> Interval {
    if trials == 0 {
        return Interval {
            low: 0.0,
            high: 1.0,
        };
    }
    let share = hits as f64 / trials as f64;
    let edge = |outside: f64| {
        let (mut inside, mut outside) = (share, outside);
        if count_fits(hits, trials, outside, alpha) {
            return outside;
        }
        for _ in 0..100 {
            let middle = (inside + outside) / 2.0;
            let fits = count_fits(hits, trials, middle, alpha);
            *if fits { &mut inside } else { &mut outside } = middle;
        }
        inside
    };
    Interval {
        low: edge(0.0),
        high: edge(1.0),
    }
}

/// The number of trials times the relative entropy of the share found to a probability.
fn exponent(hits: u64, trials: u64, probability: f64) -> f64 {
    let part = |count: u64, expected: f64| match count {
        0 => 0.0,
        _ if expected <= 0.0 => f64::INFINITY,
        _ => count as f64 * ln(count as f64 / (expected * trials as f64)),
    };
    part(hits, probability) + part(trials - hits, 1.0 - probability)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn students_t_agrees_with_published_values() {
        // Two-sided critical values; 5.42 and 3.45 for 63 degrees are those of the test plan.
        for (degrees, alpha, expected) in [
            (1, 0.05, 12.706_204_736),
            (1, 0.001, 636.619_248_769),
            (2, 0.05, 4.302_652_730),
            (2, 0.01, 9.924_843_201),
            (3, 0.01, 5.840_909_310),
            (4, 0.05, 2.776_445_105),
            (5, 0.001, 6.868_826_625),
            (9, 0.05, 2.262_157_163),
            (10, 0.05, 2.228_138_852),
            (29, 0.05, 2.045_229_642),
            (30, 0.001, 3.645_958_635),
            (63, 0.05, 1.998_340_543),
            (120, 0.05, 1.979_930_405),
            (1_000, 0.05, 1.962_339_081),
        ] {
            let t = student_t(degrees, alpha);
            assert!((t / expected - 1.0).abs() < 1e-8, "{degrees} {alpha}: {t}");
        }
        assert!((student_t(63, 1e-6) - 5.42).abs() < 0.005);
    }

    #[test]
    fn the_series_and_the_expansion_of_students_t_meet() {
        for alpha in [0.5, 0.05, 1e-3, 1e-6, 1e-9] {
            let (series, expansion) = (
                student_t(1_000, alpha),
                expanded_t(1_000.0, -normal_quantile(alpha / 2.0)),
            );
            assert!(
                (series / expansion - 1.0).abs() < 1e-6,
                "{alpha}: {series} {expansion}"
            );
        }
    }

    #[test]
    fn a_mean_has_its_ordinary_standard_error() {
        let estimate = Estimate::of(&[(1.0, 1.0), (2.0, 1.0), (3.0, 1.0), (6.0, 1.0)]).unwrap();
        assert_eq!(estimate.value, 3.0);
        assert!((estimate.standard_error.unwrap() - sqrt(14.0 / 3.0 / 4.0)).abs() < 1e-15);
        let half = estimate.interval(0.05).unwrap().half_width();
        assert!((half - 3.182_446_305 * estimate.standard_error.unwrap()).abs() < 1e-8);
    }

    #[test]
    fn the_quotient_of_sums_is_not_the_mean_of_quotients() {
        let estimate = Estimate::of(&[(1.0, 1.0), (0.0, 9.0)]).unwrap();
        assert_eq!(estimate.value, 0.1);
        assert_eq!(Estimate::of(&[(0.0, 0.0)]), None);
        assert_eq!(Estimate::of(&[(1.0, 2.0)]).unwrap().interval(0.05), None);
    }

    #[test]
    fn wilson_agrees_with_a_published_example() {
        // Newcombe, Statistics in Medicine 17 (1998) 857, table I: 81 of 263 gives 0.2553 to 0.3662.
        let interval = wilson(81, 263, 0.05);
        assert!((interval.low - 0.2553).abs() < 5e-5 && (interval.high - 0.3662).abs() < 5e-5);
        assert!((wilson(0, 20, 0.05).high - 0.1611).abs() < 5e-5);
    }

    #[test]
    fn chernoffs_half_widths_are_those_of_the_test_plan() {
        for (share, expected) in [(0.5, 0.0033), (0.125, 0.0022), (1.0 / 512.0, 0.000_30)] {
            let hits = (share * 1e6) as u64;
            let half = chernoff(hits, 1_000_000, 1e-9).half_width();
            assert!((half / expected - 1.0).abs() < 0.05, "{share}: {half}");
        }
    }

    #[test]
    fn certain_and_impossible_events_are_judged_exactly() {
        assert!(count_fits(0, 1_000, 0.0, 1e-9) && count_fits(1_000, 1_000, 1.0, 1e-9));
        assert!(!count_fits(1, 1_000_000, 0.0, 1e-9) && !count_fits(999, 1_000, 1.0, 1e-9));
        assert_eq!(
            chernoff(0, 0, 1e-9),
            Interval {
                low: 0.0,
                high: 1.0
            }
        );
        assert_eq!((rule_of_three(300), rule_of_three(0)), (0.01, 1.0));
    }

    #[test]
    fn the_ends_of_chernoffs_interval_just_fit() {
        let interval = chernoff(30, 1_000, 1e-6);
        assert!(
            count_fits(30, 1_000, interval.low, 1e-6)
                && !count_fits(30, 1_000, interval.low * 0.9999, 1e-6)
        );
        assert!(
            count_fits(30, 1_000, interval.high, 1e-6)
                && !count_fits(30, 1_000, interval.high * 1.0001, 1e-6)
        );
    }
}
