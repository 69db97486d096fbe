//! All data centres of a metro fail.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, MetroCode, Names};
use crate::notation::{OneOrMany, block, choice};
use crate::world::geography::{Atlas, MetroId};

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<MetroDown>();

choice! {
    /// What happens to new registrations meanwhile.
    #[derive(PartialEq)]
    pub enum Registrations as "registrations" {
        /// Connectors register elsewhere.
        Open as "open",
        /// Nobody can register anywhere: the control plane fails too.
        Frozen as "frozen",
    }
}

block! {
    /// All data centres of a metro fail, until the fault clears: connections there die, and clients move to the
    /// next metro as routes converge.
    pub struct MetroDown as "metro-down" {
        /// The metro, or several.
        metro: OneOrMany<MetroCode> = required,
        /// Whether connectors can register elsewhere meanwhile.
        registrations: Registrations = "open" (assumed: "most incidents leave the control plane running"),
    }
}

impl Kind for MetroDown {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, _: &mut Names<'_>) -> Option<Damage> {
        let metros: Vec<_> = self.metro.0.iter().map(|metro| metro.0).collect();
        let name = |metro: MetroId| Atlas::shipped()[metro].code.clone();
        let mut damage = Damage::to_each(&metros, name, Effect::MetroUp);
        if *self.registrations == Registrations::Frozen {
            damage.strike.insert(0, Effect::RegistrationsFrozen(true));
            damage.clear.push(Effect::RegistrationsFrozen(false));
        }
        Some(damage)
    }
}
