//! The backbone between two metros takes a longer way.

use super::backbone_cut::{pair_name, two_metros};
use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, MetroCode, Names};
use crate::kernel::time::Span;
use crate::notation::{Pair, PositiveDuration, block};

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<BackboneSlow>();

block! {
    /// The backbone between two metros takes a longer way, until the fault clears.
    pub struct BackboneSlow as "backbone-slow" {
        /// The two metros.
        between: Pair<MetroCode> = required,
        /// What it adds to a round trip.
        added: PositiveDuration = required,
    }
}

impl Kind for BackboneSlow {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let pair = two_metros(names, &self.between, self.between.position)?;
        let added = self.added.span();
        Some(Damage::to_each(&[pair], pair_name, |(one, other), well| {
            Effect::PathSlow(one, other, if well { Span::ZERO } else { added })
        }))
    }
}
