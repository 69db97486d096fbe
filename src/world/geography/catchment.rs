//! Anycast: which metro the packets of a client's network reach, and which they would reach next.

use super::atlas::Atlas;
use super::metro::MetroId;
use super::place::Place;
use super::vicinity::{OFFSET, Vicinity};
use crate::kernel::random::{Keyed, Source};
use crate::kernel::variate::Distribution;

/// Client networks in each city unless a scenario says otherwise.
pub const NETWORKS_PER_CITY: u16 = 4;

/// Purposes of the keyed draws made here.
const SCORE: u32 = 0;
const HUB: u32 = 1;

/// How far routing strays from the best metro.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum CatchmentPreset {
    /// Every network reaches the metro with the shortest model round trip.
    Ideal,
    /// 81 % of clients at their best metro, 6 % at least 10 ms worse.
    Good,
    /// 72 % at their best metro, 11 % at least 10 ms worse: about what Koch 2021 found.
    #[default]
    Default,
    /// 66 % at their best metro, 17 % at least 10 ms worse: towards Calder 2015.
    Pessimistic,
}

/// The numbers behind a preset.
struct Straying {
    /// Sigma of the factor on each metro's score.
    sigma: f64,
    /// Share of networks carried to the nearest or second nearest hub instead.
    hub: f64,
    /// Share of networks carried to the third to eighth nearest hub.
    far_hub: f64,
}

impl CatchmentPreset {
    /// All presets, from the best to the worst.
    pub const ALL: [CatchmentPreset; 4] = [
        CatchmentPreset::Ideal,
        CatchmentPreset::Good,
        CatchmentPreset::Default,
        CatchmentPreset::Pessimistic,
    ];

    /// The name in scenario files.
    pub fn name(self) -> &'static str {
        match self {
            CatchmentPreset::Ideal => "ideal",
            CatchmentPreset::Good => "good",
            CatchmentPreset::Default => "default",
            CatchmentPreset::Pessimistic => "pessimistic",
        }
    }

    /// The preset of this name, if there is one.
    pub fn from_name(name: &str) -> Option<CatchmentPreset> {
        Self::ALL.into_iter().find(|preset| preset.name() == name)
    }

    fn straying(self) -> Straying {
        let (sigma, hub, far_hub) = match self {
            CatchmentPreset::Ideal => (0.0, 0.0, 0.0),
            CatchmentPreset::Good => (0.30, 0.03, 0.005),
            CatchmentPreset::Default => (0.40, 0.03, 0.005),
            CatchmentPreset::Pessimistic => (0.45, 0.06, 0.015),
        };
        Straying {
            sigma,
            hub,
            far_hub,
        }
    }
}

/// All metros in the order in which the packets of one network at a place would reach them: the first that is up
/// gets them.
///
/// `network` tells the place's networks apart, from 0. Deterministic in `key` (of the world), the place and the
/// network, whatever was asked before. Costs 10 to 60 microseconds: keep the answer.
pub fn catchment_ranking(
    preset: CatchmentPreset,
    key: u64,
    vicinity: &Vicinity,
    network: u16,
) -> Vec<MetroId> {
    let Straying {
        sigma,
        hub,
        far_hub,
    } = preset.straying();
    let network_key = Keyed::new(key, place_word(vicinity.place()), u32::from(network), 0).bits();
    let mut ranking = vicinity.varied(|round_trip, metro| {
        // The offset keeps a few kilometres from deciding between two metros of one city.
        let median = round_trip + OFFSET;
        let mut source = Keyed::new(network_key, code_word(metro), SCORE, 0);
        Distribution::Lognormal {
            median,
            sigma,
            cap: None,
        }
        .sample(&mut source)
    });
    let mut source = Keyed::new(network_key, 0, HUB, 0);
    let unit = source.unit();
    let nth_nearest_hub = if unit < far_hub {
        Some(2 + source.below(6) as usize)
    } else if unit < far_hub + hub {
        Some(usize::from(!source.chance(0.6)))
    } else {
        None
    };
    if let Some(first) = nth_nearest_hub.and_then(|n| vicinity.hubs().nth(n)) {
        ranking.retain(|&metro| metro != first);
        ranking.insert(0, first);
    }
    ranking
}

/// A word for a metro that stays the same when others are added to the atlas.
fn code_word(metro: MetroId) -> u64 {
    Atlas::shipped()[metro]
        .code
        .bytes()
        .fold(0, |word, byte| word << 8 | u64::from(byte))
}

/// A word for a place.
fn place_word(place: Place) -> u64 {
    u64::from(place.lat_e4 as u32) << 32 | u64::from(place.lon_e4 as u32)
}

#[cfg(test)]
mod tests {
    use super::super::atlas::world_mix_weight;
    use super::super::latency::{PathClass, model_round_trip};
    use super::*;
    use crate::kernel::time::Span;

    /// Percentages of the clients of the world mix at their best metro, and at least 10, 25 and 100 ms worse.
    fn shares(preset: CatchmentPreset) -> [f64; 4] {
        let atlas = Atlas::shipped();
        let n_networks = 24;
        let mut sums = [0.0; 4];
        for city in atlas
            .cities()
            .iter()
            .filter(|city| world_mix_weight(city) > 0)
        {
            let vicinity = Vicinity::of(city.place);
            let round_trip = |wanted: MetroId| {
                vicinity
                    .metros()
                    .iter()
                    .find(|(_, metro)| *metro == wanted)
                    .unwrap()
                    .0
            };
            let best = vicinity.nearest();
            for network in 0..n_networks {
                let metro = catchment_ranking(preset, 11, &vicinity, network)[0];
                let worse = round_trip(metro) - round_trip(best);
                let at_least = |ms| worse >= Span::from_millis(ms);
                for (sum, hit) in
                    sums.iter_mut()
                        .zip([metro == best, at_least(10), at_least(25), at_least(100)])
                {
                    *sum += if hit { f64::from(city.weight) } else { 0.0 };
                }
            }
        }
        sums.map(|sum| sum * 100.0 / (atlas.world_mix_weight() as f64 * f64::from(n_networks)))
    }

    fn ranking(preset: CatchmentPreset, key: u64, city: &str, network: u16) -> Vec<MetroId> {
        let atlas = Atlas::shipped();
        let vicinity = Vicinity::of(atlas[atlas.find_city(city).unwrap()].place);
        catchment_ranking(preset, key, &vicinity, network)
    }

    #[test]
    fn the_ideal_catchment_is_the_fastest_metro_for_everybody() {
        assert_eq!(shares(CatchmentPreset::Ideal), [100.0, 0.0, 0.0, 0.0]);
    }

    #[test]
    fn ten_cities_reach_the_metro_at_the_distance_worked_out_by_hand() {
        // By the spherical law of cosines, another formula than the program's, in units of 100 m.
        let table = [
            ("Puebla", "MEX", 1_006),
            ("Kyoto", "KIX", 808),
            ("Birmingham, GB", "MAN", 1_002),
            ("Stuttgart", "STR", 108),
            ("Ottawa", "YUL", 1_528),
            ("Ankara", "IST", 3_777),
            ("Natal", "REC", 2_612),
            ("Alexandria, EG", "CAI", 1_863),
            ("Vijayawada", "HYD", 2_492),
            ("Medan", "KUL", 3_505),
        ];
        let atlas = Atlas::shipped();
        for (city, code, distance) in table {
            let metro = ranking(CatchmentPreset::Ideal, 1, city, 0)[0];
            assert_eq!(atlas[metro].code, code, "{city}");
            let (from, to) = (
                atlas[atlas.find_city(city).unwrap()].place,
                atlas[metro].place,
            );
            assert_eq!((from.distance_m(to) + 50) / 100, distance, "{city}");
            // Light in fibre takes a millisecond for 200 km.
            let round_trip = model_round_trip(PathClass::Public, from, to).as_nanos();
            assert!(round_trip > distance * 1_000, "{city} is faster than light");
        }
    }

    #[test]
    fn the_presets_stray_as_far_as_they_were_fitted_to() {
        // The published percentages come from one draw of the same law with another hash. From one draw of 4
        // networks per city to the next, the first scatters by about 1, the others by 0.7, 0.6 and 0.3.
        let table = [
            (CatchmentPreset::Good, [81.0, 6.0, 3.1, 0.6]),
            (CatchmentPreset::Default, [72.0, 11.0, 4.3, 0.6]),
            (CatchmentPreset::Pessimistic, [66.0, 17.0, 7.7, 1.5]),
        ];
        for (preset, published) in table {
            let found = shares(preset);
            for (index, tolerance) in [2.5, 1.5, 1.5, 0.6].into_iter().enumerate() {
                assert!(
                    (found[index] - published[index]).abs() < tolerance,
                    "{preset:?}: {found:.1?}"
                );
            }
        }
    }

    #[test]
    fn a_ranking_holds_every_metro_once() {
        for network in 0..200 {
            let mut ranking = ranking(CatchmentPreset::Pessimistic, 5, "Madrid", network);
            ranking.sort_unstable();
            assert!(ranking.into_iter().eq(Atlas::shipped().metro_ids()));
        }
    }

    #[test]
    fn networks_and_worlds_differ_and_repeat() {
        let ranking = |key, network| ranking(CatchmentPreset::Default, key, "Berlin", network);
        assert_eq!(ranking(1, 0), ranking(1, 0));
        assert_ne!(ranking(1, 0), ranking(1, 1));
        assert_ne!(ranking(1, 0), ranking(2, 0));
    }
}
