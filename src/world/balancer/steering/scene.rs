//! What a policy may look at.

use super::super::draws::{Purpose, unit, weighted};
use super::super::question::Asker;
use super::super::{Balancers, probe_region_of};
use crate::kernel::time::Time;
use crate::world::blueprint::Balancer;
use crate::world::geography::{Atlas, MetroId, Place, ProbeRegion};
use crate::world::ids::PoolId;

/// A balancer at the moment of a request, as a policy sees it.
#[derive(Clone, Copy)]
pub struct Scene<'a> {
    state: &'a Balancers,
    balancer: &'a Balancer,
    asker: &'a Asker<'a>,
    /// Where the random numbers of this choice come from.
    key: u64,
}

impl<'a> Scene<'a> {
    pub(in super::super) fn new(
        state: &'a Balancers,
        balancer: &'a Balancer,
        asker: &'a Asker<'a>,
        key: u64,
    ) -> Scene<'a> {
        Scene {
            state,
            balancer,
            asker,
            key,
        }
    }

    /// When the request asks.
    pub fn now(&self) -> Time {
        self.asker.now
    }

    /// The balancer as declared.
    pub fn balancer(&self) -> &'a Balancer {
        self.balancer
    }

    /// The metro the request entered by.
    pub fn entry(&self) -> MetroId {
        self.asker.entry
    }

    /// Where the request entered.
    pub fn entry_place(&self) -> Place {
        Atlas::shipped()[self.asker.entry].place
    }

    /// The region the request entered in.
    pub fn entry_region(&self) -> ProbeRegion {
        probe_region_of(self.asker.entry)
    }

    /// The default pools that are available, in failover order.
    pub fn available_pools(&self) -> Vec<PoolId> {
        let pools = self.balancer.default_pools.iter().copied();
        pools.filter(|pool| self.is_available(*pool)).collect()
    }

    /// Whether a pool can take this request: it is enabled and not critical, does not shed it, and
    /// has an endpoint that has not failed it yet.
    pub fn is_available(&self, pool: PoolId) -> bool {
        let has_untried = || {
            let mut endpoints = self.state.enabled_endpoints(pool);
            endpoints.any(|(id, e)| e.is_healthy() && !self.asker.tried.contains(&id))
        };
        self.state.pools[pool].enabled
            && self.state.has_enough_endpoints(pool)
            && !self.is_shed(pool)
            && has_untried()
    }

    /// Whether a pool sheds this request: at random, and never one that affinity ties to it, which
    /// does not come this way. A request that all pools shed goes to the fallback pool (documented).
    ///
    /// Simplification: load shedding is only the vendor's `default_percent` with its `random` policy.
    fn is_shed(&self, pool: PoolId) -> bool {
        let number = usize::from(pool.0);
        unit(self.asker.draw[0], Purpose::Shedding, number) < self.state.pools[pool].load_shedding
    }

    /// Where a pool is, if it says so.
    pub fn site(&self, pool: PoolId) -> Option<Place> {
        self.state.pools[pool].site
    }

    /// The pool's weight in random steering.
    pub fn weight(&self, pool: PoolId) -> f64 {
        let mut weights = self.balancer.pool_weights.iter();
        let named = weights.find(|(named, _)| *named == pool);
        named.map_or(self.balancer.default_weight, |(_, weight)| *weight)
    }

    /// Requests sent to a pool's endpoints and not yet answered.
    pub fn open_requests(&self, pool: PoolId) -> u64 {
        let endpoints = self.state.pools[pool].endpoints.iter();
        endpoints
            .map(|id| u64::from(self.state.endpoints[*id].open))
            .sum()
    }

    /// The moving average of a pool's probe round trips from the region of entry, in nanoseconds.
    pub fn mean_round_trip(&self, pool: PoolId) -> Option<f64> {
        self.state.latency.average(pool, self.entry_region())
    }

    /// An available default pool at random, with these weights.
    pub fn random_pool(&self, weight: impl Fn(PoolId) -> f64) -> Option<PoolId> {
        let pools = self.available_pools();
        let weights: Vec<f64> = pools.iter().map(|pool| weight(*pool)).collect();
        let unit = unit(self.key, Purpose::Pool, self.asker.tried.len());
        weighted(&weights, unit).map(|position| pools[position])
    }
}
