//! A host loses its power.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<PowerCut>();

block! {
    /// The power of a host fails: everything on it is gone at once, without a word to anyone.
    /// Memory is lost, disks survive. When power returns the host boots, and Docker starts what the restart policies say.
    pub struct PowerCut as "power-cut" {
        /// The host, or several.
        host: References = required,
    }
}

impl Kind for PowerCut {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let hosts = names.hosts(&self.host);
        let name = |id| names.blueprint.hosts[id].name.clone();
        Some(Damage::to_each(&hosts, name, Effect::HostPower))
    }
}
