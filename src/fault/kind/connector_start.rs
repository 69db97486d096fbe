//! A cloudflared process is started.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<ConnectorStart>();

block! {
    /// A cloudflared process that is down is started.
    pub struct ConnectorStart as "connector-start" {
        /// The replica, or several: `tunnel/replica`, or its own name where only one tunnel has it.
        replica: References = required,
    }
}

impl Kind for ConnectorStart {
    const LASTING: Lasting = Lasting::Moment;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let replicas = names.replicas(&self.replica);
        let name = |id| names.replica_name(id);
        Some(Damage::at_once(&replicas, name, Effect::ConnectorStart))
    }
}
