//! How much a scenario asks for, before any failure.

use std::collections::BTreeMap;

use crate::fault::{Duration, FaultPlan, Occurrence};
use crate::kernel::time::Span;
use crate::notation::{Context, Position, Problem};
use crate::scenario::build::{Built, names_of_copies};
use crate::scenario::file::ScenarioFile;
use crate::world::blueprint::{
    Arrivals, Blueprint, Container, DnsTarget, Group, Pool, RuleSet, Service,
};
use crate::world::ids::{ContainerId, HostnameId, ReplicaId, TunnelId};
use crate::world::ingress::Rules;
use crate::world::naming::{Meaning, resolve};

const HOUR_SECS: f64 = 3_600.0;

/// Requests that all clients send in one run.
pub fn expected_requests(world: &Blueprint) -> f64 {
    let requests = |group: &Group| match &group.arrivals {
        Arrivals::Poisson { per_second } => {
            per_second * world.horizon.as_secs_f64() * group.requests.mean()
        }
        Arrivals::Hourly { per_second } => {
            sessions_of_profile(per_second, world.horizon) * group.requests.mean()
        }
        Arrivals::Trace(entries) => entries.len() as f64,
    };
    let groups = world.groups.values().iter();
    // The empty sum of floats is -0, which would be shown.
    groups.map(requests).fold(0.0, |sum, count| sum + count)
}

/// Sessions of a profile by hour, which repeats, up to a horizon.
fn sessions_of_profile(per_second: &[f64], horizon: Span) -> f64 {
    let period = per_second.len() as f64 * HOUR_SECS;
    let periods = (horizon.as_secs_f64() / period).floor();
    let rest = horizon.as_secs_f64() - periods * period;
    let mut sessions = 0.0;
    for (hour, rate) in per_second.iter().enumerate() {
        let in_rest = (rest - hour as f64 * HOUR_SECS).clamp(0.0, HOUR_SECS);
        sessions += rate * (periods * HOUR_SECS + in_rest);
    }
    sessions
}

/// Probes that all monitors send, and strikes of all faults, in one run.
pub fn expected_probes_and_strikes(world: &Blueprint, faults: &[FaultPlan]) -> f64 {
    let seconds = world.horizon.as_secs_f64();
    let probes = |pool: &Pool| {
        let monitor = pool.monitor.map(|id| &world.monitors[id]);
        monitor.map_or(0.0, |monitor| {
            let series = pool.endpoints.len() * monitor.probe_regions.len() * 3;
            series as f64 * seconds / monitor.interval.as_secs_f64()
        })
    };
    let strikes = |fault: &FaultPlan| {
        let between = match &fault.occurrence {
            Occurrence::Scheduled { every: None, .. } => return 1.0,
            Occurrence::Scheduled {
                every: Some(every), ..
            } => every.as_secs_f64(),
            Occurrence::Random { time_to_failure } => {
                let repair = match &fault.duration {
                    Duration::Unlimited => 0.0,
                    Duration::Lasts(law) => law.mean_secs(),
                };
                time_to_failure.mean_secs() + repair
            }
        };
        seconds / between
    };
    let probes: f64 = world.pools.values().iter().map(probes).sum();
    probes + faults.iter().map(strikes).sum::<f64>()
}

/// Warns where a container is asked for more than its workers can serve, if every replica had its even share.
///
/// Simplification: the warning about too few workers gives every replica its even share; where replicas differ the run tells.
pub fn check(file: &ScenarioFile, built: &Built, context: &mut Context) {
    let world = &built.blueprint;
    let mut demands: BTreeMap<ContainerId, f64> = BTreeMap::new();
    let mut rules = ReadyRules::default();
    for ((hostname, path), per_second) in rates(world) {
        for (container, share) in answering(world, hostname, path, &mut rules) {
            *demands.entry(container).or_default() += per_second * share;
        }
    }
    for (id, per_second) in demands {
        let container = &world.containers[id];
        let load = per_second * container.service_time.mean_secs() / f64::from(container.workers);
        if load >= 1.0 {
            let host = &world.hosts[container.host].name;
            let message = format!(
                "`{host}/{}` is asked for more than it can serve",
                container.name
            );
            let problem = Problem::warning(position_of(file, host, container), message)
                .label(format!(
                    "load {load:.2}: {per_second:.1} requests/s on {} workers",
                    container.workers
                ))
                .help("above 1 its queue grows until requests are refused");
            context.report(problem);
        }
    }
}

/// Where a container stands in the file.
fn position_of(file: &ScenarioFile, host: &str, container: &Container) -> Position {
    let is_host = |copies: Option<u64>, name: &crate::notation::Id| {
        names_of_copies(name, copies)
            .iter()
            .any(|copy| copy == host)
    };
    let mut hosts = file.hosts.iter();
    let found = hosts
        .find(|(name, written)| is_host(written.copies.as_ref().map(|copies| copies.get()), name));
    let containers = found.and_then(|(_, written)| written.containers.as_ref());
    let mut names = containers.iter().flat_map(|containers| containers.iter());
    let named = names.find(|(name, _)| ****name == *container.name);
    named.map_or(file.hosts.position, |(name, _)| name.position)
}

/// What is asked for, by hostname and path, in requests per second in the busiest hour of the run.
fn rates(world: &Blueprint) -> BTreeMap<(HostnameId, &str), f64> {
    let mut rates = BTreeMap::new();
    for group in world.groups.values() {
        let sessions = peak_rate(&group.arrivals, world.horizon);
        let weights: f64 = group.hostnames.iter().map(|(_, weight)| weight).sum();
        for (hostname, weight) in &group.hostnames {
            let asked: &mut f64 = rates.entry((*hostname, group.path.as_str())).or_default();
            *asked += sessions * group.requests.mean() * weight / weights;
        }
    }
    rates
}

/// The highest rate of sessions per second before a horizon. Recorded requests have no rate.
fn peak_rate(arrivals: &Arrivals, horizon: Span) -> f64 {
    match arrivals {
        Arrivals::Poisson { per_second } => *per_second,
        Arrivals::Hourly { per_second } => {
            let hours = (horizon.as_secs_f64() / HOUR_SECS).ceil() as usize;
            per_second.iter().take(hours).copied().fold(0.0, f64::max)
        }
        Arrivals::Trace(_) => 0.0,
    }
}

/// The containers that answer for a hostname and a path at the start, with their even shares.
fn answering(
    world: &Blueprint,
    hostname: HostnameId,
    path: &str,
    rules: &mut ReadyRules,
) -> Vec<(ContainerId, f64)> {
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
        let reached = reached_by(world, replica, &world.hostnames[hostname], path, rules);
        shares.extend(
            reached
                .iter()
                .map(|container| (*container, share / reached.len() as f64)),
        );
    }
    shares
}

/// Rules whose patterns are ready to match, by replica or, where the tunnel's rules hold, by tunnel.
#[derive(Default)]
struct ReadyRules {
    own: BTreeMap<ReplicaId, Rules>,
    remote: BTreeMap<TunnelId, Rules>,
}

impl ReadyRules {
    fn of(&mut self, world: &Blueprint, id: ReplicaId) -> Option<&Rules> {
        let rules = rules_of(world, id)?;
        let ready = || Rules::new(rules.clone());
        let replica = &world.replicas[id];
        Some(match replica.local_rules {
            Some(_) => self.own.entry(id).or_insert_with(ready),
            None => self.remote.entry(replica.tunnel).or_insert_with(ready),
        })
    }
}

/// The containers that a replica sends requests for a hostname and a path to.
fn reached_by(
    world: &Blueprint,
    id: ReplicaId,
    hostname: &str,
    path: &str,
    rules: &mut ReadyRules,
) -> Vec<ContainerId> {
    let replica = &world.replicas[id];
    let Some((_, rule)) = rules
        .of(world, id)
        .and_then(|rules| rules.first_match(hostname, path))
    else {
        return Vec::new();
    };
    match &rule.service {
        Service::Origin { host, port, .. } => match resolve(world, replica, host, *port) {
            Meaning::Containers(containers) => containers,
            Meaning::At(container, _) => vec![container],
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_counts_the_hours_before_the_horizon_and_no_others() {
        let mut profile = [0.0; 24];
        (profile[0], profile[23]) = (4_000.0, 1.0);
        let sessions = |secs| sessions_of_profile(&profile, Span::from_secs(secs));
        assert_eq!(sessions(60), 240_000.0);
        assert_eq!(sessions(7_200), 14_400_000.0);
        assert_eq!(sessions(86_400), 14_403_600.0);
        assert_eq!(sessions(86_460), 14_403_600.0 + 240_000.0);
    }

    #[test]
    fn the_busiest_hour_is_one_that_the_run_reaches() {
        let hourly = Arrivals::Hourly {
            per_second: (0..24).map(f64::from).collect(),
        };
        assert_eq!(peak_rate(&hourly, Span::from_secs(60)), 0.0);
        assert_eq!(peak_rate(&hourly, Span::from_secs(3_601)), 1.0);
        assert_eq!(peak_rate(&hourly, Span::from_secs(86_400 * 30)), 23.0);
    }

    #[test]
    fn a_world_without_clients_asks_for_nothing_and_not_for_less() {
        assert!(expected_requests(&Blueprint::default()).is_sign_positive());
    }
}
