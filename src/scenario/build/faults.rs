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
        let mut effects = 0;
        for fault in file.faults.iter().flat_map(|faults| faults.iter()) {
            plans.extend(fault.plan(&mut self.names()));
            if !self.has_room(&plans, 1, &mut effects) {
                return Vec::new();
            }
        }
        for failure in file.failures.iter().flat_map(|failures| failures.iter()) {
            let planned = plans.len();
            plans.extend(self.failure(failure));
            if !self.has_room(&plans, plans.len() - planned, &mut effects) {
                return Vec::new();
            }
        }
        self.refuse_taken_names(file);
        number_equal_names(&mut plans);
        self.warn_of_late_faults(&plans);
        plans.into_iter().map(|(plan, _)| plan).collect()
    }

    /// Whether there may be so many faults, the last ones of which are new, with so many effects; reported if not,
    /// before more memory is used for them.
    fn has_room(
        &mut self,
        plans: &[(FaultPlan, Position)],
        n_new: usize,
        effects: &mut usize,
    ) -> bool {
        let Some((_, position)) = plans.last() else {
            return true;
        };
        let new = &plans[plans.len().saturating_sub(n_new)..];
        *effects += new.iter().map(|(plan, _)| plan.size()).sum::<usize>();
        self.limit(plans.len(), FAULTS_MAX, "faults", *position)
            && self.limit(*effects, EFFECTS_MAX, "effects of faults", *position)
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

    fn warn_of_late_faults(&mut self, plans: &[(FaultPlan, Position)]) {
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
