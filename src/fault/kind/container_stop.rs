//! A container is stopped by hand.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<ContainerStop>();

block! {
    /// A container is stopped by hand (`docker stop`), which restart policies respect.
    /// It is started by hand when the fault clears.
    pub struct ContainerStop as "container-stop" {
        /// The container, or several: `host/container`, `"*/container"` for all of that name.
        container: References = required,
    }
}

impl Kind for ContainerStop {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let containers = names.containers(&self.container);
        let name = |id| names.container_name(id);
        Some(Damage::to_each(&containers, name, |id, on| {
            if on {
                Effect::ContainerStart(id)
            } else {
                Effect::ContainerStop(id)
            }
        }))
    }
}
