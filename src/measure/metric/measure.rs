//! The value of a metric in one run, and how values are written.

use serde::Serialize;

/// The value of a metric in one run. Times are in nanoseconds, shares between 0 and 1.
///
/// It keeps numerator and denominator apart, because over several runs the quotient of the sums is the right
/// estimate and the mean of the quotients is not.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Measure {
    /// A share of countable trials.
    Ratio {
        /// Trials that were hits.
        hits: u64,
        /// All trials.
        trials: u64,
    },
    /// A sum, and what it is to be divided by.
    Mean {
        /// The sum.
        sum: f64,
        /// How much it is about: a number of things or a length of time.
        weight: f64,
    },
    /// One value of the run as a whole.
    Value(f64),
    /// The run has no such value: nothing of the kind happened.
    Missing,
}

impl Measure {
    /// A share.
    pub fn ratio(hits: u64, trials: u64) -> Measure {
        Measure::Ratio { hits, trials }
    }

    /// A mean; missing if it is about nothing.
    pub fn mean(sum: f64, weight: f64) -> Measure {
        if weight > 0.0 {
            Measure::Mean { sum, weight }
        } else {
            Measure::Missing
        }
    }

    /// A count.
    pub fn count(n: u64) -> Measure {
        Measure::Value(n as f64)
    }

    /// Numerator and denominator; none if the denominator is nothing.
    pub fn fraction(self) -> Option<(f64, f64)> {
        match self {
            Measure::Ratio { hits, trials } => (trials > 0).then_some((hits as f64, trials as f64)),
            Measure::Mean { sum, weight } => Some((sum, weight)),
            Measure::Value(value) => Some((value, 1.0)),
            Measure::Missing => None,
        }
    }

    /// The value.
    pub fn value(self) -> Option<f64> {
        self.fraction()
            .map(|(numerator, denominator)| numerator / denominator)
    }
}

impl From<Option<f64>> for Measure {
    fn from(value: Option<f64>) -> Measure {
        value.map_or(Measure::Missing, Measure::Value)
    }
}

/// What the values of a metric are.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// A share between 0 and 1, written in per cent.
    Share,
    /// A number of things.
    Count,
    /// A time in nanoseconds, written in milliseconds.
    Milliseconds,
    /// A time in nanoseconds, written in seconds.
    Seconds,
    /// Things per second.
    PerSecond,
}

impl Unit {
    /// Whether values are times in nanoseconds.
    pub fn is_time(self) -> bool {
        matches!(self, Unit::Milliseconds | Unit::Seconds)
    }

    /// A value in the unit it is written in: per cent, milliseconds, seconds, or as it is.
    pub fn scaled(self, value: f64) -> f64 {
        match self {
            Unit::Share => value * 100.0,
            Unit::Count | Unit::PerSecond => value,
            Unit::Milliseconds => value / 1e6,
            Unit::Seconds => value / 1e9,
        }
    }

    /// The word or sign behind a written value.
    pub fn suffix(self) -> &'static str {
        match self {
            Unit::Share => " %",
            Unit::Count => "",
            Unit::Milliseconds => " ms",
            Unit::Seconds => " s",
            Unit::PerSecond => "/s",
        }
    }

    /// A value with its unit, to six significant digits.
    pub fn text(self, value: f64) -> String {
        format!("{}{}", digits(self.scaled(value), 6), self.suffix())
    }
}

/// A number with so many significant digits, trailing zeros of the fraction left out; whole numbers stay whole.
pub fn digits(value: f64, significant: usize) -> String {
    if !value.is_finite() {
        return value.to_string();
    }
    if value == value.trunc() && value.abs() < 1e15 {
        return format!("{value:.0}");
    }
    let exponent = format!("{value:e}")
        .split_once('e')
        .map_or(0, |(_, power)| power.parse::<i64>().unwrap_or(0));
    let decimals = (significant as i64 - 1 - exponent).clamp(0, 17) as usize;
    let text = format!("{value:.decimals$}");
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_in_their_unit() {
        assert_eq!(Unit::Share.text(0.5), "50 %");
        assert_eq!(Unit::Share.text(0.002_290_001), "0.229 %");
        assert_eq!(Unit::Count.text(180_233.0), "180233");
        assert_eq!(Unit::Milliseconds.text(36_200_000.0), "36.2 ms");
        assert_eq!(Unit::Seconds.text(7_654_321_987.0), "7.65432 s");
        assert_eq!(Unit::PerSecond.text(1.0 / 3.0), "0.333333/s");
        assert_eq!(digits(1e-9 / 3.0, 3), "0.000000000333");
        assert_eq!(digits(-0.25, 6), "-0.25");
    }

    #[test]
    fn nothing_of_nothing_is_missing() {
        assert_eq!(Measure::ratio(0, 0).value(), None);
        assert_eq!(Measure::mean(0.0, 0.0), Measure::Missing);
        assert_eq!(Measure::ratio(1, 4).value(), Some(0.25));
    }
}
