//! New content reaches some servers, or all.

use super::entry::{Damage, Entry, Kind, Lasting, joined};
use crate::fault::{Effect, Names, References};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<ContentDeploy>();

block! {
    /// A new version of the content is written to the stores of these containers.
    pub struct ContentDeploy as "content-deploy" {
        /// The container, or several: `host/container`, `"*/container"` for all of that name.
        container: References = required,
    }
}

impl Kind for ContentDeploy {
    const LASTING: Lasting = Lasting::Moment;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let containers = names.containers(&self.container);
        let target = joined(containers.iter().map(|id| names.container_name(*id)));
        Some(Damage {
            target,
            strike: vec![Effect::Deploy(containers)],
            clear: Vec::new(),
        })
    }
}
