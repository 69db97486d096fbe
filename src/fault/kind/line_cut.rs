//! A host loses its line.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<LineCut>();

block! {
    /// The line of a host is cut while the host itself goes on.
    /// A cut of less than about four seconds is noticed by nobody: requests stall until the line is back.
    pub struct LineCut as "line-cut" {
        /// The host, or several.
        host: References = required,
    }
}

impl Kind for LineCut {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let hosts = names.hosts(&self.host);
        let name = |id| names.blueprint.hosts[id].name.clone();
        Some(Damage::to_each(&hosts, name, Effect::HostLine))
    }
}
