//! Containers that cannot run beside each other.

use std::collections::BTreeSet;

use super::Builder;
use crate::notation::Position;
use crate::world::ids::{ContainerId, HostId, NetworkId};

/// What containers have taken for themselves so far.
#[derive(Default)]
pub(super) struct Taken {
    ports: BTreeSet<(HostId, u16)>,
    addresses: BTreeSet<(NetworkId, String)>,
}

impl Builder<'_> {
    /// Refuses a container that has a published port, or an address on a network, that an earlier one has.
    pub(super) fn refuse_clashes(&mut self, id: ContainerId, position: Position) {
        let container = &self.blueprint.containers[id];
        let (host, port) = (container.host, container.port);
        if container.published && !self.taken.ports.insert((host, port)) {
            let message = format!("two containers of this host publish port {port}");
            self.error(position, message);
            return;
        }
        // An overlay spans hosts, so that an address on it is taken everywhere.
        let fixed = container.attachments.iter();
        let fixed = fixed.filter_map(|it| Some((it.network, it.address.clone()?)));
        let fixed: BTreeSet<_> = fixed.collect();
        for (network, address) in fixed {
            if !self.taken.addresses.insert((network, address.clone())) {
                let message = format!("two containers have the address {address} on this network");
                self.error(position, message);
                return;
            }
        }
    }
}
