//! Where the load balancer's health probes start.

use super::atlas::Atlas;
use super::metro::DataCentre;

/// One of the thirteen regions a balancer's monitor can probe from and steer by; the vendor's codes.
///
/// Not to be confused with [`LatencyRegion`](super::LatencyRegion).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ProbeRegion {
    /// `WNAM`: western North America.
    WesternNorthAmerica,
    /// `ENAM`: eastern North America.
    EasternNorthAmerica,
    /// `WEU`: western Europe.
    WesternEurope,
    /// `EEU`: eastern Europe.
    EasternEurope,
    /// `NSAM`: northern South America.
    NorthernSouthAmerica,
    /// `SSAM`: southern South America.
    SouthernSouthAmerica,
    /// `OC`: Oceania.
    Oceania,
    /// `ME`: the Middle East.
    MiddleEast,
    /// `NAF`: northern Africa.
    NorthernAfrica,
    /// `SAF`: southern Africa.
    SouthernAfrica,
    /// `SAS`: southern Asia.
    SouthernAsia,
    /// `SEAS`: South-East Asia.
    SouthEastAsia,
    /// `NEAS`: North-East Asia.
    NorthEastAsia,
}

impl ProbeRegion {
    /// All thirteen, in the vendor's order.
    pub const ALL: [ProbeRegion; 13] = [
        ProbeRegion::WesternNorthAmerica,
        ProbeRegion::EasternNorthAmerica,
        ProbeRegion::WesternEurope,
        ProbeRegion::EasternEurope,
        ProbeRegion::NorthernSouthAmerica,
        ProbeRegion::SouthernSouthAmerica,
        ProbeRegion::Oceania,
        ProbeRegion::MiddleEast,
        ProbeRegion::NorthernAfrica,
        ProbeRegion::SouthernAfrica,
        ProbeRegion::SouthernAsia,
        ProbeRegion::SouthEastAsia,
        ProbeRegion::NorthEastAsia,
    ];

    /// The vendor's code, for example `WEU`.
    pub fn code(self) -> &'static str {
        match self {
            ProbeRegion::WesternNorthAmerica => "WNAM",
            ProbeRegion::EasternNorthAmerica => "ENAM",
            ProbeRegion::WesternEurope => "WEU",
            ProbeRegion::EasternEurope => "EEU",
            ProbeRegion::NorthernSouthAmerica => "NSAM",
            ProbeRegion::SouthernSouthAmerica => "SSAM",
            ProbeRegion::Oceania => "OC",
            ProbeRegion::MiddleEast => "ME",
            ProbeRegion::NorthernAfrica => "NAF",
            ProbeRegion::SouthernAfrica => "SAF",
            ProbeRegion::SouthernAsia => "SAS",
            ProbeRegion::SouthEastAsia => "SEAS",
            ProbeRegion::NorthEastAsia => "NEAS",
        }
    }

    /// The probe region with this code, in capital or small letters.
    pub fn from_code(code: &str) -> Option<ProbeRegion> {
        Self::ALL
            .into_iter()
            .find(|region| region.code().eq_ignore_ascii_case(code))
    }

    /// The codes of the three metros the region probes from, chosen by us.
    ///
    /// The vendor says that three data centres probe per region but not which; the largest metros, in different
    /// countries where the region has them, stand in.
    pub fn metro_codes(self) -> [&'static str; 3] {
        match self {
            ProbeRegion::WesternNorthAmerica => ["LAX", "SEA", "SJC"],
            ProbeRegion::EasternNorthAmerica => ["IAD", "ORD", "YYZ"],
            ProbeRegion::WesternEurope => ["LHR", "FRA", "CDG"],
            ProbeRegion::EasternEurope => ["WAW", "OTP", "BUD"],
            ProbeRegion::NorthernSouthAmerica => ["BOG", "UIO", "FOR"],
            ProbeRegion::SouthernSouthAmerica => ["GRU", "EZE", "SCL"],
            ProbeRegion::Oceania => ["SYD", "MEL", "AKL"],
            ProbeRegion::MiddleEast => ["DXB", "RUH", "TLV"],
            ProbeRegion::NorthernAfrica => ["CAI", "ALG", "TUN"],
            ProbeRegion::SouthernAfrica => ["JNB", "CPT", "LAD"],
            ProbeRegion::SouthernAsia => ["BOM", "DEL", "KHI"],
            ProbeRegion::SouthEastAsia => ["SIN", "KUL", "CGK"],
            ProbeRegion::NorthEastAsia => ["NRT", "ICN", "HKG"],
        }
    }

    /// The three data centres the region probes from: number 1 of each of its metros.
    pub fn data_centres(self) -> [DataCentre; 3] {
        self.metro_codes().map(|code| {
            let metro = Atlas::shipped()
                .metro(code)
                .expect("probe metros are in the shipped atlas");
            DataCentre { metro, number: 1 }
        })
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn thirteen_probe_regions_probe_from_thirty_nine_data_centres() {
        let data_centres: BTreeSet<DataCentre> = ProbeRegion::ALL
            .into_iter()
            .flat_map(ProbeRegion::data_centres)
            .collect();
        assert_eq!(data_centres.len(), 39);
    }

    #[test]
    fn codes_are_read_back_in_any_case() {
        for region in ProbeRegion::ALL {
            assert_eq!(
                ProbeRegion::from_code(&region.code().to_lowercase()),
                Some(region)
            );
        }
        assert_eq!(ProbeRegion::from_code("MARS"), None);
    }
}
