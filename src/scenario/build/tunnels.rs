//! `tunnels:`, with their replicas and rules.

use super::{Builder, names_of_copies};
use crate::notation::{Decode, Key, Node, Position, Problem, Spanned, Value};
use crate::scenario::file::{Managed, ReplicaFile, ReplicasFile, ScenarioFile, TunnelFile};
use crate::scenario::limits::{REPLICAS_DOCUMENTED, REPLICAS_MAX, TUNNELS_MAX};
use crate::world::blueprint::{PinnedEdge, Replica, RuleSet, Tunnel};
use crate::world::cloudflared_config::Ingress;
use crate::world::ids::*;

impl Builder<'_> {
    pub(super) fn tunnels(&mut self, file: &ScenarioFile) {
        let Some(tunnels) = &file.tunnels else {
            return;
        };
        self.note_unreadable(tunnels);
        self.limit(tunnels.len(), TUNNELS_MAX, "tunnels", tunnels.position);
        for (name, tunnel) in tunnels.iter() {
            let remote = *tunnel.config == Managed::Remotely;
            let rules = tunnel
                .ingress
                .as_ref()
                .map(|ingress| ingress.rules_for(&self.blueprint));
            let id = self.blueprint.tunnels.push(Tunnel {
                name: name.to_string(),
                replicas: Vec::new(),
                routing: tunnel.routing.0.to_owned(),
                remote_rules: remote.then(|| rules.clone().unwrap_or_default()),
                rollout: tunnel.rollout.0.clone(),
                retry_others: tunnel.retry.others.get() as u32,
                retry_skips_connector: *tunnel.retry.skip_same_connector,
                retry_writes: *tunnel.retry.writes,
                idle_timeout: tunnel.idle_timeout.span(),
                ping: tunnel.ping.span(),
                http2_silence: tunnel.http2_silence.span(),
            });
            self.replicas(file, id, tunnel, rules, name.position);
        }
    }

    fn replicas(
        &mut self,
        file: &ScenarioFile,
        tunnel: TunnelId,
        written: &TunnelFile,
        rules: Option<RuleSet>,
        position: Position,
    ) {
        for (name, replica, at) in self.written_replicas(written) {
            let Some(host) = self.names().host(&replica.host) else {
                self.unreadable.insert(name);
                continue;
            };
            self.check_edges(&replica);
            let built = Replica {
                name: name.clone(),
                tunnel,
                host,
                starts_at: replica.starts.span(),
                connections: replica.connections.get() as u8,
                protocol: *replica.protocol,
                edges: replica
                    .edges
                    .iter()
                    .flat_map(|edges| edges.iter())
                    .map(pinned)
                    .collect(),
                networks: self.networks_of_replica(file, host, &replica),
                local_rules: self.local_rules(written, &replica, rules.as_ref()),
                grace_period: replica.grace_period.span(),
                stop_grace: replica.stop_grace.span(),
                restart: replica.restart.0,
            };
            let siblings = &self.blueprint.tunnels[tunnel].replicas;
            if siblings
                .iter()
                .any(|id| self.blueprint.replicas[*id].name == name)
            {
                self.error(
                    at,
                    format!("two replicas of this tunnel are called `{name}`"),
                );
            }
            let id = self.blueprint.replicas.push(built);
            self.blueprint.tunnels[tunnel].replicas.push(id);
        }
        self.check_count(
            self.blueprint.tunnels[tunnel].replicas.len(),
            written,
            position,
        );
    }

    /// The replicas as if all had been written by name.
    fn written_replicas(&mut self, tunnel: &TunnelFile) -> Vec<(String, ReplicaFile, Position)> {
        match &tunnel.replicas.value {
            ReplicasFile::Named(entries) => {
                self.note_unreadable(entries);
                let mut replicas = Vec::new();
                for (name, replica) in entries.iter() {
                    let copies = replica.copies.as_ref().map(|copies| copies.get());
                    let names = names_of_copies(name, copies).into_iter();
                    // One more than allowed is enough to be refused.
                    let names = names.take(REPLICAS_MAX + 1);
                    replicas.extend(names.map(|copy| (copy, replica.clone(), name.position)));
                }
                replicas
            }
            ReplicasFile::Hosts(hosts) => {
                let ids = self.names().hosts(hosts);
                let position = tunnel.replicas.position;
                let replicas = ids.into_iter().filter_map(|id| {
                    let name = self.blueprint.hosts[id].name.clone();
                    let replica = self.replica_on(&name, position)?;
                    Some((name, replica, position))
                });
                replicas.collect()
            }
        }
    }

    /// A replica of which only the host is written.
    fn replica_on(&mut self, host: &str, position: Position) -> Option<ReplicaFile> {
        let key = Key {
            text: "host".to_owned(),
            position,
        };
        let node = Node {
            position,
            value: Value::Map(vec![(key, Node::text(host, position))]),
        };
        ReplicaFile::decode(&node, self.context)
    }

    fn check_count(&mut self, count: usize, tunnel: &TunnelFile, position: Position) {
        let is_written = match &tunnel.replicas.value {
            ReplicasFile::Named(entries) => {
                entries.unreadable().next().is_none() && entries.is_empty()
            }
            ReplicasFile::Hosts(hosts) => hosts.0.is_empty(),
        };
        if count == 0 && is_written {
            let problem = Problem::error(position, "a tunnel needs a replica")
                .label("nothing connects it to the edge")
                .help("write `replicas: [HOST]`");
            self.context.report(problem);
        } else if count > REPLICAS_MAX {
            let problem = Problem::error(
                position,
                format!("a tunnel may have {REPLICAS_MAX} replicas in a file"),
            )
            .label("this one has more");
            self.context.report(problem);
        } else if count > REPLICAS_DOCUMENTED {
            let message = format!("a tunnel accepts {REPLICAS_DOCUMENTED} replicas");
            let problem = Problem::warning(position, message).label(format!(
                "this one has {count}: the edge will refuse the others"
            ));
            self.context.report(problem);
        }
    }

    fn check_edges(&mut self, replica: &ReplicaFile) {
        let Some(edges) = &replica.edges else {
            return;
        };
        let connections = replica.connections.as_usize();
        if edges.len() != 2 && edges.len() != connections {
            let problem = Problem::error(
                edges.position,
                "expected one edge for each address group or each connection",
            )
            .label(format!(
                "2 or {connections} edges, this has {}",
                edges.len()
            ));
            self.context.report(problem);
            return;
        }
        for (index, edge) in edges.iter().enumerate() {
            let is_first_group = index % 2 == 0;
            if edge
                .number
                .is_some_and(|number| (number % 2 == 1) != is_first_group)
            {
                let (group, parity) = if is_first_group {
                    (1, "odd")
                } else {
                    (2, "even")
                };
                let message =
                    format!("address group {group} uses data centres with {parity} numbers");
                let problem = Problem::error(edge.position, message).label(format!(
                    "connection {index} belongs to address group {group}"
                ));
                self.context.report(problem);
            }
        }
    }

    fn networks_of_replica(
        &mut self,
        file: &ScenarioFile,
        host: HostId,
        replica: &ReplicaFile,
    ) -> Vec<NetworkId> {
        let Some(networks) = &replica.networks else {
            return self.networks_of_host(host);
        };
        let named = networks
            .iter()
            .filter_map(|name| self.network(file, host, name, name.position));
        named.collect()
    }

    fn local_rules(
        &mut self,
        tunnel: &TunnelFile,
        replica: &ReplicaFile,
        shared: Option<&RuleSet>,
    ) -> Option<RuleSet> {
        match (*tunnel.config, &replica.ingress) {
            (Managed::Locally, Some(own)) => Some(own.rules_for(&self.blueprint)),
            (Managed::Locally, None) => Some(shared.cloned().unwrap_or_default()),
            (Managed::Remotely, None) => None,
            (Managed::Remotely, Some(own)) => {
                self.refuse_own_rules(own);
                None
            }
        }
    }

    fn refuse_own_rules(&mut self, own: &Spanned<Ingress>) {
        let problem = Problem::error(
            own.position,
            "a remotely managed tunnel overrides the rules of its replicas",
        )
        .label("these rules would not be used")
        .help("set `config: local` on the tunnel, or write the rules there");
        self.context.report(problem);
    }
}

fn pinned(edge: &Spanned<crate::fault::EdgeCode>) -> PinnedEdge {
    PinnedEdge {
        metro: edge.metro,
        number: edge.number,
    }
}
