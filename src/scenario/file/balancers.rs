//! `balancers:`, `pools:` and `monitors:`, with the vendor's field names.

use super::place::{City, Latitude, Longitude};
use super::words::{EndpointSteering, Steering};
use crate::fault::{MetroCode, Reference, References};
use crate::notation::{
    Duration, Entries, Hostname, Number, OneOrMany, PositiveDuration, Share, Text, Whole, block,
};
use crate::world::blueprint::{Affinity, ZeroDowntimeFailover};
use crate::world::geography::ProbeRegion;

block! {
    /// A load balancer.
    pub struct BalancerFile as "balancer" {
        /// Pools in failover order.
        default_pools: References = required,
        /// Used, whatever its health, when all others are down.
        fallback_pool: Reference = required,
        /// How a pool is picked: `off`, `random`, `geo`, `dynamic_latency`, `proximity`, `least_outstanding_requests`,
        /// `least_connections`. Left out, `geo` if there are pools by region, country or metro, else `off`.
        steering_policy: Steering = optional,
        /// Pools by probe region of the metro a request entered, such as `WEU`.
        region_pools: Entries<References, ProbeRegion> = optional,
        /// Pools by country of the metro a request entered, such as `DE`.
        country_pools: Entries<References> = optional,
        /// Pools by the metro a request entered, such as `FRA`.
        pop_pools: Entries<References, MetroCode> = optional,
        /// Weights of the pools for random steering.
        random_steering: RandomSteeringFile = "{}" (documented: "Terraform provider, load_balancer"),
        /// What ties a session to an endpoint.
        session_affinity: Affinity = "none" (documented: "Terraform provider, load_balancer"),
        /// How long affinity lasts; left out, 23 hours, or 30 minutes with a header.
        session_affinity_ttl: Duration = optional,
        /// Finer points of affinity.
        session_affinity_attributes: AffinityAttributesFile = "{}" (documented: "Terraform provider, load_balancer"),
        /// Whether a failed request may go to another pool.
        adaptive_routing: AdaptiveRoutingFile = "{}" (documented: "Terraform provider, load_balancer"),
    }
}

block! {
    /// Weights of the pools for random steering.
    pub struct RandomSteeringFile as "random_steering" {
        /// Weight of a pool that is not named.
        default_weight: Number = "1" in "relative weight" (documented: "Terraform provider, load_balancer"),
        /// Weights by pool.
        pool_weights: Entries<Number> = optional,
    }
}

block! {
    /// Finer points of session affinity.
    pub struct AffinityAttributesFile as "session_affinity_attributes" {
        /// How long a disabled endpoint keeps the sessions it has.
        drain_duration: Duration = "0s" (documented: "no drain unless it is set"),
        /// What happens to a pinned session while its endpoint is down.
        zero_downtime_failover: ZeroDowntimeFailover = "none" (documented: "Terraform provider, load_balancer"),
    }
}

block! {
    /// Whether a failed request may go to another pool.
    pub struct AdaptiveRoutingFile as "adaptive_routing" {
        /// Whether it may.
        failover_across_pools: bool = "false" (documented: "Terraform provider, load_balancer"),
    }
}

block! {
    /// A pool of endpoints.
    pub struct PoolFile as "pool" {
        /// Its endpoints.
        origins: Entries<OriginFile> = required,
        /// Healthy endpoints below which the pool is critical.
        minimum_origins: Whole<0, 1000> = "1" in "endpoints" (documented: "Terraform provider, load_balancer_pool"),
        /// Whether the pool is in use.
        enabled: bool = "true" (documented: "Terraform provider, load_balancer_pool"),
        /// How an endpoint is picked: `random`, `hash`, `least_outstanding_requests`, `least_connections`.
        origin_steering: OriginSteeringFile = "{}" (documented: "Terraform provider, load_balancer_pool"),
        /// What is shed from the pool.
        load_shedding: LoadSheddingFile = "{}" (documented: "Terraform provider, load_balancer_pool"),
        /// City of the pool, for proximity steering.
        city: City = optional,
        /// Latitude of the pool, for proximity steering.
        latitude: Latitude = optional in "degrees north",
        /// Longitude of the pool, for proximity steering.
        longitude: Longitude = optional in "degrees east",
        /// The monitor that watches its endpoints; left out, health is ignored.
        monitor: Reference = optional,
    }
}

block! {
    /// How an endpoint of a pool is picked.
    pub struct OriginSteeringFile as "origin_steering" {
        /// The policy.
        policy: EndpointSteering = "random" (documented: "Terraform provider, load_balancer_pool"),
    }
}

block! {
    /// What is shed from a pool.
    pub struct LoadSheddingFile as "load_shedding" {
        /// Share of new traffic.
        default_percent: Share = "0%" (documented: "Terraform provider, load_balancer_pool"),
    }
}

block! {
    /// An endpoint: a whole tunnel, or a container that the edge dials itself.
    pub struct OriginFile as "origin" {
        /// The tunnel, whose replicas the balancer cannot tell apart.
        tunnel: Reference = optional,
        /// The container, reached over the public Internet.
        container: Reference = optional,
        /// Its weight.
        weight: Share = "1" (documented: "Terraform provider, load_balancer_pool"),
        /// Whether it is in use.
        enabled: bool = "true" (documented: "Terraform provider, load_balancer_pool"),
        /// The Host header its requests and probes carry; left out, the visitor's hostname.
        host_header: Hostname = optional,
    }
}

block! {
    /// A health monitor.
    pub struct MonitorFile as "monitor" {
        /// Time between the probes of one data centre.
        interval: PositiveDuration = "60s" (documented: "Terraform provider, load_balancer_monitor"),
        /// How long a probe waits.
        timeout: PositiveDuration = "5s" (documented: "Terraform provider, load_balancer_monitor"),
        /// Immediate retries, after a time-out only.
        retries: Whole<0, 10> = "2" in "probes" (documented: "Terraform provider, load_balancer_monitor"),
        /// Good probes in a row until an endpoint is healthy.
        consecutive_up: Whole<0, 100> = "0" in "probes" (documented: "Terraform provider, load_balancer_monitor"),
        /// Bad probes in a row until an endpoint is unhealthy.
        consecutive_down: Whole<0, 100> = "0" in "probes" (documented: "Terraform provider, load_balancer_monitor"),
        /// Status codes that count as healthy: `200`, `2xx`, or a list.
        expected_codes: OneOrMany<StatusPattern> = "2xx" (assumed: "the vendor has no default for http"),
        /// The hostname that probes ask for; left out, the endpoint's Host header, else the balancer's hostname.
        host_header: Hostname = optional,
        /// The path that probes ask for.
        path: Text = "/" (documented: "Terraform provider, load_balancer_monitor"),
        /// Whether it knows nothing at the start, so that its endpoints count as down until its first verdicts.
        starts_unknown: bool = "false" (assumed: "runs begin in a settled state"),
        /// The regions that probe, each from three data centres.
        check_regions: OneOrMany<ProbeRegion> = "[WEU]" (assumed: "one region is what the cheaper plans offer"),
    }
}

/// An accepted status code or class of codes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct StatusPattern(pub crate::world::blueprint::CodePattern);

impl crate::notation::Leaf for StatusPattern {
    const EXAMPLES: &'static [&'static str] = &["200", "2xx"];

    fn name() -> std::borrow::Cow<'static, str> {
        "status-pattern".into()
    }

    fn expected() -> std::borrow::Cow<'static, str> {
        "a status code such as 200, or a class of codes such as 2xx".into()
    }

    fn parse(scalar: &crate::notation::Scalar) -> Result<Self, crate::notation::Refusal> {
        use crate::world::blueprint::CodePattern;
        let text = scalar.text.as_str();
        let class = text.strip_suffix("xx").and_then(|class| class.parse().ok());
        match (class, text.parse()) {
            (Some(class @ 1..=5), _) => Ok(StatusPattern(CodePattern::Class(class))),
            (_, Ok(code @ 100..=599)) => Ok(StatusPattern(CodePattern::Exactly(code))),
            _ => Err(crate::notation::Refusal::unexpected()),
        }
    }

    fn schema() -> serde_json::Value {
        serde_json::json!({"type": ["string", "integer"], "pattern": "^[1-5](xx|[0-9][0-9])$", "minimum": 100, "maximum": 599})
    }
}
