//! Small worlds for the tests of this module.

use crate::kernel::random::Keyed;
use crate::kernel::random::Source;
use crate::kernel::time::{Span, Time};
use crate::world::balancer::Asker;
use crate::world::blueprint::*;
use crate::world::geography::{Atlas, MetroId, ProbeRegion};
use crate::world::ids::*;

/// One balancer over pools of endpoints with these names, without a monitor; the last pool is the
/// fallback pool.
pub(super) fn pools(names: &[&[&str]]) -> (Blueprint, Vec<PoolId>) {
    let mut blueprint = Blueprint::default();
    for (number, endpoints) in names.iter().enumerate() {
        let pool = blueprint.pools.push(pool(number));
        for name in *endpoints {
            let endpoint = blueprint.endpoints.push(endpoint(name, pool));
            blueprint.pools[pool].endpoints.push(endpoint);
        }
    }
    let pools: Vec<PoolId> = blueprint.pools.ids().collect();
    blueprint.balancers.push(balancer(&pools));
    (blueprint, pools)
}

/// The same with a monitor of these regions on every pool.
pub(super) fn monitored(names: &[&[&str]], regions: &[ProbeRegion]) -> (Blueprint, Vec<PoolId>) {
    let (mut blueprint, pools) = pools(names);
    let monitor = blueprint.monitors.push(monitor(regions));
    for pool in &pools {
        blueprint.pools[*pool].monitor = Some(monitor);
    }
    (blueprint, pools)
}

fn pool(number: usize) -> Pool {
    Pool {
        name: format!("pool {number}"),
        endpoints: Vec::new(),
        minimum_healthy: 1,
        enabled: true,
        endpoint_steering: "random".to_owned(),
        load_shedding: 0.0,
        site: None,
        monitor: None,
    }
}

fn endpoint(name: &str, pool: PoolId) -> Endpoint {
    Endpoint {
        name: name.to_owned(),
        pool,
        address: EndpointAddress::Direct(ContainerId(0)),
        weight: 1.0,
        enabled: true,
        host_header: None,
    }
}

fn balancer(pools: &[PoolId]) -> Balancer {
    Balancer {
        name: "balancer".to_owned(),
        default_pools: pools.to_vec(),
        fallback_pool: pools[pools.len() - 1],
        steering: "off".to_owned(),
        region_pools: Vec::new(),
        country_pools: Vec::new(),
        metro_pools: Vec::new(),
        pool_weights: Vec::new(),
        default_weight: 1.0,
        affinity: Affinity::None,
        affinity_ttl: Span::from_secs(82_800),
        drain: Span::ZERO,
        zero_downtime_failover: ZeroDowntimeFailover::None,
        failover_across_pools: false,
    }
}

fn monitor(regions: &[ProbeRegion]) -> Monitor {
    Monitor {
        name: "monitor".to_owned(),
        interval: Span::from_secs(60),
        timeout: Span::from_secs(5),
        retries: 2,
        consecutive_up: 0,
        consecutive_down: 0,
        expected_codes: vec![CodePattern::Class(2)],
        host_header: None,
        path: "/".to_owned(),
        probe_regions: regions.to_vec(),
        starts_unknown: false,
    }
}

/// The metro with this code.
pub(super) fn metro(code: &str) -> MetroId {
    Atlas::shipped().metro(code).unwrap()
}

/// The request of this number: at time 0, from Frankfurt, with random numbers of its own.
pub(super) fn request(number: u64) -> Asker<'static> {
    let mut bits = Keyed::new(1, number, 0, 0);
    Asker {
        now: Time::ZERO,
        entry: metro("FRA"),
        client: bits.bits(),
        cookie: None,
        draw: [bits.bits(), bits.bits()],
        tried: &[],
    }
}

/// The instant so many seconds after the start.
pub(super) fn at(secs: u64) -> Time {
    Time::ZERO + Span::from_secs(secs)
}

/// The only balancer of the examples.
pub(super) const BALANCER: BalancerId = BalancerId(0);
