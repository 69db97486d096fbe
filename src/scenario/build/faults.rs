//! `faults:` and `failures:`.

use std::collections::{BTreeMap, BTreeSet};

use super::Builder;
use crate::fault::{FaultPlan, Occurrence};
use crate::notation::{Position, Problem};
use crate::scenario::file::{FailureFile, ScenarioFile};
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
        self.refuse_taken_names(file);
        number_equal_names(&mut plans);
        self.check_faults(&plans);
        plans.into_iter().map(|(plan, _)| plan).collect()
    }

    /// A name is what expectations and results call a fault by, so two faults cannot be given the same.
    fn refuse_taken_names(&mut self, file: &ScenarioFile) {
        let faults = file.faults.iter().flat_map(|faults| faults.iter());
        let failures = file.failures.iter().flat_map(|failures| failures.iter());
        let random = failures.filter_map(|failure| match &failure.value {
            FailureFile::Kind(random) => random.when.name.as_ref(),
            _ => None,
        });
        let given = faults.filter_map(|fault| fault.when.name.as_ref());
        let mut taken: BTreeSet<&str> = BTreeSet::new();
        for name in given.chain(random) {
            if !taken.insert(name) {
                let problem = Problem::error(
                    name.position,
                    format!("two faults are called `{}`", &***name),
                )
                .label("the second one")
                .help("give each its own name, or leave `name` out");
                self.context.report(problem);
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

/// Numbers faults that are called the same after their kind and target.
fn number_equal_names(plans: &mut [(FaultPlan, Position)]) {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for (plan, _) in plans {
        let count = seen.entry(plan.name.clone()).or_default();
        *count += 1;
        if *count > 1 {
            plan.name = format!("{} #{count}", plan.name);
        }
    }
}
