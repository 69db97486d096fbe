//! All runs of one experiment, for commands that put them into one table.

use std::sync::Arc;

use super::exit::Failure;
use super::interrupt;
use crate::experiment::{
    Effort, Experiment, ExperimentResult, Gathered, Listener, Progress, run_all,
};
use crate::report;

/// Makes the runs, so many at the same time; 0: one for each core.
///
/// # Errors
/// When they are interrupted, or a rule of the program itself breaks.
pub fn run_alone(
    experiment: &Experiment,
    threads: u16,
) -> Result<ExperimentResult<report::Gathered>, Failure> {
    let progress = Arc::new(Progress::default());
    interrupt::listen(&progress);
    let mut collected = Collected { result: None };
    let effort = Effort {
        threads: usize::from(threads),
        ..Effort::default()
    };
    let experiments = std::slice::from_ref(experiment);
    run_all(experiments, effort, &progress, &mut collected).map_err(|_| Failure::interrupted())?;
    match collected.result {
        Some(Ok(result)) => Ok(result),
        Some(Err(breach)) => Err(Failure::defect(&breach)),
        None => Err(Failure::interrupted()),
    }
}

/// Keeps the only result.
struct Collected {
    result: Option<Gathered<report::Gathered>>,
}

impl Listener<report::Gathered> for Collected {
    fn result(&mut self, _experiment: &Experiment, result: Gathered<report::Gathered>) {
        self.result = Some(result);
    }

    fn tick(&mut self, _progress: &Progress) {}
}
