//! Puts what runs leave behind into the order of their numbers, whatever the order in which they end.

use std::collections::BTreeMap;

use super::result::{CaseResult, ExperimentResult, Gather};
use super::{Case, Experiment, Stopped, measurements};
use crate::measure::metric::{Measure, MetricUse};
use crate::measure::run::Run;
use crate::simulation::Violation;

/// A rule that never breaks has broken, with everything needed to see it again.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error(
    "internal invariant broken: {violation} of {file}{}, seed {seed}, replication {replication}",
    .variant.as_ref().map_or_else(String::new, |name| format!(" (variant {name})"))
)]
pub struct Breach {
    /// The rule, the moment and the event.
    pub violation: Violation,
    /// The file as the user named it.
    pub file: String,
    /// The variant; none: the scenario as written.
    pub variant: Option<String>,
    /// The seed.
    pub seed: u64,
    /// The replication's number.
    pub replication: u64,
}

/// A run's place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Job {
    pub experiment: usize,
    pub case: usize,
    pub number: u64,
}

/// All runs, file by file, case by case.
pub(super) fn jobs(experiments: &[Experiment]) -> impl Iterator<Item = Job> {
    experiments
        .iter()
        .enumerate()
        .flat_map(|(experiment, plan)| {
            let numbers = plan.replications.clone();
            let of_case = move |case| {
                numbers.clone().map(move |number| Job {
                    experiment,
                    case,
                    number,
                })
            };
            (0..plan.cases.len()).flat_map(of_case)
        })
}

/// The runs of one case.
struct CaseRuns<K> {
    measurements: Vec<MetricUse>,
    kept: Option<K>,
    measures: Vec<Vec<Measure>>,
    /// The number of the next run to keep.
    next: u64,
    /// Runs that ended before their turn.
    early: BTreeMap<u64, Run>,
}

/// The runs of one experiment.
pub(super) struct Gathering<'a, K> {
    experiment: &'a Experiment,
    missing: u64,
    cases: Vec<CaseRuns<K>>,
    breach: Option<((usize, u64), Breach)>,
}

impl<'a, K: Gather> Gathering<'a, K> {
    pub(super) fn new(experiment: &'a Experiment) -> Gathering<'a, K> {
        let cases = experiment.cases.iter().map(|case| CaseRuns {
            measurements: measurements(case),
            kept: None,
            measures: Vec::new(),
            next: experiment.replications.start,
            early: BTreeMap::new(),
        });
        Gathering {
            experiment,
            missing: experiment.runs(),
            cases: cases.collect(),
            breach: None,
        }
    }

    /// Takes in what a run left behind. An interrupted run stays missing.
    pub(super) fn take(&mut self, job: Job, finished: Result<Run, Stopped>) {
        match finished {
            Ok(run) => self.cases[job.case].take(job.number, run),
            Err(Stopped::Interrupted) => return,
            Err(Stopped::Violation(violation)) => {
                let place = (job.case, job.number);
                if self
                    .breach
                    .as_ref()
                    .is_none_or(|(earlier, _)| place < *earlier)
                {
                    self.breach = Some((place, self.experiment.breach(job, violation)));
                }
            }
        }
        self.missing -= 1;
    }

    /// Whether all runs are there.
    pub(super) fn is_complete(&self) -> bool {
        self.missing == 0
    }

    /// What all runs say, or the rule that broke in the earliest of them.
    pub(super) fn result(self) -> Result<ExperimentResult<K>, Breach> {
        if let Some((_, breach)) = self.breach {
            return Err(breach);
        }
        let cases = self.experiment.cases.iter().zip(self.cases);
        let cases = cases
            .map(|(case, runs)| runs.result(case.clone()))
            .collect();
        Ok(ExperimentResult::new(self.experiment, cases))
    }
}

impl<K: Gather> CaseRuns<K> {
    fn take(&mut self, number: u64, run: Run) {
        self.early.insert(number, run);
        while let Some(run) = self.early.remove(&self.next) {
            self.next += 1;
            self.measures
                .push(self.measurements.iter().map(|it| run.measure(it)).collect());
            match &mut self.kept {
                Some(kept) => kept.add(&run),
                None => self.kept = Some(K::begin(run)),
            }
        }
    }

    fn result(self, case: Case) -> CaseResult<K> {
        let kept = self.kept.expect("every case has a run");
        CaseResult::new(case, kept, &self.measurements, &self.measures)
    }
}

impl Experiment {
    fn breach(&self, job: Job, violation: Violation) -> Breach {
        let case = &self.cases[job.case];
        Breach {
            violation,
            file: self.file.clone(),
            variant: case.variant.clone(),
            seed: case.scenario.seed,
            replication: job.number,
        }
    }
}
