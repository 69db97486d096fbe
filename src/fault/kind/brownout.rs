//! A service is slow.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References};
use crate::notation::{Decimal, block};

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<Brownout>();

block! {
    /// A container serves more slowly, until the fault clears.
    pub struct Brownout as "brownout" {
        /// The container, or several: `host/container`, `"*/container"` for all of that name.
        container: References = required,
        /// How many times longer each service takes.
        factor: Decimal<1, 1000> = required in "times the normal time",
    }
}

impl Kind for Brownout {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let containers = names.containers(&self.container);
        let name = |id| names.container_name(id);
        let slow = (self.factor.get() * 1000.0) as u32;
        Some(Damage::to_each(&containers, name, |id, well| {
            Effect::ContainerSlow(id, if well { 1000 } else { slow })
        }))
    }
}
