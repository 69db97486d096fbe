//! The copies of a store do not see each other.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References, StoreEffect};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<StorePartition>();

block! {
    /// The copies of a replicated store are cut off from each other, until the fault clears.
    pub struct StorePartition as "store-partition" {
        /// The store, or several; a container's own store is called `host/container`.
        store: References = required,
    }
}

impl Kind for StorePartition {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let stores = names.stores(&self.store);
        let name = |id| names.blueprint.stores[id].name.clone();
        Some(Damage::to_each(&stores, name, |id, whole| {
            Effect::Store(id, StoreEffect::Partitioned(!whole))
        }))
    }
}
