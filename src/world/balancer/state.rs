//! The state of all balancers of a world.

use super::endpoint_steering::{self, EndpointSteering};
use super::health::{EndpointHealth, PoolHealth};
use super::latency_profile::LatencyProfile;
use super::steering::{self, Steering};
use crate::kernel::time::Time;
use crate::world::blueprint::{Balancer, Blueprint, Endpoint, Monitor, Pool};
use crate::world::ids::*;

/// All balancers with their pools, endpoints and monitors.
#[derive(Clone)]
pub struct Balancers {
    pub(super) balancers: Arena<BalancerId, BalancerState>,
    pub(super) pools: Arena<PoolId, Pool>,
    pub(super) endpoint_policies: Arena<PoolId, &'static dyn EndpointSteering>,
    pub(super) endpoints: Arena<EndpointId, EndpointState>,
    pub(super) monitors: Arena<MonitorId, Monitor>,
    pub(super) latency: LatencyProfile,
}

/// A balancer and its policy.
#[derive(Clone)]
pub(super) struct BalancerState {
    pub(super) declared: Balancer,
    pub(super) policy: &'static dyn Steering,
}

/// An endpoint and what is known of it.
#[derive(Clone)]
pub(super) struct EndpointState {
    pub(super) declared: Endpoint,
    /// What its pool's monitor believes; none without a monitor, when health is ignored.
    pub(super) health: Option<EndpointHealth>,
    /// When it was last disabled.
    pub(super) disabled_at: Time,
    /// Requests sent to it and not yet answered.
    pub(super) open: u32,
}

impl EndpointState {
    pub(super) fn is_healthy(&self) -> bool {
        self.health.as_ref().is_none_or(EndpointHealth::is_healthy)
    }

    /// Whether it takes new sessions.
    pub(super) fn is_usable(&self) -> bool {
        self.declared.enabled && self.is_healthy()
    }
}

impl Balancers {
    /// The balancers of a blueprint at time 0.
    ///
    /// # Panics
    /// If a balancer or a pool names a steering policy that is not registered; the scenario is
    /// checked against the same registry.
    pub fn new(blueprint: &Blueprint) -> Balancers {
        let balancer = |(_, declared): (_, &Balancer)| BalancerState {
            declared: declared.clone(),
            policy: steering::named(&declared.steering).expect("a registered steering policy"),
        };
        let endpoint = |(_, declared): (_, &Endpoint)| {
            let monitor = blueprint.pools[declared.pool].monitor;
            EndpointState {
                declared: declared.clone(),
                health: monitor.map(|monitor| EndpointHealth::new(&blueprint.monitors[monitor])),
                disabled_at: Time::ZERO,
                open: 0,
            }
        };
        let policy = |(_, pool): (_, &Pool)| {
            endpoint_steering::named(&pool.endpoint_steering)
                .expect("a registered policy of endpoint steering")
        };
        Balancers {
            balancers: blueprint.balancers.map(balancer),
            pools: blueprint.pools.clone(),
            endpoint_policies: blueprint.pools.map(policy),
            endpoints: blueprint.endpoints.map(endpoint),
            monitors: blueprint.monitors.clone(),
            latency: LatencyProfile::new(blueprint),
        }
    }

    /// A request was sent to an endpoint.
    pub fn request_opened(&mut self, endpoint: EndpointId) {
        self.endpoints[endpoint].open += 1;
    }

    /// A request sent to an endpoint ended, in whatever way.
    ///
    /// # Panics
    /// If the endpoint has none open.
    pub fn request_closed(&mut self, endpoint: EndpointId) {
        let open = &mut self.endpoints[endpoint].open;
        *open = open
            .checked_sub(1)
            .expect("a request that ends was opened before");
    }

    /// Puts a pool into use, or takes it out; sessions tied to it move at once.
    pub fn enable_pool(&mut self, pool: PoolId, enabled: bool) {
        self.pools[pool].enabled = enabled;
    }

    /// Puts an endpoint into use, or disables it: it then keeps the sessions tied to it for the
    /// balancer's drain duration.
    pub fn enable_endpoint(&mut self, endpoint: EndpointId, enabled: bool, now: Time) {
        let endpoint = &mut self.endpoints[endpoint];
        if endpoint.declared.enabled && !enabled {
            endpoint.disabled_at = now;
        }
        endpoint.declared.enabled = enabled;
    }

    /// Whether an endpoint counts as up.
    pub fn is_healthy(&self, endpoint: EndpointId) -> bool {
        self.endpoints[endpoint].is_healthy()
    }

    /// A pool's health in the vendor's words.
    pub fn pool_health(&self, pool: PoolId) -> PoolHealth {
        let enabled = || self.enabled_endpoints(pool);
        if self.pools[pool].monitor.is_none() {
            return PoolHealth::Unknown;
        }
        let is_known = |e: &EndpointState| e.health.as_ref().is_some_and(EndpointHealth::is_known);
        if enabled().count() > 0 && !enabled().any(|(_, e)| is_known(e)) {
            return PoolHealth::Unknown;
        }
        if !self.has_enough_endpoints(pool) {
            PoolHealth::Critical
        } else if enabled().all(|(_, e)| e.is_healthy()) {
            PoolHealth::Healthy
        } else {
            PoolHealth::Degraded
        }
    }

    /// Whether a pool has the healthy endpoints it needs, at least one; without a monitor one that
    /// is enabled is enough.
    pub(super) fn has_enough_endpoints(&self, pool: PoolId) -> bool {
        let usable = self
            .enabled_endpoints(pool)
            .filter(|(_, e)| e.is_usable())
            .count();
        let declared = &self.pools[pool];
        let needed = declared
            .monitor
            .map_or(1, |_| declared.minimum_healthy.max(1));
        usable >= needed as usize
    }

    /// The endpoints of a pool that are enabled, in declared order.
    pub(super) fn enabled_endpoints(
        &self,
        pool: PoolId,
    ) -> impl Iterator<Item = (EndpointId, &EndpointState)> {
        let endpoints = self.pools[pool].endpoints.iter();
        endpoints
            .map(|&id| (id, &self.endpoints[id]))
            .filter(|(_, e)| e.declared.enabled)
    }
}
