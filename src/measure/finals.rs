//! What the simulation itself adds up and hands over at the end: integrals over time, and the data in the stores.

use crate::kernel::time::{Span, Time};
use crate::world::ids::*;

pub use crate::world::store::Divergence;

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

/// Everything the simulation hands over when a run ends.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Finals {
    /// When the last event happened.
    pub ended_at: Time,
    /// Events handled.
    pub events: u64,
    /// Use of every container.
    pub containers: Vec<ContainerUse>,
    /// Up and down times of hosts, replicas and containers.
    pub uptimes: Vec<UpTime>,
    /// Divergence of every data set.
    pub divergences: Vec<Divergence>,
    /// DNS records that were refused because the name was taken.
    pub records_refused: u64,
}
