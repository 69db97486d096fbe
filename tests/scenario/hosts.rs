//! Machines, networks and containers.

use std::collections::BTreeSet;

use crate::support::{BASE, accepted, read_with, refused, warned};
use tunnelsim::kernel::time::Span;
use tunnelsim::kernel::variate::Distribution;
use tunnelsim::measure::observation::Observation;
use tunnelsim::measure::recorder::RecorderOptions;
use tunnelsim::simulation::{RunKey, Simulation};
use tunnelsim::world::blueprint::*;
use tunnelsim::world::ids::*;
use tunnelsim::world::naming::{Absent, Meaning, resolve};

#[test]
fn a_bridge_of_one_name_is_a_network_on_each_host_and_external_changes_nothing() {
    let overrides = [
        "networks={tunnel: {external: true}}",
        "hosts.vps1.containers.web.networks=[tunnel]",
        "hosts.vps2.containers.web.networks=[tunnel]",
    ];
    let world = accepted(&overrides).blueprint;
    let names: Vec<&str> = world
        .networks
        .values()
        .iter()
        .map(|network| network.name.as_str())
        .collect();
    assert_eq!(
        names,
        ["vps1/tunnel", "vps2/tunnel", "vps1/default", "vps2/default"]
    );
    let overlay = accepted(&[&overrides[..], &["networks.tunnel.kind=overlay"]].concat()).blueprint;
    let on = |container: usize| overlay.containers.values()[container].attachments[0].network;
    assert_eq!((on(0), on(1)), (NetworkId(0), NetworkId(0)));
    assert_eq!(overlay.networks[NetworkId(0)].reach, Reach::Overlay);
}

#[test]
fn without_networks_a_host_has_one_that_all_share() {
    let world = accepted(&[]).blueprint;
    assert_eq!(
        world.replicas.values()[0].networks,
        [world.containers.values()[0].attachments[0].network]
    );
    assert_ne!(
        world.replicas.values()[0].networks,
        world.replicas.values()[1].networks
    );
}

#[test]
fn an_empty_list_of_networks_means_outside_docker() {
    let world = accepted(&["tunnels.prod.replicas={a: {host: vps1, networks: []}}"]).blueprint;
    assert!(world.replicas.values()[0].networks.is_empty());
}

#[test]
fn copies_are_numbered_and_a_pattern_means_all_of_them() {
    let world = accepted(&[
        "hosts.vps2={city: Dallas, copies: 3, containers: {web: {port: 3000}}}",
        "tunnels.prod.replicas=[vps1, vps2-*]",
    ]);
    let names: Vec<&str> = world
        .blueprint
        .replicas
        .values()
        .iter()
        .map(|replica| replica.name.as_str())
        .collect();
    assert_eq!(names, ["vps1", "vps2-1", "vps2-2", "vps2-3"]);
    assert_eq!(world.blueprint.containers.len(), 4);
}

#[test]
fn a_rented_server_boots_in_half_a_minute_and_one_at_home_in_minutes() {
    let boot = |overrides: &[&str]| accepted(overrides).blueprint.hosts.values()[0].boot.clone();
    assert_eq!(boot(&[]), Distribution::Constant(Span::from_secs(30)));
    assert!(matches!(
        boot(&["hosts.vps1.access=home"]),
        Distribution::Uniform { .. }
    ));
    assert_eq!(
        boot(&["hosts.vps1.boot=1m"]),
        Distribution::Constant(Span::from_secs(60))
    );
}

#[test]
fn restart_policies_are_dockers() {
    let restart = |text: &str| {
        accepted(&[&format!("hosts.vps1.containers.web.restart={text}")])
            .blueprint
            .containers
            .values()[0]
            .restart
    };
    assert_eq!(restart("no"), RestartPolicy::No);
    assert_eq!(
        restart("on-failure:5"),
        RestartPolicy::OnFailure { max: Some(5) }
    );
    assert_eq!(
        refused(&["hosts.vps1.containers.web.restart=never"]).len(),
        1
    );
}

#[test]
fn two_published_containers_cannot_have_one_port() {
    let messages = refused(&[
        "hosts.vps1.containers.web.published=true",
        "hosts.vps1.containers.other={port: 3000, published: true}",
    ]);
    assert_eq!(messages, ["two containers of this host publish port 3000"]);
}

#[test]
fn two_containers_cannot_have_one_address_on_one_network() {
    let messages = refused(&[
        "hosts.vps1.containers.web.networks={default: {address: 172.25.0.3}}",
        "hosts.vps1.containers.other={networks: {default: {address: 172.25.0.3}}}",
    ]);
    assert_eq!(
        messages,
        ["two containers have the address 172.25.0.3 on this network"]
    );
}

#[test]
fn an_address_in_a_rule_means_the_first_container_that_has_it() {
    let world = accepted(&[
        "hosts.vps1.containers.web.networks={default: {address: 172.25.0.3}}",
        "hosts.vps2.containers.other={port: 3000, networks: {default: {address: 172.25.0.3}}}",
        "tunnels.prod.ingress=[{service: 'http://172.25.0.3:3000'}]",
    ]);
    let rules = world.blueprint.tunnels.values()[0]
        .remote_rules
        .as_ref()
        .unwrap();
    let Service::Origin { meant_for, .. } = &rules[0].service else {
        panic!("no origin")
    };
    assert_eq!(meant_for.as_deref(), Some("web"));
}

#[test]
fn a_load_above_one_is_a_warning() {
    assert_eq!(warned(&["clients.spain.sessions=3100/s"]), [""; 0]);
    let messages = warned(&["clients.spain.sessions=3300/s"]);
    assert_eq!(messages.len(), 2, "{messages:?}");
    assert!(messages[0].contains("is asked for more than it can serve"));
}

#[test]
fn a_load_is_expected_where_the_path_leads_and_told_at_the_container() {
    let overrides = [
        "hosts.vps1.containers.api={port: 3000, workers: 64}",
        "hosts.vps2.containers.api={port: 3000, workers: 64}",
        "tunnels.prod.ingress=[{path: ^/api, service: 'http://api:3000'}, {service: 'http://web:3000'}]",
        "clients.spain.sessions=3300/s",
    ];
    let at_api = [&overrides[..], &["clients.spain.path=/api/1"]].concat();
    assert_eq!(warned(&at_api), [""; 0]);
    let found = accepted(&overrides).warnings;
    let places: Vec<u32> = found
        .problems
        .sorted()
        .iter()
        .map(|problem| problem.position.line)
        .collect();
    let lines: Vec<&str> = BASE.lines().collect();
    assert_eq!(places.len(), 2);
    for line in places {
        assert!(
            lines[line as usize - 1].contains("web: {port: 3000}"),
            "{line}"
        );
    }
}

#[test]
fn a_place_is_written_once_and_whole() {
    let messages = |place: &str| refused(&[&format!("hosts.vps1={{{place}}}")]);
    let twice = ["a place is written once, and this one has a `city` too"];
    assert_eq!(
        messages("city: Oslo, latitude: 59.9, longitude: 10.7"),
        twice
    );
    assert_eq!(messages("city: Oslo, longitude: 10.7"), twice);
    let half = ["`latitude` and `longitude` need each other"];
    assert_eq!(messages("longitude: 10.7"), half);
    assert_eq!(
        messages(""),
        ["this needs a place: `city`, or `latitude` and `longitude`"]
    );
}

#[test]
fn the_edit_that_a_message_shows_is_accepted() {
    for (written, edit) in [
        ("Madrit", "{city: Madrid}"),
        ("Valencia", "{city: 'Valencia, "),
    ] {
        let found = read_with(BASE, &[&format!("hosts.vps1={{city: {written}}}")]);
        let shown = found.map(|_| ()).unwrap_err().to_string();
        let line = shown.lines().find(|line| line.contains(edit));
        let line = line.unwrap_or_else(|| panic!("{shown}"));
        let edited = line.split("hosts.vps1=").nth(1).unwrap();
        accepted(&[
            &format!("hosts.vps1={edited}"),
            "tunnels.prod.replicas=[vps2]",
        ]);
    }
}

/// What a name and port mean to the replica on the first server.
fn meaning(world: &Blueprint, host: &str, port: u16) -> Meaning {
    resolve(world, &world.replicas.values()[0], host, port)
}

#[test]
fn another_port_than_the_containers_is_refused_by_name_and_by_address() {
    let world = accepted(&[
        "hosts.vps1.containers={web: {aliases: [any]}, api: {port: 3000, aliases: [any], networks: {default: {address: 172.25.0.3}}}}",
        "tunnels.prod.ingress=[{service: 'http://web'}]",
        "hosts.vps2.containers.web.port=80",
    ])
    .blueprint;
    let (web, api) = (ContainerId(0), ContainerId(1));
    assert_eq!(meaning(&world, "web", 80), Meaning::Containers(vec![web]));
    assert_eq!(meaning(&world, "WEB", 8080), Meaning::OtherPort(vec![web]));
    assert_eq!(
        meaning(&world, "172.25.0.3", 3000),
        Meaning::At(api, Absent::Silent)
    );
    assert_eq!(
        meaning(&world, "172.25.0.3", 80),
        Meaning::OtherPort(vec![api])
    );
    assert_eq!(meaning(&world, "172.25.0.4", 80), Meaning::Silent);
    assert_eq!(meaning(&world, "wbe", 80), Meaning::Unknown);
    // Of several containers of one name, those on the port answer.
    assert_eq!(meaning(&world, "any", 3000), Meaning::Containers(vec![api]));
    assert_eq!(
        meaning(&world, "any", 81),
        Meaning::OtherPort(vec![web, api])
    );
}

#[test]
fn a_request_to_another_port_is_refused_and_to_a_stopped_container_of_another_port_finds_no_name() {
    let causes = |overrides: &[&str]| {
        let common = ["clients.spain.sessions=1/s", "horizon=20s"];
        let scenario = accepted(&[&common, overrides].concat());
        let mut causes = BTreeSet::new();
        let options = RecorderOptions {
            observer: Some(Box::new(|observation: &Observation| {
                if let Observation::Request(request) = observation {
                    causes.insert(format!("{:?}", request.outcome));
                }
            })),
            ..RecorderOptions::default()
        };
        let key = RunKey {
            seed: 1,
            replication: 0,
        };
        Simulation::new(&scenario.blueprint, &scenario.faults, key, options)
            .run()
            .unwrap();
        causes.into_iter().collect::<Vec<_>>()
    };
    let wrong = "tunnels.prod.ingress=[{service: 'http://web:8080'}]";
    assert_eq!(causes(&[]), ["Success"]);
    assert_eq!(causes(&[wrong]), ["Failed(OriginRefused)"]);
    let stopped = "faults=[{container-stop: {container: '*/web', at: 0s}}]";
    assert_eq!(causes(&[wrong, stopped]), ["Failed(NoSuchHost)"]);
}
