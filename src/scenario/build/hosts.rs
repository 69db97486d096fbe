//! `hosts:` and `networks:`.

use super::{Builder, names_of_copies};
use crate::kernel::time::Span;
use crate::kernel::variate::Distribution;
use crate::notation::{Id, Position, Spanned, unresolved};
use crate::scenario::file::{
    ContainerFile, HealthCheckFile, HostFile, NetworksOfContainer, ScenarioFile, WrittenPlace,
};
use crate::scenario::limits::{CONTAINERS_MAX, HOSTS_MAX, NETWORKS_MAX};
use crate::world::blueprint::{Attachment, Container, HealthCheck, Host, Network, Reach, Site};
use crate::world::geography::Access;
use crate::world::ids::*;

/// The network of a host that nobody has to declare.
const DEFAULT_NETWORK: &str = "default";

impl Builder<'_> {
    pub(super) fn hosts(&mut self, file: &ScenarioFile) {
        self.note_unreadable(&file.hosts);
        for (name, host) in file.hosts.iter() {
            self.note_unreadable_containers(host);
            let copies = names_of_copies(name, host.copies.as_ref().map(|copies| copies.get()));
            let place = WrittenPlace {
                city: &host.city,
                latitude: &host.latitude,
                longitude: &host.longitude,
            };
            let Some(site) = place.site(name.position, self.context) else {
                self.unreadable.extend(copies);
                self.unreadable.insert(name.to_string());
                continue;
            };
            for copy in copies {
                if !self.limit(
                    self.blueprint.hosts.len() + 1,
                    HOSTS_MAX,
                    "hosts",
                    name.position,
                ) {
                    return;
                }
                self.host(copy, host, site, name.position);
            }
        }
    }

    fn host(&mut self, name: String, host: &HostFile, site: Site, position: Position) {
        // Copies may be given a name that another host has.
        if self
            .blueprint
            .hosts
            .values()
            .iter()
            .any(|known| known.name == name)
        {
            self.error(position, format!("two hosts are called `{name}`"));
            return;
        }
        let boot = host.boot.as_ref().map(|boot| boot.0.clone());
        self.blueprint.hosts.push(Host {
            name,
            site,
            access: *host.access,
            boot: boot.unwrap_or_else(|| default_boot(*host.access)),
            stop_grace: host.stop_grace.span(),
            stop_order: *host.stop_order,
        });
    }

    fn note_unreadable_containers(&mut self, host: &HostFile) {
        if let Some(containers) = &host.containers {
            self.note_unreadable(containers);
        }
    }

    pub(super) fn containers(&mut self, file: &ScenarioFile) {
        for (name, host) in file.hosts.iter() {
            for copy in names_of_copies(name, host.copies.as_ref().map(|copies| copies.get())) {
                let id = self
                    .blueprint
                    .hosts
                    .iter()
                    .find(|(_, host)| host.name == copy)
                    .map(|(id, _)| id);
                if let Some(id) = id {
                    self.containers_of(file, id, host, name.position);
                }
            }
        }
    }

    fn containers_of(
        &mut self,
        file: &ScenarioFile,
        host: HostId,
        written: &HostFile,
        position: Position,
    ) {
        for (name, container) in written
            .containers
            .iter()
            .flat_map(|containers| containers.iter())
        {
            if !self.limit(
                self.blueprint.containers.len() + 1,
                CONTAINERS_MAX,
                "containers",
                position,
            ) {
                return;
            }
            let attachments = self.attachments(file, host, container);
            let id = self
                .blueprint
                .containers
                .push(built(name, host, container, attachments));
            self.refuse_clashes(id, name.position);
            self.own_store(file, id, container);
        }
    }

    fn attachments(
        &mut self,
        file: &ScenarioFile,
        host: HostId,
        container: &ContainerFile,
    ) -> Vec<Attachment> {
        let written = container.networks.as_ref().map(|networks| &networks.value);
        let named: Vec<(String, Position, Option<String>)> = match written {
            None => {
                return vec![Attachment {
                    network: self.default_network(host),
                    address: None,
                }];
            }
            Some(NetworksOfContainer::Names(names)) => names
                .iter()
                .map(|name| (name.to_string(), name.position, None))
                .collect(),
            Some(NetworksOfContainer::Attachments(entries)) => {
                let address = |text: &Option<Spanned<_>>| {
                    text.as_ref()
                        .map(|text: &Spanned<crate::notation::Text>| text.to_string())
                };
                entries
                    .iter()
                    .map(|(name, it)| (name.to_string(), name.position, address(&it.address)))
                    .collect()
            }
        };
        let mut attachments = Vec::new();
        for (name, position, address) in named {
            if let Some(text) = &address
                && text.parse::<std::net::IpAddr>().is_err()
            {
                self.error(position, format!("`{text}` is no IP address"));
            }
            if let Some(network) = self.network(file, host, &name, position) {
                attachments.push(Attachment { network, address });
            }
        }
        attachments
    }

    /// The network `default` of a host.
    fn default_network(&mut self, host: HostId) -> NetworkId {
        self.instance(Some(host), DEFAULT_NETWORK, Reach::Bridge, Span::ZERO)
    }

    /// The network that a name means on a host.
    pub(super) fn network(
        &mut self,
        file: &ScenarioFile,
        host: HostId,
        name: &str,
        position: Position,
    ) -> Option<NetworkId> {
        let declared = file.networks.as_ref();
        let n_networks = self.blueprint.networks.len();
        if !self.limit(n_networks + 1, NETWORKS_MAX, "networks", position) {
            return None;
        }
        match declared.and_then(|networks| networks.get(name)) {
            Some(network) => {
                let spans = matches!(*network.kind, Reach::Overlay | Reach::Mesh);
                let added = network.added_round_trip.span();
                Some(self.instance((!spans).then_some(host), name, *network.kind, added))
            }
            None if name == DEFAULT_NETWORK => Some(self.default_network(host)),
            None => {
                let known = || {
                    let written = declared.into_iter().flat_map(|networks| networks.iter());
                    written
                        .map(|(name, _)| &*name.value as &str)
                        .chain([DEFAULT_NETWORK])
                };
                self.context
                    .problems
                    .report_error(|| unresolved(name, position, ("network", "networks"), known));
                None
            }
        }
    }

    /// One network: a bridge is another one on each host, an overlay is the same everywhere.
    fn instance(
        &mut self,
        host: Option<HostId>,
        name: &str,
        reach: Reach,
        added: Span,
    ) -> NetworkId {
        let key = (host, name.to_owned());
        if let Some(id) = self.bridges.get(&key) {
            return *id;
        }
        let full = match host {
            Some(host) => format!("{}/{name}", self.blueprint.hosts[host].name),
            None => name.to_owned(),
        };
        let id = self.blueprint.networks.push(Network {
            name: full,
            reach,
            added_round_trip: added,
        });
        self.bridges.insert(key, id);
        id
    }

    /// All networks that the containers of a host are on, its `default` among them.
    pub(super) fn networks_of_host(&mut self, host: HostId) -> Vec<NetworkId> {
        let mut networks = vec![self.default_network(host)];
        let containers = self
            .blueprint
            .containers
            .values()
            .iter()
            .filter(|container| container.host == host);
        for attachment in containers.flat_map(|container| &container.attachments) {
            if !networks.contains(&attachment.network) {
                networks.push(attachment.network);
            }
        }
        networks
    }
}

/// How long a machine takes to boot: a virtual server half a minute, anything at home minutes.
fn default_boot(access: Access) -> Distribution {
    match access {
        Access::DataCentre => Distribution::Constant(Span::from_secs(30)),
        _ => Distribution::Uniform {
            low: Span::from_secs(120),
            high: Span::from_secs(300),
        },
    }
}

fn built(
    name: &Spanned<Id>,
    host: HostId,
    file: &ContainerFile,
    attachments: Vec<Attachment>,
) -> Container {
    Container {
        name: name.to_string(),
        host,
        aliases: file
            .aliases
            .iter()
            .flat_map(|aliases| aliases.iter())
            .map(|alias| alias.to_string())
            .collect(),
        attachments,
        port: file.port.get() as u16,
        published: *file.published,
        workers: file.workers.get() as u32,
        queue_limit: file.queue.get() as u32,
        service_time: file.service_time.0.clone(),
        start_up: file.start_up.0.clone(),
        restart: file.restart.0,
        health_check: file.health_check.as_ref().map(|check| health_check(check)),
        store: None,
    }
}

fn health_check(file: &HealthCheckFile) -> HealthCheck {
    HealthCheck {
        interval: file.interval.span(),
        timeout: file.timeout.span(),
        retries: file.retries.get() as u32,
        start_period: file.start_period.span(),
    }
}
