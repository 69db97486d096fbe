//! The runs of one variant, put together: the first one in full, the tallies of all, and one row for each.

use super::faults::{self, FaultTally};
use super::wording::millis;
use crate::kernel::fingerprint::Fingerprint;
use crate::kernel::time::Time;
use crate::measure::finals::{ContainerUse, Divergence};
use crate::measure::latency::Latency;
use crate::measure::ledger::{Counts, Ledger};
use crate::measure::metric::{Measure, MetricUse};
use crate::measure::observation::TunnelStatus;
use crate::measure::run::Run;
use crate::measure::selection::Selection;
use crate::measure::sessions::{SessionCounts, SessionLedger};
use crate::measure::shares::Shares;
use crate::measure::status::Event;
use crate::measure::timeline::Timeline;
use crate::world::ids::{FaultId, Position, TunnelId};

/// How long a tunnel had each status, by [`TunnelStatus`], in nanoseconds over all runs: a thousand years and more.
pub type StatusTimes = [u128; TunnelStatus::ALL.len()];

/// What remains of one run when only the tallies of all are kept.
#[derive(Clone, PartialEq, Debug)]
pub struct RunRow {
    /// The hash of all its facts.
    pub fingerprint: Fingerprint,
    /// Its requests.
    pub counts: Counts,
    /// Its sessions.
    pub sessions: SessionCounts,
    /// The measurements that were asked for.
    pub measured: Vec<(MetricUse, Measure)>,
}

/// The runs of one variant.
///
/// Runs are added in the order of their replications, one at a time, so that a thousand of them need the memory of
/// one and a row for each.
#[derive(Clone, Debug)]
pub struct Gathered {
    /// The first replication, in full: stories are told of it.
    pub first: Run,
    /// The outcome ledger of all runs.
    pub ledger: Ledger,
    /// The latencies of all runs.
    pub latency: Latency,
    /// The sessions of all runs.
    pub sessions: SessionLedger,
    /// The traffic of all runs.
    pub shares: Shares,
    /// The series of all runs added up, if they were kept.
    pub timeline: Option<Timeline>,
    /// The strikes of all runs, by fault.
    pub faults: Vec<FaultTally>,
    /// Whether the same faults struck at the same times in all runs.
    pub strikes_agree: bool,
    /// The time in each status over all runs, by tunnel.
    pub statuses: Vec<StatusTimes>,
    /// Alerts sent in all runs.
    pub alerts: u64,
    /// The data sets of all runs, added up.
    pub divergences: Vec<Divergence>,
    /// The use of containers in all runs, added up.
    pub containers: Vec<ContainerUse>,
    /// DNS records refused in all runs.
    pub records_refused: u64,
    /// One row for each run.
    pub rows: Vec<RunRow>,
}

impl Gathered {
    /// Begins with the first replication.
    pub fn new(first: Run) -> Gathered {
        Gathered {
            ledger: first.ledger.clone(),
            latency: first.latency.clone(),
            sessions: first.sessions.clone(),
            shares: first.shares.clone(),
            timeline: first.timeline.clone(),
            faults: FaultTally::of_run(&first),
            strikes_agree: true,
            statuses: statuses(&first),
            alerts: alerts(&first),
            divergences: first.finals.divergences.clone(),
            containers: first.finals.containers.clone(),
            records_refused: first.finals.records_refused,
            rows: vec![row(&first)],
            first,
        }
    }

    /// Puts all runs together; none if there are none.
    pub fn of(runs: impl IntoIterator<Item = Run>) -> Option<Gathered> {
        let mut runs = runs.into_iter();
        let mut gathered = Gathered::new(runs.next()?);
        runs.for_each(|run| gathered.add(&run));
        Some(gathered)
    }

    /// The time that a share of all answers took at most, in milliseconds; empty if there were none.
    pub fn latency_ms(&self, share: f64) -> String {
        let waits = self.latency.select(&Selection::default());
        waits
            .latency
            .quantile(share)
            .map(millis)
            .unwrap_or_default()
    }

    /// Adds the next replication of the same scenario.
    pub fn add(&mut self, run: &Run) {
        self.ledger.merge(&run.ledger);
        self.latency.merge(&run.latency);
        self.sessions.merge(&run.sessions);
        self.shares.merge(&run.shares);
        match (&mut self.timeline, &run.timeline) {
            (Some(mine), Some(theirs)) => mine.merge(theirs),
            (mine, _) => *mine = None,
        }
        faults::add_run(&mut self.faults, run);
        self.strikes_agree &= strikes(run).eq(strikes(&self.first));
        for (mine, theirs) in self.statuses.iter_mut().zip(statuses(run)) {
            mine.iter_mut()
                .zip(theirs)
                .for_each(|(mine, theirs)| *mine += theirs);
        }
        self.alerts += alerts(run);
        let pairs = self.divergences.iter_mut().zip(&run.finals.divergences);
        pairs.for_each(|(mine, theirs)| add_divergence(mine, theirs));
        let pairs = self.containers.iter_mut().zip(&run.finals.containers);
        pairs.for_each(|(mine, theirs)| add_use(mine, theirs));
        self.records_refused += run.finals.records_refused;
        self.rows.push(row(run));
    }

    /// How many runs there are.
    pub fn replications(&self) -> usize {
        self.rows.len()
    }

    /// The sessions of all groups.
    pub fn all_sessions(&self) -> SessionCounts {
        self.sessions.select(&Selection::default())
    }

    /// The hash of all facts of all runs: that of the only run, or one over the hashes of all.
    pub fn fingerprint(&self) -> Fingerprint {
        if let [only] = self.rows.as_slice() {
            return only.fingerprint;
        }
        let mut all = Fingerprint::default();
        self.rows
            .iter()
            .for_each(|row| all.absorb(row.fingerprint.value()));
        all
    }
}

fn row(run: &Run) -> RunRow {
    RunRow {
        fingerprint: run.fingerprint,
        counts: run.ledger.total(),
        sessions: run.sessions.select(&Selection::default()),
        measured: run.measured.clone(),
    }
}

fn strikes(run: &Run) -> impl Iterator<Item = (FaultId, Time)> {
    run.failover
        .strikes()
        .iter()
        .map(|strike| (strike.fault, strike.struck()))
}

fn statuses(run: &Run) -> Vec<StatusTimes> {
    let of_tunnel = |index| {
        let clock = run.status.clock(TunnelId::at(index));
        TunnelStatus::ALL.map(|status| u128::from(clock.spent(status).as_nanos()))
    };
    (0..run.scope.tunnels.len()).map(of_tunnel).collect()
}

fn alerts(run: &Run) -> u64 {
    run.status.count(Event::Alert, |_| true)
}

fn add_divergence(mine: &mut Divergence, theirs: &Divergence) {
    let add = |mine: &mut Vec<u64>, theirs: &[u64]| {
        mine.iter_mut().zip(theirs).for_each(|(a, b)| *a += b)
    };
    mine.keys += theirs.keys;
    mine.differing += theirs.differing;
    mine.conflicting += theirs.conflicting;
    mine.missing += theirs.missing;
    mine.lost_writes += theirs.lost_writes;
    mine.reads += theirs.reads;
    mine.stale_reads += theirs.stale_reads;
    mine.views += theirs.views;
    mine.visitors += theirs.visitors;
    add(&mut mine.visitors_by_store, &theirs.visitors_by_store);
    add(&mut mine.views_by_store, &theirs.views_by_store);
    mine.first_at = mine.first_at.into_iter().chain(theirs.first_at).min();
}

fn add_use(mine: &mut ContainerUse, theirs: &ContainerUse) {
    mine.busy += theirs.busy;
    mine.waiting += theirs.waiting;
    mine.waiting_max = mine.waiting_max.max(theirs.waiting_max);
    mine.admitted += theirs.admitted;
    mine.refused += theirs.refused;
    mine.restarts += theirs.restarts;
}

#[cfg(test)]
mod tests {
    use crate::report::testing::{Story, variant};

    #[test]
    fn runs_add_up_and_keep_their_first() {
        let one = variant(None, Story::small(), 1).runs;
        let three = variant(None, Story::small(), 3).runs;
        assert_eq!(one.first, three.first);
        assert_eq!((one.replications(), three.replications()), (1, 3));
        let of_rows: u64 = three.rows.iter().map(|row| row.counts.requests()).sum();
        assert_eq!(three.ledger.total().requests(), of_rows);
        assert_eq!(three.faults[0].strikes, 3);
        assert!(three.strikes_agree);
        assert_eq!(one.fingerprint(), one.first.fingerprint);
        assert_ne!(three.fingerprint(), one.fingerprint());
    }
}
