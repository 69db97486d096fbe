//! The provider fails.

use super::entry::{Damage, Entry, Kind, Lasting, warn_of_nothing};
use crate::fault::{Effect, Names};
use crate::notation::{Share, Spanned, block};

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<ProviderIncident>();

block! {
    /// An incident at the provider: a share of all requests fails, whatever the replicas do.
    pub struct ProviderIncident as "provider-incident" {
        /// The share of requests that fail.
        share: Spanned<Share> = required,
    }
}

impl Kind for ProviderIncident {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        warn_of_nothing(&self.share, names.context);
        Some(Damage {
            target: String::new(),
            strike: vec![Effect::ProviderIncident(self.share.get())],
            clear: vec![Effect::ProviderIncident(0.0)],
        })
    }
}
