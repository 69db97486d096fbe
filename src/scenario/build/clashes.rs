//! Containers that cannot run beside each other.

use super::Builder;
use crate::notation::Position;
use crate::world::blueprint::Container;
use crate::world::ids::{ContainerId, Position as _};

impl Builder<'_> {
    /// Refuses a container that has a published port, or an address on a network, that an earlier one has.
    pub(super) fn refuse_clashes(&mut self, id: ContainerId, position: Position) {
        let containers = &self.blueprint.containers.values()[..=id.index()];
        let Some((container, earlier)) = containers.split_last() else {
            return;
        };
        let neighbours = || earlier.iter().filter(|other| other.host == container.host);
        if container.published
            && neighbours().any(|other| other.published && other.port == container.port)
        {
            let message = format!(
                "two containers of this host publish port {}",
                container.port
            );
            self.error(position, message);
            return;
        }
        // An overlay spans hosts, so that an address on it is taken everywhere.
        if let Some(address) = taken_address(container, earlier) {
            let message = format!("two containers have the address {address} on this network");
            self.error(position, message);
        }
    }
}

fn taken_address(container: &Container, earlier: &[Container]) -> Option<String> {
    let fixed = |container: &Container| {
        let attachments = container.attachments.iter();
        attachments
            .filter_map(|it| Some((it.network, it.address.clone()?)))
            .collect::<Vec<_>>()
    };
    let own = fixed(container);
    if own.is_empty() {
        return None;
    }
    let taken = earlier.iter().flat_map(fixed).find(|it| own.contains(it));
    taken.map(|(_, address)| address)
}
