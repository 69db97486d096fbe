//! Where the four connections of a connector land: two and two, and when in one metro.

use tunnelsim::measure::observation::{Entity, Happening};
use tunnelsim::scenario::Scenario;
use tunnelsim::simulation::RunKey;
use tunnelsim::world::geography::{Atlas, DataCentre};

use crate::changes::changes_of;
use crate::judge::check_share;
use crate::suite::{Group, Log, seed, sized};
use crate::worlds::read;

pub const GROUPS: &[Group] = &[
    (
        "connections_stand_two_and_two_in_two_data_centres",
        two_and_two,
    ),
    (
        "two_replicas_of_one_city_share_by_where_their_second_groups_land",
        shares,
    ),
];

/// The data centres of each replica's connections 0 to 3, in order of their registrations.
fn placed(scenario: &Scenario, replication: u64) -> Vec<[Vec<DataCentre>; 4]> {
    let key = RunKey {
        seed: seed(),
        replication,
    };
    let mut places =
        vec![<[Vec<DataCentre>; 4]>::default(); scenario.blueprint.replicas.ids().count()];
    for change in changes_of(scenario, key, |entity| {
        matches!(entity, Entity::Connection(_))
    }) {
        if let (Entity::Connection(connection), Happening::Registers { at, .. }) =
            (change.entity, change.what)
        {
            places[usize::from(connection.replica.0)][usize::from(connection.index)].push(at);
        }
    }
    places
}

/// Hosts all over the world, with all of chance; connection 3 is dropped after 10 s and comes back.
fn two_and_two(log: &mut Log) {
    let cities = [
        "Frankfurt",
        "Madrid",
        "Mexico City",
        "Los Angeles",
        "Tokyo",
        "Nairobi",
        "Sydney",
        "Querétaro",
    ];
    let list = |item: &dyn Fn(usize, &str) -> String| {
        cities
            .iter()
            .enumerate()
            .map(|(n, city)| item(n, city))
            .collect::<String>()
    };
    let scenario = read(
        &format!(
            "
title: placement
horizon: 60s
hosts:
{}tunnels: {{t: {{replicas: {{{}}}, ingress: [{{service: hello_world}}]}}}}
faults: [connection-drop: {{replica: ['r*'], connection: 3, at: 10s}}]
",
            list(&|n, city| format!("  h{n}: {{city: '{city}', access: home}}\n")),
            list(&|n, _| format!("r{n}: {{host: h{n}}}, ")),
        ),
        "",
    );
    let runs = sized(100, 2_000);
    for replication in 0..runs {
        for (replica, places) in placed(&scenario, replication).iter().enumerate() {
            let [zero, one, two, three] = places;
            assert_eq!(zero, two, "replica {replica}, replication {replication}");
            assert_eq!(
                three[..],
                [one[0], one[0]],
                "replica {replica}, replication {replication}"
            );
            assert_eq!([zero[0].number % 2, one[0].number % 2], [1, 0]);
        }
    }
    log.passed(
        runs * cities.len() as u64,
        format!(
            "{runs} worlds of {} connectors, each with one drop",
            cities.len()
        ),
    );
}

/// The first groups are in Frankfurt, a second one stays there with q = 3/4. So a replica has 2 of 6, 4 of 8, 2 of 4 or 4
/// of 6 of the near connections.
fn shares(log: &mut Log) {
    let scenario = read(
        "
title: placement
exact: true
horizon: 1s
hosts: {vps: {copies: 2, city: Frankfurt}}
tunnels: {t: {replicas: [vps-1, vps-2], ingress: [{service: hello_world}]}}
",
        "",
    );
    let frankfurt = Atlas::shipped().metro("FRA").unwrap();
    let runs = sized(1_500, 30_000);
    let mut counts = [[0; 2]; 2];
    for replication in 0..runs {
        let stays: Vec<usize> = placed(&scenario, replication)
            .iter()
            .map(|places| {
                assert_eq!(places[0][0].metro, frankfurt);
                usize::from(places[1][0].metro == frankfurt)
            })
            .collect();
        counts[stays[0]][stays[1]] += 1;
    }
    let q = Atlas::shipped()[frankfurt].same_metro_probability();
    assert_eq!(q, 0.75);
    check_share(log, "one third", counts[0][1], runs, q * (1.0 - q));
    check_share(
        log,
        "half",
        counts[0][0] + counts[1][1],
        runs,
        q * q + (1.0 - q) * (1.0 - q),
    );
    check_share(log, "two thirds", counts[1][0], runs, q * (1.0 - q));
}
