//! Laws of random lengths of time and of random whole numbers.

use super::collections::{Entries, Pair};
use super::decode::{Context, Decode};
use super::describe::{Shape, TypeDescription};
use super::leaf::{Duration, Number, Whole};
use super::problem::Problem;
use super::tree::{Node, Value};
use crate::kernel::time::Span;
use crate::kernel::variate::{Count, Distribution, Table};
use crate::{block, choice};

/// A law of lengths of time: a bare length is a constant, a block names one of the laws.
///
/// ```yaml
/// think: 5ms
/// think: {exponential: 5ms}
/// think: {lognormal: {median: 5ms, sigma: 0.9, cap: 2s}}
/// think: {empirical: {5ms: 3, 20ms: 1}}
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct DistributionSpec(pub Distribution);

/// A law of whole numbers: a bare number is a constant, a block names one of the laws.
#[derive(Debug, Clone, PartialEq)]
pub struct CountSpec(pub Count);

choice! {
    /// A law of lengths of time.
    enum DistributionFile as "distribution" {
        /// Always this length.
        Constant(Duration) as "constant",
        /// Every length between the two alike.
        Uniform(Pair<Duration>) as "uniform",
        /// Without memory, with this mean: Poisson arrivals, failures that do not age.
        Exponential(Duration) as "exponential",
        /// The sum of exponential phases: steadier than one of them.
        Erlang(ErlangFile) as "erlang",
        /// One of two exponential phases with balanced means: less steady than one of them.
        Hyperexponential(HyperexponentialFile) as "hyperexponential",
        /// The exponential of a normal variable: a long tail.
        Lognormal(LognormalFile) as "lognormal",
        /// Things that wear out (shape above 1) or fail early (below 1).
        Weibull(WeibullFile) as "weibull",
        /// Measured lengths, all alike or each with its weight.
        Empirical(Weighted<Duration>) as "empirical",
    }
}

block! {
    /// The sum of equal exponential phases.
    struct ErlangFile as "erlang" {
        /// Number of phases.
        shape: Whole<1, 100> = required,
        /// Mean of the sum.
        mean: Duration = required,
    }
}

block! {
    /// One of two exponential phases, each contributing half of the mean.
    struct HyperexponentialFile as "hyperexponential" {
        /// Mean.
        mean: Duration = required,
        /// Squared coefficient of variation: variance over squared mean; at least 1.
        cv2: Number = required,
    }
}

block! {
    /// The exponential of a normal variable.
    struct LognormalFile as "lognormal" {
        /// Median of the law without its cap.
        median: Duration = required,
        /// Standard deviation of the logarithm.
        sigma: Number = required,
        /// Longer draws are cut down to this length; left out, none is.
        cap: Duration = optional,
    }
}

block! {
    /// The Weibull law.
    struct WeibullFile as "weibull" {
        /// Shape; 1 gives the exponential law.
        shape: Number = required,
        /// The length that 63.2 % of the draws stay below.
        scale: Duration = required,
    }
}

choice! {
    /// A law of whole numbers.
    enum CountFile as "count" {
        /// Always this number.
        Constant(CountNumber) as "constant",
        /// 1, 2, 3 and so on with this mean, without memory.
        Geometric(Number) as "geometric",
        /// Every number from the first to the second alike.
        Uniform(Pair<CountNumber>) as "uniform",
        /// Measured numbers, all alike or each with its weight.
        Empirical(Weighted<CountNumber>) as "empirical",
    }
}

/// A number that a law of whole numbers may give.
type CountNumber = Whole<0, 1_000_000_000>;

impl Decode for DistributionSpec {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        let file = match node.value {
            Value::Scalar(_) | Value::Null => {
                DistributionFile::Constant(Duration::decode(node, context)?)
            }
            _ => DistributionFile::decode(node, context)?,
        };
        let law = file.law();
        let law = law.and_then(|law| law.check().map(|()| law));
        usable(law, node, context).map(Self)
    }

    fn describe() -> TypeDescription {
        number_or_law(vec![Duration::describe, DistributionFile::describe], "time")
    }
}

impl Decode for CountSpec {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        let file = match node.value {
            Value::Scalar(_) | Value::Null => {
                CountFile::Constant(CountNumber::decode(node, context)?)
            }
            _ => CountFile::decode(node, context)?,
        };
        let law = file.law();
        let law = law.and_then(|law| law.check().map(|()| law));
        usable(law, node, context).map(Self)
    }

    fn describe() -> TypeDescription {
        number_or_law(vec![CountNumber::describe, CountFile::describe], "")
    }
}

/// Reports a law whose parameters make no sense.
fn usable<L>(law: Result<L, &'static str>, node: &Node, context: &mut Context) -> Option<L> {
    law.map_err(|reason| context.report(Problem::error(node.position, reason)))
        .ok()
}

fn number_or_law(kinds: Vec<super::describe::Describe>, unit: &'static str) -> TypeDescription {
    TypeDescription {
        name: "".into(),
        doc: "".into(),
        unit,
        shape: Shape::OneOf(kinds),
    }
}

impl DistributionFile {
    fn law(self) -> Result<Distribution, &'static str> {
        Ok(match self {
            Self::Constant(length) => Distribution::Constant(length.span()),
            Self::Uniform(Pair(low, high)) => Distribution::Uniform {
                low: low.span(),
                high: high.span(),
            },
            Self::Exponential(mean) => Distribution::Exponential { mean: mean.span() },
            Self::Erlang(erlang) => Distribution::Erlang {
                // The bounds of the field make it fit.
                shape: erlang.shape.get() as u32,
                mean: erlang.mean.span(),
            },
            Self::Hyperexponential(file) => Distribution::Hyperexponential {
                mean: file.mean.span(),
                cv2: file.cv2.get(),
            },
            Self::Lognormal(file) => Distribution::Lognormal {
                median: file.median.span(),
                sigma: file.sigma.get(),
                cap: file.cap.map(|cap| cap.span()),
            },
            Self::Weibull(file) => Distribution::Weibull {
                shape: file.shape.get(),
                scale: file.scale.span(),
            },
            Self::Empirical(weighted) => {
                Distribution::Empirical(weighted.table::<Span>(Duration::span)?)
            }
        })
    }
}

impl CountFile {
    fn law(self) -> Result<Count, &'static str> {
        Ok(match self {
            Self::Constant(number) => Count::Constant(number.get()),
            Self::Geometric(mean) => Count::Geometric { mean: mean.get() },
            Self::Uniform(Pair(low, high)) => Count::Uniform {
                low: low.get(),
                high: high.get(),
            },
            Self::Empirical(weighted) => Count::Empirical(weighted.table::<u64>(CountNumber::get)?),
        })
    }
}

/// How often a value occurs compared to the others.
type Weight = Whole<0, 1_000_000_000>;

/// Values that occur alike, in a list, or each with its weight, in a block.
#[derive(Debug, Clone)]
struct Weighted<T>(Vec<(T, u64)>);

impl<T: Copy> Weighted<T> {
    fn table<V: Copy + Ord>(self, value: impl Fn(T) -> V) -> Result<Table<V>, &'static str> {
        let rows = self.0.into_iter();
        Table::new(rows.map(|(item, weight)| (value(item), weight)).collect())
    }
}

impl<T: Decode + Copy> Decode for Weighted<T> {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        if matches!(node.value, Value::Map(_)) {
            let entries = Entries::<Weight, T>::decode(node, context)?;
            let rows = entries
                .iter()
                .map(|(value, weight)| (value.value, weight.get()));
            return Some(Self(rows.collect()));
        }
        let values = Vec::<T>::decode(node, context)?;
        Some(Self(values.into_iter().map(|value| (value, 1)).collect()))
    }

    fn describe() -> TypeDescription {
        number_or_law(
            vec![Vec::<T>::describe, Entries::<Weight, T>::describe],
            T::describe().unit,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::testing::{decoded, refused};

    const MS: u64 = 1_000_000;

    fn law(text: &str) -> Distribution {
        decoded::<DistributionSpec>(text).0
    }

    #[test]
    fn a_bare_length_is_a_constant() {
        assert_eq!(law("5ms"), Distribution::Constant(Span::from_millis(5)));
        assert_eq!(law("{constant: 5ms}"), law("5ms"));
    }

    #[test]
    fn every_law_can_be_written() {
        let mean = Span::from_millis(5);
        assert_eq!(
            law("{exponential: 5ms}"),
            Distribution::Exponential { mean }
        );
        assert_eq!(
            law("{uniform: [5ms, 3s]}"),
            Distribution::Uniform {
                low: mean,
                high: Span::from_secs(3)
            }
        );
        assert_eq!(
            law("{erlang: {shape: 2, mean: 5ms}}"),
            Distribution::Erlang { shape: 2, mean }
        );
        assert_eq!(
            law("{hyperexponential: {mean: 5ms, cv2: 4}}"),
            Distribution::Hyperexponential { mean, cv2: 4.0 }
        );
        assert_eq!(
            law("{lognormal: {median: 5ms, sigma: 0.95, cap: 3s}}"),
            Distribution::Lognormal {
                median: mean,
                sigma: 0.95,
                cap: Some(Span::from_secs(3))
            }
        );
        assert_eq!(
            law("{weibull: {shape: 0.5, scale: 5ms}}"),
            Distribution::Weibull {
                shape: 0.5,
                scale: mean
            }
        );
    }

    #[test]
    fn measured_values_may_have_weights() {
        let table = |rows| Distribution::Empirical(Table::new(rows).unwrap());
        let (five, nine) = (Span::from_nanos(5 * MS), Span::from_nanos(9 * MS));
        assert_eq!(
            law("{empirical: [5ms, 9ms, 9ms]}"),
            table(vec![(five, 1), (nine, 1), (nine, 1)])
        );
        assert_eq!(
            law("{empirical: {5ms: 3, 9ms: 1}}"),
            table(vec![(five, 3), (nine, 1)])
        );
    }

    #[test]
    fn counts_have_their_own_laws() {
        let law = |text| decoded::<CountSpec>(text).0;
        assert_eq!(law("8"), Count::Constant(8));
        assert_eq!(law("{geometric: 8}"), Count::Geometric { mean: 8.0 });
        assert_eq!(law("{uniform: [1, 5]}"), Count::Uniform { low: 1, high: 5 });
        let table = Table::new(vec![(1, 1), (2, 1)]).unwrap();
        assert_eq!(law("{empirical: [1, 2]}"), Count::Empirical(table));
    }

    #[test]
    fn parameters_without_sense_are_refused() {
        let reason = |text| refused::<DistributionSpec>(text);
        assert_eq!(
            reason("{uniform: [3s, 1s]}"),
            ["the first length must not be longer than the second"]
        );
        assert_eq!(reason("{exponential: 0s}"), ["the mean must not be zero"]);
        assert_eq!(reason("{empirical: []}"), ["no value has a weight"]);
        assert_eq!(
            reason("{hyperexponential: {mean: 5ms, cv2: 0.5}}"),
            ["cv2 must lie between 1 and 1e6"]
        );
        assert_eq!(
            reason("{erlang: {shape: 0, mean: 5}}"),
            [
                "expected a whole number from 1 to 100",
                "a length of time needs a unit",
            ]
        );
        assert_eq!(
            reason("{exponental: 5ms}"),
            ["there is no distribution `exponental`"]
        );
        assert_eq!(
            reason("{exponential: 5ms, constant: 1s}"),
            ["expected one distribution"]
        );
        assert_eq!(reason("[1s]"), ["expected one distribution"]);
        assert_eq!(
            refused::<CountSpec>("{geometric: 0.5}"),
            ["the mean must lie between 1 and 1e9"]
        );
    }
}
