//! Blue-green: one pool takes over from another.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, Reference};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<PoolSwitch>();

block! {
    /// One pool of a load balancer is enabled and another disabled at the same moment, as in a blue-green
    /// deployment; the way back when the fault clears.
    pub struct PoolSwitch as "pool-switch" {
        /// The pool that is in use before.
        from: Reference = required,
        /// The pool that is in use afterwards.
        to: Reference = required,
    }
}

impl Kind for PoolSwitch {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let (from, to) = (names.pool(&self.from), names.pool(&self.to));
        let (from, to) = (from?, to?);
        let pools = &names.blueprint.pools;
        Some(Damage {
            target: format!("{} to {}", pools[from].name, pools[to].name),
            strike: vec![
                Effect::PoolEnabled(to, true),
                Effect::PoolEnabled(from, false),
            ],
            clear: vec![
                Effect::PoolEnabled(from, true),
                Effect::PoolEnabled(to, false),
            ],
        })
    }
}
