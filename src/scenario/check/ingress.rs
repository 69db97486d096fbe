//! Misconceptions that ingress rules show before anything runs.

use std::collections::BTreeMap;
use std::mem::discriminant;

use super::load::rules_of;
use crate::notation::{Context, Position, Problem, nearest};
use crate::scenario::build::Built;
use crate::scenario::file::{ReplicasFile, ScenarioFile, TunnelFile};
use crate::world::blueprint::{Blueprint, HostPattern, IngressRule, Service};
use crate::world::cloudflared_config::Ingress;
use crate::world::ids::{ReplicaId, TunnelId};
use crate::world::naming::{Meaning, resolve};

/// Warns of rules that are never used, and of replicas that cannot serve what their rules promise.
pub fn check(file: &ScenarioFile, built: &Built, context: &mut Context) {
    let world = &built.blueprint;
    for (name, tunnel) in file.tunnels.iter().flat_map(|tunnels| tunnels.iter()) {
        let mut tunnels = world.tunnels.iter();
        let Some((id, _)) = tunnels.find(|(_, built)| built.name == ***name) else {
            continue;
        };
        for (ingress, readers) in written_rules(world, id, tunnel) {
            shadowed(ingress, context);
            unserved(world, id, &readers, ingress, context);
        }
        without_rules(world, id, name.position, context);
    }
}

/// Each set of rules as written, with the replicas that go by it.
fn written_rules<'a>(
    world: &Blueprint,
    tunnel: TunnelId,
    written: &'a TunnelFile,
) -> Vec<(&'a Ingress, Vec<ReplicaId>)> {
    let mut sets: Vec<(&Ingress, Vec<ReplicaId>)> = Vec::new();
    let mut sharing = Vec::new();
    // Replicas were built in the order of the file, the copies of one entry side by side.
    let mut ids = world.tunnels[tunnel].replicas.iter().copied();
    if let ReplicasFile::Named(entries) = &written.replicas.value {
        for (_, replica) in entries.iter() {
            let copies = replica.copies.as_ref().map_or(1, |copies| copies.get());
            let readers = ids.by_ref().take(copies as usize);
            match &replica.ingress {
                Some(own) => sets.push((&own.value, readers.collect())),
                None => sharing.extend(readers),
            }
        }
    }
    sharing.extend(ids);
    if let Some(ingress) = &written.ingress {
        sets.insert(0, (&ingress.value, sharing));
    }
    sets
}

/// What a rule matches: its hostname as it is written, and its path.
type Matched<'a> = (Option<String>, Option<&'a str>);

fn matched(rule: &IngressRule) -> Matched<'_> {
    (rule.hostname.as_ref().map(written), rule.path.as_deref())
}

/// A host pattern as it is written.
fn written(pattern: &HostPattern) -> String {
    match pattern {
        HostPattern::Exact(name) => name.clone(),
        HostPattern::Suffix(suffix) => format!("*{suffix}"),
    }
}

/// Rules after one that matches everything they match.
fn shadowed(ingress: &Ingress, context: &mut Context) {
    let rules = ingress.rules();
    let mut first: BTreeMap<Matched<'_>, usize> = BTreeMap::new();
    for (later, rule) in rules.iter().enumerate() {
        let covering = covering(rule)
            .iter()
            .filter_map(|it| first.get(it).copied())
            .min();
        first.entry(matched(rule)).or_insert(later);
        let Some(earlier) = covering else {
            continue;
        };
        let problem = Problem::warning(ingress.position(later), "this rule is never used: the first match wins")
            .label(format!("rule #{} already takes these requests to {}", earlier + 1, rules[earlier].service.describe()))
            .help("cloudflared does not go on to the next rule when a service fails; run a replica on each server instead");
        context.report(problem);
    }
}

/// What rules match that match everything this one matches.
fn covering(rule: &IngressRule) -> Vec<Matched<'_>> {
    let mut hostnames = vec![None];
    if let Some(pattern) = &rule.hostname {
        let (HostPattern::Exact(name) | HostPattern::Suffix(name)) = pattern;
        hostnames.push(Some(written(pattern)));
        let dots = name.match_indices('.');
        hostnames.extend(dots.map(|(dot, _)| Some(format!("*{}", &name[dot..]))));
    }
    let own_path = rule.path.as_deref();
    let paths = [None].into_iter().chain(own_path.map(Some));
    paths
        .flat_map(|path| {
            hostnames
                .iter()
                .map(move |hostname| (hostname.clone(), path))
        })
        .collect()
}

/// Rules that some of the replicas that go by them cannot serve.
fn unserved(
    world: &Blueprint,
    tunnel: TunnelId,
    readers: &[ReplicaId],
    ingress: &Ingress,
    context: &mut Context,
) {
    for (index, rule) in ingress.rules().iter().enumerate() {
        let Service::Origin { host, port, .. } = &rule.service else {
            continue;
        };
        // Replicas that lack a service in the same way share a warning.
        let mut lacking: Vec<(Meaning, Vec<ReplicaId>)> = Vec::new();
        for &id in readers {
            let found = resolve(world, &world.replicas[id], host, *port);
            if matches!(found, Meaning::Containers(_) | Meaning::At(..)) {
                continue;
            }
            let kind = discriminant(&found);
            match lacking
                .iter_mut()
                .find(|(known, _)| discriminant(known) == kind)
            {
                Some((_, ids)) => ids.push(id),
                None => lacking.push((found, vec![id])),
            }
        }
        let count: usize = lacking.iter().map(|(_, ids)| ids.len()).sum();
        let message = match count == world.tunnels[tunnel].replicas.len() {
            true => "no replica can serve this rule",
            false => "not every replica can serve this rule",
        };
        for (meaning, ids) in lacking {
            let lack = Lack {
                world,
                rule,
                host,
                port: *port,
                ids: &ids,
            };
            context.problems.report_warning(|| {
                let problem = Problem::warning(ingress.position(index), message);
                lack.explain(problem, &meaning)
            });
        }
    }
}

/// A service that some replicas cannot reach, all in the same way.
struct Lack<'a> {
    world: &'a Blueprint,
    rule: &'a IngressRule,
    host: &'a str,
    port: u16,
    ids: &'a [ReplicaId],
}

impl Lack<'_> {
    /// Says what requests meet, and what to do.
    fn explain(&self, problem: Problem, meaning: &Meaning) -> Problem {
        let (host, port) = (self.host, self.port);
        let names: Vec<String> = self
            .ids
            .iter()
            .map(|id| format!("`{}`", self.world.replicas[*id].name))
            .collect();
        let whom = names.join(", ");
        match meaning {
            Meaning::Containers(_) | Meaning::At(..) => problem,
            Meaning::OtherPort(containers) => {
                let container = &self.world.containers[containers[0]];
                problem
                    .label(format!(
                        "`{host}` listens on port {} and not on {port} for {whom}: requests sent there are refused, a 502",
                        container.port
                    ))
                    .help(format!(
                        "write `{host}:{}` here, or `port: {port}` at the container",
                        container.port
                    ))
            }
            Meaning::Unknown => problem
                .label(format!(
                    "`{host}` does not exist for {whom}: requests sent there get a 502"
                ))
                .help(self.help_for_a_name()),
            Meaning::Silent => problem
                .label(format!(
                    "nobody has the address {host} for {whom}: requests sent there wait {} and get a 502",
                    self.rule.connect_timeout
                ))
                .help("an address belongs to one network of one server; write the container's name"),
            Meaning::Refused => problem
                .label(format!(
                    "nothing is published on port {port} of `{host}` for {whom}: requests sent there are refused, a 502"
                ))
                .help(
                    "in a container `localhost` is that container: write the other container's name, or run \
                     cloudflared outside Docker (`networks: []`) and publish the port",
                ),
        }
    }

    fn help_for_a_name(&self) -> String {
        let containers = || self.world.containers.values().iter();
        let on_its_host = |id: &ReplicaId| {
            let host = self.world.replicas[*id].host;
            containers().any(|it| it.host == host && it.name.eq_ignore_ascii_case(self.host))
        };
        if self.ids.iter().any(on_its_host) {
            return "the container is there, but a name is known only on a user-defined network that cloudflared shares \
                    with it"
                .to_owned();
        }
        let is_anywhere = containers().any(|it| it.name.eq_ignore_ascii_case(self.host));
        match nearest(self.host, containers().map(|it| it.name.as_str())) {
            Some(near) if !is_anywhere => format!("did you mean the container `{near}`?"),
            _ => "every replica of a tunnel must be able to serve every rule; give different services a tunnel each"
                .to_owned(),
        }
    }
}

/// Tunnels whose connectors answer 503 to everything.
fn without_rules(world: &Blueprint, tunnel: TunnelId, position: Position, context: &mut Context) {
    let replicas = &world.tunnels[tunnel].replicas;
    if replicas
        .iter()
        .any(|id| rules_of(world, *id).is_none_or(|rules| rules.is_empty()))
    {
        let problem = Problem::warning(position, "this tunnel has replicas without ingress rules")
            .label("cloudflared answers 503 to every request there");
        context.report(problem);
    }
}
