//! One key of a data set: what each store has of it.

use std::ops::{Index, IndexMut};

/// The number of a write in its data set, from 1: of two versions the greater one is newer.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Version(pub u64);

impl Version {
    /// No version at all.
    pub const NONE: Version = Version(0);
}

/// What a read finds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Lookup {
    /// Nothing, and nothing had been acknowledged before.
    Fresh,
    /// The newest acknowledged version, or a newer one.
    Found,
    /// An older version.
    Stale,
    /// Nothing, although something had been acknowledged.
    Missing,
}

impl Lookup {
    /// Whether what had been acknowledged is not there.
    #[inline]
    pub fn is_loss(self) -> bool {
        matches!(self, Lookup::Stale | Lookup::Missing)
    }
}

/// What one store has of one key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Side {
    /// Its version; for an asynchronous store that of the primary.
    pub(super) version: Version,
    /// Whether it ever had one.
    pub(super) ever_had: bool,
    /// Whether it took a write itself.
    pub(super) wrote: bool,
    /// Acknowledged writes among what it has.
    pub(super) acknowledged: u32,
    /// What the last write built upon, if that was not whole and the client was not told yet.
    pub(super) built_on: Option<Lookup>,
}

/// What all stores of a data set have of one key.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Record {
    /// The newest version that a client was told of, and the store it was written to.
    pub(super) newest: (Version, usize),
    /// One entry per store, in the data set's order.
    pub(super) sides: Sides,
}

/// How many sides stand in the record itself: most data sets have no more.
const NEAR: usize = 2;

/// What each store has of one key. A separate list would cost a look at memory for every read.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(super) struct Sides {
    near: [Side; NEAR],
    /// How many of these there are.
    n_near: u32,
    far: Box<[Side]>,
}

impl Sides {
    fn new(stores: usize) -> Sides {
        Sides {
            near: [Side::default(); NEAR],
            n_near: stores.min(NEAR) as u32,
            far: vec![Side::default(); stores.saturating_sub(NEAR)].into(),
        }
    }

    fn iter(&self) -> impl Iterator<Item = &Side> {
        self.near[..self.n_near as usize].iter().chain(&self.far)
    }

    pub(super) fn iter_mut(&mut self) -> impl Iterator<Item = &mut Side> {
        self.near[..self.n_near as usize]
            .iter_mut()
            .chain(&mut self.far)
    }
}

impl Index<usize> for Sides {
    type Output = Side;

    #[inline]
    fn index(&self, side: usize) -> &Side {
        match side.checked_sub(NEAR) {
            None => &self.near[side],
            Some(far) => &self.far[far],
        }
    }
}

impl IndexMut<usize> for Sides {
    #[inline]
    fn index_mut(&mut self, side: usize) -> &mut Side {
        match side.checked_sub(NEAR) {
            None => &mut self.near[side],
            Some(far) => &mut self.far[far],
        }
    }
}

impl Record {
    /// A key that nobody has written.
    pub(super) fn new(stores: usize) -> Record {
        Record {
            newest: (Version::NONE, 0),
            sides: Sides::new(stores),
        }
    }

    /// What a read of `version` finds on a side.
    #[inline]
    pub(super) fn lookup(&self, side: usize, version: Version) -> Lookup {
        let (newest, _) = self.newest;
        match self.sides[side].built_on {
            Some(gap) => gap,
            None if version >= newest && version > Version::NONE => Lookup::Found,
            None if newest == Version::NONE => Lookup::Fresh,
            None if version == Version::NONE => Lookup::Missing,
            None => Lookup::Stale,
        }
    }

    /// Whether two sides have different versions.
    pub(super) fn differs(&self) -> bool {
        self.sides
            .iter()
            .any(|side| side.version != self.sides[0].version)
    }

    /// Whether two sides differ and both took writes.
    pub(super) fn conflicts(&self) -> bool {
        self.differs() && self.sides.iter().filter(|side| side.wrote).count() >= 2
    }

    /// Whether some side never had any version.
    pub(super) fn is_missing_somewhere(&self) -> bool {
        self.sides.iter().any(|side| !side.ever_had)
    }

    /// A side loses what it has; the acknowledged writes that are gone for good.
    pub(super) fn lose(&mut self, side: usize) -> u64 {
        let lost = self.sides[side];
        let elsewhere =
            |(other, kept): (usize, &Side)| other != side && kept.version == lost.version;
        let is_kept = self.sides.iter().enumerate().any(elsewhere);
        self.sides[side] = Side {
            ever_had: lost.ever_had,
            wrote: lost.wrote,
            ..Side::default()
        };
        if is_kept {
            0
        } else {
            u64::from(lost.acknowledged)
        }
    }
}
