//! Load balancers.

use crate::support::read_with;
use tunnelsim::scenario::Scenario;
use tunnelsim::world::blueprint::*;
use tunnelsim::world::ids::*;

const BALANCED: &str = "
title: one tunnel per server
clients:
  spain: {city: Madrid, hostname: app.example.com, sessions: 5/s}
hosts:
  vps: {city: Frankfurt, copies: 2, containers: {web: {}}}
tunnels:
  one: {replicas: [vps-1], ingress: [{service: 'http://web'}]}
  two: {replicas: [vps-2], ingress: [{service: 'http://web'}]}
balancers:
  front: {default_pools: [blue, green], fallback_pool: green}
pools:
  blue: {monitor: probe, origins: {a: {tunnel: one}}}
  green: {origins: {b: {tunnel: two, weight: 0.1}}}
monitors:
  probe: {}
";

fn accepted(overrides: &[&str]) -> Scenario {
    read_with(BALANCED, overrides).unwrap_or_else(|found| panic!("{found}"))
}

fn refused(overrides: &[&str]) -> Vec<String> {
    let found = read_with(BALANCED, overrides).map(|_| ()).unwrap_err();
    found
        .problems
        .sorted()
        .iter()
        .map(|problem| problem.message.clone())
        .collect()
}

#[test]
fn a_balancer_leads_through_pools_to_tunnels() {
    let world = accepted(&[]).blueprint;
    let balancer = &world.balancers.values()[0];
    assert_eq!(
        (balancer.steering.as_str(), balancer.fallback_pool),
        ("off", PoolId(1))
    );
    assert_eq!(
        world.records.values()[0].target,
        DnsTarget::Balancer(BalancerId(0))
    );
    assert_eq!(
        world.endpoints.values()[0].address,
        EndpointAddress::Tunnel(TunnelId(0))
    );
    assert_eq!(world.pools.values()[0].monitor, Some(MonitorId(0)));
    assert_eq!(
        world.monitors.values()[0].expected_codes,
        [CodePattern::Class(2)]
    );
}

#[test]
fn pools_by_place_make_the_steering_geographic() {
    let world = accepted(&[
        "balancers.front.region_pools={WEU: green}",
        "balancers.front.pop_pools={FRA: blue}",
    ]);
    assert_eq!(world.blueprint.balancers.values()[0].steering, "geo");
    assert_eq!(
        refused(&["balancers.front.region_pools={EUROPE: green}"]).len(),
        1
    );
    assert_eq!(
        refused(&["balancers.front.country_pools={XX: green}"]),
        ["no edge metro lies in the country `XX`"]
    );
}

#[test]
fn one_tunnel_is_one_endpoint_of_a_pool() {
    let messages = refused(&["pools.blue.origins={a: {tunnel: one}, b: {tunnel: one}}"]);
    assert_eq!(messages, ["an address may stand in a pool only once"]);
    assert_eq!(
        refused(&["pools.blue.origins={}"]),
        ["a pool needs an origin"]
    );
}

#[test]
fn weights_belong_to_pools_that_exist() {
    let world =
        accepted(&["balancers.front.random_steering={pool_weights: {blue: 0.9}}"]).blueprint;
    assert_eq!(world.balancers.values()[0].pool_weights, [(PoolId(0), 0.9)]);
    assert_eq!(
        refused(&["balancers.front.random_steering={pool_weights: {bleu: 0.9}}"]),
        ["no pool is called `bleu`"]
    );
}

#[test]
fn affinity_lasts_as_long_as_the_vendor_says() {
    let ttl = |affinity: &str| {
        let world = accepted(&[&format!("balancers.front.session_affinity={affinity}")]).blueprint;
        world.balancers.values()[0].affinity_ttl.as_secs_f64()
    };
    assert_eq!((ttl("cookie"), ttl("header")), (82_800.0, 1_800.0));
}

#[test]
fn parts_that_nobody_uses_are_pointed_out() {
    let warnings = |overrides: &[&str]| -> Vec<String> {
        let scenario = accepted(overrides);
        let found = scenario.warnings.problems.sorted();
        found.iter().map(|it| it.message.clone()).collect()
    };
    assert_eq!(warnings(&[]), [""; 0]);
    assert_eq!(
        warnings(&["balancers.front.default_pools=[green]"]),
        ["no balancer uses this pool"]
    );
    assert_eq!(
        warnings(&["pools.blue.monitor=null"]),
        ["no pool uses this monitor"]
    );
    let store = "stores.redis={city: Madrid}";
    assert_eq!(warnings(&[store]), ["no container uses this store"]);
    // Of a file with variants nothing is said: what one leaves out another may use.
    assert_eq!(warnings(&[store, "variants.other={horizon: 1h}"]), [""; 0]);
}
