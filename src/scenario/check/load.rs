//! How much a scenario asks for, before any failure.

use crate::notation::{Context, Problem};
use crate::scenario::build::Built;
use crate::scenario::file::ScenarioFile;
use crate::world::blueprint::{Arrivals, Blueprint, DnsTarget, Group, RuleSet, Service};
use crate::world::ids::{ContainerId, HostnameId, ReplicaId};
use crate::world::ingress::Rules;
use crate::world::naming::{Meaning, resolve};

/// Requests that all clients send in one run.
pub fn expected_requests(world: &Blueprint) -> f64 {
    let seconds = world.horizon.as_secs_f64();
    let sessions = |group: &Group| match &group.arrivals {
        Arrivals::Poisson { per_second } => per_second * seconds,
        Arrivals::Hourly { per_second } => {
            per_second.iter().sum::<f64>() / per_second.len() as f64 * seconds
        }
        Arrivals::Trace(entries) => entries.len() as f64,
    };
    let requests = |group: &Group| match group.arrivals {
        Arrivals::Trace(_) => 1.0,
        _ => group.requests.mean(),
    };
    world
        .groups
        .values()
        .iter()
        .map(|group| sessions(group) * requests(group))
        .sum()
}

/// Warns where a container is asked for more than its workers can serve, if every replica had its even share.
///
/// Simplification: the warning about too few workers gives every replica its even share; where replicas differ the run tells.
pub fn check(file: &ScenarioFile, built: &Built, context: &mut Context) {
    let world = &built.blueprint;
    let mut demands: Vec<(ContainerId, f64)> = Vec::new();
    for (hostname, per_second) in rates(world) {
        for (container, share) in answering(world, hostname) {
            match demands.iter_mut().find(|(known, _)| *known == container) {
                Some((_, demand)) => *demand += per_second * share,
                None => demands.push((container, per_second * share)),
            }
        }
    }
    for (id, per_second) in demands {
        let container = &world.containers[id];
        let load = per_second * container.service_time.mean_secs() / f64::from(container.workers);
        if load >= 1.0 {
            let name = format!("{}/{}", world.hosts[container.host].name, container.name);
            let problem = Problem::warning(
                file.hosts.position,
                format!("`{name}` is asked for more than it can serve"),
            )
            .label(format!(
                "load {load:.2}: {per_second:.1} requests/s on {} workers",
                container.workers
            ))
            .help("above 1 its queue grows until requests are refused");
            context.report(problem);
        }
    }
}

/// Requests per second by hostname, in the mean.
fn rates(world: &Blueprint) -> Vec<(HostnameId, f64)> {
    let mut rates: Vec<(HostnameId, f64)> = world.hostnames.ids().map(|id| (id, 0.0)).collect();
    for group in world.groups.values() {
        let sessions = match &group.arrivals {
            Arrivals::Poisson { per_second } => *per_second,
            Arrivals::Hourly { per_second } => per_second.iter().copied().fold(0.0, f64::max),
            Arrivals::Trace(_) => 0.0,
        };
        let weights: f64 = group.hostnames.iter().map(|(_, weight)| weight).sum();
        for (hostname, weight) in &group.hostnames {
            rates[usize::from(hostname.0)].1 += sessions * group.requests.mean() * weight / weights;
        }
    }
    rates
}

/// The containers that answer for a hostname at the start, with their even shares.
fn answering(world: &Blueprint, hostname: HostnameId) -> Vec<(ContainerId, f64)> {
    let record = world
        .records
        .values()
        .iter()
        .find(|record| record.hostname == hostname);
    let Some(DnsTarget::Tunnel(tunnel)) = record.map(|record| record.target) else {
        return Vec::new();
    };
    let tunnel = &world.tunnels[tunnel];
    let share = 1.0 / tunnel.replicas.len() as f64;
    let mut shares = Vec::new();
    for &replica in &tunnel.replicas {
        let reached = reached_by(world, replica, &world.hostnames[hostname]);
        shares.extend(
            reached
                .iter()
                .map(|container| (*container, share / reached.len() as f64)),
        );
    }
    shares
}

/// The containers that a replica sends requests for a hostname's front page to.
fn reached_by(world: &Blueprint, id: ReplicaId, hostname: &str) -> Vec<ContainerId> {
    let replica = &world.replicas[id];
    let Some(rules) = rules_of(world, id) else {
        return Vec::new();
    };
    let rules = Rules::new(rules.clone());
    let Some((_, rule)) = rules.first_match(hostname, "/") else {
        return Vec::new();
    };
    match &rule.service {
        Service::Origin { host, port, .. } => match resolve(world, replica, host, *port) {
            Meaning::Containers(containers) => containers,
            _ => Vec::new(),
        },
        Service::Status(_) | Service::HelloWorld => Vec::new(),
    }
}

/// The rules of a replica at the start.
pub fn rules_of(world: &Blueprint, id: ReplicaId) -> Option<&RuleSet> {
    let replica = &world.replicas[id];
    replica
        .local_rules
        .as_ref()
        .or(world.tunnels[replica.tunnel].remote_rules.as_ref())
}
