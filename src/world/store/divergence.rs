//! How far stores came apart, and why a session's state was not where it was looked for.

use crate::kernel::time::Time;
use crate::world::ids::DatasetId;

/// How far the stores of one data set came apart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Divergence {
    /// The data set.
    pub dataset: DatasetId,
    /// Keys ever written.
    pub keys: u64,
    /// Keys whose versions differ between stores at the end; for a session, at its end.
    pub differing: u64,
    /// Keys that both sides of a difference wrote.
    pub conflicting: u64,
    /// Keys that some store never had.
    pub missing: u64,
    /// Acknowledged writes that no store has any more.
    pub lost_writes: u64,
    /// Reads of records or content.
    pub reads: u64,
    /// Of these, reads of an older version than the newest acknowledged anywhere, or of none at all.
    pub stale_reads: u64,
    /// Page views counted, summed over the stores.
    pub views: u64,
    /// Visitors as each store's own dashboard shows them, in the order of the data set's stores.
    pub visitors_by_store: Vec<u64>,
    /// Views by store, in the same order.
    pub views_by_store: Vec<u64>,
    /// Visitors there really were.
    pub visitors: u64,
    /// When two stores first differed.
    pub first_at: Option<Time>,
}

/// Why a session broke.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum BreakCause {
    /// It was answered from another store than the one that has its state.
    ReplicaSwitch,
    /// The store lost what it had.
    StoreLost,
    /// A copy was behind.
    StaleCopy,
}
