//! When a monitor calls an endpoint unhealthy: order statistics of the phases of its data centres.
//!
//! Each of three data centres of a region probes at a phase of its own, and two of the three decide: the middle of three
//! uniform times, which is Beta(2, 2) of the interval. Of three regions two decide, of two regions one is enough.

use tunnelsim::measure::observation::{Entity, Happening};
use tunnelsim::simulation::RunKey;

use crate::changes::changes_of;
use crate::judge::check_law;
use crate::suite::{Group, Log, seed, sized};
use crate::worlds::read;

pub const GROUPS: &[Group] = &[("flips_come_by_the_beta_law_of_regions_and_runs", flips)];

const INTERVAL: f64 = 600.0;

/// P(middle of three independent times, each before with probability p).
fn middle(p: f64) -> f64 {
    p * p * (3.0 - 2.0 * p)
}

/// From a strike at 700 s to the flip. Probes travel for at most a quarter of a second, of an interval of 600 s.
fn times(regions: &str, consecutive_down: u32, fault: &str) -> Vec<f64> {
    let text = format!(
        "
title: monitors
exact: true
horizon: 2600s
clients: {{visitors: {{city: Frankfurt, hostname: a.example.com, sessions: 1/d}}}}
hosts: {{vps: {{city: Frankfurt, containers: {{web: {{}}}}}}}}
tunnels: {{t: {{replicas: {{a: {{host: vps, edges: [FRA, FRA]}}}}, ingress: [{{service: 'http://web:80'}}]}}}}
pools: {{app: {{monitor: m, origins: {{it: {{tunnel: t}}}}}}}}
monitors: {{m: {{host_header: a.example.com, interval: {INTERVAL}s, consecutive_down: {consecutive_down}, check_regions: [{regions}]}}}}
balancers: {{www: {{default_pools: app, fallback_pool: app}}}}
faults: [{fault}: {{container: vps/web, at: 700s}}]
"
    );
    let scenario = read(&text, "");
    let flip = |replication| {
        let key = RunKey {
            seed: seed(),
            replication,
        };
        let changes = changes_of(&scenario, key, |entity| {
            matches!(entity, Entity::Endpoint(_))
        });
        assert_eq!(changes[0].what, Happening::Health { healthy: false });
        changes[0].at.as_nanos() as f64 / 1e9 - 700.0
    };
    (0..sized(400, 6_000)).map(flip).collect()
}

fn flips(log: &mut Log) {
    let share = |t: f64| (t / INTERVAL).clamp(0.0, 1.0);
    let stop = "container-stop";
    check_law(log, "one region", times("WEU", 0, stop), |t| {
        middle(share(t))
    });
    check_law(
        log,
        "one of two regions",
        times("WEU, ENAM", 0, stop),
        |t| {
            let not = 1.0 - middle(share(t));
            1.0 - not * not
        },
    );
    check_law(
        log,
        "two of three regions",
        times("WEU, ENAM, WNAM", 0, stop),
        |t| middle(middle(share(t))),
    );
    check_law(log, "two runs in a row", times("WEU", 2, stop), |t| {
        middle(share(t - INTERVAL))
    });
    // A probe that hangs is tried three times, 5 s each.
    check_law(log, "a hang", times("WEU", 0, "container-hang"), |t| {
        middle(share(t - 15.0))
    });
}
