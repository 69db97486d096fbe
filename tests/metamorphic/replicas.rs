//! What replicas, retries and shared data are for.

use std::collections::BTreeMap;

use tunnelsim::measure::observation::SessionFate;

use super::over_worlds;
use super::run::run;
use super::world::{BELIEFS, World};

#[test]
fn without_faults_no_belief_costs_a_request() {
    over_worlds(31, |world, _| {
        for belief in BELIEFS {
            let mut calm = World {
                belief,
                ..world.clone()
            };
            calm.faults.clear();
            let seen = run(&calm);
            let failed = seen.requests.iter().find(|r| !r.outcome.is_success());
            assert!(failed.is_none(), "{belief}: {failed:?}");
        }
    });
}

#[test]
fn a_shared_store_keeps_every_cart_whatever_happens_to_the_hosts() {
    over_worlds(32, |world, _| {
        let mut world = world.clone();
        world.stores = vec!["carts: {city: Frankfurt}".to_owned()];
        world
            .hosts
            .iter_mut()
            .for_each(|host| host.store = Some("carts"));
        for belief in BELIEFS {
            let seen = run(&World {
                belief,
                ..world.clone()
            });
            let broken = |fate| matches!(fate, SessionFate::Broken(_));
            assert!(!seen.sessions.iter().any(|s| broken(s.fate)), "{belief}");
        }
    });
}

#[test]
fn with_retries_no_request_fares_worse() {
    over_worlds(33, |world, _| {
        // Open arrivals and room for everybody, so that no request is in another's way.
        let mut world = world.clone();
        for client in &mut world.clients {
            let (name, _) = client.split_once(':').unwrap();
            *client = format!("{name}: {{city: Madrid, hostname: app.example.com, sessions: 5/s}}");
        }
        for host in &mut world.hosts {
            host.service = "workers: 1000, service_time: 5ms".to_owned();
            host.store = None;
        }
        world.stores.clear();
        world.faults.retain(|fault| !fault.starts_with("container"));
        let succeeded = |others: &str| -> BTreeMap<(u16, u64), bool> {
            let seen =
                run(&world.with_tunnel(&[&format!("retry: {{others: {others}, writes: true}}")]));
            let outcomes = seen.requests.iter();
            outcomes
                .map(|r| ((r.id.group.0, r.id.session), r.outcome.is_success()))
                .collect()
        };
        let (without, with) = (succeeded("0"), succeeded("8"));
        for (request, good) in &without {
            assert!(
                with[request] || !good,
                "{request:?} fails only with retries"
            );
        }
    });
}
