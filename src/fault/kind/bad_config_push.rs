//! Rules that connectors refuse.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<BadConfigPush>();

block! {
    /// Rules that cloudflared refuses are pushed to a tunnel: the connectors keep the old ones.
    pub struct BadConfigPush as "bad-config-push" {
        /// The tunnel, or several.
        tunnel: References = required,
    }
}

impl Kind for BadConfigPush {
    const LASTING: Lasting = Lasting::Moment;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let tunnels = names.tunnels(&self.tunnel);
        let name = |id| names.blueprint.tunnels[id].name.clone();
        Some(Damage::at_once(&tunnels, name, Effect::BadConfigPush))
    }
}
