//! A concrete path: the model's mean, the lasting peculiarity of this pair, and the jitter of single packets.

use super::latency::{
    PathClass, base_round_trip, light_round_trip, model_round_trip, whole_micros,
};
use super::place::Place;
use crate::kernel::random::{Keyed, Source, stream_id};
use crate::kernel::time::Span;
use crate::kernel::variate::Distribution;

/// Purpose number of the keyed draws made here.
const PURPOSE: u32 = 0;

/// What distinguishes real paths of one class from the mean model; see [`Paths`].
struct Variation {
    /// Sigma of the lognormal factor on what exceeds the base.
    sigma: f64,
    /// Share of pairs that take a detour on top.
    detour_probability: f64,
    /// Between which percentages the factor of a detour lies.
    detour_percent: [u64; 2],
    /// The median excess of a packet's round trip on one pair.
    excess_of_pair: Distribution,
    /// Sigma of the excess of one packet.
    excess_sigma: f64,
}

/// Fitted to held-out pings: true over model p5 0.74, p50 1.00, p75 1.15, p95 1.66; excess within bursts.
const PUBLIC: Variation = Variation {
    sigma: 0.17,
    detour_probability: 0.05,
    detour_percent: [140, 260],
    excess_of_pair: Distribution::Lognormal {
        median: Span::from_micros(430),
        sigma: 1.3,
        cap: Some(Span::from_millis(40)),
    },
    excess_sigma: 1.0,
};

/// Fitted to four cloud backbones: true over model p5 0.81, p50 0.99, p95 1.35; all pairs jitter alike.
const PRIVATE: Variation = Variation {
    sigma: 0.10,
    detour_probability: 0.03,
    detour_percent: [120, 170],
    excess_of_pair: Distribution::Constant(Span::from_micros(150)),
    excess_sigma: 0.8,
};

impl PathClass {
    fn variation(self) -> &'static Variation {
        match self {
            PathClass::Public => &PUBLIC,
            PathClass::Private => &PRIVATE,
        }
    }
}

/// The paths of one simulated world: either exactly the mean model, or each pair with its own lasting factor.
///
/// The factor of a pair is computed from the key and the names of its ends, so it depends neither on which path is
/// asked for first nor on which end is named first.
///
/// Simplification: a path keeps its factor for the whole run; route changes (about one in 120 days) are left out.
/// Simplification: no packet is lost on a path; at the measured 1 in 10,000 a loss delays, and is far rarer than the jitter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The key of the factors, or none for the mean model.
    key: Option<u64>,
}

impl Paths {
    /// Every path is exactly as the mean model says, every packet alike.
    pub fn exact() -> Paths {
        Paths { key: None }
    }

    /// Every pair has its own factor and jitter, fixed by `key`.
    pub fn varied(key: u64) -> Paths {
        Paths { key: Some(key) }
    }

    /// The path between two ends, each given by a name that is unique in the world, and a place.
    pub fn between(self, class: PathClass, a: (&str, Place), b: (&str, Place)) -> Path {
        let mean = model_round_trip(class, a.1, b.1);
        match self.key {
            None => Path::constant(mean),
            Some(key) => varied_path(
                class,
                mean,
                a.1.distance_m(b.1),
                Keyed::new(key, pair_id(a.0, b.0), PURPOSE, class as u32),
            ),
        }
    }
}

fn varied_path(class: PathClass, mean: Span, distance_m: u64, mut source: Keyed) -> Path {
    let law = class.variation();
    let base = base_round_trip(class, distance_m);
    // In one spot the rounded mean can lie below the base by less than a microsecond.
    let mut over_base = Distribution::Lognormal {
        median: mean.max(base) - base,
        sigma: law.sigma,
        cap: None,
    }
    .sample(&mut source);
    if source.chance(law.detour_probability) {
        let [low, high] = law.detour_percent.map(|percent| over_base * percent / 100);
        over_base = Distribution::Uniform { low, high }.sample(&mut source);
    }
    // No measured pair comes within two percent of light in a straight fibre.
    let floor = light_round_trip(distance_m) * 102 / 100;
    Path {
        round_trip: whole_micros((base + over_base).max(floor)),
        excess: Some(Excess {
            median: law.excess_of_pair.sample(&mut source),
            sigma: law.excess_sigma,
        }),
    }
}

/// A number for an unordered pair of names.
fn pair_id(a: &str, b: &str) -> u64 {
    let (first, second) = if a <= b { (a, b) } else { (b, a) };
    stream_id(first, second)
}

/// One path between two ends.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Path {
    round_trip: Span,
    excess: Option<Excess>,
}

impl Path {
    /// A path that always takes the same time, for example a measured or a made-up one.
    pub fn constant(round_trip: Span) -> Path {
        Path {
            round_trip,
            excess: None,
        }
    }

    /// The shortest round trip, without jitter. Whole microseconds unless made by [`Path::constant`].
    pub fn round_trip(&self) -> Span {
        self.round_trip
    }

    /// What every packet takes one way, if there is no jitter.
    #[inline]
    pub fn steady(&self) -> Option<Span> {
        self.excess.is_none().then(|| self.round_trip.half())
    }

    /// How long one packet takes one way: half the round trip and half an excess. Takes one word if there is jitter.
    #[inline]
    pub fn one_way(&self, source: &mut impl Source) -> Span {
        self.round_trip.half()
            + self
                .excess
                .map_or(Span::ZERO, |excess| excess.one_way(source))
    }
}

/// What a packet takes longer than the shortest time, as a lognormal excess of the round trip.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Excess {
    /// Median, of a round trip.
    pub(super) median: Span,
    /// Standard deviation of the logarithm.
    pub(super) sigma: f64,
}

impl Excess {
    /// Half an excess. Takes one word.
    pub(super) fn one_way(self, source: &mut impl Source) -> Span {
        Distribution::Lognormal {
            median: self.median.half(),
            sigma: self.sigma,
            cap: None,
        }
        .sample(source)
    }
}

#[cfg(test)]
mod tests {
    use super::super::Atlas;
    use super::*;

    fn end(code: &str) -> (&str, Place) {
        let atlas = Atlas::shipped();
        (code, atlas[atlas.metro(code).unwrap()].place)
    }

    /// True over mean of many pairs (one pair under many keys), sorted.
    fn ratios(class: PathClass, n: u64) -> Vec<f64> {
        let mean = Paths::exact()
            .between(class, end("LHR"), end("SIN"))
            .round_trip()
            .as_millis_f64();
        let path = |key| Paths::varied(key).between(class, end("LHR"), end("SIN"));
        let mut ratios: Vec<f64> = (0..n)
            .map(|key| path(key).round_trip().as_millis_f64() / mean)
            .collect();
        ratios.sort_by(f64::total_cmp);
        ratios
    }

    #[test]
    fn exact_paths_are_the_mean_model_and_have_no_jitter() {
        let path = Paths::exact().between(PathClass::Private, end("MAD"), end("FRA"));
        assert_eq!(
            path,
            Path::constant(model_round_trip(
                PathClass::Private,
                end("MAD").1,
                end("FRA").1
            ))
        );
        assert_eq!(
            path.one_way(&mut Keyed::new(1, 2, 3, 4)),
            path.round_trip().half()
        );
    }

    #[test]
    fn a_path_depends_neither_on_direction_nor_on_what_was_asked_before() {
        let paths = Paths::varied(7);
        let there = paths.between(PathClass::Public, end("MAD"), end("FRA"));
        assert_eq!(
            there,
            paths.between(PathClass::Public, end("FRA"), end("MAD"))
        );
        assert_ne!(
            there,
            Paths::varied(8).between(PathClass::Public, end("MAD"), end("FRA"))
        );
    }

    #[test]
    fn the_spread_of_public_paths_is_near_the_measured_one() {
        let ratios = ratios(PathClass::Public, 20_000);
        let quantile = |share: f64| ratios[(share * ratios.len() as f64) as usize];
        // Measured: p5 0.74, p25 0.90, p50 1.00, p75 1.15, p95 1.66.
        for (share, measured, tolerance) in [
            (0.05, 0.74, 0.04),
            (0.25, 0.90, 0.03),
            (0.5, 1.0, 0.02),
            (0.75, 1.15, 0.03),
        ] {
            assert!(
                (quantile(share) - measured).abs() < tolerance,
                "{share}: {}",
                quantile(share)
            );
        }
        assert!((1.35..1.7).contains(&quantile(0.95)), "{}", quantile(0.95));
    }

    #[test]
    fn no_path_beats_light() {
        let light = light_round_trip(end("LHR").1.distance_m(end("SIN").1)).as_millis_f64();
        for class in PathClass::ALL {
            let mean = model_round_trip(class, end("LHR").1, end("SIN").1).as_millis_f64();
            assert!(ratios(class, 20_000)[0] * mean >= light * 1.0199);
        }
    }

    #[test]
    fn a_packet_takes_at_least_half_the_round_trip_and_seldom_much_more() {
        let path = Paths::varied(7).between(PathClass::Private, end("MAD"), end("FRA"));
        let mut excesses: Vec<f64> = (0..10_000)
            .map(|i| {
                (path.one_way(&mut Keyed::new(1, i, 0, 0)) - path.round_trip().half())
                    .as_millis_f64()
            })
            .collect();
        excesses.sort_by(f64::total_cmp);
        assert!(
            (excesses[5_000] - 0.075).abs() < 0.005,
            "{}",
            excesses[5_000]
        );
    }
}
