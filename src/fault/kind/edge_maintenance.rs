//! Planned maintenance of data centres.

use super::data_centre_down::data_centres;
use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{EdgeCode, Effect, Names};
use crate::notation::{OneOrMany, Spanned, block};

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<EdgeMaintenance>();

block! {
    /// Planned maintenance of a data centre: traffic is withdrawn first, then connections are closed with a word.
    pub struct EdgeMaintenance as "edge-maintenance" {
        /// The data centre, such as `FRA1`, or several.
        data_centre: OneOrMany<Spanned<EdgeCode>> = required,
    }
}

impl Kind for EdgeMaintenance {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let hit = data_centres(names, &self.data_centre);
        let effect = |it, done: bool| Effect::DataCentreMaintenance(it, !done);
        Some(Damage::to_each(&hit, |it| it.to_string(), effect))
    }
}
