//! Measured values with weights.

use crate::kernel::random::Source;

/// A table of values and how often each occurs; the laws called *empirical* draw from it.
///
/// ```
/// use tunnelsim::kernel::variate::Table;
/// let sizes = Table::new(vec![(5_u64, 1), (1, 3)]).unwrap();
/// assert_eq!(sizes.share_up_to(&1), 0.75);
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Table<V> {
    /// Rising values, each with the weight of itself and all before it.
    cumulated: Vec<(V, u64)>,
}

impl<V: Copy + Ord> Table<V> {
    /// The table of these values and weights, in any order; values of weight zero are left out.
    ///
    /// # Errors
    /// Says why, in words for the scenario's author, if all weights are zero or their sum does not
    /// fit into 64 bits.
    pub fn new(mut rows: Vec<(V, u64)>) -> Result<Table<V>, &'static str> {
        rows.retain(|&(_, weight)| weight > 0);
        rows.sort_by_key(|&(value, _)| value);
        let mut total = 0_u64;
        for (_, weight) in &mut rows {
            total = total
                .checked_add(*weight)
                .ok_or("the weights are too large")?;
            *weight = total;
        }
        if rows.is_empty() {
            Err("no value has a weight")
        } else {
            Ok(Table { cumulated: rows })
        }
    }

    /// Draws a value. Takes one word and does not fall when the word rises.
    pub fn sample(&self, source: &mut impl Source) -> V {
        let ticket = source.below(self.total());
        let row = self
            .cumulated
            .partition_point(|&(_, cumulated)| cumulated <= ticket);
        self.cumulated[row].0
    }

    /// The share of draws that are at most `value`.
    pub fn share_up_to(&self, value: &V) -> f64 {
        let rows = self.cumulated.partition_point(|(other, _)| other <= value);
        let weight = rows.checked_sub(1).map_or(0, |last| self.cumulated[last].1);
        weight as f64 / self.total() as f64
    }

    /// The mean of a function of the value.
    pub fn mean_of(&self, function: impl Fn(V) -> f64) -> f64 {
        let mut before = 0;
        let mut sum = 0.0;
        for &(value, cumulated) in &self.cumulated {
            sum += function(value) * (cumulated - before) as f64;
            before = cumulated;
        }
        sum / self.total() as f64
    }

    fn total(&self) -> u64 {
        self.cumulated.last().map_or(0, |&(_, cumulated)| cumulated)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::Keyed;

    #[test]
    fn values_come_as_often_as_they_weigh() {
        let table = Table::new(vec![(30, 1), (10, 2), (20, 0), (40, 1), (10, 4)]).unwrap();
        let mut source = Keyed::new(1, 0, 0, 0);
        let mut counts = std::collections::BTreeMap::new();
        for _ in 0..80_000 {
            *counts.entry(table.sample(&mut source)).or_insert(0) += 1;
        }
        assert_eq!(counts.keys().copied().collect::<Vec<_>>(), [10, 30, 40]);
        // Binomial with n = 80,000: standard deviations 122 and 94.
        assert!((60_000_i32 - counts[&10]).abs() < 500);
        assert!((10_000_i32 - counts[&30]).abs() < 400);
        assert_eq!(table.share_up_to(&9), 0.0);
        assert_eq!(table.share_up_to(&29), 0.75);
        assert_eq!(table.share_up_to(&40), 1.0);
        assert_eq!(table.mean_of(f64::from), 16.25);
    }

    #[test]
    fn a_table_without_weight_is_refused() {
        assert_eq!(Table::<u8>::new(vec![]), Err("no value has a weight"));
        assert_eq!(Table::new(vec![(1, 0)]), Err("no value has a weight"));
        assert_eq!(
            Table::new(vec![(1, u64::MAX), (2, 1)]),
            Err("the weights are too large")
        );
    }
}
