//! How long requests took, and where the time went, by client group, phase and end.

use serde::Serialize;

use super::histogram::{FINE, Histogram};
use super::observation::{Parts, RequestSeen};
use super::phase::Phase;
use super::scope::Scope;
use super::selection::{Ended, Filter, Selection};
use crate::kernel::time::Span;
use crate::world::ids::*;

/// Sums of the parts of requests, in nanoseconds.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct PartSums {
    /// Travelling.
    pub network: u128,
    /// Waiting for a worker.
    pub waiting: u128,
    /// In service.
    pub service: u128,
    /// Waiting for a store.
    pub store: u128,
    /// Lost on attempts that came to nothing, on silence and on failed lookups.
    pub stalled: u128,
}

impl PartSums {
    #[inline]
    fn add(&mut self, parts: &Parts) {
        self.network += u128::from(parts.network.as_nanos());
        self.service += u128::from(parts.service.as_nanos());
        // Most requests find a free worker and a store beside it, and lose no time.
        if [parts.waiting, parts.store, parts.stalled] != [Span::ZERO; 3] {
            self.waiting += u128::from(parts.waiting.as_nanos());
            self.store += u128::from(parts.store.as_nanos());
            self.stalled += u128::from(parts.stalled.as_nanos());
        }
    }

    fn merge(&mut self, other: &PartSums) {
        self.network += other.network;
        self.waiting += other.waiting;
        self.service += other.service;
        self.store += other.store;
        self.stalled += other.stalled;
    }

    /// All parts together: the sum of the latencies.
    pub fn total(&self) -> u128 {
        self.network + self.waiting + self.service + self.store + self.stalled
    }
}

/// How long some requests took.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Waits {
    /// From birth to close, in nanoseconds.
    pub latency: Histogram<FINE>,
    /// Where the time went.
    pub parts: PartSums,
    /// Requests that lost time on the way.
    pub delayed: u64,
    /// The most time that one request lost, in nanoseconds.
    pub stalled_max: u64,
}

impl Waits {
    /// Adds one request.
    #[inline(always)] // See `Recorder::request_in`.
    pub fn record(&mut self, seen: &RequestSeen) {
        self.latency.record(seen.latency().as_nanos());
        self.parts.add(&seen.parts);
        if seen.is_delayed() {
            self.delayed += 1;
            self.stalled_max = self.stalled_max.max(seen.parts.stalled.as_nanos());
        }
    }

    /// Adds all requests of other waits.
    pub fn merge(&mut self, other: &Waits) {
        self.latency.merge(&other.latency);
        self.parts.merge(&other.parts);
        self.delayed += other.delayed;
        self.stalled_max = self.stalled_max.max(other.stalled_max);
    }
}

/// The filters that the run's own tally of latencies can answer.
pub const LATENCY_FILTERS: &[Filter] = &[Filter::Group, Filter::Phase, Filter::Outcome];

/// Waits of all requests of a run. Successes and failures stand apart and add up to all.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Latency {
    /// By group, phase and whether it failed.
    cells: Vec<[[Waits; 2]; Phase::ALL.len()]>,
}

impl Latency {
    /// Empty tallies of so many groups.
    pub fn new(groups: usize) -> Latency {
        Latency {
            cells: vec![Default::default(); groups],
        }
    }

    /// Adds one request.
    #[inline(always)] // See `Recorder::request_in`.
    pub fn record(&mut self, seen: &RequestSeen, phase: Phase) {
        let failed = usize::from(!seen.outcome.is_success());
        self.cells[seen.id.group.index()][phase as usize][failed].record(seen);
    }

    /// The waits of a group's requests of one phase that succeeded or failed.
    pub fn of(&self, group: GroupId, phase: Phase, failed: bool) -> &Waits {
        &self.cells[group.index()][phase as usize][usize::from(failed)]
    }

    /// The waits of the requests that a selection of [`LATENCY_FILTERS`] holds; successes if it names no end.
    pub fn select(&self, selection: &Selection) -> Waits {
        debug_assert!(selection.uses_only(LATENCY_FILTERS));
        let ended = selection.outcome.unwrap_or(Ended::Success);
        let mut total = Waits::default();
        for group in (0..self.cells.len())
            .map(GroupId::at)
            .filter(|&g| selection.group.is_none_or(|id| id == g))
        {
            for phase in Phase::ALL
                .into_iter()
                .filter(|&p| selection.phase.is_none_or(|phase| phase == p))
            {
                if ended != Ended::Failed {
                    total.merge(self.of(group, phase, false));
                }
                if ended != Ended::Success {
                    total.merge(self.of(group, phase, true));
                }
            }
        }
        total
    }

    /// Adds the waits of another replication of the same scenario.
    pub fn merge(&mut self, other: &Latency) {
        let mine = self.cells.iter_mut().flatten().flatten();
        mine.zip(other.cells.iter().flatten().flatten())
            .for_each(|(mine, theirs)| mine.merge(theirs));
    }

    /// The percentiles of every group and phase in which something was asked, and of each group's whole run.
    pub fn summary(&self, scope: &Scope) -> Vec<LatencySummary> {
        let mut rows = Vec::new();
        for (index, named) in scope.groups.iter().enumerate() {
            let of_group = Selection {
                group: Some(GroupId::at(index)),
                ..Selection::default()
            };
            let phases = if scope.faults.is_empty() {
                &[][..]
            } else {
                &Phase::ALL[..]
            };
            for phase in std::iter::once(None).chain(phases.iter().copied().map(Some)) {
                for outcome in [Ended::Success, Ended::Any] {
                    let waits = self.select(&Selection {
                        phase,
                        outcome: Some(outcome),
                        ..of_group.clone()
                    });
                    rows.extend(LatencySummary::of(&named.name, phase, outcome, &waits));
                }
            }
        }
        rows
    }
}

/// The latencies of one group in one phase, as they are written to files.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct LatencySummary {
    /// The client group.
    pub group: String,
    /// `before`, `during`, `after`, or `all`.
    pub phase: &'static str,
    /// Successes or any.
    pub outcome: Ended,
    /// Requests.
    pub requests: u64,
    /// Mean latency.
    pub latency_ms_mean: f64,
    /// Median latency.
    pub latency_ms_p50: f64,
    /// 90th percentile.
    pub latency_ms_p90: f64,
    /// 99th percentile.
    pub latency_ms_p99: f64,
    /// 99.9th percentile.
    pub latency_ms_p999: f64,
    /// Greatest latency.
    pub latency_ms_max: f64,
    /// Mean time travelling.
    pub network_ms_mean: f64,
    /// Mean time waiting for a worker.
    pub wait_ms_mean: f64,
    /// Mean time in service.
    pub service_ms_mean: f64,
    /// Mean time waiting for a store.
    pub store_ms_mean: f64,
    /// Mean time lost on attempts that came to nothing.
    pub stalled_ms_mean: f64,
}

const NANOS_PER_MILLI: f64 = 1e6;

impl LatencySummary {
    fn of(
        group: &str,
        phase: Option<Phase>,
        outcome: Ended,
        waits: &Waits,
    ) -> Option<LatencySummary> {
        let requests = waits.latency.count();
        let mean = |sum: u128| sum as f64 / requests as f64 / NANOS_PER_MILLI;
        let percentile = |q| {
            waits
                .latency
                .quantile(q)
                .map(|nanos| nanos as f64 / NANOS_PER_MILLI)
        };
        Some(LatencySummary {
            group: group.to_owned(),
            phase: phase.map_or("all", Phase::name),
            outcome,
            requests,
            latency_ms_mean: mean(waits.latency.sum()),
            latency_ms_p50: percentile(0.5)?,
            latency_ms_p90: percentile(0.9)?,
            latency_ms_p99: percentile(0.99)?,
            latency_ms_p999: percentile(0.999)?,
            latency_ms_max: waits.latency.max() as f64 / NANOS_PER_MILLI,
            network_ms_mean: mean(waits.parts.network),
            wait_ms_mean: mean(waits.parts.waiting),
            service_ms_mean: mean(waits.parts.service),
            store_ms_mean: mean(waits.parts.store),
            stalled_ms_mean: mean(waits.parts.stalled),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::time::Time;
    use crate::measure::outcome::Cause;
    use crate::measure::testing::{failed, request};

    #[test]
    fn without_a_named_end_only_successes_count() {
        let mut latency = Latency::new(1);
        latency.record(&request(Time::ZERO, Span::from_millis(4)), Phase::Before);
        latency.record(&failed(Time::ZERO, Cause::OriginHung), Phase::During);
        assert_eq!(latency.select(&Selection::default()).latency.count(), 1);
        let any = Selection {
            outcome: Some(Ended::Any),
            ..Selection::default()
        };
        let during = Selection {
            phase: Some(Phase::During),
            ..any.clone()
        };
        assert_eq!(latency.select(&any).latency.count(), 2);
        assert_eq!(latency.select(&during).latency.count(), 1);
    }

    #[test]
    fn the_parts_add_up_to_the_latencies() {
        let mut waits = Waits::default();
        (1..50).for_each(|ms| waits.record(&request(Time::ZERO, Span::from_millis(ms))));
        assert_eq!(waits.parts.total(), waits.latency.sum());
    }
}
