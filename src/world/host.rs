//! A host: power, line, Docker.

use crate::kernel::integral::TimeWeighted;
use crate::kernel::time::Time;

/// The changing part of a host.
#[derive(Debug)]
pub struct HostState {
    /// Whether it has power.
    pub powered: bool,
    /// Whether its line is up.
    pub line_up: bool,
    /// Whether UDP 7844 passes.
    pub udp_open: bool,
    /// Whether Docker runs: false while it boots.
    pub booted: bool,
    /// Whether it is on its way down in order: its processes drain, and nothing starts any more.
    pub stopping: bool,
    /// Counts lives: events of an earlier life are stale.
    pub life: u32,
    /// Time with power, line and Docker.
    pub up: TimeWeighted,
}

impl HostState {
    /// A host that runs from time zero.
    pub fn new(horizon: Time) -> Self {
        HostState {
            powered: true,
            line_up: true,
            udp_open: true,
            booted: true,
            stopping: false,
            life: 0,
            up: TimeWeighted::new(1, horizon),
        }
    }

    /// Whether its processes run.
    pub fn is_running(&self) -> bool {
        self.powered && self.booted
    }

    /// Whether a process can be started on it.
    pub fn starts_processes(&self) -> bool {
        self.is_running() && !self.stopping
    }

    /// Whether its processes run and packets reach it.
    pub fn is_online(&self) -> bool {
        self.is_running() && self.line_up
    }

    /// Brings the integral of its up time to the present state.
    pub fn note(&mut self, now: Time) {
        self.up.set(now, u64::from(self.is_online()));
    }
}
