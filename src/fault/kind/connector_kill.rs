//! A cloudflared process is killed.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<ConnectorKill>();

block! {
    /// A cloudflared process ends without a word (SIGKILL); its restart policy rules what follows.
    /// Over QUIC the edge learns of it by silence only.
    pub struct ConnectorKill as "connector-kill" {
        /// The replica, or several: `tunnel/replica`, or its own name where only one tunnel has it.
        replica: References = required,
    }
}

impl Kind for ConnectorKill {
    const LASTING: Lasting = Lasting::Moment;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let replicas = names.replicas(&self.replica);
        let name = |id| names.replica_name(id);
        Some(Damage::at_once(&replicas, name, Effect::ConnectorKill))
    }
}
