//! The replicas of a tunnel.

use super::{Builder, names_of_copies};
use crate::fault::EdgeCode;
use crate::notation::{Decode, Key, Node, Position, Problem, Spanned, Value};
use crate::scenario::file::{Managed, ReplicaFile, ReplicasFile, ScenarioFile, TunnelFile};
use crate::scenario::limits::{REPLICAS_DOCUMENTED, REPLICAS_MAX, RULES_MAX};
use crate::world::blueprint::{PinnedEdge, Replica, RuleSet};
use crate::world::cloudflared_config::Ingress;
use crate::world::ids::*;

/// One entry of `replicas:`, with the names of its copies.
struct Written {
    names: Vec<String>,
    replica: ReplicaFile,
    position: Position,
}

impl Builder<'_> {
    /// Adds the replicas of a tunnel; `rules` are those of its own file if it is locally managed.
    pub(super) fn replicas(
        &mut self,
        file: &ScenarioFile,
        tunnel: TunnelId,
        written: &TunnelFile,
        rules: Option<&RuleSet>,
        position: Position,
    ) {
        for Written {
            names,
            replica,
            position,
        } in self.written_replicas(written)
        {
            // One more than allowed is enough to be refused.
            if self.blueprint.tunnels[tunnel].replicas.len() > REPLICAS_MAX {
                break;
            }
            let Some(host) = self.names().host(&replica.host) else {
                self.unreadable.extend(names);
                continue;
            };
            self.check_edges(&replica);
            let networks = self.networks_of_replica(file, host, &replica);
            let local_rules = self.local_rules(written, &replica, rules);
            let n_rules = match &local_rules {
                Some(rules) => rules.len(),
                None => self.blueprint.tunnels[tunnel]
                    .remote_rules
                    .as_ref()
                    .map_or(0, Vec::len),
            };
            for name in names {
                self.rules += n_rules;
                if !self.limit(self.rules, RULES_MAX, "ingress rules", position) {
                    return;
                }
                self.refuse_taken_replica(tunnel, &name, position);
                let built = built(
                    name,
                    (tunnel, host),
                    &replica,
                    networks.clone(),
                    local_rules.clone(),
                );
                let id = self.blueprint.replicas.push(built);
                self.blueprint.tunnels[tunnel].replicas.push(id);
            }
        }
        self.check_count(
            self.blueprint.tunnels[tunnel].replicas.len(),
            written,
            position,
        );
    }

    fn refuse_taken_replica(&mut self, tunnel: TunnelId, name: &str, position: Position) {
        let siblings = &self.blueprint.tunnels[tunnel].replicas;
        if siblings
            .iter()
            .any(|id| self.blueprint.replicas[*id].name == name)
        {
            self.error(
                position,
                format!("two replicas of this tunnel are called `{name}`"),
            );
        }
    }

    /// The replicas as if all had been written by name.
    fn written_replicas(&mut self, tunnel: &TunnelFile) -> Vec<Written> {
        match &tunnel.replicas.value {
            ReplicasFile::Named(entries) => {
                self.note_unreadable(entries);
                let written = entries.iter().map(|(name, replica)| {
                    let copies = replica.copies.as_ref().map(|copies| copies.get());
                    // One more than allowed is enough to be refused.
                    let names = names_of_copies(name, copies)
                        .into_iter()
                        .take(REPLICAS_MAX + 1);
                    Written {
                        names: names.collect(),
                        replica: replica.clone(),
                        position: name.position,
                    }
                });
                written.collect()
            }
            ReplicasFile::Hosts(hosts) => {
                let ids = self.names().hosts(hosts);
                let position = tunnel.replicas.position;
                let written = ids.into_iter().filter_map(|id| {
                    let name = self.blueprint.hosts[id].name.clone();
                    let replica = self.replica_on(&name, position)?;
                    Some(Written {
                        names: vec![name],
                        replica,
                        position,
                    })
                });
                written.collect()
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

fn built(
    name: String,
    (tunnel, host): (TunnelId, HostId),
    file: &ReplicaFile,
    networks: Vec<NetworkId>,
    local_rules: Option<RuleSet>,
) -> Replica {
    let pinned = |edge: &Spanned<EdgeCode>| PinnedEdge {
        metro: edge.metro,
        number: edge.number,
    };
    Replica {
        name,
        tunnel,
        host,
        starts_at: file.starts.span(),
        connections: file.connections.get() as u8,
        protocol: *file.protocol,
        edges: file
            .edges
            .iter()
            .flat_map(|edges| edges.iter())
            .map(pinned)
            .collect(),
        networks,
        local_rules,
        grace_period: file.grace_period.span(),
        stop_grace: file.stop_grace.span(),
        restart: file.restart.0,
    }
}
