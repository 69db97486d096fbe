//! Failovers, dissected: for every strike of a fault when it was noticed, routed around and over, and what it cost.

mod strike;

use serde::Serialize;

use super::ledger::Ledger;
use super::observation::{Change, Entity, Happening, RequestSeen};
use super::phase::Phase;
use super::scope::Scope;
use crate::kernel::time::Time;
use crate::world::ids::*;

pub use strike::{Broken, Cost, Milestone, Severed, Stage, Strike};

/// How many strikes of one run are followed; further ones are only counted.
pub const STRIKES_FOLLOWED: usize = 100_000;

/// How many of the latest strikes a harmed request may be charged to.
const LATEST: usize = 16;

/// All strikes of a run.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Failover {
    strikes: Vec<Strike>,
    /// Positions of the strikes that are not recovered.
    open: Vec<usize>,
    /// By fault: whether it has an end of its own.
    clears: Vec<bool>,
    /// Strikes beyond [`STRIKES_FOLLOWED`].
    pub not_followed: u64,
}

impl Failover {
    /// No strikes yet.
    pub fn new(scope: &Scope) -> Failover {
        Failover {
            clears: scope.fault_clears.clone(),
            ..Failover::default()
        }
    }

    /// The strikes in order of time.
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
                if let Some(strike) = self.latest_of(by) {
                    strike.sever(connection, at);
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
        self.close_recovered();
    }

    fn strike(&mut self, fault: FaultId, at: Time) {
        if self.strikes.len() >= STRIKES_FOLLOWED {
            self.not_followed += 1;
            return;
        }
        self.open.push(self.strikes.len());
        self.strikes
            .push(Strike::new(fault, at, self.clears[fault.index()]));
    }

    fn clear(&mut self, fault: FaultId, at: Time) {
        if let Some(strike) = self.latest_of(fault) {
            strike.clear(at);
        }
    }

    /// A container breaks by the strike that is reported just before it, at the same moment.
    fn container_breaks(&mut self, container: ContainerId, at: Time, ledger: &Ledger) {
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

    fn close_recovered(&mut self) {
        let strikes = &self.strikes;
        self.open
            .retain(|&index| strikes[index].at(Milestone::Recovered).is_none());
    }

    /// Sees a request, and says whether it showed that something is recovered.
    #[inline]
    pub fn request(&mut self, seen: &RequestSeen) -> bool {
        if self.strikes.is_empty() {
            return false;
        }
        if !seen.outcome.is_success() || seen.is_delayed() {
            self.charge(seen);
        }
        if seen.outcome.is_success() && !self.open.is_empty() {
            let before = self.open.len();
            self.each_open(|strike| strike.success(seen));
            self.close_recovered();
            return self.open.len() < before;
        }
        false
    }

    /// Charges a harmed request to exactly one strike: the latest one that was open at its birth, else the latest
    /// one that came while it was under way.
    fn charge(&mut self, seen: &RequestSeen) {
        let first = self.strikes.len().saturating_sub(LATEST);
        let staged =
            |(index, strike): (usize, &Strike)| strike.stage_of(seen).map(|stage| (stage, index));
        let candidates = self
            .strikes
            .iter()
            .enumerate()
            .skip(first)
            .filter_map(staged);
        let best = candidates.max_by_key(|&(stage, index)| (stage != Stage::InFlight, index));
        if let Some((stage, index)) = best {
            self.strikes[index].charge(stage, seen);
        }
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
