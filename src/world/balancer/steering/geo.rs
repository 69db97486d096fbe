//! `geo`: by where the request entered.

use super::{Scene, Steering};
use crate::world::geography::Atlas;
use crate::world::ids::PoolId;

/// The first available pool of the most specific list for the entry.
///
/// An area that has a list is served by it alone: when its last pool is down the fallback pool
/// takes over, not the default pools, which are for areas without a list (documented).
pub(super) struct Geo;

impl Steering for Geo {
    fn name(&self) -> &'static str {
        "geo"
    }

    fn summary(&self) -> &'static str {
        "The first available pool listed for the metro of entry, else its country, else its region, else by default."
    }

    fn choose(&self, scene: &Scene<'_>) -> Option<PoolId> {
        let pools = pools_of_the_area(scene);
        pools.iter().copied().find(|pool| scene.is_available(*pool))
    }
}

fn pools_of_the_area<'a>(scene: &Scene<'a>) -> &'a [PoolId] {
    let balancer = scene.balancer();
    let country = &Atlas::shipped()[scene.entry()].country;
    let metro = list(&balancer.metro_pools, |metro| *metro == scene.entry());
    metro
        .or_else(|| {
            list(&balancer.country_pools, |listed| {
                listed.eq_ignore_ascii_case(country)
            })
        })
        .or_else(|| {
            list(&balancer.region_pools, |region| {
                *region == scene.entry_region()
            })
        })
        .unwrap_or(&balancer.default_pools)
}

/// The pools of the first area that fits.
fn list<A>(areas: &[(A, Vec<PoolId>)], fits: impl Fn(&A) -> bool) -> Option<&[PoolId]> {
    areas
        .iter()
        .find(|(area, _)| fits(area))
        .map(|(_, pools)| pools.as_slice())
}
