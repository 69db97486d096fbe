//! Stores and the data in them.

use crate::support::{accepted, refused, warned};
use tunnelsim::measure::recorder::RecorderOptions;
use tunnelsim::simulation::{RunKey, Simulation};
use tunnelsim::world::blueprint::*;
use tunnelsim::world::ids::*;

#[test]
fn equal_containers_with_stores_of_their_own_keep_one_data_set() {
    let world = accepted(&[
        "hosts.vps1.containers.web.store=memory",
        "hosts.vps2.containers.web.store=disk",
    ])
    .blueprint;
    let names: Vec<&str> = world
        .stores
        .values()
        .iter()
        .map(|store| store.name.as_str())
        .collect();
    assert_eq!(names, ["vps1/web", "vps2/web"]);
    assert_eq!(world.datasets.len(), 1);
    assert_eq!(world.datasets.values()[0].stores, [StoreId(0), StoreId(1)]);
    assert!(matches!(world.stores.values()[0].kind, StoreKind::Memory));
}

#[test]
fn two_databases_of_equal_containers_are_expected_to_agree() {
    let world = accepted(&[
        "stores={a: {host: vps1}, b: {host: vps2}}",
        "hosts.vps1.containers.web={store: a, holds: {records: {keys: 7}}}",
        "hosts.vps2.containers.web={store: b, holds: {records: {keys: 7}}}",
    ])
    .blueprint;
    let data = &world.datasets.values()[0];
    assert_eq!(
        (data.name.as_str(), data.holds, data.stores.len()),
        ("web", Holds::Records { keys: 7 }, 2)
    );
}

#[test]
fn data_may_be_named_so_that_equal_containers_keep_different_ones() {
    let world = accepted(&[
        "hosts.vps1.containers.web={store: disk, data: left}",
        "hosts.vps2.containers.web={store: disk, data: right}",
    ])
    .blueprint;
    assert_eq!(world.datasets.len(), 2);
    let messages = refused(&[
        "hosts.vps1.containers.web={store: disk, holds: visits}",
        "hosts.vps2.containers.web={store: disk, holds: content}",
    ]);
    assert_eq!(messages, ["the data `web` hold something else elsewhere"]);
}

#[test]
fn copies_agree_or_follow() {
    let kind = |text: &str| {
        accepted(&[&format!("stores={{db: {text}}}")])
            .blueprint
            .stores
            .values()[0]
            .kind
            .clone()
    };
    assert!(matches!(kind("{city: Paris}"), StoreKind::Shared { .. }));
    assert!(
        matches!(kind("{synchronous: {members: [vps1, vps2]}}"), StoreKind::Synchronous { members } if members.len() == 2)
    );
    let follows = kind("{asynchronous: {members: ['vps*'], lag: 1s, promote_after: 30s}}");
    assert!(matches!(
        follows,
        StoreKind::Asynchronous {
            promote_after: Some(_),
            ..
        }
    ));
}

#[test]
fn a_cart_without_a_store_is_a_warning() {
    assert_eq!(
        warned(&["clients.spain.state=cart"]),
        ["these clients carry state that no container keeps"]
    );
}

#[test]
fn visitors_of_two_groups_are_different_people() {
    let scenario = accepted(&[
        "horizon=1m",
        "clients.spain.visitors=1",
        "clients.mexico={city: Querétaro, hostname: app.example.com, sessions: 5/s, visitors: 1}",
        "hosts.vps2.containers.web=",
        "tunnels.prod.replicas=[vps1]",
        "hosts.vps1.containers.web={port: 3000, store: disk, holds: visits}",
    ]);
    let key = RunKey {
        seed: 1,
        replication: 0,
    };
    let (world, faults) = (&scenario.blueprint, &scenario.faults);
    let (run, _) = Simulation::new(world, faults, key, RecorderOptions::default())
        .run()
        .unwrap();
    assert_eq!(run.finals.divergences[0].visitors, 2);
}
