//! `faults:` and `failures:`.

use std::collections::BTreeMap;

use super::Builder;
use crate::fault::{FaultPlan, Occurrence};
use crate::notation::{Position, Problem};
use crate::scenario::file::ScenarioFile;
use crate::scenario::limits::{EFFECTS_MAX, FAULTS_MAX};

impl Builder<'_> {
    /// All faults, those with a time first.
    pub(super) fn faults(&mut self, file: &ScenarioFile) -> Vec<FaultPlan> {
        let mut plans: Vec<(FaultPlan, Position)> = Vec::new();
        for fault in file.faults.iter().flat_map(|faults| faults.iter()) {
            plans.extend(fault.plan(&mut self.names()));
        }
        for failure in file.failures.iter().flat_map(|failures| failures.iter()) {
            plans.extend(self.failure(failure));
        }
        self.give_names(&mut plans);
        self.check_faults(&plans);
        plans.into_iter().map(|(plan, _)| plan).collect()
    }

    /// Numbers faults that would be called the same; a name that was given twice is refused.
    fn give_names(&mut self, plans: &mut [(FaultPlan, Position)]) {
        let mut seen: BTreeMap<String, usize> = BTreeMap::new();
        for (plan, _) in plans.iter_mut() {
            let count = seen.entry(plan.name.clone()).or_default();
            *count += 1;
            if *count > 1 {
                plan.name = format!("{} #{count}", plan.name);
            }
        }
    }

    fn check_faults(&mut self, plans: &[(FaultPlan, Position)]) {
        let effects: usize = plans
            .iter()
            .map(|(plan, _)| plan.strike.len() + plan.clear.len())
            .sum();
        if let Some((_, position)) = plans.last() {
            self.limit(plans.len(), FAULTS_MAX, "faults", *position);
            self.limit(effects, EFFECTS_MAX, "effects of faults", *position);
        }
        for (plan, position) in plans {
            if let Occurrence::Scheduled { at, .. } = plan.occurrence
                && at >= self.blueprint.horizon
            {
                let problem =
                    Problem::warning(*position, "this fault strikes after the end of the run")
                        .label(format!("the run ends at {}", self.blueprint.horizon));
                self.context.report(problem);
            }
        }
    }
}
