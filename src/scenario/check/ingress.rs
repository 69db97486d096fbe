//! Misconceptions that ingress rules show before anything runs.

use super::load::rules_of;
use crate::notation::{Context, Position, Problem};
use crate::scenario::build::Built;
use crate::scenario::file::{ReplicasFile, ScenarioFile};
use crate::world::blueprint::{Blueprint, HostPattern, IngressRule, RuleSet, Service};
use crate::world::cloudflared_config::Ingress;
use crate::world::ids::{ReplicaId, TunnelId};
use crate::world::naming::{Meaning, resolve};

/// Warns of rules that are never used, and of replicas that cannot serve what their rules promise.
pub fn check(file: &ScenarioFile, built: &Built, context: &mut Context) {
    for (name, tunnel) in file.tunnels.iter().flat_map(|tunnels| tunnels.iter()) {
        let found = built
            .blueprint
            .tunnels
            .iter()
            .find(|(_, built)| built.name == ***name);
        let Some((id, _)) = found else {
            continue;
        };
        if let Some(ingress) = &tunnel.ingress {
            shadowed(ingress, context);
            unserved(&built.blueprint, id, ingress, context);
        }
        if let ReplicasFile::Named(replicas) = &tunnel.replicas.value {
            replicas
                .iter()
                .filter_map(|(_, replica)| replica.ingress.as_ref())
                .for_each(|own| shadowed(own, context));
        }
        without_rules(&built.blueprint, id, name.position, context);
    }
}

/// Rules after one that matches everything they match.
fn shadowed(ingress: &Ingress, context: &mut Context) {
    let rules = ingress.rules();
    for (later, rule) in rules.iter().enumerate() {
        let Some(earlier) = rules[..later]
            .iter()
            .position(|earlier| covers(earlier, rule))
        else {
            continue;
        };
        let problem = Problem::warning(ingress.position(later), "this rule is never used: the first match wins")
            .label(format!("rule #{} already takes these requests to {}", earlier + 1, rules[earlier].service.describe()))
            .help("cloudflared does not go on to the next rule when a service fails; run a replica on each server instead");
        context.report(problem);
    }
}

/// Whether a rule matches everything that another one matches.
fn covers(rule: &IngressRule, other: &IngressRule) -> bool {
    let path_covers = rule.path.is_none() || rule.path == other.path;
    let host_covers = match (&rule.hostname, &other.hostname) {
        (None, _) => true,
        (
            Some(HostPattern::Suffix(suffix)),
            Some(HostPattern::Exact(name) | HostPattern::Suffix(name)),
        ) => name.ends_with(suffix.as_str()),
        (one, other) => one == other,
    };
    path_covers && host_covers
}

/// Rules that some replicas can serve and others cannot.
fn unserved(world: &Blueprint, tunnel: TunnelId, ingress: &Ingress, context: &mut Context) {
    let replicas = &world.tunnels[tunnel].replicas;
    for (index, rule) in ingress.rules().iter().enumerate() {
        let Service::Origin { host, port, .. } = &rule.service else {
            continue;
        };
        let has_rule = |id: &&ReplicaId| {
            rules_of(world, **id).is_some_and(|rules: &RuleSet| has_service(rules, rule))
        };
        let asked: Vec<&ReplicaId> = replicas.iter().filter(has_rule).collect();
        let lacking: Vec<String> = asked
            .iter()
            .filter(|id| {
                !matches!(
                    resolve(world, &world.replicas[***id], host, *port),
                    Meaning::Containers(_)
                )
            })
            .map(|id| format!("`{}`", world.replicas[**id].name))
            .collect();
        if !lacking.is_empty() {
            let message = if lacking.len() == asked.len() {
                format!("no replica can reach `{host}`")
            } else {
                "not every replica can serve this rule".to_owned()
            };
            let problem = Problem::warning(ingress.position(index), message)
                .label(format!("`{host}` does not exist for {}: requests sent there get a 502", lacking.join(", ")))
                .help("every replica of a tunnel must be able to serve every rule; give different services a tunnel each");
            context.report(problem);
        }
    }
}

fn has_service(rules: &RuleSet, rule: &IngressRule) -> bool {
    let same = |own: &IngressRule| own.hostname == rule.hostname && own.path == rule.path;
    rules.iter().any(same)
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
