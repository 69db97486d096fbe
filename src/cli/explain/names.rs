//! What the things in a story are called.

use super::super::words;
use super::Arguments;
use crate::kernel::time::Span;
use crate::measure::scope::Scope;
use crate::report::wording;
use crate::scenario::Scenario;
use crate::world::blueprint::{Blueprint, HostPattern, IngressRule, Service};
use crate::world::geography::{Atlas, MetroId};
use crate::world::ids::{ContainerId, Position, ReplicaId, TunnelId};
use crate::world::naming::{Meaning, resolve};

/// Names and relations of everything in a scenario.
pub struct Names<'a> {
    /// The names.
    pub scope: Scope,
    /// The world as described.
    pub world: &'a Blueprint,
}

impl<'a> Names<'a> {
    /// The names of a scenario.
    pub fn new(scenario: &'a Scenario) -> Names<'a> {
        Names {
            scope: Scope::new(&scenario.blueprint, &scenario.faults),
            world: &scenario.blueprint,
        }
    }

    /// What was run.
    pub fn title(&self, scenario: &Scenario, arguments: &Arguments) -> String {
        let variant = arguments
            .variant
            .as_ref()
            .map_or_else(String::new, |name| format!(", variant {name}"));
        format!(
            "{}{variant}, seed {}, run {}",
            scenario.title, scenario.seed, arguments.replication
        )
    }

    /// A metro with its city: `MAD (Madrid)`.
    pub fn metro(&self, id: MetroId) -> String {
        let metro = &Atlas::shipped()[id];
        format!("{} ({})", metro.code, metro.city)
    }

    /// A container's name: `vps1/express`.
    pub fn container(&self, id: ContainerId) -> &str {
        &self.scope.containers[id.index()].name
    }

    /// The store a container keeps state in.
    pub fn store_of(&self, id: ContainerId) -> Option<&str> {
        self.world.containers[id]
            .store
            .map(|store| self.scope.stores[store.index()].name.as_str())
    }

    /// The routing belief of a tunnel.
    pub fn belief(&self, tunnel: TunnelId) -> &str {
        &self.world.tunnels[tunnel].routing
    }

    /// What a belief counts against a connection, in its own unit.
    pub fn preference(&self, tunnel: TunnelId, preference: u64) -> String {
        match self.belief(tunnel) {
            "closest" => format!("{} km", wording::count(preference / 1_000)),
            "fastest" => wording::span(Span::from_micros(preference).as_nanos()),
            "any" => String::new(),
            _ => format!("rank {preference}"),
        }
    }

    /// The rule of a replica with this position, as the scenario starts.
    fn rule(&self, replica: ReplicaId, index: usize) -> Option<&IngressRule> {
        let plan = &self.world.replicas[replica];
        let rules = plan
            .local_rules
            .as_ref()
            .or(self.world.tunnels[plan.tunnel].remote_rules.as_ref());
        rules.and_then(|rules| rules.get(index))
    }

    /// A rule in words: what it matches, and where it leads.
    pub fn rule_in_words(&self, replica: ReplicaId, index: usize) -> String {
        let Some(rule) = self.rule(replica, index) else {
            return format!("rule {}", index + 1);
        };
        let hostname = match &rule.hostname {
            Some(HostPattern::Exact(name)) => name.clone(),
            Some(HostPattern::Suffix(suffix)) => format!("*{suffix}"),
            None => "every hostname".to_owned(),
        };
        let path = rule
            .path
            .as_ref()
            .map_or_else(String::new, |path| format!(" with path {path}"));
        let service = match &rule.service {
            Service::Origin { host, port, .. } => format!("{host}:{port}"),
            Service::Status(status) => format!("the fixed status {status}"),
            Service::HelloWorld => "the built-in test page".to_owned(),
        };
        format!("rule {} ({hostname}{path}) leads to {service}", index + 1)
    }

    /// What the name in a rule means where the replica runs.
    pub fn meaning_in_words(&self, replica: ReplicaId, index: usize) -> Option<String> {
        let rule = self.rule(replica, index)?;
        let Service::Origin { host, port, .. } = &rule.service else {
            return None;
        };
        let plan = &self.world.replicas[replica];
        let there = &self.scope.hosts[plan.host.index()].name;
        Some(match resolve(self.world, plan, host, *port) {
            Meaning::Containers(containers) => {
                let names: Vec<&str> = containers.iter().map(|id| self.container(*id)).collect();
                format!("on {there} the name {host} leads to {}", names.join(" or "))
            }
            Meaning::Unknown => format!("on {there} nothing answers to the name {host}"),
            Meaning::Silent => {
                format!("nobody has the address {host} where cloudflared runs on {there}")
            }
            Meaning::Refused => format!("at {host}:{port}, seen from {there}, nobody listens"),
        })
    }

    /// A connection's name: `prod/a/0`.
    pub fn connection(&self, id: crate::world::ids::ConnectionRef) -> String {
        words::connection(id, &self.scope)
    }
}
