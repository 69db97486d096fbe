//! What a service's name or address means on the host of a connector.
//!
//! Source: Docker's embedded resolver (moby, daemon/libnetwork/resolver.go): names exist on user-defined
//! networks only, for running containers only, compared without regard to case.

use super::blueprint::{Blueprint, Reach, Replica};
use super::ids::*;

/// What the name in a rule leads to, before anyone looks whether it runs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Meaning {
    /// These containers answer to the name on networks that cloudflared shares; running ones resolve.
    Containers(Vec<ContainerId>),
    /// An address or a published port that leads to this container, and what dialling it meets while it does not run.
    At(ContainerId, Absent),
    /// These containers answer to the name or address but listen on another port: refused while one of them runs.
    OtherPort(Vec<ContainerId>),
    /// Nothing answers to the name: "no such host".
    Unknown,
    /// An address that nobody has: packets vanish.
    Silent,
    /// An address or port of a machine where nobody listens.
    Refused,
}

/// What somebody who dials an address meets when its container does not run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Absent {
    /// The machine says that nobody listens, as long as it runs itself.
    Refused,
    /// Nobody has the address: packets vanish.
    Silent,
}

/// Resolves the host part of a rule's service for one replica.
pub fn resolve(blueprint: &Blueprint, replica: &Replica, host: &str, port: u16) -> Meaning {
    if host == "localhost" || host == "127.0.0.1" {
        return published(blueprint, replica, port);
    }
    if is_address(host) {
        return by_address(blueprint, replica, host, port);
    }
    if let Some(meaning) = by_host_name(blueprint, replica, host, port) {
        return meaning;
    }
    let named = reachable(blueprint, replica)
        .filter(|(_, reach)| matches!(reach, Reach::Bridge | Reach::Overlay))
        .map(|(container, _)| container)
        .filter(|id| {
            let container = &blueprint.containers[*id];
            container.name.eq_ignore_ascii_case(host)
                || container
                    .aliases
                    .iter()
                    .any(|a| a.eq_ignore_ascii_case(host))
        });
    let mut containers: Vec<ContainerId> = named.collect();
    containers.sort_unstable();
    containers.dedup();
    if containers.is_empty() {
        Meaning::Unknown
    } else {
        on_port(blueprint, containers, port)
    }
}

/// Those of some containers that listen on a port. cloudflared goes on to a name's next address when one refuses it.
///
/// Simplification: where containers of one name listen on different ports, the name no longer resolves once those of
/// the rule's port have stopped.
fn on_port(blueprint: &Blueprint, containers: Vec<ContainerId>, port: u16) -> Meaning {
    let listens = |id: &&ContainerId| blueprint.containers[**id].port == port;
    let listening: Vec<ContainerId> = containers.iter().filter(listens).copied().collect();
    if listening.is_empty() {
        Meaning::OtherPort(containers)
    } else {
        Meaning::Containers(listening)
    }
}

/// Containers on a network that the replica is attached to, with the reach of that network.
fn reachable<'a>(
    blueprint: &'a Blueprint,
    replica: &'a Replica,
) -> impl Iterator<Item = (ContainerId, Reach)> + 'a {
    blueprint
        .containers
        .iter()
        .flat_map(move |(id, container)| {
            container.attachments.iter().filter_map(move |attachment| {
                let reach = blueprint.networks[attachment.network].reach;
                let spans = matches!(reach, Reach::Overlay | Reach::Mesh);
                let shared = replica.networks.contains(&attachment.network);
                (shared && (spans || container.host == replica.host)).then_some((id, reach))
            })
        })
}

/// `localhost` outside Docker reaches published ports; inside a container it is the container itself.
fn published(blueprint: &Blueprint, replica: &Replica, port: u16) -> Meaning {
    let found = blueprint.containers.iter().find(|(_, c)| {
        c.host == replica.host && c.published && c.port == port && replica.networks.is_empty()
    });
    found.map_or(Meaning::Refused, |(id, _)| Meaning::At(id, Absent::Refused))
}

/// A fixed address leads to whoever has it on a network that cloudflared shares.
fn by_address(blueprint: &Blueprint, replica: &Replica, address: &str, port: u16) -> Meaning {
    let holder = blueprint.containers.iter().find(|(_, container)| {
        container.attachments.iter().any(|attachment| {
            let spans = matches!(
                blueprint.networks[attachment.network].reach,
                Reach::Overlay | Reach::Mesh
            );
            attachment.address.as_deref() == Some(address)
                && replica.networks.contains(&attachment.network)
                && (spans || container.host == replica.host)
        })
    });
    holder.map_or(Meaning::Silent, |(id, container)| {
        if container.port == port {
            Meaning::At(id, Absent::Silent)
        } else {
            Meaning::OtherPort(vec![id])
        }
    })
}

/// On a mesh (WireGuard, Tailscale) hosts have names, and published ports of theirs answer.
fn by_host_name(
    blueprint: &Blueprint,
    replica: &Replica,
    name: &str,
    port: u16,
) -> Option<Meaning> {
    let (host, _) = blueprint
        .hosts
        .iter()
        .find(|(_, host)| host.name.eq_ignore_ascii_case(name))?;
    let on_mesh = replica
        .networks
        .iter()
        .any(|n| blueprint.networks[*n].reach == Reach::Mesh);
    if !on_mesh {
        return None;
    }
    let found = blueprint
        .containers
        .iter()
        .find(|(_, c)| c.host == host && c.published && c.port == port);
    Some(found.map_or(Meaning::Refused, |(id, _)| Meaning::At(id, Absent::Refused)))
}

/// Whether a text is an IPv4 or IPv6 address.
fn is_address(text: &str) -> bool {
    text.trim_matches(['[', ']'])
        .parse::<std::net::IpAddr>()
        .is_ok()
}
