//! How long a session stays with its endpoint: a cookie counts from its making, a header's entry from its last use.

use tunnelsim::measure::observation::Observation;
use tunnelsim::simulation::RunKey;

use crate::judge::check_share;
use crate::suite::{Group, Log, seed, sized};
use crate::worlds::{observe, read};

pub const GROUPS: &[Group] = &[("ties_last_as_long_as_their_kind_says", ties)];

/// The endpoints of a session's requests, which are 100 s apart.
fn sessions(affinity: &str, ttl_s: u64) -> Vec<Vec<u16>> {
    let text = format!(
        "
title: ties
exact: true
horizon: {}s
clients:
  visitors:
    {{city: Frankfurt, access: none, hostname: a.example.com, sessions: 1/s, requests: 12, think: 100s}}
hosts: {{vps: {{city: Frankfurt}}}}
tunnels:
  x: {{replicas: [vps], ingress: [{{service: hello_world}}]}}
  y: {{replicas: [vps], ingress: [{{service: hello_world}}]}}
pools: {{app: {{origins: {{x: {{tunnel: x}}, y: {{tunnel: y}}}}}}}}
balancers:
  www: {{default_pools: app, fallback_pool: app, session_affinity: {affinity}, session_affinity_ttl: {ttl_s}s}}
",
        sized(300, 3_000)
    );
    let key = RunKey {
        seed: seed(),
        replication: 0,
    };
    let mut sessions: Vec<Vec<u16>> = Vec::new();
    observe(&read(&text, ""), key, |observation| {
        if let Observation::Request(request) = observation {
            let number = request.id.session as usize;
            if sessions.len() <= number {
                sessions.resize(number + 1, Vec::new());
            }
            sessions[number].push(request.endpoint.unwrap().0);
        }
    });
    assert!(sessions.iter().all(|endpoints| endpoints.len() == 12));
    sessions
}

/// Checks that sessions stay together for `run` requests at a time, and that each new tie is a coin.
fn check_runs(log: &mut Log, name: &str, sessions: &[Vec<u16>], run: usize) {
    let (mut changed, mut drawn) = (0, 0);
    for endpoints in sessions {
        let runs: Vec<&[u16]> = endpoints.chunks(run).collect();
        for run in &runs {
            assert!(
                run.iter().all(|endpoint| *endpoint == run[0]),
                "{name}: {endpoints:?}"
            );
        }
        for pair in runs.windows(2) {
            drawn += 1;
            changed += u64::from(pair[0][0] != pair[1][0]);
        }
    }
    match drawn {
        0 => log.passed(
            sessions.len() as u64,
            format!("{name}: all of {} sessions stay", sessions.len()),
        ),
        _ => check_share(
            log,
            &format!("{name}: changes after {run} requests"),
            changed,
            drawn,
            0.5,
        ),
    }
}

fn ties(log: &mut Log) {
    // 350 s hold for the requests of 0, 100, 200 and 300 s.
    check_runs(log, "cookie of 350 s", &sessions("cookie", 350), 4);
    check_runs(log, "cookie of 2000 s", &sessions("cookie", 2_000), 12);
    // Each use of a header's entry starts its time anew.
    check_runs(log, "header of 150 s", &sessions("header", 150), 12);
    check_runs(log, "header of 90 s", &sessions("header", 90), 1);
    // An address leads to one endpoint whatever its cookie's age.
    check_runs(
        log,
        "address and cookie of 350 s",
        &sessions("ip_cookie", 350),
        12,
    );
    check_runs(log, "no affinity", &sessions("none", 350), 1);
}
