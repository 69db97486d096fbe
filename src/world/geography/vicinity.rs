//! The metros as seen from one place.

use super::atlas::Atlas;
use super::latency::{PathClass, model_round_trip};
use super::metro::MetroId;
use super::place::Place;
use crate::kernel::time::Span;

/// How many of the nearest metros change places when their round trips are varied.
///
/// Simplification: those beyond keep the order of the mean model. The 65th metro is so much farther than the first
/// that no network reaches it first: ten times as far from Frankfurt.
const N_VARIED: usize = 64;

/// All metros in the order of their public model round trip to one place.
///
/// Making one takes some 50 microseconds; everything asked of it is cheap, so make one for each place and keep it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Vicinity {
    place: Place,
    /// Nearest first; whole microseconds decide, then the code.
    metros: Vec<(Span, MetroId)>,
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
        Vicinity { place, metros }
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

    /// All metros, the nearest 64 in the order that `vary` makes of their round trips, the others behind them.
    ///
    /// Calls `vary` for those 64, nearest first. Whole nanoseconds decide, then the code.
    pub(super) fn varied(&self, mut vary: impl FnMut(Span, MetroId) -> Span) -> Vec<MetroId> {
        let (near, far) = self.metros.split_at(N_VARIED);
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
    fn hubs_stand_in_the_order_of_their_round_trips() {
        let vicinity = Vicinity::of(Atlas::shipped().place_at(500_000, 80_000));
        let codes: Vec<String> = vicinity.hubs().map(|metro| metro.to_string()).collect();
        assert_eq!(
            (codes.len(), codes[0].as_str(), codes[1].as_str()),
            (22, "FRA", "AMS")
        );
    }
}
