//! Which of the balancer's regions a metro belongs to.

use std::sync::LazyLock;

use crate::world::geography::{Atlas, LatencyRegion, Metro, MetroId, ProbeRegion};

/// The countries of `WEU`; the rest of Europe is `EEU`.
const WESTERN_EUROPE: [&str; 19] = [
    "AD", "BE", "CH", "DE", "ES", "FR", "GB", "GG", "GI", "IE", "IM", "IS", "IT", "JE", "LI", "LU",
    "MC", "NL", "PT",
];

/// The region of the balancer that requests entering at a metro come from.
///
/// The vendor steers by the region of the data centre that answers. Simplification: the
/// vendor's map of countries and states to the balancer's regions is not among our sources, so the
/// borders are drawn by latency region, by country within Europe, and by a line on the map elsewhere.
///
/// ```
/// use tunnelsim::world::balancer::probe_region_of;
/// use tunnelsim::world::geography::{Atlas, ProbeRegion};
/// let madrid = Atlas::shipped().metro("MAD").unwrap();
/// assert_eq!(probe_region_of(madrid), ProbeRegion::WesternEurope);
/// ```
pub fn probe_region_of(metro: MetroId) -> ProbeRegion {
    static REGIONS: LazyLock<Vec<ProbeRegion>> =
        LazyLock::new(|| Atlas::shipped().metros().iter().map(region).collect());
    REGIONS[usize::from(metro.0)]
}

fn region(metro: &Metro) -> ProbeRegion {
    let country = metro.country.as_str();
    match metro.latency_region() {
        // The meridian of 100 degrees runs through the Dakotas and the west of Texas.
        LatencyRegion::NorthAmerica if metro.place.lon_e4 < -1_000_000 => {
            ProbeRegion::WesternNorthAmerica
        }
        LatencyRegion::NorthAmerica => ProbeRegion::EasternNorthAmerica,
        LatencyRegion::CentralAmerica => ProbeRegion::NorthernSouthAmerica,
        // The parallel of 10 degrees leaves Fortaleza in the north and Lima in the south.
        LatencyRegion::SouthAmerica if metro.place.lat_e4 > -100_000 => {
            ProbeRegion::NorthernSouthAmerica
        }
        LatencyRegion::SouthAmerica => ProbeRegion::SouthernSouthAmerica,
        LatencyRegion::Europe if WESTERN_EUROPE.contains(&country) => ProbeRegion::WesternEurope,
        LatencyRegion::Europe => ProbeRegion::EasternEurope,
        LatencyRegion::CentralAsia => match country {
            "RU" => ProbeRegion::EasternEurope,
            "AM" | "AZ" | "GE" => ProbeRegion::MiddleEast,
            _ => ProbeRegion::SouthernAsia,
        },
        LatencyRegion::MiddleEast => ProbeRegion::MiddleEast,
        LatencyRegion::NorthAfrica => ProbeRegion::NorthernAfrica,
        LatencyRegion::Africa if metro.place.lat_e4 > 0 => ProbeRegion::NorthernAfrica,
        LatencyRegion::Africa => ProbeRegion::SouthernAfrica,
        LatencyRegion::SouthAsia => ProbeRegion::SouthernAsia,
        LatencyRegion::SouthEastAsia => ProbeRegion::SouthEastAsia,
        LatencyRegion::EastAsia => ProbeRegion::NorthEastAsia,
        LatencyRegion::Oceania => ProbeRegion::Oceania,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_probes_from_metros_of_its_own() {
        for region in ProbeRegion::ALL {
            for data_centre in region.data_centres() {
                assert_eq!(
                    probe_region_of(data_centre.metro),
                    region,
                    "{}",
                    data_centre.metro
                );
            }
        }
    }

    #[test]
    fn well_known_metros_are_where_one_expects_them() {
        for (code, region) in [
            ("MAD", ProbeRegion::WesternEurope),
            ("VIE", ProbeRegion::EasternEurope),
            ("DEN", ProbeRegion::WesternNorthAmerica),
            ("DFW", ProbeRegion::EasternNorthAmerica),
            ("QRO", ProbeRegion::NorthernSouthAmerica),
            ("LIM", ProbeRegion::SouthernSouthAmerica),
        ] {
            let metro = Atlas::shipped().metro(code).unwrap();
            assert_eq!(probe_region_of(metro), region, "{code}");
        }
    }
}
