use proptest::prelude::*;

use super::super::example::*;
use super::super::{Asker, Balancers, Probe, ProbeResult};
use super::*;
use crate::kernel::time::Span;
use crate::world::blueprint::{Blueprint, Monitor};
use crate::world::geography::{Atlas, ProbeRegion};
use crate::world::ids::EndpointId;

/// The pool of each of so many requests, as positions.
fn chosen_pools(balancers: &Balancers, requests: u64) -> Vec<usize> {
    let pool = |number| balancers.choose(BALANCER, &request(number)).unwrap().pool;
    (0..requests)
        .map(|number| usize::from(pool(number).0))
        .collect()
}

/// A pool for each name, of one endpoint.
fn world(policy: &str, pools_of_one: usize) -> Blueprint {
    let (mut blueprint, _) = pools(&vec![["endpoint"].as_slice(); pools_of_one]);
    blueprint.balancers[BALANCER].steering = policy.to_owned();
    blueprint
}

#[test]
fn policies_have_different_names_and_are_found_by_them() {
    for policy in POLICIES {
        assert_eq!(named(policy.name()).unwrap().summary(), policy.summary());
        assert!(policy.summary().ends_with('.'));
    }
    assert!(named("").is_none());
}

#[test]
fn off_takes_the_first_pool_that_is_up() {
    let mut balancers = Balancers::new(&world("off", 3));
    assert_eq!(chosen_pools(&balancers, 10), [0; 10]);
    balancers.enable_pool(PoolId(0), false);
    assert_eq!(chosen_pools(&balancers, 10), [1; 10]);
}

#[test]
fn blue_green_is_two_pools_of_which_one_is_enabled() {
    let mut balancers = Balancers::new(&world("off", 2));
    let flip = |balancers: &mut Balancers, blue| {
        balancers.enable_pool(PoolId(0), blue);
        balancers.enable_pool(PoolId(1), !blue);
    };
    flip(&mut balancers, true);
    assert_eq!(chosen_pools(&balancers, 5), [0; 5]);
    flip(&mut balancers, false);
    assert_eq!(chosen_pools(&balancers, 5), [1; 5]);
}

#[test]
fn random_follows_the_weights_and_leaves_the_rest_their_shares() {
    let mut blueprint = world("random", 3);
    let weights = [0.6, 0.3, 0.1].into_iter().enumerate();
    blueprint.balancers[BALANCER].pool_weights = weights
        .map(|(pool, weight)| (PoolId(pool as u16), weight))
        .collect();
    let mut balancers = Balancers::new(&blueprint);
    let count = |pools: &[usize], pool| pools.iter().filter(|chosen| **chosen == pool).count();
    let within = |count: usize, expected: usize| count.abs_diff(expected) < 5 * 100;

    let before = chosen_pools(&balancers, 40_000);
    assert!(within(count(&before, 0), 24_000));
    assert!(within(count(&before, 1), 12_000));
    assert!(within(count(&before, 2), 4_000));

    balancers.enable_pool(PoolId(0), false);
    let after = chosen_pools(&balancers, 40_000);
    assert!(within(count(&after, 1), 30_000));
    assert!(within(count(&after, 2), 10_000));
}

#[test]
fn geo_goes_by_metro_then_country_then_region_then_default() {
    let mut blueprint = world("geo", 6);
    let balancer = &mut blueprint.balancers[BALANCER];
    balancer.default_pools = vec![PoolId(4)];
    balancer.metro_pools = vec![(metro("FRA"), vec![PoolId(0), PoolId(1)])];
    balancer.country_pools = vec![("de".to_owned(), vec![PoolId(2)])];
    balancer.region_pools = vec![(ProbeRegion::WesternEurope, vec![PoolId(3)])];
    let mut balancers = Balancers::new(&blueprint);
    let from = |balancers: &Balancers, code| {
        let asker = Asker {
            entry: metro(code),
            ..request(0)
        };
        balancers.choose(BALANCER, &asker).unwrap().pool.0
    };
    let expected = [("FRA", 0), ("MUC", 2), ("MAD", 3), ("NRT", 4)];
    for (code, pool) in expected {
        assert_eq!(from(&balancers, code), pool, "{code}");
    }
    // A list that is exhausted leads to the fallback pool, not to a wider area.
    balancers.enable_pool(PoolId(0), false);
    assert_eq!(from(&balancers, "FRA"), 1);
    balancers.enable_pool(PoolId(1), false);
    assert_eq!(from(&balancers, "FRA"), 5);
}

#[test]
fn dynamic_latency_is_failover_order_for_ten_minutes_and_then_the_fastest() {
    let regions = [ProbeRegion::WesternEurope, ProbeRegion::NorthEastAsia];
    let (mut blueprint, _) = monitored(&[&["slow"], &["fast in Europe"]], &regions);
    blueprint.balancers[BALANCER].steering = "dynamic_latency".to_owned();
    let mut balancers = Balancers::new(&blueprint);
    for probe in balancers.probe_plan(blueprint.monitors.ids().next().unwrap()) {
        let in_europe = probe.region == ProbeRegion::WesternEurope;
        let is_fast = in_europe == (probe.endpoint == EndpointId(1));
        let round_trip = Span::from_millis(if is_fast { 10 } else { 100 });
        balancers.probe_result(probe, ProbeResult::Passed { round_trip });
    }
    let pool = |now, code| {
        let asker = Asker {
            now,
            entry: metro(code),
            ..request(0)
        };
        balancers.choose(BALANCER, &asker).unwrap().pool.0
    };
    assert_eq!(pool(at(599), "FRA"), 0);
    assert_eq!(pool(at(600), "FRA"), 1);
    assert_eq!(pool(at(600), "NRT"), 0);
    // No probes from North America: failover order.
    assert_eq!(pool(at(600), "IAD"), 0);
}

#[test]
fn proximity_takes_the_pool_nearest_to_the_entry() {
    let mut blueprint = world("proximity", 3);
    for (pool, code) in [(1, "FRA"), (2, "QRO")] {
        let place = Atlas::shipped()[metro(code)].place;
        blueprint.pools[PoolId(pool)].site = Some(place);
    }
    let balancers = Balancers::new(&blueprint);
    for (code, pool) in [("MAD", 1), ("LAX", 2), ("QRO", 2)] {
        let asker = Asker {
            entry: metro(code),
            ..request(0)
        };
        assert_eq!(
            balancers.choose(BALANCER, &asker).unwrap().pool.0,
            pool,
            "{code}"
        );
    }
}

#[test]
fn open_requests_divide_a_pools_weight() {
    for policy in ["least_outstanding_requests", "least_connections"] {
        let mut balancers = Balancers::new(&world(policy, 2));
        for _ in 0..3 {
            balancers.request_opened(EndpointId(0));
        }
        let to_first = chosen_pools(&balancers, 10_000)
            .iter()
            .filter(|pool| **pool == 0)
            .count();
        // One share in 1 + 4; standard deviation 40.
        assert!(to_first.abs_diff(2_000) < 200, "{policy}: {to_first}");
        for _ in 0..3 {
            balancers.request_closed(EndpointId(0));
        }
        let to_first = chosen_pools(&balancers, 10_000)
            .iter()
            .filter(|pool| **pool == 0)
            .count();
        assert!(to_first.abs_diff(5_000) < 250, "{policy}: {to_first}");
    }
}

#[test]
fn a_pool_sheds_its_share_and_what_all_shed_goes_to_the_fallback_pool() {
    let mut blueprint = world("off", 3);
    blueprint.balancers[BALANCER].default_pools = vec![PoolId(0), PoolId(1)];
    blueprint.pools[PoolId(0)].load_shedding = 0.25;
    blueprint.pools[PoolId(1)].load_shedding = 0.5;
    let chosen = chosen_pools(&Balancers::new(&blueprint), 16_000);
    for (pool, expected) in [(0, 12_000_usize), (1, 2_000), (2, 2_000)] {
        let count = chosen.iter().filter(|chosen| **chosen == pool).count();
        assert!(count.abs_diff(expected) < 250, "pool {pool}: {count}");
    }
}

/// A drawn world: per pool whether it is enabled, how many endpoints it needs, and its endpoints
/// with weight, health and whether they are enabled.
type DrawnPool = (bool, u32, Vec<(u8, bool, bool)>);

fn drawn_pools() -> impl Strategy<Value = Vec<DrawnPool>> {
    let endpoint = (0_u8..4, any::<bool>(), any::<bool>());
    let endpoints = prop::collection::vec(endpoint, 1..4);
    prop::collection::vec((any::<bool>(), 1_u32..3, endpoints), 1..5)
}

/// The drawn world under a policy, with a prefix to all its names.
fn build(drawn: &[DrawnPool], policy: &dyn Steering, prefix: &str) -> Balancers {
    let names: Vec<Vec<&str>> = drawn
        .iter()
        .map(|pool| vec![prefix; pool.2.len()])
        .collect();
    let names: Vec<&[&str]> = names.iter().map(Vec::as_slice).collect();
    let (mut blueprint, ids) = monitored(&names, &[ProbeRegion::WesternEurope]);
    let balancer = &mut blueprint.balancers[BALANCER];
    balancer.name.insert_str(0, prefix);
    balancer.steering = policy.name().to_owned();
    for (id, (enabled, minimum, endpoints)) in ids.iter().zip(drawn) {
        let pool = &mut blueprint.pools[*id];
        pool.name.insert_str(0, prefix);
        pool.enabled = *enabled;
        pool.minimum_healthy = *minimum;
        for (endpoint, (weight, _, enabled)) in pool.endpoints.clone().iter().zip(endpoints) {
            blueprint.endpoints[*endpoint].weight = f64::from(*weight) / 4.0;
            blueprint.endpoints[*endpoint].enabled = *enabled;
        }
    }
    let mut balancers = Balancers::new(&blueprint);
    let health: Vec<bool> = drawn.iter().flat_map(|pool| &pool.2).map(|e| e.1).collect();
    let monitor = blueprint
        .monitors
        .iter()
        .map(|(id, _): (_, &Monitor)| id)
        .next()
        .unwrap();
    let is_sick = |probe: &Probe| !health[usize::from(probe.endpoint.0)];
    for probe in balancers.probe_plan(monitor).into_iter().filter(is_sick) {
        balancers.probe_result(probe, ProbeResult::Failed);
    }
    balancers
}

fn is_up((enabled, minimum, endpoints): &DrawnPool) -> bool {
    let usable = endpoints
        .iter()
        .filter(|(_, healthy, enabled)| *healthy && *enabled)
        .count();
    *enabled && usable >= *minimum as usize
}

proptest! {
    #[test]
    fn every_policy_chooses_among_healthy_endpoints_of_pools_that_are_up(
        drawn in drawn_pools(),
        number in any::<u64>(),
    ) {
        for policy in POLICIES {
            let balancers = build(&drawn, policy, "");
            let asker = Asker { now: at(3_600), ..request(number) };
            let choice = balancers.choose(BALANCER, &asker);
            prop_assert_eq!(choice, balancers.choose(BALANCER, &asker));
            let renamed = build(&drawn, policy, "z").choose(BALANCER, &asker);
            prop_assert_eq!(choice, renamed, "{} looks at names", policy.name());

            if drawn.iter().any(is_up) {
                let choice = choice.expect("a pool is up");
                prop_assert!(is_up(&drawn[usize::from(choice.pool.0)]), "{}", policy.name());
                prop_assert!(balancers.is_healthy(choice.endpoint));
                prop_assert!(balancers.endpoints[choice.endpoint].declared.enabled);
            } else if let Some(choice) = choice {
                let last = drawn.len() - 1;
                prop_assert_eq!(usize::from(choice.pool.0), last, "not the fallback pool");
                prop_assert!(drawn[last].0, "a disabled fallback pool");
            }
        }
    }
}
