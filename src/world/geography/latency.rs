//! How long packets take between two places: a base plus a stretch of the pair's latency regions.
//!
//! Round trips include the routers and servers of data centres but not a user's access line (see
//! [`Access`](super::Access)). A one-way time is half a round trip. On measured pings not used for the fit the
//! median error is 12 % on public paths and 9 % on private ones, near what two measurements of one pair differ by.

use std::sync::LazyLock;

use super::atlas::{latency_region, number, rows};
use super::place::{LatencyRegion, Place};
use crate::kernel::time::Span;

const STRETCH: &str = include_str!("../../../data/stretch.csv");

/// Base and stretch apply in full from this distance; closer than it the base grows from the base of one city.
const FULL_BASE_M: u64 = 50_000;

/// Nanoseconds the base grows by per metre up to [`FULL_BASE_M`]: 1.5 ms over 50 km.
const BASE_GROWTH_NS_PER_M: u64 = 30;

/// Nanoseconds of a round trip per metre in fibre without any detour: light covers 200 km in a millisecond.
const LIGHT_NS_PER_M: u64 = 10;

/// Which kind of network carries a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathClass {
    /// The open Internet: client to edge, connector to edge.
    Public,
    /// The provider's backbone: edge to edge.
    Private,
}

impl PathClass {
    /// Both classes.
    pub const ALL: [PathClass; 2] = [PathClass::Public, PathClass::Private];

    /// Round trip between two places of one spot.
    fn base_of_one_spot(self) -> Span {
        match self {
            PathClass::Public => Span::from_micros(1_500),
            PathClass::Private => Span::from_micros(500),
        }
    }

    fn index(self) -> usize {
        self as usize
    }
}

/// The part of a model round trip between two places `distance_m` apart that does not depend on the route.
///
/// 1.5 ms (public) or 0.5 ms (private) in one spot, growing by 1.5 ms over the first 50 km.
pub(super) fn base_round_trip(class: PathClass, distance_m: u64) -> Span {
    class.base_of_one_spot() + Span::from_nanos(BASE_GROWTH_NS_PER_M * distance_m.min(FULL_BASE_M))
}

/// The round trip light in a straight fibre needs over `distance_m`: nothing is faster.
pub fn light_round_trip(distance_m: u64) -> Span {
    Span::from_nanos(LIGHT_NS_PER_M * distance_m)
}

/// The mean round trip between two places, in whole microseconds and the same in both directions.
///
/// Simplification: round trips are distance times one stretch per pair of latency regions; there are no cables, so none can be cut.
pub fn model_round_trip(class: PathClass, a: Place, b: Place) -> Span {
    let distance_m = a.distance_m(b);
    // A hundredth of a stretch of 1 adds a hundredth of light's time.
    let stretch_hundredths = u64::from(stretch_hundredths(
        class,
        a.latency_region,
        b.latency_region,
    ));
    let stretched = Span::from_nanos(LIGHT_NS_PER_M * distance_m * stretch_hundredths / 100);
    whole_micros(base_round_trip(class, distance_m) + stretched)
}

/// The nearest whole microsecond.
pub(super) fn whole_micros(span: Span) -> Span {
    Span::from_micros((span.as_nanos() + 500) / 1_000)
}

/// How many hundredths of light's time a path between two latency regions takes.
fn stretch_hundredths(class: PathClass, a: LatencyRegion, b: LatencyRegion) -> u16 {
    static TABLE: LazyLock<StretchTable> = LazyLock::new(read_stretch_table);
    TABLE[a as usize][b as usize][class.index()]
}

/// By latency region of one end, of the other end, and path class.
type StretchTable = [[[u16; 2]; 12]; 12];

fn read_stretch_table() -> StretchTable {
    let mut table = [[[0; 2]; 12]; 12];
    for row in rows(STRETCH) {
        let (a, b) = (
            latency_region(row[0]) as usize,
            latency_region(row[1]) as usize,
        );
        let stretches = [row[2], row[6]].map(|field| (number::<f64>(field) * 100.0).round() as u16);
        table[a][b] = stretches;
        table[b][a] = stretches;
    }
    table
}

#[cfg(test)]
mod tests {
    use super::super::Atlas;
    use super::*;

    fn place(code: &str) -> Place {
        let atlas = Atlas::shipped();
        atlas[atlas.metro(code).unwrap()].place
    }

    /// Tenths of a millisecond, rounded.
    fn tenths(span: Span) -> u64 {
        (span.as_nanos() + 50_000) / 100_000
    }

    #[test]
    fn the_ten_check_pairs_have_their_published_values() {
        // Kilometres, then tenths of a millisecond, computed independently when the table was fitted.
        let pairs = [
            ("MAD", "FRA", 1_418, 392, 316),
            ("FRA", "DFW", 8_257, 1_359, 1_300),
            ("FRA", "QRO", 9_518, 1_658, 1_381),
            ("LAX", "QRO", 2_325, 525, 478),
            ("QRO", "DFW", 1_401, 328, 296),
            ("LHR", "SIN", 10_883, 2_729, 1_761),
            ("GRU", "JNB", 7_439, 2_284, 2_274),
            ("SYD", "LAX", 12_061, 1_803, 1_504),
            ("NRT", "FRA", 9_368, 2_597, 2_268),
            ("BOM", "IAD", 12_861, 2_461, 2_155),
        ];
        for (a, b, km, public, private) in pairs {
            let (a_place, b_place) = (place(a), place(b));
            let round_trip = |class| tenths(model_round_trip(class, a_place, b_place));
            let found = (
                (a_place.distance_m(b_place) + 500) / 1_000,
                round_trip(PathClass::Public),
                round_trip(PathClass::Private),
            );
            assert_eq!(found, (km, public, private), "{a}-{b}");
        }
    }

    #[test]
    fn within_one_spot_only_the_base_remains() {
        let frankfurt = place("FRA");
        assert_eq!(
            model_round_trip(PathClass::Public, frankfurt, frankfurt),
            Span::from_micros(1_500)
        );
        assert_eq!(
            model_round_trip(PathClass::Private, frankfurt, frankfurt),
            Span::from_micros(500)
        );
    }

    #[test]
    fn every_pair_of_latency_regions_has_a_stretch_above_one() {
        for a in LatencyRegion::ALL {
            for b in LatencyRegion::ALL {
                for class in PathClass::ALL {
                    let stretch = stretch_hundredths(class, a, b);
                    assert!(stretch > 100, "{a:?} {b:?} {class:?}");
                    assert_eq!(stretch, stretch_hundredths(class, b, a));
                }
            }
        }
    }

    #[test]
    fn no_round_trip_between_metros_is_faster_than_light_and_all_are_symmetric() {
        let metros = Atlas::shipped().metros();
        for (index, a) in metros.iter().enumerate() {
            for b in &metros[..=index] {
                let light = light_round_trip(a.place.distance_m(b.place));
                for class in PathClass::ALL {
                    let round_trip = model_round_trip(class, a.place, b.place);
                    assert!(round_trip > light, "{}-{} {class:?}", a.code, b.code);
                    assert_eq!(round_trip, model_round_trip(class, b.place, a.place));
                    assert_eq!(round_trip.as_nanos() % 1_000, 0);
                }
            }
        }
    }
}
