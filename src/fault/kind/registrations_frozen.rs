//! Nobody can register a connection.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<RegistrationsFrozen>();

block! {
    /// An incident of the provider's control plane: running connections go on, new ones cannot register.
    pub struct RegistrationsFrozen as "registrations-frozen" {

    }
}

impl Kind for RegistrationsFrozen {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, _: &mut Names<'_>) -> Option<Damage> {
        Some(Damage {
            target: String::new(),
            strike: vec![Effect::RegistrationsFrozen(true)],
            clear: vec![Effect::RegistrationsFrozen(false)],
        })
    }
}
