//! From QUIC to HTTP/2: nine dials into silence with the waits of stage A between them.

use tunnelsim::kernel::math::sqrt;
use tunnelsim::measure::observation::{Entity, Happening};
use tunnelsim::simulation::RunKey;

use crate::changes::changes_of;
use crate::judge::check_law;
use crate::suite::{Group, Log, seed, sized};
use crate::worlds::read;

pub const GROUPS: &[Group] = &[(
    "the_way_to_http2_takes_nine_dials_and_nine_waits",
    nine_dials,
)];

/// The bounds of the nine waits, in seconds.
const BOUNDS: [f64; 9] = [2.0, 4.0, 8.0, 16.0, 32.0, 32.0, 32.0, 32.0, 32.0];

/// P(sum of the waits <= x): the volume of a box below a plane, by inclusion and exclusion over its corners.
fn sum_of_waits(x: f64) -> f64 {
    let corners = (0_u32..1 << 9).map(|corner| {
        let edges = BOUNDS
            .iter()
            .enumerate()
            .filter(|(i, _)| corner >> i & 1 == 1);
        let above = (x - edges.map(|(_, bound)| bound).sum::<f64>()).max(0.0);
        let sign = if corner.count_ones() % 2 == 0 {
            1.0
        } else {
            -1.0
        };
        sign * (1..=9).map(|k| above / f64::from(k)).product::<f64>()
    });
    (corners.sum::<f64>() / BOUNDS.iter().product::<f64>()).clamp(0.0, 1.0)
}

fn nine_dials(log: &mut Log) {
    // The closed form first: its mean is half of all bounds, its variance a twelfth of their squares.
    let steps = 190_000;
    let integral = |of: &dyn Fn(f64) -> f64| {
        (0..steps)
            .map(|step| of((f64::from(step) + 0.5) / 1_000.0) / 1_000.0)
            .sum::<f64>()
    };
    let mean = integral(&|x| 1.0 - sum_of_waits(x));
    let square = integral(&|x| 2.0 * x * (1.0 - sum_of_waits(x)));
    let deviation = sqrt(square - mean * mean);
    assert!((45.0 + mean - 140.0).abs() < 1e-6, "mean {mean}");
    assert!(
        (deviation - sqrt(BOUNDS.iter().map(|b| b * b / 12.0).sum())).abs() < 1e-6,
        "deviation {deviation}"
    );

    let scenario = read(
        "
title: UDP is blocked
exact: true
horizon: 5m
cloudflared: {process_start: 0s}
hosts: {home: {city: Frankfurt}}
tunnels: {t: {replicas: {a: {host: home, starts: 1s, edges: [FRA, FRA]}}, ingress: [{service: hello_world}]}}
faults: [udp-blocked: {host: home, at: 0s}]
",
        "",
    );
    let times: Vec<f64> = (0..sized(1_000, 15_000))
        .map(|replication| {
            let key = RunKey {
                seed: seed(),
                replication,
            };
            let changes = changes_of(&scenario, key, |entity| {
                matches!(entity, Entity::Connection(_))
            });
            let tries = changes
                .iter()
                .filter(|change| matches!(change.what, Happening::Dials { http2: false }))
                .count();
            let http2 = changes
                .iter()
                .find(|change| change.what == Happening::Dials { http2: true });
            assert_eq!(tries, 9);
            http2.expect("it falls back").at.as_nanos() as f64 / 1e9 - 1.0
        })
        .collect();
    let n = times.len() as f64;
    let measured = times.iter().sum::<f64>() / n;
    let error = deviation / sqrt(n);
    let line = format!(
        "first dial over HTTP/2: exact 140.000 s, measured {measured:.3} s, SE {error:.3} s"
    );
    assert!((measured - 140.0).abs() < 6.11 * error, "{line}");
    log.passed(times.len() as u64, line);
    check_law(log, "its law", times, |t| sum_of_waits(t - 45.0));
}
