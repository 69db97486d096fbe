//! What a monitor believes of one endpoint, and what follows for its pool.

use crate::world::blueprint::Monitor;

/// The vendor's words for a pool's health.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PoolHealth {
    /// All enabled endpoints are healthy.
    Healthy,
    /// Some are not, but enough are.
    Degraded,
    /// Fewer are healthy than the pool needs: it gets no traffic, except as the fallback pool.
    Critical,
    /// It has no monitor, and is used all the same; or its monitor has no verdict yet, and it
    /// counts as critical meanwhile.
    Unknown,
}

/// What one data centre knows of one endpoint.
#[derive(Clone, Copy, Debug)]
pub(super) struct DataCentreVerdict {
    /// The verdict in force; none before the first run ended.
    healthy: Option<bool>,
    /// How many runs in a row contradicted it.
    contradictions: u32,
    /// How many probes of the current run timed out.
    timeouts: u32,
}

impl DataCentreVerdict {
    fn new(healthy: Option<bool>) -> DataCentreVerdict {
        DataCentreVerdict {
            healthy,
            contradictions: 0,
            timeouts: 0,
        }
    }

    /// Takes in a time-out; whether the probe is to be repeated at once.
    pub(super) fn timed_out(&mut self, monitor: &Monitor) -> bool {
        if self.timeouts < monitor.retries {
            self.timeouts += 1;
            return true;
        }
        self.run_ended(false, monitor);
        false
    }

    /// Takes in the result of a run: a probe and its retries.
    ///
    /// The first run decides at once; a later verdict needs so many runs in a row, where 0 and 1
    /// mean the same (inferred from the defaults of 0).
    pub(super) fn run_ended(&mut self, passed: bool, monitor: &Monitor) {
        self.timeouts = 0;
        if self.healthy == Some(passed) {
            self.contradictions = 0;
            return;
        }
        self.contradictions += 1;
        let needed = if passed {
            monitor.consecutive_up
        } else {
            monitor.consecutive_down
        };
        if self.healthy.is_none() || self.contradictions >= needed {
            *self = DataCentreVerdict::new(Some(passed));
        }
    }
}

/// What a monitor knows of one endpoint: three data centres for each of its probe regions.
#[derive(Clone, Debug)]
pub(super) struct EndpointHealth {
    regions: Vec<[DataCentreVerdict; 3]>,
    healthy: bool,
}

impl EndpointHealth {
    /// The belief before the first probe.
    ///
    /// Simplification: the world of time 0 has been running for a while, so monitors believe their
    /// endpoints up; one that `starts_unknown` knows nothing yet, and the vendor counts that as
    /// down.
    pub(super) fn new(monitor: &Monitor) -> EndpointHealth {
        let verdict = DataCentreVerdict::new((!monitor.starts_unknown).then_some(true));
        EndpointHealth {
            regions: vec![[verdict; 3]; monitor.probe_regions.len()],
            healthy: !monitor.starts_unknown,
        }
    }

    /// Whether the endpoint counts as up.
    pub(super) fn is_healthy(&self) -> bool {
        self.healthy
    }

    /// Whether any data centre has a verdict.
    pub(super) fn is_known(&self) -> bool {
        self.regions.is_empty() || self.verdicts().any(|verdict| verdict.healthy.is_some())
    }

    fn verdicts(&self) -> impl Iterator<Item = &DataCentreVerdict> {
        self.regions.iter().flatten()
    }

    /// The verdict of one data centre of one region, to be changed.
    pub(super) fn verdict_mut(&mut self, region: usize, data_centre: u8) -> &mut DataCentreVerdict {
        &mut self.regions[region][usize::from(data_centre)]
    }

    /// Counts the votes again; whether the endpoint's health flipped.
    ///
    /// A region is healthy by the majority of its data centres and an endpoint by the majority of
    /// its regions, so half of the regions are not enough.
    pub(super) fn recount(&mut self) -> bool {
        let says_yes = |verdict: &&DataCentreVerdict| verdict.healthy == Some(true);
        let is_up = |region: &&[DataCentreVerdict; 3]| region.iter().filter(says_yes).count() >= 2;
        let regions_up = self.regions.iter().filter(is_up).count();
        let before = self.healthy;
        self.healthy = 2 * regions_up > self.regions.len();
        self.healthy != before
    }
}
