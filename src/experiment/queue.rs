//! All runs of many files as one queue, so that every core has work until the last run.

use super::gathering::{Gathering, Job, jobs};
use super::replication::{Detail, Watch, replicate, work};
use super::{Breach, Experiment, ExperimentResult, Gather, Progress, Stopped, measurements};
use crate::measure::metric::MetricUse;
use crate::measure::run::Run;

/// The result of one file: what its runs say, or the rule that broke in the earliest of them.
pub type Gathered<K> = Result<ExperimentResult<K>, Breach>;

/// Hears of results and of the time that passes.
pub trait Listener<K> {
    /// The result of a file, in the order of the files, as soon as its runs and those before it are over.
    fn result(&mut self, experiment: &Experiment, result: Gathered<K>);
    /// Some time has passed.
    fn tick(&mut self, progress: &Progress);
}

/// A run that ended, or did not.
type Finished = Result<Run, Stopped>;

/// How runs are made; nothing of it changes a result.
#[derive(Clone, Copy, Debug, Default)]
pub struct Effort {
    /// How many runs are made at the same time; 0: one for each core.
    pub threads: usize,
    /// After this many events of every run a rule is broken on purpose.
    #[doc(hidden)]
    pub defect_after: Option<u64>,
}

/// Makes all runs of all files and tells the result of each file.
///
/// # Errors
/// [`Stopped::Interrupted`] when somebody asked to stop: the results told before stand.
pub fn run_all<K: Gather>(
    experiments: &[Experiment],
    effort: Effort,
    progress: &Progress,
    listener: &mut dyn Listener<K>,
) -> Result<(), Stopped> {
    let of_cases = |experiment: &Experiment| experiment.cases.iter().map(measurements).collect();
    let measured: Vec<Vec<Vec<MetricUse>>> = experiments.iter().map(of_cases).collect();
    for job in jobs(experiments) {
        progress.plan(work(&experiments[job.experiment].cases[job.case].scenario));
    }
    let make = |job: Job| {
        let experiment = &experiments[job.experiment];
        let measurements = &measured[job.experiment][job.case];
        make(job, experiment, measurements, effort.defect_after, progress)
    };
    let mut gatherings: Vec<Option<Gathering<K>>> = experiments
        .iter()
        .map(|experiment| Some(Gathering::new(experiment)))
        .collect();
    let mut told = 0;
    let mut hear = |finished: Option<(Job, Finished)>| {
        if let Some((job, finished)) = finished
            && let Some(gathering) = &mut gatherings[job.experiment]
        {
            gathering.take(job, finished);
        }
        while let Some(gathering) = gatherings
            .get_mut(told)
            .and_then(|it| it.take_if(|it| it.is_complete()))
        {
            listener.result(&experiments[told], gathering.result());
            told += 1;
        }
        listener.tick(progress);
    };
    each(
        jobs(experiments).collect(),
        effort.threads,
        &make,
        &mut hear,
    );
    if progress.is_interrupted() {
        Err(Stopped::Interrupted)
    } else {
        Ok(())
    }
}

/// Makes one run.
fn make(
    job: Job,
    experiment: &Experiment,
    measurements: &[MetricUse],
    defect_after: Option<u64>,
    progress: &Progress,
) -> Finished {
    if progress.is_interrupted() {
        return Err(Stopped::Interrupted);
    }
    let is_first = job.number == experiment.replications.start;
    let detail = if is_first {
        Detail::Full
    } else {
        Detail::Series
    };
    let watch = Watch {
        defect_after,
        ..Watch::default()
    };
    let scenario = &experiment.cases[job.case].scenario;
    let (run, _) = replicate(scenario, job.number, measurements, detail, watch, progress)?;
    Ok(run)
}

/// How often the time that passes is reported while runs are made.
#[cfg(feature = "cli")]
const TICK: std::time::Duration = std::time::Duration::from_millis(100);

/// Makes all jobs on several threads, in the order of the list as far as they begin; `hear` is told of each that
/// ended, and of nothing from time to time.
#[cfg(feature = "cli")]
fn each(
    jobs: Vec<Job>,
    threads: usize,
    make: &(dyn Fn(Job) -> Finished + Sync),
    hear: &mut dyn FnMut(Option<(Job, Finished)>),
) {
    use std::sync::mpsc::{RecvTimeoutError, channel};
    let pool = rayon::ThreadPoolBuilder::new()
        .num_threads(threads)
        .build()
        .expect("the system gives threads");
    let (sender, receiver) = channel();
    pool.in_place_scope_fifo(|scope| {
        for job in jobs {
            let sender = sender.clone();
            scope.spawn_fifo(move |_| {
                // Nobody listens any more only if this program is ending.
                let _ = sender.send((job, make(job)));
            });
        }
        drop(sender);
        loop {
            match receiver.recv_timeout(TICK) {
                Ok(finished) => hear(Some(finished)),
                Err(RecvTimeoutError::Timeout) => hear(None),
                Err(RecvTimeoutError::Disconnected) => return,
            }
        }
    });
}

/// Makes all jobs one after the other.
#[cfg(not(feature = "cli"))]
fn each(
    jobs: Vec<Job>,
    _threads: usize,
    make: &(dyn Fn(Job) -> Finished + Sync),
    hear: &mut dyn FnMut(Option<(Job, Finished)>),
) {
    for job in jobs {
        hear(Some((job, make(job))));
    }
}
