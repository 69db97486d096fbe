//! The few laws that latency is drawn from, as plain factors and milliseconds.

use crate::kernel::math;
use crate::kernel::random::Source;
use crate::kernel::time::Span;

/// A lognormal number with this median; `sigma` is the standard deviation of its logarithm. Takes one word.
pub(super) fn lognormal(source: &mut impl Source, median: f64, sigma: f64) -> f64 {
    // The quantile of 0 is infinite; half a step above it is not.
    let probability = source.unit().max(f64::EPSILON / 4.0);
    median * math::exp(sigma * math::normal_quantile(probability))
}

/// A number between `low` and `high`, all equally likely. Takes one word.
pub(super) fn uniform(source: &mut impl Source, low: f64, high: f64) -> f64 {
    low + (high - low) * source.unit()
}

/// Milliseconds cut off to whole nanoseconds, at least 1 ns.
pub(super) fn millis(ms: f64) -> Span {
    Span::from_nanos_f64_truncated(ms * 1e6)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A source that always gives the same word.
    struct Stuck(u64);

    impl Source for Stuck {
        fn bits(&mut self) -> u64 {
            self.0
        }
    }

    #[test]
    fn the_extreme_words_give_finite_positive_numbers() {
        for word in [0, u64::MAX] {
            let factor = lognormal(&mut Stuck(word), 1.0, 2.0);
            assert!(factor > 0.0 && factor < 1e8, "{factor}");
        }
    }

    #[test]
    fn the_middle_word_gives_the_median() {
        assert!((lognormal(&mut Stuck(1 << 63), 4.5, 0.95) - 4.5).abs() < 1e-12);
    }
}
