//! How long a silence goes unnoticed, and what is lost meanwhile: the laws of sections 2.3 and 2.6 of the semantics.
//!
//! With r requests a second on one connection the last exchange before the strike is a old, P(a > y) = (e^(-ry) - e^-r) /
//! (1 - e^-r) for y up to the ping's second, and the first request sent into the silence comes x ~ Exp(r) later. The
//! edge notices T - a after the strike if x > T - a, else T + x.

use tunnelsim::kernel::math::{exp, ln};
use tunnelsim::kernel::random::{Keyed, Source};
use tunnelsim::measure::observation::{Entity, Happening, Observation};

use crate::judge::check_law;
use crate::rule::{Pair, REPLICATIONS, check, exact, keys};
use crate::suite::{Group, IS_LARGE, Log};
use crate::worlds::{observe, read};

pub const GROUPS: &[Group] = &[
    (
        "the_means_in_the_semantics_are_those_of_the_rule",
        means_of_the_rule,
    ),
    (
        "silence_is_noticed_by_the_law_at_0_requests_per_second",
        |log| noticed(log, 0.0),
    ),
    (
        "silence_is_noticed_by_the_law_at_0.1_requests_per_second",
        |log| noticed(log, 0.1),
    ),
    (
        "silence_is_noticed_by_the_law_at_0.5_requests_per_second",
        |log| noticed(log, 0.5),
    ),
    (
        "silence_is_noticed_by_the_law_at_1_request_per_second",
        |log| noticed(log, 1.0),
    ),
    (
        "silence_is_noticed_by_the_law_at_5_requests_per_second",
        |log| noticed(log, 5.0),
    ),
    (
        "a_dead_edge_part_loses_a_poisson_number_of_requests",
        lost_in_a_second,
    ),
];

/// The idle time-out.
const T: f64 = 5.0;

/// The means in section 10 of the semantics.
const MEANS: [(f64, f64); 8] = [
    (0.0, 4.500),
    (0.1, 5.440),
    (0.25, 6.086),
    (0.5, 6.270),
    (1.0, 5.936),
    (2.0, 5.499),
    (5.0, 5.200),
    (10.0, 5.100),
];

/// P(D <= d). Below T only those count whose first request comes after T - a; from T on also x <= d - T.
fn cdf(r: f64, d: f64) -> f64 {
    if r == 0.0 {
        return (d - (T - 1.0)).clamp(0.0, 1.0);
    }
    let within = 1.0 - exp(-r);
    let undisturbed = |least_age: f64| r * exp(-r * T) * (1.0 - least_age) / within;
    if d < T {
        return undisturbed((T - d).clamp(0.0, 1.0));
    }
    // P(x <= z and x < T - a), with P(a <= y) = (1 - e^(-ry)) / within.
    let z = (d - T).min(T);
    let least_age = (T - z).clamp(0.0, 1.0);
    let young = (1.0 - exp(-r * least_age)) / within;
    let old = (1.0 - young) - r * exp(-r * T) * (1.0 - least_age) / within;
    undisturbed(0.0) + young * (1.0 - exp(-r * z)) + old
}

/// E[D] as the integral of P(D > d).
fn mean(r: f64) -> f64 {
    let steps = 100_000;
    let width = 2.0 * T / f64::from(steps);
    (0..steps)
        .map(|step| width * (1.0 - cdf(r, (f64::from(step) + 0.5) * width)))
        .sum()
}

/// The rule itself, drawn.
fn drawn(r: f64, source: &mut Keyed) -> f64 {
    let mut exponential = || {
        if r == 0.0 {
            f64::INFINITY
        } else {
            -ln(source.unit_open()) / r
        }
    };
    let (since, next) = (exponential(), exponential());
    // Pings follow the last request every second: the last exchange is never older.
    let age = if since.is_finite() {
        since - (since as u64) as f64
    } else {
        source.unit()
    };
    if next > T - age { T - age } else { T + next }
}

/// The formula is that of the rule before it serves as an oracle, and the page has its means.
fn means_of_the_rule(log: &mut Log) {
    let n = 200_000;
    for (index, (r, printed)) in MEANS.into_iter().enumerate() {
        assert!(
            (mean(r) - printed).abs() < 0.0006,
            "{r}/s: {} against {printed}",
            mean(r)
        );
        let mut source = Keyed::new(5, index as u64, 0, 0);
        let draws = (0..n).map(|_| drawn(r, &mut source)).collect();
        check_law(
            log,
            &format!("{r}/s: mean {printed} s; the rule, drawn"),
            draws,
            |d| cdf(r, d),
        );
    }
}

/// One connection with r requests a second, whose host loses power again and again.
fn world(rate: &str, strikes: &str, horizon_s: u64) -> String {
    format!(
        "
title: silence
exact: true
horizon: {horizon_s}s
edge: {{propagation: 0s}}
clients:
  visitors: {{city: Frankfurt, access: none, entry: FRA, hostname: a.example.com, sessions: {rate}, writes: 100%}}
hosts: {{vps: {{city: Frankfurt, boot: 0s}}}}
tunnels: {{t: {{replicas: {{a: {{host: vps, connections: 1, edges: [FRA, FRA]}}}}, ingress: [{{service: hello_world}}]}}}}
links:
  - {{between: [visitors, FRA], round_trip: 2us}}
  - {{between: [vps, FRA], round_trip: 2us}}
failures: [{strikes}]
"
    )
}

/// Times from strike to notice, and requests lost in each strike.
struct Strikes {
    noticed: Vec<f64>,
    lost: Vec<f64>,
}

fn strikes(text: &str, key: tunnelsim::simulation::RunKey) -> Strikes {
    let scenario = read(text, "");
    let mut seen = Strikes {
        noticed: Vec::new(),
        lost: Vec::new(),
    };
    let mut struck = None;
    observe(&scenario, key, |observation| match observation {
        Observation::Change(change) => match (change.entity, change.what) {
            (Entity::Connection(_), Happening::Severed { .. }) => {
                struck = Some(change.at);
                seen.lost.push(0.0);
            }
            (Entity::Connection(_), Happening::EdgeCloses { noticed: true }) => {
                let since = struck.take().expect("a strike came before");
                seen.noticed.push(change.at.since(since).as_secs_f64());
            }
            _ => {}
        },
        Observation::Request(request) => {
            // Later ones find no connection listed, and make no attempt.
            let is_lost = !request.outcome.is_success() && request.attempts > 0;
            if let (true, Some(lost)) = (is_lost, seen.lost.last_mut()) {
                *lost += 1.0;
            }
        }
        Observation::Session(_) => {}
    });
    seen.lost.truncate(seen.noticed.len());
    seen
}

/// The whole law, its mean, and the requests lost: r E[D] by Wald's identity, for a notice hangs on no later request.
fn noticed(log: &mut Log, r: f64) {
    let rate = format!("{}/s", if r == 0.0 { 0.000_001 } else { r });
    let cycles = match (IS_LARGE, r > 1.0) {
        (false, _) => 4,
        (true, true) => 40,
        (true, false) => 120,
    };
    let power = "power-cut: {host: vps, mtbf: {uniform: [60s, 140s]}, mttr: {constant: 30s}}";
    let text = world(&rate, power, cycles * 130);
    let all: Vec<Strikes> = keys(0, REPLICATIONS)
        .map(|key| strikes(&text, key))
        .collect();
    let means: Vec<Pair> = all
        .iter()
        .map(|s| (s.noticed.iter().sum(), s.noticed.len() as f64))
        .collect();
    let known = exact(mean(r), 0.04);
    check(log, "mean time to notice, s", known, &means);
    check_law(
        log,
        "its law",
        all.iter().flat_map(|s| s.noticed.clone()).collect(),
        |d| cdf(r, d),
    );
    if r > 0.0 {
        let lost: Vec<Pair> = all
            .iter()
            .map(|s| (s.lost.iter().sum(), s.lost.len() as f64))
            .collect();
        let known = exact(r * mean(r), 0.3);
        check(log, "requests lost per cut", known, &lost);
    }
}

/// The other edges notice the death of a server after 1 s sharp, so what is lost at 10/s is Poisson with mean 10: its
/// variance too.
fn lost_in_a_second(log: &mut Log) {
    let cycles = if IS_LARGE { 60 } else { 6 };
    let server = "server-down: {replica: a, mtbf: {uniform: [60s, 140s]}, mttr: {constant: 60s}}";
    let text = world("10/s", server, cycles * 160);
    let all: Vec<Strikes> = keys(0, REPLICATIONS)
        .map(|key| strikes(&text, key))
        .collect();
    let sum = |of: fn(f64) -> f64| -> Vec<Pair> {
        all.iter()
            .map(|s| (s.lost.iter().copied().map(of).sum(), s.lost.len() as f64))
            .collect()
    };
    check(
        log,
        "mean number lost",
        exact(10.0, 0.05),
        &sum(|lost| lost),
    );
    let squared = |lost: f64| (lost - 10.0) * (lost - 10.0);
    check(
        log,
        "variance of the number lost",
        exact(10.0, 0.2),
        &sum(squared),
    );
}
