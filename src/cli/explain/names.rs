//! What the things in a story are called.

use super::super::variant::Form;
use super::witness::Heard;
use crate::kernel::time::{Span, Time};
use crate::measure::scope::Scope;
use crate::report::{wording, words};
use crate::scenario::Scenario;
use crate::world::blueprint::{Blueprint, HostPattern, IngressRule, Service};
use crate::world::geography::{Atlas, MetroId};
use crate::world::ids::{ContainerId, Position, ReplicaId, TunnelId};
use crate::world::naming::Meaning;

/// Names and relations of everything in a scenario.
pub struct Names<'a> {
    /// The names.
    pub scope: Scope,
    /// The world as described.
    pub world: &'a Blueprint,
}

/// A look-up for a rule's service.
pub struct LookUp<'a> {
    /// Who looked.
    pub replica: ReplicaId,
    /// For which rule.
    pub rule: &'a IngressRule,
    /// When.
    pub at: Time,
    /// What the name or address means there.
    pub meaning: &'a Meaning,
    /// The running container that was found.
    pub found: Option<ContainerId>,
    /// What happened in the run.
    pub heard: &'a Heard,
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
    pub fn title(&self, form: &Form, replication: u64) -> String {
        let variant = form
            .variant
            .as_ref()
            .map_or_else(String::new, |name| format!(", variant {name}"));
        let scenario = &form.scenario;
        format!(
            "{}{variant}, seed {}, run {replication}",
            scenario.title, scenario.seed
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

    /// A rule in words: what it matches, and where it leads.
    pub fn rule_in_words(&self, index: usize, rule: &IngressRule) -> String {
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

    /// What cloudflared found when it looked for the service of a rule, at that moment.
    pub fn look_up_in_words(&self, look_up: &LookUp<'_>) -> Option<String> {
        let Service::Origin { host, port, .. } = &look_up.rule.service else {
            return None;
        };
        let there = &self.scope.hosts[self.world.replicas[look_up.replica].host.index()].name;
        Some(match (look_up.meaning, look_up.found) {
            (_, Some(found)) => {
                format!(
                    "on {there} the name {host} leads to {}",
                    self.container(found)
                )
            }
            (Meaning::At(container, _), None) => {
                let down = self.down_in_words(look_up, *container);
                format!("on {there} {host}:{port} leads to {down}: nobody answers there")
            }
            (Meaning::Containers(containers), None) => {
                let down = |id: &ContainerId| self.down_in_words(look_up, *id);
                let down: Vec<String> = containers.iter().map(down).collect();
                let down = down.join(" and ");
                format!("on {there} the name {host} belongs to {down}: it does not resolve")
            }
            (Meaning::OtherPort(containers), _) => {
                let names: Vec<&str> = containers.iter().map(|id| self.container(*id)).collect();
                format!(
                    "on {there} the name {host} leads to {}, which does not listen on port {port}",
                    names.join(" or ")
                )
            }
            (Meaning::Unknown, _) => format!("on {there} nothing answers to the name {host}"),
            (Meaning::Silent, _) => {
                format!("nobody has the address {host} where cloudflared runs on {there}")
            }
            (Meaning::Refused, _) => {
                format!("at {host}:{port}, seen from {there}, nobody listens")
            }
        })
    }

    fn down_in_words(&self, look_up: &LookUp<'_>, container: ContainerId) -> String {
        let name = self.container(container);
        match look_up.heard.down_since(container, look_up.at) {
            Some(since) => format!("{name}, down since {since}"),
            None => format!("{name}, whose host is down"),
        }
    }

    /// A connection's name: `prod/a/0`.
    pub fn connection(&self, id: crate::world::ids::ConnectionRef) -> String {
        words::connection(id, &self.scope)
    }
}
