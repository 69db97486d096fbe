//! The edge: metros, their numbered data centres, and the servers in each.

use std::fmt;

use super::atlas::Atlas;
use super::place::{LatencyRegion, Place};

/// The 22 interconnection hubs of the catchment model, with 12 data centres each.
///
/// Source: an engineering guess, checked against two studies of anycast detours (Calder 2015, Koch 2021).
pub const HUBS: [&str; 22] = [
    "FRA", "AMS", "LHR", "CDG", "MRS", "MAD", "ARN", "IAD", "EWR", "ORD", "DFW", "LAX", "SJC",
    "MIA", "GRU", "SIN", "HKG", "NRT", "BOM", "SYD", "DXB", "JNB",
];

/// The 18 further big metros, with 6 data centres each. With the [`HUBS`] they are the 40 biggest (assumed).
///
/// Chosen for large populations, many networks present or being the exchange point of their country.
pub const FURTHER_BIG_METROS: [&str; 18] = [
    "ATL", "BOG", "DEL", "DEN", "EZE", "ICN", "IST", "KIX", "KUL", "MEL", "MEX", "MXP", "SCL",
    "SEA", "TPE", "VIE", "WAW", "YYZ",
];

/// Servers in each data centre that accept connectors (assumed; the real number is not published).
pub const SERVERS_PER_DATA_CENTRE: u8 = 8;

/// Index of a metro in [`Atlas::metros`]; metros stand in the order of their codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct MetroId(pub u16);

impl fmt::Display for MetroId {
    /// Writes the code, for example `FRA`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&Atlas::shipped()[*self].code)
    }
}

/// A metropolitan area with data centres of the edge, named by an IATA airport code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Metro {
    /// Three capital letters, for example `FRA`.
    pub code: String,
    /// The city the airport serves; for people to read.
    pub city: String,
    /// ISO 3166-1 alpha-2 code of the country.
    pub country: String,
    /// Where the airport is.
    pub place: Place,
    /// How many data centres the metro has, numbered from 1; at least 2.
    pub n_data_centres: u8,
    /// Whether the metro is one of the [`HUBS`].
    pub is_hub: bool,
}

impl Metro {
    /// Which latency region the metro's paths belong to.
    pub fn latency_region(&self) -> LatencyRegion {
        self.place.latency_region
    }

    /// Whether the metro is one of the 40 biggest, which have more than two data centres.
    pub fn is_big(&self) -> bool {
        self.n_data_centres > 2
    }

    /// Probability that a connector's second address group lands in the same metro as its first: 0.75 in the 40
    /// biggest metros, 0.15 elsewhere (from eleven placements seen in public logs, about five of which stayed).
    pub fn same_metro_probability(&self) -> f64 {
        if self.is_big() { 0.75 } else { 0.15 }
    }
}

/// One data centre: a metro and a number from 1. Written as connector logs do, for example `fra06`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DataCentre {
    /// The metro it stands in.
    pub metro: MetroId,
    /// Its number within the metro, from 1.
    pub number: u8,
}

impl fmt::Display for DataCentre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let code = Atlas::shipped()[self.metro].code.to_ascii_lowercase();
        write!(f, "{code}{:02}", self.number)
    }
}

/// One server of a data centre: the far end of a connector's connection. Written `fra06/3`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EdgeServer {
    /// The data centre it stands in.
    pub data_centre: DataCentre,
    /// Its number within the data centre, from 1 to [`SERVERS_PER_DATA_CENTRE`].
    pub number: u8,
}

impl fmt::Display for EdgeServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.data_centre, self.number)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_centre_is_written_as_connector_logs_do() {
        let metro = Atlas::shipped().metro("FRA").unwrap();
        let data_centre = DataCentre { metro, number: 6 };
        assert_eq!(data_centre.to_string(), "fra06");
        assert_eq!(
            EdgeServer {
                data_centre,
                number: 3
            }
            .to_string(),
            "fra06/3"
        );
        assert_eq!(metro.to_string(), "FRA");
    }

    #[test]
    fn forty_metros_are_big_and_twenty_two_of_them_hubs() {
        let atlas = Atlas::shipped();
        let sizes = |n: u8| {
            atlas
                .metros()
                .iter()
                .filter(|metro| metro.n_data_centres == n)
                .count()
        };
        assert_eq!((sizes(12), sizes(6), sizes(2)), (22, 18, 309 - 40));
        for code in HUBS {
            assert_eq!(
                atlas[atlas.metro(code).unwrap()].n_data_centres,
                12,
                "{code}"
            );
        }
        for code in FURTHER_BIG_METROS {
            assert_eq!(
                atlas[atlas.metro(code).unwrap()].n_data_centres,
                6,
                "{code}"
            );
        }
    }
}
