//! Every policy of the load balancer in all 1,024 states of two pools with two endpoints each.

use tunnelsim::kernel::random::{Keyed, Source};
use tunnelsim::kernel::time::Time;
use tunnelsim::world::balancer::{Asker, Balancers, ProbeResult};
use tunnelsim::world::geography::Atlas;
use tunnelsim::world::ids::{BalancerId, EndpointId, MonitorId, PoolId};

use crate::suite::{Group, Log, sized};
use crate::worlds::read;

pub const GROUPS: &[Group] = &[(
    "every_policy_chooses_rightly_in_all_1024_states",
    all_states,
)];

/// Pool 0 is first in failover order, pool 1 is nearer to Frankfurt and first in its country.
const WORLD: &str = "
title: two pools
hosts: {vps: {city: Frankfurt, containers: {a: {}, b: {}, c: {}, d: {}}}}
clients: {visitors: {city: Frankfurt, hostname: a.example.com, sessions: 1/s}}
tunnels: {t: {replicas: [vps], ingress: [{service: hello_world}]}}
pools:
  far: {monitor: m, city: Dallas, origins: {a: {container: vps/a}, b: {container: vps/b}}}
  near: {monitor: m, city: Frankfurt, origins: {c: {container: vps/c}, d: {container: vps/d}}}
monitors: {m: {interval: 60s}}
balancers:
  www: {steering_policy: POLICY, default_pools: [far, near], fallback_pool: near, country_pools: {DE: [near, far]}}
";

const POLICIES: [&str; 7] = [
    "off",
    "random",
    "geo",
    "dynamic_latency",
    "proximity",
    "least_outstanding_requests",
    "least_connections",
];

/// One state: whether each endpoint is healthy, and whether it and its pool are in use.
#[derive(Clone, Copy)]
struct State(u32);

impl State {
    fn is_healthy(self, endpoint: usize) -> bool {
        self.0 >> endpoint & 1 == 1
    }

    fn is_endpoint_enabled(self, endpoint: usize) -> bool {
        self.0 >> (4 + endpoint) & 1 == 1
    }

    fn is_pool_enabled(self, pool: usize) -> bool {
        self.0 >> (8 + pool) & 1 == 1
    }

    /// The endpoints of a pool that may be chosen if health counts, or if it does not.
    fn endpoints(self, pool: usize, health_counts: bool) -> Vec<usize> {
        let of_pool = [2 * pool, 2 * pool + 1].into_iter();
        of_pool
            .filter(|&e| self.is_endpoint_enabled(e) && (self.is_healthy(e) || !health_counts))
            .collect()
    }

    /// What may be chosen: the endpoints of the pool, or pools, that the policy picks; else of the fallback pool.
    fn expected(self, policy: &str) -> Vec<usize> {
        let order: &[usize] = match policy {
            "off" | "dynamic_latency" => &[0, 1],
            "geo" | "proximity" => &[1, 0],
            _ => &[],
        };
        let is_up =
            |pool: &usize| self.is_pool_enabled(*pool) && !self.endpoints(*pool, true).is_empty();
        let pools: Vec<usize> = match order {
            [] => [0, 1].into_iter().filter(is_up).collect(),
            _ => order.iter().copied().find(is_up).into_iter().collect(),
        };
        match pools[..] {
            [] if self.is_pool_enabled(1) => self.endpoints(1, false),
            _ => pools
                .iter()
                .flat_map(|&pool| self.endpoints(pool, true))
                .collect(),
        }
    }

    fn brought_about(self, balancers: &Balancers) -> Balancers {
        let mut balancers = balancers.clone();
        for probe in balancers.probe_plan(MonitorId(0)) {
            if !self.is_healthy(usize::from(probe.endpoint.0)) {
                balancers.probe_result(probe, ProbeResult::Failed);
            }
        }
        for endpoint in (0..4).filter(|&endpoint| !self.is_endpoint_enabled(endpoint)) {
            balancers.enable_endpoint(EndpointId(endpoint as u16), false, Time::ZERO);
        }
        for pool in (0..2).filter(|&pool| !self.is_pool_enabled(pool)) {
            balancers.enable_pool(PoolId(pool as u16), false);
        }
        balancers
    }
}

fn all_states(log: &mut Log) {
    let draws = sized(64, 256);
    let mut compared = 0;
    for policy in POLICIES {
        let quoted = WORLD.replace("POLICY", &format!("'{policy}'"));
        let fresh = Balancers::new(&read(&quoted, "").blueprint);
        for bits in 0..1 << 10 {
            let state = State(bits);
            let balancers = state.brought_about(&fresh);
            let expected = state.expected(policy);
            let mut chosen: Vec<usize> = (0..draws)
                .flat_map(|draw| choice(&balancers, draw))
                .collect();
            assert_eq!(
                chosen.len() as u64,
                if expected.is_empty() { 0 } else { draws },
                "{policy}: {bits:010b}"
            );
            chosen.sort_unstable();
            chosen.dedup();
            // Each endpoint that may be chosen is: one of four is missed by 64 draws with probability 10^-8.
            assert_eq!(chosen, expected, "{policy}: {bits:010b}");
            compared += draws;
        }
    }
    log.passed(
        compared,
        format!(
            "{} policies, 1,024 states: {compared} choices",
            POLICIES.len()
        ),
    );
}

/// The endpoint that a request from Frankfurt with these random numbers gets.
fn choice(balancers: &Balancers, number: u64) -> Option<usize> {
    let mut bits = Keyed::new(1, number, 0, 0);
    let asker = Asker {
        now: Time::ZERO,
        entry: Atlas::shipped().metro("FRA").unwrap(),
        client: bits.bits(),
        cookie: None,
        draw: [bits.bits(), bits.bits()],
        tried: &[],
    };
    let choice = balancers.choose(BalancerId(0), &asker)?;
    assert_eq!(
        usize::from(choice.endpoint.0) / 2,
        usize::from(choice.pool.0)
    );
    Some(usize::from(choice.endpoint.0))
}
