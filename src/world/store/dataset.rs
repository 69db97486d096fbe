//! One data set over all its stores.

use super::divergence::{BreakCause, Divergence};
use super::record::{Lookup, Record, Version};
use super::visits::Visits;
use crate::kernel::directory::Directory;
use crate::kernel::time::Time;
use crate::world::blueprint::{Dataset, Holds};
use crate::world::ids::{DatasetId, StoreId};

/// The key under which content is kept.
pub const CONTENT: u64 = 0;

/// A data set: every key that is still of interest, and the tallies of those that are not.
#[derive(Clone, Debug)]
pub(super) struct DatasetState {
    holds: Holds,
    newest_write: Version,
    records: Directory<Record>,
    pub(super) visits: Visits,
    /// Everything that is counted as it happens, and the keys of ended sessions.
    tallies: Divergence,
    stores: usize,
}

impl DatasetState {
    /// The data set at time 0: nothing but, for content, one version that all stores have.
    pub(super) fn new(id: DatasetId, declared: &Dataset) -> DatasetState {
        let stores = declared.stores.len();
        let mut dataset = DatasetState {
            holds: declared.holds,
            newest_write: Version::NONE,
            records: Directory::default(),
            visits: Visits::new(stores),
            tallies: Divergence {
                dataset: id,
                ..Divergence::default()
            },
            stores,
        };
        if declared.holds == Holds::Content {
            let version = dataset.next_version();
            let record = dataset.record(CONTENT);
            record.newest.0 = version;
            for side in record.sides.iter_mut() {
                side.version = version;
                side.ever_had = true;
            }
        }
        dataset
    }

    /// The number of a new write.
    pub(super) fn next_version(&mut self) -> Version {
        self.newest_write.0 += 1;
        self.newest_write
    }

    fn record(&mut self, key: u64) -> &mut Record {
        let stores = self.stores;
        self.records.get_or_insert_with(key, || Record::new(stores))
    }

    /// A read on a side, which meets what `meets` makes of the version there.
    #[inline(always)] // See `Recorder::request_in`.
    pub(super) fn read(
        &mut self,
        side: usize,
        key: u64,
        meets: impl FnOnce(Version) -> Version,
    ) -> Lookup {
        let record = self.records.get(key);
        let version = meets(record.map_or(Version::NONE, |record| record.sides[side].version));
        let found = record.map_or(Lookup::Fresh, |record| record.lookup(side, version));
        if matches!(self.holds, Holds::Records { .. } | Holds::Content) {
            self.tallies.reads += 1;
            self.tallies.stale_reads += u64::from(found.is_loss());
        }
        found
    }

    /// A write of a version on a side; returns the version it replaces.
    ///
    /// A session's state grows with each write, so a write onto a store that lacks what was
    /// acknowledged does not make it whole. Once the client is told, the session is broken and the
    /// gap is of no further interest.
    pub(super) fn write(&mut self, side: usize, key: u64, version: Version) -> Version {
        let grows = self.holds == Holds::Sessions;
        let record = self.record(key);
        let before = record.lookup(side, record.sides[side].version);
        let side = &mut record.sides[side];
        side.built_on = (grows && before.is_loss()).then_some(before);
        side.ever_had = true;
        side.wrote = true;
        std::mem::replace(&mut side.version, version)
    }

    /// Notes the time at which the stores first disagreed, if a write of this key made them. Writes of different keys
    /// need not come in order of time.
    pub(super) fn note_difference(&mut self, key: u64, then: Time) {
        let first = &mut self.tallies.first_at;
        let is_first = first.is_none_or(|first| then < first);
        if is_first && self.records.get(key).is_some_and(Record::differs) {
            *first = Some(then);
        }
    }

    /// The client was told of a write.
    ///
    /// A write that its store lost before that counts as lost now. Simplification: a write that was
    /// lost before it was acknowledged does not count as lost if its key was written again in
    /// between, nor if its session has ended.
    pub(super) fn acknowledge(&mut self, side: usize, key: u64, version: Version) {
        let Some(record) = self.records.get_mut(key) else {
            return;
        };
        record.newest = record.newest.max((version, side));
        let side = &mut record.sides[side];
        if side.version >= version {
            side.acknowledged += 1;
            side.built_on = None;
        } else {
            self.tallies.lost_writes += 1;
        }
    }

    /// Why a read on this side did not find what had been acknowledged.
    pub(super) fn why_missing(&self, side: usize, key: u64) -> BreakCause {
        match self.records.get(key) {
            Some(Record {
                newest: (newest, written_to),
                sides,
            }) if *written_to == side => {
                if sides[side].version >= *newest && sides[side].built_on.is_none() {
                    BreakCause::StaleCopy
                } else {
                    BreakCause::StoreLost
                }
            }
            _ => BreakCause::ReplicaSwitch,
        }
    }

    /// A store falls back to an older version of a key; `lost` of its acknowledged writes are gone.
    pub(super) fn roll_back(&mut self, side: usize, key: u64, version: Version, lost: u32) {
        self.tallies.lost_writes += u64::from(lost);
        if let Some(record) = self.records.get_mut(key) {
            let side = &mut record.sides[side];
            side.version = version;
            side.acknowledged = side.acknowledged.saturating_sub(lost);
        }
    }

    /// A store loses everything.
    pub(super) fn lose(&mut self, side: usize) {
        let lost: u64 = self
            .records
            .values_mut()
            .map(|record| record.lose(side))
            .sum();
        self.tallies.lost_writes += lost + self.visits.lose(side);
    }

    /// A session ended: its key is counted and forgotten.
    pub(super) fn session_ended(&mut self, key: u64) {
        self.visits.session_ended(key);
        if self.holds == Holds::Sessions
            && let Some(record) = self.records.remove(key)
        {
            count(&mut self.tallies, &record);
        }
    }

    /// How far the stores have come apart.
    pub(super) fn divergence(&self) -> Divergence {
        let mut divergence = self.tallies.clone();
        for record in self.records.values() {
            count(&mut divergence, record);
        }
        self.visits.report(&mut divergence);
        divergence
    }
}

/// Adds one key.
fn count(divergence: &mut Divergence, record: &Record) {
    divergence.keys += 1;
    divergence.differing += u64::from(record.differs());
    divergence.conflicting += u64::from(record.conflicts());
    divergence.missing += u64::from(record.is_missing_somewhere());
}

/// The position of a store among those of its data set.
///
/// # Panics
/// If the data set does not list the store.
pub(super) fn side_of(declared: &Dataset, store: StoreId) -> usize {
    let side = declared.stores.iter().position(|listed| *listed == store);
    side.expect("a data set lists its stores")
}
