//! Small worlds with constant times, whose course is worked out by hand beside them.

use super::{RunKey, Simulation};
use crate::fault::{Duration, Effect, FaultPlan, Occurrence};
use crate::kernel::time::Span;
use crate::kernel::variate::{Count, Distribution};
use crate::measure::observation::{Observation, RequestSeen};
use crate::measure::outcome::{Cause, Outcome};
use crate::measure::recorder::RecorderOptions;
use crate::world::blueprint::*;
use crate::world::geography::{Access, Atlas, CatchmentPreset};
use crate::world::ids::*;

/// Two hosts beside Frankfurt, one tunnel with a replica on each, all links constant: 5 ms one way from the client
/// to the edge, 1 ms within the metro, 2 ms to a host.
fn world() -> Blueprint {
    let fra = Atlas::shipped().metro("FRA").unwrap();
    let city = Atlas::shipped().find_city("Frankfurt").unwrap();
    let mut plan = Blueprint {
        horizon: Span::from_secs(60),
        settings: Settings {
            catchment: CatchmentPreset::Ideal,
            jitter: false,
            path_factors: false,
            access_spread: false,
            networks_per_city: 1,
            propagation: Distribution::Constant(Span::from_millis(500)),
            ..Settings::default()
        },
        ..Blueprint::default()
    };
    let hostname = plan.hostnames.push("app.example.com".to_owned());
    let group = plan.groups.push(group(hostname, fra));
    plan.tunnels.push(tunnel());
    plan.links
        .push(link(LinkEnd::Group(group), LinkEnd::Metro(fra), 10));
    plan.links
        .push(link(LinkEnd::Metro(fra), LinkEnd::Metro(fra), 2));
    for name in ["a", "b"] {
        let host = plan.hosts.push(Host {
            name: name.to_owned(),
            site: Site::City(city),
            access: Access::None,
            boot: Distribution::Constant(Span::from_secs(30)),
            stop_grace: Span::from_secs(10),
            stop_order: StopOrder::Together,
        });
        plan.links
            .push(link(LinkEnd::Host(host), LinkEnd::Metro(fra), 4));
        let network = plan.networks.push(Network {
            name: format!("{name}/default"),
            reach: Reach::Bridge,
            added_round_trip: Span::ZERO,
        });
        plan.containers.push(container(host, network));
        let replica = plan.replicas.push(replica(name, host, network, fra));
        plan.tunnels[TunnelId(0)].replicas.push(replica);
    }
    plan.records.push(DnsRecord {
        hostname,
        target: DnsTarget::Tunnel(TunnelId(0)),
        at: Span::ZERO,
        overwrite: false,
    });
    plan
}

fn link(a: LinkEnd, b: LinkEnd, round_trip_ms: u64) -> Link {
    Link {
        between: (a, b),
        round_trip: Span::from_millis(round_trip_ms),
    }
}

fn group(hostname: HostnameId, entry: crate::world::geography::MetroId) -> Group {
    let at = |ms| TraceEntry {
        at: Span::from_millis(ms),
        client: ms,
        hostname,
    };
    Group {
        name: "visitors".to_owned(),
        site: ClientSite::At(Site::Point(Atlas::shipped()[entry].place)),
        access: Access::None,
        arrivals: Arrivals::Trace(vec![at(1_000), at(20_000)]),
        requests: Count::Constant(1),
        think: Distribution::Constant(Span::from_secs(1)),
        hostnames: vec![(hostname, 1.0)],
        path: "/".to_owned(),
        carries: Carries::Nothing,
        writes_share: 0.0,
        on_error: OnError::Continue,
        patience: Span::from_secs(300),
        visitors: None,
        entry: Some(entry),
    }
}

fn tunnel() -> Tunnel {
    Tunnel {
        name: "prod".to_owned(),
        replicas: Vec::new(),
        routing: "primary-standby".to_owned(),
        remote_rules: Some(vec![IngressRule {
            hostname: None,
            path: None,
            service: Service::Origin {
                host: "web".to_owned(),
                port: 80,
                meant_for: None,
            },
            connect_timeout: Span::from_secs(30),
        }]),
        rollout: Distribution::Constant(Span::ZERO),
        retry_others: 3,
        retry_skips_connector: false,
        retry_writes: false,
        idle_timeout: Span::from_secs(5),
        ping: Span::from_secs(1),
        http2_silence: Span::from_secs(30),
    }
}

fn container(host: HostId, network: NetworkId) -> Container {
    Container {
        name: "web".to_owned(),
        host,
        aliases: Vec::new(),
        attachments: vec![Attachment {
            network,
            address: None,
        }],
        port: 80,
        published: false,
        workers: 1,
        queue_limit: 10,
        service_time: Distribution::Constant(Span::from_millis(7)),
        start_up: Distribution::Constant(Span::ZERO),
        restart: RestartPolicy::UnlessStopped,
        health_check: None,
        store: None,
    }
}

fn replica(
    name: &str,
    host: HostId,
    network: NetworkId,
    metro: crate::world::geography::MetroId,
) -> Replica {
    Replica {
        name: name.to_owned(),
        tunnel: TunnelId(0),
        host,
        starts_at: Span::ZERO,
        connections: 4,
        protocol: Protocol::Auto,
        edges: vec![
            PinnedEdge {
                metro,
                number: None
            };
            2
        ],
        networks: vec![network],
        local_rules: None,
        grace_period: Span::from_secs(30),
        stop_grace: Span::from_secs(30),
        restart: RestartPolicy::UnlessStopped,
    }
}

fn fault(at_ms: u64, strike: Effect, lasts: Option<(u64, Effect)>) -> FaultPlan {
    let duration = match &lasts {
        Some((ms, _)) => Duration::Lasts(Distribution::Constant(Span::from_millis(*ms))),
        None => Duration::Unlimited,
    };
    FaultPlan {
        name: "fault".to_owned(),
        kind: "test",
        target: "something".to_owned(),
        occurrence: Occurrence::Scheduled {
            at: Span::from_millis(at_ms),
            every: None,
        },
        duration,
        strike: vec![strike],
        clear: lasts.map(|(_, effect)| effect).into_iter().collect(),
    }
}

/// The requests of a run, in the order in which they ended.
fn requests(plan: &Blueprint, faults: &[FaultPlan]) -> Vec<RequestSeen> {
    let mut seen = Vec::new();
    let options = RecorderOptions {
        observer: Some(Box::new(|observation: &Observation| {
            if let Observation::Request(request) = observation {
                seen.push(*request);
            }
        })),
        ..RecorderOptions::default()
    };
    let key = RunKey {
        seed: 1,
        replication: 0,
    };
    let simulation = Simulation::new(plan, faults, key, options);
    simulation.run().unwrap();
    seen
}

fn ms(span: Span) -> f64 {
    span.as_millis_f64()
}

#[test]
fn a_request_takes_its_legs_and_its_service() {
    // 5 to the edge, 1 over the backbone, 2 down, 7 of service, 2 up, 1 back, 5 out: 23 ms.
    let seen = requests(&world(), &[]);
    assert_eq!(seen.len(), 2);
    assert_eq!(ms(seen[0].latency()), 23.0);
    assert_eq!(ms(seen[0].parts.service), 7.0);
    assert_eq!(ms(seen[0].parts.network), 16.0);
    assert_eq!(seen[0].outcome, Outcome::Success);
    assert_eq!(seen[0].connection.unwrap().replica, ReplicaId(0));
}

#[test]
fn a_get_into_a_dead_host_waits_for_the_edge_to_notice_and_moves_on() {
    // Power fails at 19.5 s. The last exchange was the request at 1.015 s (its answer left then); pings follow
    // every second, the last one at 19.015 s. The request is sent into the silence at 20.006 s (5 + 1 ms after
    // 20 s), which re-sets the edge's clock: expiry at 25.006 s. The failure takes 1 ms back to the entry edge;
    // the next connection of the same dead replica has its own clock, ended at 24.015 s, so it is closed there
    // and withdrawn at 24.515 s: at 25.007 s only the second replica is listed: 1 + 2 + 7 + 2 + 1 + 5 = 18 ms.
    let faults = [fault(19_500, Effect::HostPower(HostId(0), false), None)];
    let seen = requests(&world(), &faults);
    let late = seen[1];
    assert_eq!(late.outcome, Outcome::Success);
    assert_eq!(late.attempts, 2);
    assert_eq!(ms(late.latency()), 5_007.0 + 18.0);
    assert_eq!(late.connection.unwrap().replica, ReplicaId(1));
    assert_eq!(ms(late.parts.stalled), 5_002.0);
}

#[test]
fn a_post_into_a_dead_host_fails_when_the_edge_notices() {
    let mut plan = world();
    plan.groups[GroupId(0)].writes_share = 1.0;
    let faults = [fault(19_500, Effect::HostPower(HostId(0), false), None)];
    let late = requests(&plan, &faults)[1];
    assert_eq!(late.outcome, Outcome::Failed(Cause::DeadConnection));
    assert_eq!(late.status, 502);
    assert_eq!(ms(late.latency()), 5_012.0);
}

#[test]
fn a_line_cut_of_three_seconds_is_noticed_by_nobody() {
    // Cut at 19.5 s, whole at 22.5 s. The request waits at the data centre from 20.006 s; it goes down at 22.5 s:
    // 2 + 7 + 2 + 1 + 5 = 17 ms later the client has its answer.
    let cut = Effect::HostLine(HostId(0), false);
    let whole = Effect::HostLine(HostId(0), true);
    let late = requests(&world(), &[fault(19_500, cut, Some((3_000, whole)))])[1];
    assert_eq!(late.outcome, Outcome::Success);
    assert_eq!(late.attempts, 1);
    assert_eq!(ms(late.latency()), 2_517.0);
    assert_eq!(ms(late.parts.stalled), 2_494.0);
}

#[test]
fn a_stopped_container_behind_a_healthy_connector_is_a_502_in_milliseconds() {
    let faults = [fault(10_000, Effect::ContainerStop(ContainerId(0)), None)];
    let late = requests(&world(), &faults)[1];
    assert_eq!(late.outcome, Outcome::Failed(Cause::NoSuchHost));
    assert_eq!(late.attempts, 1);
    assert_eq!(ms(late.latency()), 16.0 + 20.0);
}

#[test]
fn a_hung_container_is_a_524_after_the_edges_time_out() {
    let faults = [fault(
        10_000,
        Effect::ContainerHang(ContainerId(0), true),
        None,
    )];
    let late = requests(&world(), &faults)[1];
    assert_eq!(late.outcome, Outcome::Failed(Cause::OriginHung));
    assert_eq!(ms(late.latency()), 120_010.0);
}
