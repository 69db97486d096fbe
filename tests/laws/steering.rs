//! Arrivals, shares and retries.

use tunnelsim::kernel::random::{Keyed, Source};
use tunnelsim::measure::observation::{Observation, RequestSeen};
use tunnelsim::measure::outcome::Outcome;
use tunnelsim::simulation::RunKey;

use crate::judge::{check_law, check_share};
use crate::rule::{Pair, REPLICATIONS, check, exact};
use crate::suite::{Group, IS_LARGE, Log, seed, sized};
use crate::worlds::{observe, read};

pub const GROUPS: &[Group] = &[
    (
        "arrivals_are_a_poisson_process_and_so_is_each_replicas_part",
        arrivals,
    ),
    ("connections_of_one_preference_share_evenly", even_shares),
    ("random_steering_follows_its_weights", weights),
    (
        "tries_without_replacement_fail_together_as_often_as_counted",
        retries,
    ),
];

/// Shows the requests of one run of a world.
fn requests(text: &str, key: RunKey, mut see: impl FnMut(&RequestSeen)) {
    observe(&read(text, ""), key, |observation| {
        if let Observation::Request(request) = observation {
            see(request);
        }
    });
}

fn key() -> RunKey {
    RunKey {
        seed: seed(),
        replication: 0,
    }
}

/// One tunnel with replicas in Frankfurt on hosts of their own, and visitors who send so much.
fn world(replicas: u32, rate: u64, horizon_s: u64, settings: &str) -> String {
    let list: String = (1..=replicas)
        .map(|n| format!("r{n}: {{host: vps-{n}, edges: [FRA, FRA]}}, "))
        .collect();
    format!(
        "
title: shares
exact: true
horizon: {horizon_s}s
clients: {{visitors: {{city: Frankfurt, access: none, hostname: a.example.com, sessions: {rate}/s}}}}
hosts: {{vps: {{copies: {replicas}, city: Frankfurt}}}}
tunnels: {{t: {{routing: any, replicas: {{{list}}}, ingress: [{{service: hello_world}}]}}}}
{settings}
"
    )
}

/// Given their number the births are independent and uniform; a part of them, chosen by chance, is Poisson: its counts
/// by second vary as much as their mean.
fn arrivals(log: &mut Log) {
    let seconds = sized(300, 6_000);
    let text = world(4, 100, seconds, "");
    let mut births = Vec::new();
    let mut counts = vec![0.0; seconds as usize];
    requests(&text, key(), |request| {
        births.push(request.born.as_nanos() as f64 / 1e9);
        if request.connection.unwrap().replica.0 == 0 {
            counts[(request.born.as_nanos() / 1_000_000_000) as usize] += 1.0;
        }
    });
    let gaps: Vec<f64> = births.windows(2).map(|pair| pair[1] - pair[0]).collect();
    check_law(log, "births, of those that come", births, |t| {
        t / seconds as f64
    });
    check_law(log, "gaps", gaps, |gap| {
        1.0 - tunnelsim::kernel::math::exp(-100.0 * gap)
    });
    let spread: Vec<Pair> = counts
        .chunks(counts.len() / REPLICATIONS as usize)
        .take(REPLICATIONS as usize)
        .map(|chunk| {
            (
                chunk.iter().map(|n| (n - 25.0) * (n - 25.0)).sum(),
                chunk.len() as f64,
            )
        })
        .collect();
    let resolution = if IS_LARGE { 0.15 } else { 0.1 };
    check(
        log,
        "variance of a quarter's counts a second",
        exact(25.0, resolution),
        &spread,
    );
}

/// Twelve connections of three replicas, each with probability 1/12.
fn even_shares(log: &mut Log) {
    let mut counts = [[0_u64; 4]; 3];
    requests(&world(3, 200, sized(250, 3_000), ""), key(), |request| {
        let connection = request.connection.unwrap();
        counts[usize::from(connection.replica.0)][usize::from(connection.index)] += 1;
    });
    let all = counts.iter().flatten().sum();
    for (replica, counts) in counts.iter().enumerate() {
        for (index, count) in counts.iter().enumerate() {
            check_share(
                log,
                &format!("replica {replica}, connection {index}"),
                *count,
                all,
                1.0 / 12.0,
            );
        }
    }
}

/// Three pools with weights 0.7, 0.2 and 0.1.
fn weights(log: &mut Log) {
    let text = format!(
        "
title: weights
exact: true
horizon: {}s
clients: {{visitors: {{city: Frankfurt, access: none, hostname: a.example.com, sessions: 100/s}}}}
hosts: {{vps: {{city: Frankfurt}}}}
tunnels:
  x: {{replicas: [vps], ingress: [{{service: hello_world}}]}}
  y: {{replicas: [vps], ingress: [{{service: hello_world}}]}}
  z: {{replicas: [vps], ingress: [{{service: hello_world}}]}}
pools:
  x: {{origins: {{it: {{tunnel: x}}}}}}
  y: {{origins: {{it: {{tunnel: y}}}}}}
  z: {{origins: {{it: {{tunnel: z}}}}}}
balancers:
  www:
    steering_policy: random
    random_steering: {{default_weight: 0.1, pool_weights: {{x: 0.7, y: 0.2}}}}
    default_pools: [x, y, z]
    fallback_pool: z
",
        sized(300, 3_000)
    );
    let mut counts = [0_u64; 3];
    requests(&text, key(), |request| {
        counts[usize::from(request.endpoint.unwrap().0)] += 1
    });
    let all = counts.iter().sum();
    for (pool, (count, weight)) in counts.into_iter().zip([0.7, 0.2, 0.1]).enumerate() {
        check_share(log, &format!("pool {pool}"), count, all, weight);
    }
}

/// Of 100 connections 40 are dead, known at their data centres and listed everywhere: each attempt there bounces. An edge
/// tries no connection twice, so r + 1 tries fail together with 40/100 x 39/99 x ... instead of q^(r+1), which is the
/// limit for many connections.
fn retries(log: &mut Log) {
    for others in [0, 1, 3, 5] {
        let dead: String = (1..=10).map(|n| format!("vps-{n}, ")).collect();
        let settings = format!(
            "edge: {{propagation: 10d}}\nfaults: [power-cut: {{host: [{dead}], at: 1s}}]\n"
        );
        let text = world(25, 100, 20 + sized(300, 1_500), &settings).replace(
            "routing: any",
            &format!("routing: any, retry: {{others: {others}}}"),
        );
        let (mut all, mut failed, mut attempts) = (0, 0, 0);
        requests(&text, key(), |request| {
            if request.born.as_nanos() >= 20_000_000_000 {
                all += 1;
                failed += u64::from(request.outcome != Outcome::Success);
                attempts += u64::from(request.attempts);
            }
        });
        let beyond = |tries: u32| {
            (0..tries)
                .map(|k| f64::from(40 - k) / f64::from(100 - k))
                .product::<f64>()
        };
        let exact = beyond(others + 1);
        assert!(
            (drawn(others + 1) - exact).abs() < 0.006,
            "{exact} against {}",
            drawn(others + 1)
        );
        check_share(
            log,
            &format!(
                "all of {} tries fail (q^(r+1) = {:.6})",
                others + 1,
                limit(others + 1)
            ),
            failed,
            all,
            exact,
        );
        // Attempts are bounded by r + 1, so their mean is a share of the tries that there could be.
        let mean = (0..=others).map(beyond).sum::<f64>();
        let measured = attempts as f64 / all as f64;
        let bound = f64::from(others + 1) * tunnelsim::kernel::math::sqrt(10.7 / all as f64);
        assert!(
            (measured - mean).abs() <= bound,
            "{mean} against {measured}"
        );
        log.passed(all, format!("attempts per request: exact {mean:.5}, measured {measured:.5}, {bound:.5} allowed (Hoeffding, 10^-9)"));
    }
}

fn limit(tries: u32) -> f64 {
    (0..tries).map(|_| 0.4).product()
}

/// The same by drawing cards.
fn drawn(tries: u32) -> f64 {
    let trials = 100_000;
    let all_dead = (0..trials).filter(|trial| {
        let mut source = Keyed::new(9, *trial, tries, 0);
        let mut cards: Vec<u32> = (0..100).collect();
        (0..tries).all(|_| {
            let card = cards.swap_remove(source.below(cards.len() as u64) as usize);
            card < 40
        })
    });
    all_dead.count() as f64 / trials as f64
}
