//! `proximity`: by distance.

use super::{Scene, Steering};
use crate::world::ids::PoolId;

/// The available pool whose coordinates are nearest to the metro of entry.
///
/// A pool without coordinates comes last; equal distances go by failover order (assumed: the vendor
/// asks for coordinates of every pool).
pub(super) struct Proximity;

impl Steering for Proximity {
    fn name(&self) -> &'static str {
        "proximity"
    }

    fn summary(&self) -> &'static str {
        "The available pool whose coordinates are nearest to the metro of entry."
    }

    fn choose(&self, scene: &Scene<'_>) -> Option<PoolId> {
        let entry = scene.entry_place();
        let distance = |pool: &PoolId| match scene.site(*pool) {
            Some(site) => entry.distance_m(site),
            None => u64::MAX,
        };
        scene.available_pools().into_iter().min_by_key(distance)
    }
}
