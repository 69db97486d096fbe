//! A cloudflared process is stopped in good order.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<ConnectorStop>();

block! {
    /// A cloudflared process is told to stop (SIGTERM): it unregisters, drains, and stays down.
    /// It is started again when the fault clears.
    pub struct ConnectorStop as "connector-stop" {
        /// The replica, or several: `tunnel/replica`, or its own name where only one tunnel has it.
        replica: References = required,
    }
}

impl Kind for ConnectorStop {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let replicas = names.replicas(&self.replica);
        let name = |id| names.replica_name(id);
        Some(Damage::to_each(&replicas, name, |id, on| {
            if on {
                Effect::ConnectorStart(id)
            } else {
                Effect::ConnectorStop(id)
            }
        }))
    }
}
