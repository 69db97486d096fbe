//! The load balancer: pools of endpoints, monitors, steering, affinity.
//!
//! Source of fields and defaults: facts of the vendor's load-balancing documentation and of its
//! Terraform provider (cloudflare_load_balancer, _pool, _monitor).

use crate::kernel::time::Span;
use crate::world::geography::{MetroId, Place, ProbeRegion};
use crate::world::ids::*;

/// A load balancer.
#[derive(Clone, Debug)]
pub struct Balancer {
    /// The balancer's name.
    pub name: String,
    /// Pools in failover order.
    pub default_pools: Vec<PoolId>,
    /// Used, whatever its health, when all others are down.
    pub fallback_pool: PoolId,
    /// The steering policy, by its registered name.
    pub steering: String,
    /// Pools by probe region of the entry metro, for geo steering.
    pub region_pools: Vec<(ProbeRegion, Vec<PoolId>)>,
    /// Pools by country of the entry metro (ISO code), for geo steering.
    pub country_pools: Vec<(String, Vec<PoolId>)>,
    /// Pools by entry metro, for geo steering.
    pub metro_pools: Vec<(MetroId, Vec<PoolId>)>,
    /// Pool weights for random steering; a pool not named has `default_weight`.
    pub pool_weights: Vec<(PoolId, f64)>,
    /// Weight of a pool that is not named.
    pub default_weight: f64,
    /// Session affinity.
    pub affinity: Affinity,
    /// How long affinity lasts.
    pub affinity_ttl: Span,
    /// How long a disabled endpoint keeps the sessions it has.
    pub drain: Span,
    /// What happens to a pinned session while its endpoint is down.
    pub zero_downtime_failover: ZeroDowntimeFailover,
    /// Whether a failed request may go to another pool.
    pub failover_across_pools: bool,
}

impl Balancer {
    /// Whether it may send requests to a pool.
    pub fn uses(&self, pool: PoolId) -> bool {
        let by_place = self.region_pools.iter().map(|(_, pools)| pools);
        let by_place = by_place.chain(self.country_pools.iter().map(|(_, pools)| pools));
        let by_place = by_place.chain(self.metro_pools.iter().map(|(_, pools)| pools));
        self.fallback_pool == pool
            || self.default_pools.contains(&pool)
            || by_place.flatten().any(|used| *used == pool)
    }
}

/// What ties a session to an endpoint.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Affinity {
    /// Nothing.
    None,
    /// A cookie set by the first answer.
    Cookie,
    /// A cookie whose first choice follows the client's address.
    IpCookie,
    /// A request header.
    Header,
}

/// The vendor's `zero_downtime_failover`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ZeroDowntimeFailover {
    /// No second endpoint is tried.
    None,
    /// Elsewhere until the pinned endpoint is back.
    Temporary,
    /// The session moves for good.
    Sticky,
}

/// A pool of endpoints.
#[derive(Clone, Debug)]
pub struct Pool {
    /// The pool's name.
    pub name: String,
    /// Its endpoints, in declared order.
    pub endpoints: Vec<EndpointId>,
    /// Healthy endpoints below which the pool is critical.
    pub minimum_healthy: u32,
    /// Whether the pool is in use.
    pub enabled: bool,
    /// How an endpoint is picked: random, hash, least_outstanding_requests, least_connections.
    pub endpoint_steering: String,
    /// Share of the traffic without affinity that is shed from the pool, 0 to 1.
    pub load_shedding: f64,
    /// Where the pool is, for proximity steering.
    pub site: Option<Place>,
    /// The monitor; none: health is ignored.
    pub monitor: Option<MonitorId>,
}

/// An endpoint: a whole tunnel, or a server on the public Internet.
#[derive(Clone, Debug)]
pub struct Endpoint {
    /// The endpoint's name, unique in its pool.
    pub name: String,
    /// Its pool.
    pub pool: PoolId,
    /// What it is.
    pub address: EndpointAddress,
    /// Its weight, 0 to 1.
    pub weight: f64,
    /// Whether it is in use.
    pub enabled: bool,
    /// The Host header its requests carry instead of the visitor's.
    pub host_header: Option<HostnameId>,
}

/// What an endpoint's address leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum EndpointAddress {
    /// A tunnel, whose replicas the balancer cannot tell apart.
    Tunnel(TunnelId),
    /// A container that the edge dials itself.
    Direct(ContainerId),
}

/// A health monitor.
#[derive(Clone, Debug)]
pub struct Monitor {
    /// The monitor's name.
    pub name: String,
    /// Time between probes of one data centre.
    pub interval: Span,
    /// How long a probe waits.
    pub timeout: Span,
    /// Immediate retries, after a time-out only.
    pub retries: u32,
    /// Good runs in a row until healthy.
    pub consecutive_up: u32,
    /// Bad runs in a row until unhealthy.
    pub consecutive_down: u32,
    /// Accepted status codes: `200`, `2xx`, ...
    pub expected_codes: Vec<CodePattern>,
    /// The hostname probes ask for; none: the endpoint's Host header.
    pub host_header: Option<HostnameId>,
    /// The path probes ask for.
    pub path: String,
    /// The probe regions, each of which probes from three data centres.
    pub probe_regions: Vec<ProbeRegion>,
    /// Whether it knows nothing at time 0, so that its endpoints count as down until its first verdicts; else it
    /// believes them up.
    pub starts_unknown: bool,
}

/// An accepted status code or class of codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum CodePattern {
    /// One code.
    Exactly(u16),
    /// A hundred codes: `Class(2)` is 2xx.
    Class(u8),
}

impl CodePattern {
    /// Whether a status code is accepted.
    pub fn accepts(self, code: u16) -> bool {
        match self {
            CodePattern::Exactly(expected) => code == expected,
            CodePattern::Class(class) => code / 100 == u16::from(class),
        }
    }
}
