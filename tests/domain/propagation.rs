//! How long it takes until everyone knows: withdrawals and pushed configurations, drawn once per change.

use tunnelsim::measure::observation::{Entity, Happening};
use tunnelsim::simulation::RunKey;

use crate::changes::changes_of;
use crate::judge::check_law;
use crate::suite::{Group, Log, seed, sized};
use crate::worlds::read;

pub const GROUPS: &[Group] = &[
    (
        "edges_forget_within_a_second_and_the_last_of_four_after_0.8",
        withdrawals,
    ),
    ("pushed_rules_arrive_within_two_seconds", rollouts),
];

fn world(fault: &str) -> tunnelsim::scenario::Scenario {
    read(
        &format!(
            "
title: everyone knows
exact: true
horizon: 60s
hosts: {{vps: {{city: Frankfurt}}}}
tunnels: {{t: {{replicas: {{a: {{host: vps, edges: [FRA, FRA]}}}}, ingress: [{{service: hello_world}}]}}}}
faults: [{fault}]
"
        ),
        "",
    )
}

/// A graceful stop unregisters four connections at once, each forgotten after U[0, 1) s of its own: x^4 for the last.
fn withdrawals(log: &mut Log) {
    let scenario = world("connector-stop: {replica: a, at: 10s}");
    let (mut each, mut last) = (Vec::new(), Vec::new());
    for replication in 0..sized(500, 8_000) {
        let key = RunKey {
            seed: seed(),
            replication,
        };
        let changes = changes_of(&scenario, key, |entity| {
            matches!(entity, Entity::Connection(_))
        });
        let gone: Vec<f64> = changes
            .iter()
            .filter(|change| change.what == Happening::Withdrawn)
            .map(|change| change.at.as_nanos() as f64 / 1e9 - 10.0)
            .collect();
        assert_eq!(gone.len(), 4);
        last.push(gone[3]);
        each.extend(gone);
    }
    check_law(log, "one withdrawal", each, |t| t.clamp(0.0, 1.0));
    check_law(log, "the last of four", last, |t| t * t * t * t);
}

/// U[0, 2) s from the push to each connector.
fn rollouts(log: &mut Log) {
    let scenario = world("config-push: {tunnel: t, at: 10s, ingress: [{service: hello_world}]}");
    let delay = |replication| {
        let key = RunKey {
            seed: seed(),
            replication,
        };
        let changes = changes_of(&scenario, key, |entity| {
            matches!(entity, Entity::Replica(_))
        });
        let configured = changes
            .iter()
            .find(|change| matches!(change.what, Happening::Configured { version: 1 }));
        configured.expect("it arrives").at.as_nanos() as f64 / 1e9 - 10.0
    };
    check_law(
        log,
        "from the push",
        (0..sized(1_000, 10_000)).map(delay).collect(),
        |t| (t / 2.0).clamp(0.0, 1.0),
    );
}
