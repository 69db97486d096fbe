//! Histograms of times with a fixed relative resolution.

/// Bits of resolution of the histograms that percentiles are read from: 2^-7, below 0.8 %.
pub const FINE: u32 = 7;

/// Bits of resolution of the histograms per time bucket: 2^-5, about 3 %.
pub const COARSE: u32 = 5;

/// A log-linear histogram of whole nanoseconds.
///
/// Values below `2^BITS` have a bucket each; above, every power of two is cut into `2^BITS` buckets of
/// equal width, so that a bucket is never wider than `2^-BITS` of its values. Merging adds counts, and
/// every tally is an integer: the order of recording changes nothing.
///
/// ```
/// use tunnelsim::measure::histogram::{FINE, Histogram};
/// let mut histogram = Histogram::<FINE>::default();
/// (1..=100).for_each(|value| histogram.record(value));
/// assert_eq!(histogram.quantile(0.5), Some(50));
/// ```
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Histogram<const BITS: u32> {
    /// Counts by bucket; as long as the greatest value recorded needs.
    counts: Vec<u64>,
    count: u64,
    sum: u128,
    max: u64,
}

impl<const BITS: u32> Histogram<BITS> {
    /// Adds one value.
    #[inline(always)] // See `Recorder::request_in`.
    pub fn record(&mut self, value: u64) {
        let bucket = Self::bucket(value);
        match self.counts.get_mut(bucket) {
            Some(count) => *count += 1,
            None => self.grow(bucket),
        }
        self.count += 1;
        self.sum += u128::from(value);
        self.max = self.max.max(value);
    }

    /// Adds a value of a bucket beyond all others.
    #[cold]
    fn grow(&mut self, bucket: usize) {
        self.counts.resize(bucket + 1, 0);
        self.counts[bucket] = 1;
    }

    /// Adds all values of another histogram.
    pub fn merge(&mut self, other: &Self) {
        if other.counts.len() > self.counts.len() {
            self.counts.resize(other.counts.len(), 0);
        }
        for (mine, theirs) in self.counts.iter_mut().zip(&other.counts) {
            *mine += theirs;
        }
        self.count += other.count;
        self.sum += other.sum;
        self.max = self.max.max(other.max);
    }

    /// How many values there are.
    pub fn count(&self) -> u64 {
        self.count
    }

    /// Their exact sum.
    pub fn sum(&self) -> u128 {
        self.sum
    }

    /// The greatest value, exactly; 0 if there is none.
    pub fn max(&self) -> u64 {
        self.max
    }

    /// The mean; none without values.
    pub fn mean(&self) -> Option<f64> {
        (self.count > 0).then(|| self.sum as f64 / self.count as f64)
    }

    /// The value at rank ceil(q x count), at least rank 1: no smaller value has a share of `q` at or below it.
    ///
    /// The answer is the greatest value of its bucket, or the maximum if that is smaller: never below the
    /// true value, and above it by less than `2^-BITS` of it. None without values.
    ///
    /// # Panics
    /// If `q` is not between 0 and 1.
    pub fn quantile(&self, q: f64) -> Option<u64> {
        assert!((0.0..=1.0).contains(&q), "a quantile between 0 and 1");
        if self.count == 0 {
            return None;
        }
        let rank = ((q * self.count as f64).ceil() as u64).clamp(1, self.count);
        let mut seen = 0;
        for (bucket, &count) in self.counts.iter().enumerate() {
            seen += count;
            if seen >= rank {
                return Some(Self::greatest(bucket).min(self.max));
            }
        }
        unreachable!("the counts add up to the count")
    }

    /// The buckets that hold something: greatest value and count, in rising order.
    pub fn buckets(&self) -> impl Iterator<Item = (u64, u64)> + '_ {
        let filled = self.counts.iter().enumerate().filter(|&(_, &n)| n > 0);
        filled.map(|(bucket, &n)| (Self::greatest(bucket), n))
    }

    /// The bucket of a value.
    #[inline]
    fn bucket(value: u64) -> usize {
        let shift = (value >> BITS).checked_ilog2().unwrap_or(0);
        ((u64::from(shift) << BITS) + (value >> shift)) as usize
    }

    /// The greatest value of a bucket.
    fn greatest(bucket: usize) -> u64 {
        let bucket = bucket as u64;
        let shift = (bucket >> BITS).saturating_sub(1);
        let first = (bucket - (shift << BITS)) << shift;
        first + ((1 << shift) - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn small_values_have_a_bucket_each() {
        for value in 0..256 {
            let bucket = Histogram::<FINE>::bucket(value);
            assert_eq!(Histogram::<FINE>::greatest(bucket), value);
        }
    }

    #[test]
    fn the_greatest_time_of_all_fits() {
        let bucket = Histogram::<FINE>::bucket(u64::MAX);
        assert_eq!(bucket, 58 * 128 - 1);
        assert_eq!(Histogram::<FINE>::greatest(bucket), u64::MAX);
    }

    #[test]
    fn an_empty_histogram_has_no_quantile_and_no_mean() {
        let histogram = Histogram::<FINE>::default();
        assert_eq!((histogram.quantile(0.5), histogram.mean()), (None, None));
    }

    #[test]
    fn quantiles_follow_the_rank() {
        let mut histogram = Histogram::<FINE>::default();
        (1..=4).for_each(|ten| histogram.record(10 * ten));
        let quantile = |q| histogram.quantile(q).unwrap();
        assert_eq!(
            [0.0, 0.25, 0.26, 0.5, 0.75, 1.0].map(quantile),
            [10, 10, 20, 20, 30, 40]
        );
    }

    #[test]
    fn values_are_counted_and_summed_exactly() {
        let mut histogram = Histogram::<FINE>::default();
        (1..=4).for_each(|hundred| histogram.record(100_100 * hundred));
        let totals = (histogram.count(), histogram.sum(), histogram.max());
        assert_eq!(totals, (4, 1_001_000, 400_400));
        assert_eq!(histogram.mean(), Some(250_250.0));
    }

    #[test]
    fn buckets_that_hold_nothing_are_left_out() {
        let mut histogram = Histogram::<FINE>::default();
        [3, 5, 5]
            .into_iter()
            .for_each(|value| histogram.record(value));
        let buckets: Vec<(u64, u64)> = histogram.buckets().collect();
        assert_eq!(buckets, [(3, 1), (5, 2)]);
    }

    proptest! {
        #[test]
        fn every_value_lies_in_its_bucket_and_no_bucket_is_too_wide(value: u64) {
            let bucket = Histogram::<COARSE>::bucket(value);
            let greatest = Histogram::<COARSE>::greatest(bucket);
            prop_assert!(greatest >= value && greatest - value <= value >> COARSE);
            prop_assert_eq!(Histogram::<COARSE>::bucket(greatest), bucket);
            prop_assert_eq!(greatest.checked_add(1).map(Histogram::<COARSE>::bucket).unwrap_or(bucket + 1), bucket + 1);
        }

        #[test]
        fn a_quantile_is_the_ranked_value_within_the_resolution(
            mut values in prop::collection::vec(0..10_000_000_000_u64, 1..200),
            q in 0.0..1.0_f64,
        ) {
            let mut histogram = Histogram::<FINE>::default();
            values.iter().for_each(|&value| histogram.record(value));
            values.sort_unstable();
            let rank = ((q * values.len() as f64).ceil() as usize).max(1);
            let (exact, found) = (values[rank - 1], histogram.quantile(q).unwrap());
            prop_assert!(found >= exact && found - exact <= exact >> FINE);
        }

        #[test]
        fn merging_is_the_same_as_recording_everything_in_one(
            left in prop::collection::vec(any::<u64>(), 0..50),
            right in prop::collection::vec(any::<u64>(), 0..50),
        ) {
            let of = |values: &[u64]| {
                let mut histogram = Histogram::<FINE>::default();
                values.iter().for_each(|&value| histogram.record(value));
                histogram
            };
            let mut merged = of(&left);
            merged.merge(&of(&right));
            prop_assert_eq!(merged, of(&[left, right].concat()));
        }
    }
}
