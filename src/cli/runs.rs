//! What every command that makes runs can be told, and the bar that shows how far they are.

use std::ops::Range;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use super::answer::Format;
use super::exit::Failure;
use super::terminal::Terminal;
use crate::experiment::{self, Effort, Experiment};
use crate::report::progress::Progress;
use crate::scenario::Scenario;
use crate::scenario::limits::{EVENTS_MAX, REPLICATIONS_MAX};

/// Most runs at the same time.
const THREADS_MAX: i64 = 1_024;

/// Events of a request or probe whose way is plain, and of a strike; failures and retries add to them.
const EVENTS_PER_CAUSE: f64 = 5.0;

/// How often the bar moves while a run is made outside the queue.
const TICK: Duration = Duration::from_millis(100);

/// The flags.
#[derive(clap::Args, Debug)]
pub struct Runs {
    /// Change a setting: `--set clients.spain.sessions=10/s`.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    overrides: Vec<String>,
    /// The seed of all random numbers.
    #[arg(long, value_name = "NUMBER", allow_negative_numbers = true)]
    seed: Option<u64>,
    /// How many runs with different random numbers.
    #[arg(
        long,
        value_name = "NUMBER",
        allow_negative_numbers = true,
        value_parser = clap::value_parser!(u64).range(1..=REPLICATIONS_MAX)
    )]
    replications: Option<u64>,
    /// Make only the run with this number, from 0.
    #[arg(
        long,
        value_name = "NUMBER",
        conflicts_with = "replications",
        value_parser = clap::value_parser!(u64).range(..REPLICATIONS_MAX)
    )]
    replication: Option<u64>,
    /// How many runs at the same time; one for each core if left out or 0. No result depends on it.
    #[arg(
        long,
        short = 'j',
        value_name = "NUMBER",
        default_value_t = 0,
        hide_default_value = true,
        value_parser = clap::value_parser!(u16).range(..=THREADS_MAX)
    )]
    threads: u16,
    /// What standard output carries.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub format: Format,
    /// Say nothing but errors; the exit code tells.
    #[arg(long, short)]
    pub quiet: bool,
    /// Run even if it takes more events than this.
    #[arg(
        long,
        value_name = "NUMBER",
        default_value_t = EVENTS_MAX,
        hide_default_value = true,
        value_parser = events
    )]
    max_events: f64,
}

/// A number of events; not even `nan` switches the guard off.
fn events(text: &str) -> Result<f64, String> {
    match text.parse::<f64>() {
        Ok(number) if number >= 0.0 => Ok(number),
        _ => Err("expected a number of events, such as 1e10".to_owned()),
    }
}

impl Runs {
    /// The settings to change, those with a flag of their own included.
    pub fn overrides(&self) -> Vec<String> {
        let flags = [("seed", self.seed), ("replications", self.replications)];
        let flags = flags
            .into_iter()
            .filter_map(|(name, value)| Some(format!("{name}={}", value?)));
        self.overrides.iter().cloned().chain(flags).collect()
    }

    /// The numbers of the runs to make.
    pub fn numbers(&self, scenario: &Scenario) -> Range<u64> {
        match self.replication {
            Some(number) => number..number + 1,
            None => 0..scenario.replications,
        }
    }

    /// How much of the machine may be used.
    pub fn effort(&self, defect_after: Option<u64>) -> Effort {
        Effort {
            threads: usize::from(self.threads),
            defect_after,
        }
    }

    /// A run that would take hours needs to be insisted on.
    ///
    /// # Errors
    /// When one of them would.
    pub fn refuse_endless(&self, experiments: &[Experiment]) -> Result<(), Failure> {
        let mut experiments = experiments.iter();
        experiments.try_for_each(|it| refuse_more_events(it, self.max_events))
    }
}

/// Refuses an experiment of more events than this.
///
/// # Errors
/// When it takes more.
pub fn refuse_more_events(experiment: &Experiment, most: f64) -> Result<(), Failure> {
    let causes = |it: &Scenario| it.expected_requests + it.expected_probes_and_strikes;
    let causes: f64 = experiment.cases.iter().map(|it| causes(&it.scenario)).sum();
    let runs = experiment.replications.end - experiment.replications.start;
    let events = causes * EVENTS_PER_CAUSE * runs as f64;
    if events <= most {
        return Ok(());
    }
    Err(Failure::usage(format!(
        "`{}` takes about {events:.1e} events; if that is meant, run it with `--max-events {:.0e}`",
        experiment.file,
        events * 2.0
    )))
}

/// A bar on standard error while runs are made.
pub struct Bar {
    bar: Option<Progress>,
    is_quiet: bool,
}

impl Bar {
    /// A bar that appears when it is worth it, unless nobody watches.
    pub fn new(is_quiet: bool, terminal: &Terminal<'_>) -> Bar {
        Bar {
            bar: None,
            is_quiet: is_quiet || !terminal.is_watched,
        }
    }

    /// Some time has passed.
    pub fn tick(&mut self, progress: &experiment::Progress) {
        let bar = self
            .bar
            .get_or_insert_with(|| Progress::new(progress.total(), "running", self.is_quiet));
        bar.reach(progress.done());
    }

    /// Prints something without tearing the bar.
    pub fn paused<T>(&self, print: impl FnOnce() -> T) -> T {
        match &self.bar {
            Some(bar) => bar.pause(print),
            None => print(),
        }
    }

    /// Makes a run outside the queue of all runs, with the bar beside it.
    pub fn beside<T>(&mut self, progress: &experiment::Progress, run: impl FnOnce() -> T) -> T {
        let (running, ended) = channel::<()>();
        thread::scope(|scope| {
            scope.spawn(move || {
                while ended.recv_timeout(TICK) == Err(RecvTimeoutError::Timeout) {
                    self.tick(progress);
                }
            });
            let result = run();
            drop(running);
            result
        })
    }

    /// Takes the bar away.
    pub fn end(&mut self) {
        self.bar = None;
    }
}
