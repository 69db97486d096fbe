//! The backbone between two metros is cut.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, MetroCode, Names};
use crate::notation::{Pair, Position, Problem, block};
use crate::world::geography::{Atlas, MetroId};

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<BackboneCut>();

block! {
    /// The backbone between two metros is cut, until the fault clears: after a second they know they cannot reach
    /// each other.
    pub struct BackboneCut as "backbone-cut" {
        /// The two metros.
        between: Pair<MetroCode> = required,
    }
}

impl Kind for BackboneCut {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let (one, other) = two_metros(names, &self.between, self.between.position)?;
        let effect = |(one, other), whole: bool| Effect::PathCut(one, other, !whole);
        Some(Damage::to_each(&[(one, other)], pair_name, effect))
    }
}

/// Two different metros.
pub fn two_metros(
    names: &mut Names<'_>,
    Pair(one, other): &Pair<MetroCode>,
    position: Position,
) -> Option<(MetroId, MetroId)> {
    if one == other {
        names
            .context
            .report(Problem::error(position, "expected two different metros"));
        return None;
    }
    Some((one.0, other.0))
}

/// A pair of metros as reports call it: `FRA-QRO`.
pub fn pair_name((one, other): (MetroId, MetroId)) -> String {
    format!(
        "{}-{}",
        Atlas::shipped()[one].code,
        Atlas::shipped()[other].code
    )
}
