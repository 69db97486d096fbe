//! Where things are, and how long light and packets take between them.
//!
//! In suggested reading order: [`Place`] and its distance; the [`Atlas`] of [`Metro`]s and cities; the mean
//! [`model_round_trip`]; the concrete [`Paths`] of one world; the last mile, [`Access`]; the [`Vicinity`] of a place; which metro clients reach,
//! [`catchment_ranking`], and when they move, [`withdrawal_delay`]; where connectors land, [`ConnectorCatchment`];
//! where health probes start, [`ProbeRegion`]; and how far the round trips lie from measured ones, [`error_figures`].
//!
//! Everything is a pure function of its arguments, of a key, or of the words of a random source, and all means are
//! whole microseconds, so that results are the same on every machine.

mod access;
mod access_law;
mod accuracy;
mod atlas;
mod catchment;
mod city;
mod convergence;
mod latency;
mod lookup;
mod metro;
mod path;
mod place;
mod placement;
mod probe;
mod vicinity;

pub use access::{Access, AccessLine};
pub use accuracy::{ErrorFigures, MeasuredPair, Quantiles, error_figures};
pub use atlas::Atlas;
pub use catchment::{CatchmentPreset, NETWORKS_PER_CITY, catchment_ranking};
pub use city::{City, CityId, CityProblem};
pub use convergence::withdrawal_delay;
pub use latency::{PathClass, light_round_trip, model_round_trip};
pub use lookup::{NamedPlace, PairLatency, PlaceProblem};
pub use metro::{
    DataCentre, EdgeServer, FURTHER_BIG_METROS, HUBS, Metro, MetroId, SERVERS_PER_DATA_CENTRE,
};
pub use path::{Path, Paths};
pub use place::{LatencyRegion, Place};
pub use placement::{AddressGroup, ConnectorCatchment, free_server};
pub use probe::ProbeRegion;
pub use vicinity::Vicinity;

#[cfg(test)]
mod tests {
    //! The two-replica case of the articles, with a server in Frankfurt and one in Querétaro.

    use super::*;

    fn city(text: &str) -> Place {
        let atlas = Atlas::shipped();
        atlas[atlas.find_city(text).unwrap()].place
    }

    /// Microseconds from a client by its best metro and the connection's metro to the host and back, without access
    /// lines.
    fn round_trip_us(client: &str, connection: &str, host: &str) -> u64 {
        let atlas = Atlas::shipped();
        let entry = atlas[Vicinity::of(city(client)).nearest()].place;
        let connection = atlas[atlas.metro(connection).unwrap()].place;
        let legs = [
            model_round_trip(PathClass::Public, city(client), entry),
            model_round_trip(PathClass::Private, entry, connection),
            model_round_trip(PathClass::Public, connection, city(host)),
        ];
        legs.iter().map(|leg| leg.as_nanos() / 1_000).sum()
    }

    /// Tenths of a millisecond.
    fn tenths(micros: u64) -> u64 {
        (micros + 50) / 100
    }

    #[test]
    fn normal_round_trips_are_the_derived_ones() {
        assert_eq!(tenths(round_trip_us("Madrid", "FRA", "Frankfurt")), 362);
        assert_eq!(tenths(round_trip_us("Frankfurt", "FRA", "Frankfurt")), 51);
        assert_eq!(
            tenths(round_trip_us("Mexico City", "QRO", "Querétaro")),
            113
        );
    }

    #[test]
    fn from_los_angeles_the_closest_connection_is_not_the_fastest() {
        assert_eq!(
            tenths(round_trip_us("Los Angeles", "DFW", "Querétaro")),
            716
        );
        assert_eq!(
            tenths(round_trip_us("Los Angeles", "QRO", "Querétaro")),
            531
        );
        let atlas = Atlas::shipped();
        let place = |code| atlas[atlas.metro(code).unwrap()].place;
        assert!(place("LAX").distance_m(place("DFW")) < place("LAX").distance_m(place("QRO")));
    }

    #[test]
    fn losing_the_near_server_adds_more_than_a_few_milliseconds() {
        let added = |client, connection| {
            let before = round_trip_us(client, "FRA", "Frankfurt");
            tenths(round_trip_us(client, connection, "Querétaro") - before)
        };
        assert_eq!(
            [added("Madrid", "DFW"), added("Frankfurt", "DFW")],
            [1_246, 1_602]
        );
        assert_eq!(
            [added("Madrid", "QRO"), added("Frankfurt", "QRO")],
            [1_006, 1_381]
        );
        // Without the home server Los Angeles is served across the Atlantic: about 151 ms.
        let los_angeles = round_trip_us("Los Angeles", "FRA", "Frankfurt");
        assert_eq!((los_angeles + 500) / 1_000, 151);
    }
}
