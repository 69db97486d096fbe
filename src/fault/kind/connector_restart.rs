//! A cloudflared process is restarted, as for an update.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<ConnectorRestart>();

block! {
    /// A cloudflared process is told to stop and starts again once it has exited, with a new connector id.
    pub struct ConnectorRestart as "connector-restart" {
        /// The replica, or several: `tunnel/replica`, or its own name where only one tunnel has it.
        replica: References = required,
    }
}

impl Kind for ConnectorRestart {
    const LASTING: Lasting = Lasting::Moment;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let replicas = names.replicas(&self.replica);
        let name = |id| names.replica_name(id);
        Some(Damage::at_once(&replicas, name, Effect::ConnectorRestart))
    }
}
