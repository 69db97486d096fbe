//! A firewall blocks QUIC.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<UdpBlocked>();

block! {
    /// UDP port 7844 of a host is blocked: QUIC connections fall silent, and HTTP/2 is all that works.
    /// cloudflared falls back to HTTP/2 only if its QUIC never worked since its process started.
    pub struct UdpBlocked as "udp-blocked" {
        /// The host, or several.
        host: References = required,
    }
}

impl Kind for UdpBlocked {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let hosts = names.hosts(&self.host);
        let name = |id| names.blueprint.hosts[id].name.clone();
        Some(Damage::to_each(&hosts, name, |id, open| {
            Effect::UdpBlocked(id, !open)
        }))
    }
}
