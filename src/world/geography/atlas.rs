//! The metros and cities shipped with the program.

use std::ops::Index;
use std::sync::LazyLock;

use super::city::{self, City, CityId, CityProblem};
use super::metro::{HUBS, Metro, MetroId};
use super::place::{LatencyRegion, Place, parse_degrees};

const METROS: &str = include_str!("../../../data/metros.csv");
const CITIES: &str = include_str!("../../../data/cities.csv");

/// Every metro and every city there is.
#[derive(Debug)]
pub struct Atlas {
    metros: Vec<Metro>,
    cities: Vec<City>,
    /// For each city the sum of the weights up to and including it, in the world mix.
    cumulative_weights: Vec<u64>,
}

impl Atlas {
    /// The atlas of `data/metros.csv` and `data/cities.csv`, read once.
    pub fn shipped() -> &'static Atlas {
        static SHIPPED: LazyLock<Atlas> = LazyLock::new(Atlas::read);
        &SHIPPED
    }

    fn read() -> Atlas {
        let metros: Vec<Metro> = rows(METROS).map(read_metro).collect();
        let cities: Vec<City> = rows(CITIES).map(read_city).collect();
        let cumulative_weights = cities
            .iter()
            .scan(0, |sum, city| {
                *sum += world_mix_weight(city);
                Some(*sum)
            })
            .collect();
        Atlas {
            metros,
            cities,
            cumulative_weights,
        }
    }

    /// All metros, in the order of their codes; [`MetroId`] is the index.
    pub fn metros(&self) -> &[Metro] {
        &self.metros
    }

    /// All cities, the largest weight first; [`CityId`] is the index.
    pub fn cities(&self) -> &[City] {
        &self.cities
    }

    /// The identifiers of all metros, in order.
    pub fn metro_ids(&self) -> impl Iterator<Item = MetroId> + use<> {
        (0..self.metros.len() as u16).map(MetroId)
    }

    /// The identifiers of all cities, in order.
    pub fn city_ids(&self) -> impl Iterator<Item = CityId> + use<> {
        (0..self.cities.len() as u16).map(CityId)
    }

    /// The metro with this IATA code in capital or small letters.
    pub fn metro(&self, code: &str) -> Option<MetroId> {
        let code = code.to_ascii_uppercase();
        let index = self
            .metros
            .binary_search_by(|metro| metro.code.as_str().cmp(&code))
            .ok()?;
        Some(MetroId(index as u16))
    }

    /// The city that a person's text names: accents and capitals ignored, a unique beginning is enough, and
    /// `Valencia, ES` tells two of one name apart.
    ///
    /// # Errors
    /// [`CityProblem`] with the candidates or the nearest names, if no city or several fit.
    pub fn find_city(&self, text: &str) -> Result<CityId, CityProblem> {
        city::find(&self.cities, text).map(|index| CityId(index as u16))
    }

    /// The only city that a text can name, as [`find_city`](Atlas::find_city) without the words about why not.
    pub fn only_city(&self, text: &str) -> Option<CityId> {
        match city::fitting(&self.cities, text)[..] {
            [only] => Some(CityId(only as u16)),
            _ => None,
        }
    }

    /// The city at position `unit` of the world mix, where each city takes up a share of its weight.
    ///
    /// `unit` lies in [0, 1). Simplification: mainland China is left out of the mix, as its metros are left out of
    /// the atlas; the Internet there reaches a separate network.
    pub fn world_mix_city(&self, unit: f64) -> CityId {
        let total = self.world_mix_weight();
        // The largest unit below 1 can round up to the total itself, which lies past the last city.
        let target = ((unit * total as f64) as u64).min(total - 1);
        CityId(
            self.cumulative_weights
                .partition_point(|&sum| sum <= target) as u16,
        )
    }

    /// Sum of the weights of all cities in the world mix.
    pub fn world_mix_weight(&self) -> u64 {
        self.cumulative_weights.last().copied().unwrap_or(0)
    }

    /// The place at these coordinates in units of 1e-4 degree; it takes the latency region of the nearest city.
    pub fn place_at(&self, lat_e4: i32, lon_e4: i32) -> Place {
        let place = Place {
            lat_e4,
            lon_e4,
            latency_region: LatencyRegion::Europe,
        };
        let nearest = self
            .cities
            .iter()
            .min_by_key(|city| city.place.distance_m(place));
        let nearest = nearest.expect("the shipped atlas has cities");
        Place {
            latency_region: nearest.place.latency_region,
            ..place
        }
    }
}

impl Index<MetroId> for Atlas {
    type Output = Metro;

    fn index(&self, id: MetroId) -> &Metro {
        &self.metros[usize::from(id.0)]
    }
}

impl Index<CityId> for Atlas {
    type Output = City;

    fn index(&self, id: CityId) -> &City {
        &self.cities[usize::from(id.0)]
    }
}

/// The weight a city has in the world mix: none in mainland China.
pub(super) fn world_mix_weight(city: &City) -> u64 {
    if city.country == "CN" {
        0
    } else {
        u64::from(city.weight)
    }
}

/// The rows of a shipped table below its heading, split at commas; no field contains one.
pub(super) fn rows(table: &'static str) -> impl Iterator<Item = Vec<&'static str>> {
    table.lines().skip(1).map(|line| line.split(',').collect())
}

/// Reads a number of a shipped table. The tables are compiled in, so a bad one is a bug and panics.
pub(super) fn number<T: std::str::FromStr>(field: &str) -> T {
    field
        .parse()
        .unwrap_or_else(|_| panic!("{field} in a shipped table is no number of the expected kind"))
}

/// Reads the key of a latency region in a shipped table.
pub(super) fn latency_region(key: &str) -> LatencyRegion {
    LatencyRegion::from_key(key)
        .unwrap_or_else(|| panic!("{key} in a shipped table is no latency region"))
}

fn place(latency_region_key: &str, lat: &str, lon: &str) -> Place {
    let degrees = |text, limit| {
        parse_degrees(text, limit)
            .unwrap_or_else(|| panic!("{text} in a shipped table: no degrees"))
    };
    Place {
        lat_e4: degrees(lat, 90.0),
        lon_e4: degrees(lon, 180.0),
        latency_region: latency_region(latency_region_key),
    }
}

fn read_metro(row: Vec<&str>) -> Metro {
    Metro {
        code: row[0].to_owned(),
        city: row[1].to_owned(),
        country: row[2].to_owned(),
        place: place(row[3], row[4], row[5]),
        n_data_centres: number(row[6]),
        is_hub: HUBS.contains(&row[0]),
    }
}

fn read_city(row: Vec<&str>) -> City {
    City {
        name: row[0].to_owned(),
        country: row[1].to_owned(),
        place: place(row[2], row[3], row[4]),
        population: number(row[5]),
        weight: number(row[6]),
        folded: city::folded(row[0]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_have_the_expected_sizes_and_the_metros_stand_in_order() {
        let atlas = Atlas::shipped();
        assert_eq!((atlas.metros().len(), atlas.cities().len()), (309, 469));
        assert!(atlas.metros().is_sorted_by(|a, b| a.code < b.code));
        assert!(atlas.cities().is_sorted_by(|a, b| a.weight >= b.weight));
        assert!(atlas.metros().iter().all(|metro| metro.country != "CN"));
    }

    #[test]
    fn a_metro_is_found_by_its_code_only() {
        let atlas = Atlas::shipped();
        let frankfurt = atlas.metro("fra").unwrap();
        assert_eq!(
            (
                atlas[frankfurt].code.as_str(),
                atlas[frankfurt].country.as_str()
            ),
            ("FRA", "DE")
        );
        assert_eq!(atlas.metro("QQQ"), None);
        assert_eq!(atlas.metro(""), None);
    }

    #[test]
    fn the_world_mix_gives_each_city_its_share() {
        let atlas = Atlas::shipped();
        let n = 1_000_000;
        let istanbul = atlas.find_city("Istanbul").unwrap();
        let hits = (0..n)
            .filter(|&i| atlas.world_mix_city(f64::from(i) / f64::from(n)) == istanbul)
            .count();
        let share = f64::from(atlas[istanbul].weight) / atlas.world_mix_weight() as f64;
        assert!((hits as f64 / f64::from(n) - share).abs() < 2e-6);
    }

    #[test]
    fn the_world_mix_leaves_mainland_china_out_and_ends_at_the_last_city() {
        let atlas = Atlas::shipped();
        assert_ne!(atlas[atlas.world_mix_city(0.0)].country, "CN");
        let last = atlas.world_mix_city(1.0 - f64::EPSILON / 2.0);
        assert_ne!(atlas[last].country, "CN");
        assert_eq!(atlas.world_mix_weight(), 1_762_745_525 - 329_957_126);
    }

    #[test]
    fn coordinates_take_the_latency_region_of_the_nearest_city() {
        let atlas = Atlas::shipped();
        assert_eq!(
            atlas.place_at(404_168, -37_038).latency_region,
            LatencyRegion::Europe
        );
        assert_eq!(
            atlas.place_at(194_000, -991_000).latency_region,
            LatencyRegion::CentralAmerica
        );
    }
}
