//! A store loses its data.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References, StoreEffect};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<StoreLost>();

block! {
    /// A store loses everything it has.
    pub struct StoreLost as "store-lost" {
        /// The store, or several; a container's own store is called `host/container`.
        store: References = required,
    }
}

impl Kind for StoreLost {
    const LASTING: Lasting = Lasting::Moment;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let stores = names.stores(&self.store);
        let name = |id| names.blueprint.stores[id].name.clone();
        Some(Damage::at_once(&stores, name, |id| {
            Effect::Store(id, StoreEffect::Lost)
        }))
    }
}
