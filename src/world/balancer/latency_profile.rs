//! How long probes take, for dynamic steering.

use crate::kernel::time::Span;
use crate::world::blueprint::Blueprint;
use crate::world::geography::ProbeRegion;
use crate::world::ids::{Arena, PoolId};

/// The weight of the newest round trip in the moving average.
///
/// The vendor says that it keeps an exponentially weighted moving average but not its weight. With
/// three probes a minute, a tenth averages over about three minutes, well within the ten minutes
/// that the vendor gives a new profile (assumed).
const NEWEST_WEIGHT: f64 = 0.1;

/// Moving averages of the round trips of probes, per pool and probe region, in nanoseconds.
#[derive(Clone, Debug)]
pub(super) struct LatencyProfile(Arena<PoolId, [Option<f64>; ProbeRegion::ALL.len()]>);

impl LatencyProfile {
    /// A profile without any data.
    pub(super) fn new(blueprint: &Blueprint) -> LatencyProfile {
        LatencyProfile(blueprint.pools.map(|_| [None; ProbeRegion::ALL.len()]))
    }

    /// Takes in the round trip of a probe that passed.
    pub(super) fn record(&mut self, pool: PoolId, region: ProbeRegion, round_trip: Span) {
        let newest = round_trip.as_nanos() as f64;
        let average = &mut self.0[pool][region as usize];
        *average = Some(match *average {
            Some(average) => average + NEWEST_WEIGHT * (newest - average),
            None => newest,
        });
    }

    /// The average for clients of a region, if probes of that region ever passed.
    pub(super) fn average(&self, pool: PoolId, region: ProbeRegion) -> Option<f64> {
        self.0[pool][region as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::balancer::example;

    #[test]
    fn the_average_starts_at_the_first_round_trip_and_follows_the_newest() {
        let (blueprint, pools) = example::pools(&[&["a"]]);
        let mut profile = LatencyProfile::new(&blueprint);
        let region = ProbeRegion::WesternEurope;
        assert_eq!(profile.average(pools[0], region), None);
        profile.record(pools[0], region, Span::from_nanos(100));
        profile.record(pools[0], region, Span::from_nanos(200));
        assert_eq!(profile.average(pools[0], region), Some(110.0));
        assert_eq!(profile.average(pools[0], ProbeRegion::Oceania), None);
    }
}
