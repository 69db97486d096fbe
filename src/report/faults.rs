//! What the strikes of one fault have in common, over all runs.

use crate::kernel::time::Time;
use crate::measure::failover::{Cost, Milestone, Stage, Strike};
use crate::measure::histogram::{FINE, Histogram};
use crate::measure::run::Run;

/// Every milestone in the usual order.
pub const MILESTONES: [Milestone; 6] = [
    Milestone::Struck,
    Milestone::Noticed,
    Milestone::Withdrawn,
    Milestone::Rerouted,
    Milestone::Cleared,
    Milestone::Recovered,
];

/// The strikes of one fault, over all runs.
#[derive(Clone, Debug, Default)]
pub struct FaultTally {
    /// How often it struck.
    pub strikes: u64,
    /// How many of these strikes are followed: all else is of them.
    pub followed: u64,
    /// Connections that all strikes took away.
    pub connections: u64,
    /// When it struck first, in the first run in which it did.
    pub first: Option<Time>,
    /// By milestone: nanoseconds from the strike until it was reached.
    since_strike: [Histogram<FINE>; MILESTONES.len()],
    /// Nanoseconds from the clearing to the recovery, where it came later.
    pub recovery: Histogram<FINE>,
    /// By stage: what it cost.
    costs: [Cost; Stage::ALL.len()],
}

impl FaultTally {
    /// Tallies of every fault of a run.
    pub fn of_run(run: &Run) -> Vec<FaultTally> {
        let mut tallies = vec![FaultTally::default(); run.scope.faults.len()];
        add_run(&mut tallies, run);
        tallies
    }

    fn add(&mut self, strike: &Strike) {
        let struck = strike.struck();
        self.followed += 1;
        self.connections += strike.severed.len() as u64;
        self.first.get_or_insert(struck);
        for (milestone, waits) in MILESTONES.into_iter().zip(&mut self.since_strike) {
            if let Some(at) = strike.at(milestone) {
                waits.record(at.saturating_since(struck).as_nanos());
            }
        }
        if let (Some(cleared), Some(recovered)) = (
            strike.at(Milestone::Cleared),
            strike.at(Milestone::Recovered),
        ) && recovered >= cleared
        {
            self.recovery.record(recovered.since(cleared).as_nanos());
        }
        for (stage, cost) in Stage::ALL.into_iter().zip(&mut self.costs) {
            cost.lost += strike.cost(stage).lost;
            cost.delayed += strike.cost(stage).delayed;
        }
    }

    /// How long it took from the strike to a milestone, in nanoseconds.
    pub fn waits(&self, milestone: Milestone) -> &Histogram<FINE> {
        &self.since_strike[milestone as usize]
    }

    /// What the requests born in a stage suffered.
    pub fn cost(&self, stage: Stage) -> Cost {
        self.costs[stage as usize]
    }
}

/// Adds the strikes of another run of the same scenario.
pub fn add_run(tallies: &mut [FaultTally], run: &Run) {
    for (tally, struck) in tallies.iter_mut().zip(run.failover.struck()) {
        tally.strikes += struck;
    }
    for strike in run.failover.strikes() {
        tallies[usize::from(strike.fault.0)].add(strike);
    }
}
