//! What goes wrong.

use crate::support::{accepted, refused, warned};
use tunnelsim::fault::{Duration, Effect, FaultPlan, Occurrence};
use tunnelsim::kernel::time::Span;
use tunnelsim::kernel::variate::Distribution;
use tunnelsim::world::geography::Atlas;
use tunnelsim::world::ids::*;

fn fault(text: &str) -> FaultPlan {
    let mut faults = accepted(&[&format!("faults=[{text}]")]).faults;
    assert_eq!(faults.len(), 1);
    faults.remove(0)
}

#[test]
fn a_power_cut_has_a_time_a_length_and_an_end() {
    let plan = fault("{power-cut: {host: vps1, at: 20m, for: 5m}}");
    assert_eq!(plan.name, "power-cut vps1");
    assert_eq!(
        plan.occurrence,
        Occurrence::Scheduled {
            at: Span::from_secs(1_200),
            every: None
        }
    );
    assert_eq!(
        plan.duration,
        Duration::Lasts(Distribution::Constant(Span::from_secs(300)))
    );
    assert_eq!(plan.strike, [Effect::HostPower(HostId(0), false)]);
    assert_eq!(plan.clear, [Effect::HostPower(HostId(0), true)]);
}

#[test]
fn every_kind_of_fault_can_be_written() {
    let store = "hosts.vps1.containers.web.store=disk";
    let pools = "pools={blue: {origins: {a: {tunnel: prod}}}, green: {origins: {b: {container: vps2/web}}}}";
    for text in [
        "connection-drop: {replica: vps1, connection: [0, 1], at: 1m}",
        "server-down: {replica: prod/vps1, at: 1m, for: 1m}",
        "data-centre-down: {replica: vps1, connection: 2, at: 1m}",
        "metro-down: {metro: [FRA, LHR], at: 1m}",
        "edge-maintenance: {data_centre: FRA1, at: 1m, for: 6h}",
        "registrations-frozen: {at: 1m, for: 1m}",
        "provider-incident: {share: 28%, at: 1m, for: 25m}",
        "catchment-flip: {group: spain, to: LHR, share: 50%, at: 1m}",
        "backbone-cut: {between: [FRA, QRO], at: 1m}",
        "backbone-slow: {between: [FRA, QRO], added: 50ms, at: 1m}",
        "regional-partition: {metros: [QRO], at: 1m}",
        "power-cut: {host: ['vps*'], at: 1m}",
        "line-cut: {host: vps1, at: 1m, for: 3s, every: 10s}",
        "udp-blocked: {host: vps1, at: 0s}",
        "host-shutdown: {host: vps1, at: 1m, for: 10m}",
        "docker-restart: {host: vps1, at: 1m, for: 20s}",
        "connector-kill: {replica: vps1, at: 1m}",
        "connector-stop: {replica: vps1, at: 1m}",
        "connector-start: {replica: vps1, at: 2m}",
        "connector-restart: {replica: vps1, at: 1m}",
        "config-push: {tunnel: prod, ingress: [{service: http_status:503}], at: 1m}",
        "bad-config-push: {tunnel: prod, at: 1m}",
        "container-stop: {container: vps1/web, at: 1m}",
        "container-crash: {container: '*/web', at: 1m}",
        "crash-loop: {container: vps1/web, at: 1m, for: 10m}",
        "container-hang: {container: vps1/web, at: 1m}",
        "container-refuses: {container: vps1/web, at: 1m}",
        "brownout: {container: vps1/web, factor: 2.5, at: 1m}",
        "content-deploy: {container: [vps1/web, vps2/web], at: 1m}",
        "store-down: {store: vps1/web, how: silent, at: 1m}",
        "store-slow: {store: vps1/web, added: 200ms, at: 1m}",
        "store-lost: {store: vps1/web, at: 1m}",
        "store-partition: {store: vps1/web, at: 1m}",
        "endpoint-disable: {endpoint: blue/a, at: 1m}",
        "pool-switch: {from: blue, to: green, at: 1m}",
    ] {
        let faults = accepted(&[store, pools, &format!("faults=[{{{text}}}]")]).faults;
        assert_eq!(faults.len(), 1, "{text}");
        assert!(!faults[0].strike.is_empty(), "{text}");
    }
}

#[test]
fn a_regional_partition_cuts_every_pair_across_it_and_none_inside() {
    let plan = fault("{regional-partition: {metros: [QRO, DFW], at: 1m}}");
    assert_eq!(plan.strike.len(), 2 * (Atlas::shipped().metros().len() - 2));
}

#[test]
fn a_pushed_configuration_is_taken_back_when_the_fault_clears() {
    let plan = fault(
        "{config-push: {tunnel: prod, ingress: [{service: http_status:503}], at: 1m, for: 1m}}",
    );
    let rules = |effect: &Effect| match effect {
        Effect::ConfigPush(_, rules) => rules.len(),
        other => panic!("{other:?}"),
    };
    assert_eq!((rules(&plan.strike[0]), rules(&plan.clear[0])), (1, 2));
}

#[test]
fn equal_faults_are_numbered_and_names_are_kept() {
    let faults = accepted(&[
        "faults=[{line-cut: {host: vps1, at: 1m, for: 1s}}, {line-cut: {host: vps1, at: 2m, for: 1s}}, {line-cut: \
         {name: blip, host: vps1, at: 3m, for: 1s}}]",
    ])
    .faults;
    let names: Vec<&str> = faults.iter().map(|fault| fault.name.as_str()).collect();
    assert_eq!(names, ["line-cut vps1", "line-cut vps1 #2", "blip"]);
}

#[test]
fn a_name_is_given_to_one_fault_only() {
    let blip = "line-cut: {name: blip, host: vps1, at: 1m, for: 1s}";
    let random = "line-cut: {name: blip, host: vps1, mtbf: 1d, mttr: 1s}";
    let message = ["two faults are called `blip`"];
    assert_eq!(
        refused(&[&format!("faults=[{{{blip}}}, {{{blip}}}]")]),
        message
    );
    assert_eq!(
        refused(&[
            &format!("faults=[{{{blip}}}]"),
            &format!("failures=[{{{random}}}]")
        ]),
        message
    );
}

#[test]
fn a_fault_without_length_or_beyond_the_end_is_a_warning() {
    assert_eq!(
        warned(&["faults=[{line-cut: {host: vps1, at: 1m, for: 0s}}]"]),
        ["a fault that lasts no time is left out"]
    );
    assert_eq!(
        warned(&["faults=[{line-cut: {host: vps1, at: 1h}}]"]),
        ["this fault strikes after the end of the run"]
    );
}

#[test]
fn failures_have_laws_of_their_own() {
    let faults =
        accepted(&["failures=[{power-cut: {host: vps1, mtbf: 365d, mttr: {constant: 3m}}}]"])
            .faults;
    let mean = Span::from_secs(365 * 86_400);
    assert_eq!(
        faults[0].occurrence,
        Occurrence::Random {
            time_to_failure: Distribution::Exponential { mean }
        }
    );
    assert_eq!(
        faults[0].duration,
        Duration::Lasts(Distribution::Constant(Span::from_secs(180)))
    );
}

#[test]
fn a_failure_needs_time_between_its_strikes() {
    let found =
        refused(&["failures=[{container-crash: {container: '*/web', mtbf: {constant: 0s}}}]"]);
    assert_eq!(found, ["a failure needs time until it happens again"]);
}

#[test]
fn presets_write_out_what_breaks_by_itself() {
    let count = |text: &str| accepted(&[&format!("failures=[{text}]")]).faults.len();
    assert_eq!(count("{vps: {host: vps1}}"), 4);
    assert_eq!(count("{home: {host: ['vps*']}}"), 10);
    assert_eq!(count("{container: {container: '*/web'}}"), 7);
    assert_eq!(
        count("{container: {container: '*/web', correlation: 100%}}"),
        5
    );
    assert_eq!(count("{connector: {replica: vps1}}"), 5);
    assert_eq!(count("{edge: {metro: FRA}}"), 25);
    assert_eq!(count("provider"), 1);
    assert_eq!(
        refused(&["failures=[{vps: {host: vps1, mtbf: 3d}}]"]),
        ["there is no setting `mtbf` here"]
    );
}

#[test]
fn a_pattern_finds_things_in_the_order_of_their_names() {
    let fault = |first: &str, second: &str| {
        let hosts = [first, second]
            .map(|name| format!("hosts.{name}={{city: Madrid, containers: {{shop: {{}}}}}}"));
        let stop = "faults=[{container-stop: {container: '*/shop', at: 1m}}]";
        accepted(&[&hosts[0], &hosts[1], stop])
            .faults
            .remove(0)
            .name
    };
    assert_eq!(fault("zeus", "apollo"), fault("apollo", "zeus"));
    assert_eq!(
        fault("zeus", "apollo"),
        "container-stop apollo/shop, zeus/shop"
    );
}

#[test]
fn what_several_daemons_stop_at_one_moment_is_in_the_order_of_full_names() {
    let hosts = [
        "hosts.zeus={city: Madrid, containers: {a: {}}}",
        "hosts.apollo={city: Madrid, containers: {z: {}}}",
    ];
    let replicas = "tunnels.prod.replicas={z: {host: apollo, networks: [default]}, a: {host: zeus, networks: [default]}}";
    let restart = "faults=[{docker-restart: {host: [zeus, apollo], at: 1m, for: 1s}}]";
    let rules = "tunnels.prod.ingress=[{service: http_status:200}]";
    let scenario = accepted(&[hosts[0], hosts[1], replicas, rules, restart]);
    let world = &scenario.blueprint;
    let name = |effect: &Effect| match effect {
        Effect::ContainerStop(id) => world.containers[*id].name.clone(),
        Effect::ConnectorStop(id) => world.replicas[*id].name.clone(),
        other => panic!("{other:?}"),
    };
    let stopped: Vec<String> = scenario.faults[0].strike.iter().map(name).collect();
    // apollo/z, zeus/a, and then prod/a, prod/z.
    assert_eq!(stopped, ["z", "a", "a", "z"]);
}

#[test]
fn a_restart_of_docker_says_how_long_it_takes() {
    assert_eq!(
        refused(&["faults=[{docker-restart: {host: vps1, at: 1m}}]"]),
        ["`docker-restart` needs `for`, the time until it is over"]
    );
}

#[test]
fn docker_brings_back_only_what_its_restart_policy_names() {
    let plan = |policy: &str| {
        let policy = format!("hosts.vps1.containers.web.restart={policy}");
        let restart = "faults=[{docker-restart: {host: vps1, at: 1m, for: 20s}}]";
        accepted(&[&policy, restart]).faults.remove(0)
    };
    for comes_back in ["always", "unless-stopped"] {
        let plan = plan(comes_back);
        assert!(plan.strike.contains(&Effect::ContainerStop(ContainerId(0))));
        assert!(
            plan.clear.contains(&Effect::ContainerStart(ContainerId(0))),
            "{comes_back}"
        );
    }
    for stays_down in ["no", "on-failure"] {
        let plan = plan(stays_down);
        assert!(plan.strike.contains(&Effect::ContainerStop(ContainerId(0))));
        assert!(
            !plan.clear.contains(&Effect::ContainerStart(ContainerId(0))),
            "{stays_down}"
        );
    }
}
