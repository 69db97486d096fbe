//! A service hangs.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<ContainerHang>();

block! {
    /// A container accepts requests and never answers them, until the fault clears.
    pub struct ContainerHang as "container-hang" {
        /// The container, or several: `host/container`, `"*/container"` for all of that name.
        container: References = required,
    }
}

impl Kind for ContainerHang {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let containers = names.containers(&self.container);
        let name = |id| names.container_name(id);
        Some(Damage::to_each(&containers, name, |id, well| {
            Effect::ContainerHang(id, !well)
        }))
    }
}
