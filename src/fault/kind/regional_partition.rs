//! A group of metros is cut off from all others.

use super::entry::{Damage, Entry, Kind, Lasting, joined};
use crate::fault::{Effect, MetroCode, Names};
use crate::notation::{OneOrMany, block};
use crate::world::geography::{Atlas, MetroId};

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<RegionalPartition>();

block! {
    /// The backbone between some metros and all others is cut, until the fault clears; among themselves they
    /// still see each other.
    pub struct RegionalPartition as "regional-partition" {
        /// The metros on the smaller side.
        metros: OneOrMany<MetroCode> = required,
    }
}

impl Kind for RegionalPartition {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, _: &mut Names<'_>) -> Option<Damage> {
        let atlas = Atlas::shipped();
        let mut inside: Vec<MetroId> = Vec::new();
        for metro in &self.metros.0 {
            if !inside.contains(&metro.0) {
                inside.push(metro.0);
            }
        }
        let outside = || atlas.metro_ids().filter(|metro| !inside.contains(metro));
        let pairs = || {
            inside
                .iter()
                .flat_map(|one| outside().map(|other| (*one, other)))
        };
        let cut = |is_cut| {
            pairs()
                .map(|(one, other)| Effect::PathCut(one, other, is_cut))
                .collect()
        };
        Some(Damage {
            target: joined(inside.iter().map(|metro| atlas[*metro].code.clone())),
            strike: cut(true),
            clear: cut(false),
        })
    }
}
