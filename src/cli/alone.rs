//! All runs of one experiment, for commands that put them into one table.

use std::sync::Arc;

use super::exit::Failure;
use super::interrupt;
use super::runs::{Bar, Runs};
use super::terminal::Terminal;
use crate::experiment::{Experiment, ExperimentResult, Gathered, Listener, Progress, run_all};
use crate::report;

/// Makes the runs, with a bar beside them.
///
/// # Errors
/// When they would take hours and nobody insists, are interrupted, or a rule of the program itself breaks.
pub fn run_alone(
    experiment: &Experiment,
    runs: &Runs,
    terminal: &Terminal<'_>,
) -> Result<ExperimentResult<report::Gathered>, Failure> {
    let experiments = std::slice::from_ref(experiment);
    runs.refuse_endless(experiments)?;
    let progress = Arc::new(Progress::default());
    interrupt::listen(&progress);
    let mut collected = Collected {
        result: None,
        bar: Bar::new(runs.quiet, terminal),
    };
    run_all(experiments, runs.effort(None), &progress, &mut collected)
        .map_err(|_| Failure::interrupted())?;
    match collected.result {
        Some(Ok(result)) => Ok(result),
        Some(Err(breach)) => Err(Failure::defect(&breach)),
        None => Err(Failure::interrupted()),
    }
}

/// Keeps the only result.
struct Collected {
    result: Option<Gathered<report::Gathered>>,
    bar: Bar,
}

impl Listener<report::Gathered> for Collected {
    fn result(&mut self, _experiment: &Experiment, result: Gathered<report::Gathered>) {
        self.bar.end();
        self.result = Some(result);
    }

    fn tick(&mut self, progress: &Progress) {
        if self.result.is_none() {
            self.bar.tick(progress);
        }
    }
}
