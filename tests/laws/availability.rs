//! Availability: alternating renewal, k out of n, point availability, and how sure an estimate can be.
//!
//! Sources: Trivedi 2002; Barlow and Proschan 1975.

use tunnelsim::kernel::math::{exp, gamma, sqrt};
use tunnelsim::kernel::time::{Span, Time};
use tunnelsim::measure::observation::{Entity, Happening, Observation};
use tunnelsim::measure::outcome::Outcome;
use tunnelsim::scenario::Scenario;
use tunnelsim::simulation::RunKey;

use crate::changes::changes_of;
use crate::formulas::point_availability;
use crate::judge::check_share;
use crate::rule::{Pair, REPLICATIONS, SHRUNK, check, estimate, exact, keys};
use crate::suite::{Group, IS_LARGE, Log, sized};
use crate::worlds::{observe, read};

pub const GROUPS: &[Group] = &[
    (
        "unavailability_is_that_of_an_alternating_renewal_process",
        renewal,
    ),
    (
        "three_of_five_are_up_as_often_as_the_binomial_law_says",
        three_of_five,
    ),
    (
        "availability_at_a_moment_is_that_of_the_equation",
        at_a_moment,
    ),
    (
        "failed_requests_come_in_clusters_and_the_spread_is_wider",
        clusters,
    ),
];

/// Up-down cycles of each check.
const CYCLES: u64 = 20_000;

/// Hosts whose lines fail by themselves, each on its own.
fn hosts(number: u32, mtbf: &str, mttr: &str, horizon_s: u64) -> Scenario {
    let list = |item: &dyn Fn(u32) -> String| (1..=number).map(item).collect::<String>();
    read(
        &format!(
            "
title: lines that fail
exact: true
horizon: {horizon_s}s
hosts:
{}failures:
{}",
            list(&|n| format!("  vps-{n}: {{city: Frankfurt}}\n")),
            list(&|n| format!("  - line-cut: {{host: vps-{n}, mtbf: {mtbf}, mttr: {mttr}}}\n")),
        ),
        "",
    )
}

/// For each number of hosts that are up, the time in which so many were, up to the horizon.
fn time_with(scenario: &Scenario, key: RunKey) -> Vec<f64> {
    let number = scenario.blueprint.hosts.ids().count();
    let horizon = Time::ZERO + scenario.blueprint.horizon;
    let mut times = vec![0.0; number + 1];
    let (mut up, mut since) = (number, Time::ZERO);
    for change in changes_of(scenario, key, |entity| matches!(entity, Entity::Host(_))) {
        let at = change.at.min(horizon);
        times[up] += at.since(since).as_secs_f64();
        since = at;
        match change.what {
            Happening::LineDown => up -= 1,
            Happening::LineUp => up += 1,
            other => panic!("a line goes and comes back, not {other:?}"),
        }
    }
    times[up] += horizon.since(since).as_secs_f64();
    times
}

fn cycles() -> u64 {
    CYCLES / REPLICATIONS / if IS_LARGE { 1 } else { SHRUNK / 8 }
}

/// MTTR / (MTBF + MTTR) whatever the laws; and the spread that 1 - unavailability and the variation of both laws foretell.
fn renewal(log: &mut Log) {
    let weibull = gamma(1.5);
    let erlang = 1.0 / sqrt(3.0);
    // Law and squared coefficient of variation of up and down times, and their means in seconds.
    let laws = [
        (
            "{exponential: 100s}",
            "{exponential: 10s}",
            2.0,
            [100.0, 10.0],
        ),
        ("{exponential: 100s}", "{constant: 10s}", 1.0, [100.0, 10.0]),
        (
            "{weibull: {shape: 2, scale: 100s}}",
            "{lognormal: {median: 10s, sigma: 1}}",
            1.0 / (weibull * weibull) - 1.0 + exp(1.0) - 1.0,
            [100.0 * weibull, 10.0 * exp(0.5)],
        ),
        (
            "{erlang: {shape: 3, mean: 30s}}",
            "{uniform: [0s, 60s]}",
            erlang * erlang + 1.0 / 3.0,
            [30.0, 30.0],
        ),
    ];
    for (mtbf, mttr, variation, [up, down]) in laws {
        let scenario = hosts(1, mtbf, mttr, (cycles() as f64 * (up + down)) as u64);
        let pairs: Vec<Pair> = keys(0, REPLICATIONS)
            .map(|key| time_with(&scenario, key))
            .map(|times| (times[0], times[0] + times[1]))
            .collect();
        let known = exact(down / (up + down), 0.075 / if IS_LARGE { 1.0 } else { 2.0 });
        check(
            log,
            &format!("unavailability, up {mtbf}, down {mttr}"),
            known,
            &pairs,
        );
        let foretold = up / (up + down) * sqrt(variation / (cycles() * REPLICATIONS) as f64);
        let relative = estimate(&pairs).1 / known.value;
        check_spread(log, "relative standard error of it", foretold, relative);
    }
}

/// A standard error from 64 replications varies by 9 %; 5.42 times that are allowed.
fn check_spread(log: &mut Log, name: &str, foretold: f64, measured: f64) {
    let line = format!("{name}: foretold {foretold:.6}, measured {measured:.6}");
    assert!((measured / foretold - 1.0).abs() < 0.48, "{line}");
    log.passed(REPLICATIONS, line);
}

/// Sum of binomial probabilities from k on; and all down at once for two.
fn three_of_five(log: &mut Log) {
    let scenario = hosts(
        5,
        "{exponential: 80s}",
        "{exponential: 20s}",
        cycles() * 100,
    );
    let times: Vec<Vec<f64>> = keys(0, REPLICATIONS)
        .map(|key| time_with(&scenario, key))
        .collect();
    let choose = [1.0, 5.0, 10.0, 10.0, 5.0, 1.0];
    let exactly = |up: usize| {
        let chances = (0..5).map(|host| if host < up { 0.8 } else { 0.2 });
        choose[up] * chances.product::<f64>()
    };
    let fewer: Vec<Pair> = times
        .iter()
        .map(|t| (t[..3].iter().sum(), t.iter().sum()))
        .collect();
    let known = exact((0..3).map(exactly).sum(), 0.1);
    check(log, "fewer than three of five", known, &fewer);
    let scenario = hosts(
        2,
        "{exponential: 80s}",
        "{exponential: 20s}",
        cycles() * 100,
    );
    let times: Vec<Vec<f64>> = keys(0, REPLICATIONS)
        .map(|key| time_with(&scenario, key))
        .collect();
    let none: Vec<Pair> = times.iter().map(|t| (t[0], t.iter().sum())).collect();
    check(log, "both of two down", exact(0.04, 0.12), &none);
}

/// Independent runs that stop at t: the line is up with A + (1 - A) e^(-(1/MTBF + 1/MTTR) t).
fn at_a_moment(log: &mut Log) {
    let scenario = hosts(1, "{exponential: 100s}", "{exponential: 50s}", 20);
    let horizon = Time::ZERO + Span::from_secs(20);
    let runs = sized(4_000, 100_000);
    let up = keys(1_000, runs).filter(|key| {
        let changes = changes_of(&scenario, *key, |entity| matches!(entity, Entity::Host(_)));
        let before = changes.iter().filter(|change| change.at < horizon).count();
        before % 2 == 0
    });
    check_share(
        log,
        "up after 20 s",
        up.count() as u64,
        runs,
        point_availability(100.0, 50.0, 20.0),
    );
}

/// A container that is away 10 s in 1000: with X failed requests per outage the standard error of their share is wider
/// than a binomial one by sqrt(E[X^2] / E[X]) = sqrt(1 + 2 rate MTTR) for exponential outages.
fn clusters(log: &mut Log) {
    let (up, down, rate) = (990.0, 10.0, 1.35);
    let cycles = sized(6, 60);
    let scenario = read(
        &format!(
            "
title: a service that fails
exact: true
horizon: {}s
clients: {{visitors: {{city: Frankfurt, access: none, hostname: a.example.com, sessions: {rate}/s}}}}
hosts: {{vps: {{city: Frankfurt, containers: {{web: {{workers: 100, service_time: 1ms}}}}}}}}
tunnels: {{t: {{replicas: [vps], ingress: [{{service: 'http://web:80'}}]}}}}
failures: [container-refuses: {{container: vps/web, mtbf: {{exponential: {up}s}}, mttr: {{exponential: {down}s}}}}]
",
            cycles * 1000
        ),
        "",
    );
    let pairs: Vec<Pair> = keys(0, REPLICATIONS)
        .map(|key| {
            let (mut failed, mut all) = (0.0, 0.0);
            observe(&scenario, key, |observation| {
                if let Observation::Request(request) = observation {
                    all += 1.0;
                    failed += f64::from(u8::from(request.outcome != Outcome::Success));
                }
            });
            (failed, all)
        })
        .collect();
    let share = down / (up + down);
    let resolution = if IS_LARGE { 0.17 } else { 0.08 };
    check(
        log,
        "share that fails, which is the share of time",
        exact(share, resolution),
        &pairs,
    );
    let all: f64 = pairs.iter().map(|pair| pair.1).sum();
    let wider = estimate(&pairs).1 / sqrt(share * (1.0 - share) / all);
    check_spread(
        log,
        "times the binomial standard error",
        sqrt(1.0 + 2.0 * rate * down),
        wider,
    );
}
