//! How far the model's round trips lie from measured ones.

use std::collections::BTreeMap;

use super::latency::{PathClass, model_round_trip};
use super::place::Place;
use crate::kernel::time::Span;

/// A round trip that somebody measured.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct MeasuredPair {
    /// One end.
    pub from: Place,
    /// The other end.
    pub to: Place,
    /// The measured round trip, longer than zero.
    pub round_trip: Span,
}

/// How far off the model is for a class of pairs.
#[derive(Clone, PartialEq, Debug)]
pub struct ErrorFigures {
    /// Which pairs: `all`, a range of distances, or two latency regions.
    pub class: String,
    /// How many pairs.
    pub n_pairs: usize,
    /// Relative errors |model - measured| / measured of each kind of path, in the order of [`PathClass::ALL`].
    pub errors: [Quantiles; 2],
}

/// The middle and the far end of a set of relative errors; 0.1 is 10 %.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Quantiles {
    /// Half of the pairs are off by at most this.
    pub median: f64,
    /// Nine in ten are.
    pub p90: f64,
}

/// Upper ends of the ranges of distances, in whole kilometres.
const RANGES_KM: [u64; 4] = [500, 1_500, 4_000, 8_000];

/// The error figures of all pairs, by distance, and by pair of latency regions; classes without pairs are left out.
pub fn error_figures(pairs: &[MeasuredPair]) -> Vec<ErrorFigures> {
    let by_distance = grouped(pairs, |pair| {
        let km = pair.from.distance_m(pair.to) / 1_000;
        RANGES_KM.iter().filter(|&&end| km >= end).count()
    });
    let by_regions = grouped(pairs, |pair| {
        let keys = [pair.from, pair.to].map(|place| place.latency_region.key());
        (keys.iter().min().copied(), keys.iter().max().copied())
    });
    let all = (!pairs.is_empty()).then(|| figures("all".to_owned(), pairs));
    let distances = by_distance
        .iter()
        .map(|(&range, pairs)| figures(range_name(range), pairs));
    let regions = by_regions.iter().map(|((a, b), pairs)| {
        let name = [a, b].map(|key| key.unwrap_or_default()).join("-");
        figures(name, pairs)
    });
    all.into_iter().chain(distances).chain(regions).collect()
}

fn grouped<K: Ord>(
    pairs: &[MeasuredPair],
    class: impl Fn(&MeasuredPair) -> K,
) -> BTreeMap<K, Vec<MeasuredPair>> {
    let mut groups: BTreeMap<K, Vec<MeasuredPair>> = BTreeMap::new();
    for pair in pairs {
        groups.entry(class(pair)).or_default().push(*pair);
    }
    groups
}

fn range_name(range: usize) -> String {
    match (
        range.checked_sub(1).map(|below| RANGES_KM[below]),
        RANGES_KM.get(range),
    ) {
        (None, Some(end)) => format!("under {end} km"),
        (Some(start), Some(end)) => format!("{start} to {end} km"),
        (Some(start), None) => format!("{start} km and more"),
        (None, None) => unreachable!("there is more than one range"),
    }
}

fn figures(class: String, pairs: &[MeasuredPair]) -> ErrorFigures {
    ErrorFigures {
        class,
        n_pairs: pairs.len(),
        errors: PathClass::ALL.map(|path| {
            let mut errors: Vec<f64> = pairs
                .iter()
                .map(|pair| relative_error(path, pair))
                .collect();
            errors.sort_by(f64::total_cmp);
            Quantiles {
                median: nearest_rank(&errors, 50),
                p90: nearest_rank(&errors, 90),
            }
        }),
    }
}

fn relative_error(class: PathClass, pair: &MeasuredPair) -> f64 {
    let model = model_round_trip(class, pair.from, pair.to).as_nanos();
    let measured = pair.round_trip.as_nanos();
    model.abs_diff(measured) as f64 / measured as f64
}

/// The smallest value that `percent` of the sorted values do not exceed.
fn nearest_rank(sorted: &[f64], percent: usize) -> f64 {
    sorted[(sorted.len() * percent).div_ceil(100).max(1) - 1]
}

#[cfg(test)]
mod tests {
    use super::super::Atlas;
    use super::*;

    /// A pair whose measured public round trip is the model's times `hundredths` / 100.
    fn pair(from: &str, to: &str, hundredths: u64) -> MeasuredPair {
        let atlas = Atlas::shipped();
        let [from, to] = [from, to].map(|code| atlas[atlas.metro(code).unwrap()].place);
        let model = model_round_trip(PathClass::Public, from, to);
        let round_trip = Span::from_nanos(model.as_nanos() * hundredths / 100);
        MeasuredPair {
            from,
            to,
            round_trip,
        }
    }

    #[test]
    fn a_model_that_is_a_quarter_too_fast_is_told_so() {
        let told = error_figures(&[pair("MAD", "FRA", 125)]);
        let classes: Vec<&str> = told.iter().map(|it| it.class.as_str()).collect();
        assert_eq!(classes, ["all", "500 to 1500 km", "eu-eu"]);
        assert!((told[0].errors[0].median - 0.2).abs() < 1e-6, "{told:?}");
    }

    #[test]
    fn half_and_nine_tenths_are_taken_by_nearest_rank() {
        let pairs: Vec<_> = (0..10).map(|n| pair("LHR", "SIN", 100 + 10 * n)).collect();
        let public = error_figures(&pairs)[0].errors[0];
        // Of errors n / (10 + n), n from 0 to 9, the fifth is 4 / 14 and the ninth 8 / 18.
        assert!((public.median - 4.0 / 14.0).abs() < 1e-6);
        assert!((public.p90 - 8.0 / 18.0).abs() < 1e-6);
    }

    #[test]
    fn every_distance_belongs_to_one_range() {
        let names: Vec<String> = (0..=RANGES_KM.len()).map(range_name).collect();
        assert_eq!(names.first().unwrap(), "under 500 km");
        assert_eq!(names.last().unwrap(), "8000 km and more");
        let far = error_figures(&[pair("SYD", "LAX", 100)]);
        assert_eq!(far[1].class, "8000 km and more");
        assert!(error_figures(&[]).is_empty());
    }
}
