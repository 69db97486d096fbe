//! How far the runs have come, and the wish to stop them.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

/// Shared with the outside while runs are made. Nothing of it reaches a result.
#[derive(Debug, Default)]
pub struct Progress {
    total: AtomicU64,
    done: AtomicU64,
    interrupted: AtomicBool,
}

impl Progress {
    /// Asks all runs to stop soon.
    pub fn interrupt(&self) {
        self.interrupted.store(true, Ordering::Relaxed);
    }

    /// Whether somebody asked to stop.
    pub fn is_interrupted(&self) -> bool {
        self.interrupted.load(Ordering::Relaxed)
    }

    /// Work to do in all, in expected requests.
    pub fn total(&self) -> u64 {
        self.total.load(Ordering::Relaxed)
    }

    /// Work done so far, in expected requests.
    pub fn done(&self) -> u64 {
        self.done.load(Ordering::Relaxed)
    }

    /// More work is to be done, in expected requests: [`work`](super::replication::work) of each run.
    pub fn plan(&self, work: u64) {
        self.total.fetch_add(work, Ordering::Relaxed);
    }

    pub(super) fn add(&self, work: u64) {
        self.done.fetch_add(work, Ordering::Relaxed);
    }
}
