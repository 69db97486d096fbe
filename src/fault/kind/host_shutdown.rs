//! A host is switched off in good order.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<HostShutdown>();

block! {
    /// A host is shut down in good order: SIGTERM, grace periods, then off.
    /// It boots again when the fault clears.
    pub struct HostShutdown as "host-shutdown" {
        /// The host, or several.
        host: References = required,
    }
}

impl Kind for HostShutdown {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let hosts = names.hosts(&self.host);
        let name = |id| names.blueprint.hosts[id].name.clone();
        Some(Damage::to_each(&hosts, name, |id, on| {
            if on {
                Effect::HostPower(id, true)
            } else {
                Effect::HostShutdown(id)
            }
        }))
    }
}
