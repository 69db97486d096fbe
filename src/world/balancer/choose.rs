//! From a question to an endpoint.

use super::Balancers;
use super::affinity::Tie;
use super::draws::{Purpose, unit};
use super::endpoint_steering::{self, Candidate, EndpointScene};
use super::question::{Asker, Choice};
use super::steering::Scene;
use crate::world::blueprint::Affinity;
use crate::world::ids::{BalancerId, EndpointId, PoolId};

impl Balancers {
    /// Where a request goes; none: nowhere. A first try without an endpoint is answered with 530
    /// and error 1016 (all pools down and the fallback pool disabled); a retry without one leaves
    /// the answer of the failed try standing.
    ///
    /// A retry is a question with endpoints `tried`, after a status that [`retries_elsewhere`]
    /// accepts. The vendor makes one retry; counting is the caller's.
    ///
    /// [`retries_elsewhere`]: super::retries_elsewhere
    pub fn choose(&self, balancer: BalancerId, asker: &Asker<'_>) -> Option<Choice> {
        let tie = self.tie(balancer, asker);
        let endpoint = match tie {
            Tie::Holds(endpoint) => endpoint,
            Tie::Fails => return None,
            Tie::Free | Tie::Loose(_) if asker.tried.is_empty() => self.first(balancer, asker)?,
            Tie::Free | Tie::Loose(_) => self.alternate(balancer, asker)?,
        };
        Some(Choice {
            pool: self.endpoints[endpoint].declared.pool,
            endpoint,
            cookie: self.renewed(balancer, tie, endpoint, asker.now),
        })
    }

    /// The endpoint of a first try: by steering, else in the fallback pool, whose health is
    /// ignored.
    fn first(&self, balancer: BalancerId, asker: &Asker<'_>) -> Option<EndpointId> {
        let state = &self.balancers[balancer];
        let scene = self.scene(balancer, asker);
        if let Some(pool) = state.policy.choose(&scene) {
            return self.endpoint_in(pool, balancer, asker, Health::Counts);
        }
        let fallback = state.declared.fallback_pool;
        let in_use = self.pools[fallback].enabled;
        in_use
            .then(|| self.endpoint_in(fallback, balancer, asker, Health::Ignored))
            .flatten()
    }

    /// The endpoint of a retry: a healthy one of the same pool; if there is none and the balancer
    /// fails over across pools, one of another pool by steering.
    fn alternate(&self, balancer: BalancerId, asker: &Asker<'_>) -> Option<EndpointId> {
        let state = &self.balancers[balancer];
        let failed = asker.tried.last()?;
        let pool = self.endpoints[*failed].declared.pool;
        let in_use = self.pools[pool].enabled;
        let same_pool = in_use.then(|| self.endpoint_in(pool, balancer, asker, Health::Counts));
        same_pool.flatten().or_else(|| {
            let across = state.declared.failover_across_pools;
            let other = across.then(|| state.policy.choose(&self.scene(balancer, asker)))??;
            self.endpoint_in(other, balancer, asker, Health::Counts)
        })
    }

    fn scene<'a>(&'a self, balancer: BalancerId, asker: &'a Asker<'a>) -> Scene<'a> {
        let [for_pool, _] = self.keys(balancer, asker);
        Scene::new(self, &self.balancers[balancer].declared, asker, for_pool)
    }

    /// The keys of the random numbers for pool and endpoint. With an IP cookie the first choice
    /// follows the client's address instead of chance.
    fn keys(&self, balancer: BalancerId, asker: &Asker<'_>) -> [u64; 2] {
        match self.balancers[balancer].declared.affinity {
            Affinity::IpCookie => [asker.client; 2],
            Affinity::None | Affinity::Cookie | Affinity::Header => asker.draw,
        }
    }

    /// An endpoint of a pool, by the pool's own policy.
    fn endpoint_in(
        &self,
        pool: PoolId,
        balancer: BalancerId,
        asker: &Asker<'_>,
        health: Health,
    ) -> Option<EndpointId> {
        let fits = |id: &EndpointId, healthy: bool| {
            (healthy || health == Health::Ignored) && !asker.tried.contains(id)
        };
        let candidates: Vec<Candidate> = self
            .enabled_endpoints(pool)
            .filter(|(id, endpoint)| fits(id, endpoint.is_healthy()))
            .map(|(id, endpoint)| Candidate {
                endpoint: id,
                weight: endpoint.declared.weight,
                open_requests: endpoint.open,
            })
            .collect();
        let [_, for_endpoint] = self.keys(balancer, asker);
        let scene = EndpointScene {
            candidates: &candidates,
            unit: unit(for_endpoint, Purpose::Endpoint, asker.tried.len()),
            client: asker.client,
        };
        match self.balancers[balancer].declared.affinity {
            Affinity::IpCookie => endpoint_steering::BY_ADDRESS.choose(&scene),
            _ => self.endpoint_policies[pool].choose(&scene),
        }
    }
}

/// Whether an unhealthy endpoint can be chosen.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Health {
    Counts,
    Ignored,
}

#[cfg(test)]
mod tests {
    use super::super::example::*;
    use super::*;
    use crate::world::blueprint::Blueprint;

    fn retry(balancers: &Balancers, tried: &[EndpointId]) -> Option<EndpointId> {
        let asker = Asker {
            tried,
            ..request(0)
        };
        balancers
            .choose(BALANCER, &asker)
            .map(|choice| choice.endpoint)
    }

    fn two_pools() -> Blueprint {
        pools(&[&["a", "b"], &["c"]]).0
    }

    #[test]
    fn the_fallback_pool_is_used_whatever_its_health_and_not_when_disabled() {
        let mut blueprint = two_pools();
        blueprint.balancers[BALANCER].default_pools = vec![PoolId(0)];
        let mut balancers = Balancers::new(&blueprint);
        balancers.enable_pool(PoolId(0), false);
        assert_eq!(retry(&balancers, &[]), Some(EndpointId(2)));
        balancers.enable_pool(PoolId(1), false);
        assert_eq!(retry(&balancers, &[]), None);
    }

    #[test]
    fn a_retry_stays_in_the_pool_unless_it_may_cross_over() {
        let mut blueprint = two_pools();
        let (a, b, c) = (EndpointId(0), EndpointId(1), EndpointId(2));
        let balancers = Balancers::new(&blueprint);
        assert_eq!(retry(&balancers, &[a]), Some(b));
        assert_eq!(retry(&balancers, &[a, b]), None);
        blueprint.balancers[BALANCER].failover_across_pools = true;
        let balancers = Balancers::new(&blueprint);
        assert_eq!(retry(&balancers, &[a]), Some(b));
        assert_eq!(retry(&balancers, &[a, b]), Some(c));
        assert_eq!(retry(&balancers, &[a, b, c]), None);
    }

    #[test]
    fn retries_of_requests_that_failed_at_one_endpoint_spread_over_the_others() {
        let (blueprint, _) = pools(&[&["a", "b", "c"]]);
        let balancers = Balancers::new(&blueprint);
        let mut counts = [0_u32; 3];
        for number in 0..9_000 {
            let first = balancers
                .choose(BALANCER, &request(number))
                .unwrap()
                .endpoint;
            if first == EndpointId(0) {
                let asker = Asker {
                    tried: &[first],
                    ..request(number)
                };
                let second = balancers.choose(BALANCER, &asker).unwrap().endpoint;
                counts[usize::from(second.0)] += 1;
            }
        }
        assert_eq!(counts[0], 0);
        assert!(
            counts[1].abs_diff(1_500) < 150 && counts[2].abs_diff(1_500) < 150,
            "{counts:?}"
        );
    }
}
