//! What the simulation itself adds up and hands over at the end: integrals over time, and the data in the stores.

use crate::kernel::time::{Span, Time};
use crate::world::ids::*;

/// Use of one container up to the horizon.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct ContainerUse {
    /// The container.
    pub container: ContainerId,
    /// Integral of busy workers over time, in worker-nanoseconds.
    pub busy: u128,
    /// Integral of waiting requests over time, in request-nanoseconds.
    pub waiting: u128,
    /// The longest queue seen.
    pub waiting_max: u32,
    /// Requests admitted to service or queue.
    pub admitted: u64,
    /// Requests refused because the queue was full.
    pub refused: u64,
    /// Starts of its process after the first.
    pub restarts: u32,
}

/// Time that something was up, up to the horizon; the rest it was down.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct UpTime {
    /// What it is about.
    pub entity: super::observation::Entity,
    /// Time up.
    pub up: Span,
    /// Time down.
    pub down: Span,
}

/// How far the stores of one data set came apart.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Divergence {
    /// The data set.
    pub dataset: DatasetId,
    /// Keys ever written.
    pub keys: u64,
    /// Keys whose versions differ between stores at the end.
    pub differing: u64,
    /// Keys that both sides of a difference wrote.
    pub conflicting: u64,
    /// Keys that some store never had.
    pub missing: u64,
    /// Acknowledged writes that no store has any more.
    pub lost_writes: u64,
    /// Reads of records or content.
    pub reads: u64,
    /// Of these, reads of an older version than the newest acknowledged anywhere.
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

/// Everything the simulation hands over when a run ends.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Finals {
    /// When the last event happened.
    pub ended_at: Time,
    /// Events handled.
    pub events: u64,
    /// Use of every container.
    pub containers: Vec<ContainerUse>,
    /// Up and down times of hosts, replicas, connections, containers and stores.
    pub uptimes: Vec<UpTime>,
    /// Divergence of every data set.
    pub divergences: Vec<Divergence>,
    /// DNS records that were refused because the name was taken.
    pub records_refused: u64,
}
