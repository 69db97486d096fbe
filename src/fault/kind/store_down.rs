//! A store is down.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References, StoreEffect};
use crate::notation::{block, choice};

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<StoreDown>();

choice! {
    /// How a store that is down behaves.
    #[derive(PartialEq)]
    pub enum How as "store-down-how" {
        /// Connections to it are refused at once.
        Refuses as "refuses",
        /// It takes connections and says nothing, so that each request waits for its time-out.
        Silent as "silent",
    }
}

block! {
    /// A store is down, until the fault clears; its data survive.
    pub struct StoreDown as "store-down" {
        /// The store, or several; a container's own store is called `host/container`.
        store: References = required,
        /// How it behaves meanwhile.
        how: How = "refuses" (assumed: "its process is gone and its machine is not"),
    }
}

impl Kind for StoreDown {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let stores = names.stores(&self.store);
        let name = |id| names.blueprint.stores[id].name.clone();
        Some(Damage::to_each(&stores, name, |id, well| match *self.how {
            How::Refuses => Effect::Store(id, StoreEffect::Refuses(!well)),
            How::Silent => Effect::Store(id, StoreEffect::Silent(!well)),
        }))
    }
}
