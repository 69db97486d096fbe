//! A point on the globe, and how far two of them are apart.

use std::fmt;

use crate::kernel::math;

/// Mean radius of the Earth in metres (IUGG).
const EARTH_RADIUS_M: f64 = 6_371_008.8;

/// A part of the world whose networks are about equally well connected: the join key of `data/stretch.csv`.
///
/// Not to be confused with the balancer's [`ProbeRegion`](super::ProbeRegion) or a connector's address group.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LatencyRegion {
    /// `na`: the United States and Canada.
    NorthAmerica,
    /// `cam`: Mexico, Central America and the Caribbean.
    CentralAmerica,
    /// `sa`: South America.
    SouthAmerica,
    /// `eu`: Europe with Türkiye, Ukraine and Russia west of 60 degrees east.
    Europe,
    /// `cas`: Central Asia, the Caucasus and Siberia.
    CentralAsia,
    /// `me`: the Middle East.
    MiddleEast,
    /// `naf`: North Africa.
    NorthAfrica,
    /// `af`: Africa south of the Sahara.
    Africa,
    /// `sas`: South Asia.
    SouthAsia,
    /// `sea`: South-East Asia.
    SouthEastAsia,
    /// `eas`: East Asia.
    EastAsia,
    /// `oc`: Oceania.
    Oceania,
}

impl LatencyRegion {
    /// Every latency region, in the order of `data/stretch.csv`.
    pub const ALL: [LatencyRegion; 12] = [
        LatencyRegion::NorthAmerica,
        LatencyRegion::CentralAmerica,
        LatencyRegion::SouthAmerica,
        LatencyRegion::Europe,
        LatencyRegion::CentralAsia,
        LatencyRegion::MiddleEast,
        LatencyRegion::NorthAfrica,
        LatencyRegion::Africa,
        LatencyRegion::SouthAsia,
        LatencyRegion::SouthEastAsia,
        LatencyRegion::EastAsia,
        LatencyRegion::Oceania,
    ];

    /// The key used in the data files, for example `eu`.
    pub fn key(self) -> &'static str {
        match self {
            LatencyRegion::NorthAmerica => "na",
            LatencyRegion::CentralAmerica => "cam",
            LatencyRegion::SouthAmerica => "sa",
            LatencyRegion::Europe => "eu",
            LatencyRegion::CentralAsia => "cas",
            LatencyRegion::MiddleEast => "me",
            LatencyRegion::NorthAfrica => "naf",
            LatencyRegion::Africa => "af",
            LatencyRegion::SouthAsia => "sas",
            LatencyRegion::SouthEastAsia => "sea",
            LatencyRegion::EastAsia => "eas",
            LatencyRegion::Oceania => "oc",
        }
    }

    /// The latency region with this key, if there is one.
    pub fn from_key(key: &str) -> Option<LatencyRegion> {
        Self::ALL.into_iter().find(|region| region.key() == key)
    }
}

/// A point on the globe in units of 1e-4 degree (about 11 m), and the latency region it belongs to.
///
/// Integers, so that places compare and hash exactly and can be keys of a cache.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// Latitude in 1e-4 degree, north positive.
    pub lat_e4: i32,
    /// Longitude in 1e-4 degree, east positive.
    pub lon_e4: i32,
    /// Which row and column of the stretch table the place uses.
    pub latency_region: LatencyRegion,
}

impl Place {
    /// Whole metres along the great circle from here to `other`, the same in both directions.
    ///
    /// Haversine formula on a sphere of 6371.0088 km; the flattening of the Earth is ignored (below 0.6 %).
    pub fn distance_m(self, other: Place) -> u64 {
        let sine_lat = math::sin(radians(other.lat_e4 - self.lat_e4) / 2.0);
        let sine_lon = math::sin(radians(other.lon_e4 - self.lon_e4) / 2.0);
        let cosines = math::cos(radians(self.lat_e4)) * math::cos(radians(other.lat_e4));
        let haversine = sine_lat * sine_lat + cosines * sine_lon * sine_lon;
        // Rounding can lift the haversine of antipodes just above 1, where the arc sine has no value.
        let half_angle = math::asin(haversine.sqrt().min(1.0));
        (2.0 * EARTH_RADIUS_M * half_angle).round() as u64
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let degrees = |e4: i32| f64::from(e4) / 1e4;
        write!(f, "{:.4},{:.4}", degrees(self.lat_e4), degrees(self.lon_e4))
    }
}

/// Reads decimal degrees as units of 1e-4 degree; `None` if it is no number between `-limit` and `limit` degrees.
pub(super) fn parse_degrees(text: &str, limit: f64) -> Option<i32> {
    let degrees: f64 = text.trim().parse().ok()?;
    (-limit..=limit)
        .contains(&degrees)
        .then(|| (degrees * 1e4).round() as i32)
}

fn radians(e4: i32) -> f64 {
    f64::from(e4) * (std::f64::consts::PI / 1_800_000.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(lat_e4: i32, lon_e4: i32) -> Place {
        Place {
            lat_e4,
            lon_e4,
            latency_region: LatencyRegion::Europe,
        }
    }

    #[test]
    fn a_quarter_of_the_equator_is_ten_thousand_and_seven_kilometres() {
        assert_eq!(place(0, 0).distance_m(place(0, 900_000)), 10_007_557);
    }

    #[test]
    fn antipodes_are_half_the_circumference_apart() {
        // Near the antipodes the formula is ill-conditioned: a last bit becomes a metre.
        for (here, there) in [
            ((0, 0), (0, 1_800_000)),
            ((123_456, -600_000), (-123_456, 1_200_000)),
        ] {
            let distance_m = place(here.0, here.1).distance_m(place(there.0, there.1));
            assert!(distance_m.abs_diff(20_015_115) <= 1, "{distance_m}");
        }
    }

    #[test]
    fn the_date_line_is_no_obstacle() {
        assert_eq!(place(0, 1_799_999).distance_m(place(0, -1_799_999)), 22);
    }

    #[test]
    fn distance_is_the_same_in_both_directions_and_zero_to_itself() {
        let (madrid, frankfurt) = (place(404_936, -35_668), place(500_264, 85_431));
        assert_eq!(madrid.distance_m(frankfurt), frankfurt.distance_m(madrid));
        assert_eq!(madrid.distance_m(madrid), 0);
    }

    #[test]
    fn degrees_outside_the_globe_are_refused() {
        assert_eq!(parse_degrees("40.4168", 90.0), Some(404_168));
        assert_eq!(parse_degrees(" -3.7038 ", 180.0), Some(-37_038));
        for bad in ["90.1", "NaN", "inf", "north", ""] {
            assert_eq!(parse_degrees(bad, 90.0), None, "{bad}");
        }
    }

    #[test]
    fn keys_of_latency_regions_are_read_back() {
        for region in LatencyRegion::ALL {
            assert_eq!(LatencyRegion::from_key(region.key()), Some(region));
        }
        assert_eq!(LatencyRegion::from_key("mars"), None);
    }
}
