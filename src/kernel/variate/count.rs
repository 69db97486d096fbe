//! Laws of whole numbers.

use super::{Table, require};
use crate::kernel::math::{ln, ln_1p};
use crate::kernel::random::Source;

/// A law of whole numbers, such as the number of requests of a session.
///
/// Each draw takes one word (a constant none) and does not fall when the word rises.
#[derive(Clone, Debug, PartialEq)]
pub enum Count {
    /// Always this number.
    Constant(u64),
    /// How many tosses until the first success: 1, 2, 3, … with this mean.
    Geometric {
        /// Mean, at least 1.
        mean: f64,
    },
    /// Every whole number from `low` to `high` alike, both included.
    Uniform {
        /// The least number.
        low: u64,
        /// The greatest number.
        high: u64,
    },
    /// Measured numbers with their weights.
    Empirical(Table<u64>),
}

impl Count {
    /// Whether the parameters make sense.
    ///
    /// # Errors
    /// Says what does not, in words for the scenario's author.
    ///
    /// ```
    /// use tunnelsim::kernel::variate::Count;
    /// assert!(Count::Geometric { mean: 0.5 }.check().is_err());
    /// ```
    pub fn check(&self) -> Result<(), &'static str> {
        match *self {
            Count::Constant(_) | Count::Empirical(_) => Ok(()),
            Count::Geometric { mean } => require(
                (1.0..=1e9).contains(&mean),
                "the mean must lie between 1 and 1e9",
            ),
            Count::Uniform { low, high } => {
                require(
                    low <= high,
                    "the first number must not be greater than the second",
                )?;
                require(high - low < u64::MAX, "low and high lie too far apart")
            }
        }
    }

    /// Draws a number; the parameters must have passed [`Count::check`].
    ///
    /// ```
    /// use tunnelsim::kernel::random::Keyed;
    /// use tunnelsim::kernel::variate::Count;
    /// let requests = Count::Geometric { mean: 8.0 };
    /// assert!(requests.sample(&mut Keyed::new(1, 2, 3, 4)) >= 1);
    /// ```
    pub fn sample(&self, source: &mut impl Source) -> u64 {
        match self {
            Count::Constant(number) => *number,
            // The number of whole times that an exponential variate contains its step.
            Count::Geometric { mean } => {
                let failures = ln(1.0 - source.unit()) / ln_1p(-1.0 / mean);
                1 + failures as u64
            }
            Count::Uniform { low, high } => low + source.below(high - low + 1),
            Count::Empirical(table) => table.sample(source),
        }
    }

    /// The mean.
    ///
    /// ```
    /// use tunnelsim::kernel::variate::Count;
    /// assert_eq!(Count::Uniform { low: 1, high: 4 }.mean(), 2.5);
    /// ```
    pub fn mean(&self) -> f64 {
        match self {
            Count::Constant(number) => *number as f64,
            Count::Geometric { mean } => *mean,
            Count::Uniform { low, high } => (*low as f64 + *high as f64) / 2.0,
            Count::Empirical(table) => table.mean_of(|number| number as f64),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::Keyed;

    fn laws() -> [Count; 4] {
        [
            Count::Constant(3),
            Count::Geometric { mean: 8.0 },
            Count::Uniform { low: 2, high: 6 },
            Count::Empirical(Table::new(vec![(1, 6), (5, 3), (40, 1)]).unwrap()),
        ]
    }

    #[test]
    fn the_first_draws_are_these_very_numbers() {
        let first = laws().map(|law| {
            law.check().unwrap();
            let mut source = Keyed::new(42, 0, 0, 0);
            std::array::from_fn(|_| law.sample(&mut source))
        });
        let expected: [[u64; 16]; 4] = [
            [3; 16],
            [5, 1, 8, 2, 29, 6, 19, 4, 3, 1, 3, 5, 6, 1, 7, 2],
            [4, 2, 5, 2, 6, 4, 6, 3, 3, 2, 3, 4, 4, 2, 4, 2],
            [1, 1, 5, 1, 40, 1, 40, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        ];
        assert_eq!(first, expected);
    }

    #[test]
    fn the_mean_is_that_of_the_draws() {
        const DRAWS: u64 = 200_000;
        for law in laws() {
            let mut source = Keyed::new(1, 0, 0, 0);
            let sum: u64 = (0..DRAWS).map(|_| law.sample(&mut source)).sum();
            let mean = sum as f64 / DRAWS as f64;
            // Five standard errors of the widest law here, whose deviation is 12.
            assert!((mean - law.mean()).abs() < 0.13, "{law:?}: {mean}");
        }
    }

    #[test]
    fn a_geometric_number_begins_at_one_and_halves() {
        let law = Count::Geometric { mean: 2.0 };
        let mut source = Keyed::new(1, 0, 0, 0);
        let mut counts = [0_i64; 64];
        (0..64_000).for_each(|_| counts[law.sample(&mut source) as usize] += 1);
        assert_eq!(counts[0], 0);
        for (number, expected) in [(1, 32_000), (2, 16_000), (3, 8_000), (4, 4_000)] {
            // The standard deviation is at most 127.
            assert!(
                (counts[number] - expected).abs() < 640,
                "{number}: {}",
                counts[number]
            );
        }
        let once = Count::Geometric { mean: 1.0 };
        assert!((0..100).all(|_| once.sample(&mut source) == 1));
    }

    #[test]
    fn parameters_without_meaning_are_refused() {
        assert!(Count::Geometric { mean: f64::NAN }.check().is_err());
        assert!(Count::Uniform { low: 2, high: 1 }.check().is_err());
        assert!(
            Count::Uniform {
                low: 0,
                high: u64::MAX
            }
            .check()
            .is_err()
        );
    }
}
