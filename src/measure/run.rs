//! Everything that one replication left behind.

use serde::Serialize;

use super::failover::{Failover, StrikeSummary};
use super::finals::Finals;
use super::latency::{Latency, LatencySummary};
use super::ledger::{CountsSummary, Ledger, LedgerRow};
use super::metric::{Measure, MetricUse};
use super::scope::Scope;
use super::sessions::{SessionLedger, SessionSummary};
use super::shares::{Shares, SharesSummary};
use super::status::{StatusLog, TunnelSummary};
use super::timeline::{Timeline, TimelineSummary};
use crate::kernel::fingerprint::Fingerprint;

/// All tallies of one replication: what reports are written from.
#[derive(Clone, PartialEq, Debug)]
pub struct Run {
    /// Names and relations.
    pub scope: Scope,
    /// The hash of all facts in their order.
    pub fingerprint: Fingerprint,
    /// The outcome ledger.
    pub ledger: Ledger,
    /// How long requests took.
    pub latency: Latency,
    /// The session and cart ledger.
    pub sessions: SessionLedger,
    /// Traffic of connections and endpoints.
    pub shares: Shares,
    /// The failovers.
    pub failover: Failover,
    /// The operator's view.
    pub status: StatusLog,
    /// The series, if they were asked for.
    pub timeline: Option<Timeline>,
    /// What the simulation itself added up.
    pub finals: Finals,
    /// The measurements that were asked for before the run.
    pub measured: Vec<(MetricUse, Measure)>,
}

impl Run {
    /// The value of a metric in this run.
    ///
    /// One that was asked for before the run is looked up; any other is computed from the tallies if they suffice,
    /// and is [`Measure::Missing`] if they do not.
    pub fn measure(&self, wanted: &MetricUse) -> Measure {
        let asked = self.measured.iter().find(|(it, _)| it == wanted);
        asked.map_or_else(|| wanted.of_tallies(self), |&(_, measure)| measure)
    }

    /// The tallies with names instead of ids, the series themselves aside.
    pub fn summary(&self) -> RunSummary {
        RunSummary {
            fingerprint: self.fingerprint.to_string(),
            total: (&self.ledger.total()).into(),
            ledger: self.ledger.summary(&self.scope),
            latency: self.latency.summary(&self.scope),
            sessions: self.sessions.summary(&self.scope),
            shares: self.shares.summary(&self.scope),
            strikes: self.failover.summary(&self.scope),
            tunnels: self.status.summary(&self.scope),
            timeline: self.timeline.as_ref().map(Timeline::summary),
        }
    }
}

/// A run as it is written to summary.json.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct RunSummary {
    /// The hash of all facts in their order.
    pub fingerprint: String,
    /// All requests.
    pub total: CountsSummary,
    /// The outcome ledger, row by row.
    pub ledger: Vec<LedgerRow>,
    /// Latencies by group and phase.
    pub latency: Vec<LatencySummary>,
    /// Sessions by group.
    pub sessions: Vec<SessionSummary>,
    /// Traffic of connections and endpoints.
    pub shares: SharesSummary,
    /// Strikes of faults.
    pub strikes: Vec<StrikeSummary>,
    /// Tunnels.
    pub tunnels: Vec<TunnelSummary>,
    /// The series in short.
    pub timeline: Option<TimelineSummary>,
}
