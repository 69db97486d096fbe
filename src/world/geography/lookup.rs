//! From a person's text to a place, and the model's answer for two of them.

use super::atlas::Atlas;
use super::city::CityProblem;
use super::latency::{PathClass, model_round_trip};
use super::place::{Place, parse_degrees};
use crate::kernel::time::Span;

/// A place somebody named.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NamedPlace {
    /// The full name: `FRA (Frankfurt am Main, DE)`, `Madrid, ES` or `40.4168,-3.7038`.
    pub name: String,
    /// Where it is.
    pub place: Place,
}

/// Why a text names no place.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PlaceProblem {
    /// Two numbers that are no latitude and longitude.
    #[error(
        "\"{0}\" is not on the globe: latitude lies between -90 and 90 degrees, longitude between -180 and 180"
    )]
    OffTheGlobe(String),
    /// Neither a metro nor a city.
    #[error(transparent)]
    City(#[from] CityProblem),
}

/// What the model says about two places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairLatency {
    /// One end.
    pub from: NamedPlace,
    /// The other end.
    pub to: NamedPlace,
    /// Whole metres along the great circle.
    pub distance_m: u64,
    /// Mean round trip over the open Internet, without access lines.
    pub public_round_trip: Span,
    /// Mean round trip over the backbone.
    pub private_round_trip: Span,
}

impl Atlas {
    /// The place a text names: `lat,lon` in degrees, the code of a metro, or a city as in
    /// [`find_city`](Atlas::find_city). A code wins over the beginning of a city's name.
    ///
    /// # Errors
    /// [`PlaceProblem`] if it is none of the three.
    pub fn find_place(&self, text: &str) -> Result<NamedPlace, PlaceProblem> {
        if let Some((lat, lon)) = text
            .split_once(',')
            .filter(|(lat, lon)| is_number(lat) && is_number(lon))
        {
            let (Some(lat_e4), Some(lon_e4)) =
                (parse_degrees(lat, 90.0), parse_degrees(lon, 180.0))
            else {
                return Err(PlaceProblem::OffTheGlobe(text.to_owned()));
            };
            let place = self.place_at(lat_e4, lon_e4);
            return Ok(NamedPlace {
                name: place.to_string(),
                place,
            });
        }
        if let Some(id) = self.metro(text.trim()) {
            let metro = &self[id];
            let name = format!("{} ({}, {})", metro.code, metro.city, metro.country);
            return Ok(NamedPlace {
                name,
                place: metro.place,
            });
        }
        let city = &self[self.find_city(text)?];
        Ok(NamedPlace {
            name: city.to_string(),
            place: city.place,
        })
    }

    /// Distance and model round trips between the places that two texts name, for `tunnelsim latency A B`.
    ///
    /// # Errors
    /// [`PlaceProblem`] of the first text that names no place.
    pub fn pair_latency(&self, from: &str, to: &str) -> Result<PairLatency, PlaceProblem> {
        let (from, to) = (self.find_place(from)?, self.find_place(to)?);
        let round_trip = |class| model_round_trip(class, from.place, to.place);
        Ok(PairLatency {
            distance_m: from.place.distance_m(to.place),
            public_round_trip: round_trip(PathClass::Public),
            private_round_trip: round_trip(PathClass::Private),
            from,
            to,
        })
    }
}

fn is_number(text: &str) -> bool {
    text.trim().parse::<f64>().is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_a_metro_a_city_or_coordinates() {
        let named = |text| Atlas::shipped().find_place(text).unwrap().name;
        assert_eq!(named("fra"), "FRA (Frankfurt am Main, DE)");
        assert_eq!(named("valencia, es"), "Valencia, ES");
        assert_eq!(named("40.4168, -3.7038"), "40.4168,-3.7038");
    }

    #[test]
    fn what_is_no_place_is_explained() {
        let problem = |text| Atlas::shipped().find_place(text).unwrap_err();
        assert_eq!(
            problem("91,0"),
            PlaceProblem::OffTheGlobe("91,0".to_owned())
        );
        assert_eq!(
            problem("NaN,0"),
            PlaceProblem::OffTheGlobe("NaN,0".to_owned())
        );
        assert!(matches!(
            problem("Valencia"),
            PlaceProblem::City(CityProblem::Ambiguous { .. })
        ));
        assert!(matches!(
            problem("Atlantis"),
            PlaceProblem::City(CityProblem::Unknown { .. })
        ));
    }

    #[test]
    fn two_texts_give_distance_and_both_round_trips() {
        let latency = Atlas::shipped().pair_latency("MAD", "FRA").unwrap();
        assert_eq!(latency.distance_m / 1_000, 1_418);
        assert_eq!(latency.public_round_trip.as_nanos() / 100_000, 391);
        assert_eq!(latency.private_round_trip.as_nanos() / 100_000, 316);
    }
}
