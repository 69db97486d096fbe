//! A store answers late.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References, StoreEffect};
use crate::kernel::time::Span;
use crate::notation::{PositiveDuration, block};

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<StoreSlow>();

block! {
    /// A store takes longer for each answer, until the fault clears.
    pub struct StoreSlow as "store-slow" {
        /// The store, or several; a container's own store is called `host/container`.
        store: References = required,
        /// By how much longer.
        added: PositiveDuration = required,
    }
}

impl Kind for StoreSlow {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let stores = names.stores(&self.store);
        let name = |id| names.blueprint.stores[id].name.clone();
        let added = self.added.span();
        Some(Damage::to_each(&stores, name, |id, well| {
            Effect::Store(id, StoreEffect::Slow(if well { Span::ZERO } else { added }))
        }))
    }
}
