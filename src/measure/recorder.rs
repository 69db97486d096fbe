//! Takes in the facts of a run, one by one, and keeps every tally.

use super::digest;
use super::failover::Failover;
use super::finals::Finals;
use super::lanes::{Lane, Lanes};
use super::latency::Latency;
use super::ledger::Ledger;
use super::metric::{Metric, MetricUse, Needs};
use super::observation::{Change, Observation, RequestSeen, SessionSeen};
use super::phase::{Phase, PhaseClock};
use super::run::Run;
use super::scope::Scope;
use super::sessions::SessionLedger;
use super::shares::Shares;
use super::status::{CHANGES_KEPT, StatusLog};
use super::timeline::Timeline;
use crate::fault::FaultPlan;
use crate::kernel::fingerprint::Fingerprint;
use crate::kernel::time::Span;
use crate::world::blueprint::Blueprint;

/// Sees every fact as it is recorded: for traces and explanations.
pub type Observer<'a> = Box<dyn FnMut(&Observation) + 'a>;

/// What a recorder is to keep beside the tallies that are always kept.
pub struct RecorderOptions<'a> {
    /// Measurements that may need more than the tallies: they are taken during the run.
    pub measurements: Vec<MetricUse>,
    /// Whether the series over time are kept; they take a few megabytes.
    pub series: bool,
    /// How many changes of state are kept for the operator's view.
    pub changes_kept: usize,
    /// Sees every fact.
    pub observer: Option<Observer<'a>>,
}

impl Default for RecorderOptions<'_> {
    fn default() -> Self {
        RecorderOptions {
            measurements: Vec::new(),
            series: true,
            changes_kept: CHANGES_KEPT,
            observer: None,
        }
    }
}

/// Keeps every tally of one running replication.
pub struct Recorder<'a> {
    scope: Scope,
    fingerprint: Fingerprint,
    phases: PhaseClock,
    /// Without what lanes have yet to hand over: it has every row, but not all counts.
    ledger: Ledger,
    lanes: Lanes,
    latency: Latency,
    sessions: SessionLedger,
    shares: Shares,
    failover: Failover,
    status: StatusLog,
    timeline: Option<Timeline>,
    asked: Vec<MetricUse>,
    metrics: Vec<Box<dyn Metric>>,
    /// Positions of the metrics that see requests, sessions and changes.
    watching: [Vec<usize>; 3],
    observer: Option<Observer<'a>>,
}

impl<'a> Recorder<'a> {
    /// An empty recorder for one replication.
    pub fn new(
        world: &Blueprint,
        faults: &[FaultPlan],
        options: RecorderOptions<'a>,
    ) -> Recorder<'a> {
        Recorder::of(Scope::new(world, faults), options)
    }

    /// An empty recorder for what a scope names.
    pub fn of(scope: Scope, options: RecorderOptions<'a>) -> Recorder<'a> {
        let metrics: Vec<_> = options
            .measurements
            .iter()
            .map(|it| it.build(&scope))
            .collect();
        let needing = |need: fn(Needs) -> bool| {
            let watching = metrics
                .iter()
                .enumerate()
                .filter(|(_, metric)| need(metric.needs()));
            watching.map(|(index, _)| index).collect()
        };
        Recorder {
            fingerprint: Fingerprint::default(),
            phases: PhaseClock::default(),
            ledger: Ledger::default(),
            lanes: Lanes::new(),
            latency: Latency::new(scope.groups.len()),
            sessions: SessionLedger::new(scope.groups.len()),
            shares: Shares::new(&scope),
            failover: Failover::new(&scope),
            status: StatusLog::new(&scope, options.changes_kept),
            timeline: options
                .series
                .then(|| Timeline::new(scope.length().max(Span::from_nanos(1)))),
            watching: [
                needing(|it| it.requests),
                needing(|it| it.sessions),
                needing(|it| it.changes),
            ],
            asked: options.measurements,
            metrics,
            observer: options.observer,
            scope,
        }
    }

    /// Takes in a request that ended. Requests come in the order in which they are closed.
    #[inline]
    pub fn request(&mut self, seen: &RequestSeen) {
        let (ledger, shares) = (&mut self.ledger, &mut self.shares);
        let slot = self.lanes.slot(seen, ledger, shares, &self.scope);
        let mut lane = *self.lanes.at(slot);
        self.request_in(&mut lane, seen);
        *self.lanes.at(slot) = lane;
    }

    /// A lane for requests such as this one, which hands over what it counted when it is [taken in](Recorder::take_in).
    #[cold]
    pub fn lane(&mut self, seen: RequestSeen) -> Lane {
        Lane::new(&seen, &mut self.ledger, &self.scope)
    }

    /// Takes in what was counted in a lane.
    pub fn take_in(&mut self, lane: &mut Lane) {
        lane.hand_over(&mut self.ledger, &mut self.shares);
    }

    /// Takes in a request that ended, of which the lane is known.
    ///
    /// This and what else stands on the way of a settled request is compiled where it is called: its caller knows that the
    /// request went as most do, so that most questions have their answers then. DESIGN.md has what that saves.
    #[inline(always)]
    pub fn request_in(&mut self, lane: &mut Lane, seen: &RequestSeen) {
        let numbers = digest::numbers_of_request(seen);
        self.fingerprint.absorb(lane.names.wrapping_add(numbers));
        if seen.is_usual() {
            lane.count_usual(seen);
        } else {
            count_others(lane.row, *seen, &mut self.ledger, &mut self.shares);
        }
        let phase = self.phases.at(seen.born);
        self.latency.record(seen, phase);
        if let Some(timeline) = &mut self.timeline {
            timeline.record(seen);
        }
        if self.failover.request(seen) {
            self.phases.turn(seen.closed, self.failover.phase());
        }
        if !self.watching[0].is_empty() || self.observer.is_some() {
            self.is_watched(*seen, phase);
        }
    }

    /// Those who asked for it see a request.
    fn is_watched(&mut self, seen: RequestSeen, phase: Phase) {
        for &index in &self.watching[0] {
            self.metrics[index].request(&seen, phase, &self.scope);
        }
        if let Some(observer) = &mut self.observer {
            observer(&Observation::Request(seen));
        }
    }

    /// Takes in a session that ended.
    pub fn session(&mut self, seen: &SessionSeen) {
        self.fingerprint.absorb(digest::session(seen, &self.scope));
        let phase = self.phases.at(seen.born);
        self.sessions.record(seen);
        for &index in &self.watching[1] {
            self.metrics[index].session(seen, phase, &self.scope);
        }
        if let Some(observer) = &mut self.observer {
            observer(&Observation::Session(*seen));
        }
    }

    /// Takes in a change of state. Changes come in order of time.
    pub fn change(&mut self, change: &Change) {
        self.fingerprint.absorb(digest::change(change, &self.scope));
        self.status.record(change);
        self.failover.change(change, &self.ledger);
        self.phases.turn(change.at, self.failover.phase());
        for &index in &self.watching[2] {
            self.metrics[index].change(change, &self.scope);
        }
        if let Some(observer) = &mut self.observer {
            observer(&Observation::Change(*change));
        }
    }

    /// Ends the replication: clocks stop at the horizon, and the measurements are taken.
    pub fn finish(mut self, finals: Finals) -> Run {
        self.fingerprint.absorb(digest::end(finals.ended_at));
        self.status.finish();
        self.lanes.hand_over(&mut self.ledger, &mut self.shares);
        let mut run = Run {
            scope: self.scope,
            fingerprint: self.fingerprint,
            ledger: self.ledger,
            latency: self.latency,
            sessions: self.sessions,
            shares: self.shares,
            failover: self.failover,
            status: self.status,
            timeline: self.timeline,
            finals,
            measured: Vec::new(),
        };
        let measures: Vec<_> = self
            .metrics
            .iter()
            .map(|metric| metric.measure(&run))
            .collect();
        run.measured = self.asked.into_iter().zip(measures).collect();
        run
    }
}

/// Counts a request that did not go as most do.
///
/// It gets the request itself, as do others that are called for few requests: what is lent to a function stands in memory
/// from the start, and all that comes after reads it from there.
#[inline(never)]
fn count_others(row: u32, seen: RequestSeen, ledger: &mut Ledger, shares: &mut Shares) {
    ledger.record_in(row, &seen);
    shares.record(&seen);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::time::Time;
    use crate::measure::metric::{Measure, find};
    use crate::measure::selection::Selection;
    use crate::measure::testing::{record_small_run, request, scope, small_run};

    fn run_with(options: RecorderOptions) -> Run {
        let mut recorder = Recorder::of(scope(), options);
        record_small_run(&mut recorder);
        recorder.finish(Finals::default())
    }

    #[test]
    fn the_fingerprint_does_not_depend_on_what_is_kept() {
        let plain = run_with(RecorderOptions::default());
        let metric = MetricUse::new(find("failing_s").unwrap(), Selection::default()).unwrap();
        let mut facts = 0;
        let other = run_with(RecorderOptions {
            measurements: vec![metric.clone()],
            series: false,
            changes_kept: 0,
            observer: Some(Box::new(|_| facts += 1)),
        });
        assert_eq!(plain.fingerprint, other.fingerprint);
        assert_eq!(plain.ledger, other.ledger);
        assert_eq!(facts, 2 * 299 + 6 + 6 + 4 + 8 + 2 + 4);
        assert_eq!(other.measure(&metric), Measure::Value(5e9));
        assert_eq!(plain.measure(&metric), Measure::Missing);
    }

    #[test]
    fn a_request_counts_in_the_phase_of_its_birth() {
        let run = small_run(&[]);
        let requests = crate::measure::phase::Phase::ALL.map(|phase| {
            let any = Some(crate::measure::selection::Ended::Any);
            let of_phase = Selection {
                phase: Some(phase),
                outcome: any,
                ..Selection::default()
            };
            run.latency.select(&of_phase).latency.count()
        });
        // Struck at second 100; recovered when the request of second 210 was answered.
        assert_eq!(requests, [99, 111, 89]);
    }

    #[test]
    fn what_was_born_before_a_measurement_begins_or_when_it_has_ended_does_not_count() {
        let window = Selection {
            from: Some(Time::ZERO + Span::from_secs(200)),
            until: Some(Time::ZERO + Span::from_secs(250)),
            ..Selection::default()
        };
        let requests = MetricUse::new(find("requests").unwrap(), window).unwrap();
        let run = small_run(std::slice::from_ref(&requests));
        // One a second, those of second 200 among them and that of second 250 not.
        assert_eq!(run.measure(&requests), Measure::Value(50.0));
    }

    #[test]
    fn a_request_that_ends_after_the_horizon_counts_with_all_its_time() {
        let mut recorder = Recorder::of(scope(), RecorderOptions::default());
        let shortly_before = Time::ZERO + Span::from_secs(3_599);
        recorder.request(&request(shortly_before, Span::from_secs(30)));
        let run = recorder.finish(Finals::default());
        assert_eq!(run.ledger.total().requests(), 1);
        let times = run.latency.select(&Selection::default()).latency;
        assert_eq!((times.count(), times.max()), (1, 30_000_000_000));
    }

    #[test]
    fn all_tallies_agree_on_the_number_of_requests() {
        let run = small_run(&[]);
        let timeline = run.timeline.as_ref().unwrap();
        let in_series: u64 = timeline.counts().map(|(_, bucket)| bucket.requests()).sum();
        let by_connection: u64 = run
            .shares
            .connections()
            .map(|(_, traffic)| traffic.requests)
            .sum();
        assert_eq!(
            [run.ledger.total().requests(), in_series, by_connection],
            [299; 3]
        );
    }

    #[test]
    fn the_order_of_facts_counts_in_the_fingerprint() {
        let of = |births: [u64; 2]| {
            let mut recorder = Recorder::of(scope(), RecorderOptions::default());
            for born in births {
                recorder.request(&request(Time::from_nanos(born), Span::from_nanos(1)));
            }
            recorder.finish(Finals::default()).fingerprint
        };
        assert_ne!(of([1, 2]), of([2, 1]));
    }

    #[test]
    fn a_summary_is_data() {
        let summary = serde_json::to_value(small_run(&[]).summary()).unwrap();
        assert_eq!(summary["total"]["requests"], 299);
        assert_eq!(summary["total"]["causes"]["dead-connection"], 6);
        assert_eq!(summary["tunnels"][0]["connections"]["fra01"], 1);
        assert_eq!(summary["latency"][0]["phase"], "all");
    }
}
