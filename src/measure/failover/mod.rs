//! Failovers, dissected: for every strike of a fault when it was noticed, routed around and over, and what it cost.
//!
//! The cost of a strike is every request that failed or was delayed in its course, whatever the cause: what would
//! have failed without the fault is not told apart.

mod strike;

use std::collections::BTreeMap;

use serde::Serialize;

use super::ledger::Ledger;
use super::observation::{Change, Entity, Happening, RequestSeen};
use super::phase::Phase;
use super::scope::Scope;
use crate::kernel::time::Time;
use crate::world::ids::*;

pub use strike::{Broken, Cost, Milestone, Severed, Stage, Strike};

/// Most strikes of one run whose milestones and costs are followed; further ones are only counted.
pub const STRIKES_FOLLOWED: usize = 100_000;

/// All strikes of a run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Failover {
    strikes: Vec<Strike>,
    /// Positions of the strikes that are not over.
    open: Vec<usize>,
    /// Since when the others are over, and their positions, in this order.
    over: Vec<(Time, usize)>,
    /// By fault: whether it has an end of its own.
    clears: Vec<bool>,
    /// How many circuits the edges list as a connection: a dead one and its successor, for a while.
    listed: BTreeMap<ConnectionRef, u32>,
    /// By fault: how often it struck, followed or not.
    struck: Vec<u64>,
}

impl Failover {
    /// No strikes yet.
    pub fn new(scope: &Scope) -> Failover {
        Failover {
            clears: scope.fault_clears.clone(),
            struck: vec![0; scope.fault_clears.len()],
            ..Failover::default()
        }
    }

    /// How often each fault struck.
    pub fn struck(&self) -> &[u64] {
        &self.struck
    }

    /// The strikes that are followed, in order of time.
    pub fn strikes(&self) -> &[Strike] {
        &self.strikes
    }

    /// The phase that begins now.
    pub fn phase(&self) -> Phase {
        if self
            .open
            .iter()
            .any(|&index| self.strikes[index].disturbs())
        {
            Phase::During
        } else if self.strikes.is_empty() {
            Phase::Before
        } else {
            Phase::After
        }
    }

    /// Sees a change of state. The ledger tells which metros' traffic went to what is lost.
    pub fn change(&mut self, change: &Change, ledger: &Ledger) {
        let at = change.at;
        match (change.entity, change.what) {
            (Entity::Fault(fault), Happening::Strikes) => self.strike(fault, at),
            (Entity::Fault(fault), Happening::Clears) => self.clear(fault, at),
            (Entity::Connection(connection), Happening::Severed { by }) => {
                let is_listed = self.is_listed(connection);
                if let Some(strike) = self.latest_of(by) {
                    strike.sever(connection, at, is_listed);
                    strike.entries.extend(
                        ledger
                            .rows()
                            .filter(|(row, _)| row.replica == Some(connection.replica))
                            .map(|(row, _)| row.entry),
                    );
                    tidy(strike);
                }
            }
            (Entity::Connection(connection), what) => {
                self.note_listing(connection, what);
                self.each_open(|strike| strike.connection_changes(connection, what, at));
            }
            (Entity::Container(container), Happening::Up) => {
                self.each_open(|strike| strike.container_is_up(container, at))
            }
            (Entity::Container(container), what) if breaks(what) => {
                self.container_breaks(container, at, ledger)
            }
            (Entity::Endpoint(_) | Entity::Pool(_), Happening::Health { healthy: false }) => {
                self.each_open(|strike| strike.hear(at));
            }
            _ => return,
        }
        self.close_recovered(at);
    }

    fn strike(&mut self, fault: FaultId, at: Time) {
        self.struck[fault.index()] += 1;
        if self.strikes.len() >= STRIKES_FOLLOWED {
            return;
        }
        // An earlier strike of the same fault that took nothing away, and has no end, is over now.
        self.close(at, |strike| strike.fault == fault && !strike.disturbs());
        self.open.push(self.strikes.len());
        self.strikes
            .push(Strike::new(fault, at, self.clears[fault.index()]));
    }

    fn is_listed(&self, connection: ConnectionRef) -> bool {
        self.listed.get(&connection).is_some_and(|&n| n > 0)
    }

    fn note_listing(&mut self, connection: ConnectionRef, what: Happening) {
        match what {
            Happening::Listed => *self.listed.entry(connection).or_default() += 1,
            Happening::Withdrawn => {
                self.listed
                    .entry(connection)
                    .and_modify(|n| *n = n.saturating_sub(1));
            }
            _ => {}
        }
    }

    fn clear(&mut self, fault: FaultId, at: Time) {
        if let Some(strike) = self.latest_of(fault) {
            strike.clear(at);
        }
    }

    /// A container breaks by the strike that is reported just before it, at the same moment.
    fn container_breaks(&mut self, container: ContainerId, at: Time, ledger: &Ledger) {
        self.each_open(|strike| strike.container_is_down(container));
        let Some(strike) = self
            .strikes
            .last_mut()
            .filter(|strike| strike.struck() == at)
        else {
            return;
        };
        if strike.broken.iter().all(|it| it.container != container) {
            strike.broken.push(Broken {
                container,
                back: None,
            });
            strike.entries.extend(
                ledger
                    .rows()
                    .filter(|(row, _)| row.container == Some(container))
                    .map(|(row, _)| row.entry),
            );
            tidy(strike);
        }
    }

    fn latest_of(&mut self, fault: FaultId) -> Option<&mut Strike> {
        self.strikes
            .iter_mut()
            .rev()
            .find(|strike| strike.fault == fault)
    }

    fn each_open(&mut self, mut act: impl FnMut(&mut Strike)) {
        self.open
            .iter()
            .for_each(|&index| act(&mut self.strikes[index]));
    }

    fn close_recovered(&mut self, at: Time) {
        self.close(at, |strike| strike.at(Milestone::Recovered).is_some());
    }

    /// Those of the open strikes are over.
    fn close(&mut self, at: Time, is_over: impl Fn(&Strike) -> bool) {
        let strikes = &self.strikes;
        let over = self.open.extract_if(.., |index| is_over(&strikes[*index]));
        self.over.extend(over.map(|index| (at, index)));
    }

    /// Sees a request, and says whether it showed that something is recovered.
    #[inline(always)] // See `Recorder::request_in`.
    pub fn request(&mut self, seen: &RequestSeen) -> bool {
        if self.strikes.is_empty() {
            return false;
        }
        if !seen.outcome.is_success() || seen.is_delayed() {
            self.charge(*seen);
        }
        seen.outcome.is_success()
            && !self.open.is_empty()
            && self.is_awaited(seen.connection, seen.container)
            && self.succeeds(*seen)
    }

    /// Whether a success over a connection and in a container may show something of a strike.
    fn is_awaited(
        &self,
        connection: Option<ConnectionRef>,
        container: Option<ContainerId>,
    ) -> bool {
        self.open
            .iter()
            .any(|&index| self.strikes[index].awaits(connection, container))
    }

    /// Sees a success while strikes are open, and says whether it showed that something is recovered.
    fn succeeds(&mut self, seen: RequestSeen) -> bool {
        let mut is_recovered = false;
        self.each_open(|strike| is_recovered |= strike.success(&seen));
        if is_recovered {
            self.close_recovered(seen.closed);
        }
        is_recovered
    }

    /// Charges a harmed request to exactly one strike: the latest one that was open at its birth, else the latest
    /// one that came while it was under way.
    fn charge(&mut self, seen: RequestSeen) {
        let staged = |index: usize| {
            self.strikes[index]
                .stage_of(&seen)
                .map(|stage| (stage, index))
        };
        let candidates = self.open_during(&seen).filter_map(staged);
        let best = candidates.max_by_key(|&(stage, index)| (stage != Stage::InFlight, index));
        if let Some((stage, index)) = best {
            self.strikes[index].charge(stage, &seen);
        }
    }

    /// The strikes that were not over at some time of a request's life that ends now.
    fn open_during(&self, seen: &RequestSeen) -> impl Iterator<Item = usize> {
        let over = self.over.iter().rev();
        let lately = over.take_while(|(at, _)| *at > seen.born);
        self.open
            .iter()
            .copied()
            .chain(lately.map(|(_, index)| *index))
    }

    /// The strikes with names instead of ids.
    pub fn summary(&self, scope: &Scope) -> Vec<StrikeSummary> {
        self.strikes
            .iter()
            .map(|strike| StrikeSummary::new(strike, scope))
            .collect()
    }
}

fn tidy(strike: &mut Strike) {
    strike.entries.sort_unstable();
    strike.entries.dedup();
}

fn breaks(what: Happening) -> bool {
    match what {
        Happening::Down | Happening::Hangs | Happening::Drains => true,
        Happening::Slow(thousandths) => thousandths != 1_000,
        _ => false,
    }
}

/// A strike as it is written to files. Times are in seconds since the start of the run.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct StrikeSummary {
    /// The fault.
    pub fault: String,
    /// Connections it took away.
    pub connections: usize,
    /// When it struck.
    pub struck_s: f64,
    /// When the edge had closed its end of the last of them.
    pub noticed_s: Option<f64>,
    /// When no edge chose them any more.
    pub withdrawn_s: Option<f64>,
    /// When the first request that would have gone there succeeded elsewhere.
    pub rerouted_s: Option<f64>,
    /// When the fault cleared.
    pub cleared_s: Option<f64>,
    /// When what it took away served again.
    pub recovered_s: Option<f64>,
    /// What each stage cost, by time of birth.
    pub stages: Vec<StageSummary>,
}

/// A stage of a strike as it is written to files.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct StageSummary {
    /// The stage.
    pub stage: &'static str,
    /// What it cost.
    #[serde(flatten)]
    pub cost: Cost,
}

impl StrikeSummary {
    fn new(strike: &Strike, scope: &Scope) -> StrikeSummary {
        let seconds = |at: Time| at.since(Time::ZERO).as_secs_f64();
        let reached = |milestone| strike.at(milestone).map(seconds);
        let stage = |stage: Stage| StageSummary {
            stage: stage.name(),
            cost: strike.cost(stage),
        };
        StrikeSummary {
            fault: scope.faults[strike.fault.index()].name.clone(),
            connections: strike.severed.len(),
            struck_s: seconds(strike.struck()),
            noticed_s: reached(Milestone::Noticed),
            withdrawn_s: reached(Milestone::Withdrawn),
            rerouted_s: reached(Milestone::Rerouted),
            cleared_s: reached(Milestone::Cleared),
            recovered_s: reached(Milestone::Recovered),
            stages: Stage::ALL.into_iter().map(stage).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::time::Span;
    use crate::measure::outcome::Cause;
    use crate::measure::testing::{change, failed, request, scope, small_run, through};

    fn at(millis: u64) -> Time {
        Time::ZERO + Span::from_millis(millis)
    }

    /// Replica `prod/a`, which served Frankfurt, falls silent at second 100.
    fn struck() -> (Failover, Ledger) {
        let (mut failover, mut ledger) = (Failover::new(&scope()), Ledger::default());
        ledger.record(&request(at(1), Span::from_millis(1)));
        for index in 0..2 {
            failover.change(&change(0, connection(index), Happening::Listed), &ledger);
        }
        failover.change(
            &change(100, Entity::Fault(FaultId(0)), Happening::Strikes),
            &ledger,
        );
        for index in 0..2 {
            failover.change(
                &change(
                    100,
                    connection(index),
                    Happening::Severed { by: FaultId(0) },
                ),
                &ledger,
            );
        }
        (failover, ledger)
    }

    fn connection(index: u8) -> Entity {
        Entity::Connection(ConnectionRef {
            replica: ReplicaId(0),
            index,
        })
    }

    fn reached(failover: &Failover) -> [Option<u64>; 6] {
        use Milestone::*;
        let seconds = |milestone| {
            failover.strikes()[0]
                .at(milestone)
                .map(|at| at.as_nanos() / 1_000_000)
        };
        [Struck, Noticed, Withdrawn, Rerouted, Cleared, Recovered].map(seconds)
    }

    #[test]
    fn a_strike_is_noticed_with_the_last_of_its_connections() {
        let (mut failover, ledger) = struck();
        let closes = Happening::EdgeCloses { noticed: true };
        failover.change(&change(105, connection(0), closes), &ledger);
        assert_eq!(reached(&failover)[1], None);
        failover.change(&change(107, connection(1), closes), &ledger);
        failover.change(&change(108, connection(1), Happening::Withdrawn), &ledger);
        failover.change(&change(109, connection(0), Happening::Withdrawn), &ledger);
        assert_eq!(
            reached(&failover)[..3],
            [Some(100_000), Some(107_000), Some(109_000)]
        );
    }

    #[test]
    fn a_retried_request_shows_the_way_around_before_the_withdrawal() {
        let (mut failover, _) = struck();
        let elsewhere = through(request(at(101_000), Span::from_millis(4_000)), 1, 0);
        failover.request(&elsewhere);
        assert_eq!(reached(&failover)[3], None);
        let mut retried = RequestSeen {
            attempts: 2,
            ..elsewhere
        };
        retried.parts.stalled = Span::from_millis(3_900);
        failover.request(&retried);
        assert_eq!(reached(&failover)[3], Some(105_000));
    }

    #[test]
    fn after_the_withdrawal_any_request_of_the_same_metro_shows_it() {
        let (mut failover, ledger) = struck();
        for index in 0..2 {
            failover.change(
                &change(106, connection(index), Happening::Withdrawn),
                &ledger,
            );
        }
        let elsewhere = through(request(at(106_000), Span::from_millis(20)), 1, 0);
        let far = RequestSeen {
            entry: crate::measure::testing::metro("LAX"),
            ..elsewhere
        };
        failover.request(&far);
        assert_eq!(reached(&failover)[3], None);
        failover.request(&elsewhere);
        assert_eq!(reached(&failover)[3], Some(106_020));
    }

    #[test]
    fn it_is_recovered_when_a_lost_connection_serves_again() {
        let (mut failover, ledger) = struck();
        failover.change(
            &change(150, Entity::Fault(FaultId(0)), Happening::Clears),
            &ledger,
        );
        failover.request(&request(at(149_999), Span::from_millis(5)));
        assert_eq!(failover.phase(), Phase::During);
        assert!(failover.request(&request(at(160_000), Span::from_millis(5))));
        assert_eq!(reached(&failover)[4..], [Some(150_000), Some(160_005)]);
        assert_eq!(failover.phase(), Phase::After);
    }

    #[test]
    fn nothing_is_recovered_while_edges_choose_the_dead_predecessor() {
        let (mut failover, ledger) = struck();
        let at_fra = crate::measure::testing::data_centre("FRA", 1);
        let registers = Happening::Registers {
            at: at_fra,
            http2: false,
        };
        let closes = Happening::EdgeCloses { noticed: true };
        failover.change(
            &change(101, Entity::Fault(FaultId(0)), Happening::Clears),
            &ledger,
        );
        for index in 0..2 {
            failover.change(&change(102, connection(index), registers), &ledger);
            failover.change(&change(103, connection(index), Happening::Listed), &ledger);
        }
        failover.request(&request(at(104_000), Span::from_millis(5)));
        assert_eq!(reached(&failover)[5], None);
        failover.request(&failed(at(104_000), Cause::DeadConnection));
        for index in 0..2 {
            failover.change(&change(105, connection(index), closes), &ledger);
            failover.change(
                &change(106, connection(index), Happening::Withdrawn),
                &ledger,
            );
        }
        failover.request(&request(at(107_000), Span::from_millis(5)));
        assert_eq!(
            reached(&failover)[1..],
            [
                Some(105_000),
                Some(106_000),
                None,
                Some(101_000),
                Some(107_005)
            ]
        );
        assert_eq!(failover.strikes()[0].cost(Stage::Cleared).lost, 1);
    }

    #[test]
    fn what_is_listed_after_the_strike_needs_to_be_withdrawn_all_the_same() {
        let (mut failover, ledger) = (Failover::new(&scope()), Ledger::default());
        let story = [
            (Entity::Fault(FaultId(0)), Happening::Strikes),
            (connection(0), Happening::Severed { by: FaultId(0) }),
            (connection(0), Happening::Listed),
        ];
        for (entity, what) in story {
            failover.change(&change(100, entity, what), &ledger);
        }
        let closes = Happening::EdgeCloses { noticed: true };
        failover.change(&change(105, connection(0), closes), &ledger);
        assert_eq!(reached(&failover)[1..3], [Some(105_000), None]);
        failover.change(&change(106, connection(0), Happening::Withdrawn), &ledger);
        assert_eq!(reached(&failover)[1..3], [Some(105_000), Some(106_000)]);
    }

    #[test]
    fn what_was_told_to_go_and_served_nobody_is_not_recovered_by_that() {
        let stop = Scope {
            fault_clears: vec![false],
            ..scope()
        };
        let (mut failover, ledger) = (Failover::new(&stop), Ledger::default());
        let story = [
            (connection(0), Happening::Listed),
            (Entity::Fault(FaultId(0)), Happening::Strikes),
            (connection(0), Happening::Severed { by: FaultId(0) }),
            (connection(0), Happening::Withdrawn),
            (connection(0), Happening::EdgeCloses { noticed: false }),
        ];
        for (entity, what) in story {
            failover.change(&change(100, entity, what), &ledger);
        }
        assert_eq!(reached(&failover)[5], None);
    }

    #[test]
    fn what_was_retried_elsewhere_shows_the_way_around_a_broken_container_too() {
        let mut failover = Failover::new(&scope());
        let ledger = Ledger::default();
        let story = [
            (Entity::Fault(FaultId(0)), Happening::Strikes),
            (Entity::Container(ContainerId(0)), Happening::Down),
        ];
        for (entity, what) in story {
            failover.change(&change(100, entity, what), &ledger);
        }
        let mut retried = RequestSeen {
            attempts: 2,
            container: Some(ContainerId(1)),
            ..request(at(101_000), Span::from_millis(50))
        };
        retried.parts.stalled = Span::from_millis(30);
        failover.request(&retried);
        assert_eq!(reached(&failover)[3], Some(101_050));
    }

    #[test]
    fn harm_is_charged_to_what_still_lasts_however_much_came_since() {
        let (mut failover, ledger) = struck();
        for second in 200..300 {
            for what in [Happening::Strikes, Happening::Clears] {
                let other = Entity::Fault(FaultId(0));
                failover.change(&change(second, other, what), &ledger);
            }
        }
        failover.request(&failed(at(400_000), Cause::DeadConnection));
        let lost = |strike: &Strike| strike.total_cost().lost;
        assert_eq!(lost(&failover.strikes()[0]), 1);
        assert_eq!(failover.strikes().iter().map(lost).sum::<u64>(), 1);
    }

    #[test]
    fn harm_of_what_broke_nothing_is_charged_to_the_strike_before_it_was_born() {
        // A bad push takes nothing away, and ends when it comes again.
        let push = Scope {
            fault_clears: vec![false],
            ..scope()
        };
        let charged = |born_ms| {
            let (mut failover, ledger) = (Failover::new(&push), Ledger::default());
            for second in [100, 200] {
                let strikes = change(second, Entity::Fault(FaultId(0)), Happening::Strikes);
                failover.change(&strikes, &ledger);
            }
            let late = RequestSeen {
                closed: at(200_500),
                ..failed(at(born_ms), Cause::NoRules)
            };
            failover.request(&late);
            let costs = failover.strikes().iter().map(|it| it.total_cost().lost);
            costs.collect::<Vec<u64>>()
        };
        assert_eq!(charged(199_000), [1, 0]);
        assert_eq!(charged(200_000), [0, 1]);
        assert_eq!(charged(99_000), [0, 1]);
    }

    #[test]
    fn harm_is_charged_by_birth_and_only_once() {
        let (mut failover, ledger) = struck();
        let lost = |failover: &mut Failover, born| {
            failover.request(&failed(at(born), Cause::DeadConnection))
        };
        lost(&mut failover, 50_000);
        lost(&mut failover, 99_995);
        lost(&mut failover, 100_000);
        for index in 0..2 {
            failover.change(
                &change(
                    106,
                    connection(index),
                    Happening::EdgeCloses { noticed: true },
                ),
                &ledger,
            );
        }
        lost(&mut failover, 105_999);
        lost(&mut failover, 106_000);
        let strike = &failover.strikes()[0];
        let costs = Stage::ALL.map(|stage| strike.cost(stage).lost);
        assert_eq!(costs, [1, 2, 1, 0, 0, 0]);
        assert_eq!(strike.total_cost().lost, 4);
    }

    #[test]
    fn a_fault_that_takes_nothing_away_and_has_no_end_disturbs_nobody() {
        let push = Scope {
            fault_clears: vec![false],
            ..scope()
        };
        let (mut failover, ledger) = (Failover::new(&push), Ledger::default());
        assert_eq!(failover.phase(), Phase::Before);
        for second in [5, 6, 7] {
            failover.change(
                &change(second, Entity::Fault(FaultId(0)), Happening::Strikes),
                &ledger,
            );
        }
        assert_eq!((failover.phase(), failover.open.len()), (Phase::After, 1));
    }

    #[test]
    fn so_many_strikes_are_followed_and_all_are_counted() {
        let push = Scope {
            fault_clears: vec![false],
            ..scope()
        };
        let (mut failover, ledger) = (Failover::new(&push), Ledger::default());
        let strikes = |failover: &mut Failover, n| {
            let strike = change(100, Entity::Fault(FaultId(0)), Happening::Strikes);
            (0..n).for_each(|_| failover.change(&strike, &ledger));
            (failover.strikes().len(), failover.struck()[0])
        };
        let most = STRIKES_FOLLOWED;
        assert_eq!(strikes(&mut failover, most), (most, most as u64));
        assert_eq!(strikes(&mut failover, 1), (most, most as u64 + 1));
    }

    #[test]
    fn a_container_that_breaks_at_the_moment_of_the_strike_belongs_to_it() {
        let (mut failover, ledger) = struck();
        failover.change(
            &change(100, Entity::Container(ContainerId(0)), Happening::Down),
            &ledger,
        );
        failover.change(
            &change(101, Entity::Container(ContainerId(1)), Happening::Down),
            &ledger,
        );
        let broken: Vec<_> = failover.strikes()[0]
            .broken
            .iter()
            .map(|it| it.container)
            .collect();
        assert_eq!(broken, vec![ContainerId(0)]);
    }

    /// A crash loop on container 0 from second 100 on: it is up half a second after each crash.
    fn crash_loop(crashes: &[u64]) -> (Failover, Ledger) {
        let (mut failover, mut ledger) = (Failover::new(&scope()), Ledger::default());
        ledger.record(&request(at(1), Span::from_millis(1)));
        failover.change(
            &change(100, Entity::Fault(FaultId(0)), Happening::Strikes),
            &ledger,
        );
        let container = Entity::Container(ContainerId(0));
        for &second in crashes {
            failover.change(&change(second, container, Happening::Down), &ledger);
            failover.change(&change(second + 1, container, Happening::Up), &ledger);
        }
        (failover, ledger)
    }

    #[test]
    fn a_crash_loop_is_not_recovered_by_a_success_between_two_crashes() {
        let (mut failover, ledger) = crash_loop(&[100, 110, 120]);
        failover.request(&request(at(101_500), Span::from_millis(5)));
        failover.request(&request(at(111_500), Span::from_millis(5)));
        assert_eq!(
            (reached(&failover)[5], failover.phase()),
            (None, Phase::During)
        );
        failover.request(&failed(at(112_000), Cause::NoSuchHost));
        assert_eq!(failover.strikes()[0].total_cost().lost, 1);
        failover.change(
            &change(150, Entity::Fault(FaultId(0)), Happening::Clears),
            &ledger,
        );
        failover.request(&request(at(150_500), Span::from_millis(5)));
        assert_eq!(reached(&failover)[4..], [Some(150_000), Some(150_505)]);
        assert_eq!(failover.phase(), Phase::After);
    }

    #[test]
    fn a_crash_loop_that_nobody_met_recovers_with_the_restart_after_its_end() {
        let mut failover = Failover::new(&scope());
        let ledger = Ledger::default();
        let container = Entity::Container(ContainerId(0));
        let fault = Entity::Fault(FaultId(0));
        let story = [
            (100, fault, Happening::Strikes),
            (100, container, Happening::Down),
            (101, container, Happening::Up),
            (110, container, Happening::Down),
            (150, fault, Happening::Clears),
        ];
        for (second, entity, what) in story {
            failover.change(&change(second, entity, what), &ledger);
        }
        assert_eq!(reached(&failover)[5], None);
        failover.change(&change(155, container, Happening::Up), &ledger);
        assert_eq!(reached(&failover)[5], Some(155_000));
    }

    #[test]
    fn what_nobody_used_recovers_when_it_is_back() {
        let mut failover = Failover::new(&scope());
        let ledger = Ledger::default();
        failover.change(
            &change(100, Entity::Fault(FaultId(0)), Happening::Strikes),
            &ledger,
        );
        failover.change(
            &change(100, connection(0), Happening::Severed { by: FaultId(0) }),
            &ledger,
        );
        failover.change(
            &change(106, connection(0), Happening::EdgeCloses { noticed: true }),
            &ledger,
        );
        failover.change(
            &change(150, Entity::Fault(FaultId(0)), Happening::Clears),
            &ledger,
        );
        assert_eq!(failover.phase(), Phase::During);
        let at = crate::measure::testing::data_centre("FRA", 1);
        failover.change(
            &change(
                158,
                connection(0),
                Happening::Registers { at, http2: false },
            ),
            &ledger,
        );
        assert_eq!(reached(&failover)[5], Some(158_000));
    }

    #[test]
    fn a_whole_failover_is_told_in_order() {
        let run = small_run(&[]);
        let summary = &run.summary().strikes[0];
        assert_eq!(
            (
                summary.fault.as_str(),
                summary.connections,
                summary.struck_s
            ),
            ("cut", 4, 100.0)
        );
        assert_eq!(
            (summary.noticed_s, summary.withdrawn_s),
            (Some(106.0), Some(106.0))
        );
        assert_eq!(
            (summary.rerouted_s, summary.cleared_s),
            (Some(106.106), Some(200.0))
        );
        assert_eq!(summary.recovered_s, Some(210.21));
        assert_eq!(run.failover.strikes()[0].total_cost().lost, 6);
    }
}
