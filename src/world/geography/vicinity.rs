//! The metros as seen from one place.

use super::atlas::Atlas;
use super::latency::{PathClass, model_round_trip};
use super::metro::MetroId;
use super::place::Place;
use crate::kernel::time::Span;

/// Metros this many times slower than the nearest keep their place when round trips are varied.
///
/// Simplification: a metro ten times slower than the nearest never becomes the nearest when round trips are varied; under the widest
/// law (sigma 0.45 on either side) it would about once in 7,000.
const VARIED_UP_TO_TIMES: u64 = 10;

/// Added to both round trips of that comparison, so that being in the same building is not infinitely better.
pub(super) const OFFSET: Span = Span::from_millis(4);

/// All metros in the order of their public model round trip to one place.
///
/// Making one takes some 70 microseconds; everything asked of it is cheaper, so make one for each place and keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vicinity {
    place: Place,
    /// Nearest first; whole microseconds decide, then the code.
    metros: Vec<(Span, MetroId)>,
    /// How many of them change places when their round trips are varied.
    n_varied: usize,
}

impl Vicinity {
    /// The metros as seen from `place`.
    pub fn of(place: Place) -> Vicinity {
        let atlas = Atlas::shipped();
        let round_trip =
            |metro: MetroId| model_round_trip(PathClass::Public, place, atlas[metro].place);
        let mut metros: Vec<_> = atlas
            .metro_ids()
            .map(|metro| (round_trip(metro), metro))
            .collect();
        metros.sort_unstable();
        let slowest_varied = (metros[0].0 + OFFSET) * VARIED_UP_TO_TIMES;
        let n_varied =
            metros.partition_point(|&(round_trip, _)| round_trip + OFFSET <= slowest_varied);
        Vicinity {
            place,
            metros,
            n_varied,
        }
    }

    /// Where the metros are seen from.
    pub fn place(&self) -> Place {
        self.place
    }

    /// Every metro with its public model round trip, nearest first; equal ones in the order of their codes.
    pub fn metros(&self) -> &[(Span, MetroId)] {
        &self.metros
    }

    /// The metro with the shortest public model round trip.
    pub fn nearest(&self) -> MetroId {
        self.metros[0].1
    }

    /// The hubs, nearest first.
    pub(super) fn hubs(&self) -> impl Iterator<Item = MetroId> {
        self.ids().filter(|&metro| Atlas::shipped()[metro].is_hub)
    }

    /// All metros, nearest first.
    pub(super) fn ids(&self) -> impl Iterator<Item = MetroId> {
        self.metros.iter().map(|&(_, metro)| metro)
    }

    /// All metros, the near ones in the order that `vary` makes of their round trips, the others behind them.
    ///
    /// Calls `vary` for each near one, nearest first: some fifty for a place in Europe, all for a remote one. Whole
    /// nanoseconds decide, then the code.
    pub(super) fn varied(&self, mut vary: impl FnMut(Span, MetroId) -> Span) -> Vec<MetroId> {
        let (near, far) = self.metros.split_at(self.n_varied);
        let mut varied: Vec<(Span, MetroId)> = near
            .iter()
            .map(|&(round_trip, metro)| (vary(round_trip, metro), metro))
            .collect();
        varied.sort_unstable();
        varied.iter().chain(far).map(|&(_, metro)| metro).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_metro_is_nearest_to_itself() {
        let atlas = Atlas::shipped();
        for metro in atlas.metro_ids().step_by(10) {
            assert_eq!(Vicinity::of(atlas[metro].place).nearest(), metro);
        }
    }

    #[test]
    fn unvaried_round_trips_keep_the_order() {
        let vicinity = Vicinity::of(Atlas::shipped().place_at(500_000, 80_000));
        let varied = vicinity.varied(|round_trip, _| round_trip);
        assert!(varied.into_iter().eq(vicinity.ids()));
    }

    #[test]
    fn a_remote_place_varies_more_metros_than_a_central_one() {
        let n_varied = |text| {
            let atlas = Atlas::shipped();
            Vicinity::of(atlas[atlas.find_city(text).unwrap()].place).n_varied
        };
        let (frankfurt, ndjamena) = (n_varied("Frankfurt"), n_varied("N'Djamena"));
        assert!((20..100).contains(&frankfurt), "{frankfurt}");
        assert!(ndjamena > 200, "{ndjamena}");
    }

    #[test]
    fn hubs_stand_in_the_order_of_their_round_trips() {
        let vicinity = Vicinity::of(Atlas::shipped().place_at(500_000, 80_000));
        let codes: Vec<String> = vicinity.hubs().map(|metro| metro.to_string()).collect();
        assert_eq!(
            (codes.len(), codes[0].as_str(), codes[1].as_str()),
            (22, "FRA", "AMS")
        );
    }
}
