//! Small worlds with constant times, whose course is worked out by hand beside them.

mod basics;
mod detection;
mod measured;
mod overlaps;
mod processes;
mod requests;
mod settled;

use super::{RunKey, Simulation};
use crate::fault::{Duration, Effect, FaultPlan, Occurrence};
use crate::kernel::time::{Span, Time};
use crate::kernel::variate::{Count, Distribution};
use crate::measure::observation::{Change, Entity, Happening, Observation, RequestSeen};
use crate::measure::recorder::RecorderOptions;
use crate::measure::run::Run;
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

/// A store for data of their own.
fn add_store(plan: &mut Blueprint, holds: Holds, kind: StoreKind) -> StoreId {
    let dataset = plan.datasets.push(Dataset {
        name: "data".to_owned(),
        holds,
        stores: vec![StoreId::at(plan.stores.len())],
    });
    plan.stores.push(Store {
        name: "store".to_owned(),
        dataset,
        kind,
        timeout: Span::from_secs(5),
    })
}

/// Everything a run reports, the same whether the courses of its requests are settled or each takes all its steps.
fn observations(plan: &Blueprint, faults: &[FaultPlan]) -> Vec<Observation> {
    let (settled, _) = told(plan, faults, |_| {});
    let (stepped, _) = told(plan, faults, step_by_step);
    assert_eq!(settled, stepped);
    settled
}

/// No course is settled where somebody listens, be it to a session that nobody begins.
fn step_by_step(simulation: &mut Simulation<'_>) {
    simulation.listen(super::Focus::Session(GroupId(0), u64::MAX));
}

/// Everything a run reports, after something was done to the simulation; and its end.
fn told(
    plan: &Blueprint,
    faults: &[FaultPlan],
    prepare: impl FnOnce(&mut Simulation<'_>),
) -> (Vec<Observation>, Run) {
    let mut seen = Vec::new();
    let options = RecorderOptions {
        observer: Some(Box::new(|observation: &Observation| {
            seen.push(*observation)
        })),
        ..RecorderOptions::default()
    };
    let key = RunKey {
        seed: 1,
        replication: 0,
    };
    let mut simulation = Simulation::new(plan, faults, key, options);
    prepare(&mut simulation);
    let (run, _) = simulation.run().unwrap();
    (seen, run)
}

/// The requests of a run, in the order in which they ended.
fn requests(plan: &Blueprint, faults: &[FaultPlan]) -> Vec<RequestSeen> {
    let of_request = |observation| match observation {
        Observation::Request(request) => Some(request),
        _ => None,
    };
    let all = observations(plan, faults);
    all.into_iter().filter_map(of_request).collect()
}

/// The changes of a run.
fn changes(plan: &Blueprint, faults: &[FaultPlan]) -> Vec<Change> {
    let of_change = |observation| match observation {
        Observation::Change(change) => Some(change),
        _ => None,
    };
    let all = observations(plan, faults);
    all.into_iter().filter_map(of_change).collect()
}

/// When something happened to an entity, in milliseconds.
fn moments(changes: &[Change], entity: Entity, is: impl Fn(Happening) -> bool) -> Vec<u64> {
    let of_entity = changes.iter().filter(|c| c.entity == entity && is(c.what));
    of_entity.map(|c| c.at.as_nanos() / 1_000_000).collect()
}

/// Requests of single clients at these milliseconds, in place of the usual two.
fn asked_at(plan: &mut Blueprint, moments_ms: &[u64]) {
    let group = &mut plan.groups[GroupId(0)];
    let hostname = group.hostnames[0].0;
    let entry = |ms: &u64| TraceEntry {
        at: Span::from_millis(*ms),
        client: *ms,
        hostname,
    };
    group.arrivals = Arrivals::Trace(moments_ms.iter().map(entry).collect());
}

fn ms(span: Span) -> f64 {
    span.as_millis_f64()
}
