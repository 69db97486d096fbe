//! Anycast carries clients elsewhere.

use super::entry::{Damage, Entry, Kind, Lasting, warn_of_nothing};
use crate::fault::{Effect, MetroCode, Names, References};
use crate::notation::{Share, Spanned, block};

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<CatchmentFlip>();

block! {
    /// The packets of clients reach another metro than their own, until the fault clears.
    /// Open connections of the clients that move break.
    pub struct CatchmentFlip as "catchment-flip" {
        /// The client group, or several.
        group: References = required,
        /// The metro they reach.
        to: MetroCode = required,
        /// The share of their networks that move.
        share: Spanned<Share> = "100%" (assumed: "all networks of a place follow one route change"),
    }
}

impl Kind for CatchmentFlip {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        warn_of_nothing(&self.share, names.context);
        let groups = names.groups(&self.group);
        let name = |id| names.blueprint.groups[id].name.clone();
        let (metro, share) = (self.to.0, self.share.get());
        Some(Damage::to_each(&groups, name, |group, home| {
            Effect::CatchmentFlip {
                group,
                share,
                to: (!home).then_some(metro),
            }
        }))
    }
}
