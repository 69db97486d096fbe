//! A service crashes once.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<ContainerCrash>();

block! {
    /// The process of a container dies; Docker's restart policy rules what follows.
    pub struct ContainerCrash as "container-crash" {
        /// The container, or several: `host/container`, `"*/container"` for all of that name.
        container: References = required,
    }
}

impl Kind for ContainerCrash {
    const LASTING: Lasting = Lasting::Moment;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let containers = names.containers(&self.container);
        let name = |id| names.container_name(id);
        Some(Damage::at_once(&containers, name, Effect::ContainerCrash))
    }
}
