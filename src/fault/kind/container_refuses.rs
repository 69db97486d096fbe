//! A service does not listen.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<ContainerRefuses>();

block! {
    /// A container is up but nothing listens on its port, until the fault clears.
    pub struct ContainerRefuses as "container-refuses" {
        /// The container, or several: `host/container`, `"*/container"` for all of that name.
        container: References = required,
    }
}

impl Kind for ContainerRefuses {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let containers = names.containers(&self.container);
        let name = |id| names.container_name(id);
        Some(Damage::to_each(&containers, name, |id, well| {
            Effect::ContainerRefuses(id, !well)
        }))
    }
}
