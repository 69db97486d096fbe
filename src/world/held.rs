//! What lasting faults hold, so that of two that overlap the one that clears first ends nothing.

use std::collections::BTreeMap;

use super::ids::FaultId;

/// One strike of a fault.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct StrikeId {
    /// The fault.
    pub fault: FaultId,
    /// Which of its strikes, from 0.
    pub count: u32,
}

/// Things of one sort, each with the strikes that hold it and what each of them asks for.
#[derive(Debug)]
pub struct Held<K, V = ()> {
    by_thing: BTreeMap<K, BTreeMap<StrikeId, V>>,
}

impl<K, V> Default for Held<K, V> {
    fn default() -> Self {
        Held {
            by_thing: BTreeMap::new(),
        }
    }
}

impl<K: Ord + Copy, V: Copy> Held<K, V> {
    /// A strike takes hold of a thing, or lets go of it when it asks for nothing.
    pub fn set(&mut self, thing: K, by: StrikeId, asked: Option<V>) {
        let strikes = self.by_thing.entry(thing).or_default();
        match asked {
            Some(value) => strikes.insert(by, value),
            None => strikes.remove(&by),
        };
    }

    /// What the strikes that hold a thing ask for, in order of faults.
    pub fn asked(&self, thing: K) -> impl Iterator<Item = V> {
        let strikes = self.by_thing.get(&thing);
        strikes.into_iter().flat_map(|by| by.values().copied())
    }

    /// Whether no strike holds a thing.
    pub fn is_free(&self, thing: K) -> bool {
        self.asked(thing).next().is_none()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn strike(fault: u16) -> StrikeId {
        StrikeId {
            fault: FaultId(fault),
            count: 0,
        }
    }

    #[test]
    fn a_thing_is_free_when_the_last_strike_lets_go() {
        let mut held = Held::default();
        held.set('a', strike(0), Some(()));
        held.set('a', strike(1), Some(()));
        held.set('a', strike(0), None);
        assert!(!held.is_free('a') && held.is_free('b'));
        held.set('a', strike(1), None);
        assert!(held.is_free('a'));
    }

    #[test]
    fn every_strike_asks_for_its_own() {
        let mut held = Held::default();
        held.set('a', strike(1), Some(3));
        held.set('a', strike(0), Some(7));
        assert_eq!(held.asked('a').collect::<Vec<_>>(), [7, 3]);
    }
}
