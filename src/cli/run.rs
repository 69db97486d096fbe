//! `tunnelsim run`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use super::answer::Format;
use super::exit::{Exit, Failure};
use super::input::{Input, say_findings, say_unreadable, sources};
use super::results::{Results, Writing};
use super::terminal::Terminal;
use super::{interrupt, trace};
use crate::experiment::{Effort, Experiment, Progress, Stopped, run_all};
use crate::scenario::limits::{EVENTS_MAX, REPLICATIONS_MAX};

/// Most runs at the same time.
pub const THREADS_MAX: i64 = 1_024;

/// Events of a request whose way is plain; failures and retries add to them.
const EVENTS_PER_REQUEST: f64 = 5.0;

/// Run scenarios: the verdict, who was harmed, and why.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Files, folders, `example:NAME`, or `-` for standard input.
    #[arg(value_name = "FILE", required = true, value_hint = clap::ValueHint::AnyPath)]
    files: Vec<String>,
    /// Change a setting: `--set clients.spain.sessions=10/s`.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    overrides: Vec<String>,
    /// The seed of all random numbers.
    #[arg(long, value_name = "NUMBER")]
    seed: Option<String>,
    /// How many runs with different random numbers.
    #[arg(long, value_name = "NUMBER")]
    replications: Option<String>,
    /// Make only the run with this number, from 0.
    #[arg(
        long,
        value_name = "NUMBER",
        conflicts_with = "replications",
        value_parser = clap::value_parser!(u64).range(..REPLICATIONS_MAX)
    )]
    replication: Option<u64>,
    /// How many runs at the same time; one for each core if left out. No result depends on it.
    #[arg(
        long,
        short = 'j',
        value_name = "NUMBER",
        default_value_t = 0,
        hide_default_value = true,
        value_parser = clap::value_parser!(u16).range(..=THREADS_MAX)
    )]
    threads: u16,
    /// Write results into this folder.
    #[arg(long, short, value_name = "FOLDER", default_value = "results", value_hint = clap::ValueHint::DirPath)]
    out: PathBuf,
    /// Replace a folder of results even if it is not ours.
    #[arg(long)]
    force: bool,
    /// Write no files.
    #[arg(long, conflicts_with_all = ["force", "png"])]
    no_write: bool,
    /// Write the pictures as PNG too.
    #[arg(long)]
    png: bool,
    /// What standard output carries.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
    /// Say nothing but errors; the exit code tells.
    #[arg(long, short)]
    quiet: bool,
    /// Write every fact of the first run to a file, one JSON object a line; needs one file without variants.
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    trace: Option<PathBuf>,
    /// Run even if it takes more events than this.
    #[arg(long, value_name = "NUMBER", default_value_t = EVENTS_MAX, hide_default_value = true)]
    max_events: f64,
}

/// Checks all files, and runs them if nothing is wrong.
pub fn run(
    arguments: &Arguments,
    defect_after: Option<u64>,
    terminal: &mut Terminal<'_>,
) -> Result<Exit, Failure> {
    let (inputs, experiments) = read(arguments, terminal)?;
    refuse_endless(arguments, &experiments)?;
    let traced = traced(arguments, &experiments)?;
    let writing = arguments.writing();
    writing.as_ref().map_or(Ok(()), Writing::prepare)?;
    let progress = Arc::new(Progress::default());
    interrupt::listen(&progress);
    let effort = Effort {
        threads: usize::from(arguments.threads),
        defect_after,
    };
    let mut results = Results::new(
        writing,
        arguments.format,
        arguments.quiet,
        &inputs,
        terminal,
    );
    let done = run_all(&experiments, effort, &progress, &mut results);
    let exit = results.finish()?;
    if done == Err(Stopped::Interrupted) {
        return Err(Failure::interrupted());
    }
    if let Some(path) = traced {
        trace::write(
            path,
            &experiments[0].cases[0],
            experiments[0].replications.start,
            &progress,
        )?;
    }
    Ok(exit)
}

impl Arguments {
    /// The settings to change, those with a flag of their own included.
    fn overrides(&self) -> Vec<String> {
        let of_flag = |name: &str, value: &Option<String>| {
            value.as_ref().map(|value| format!("{name}={value}"))
        };
        let flags = [
            of_flag("seed", &self.seed),
            of_flag("replications", &self.replications),
        ];
        self.overrides
            .iter()
            .cloned()
            .chain(flags.into_iter().flatten())
            .collect()
    }

    fn writing(&self) -> Option<Writing> {
        let writing = Writing {
            out: self.out.clone(),
            force: self.force,
            png: self.png,
        };
        (!self.no_write).then_some(writing)
    }
}

/// Reads all files and says everything that is wrong with any of them.
fn read(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<(Vec<Input>, Vec<Experiment>), Failure> {
    let overrides = arguments.overrides();
    let (mut inputs, mut experiments) = (Vec::new(), Vec::new());
    let mut exit = Exit::Pass;
    for source in sources(&arguments.files)? {
        let input = match source.open(&overrides) {
            Ok(input) => input,
            Err(unreadable) => {
                exit = exit.and(say_unreadable(&unreadable, terminal).exit);
                continue;
            }
        };
        match Experiment::of(&input.label, &input.document) {
            Ok(mut experiment) => {
                if let Some(number) = arguments.replication {
                    experiment.replications = number..number + 1;
                }
                experiments.push(experiment);
                inputs.push(input);
            }
            Err(findings) => {
                say_findings(&findings, terminal);
                exit = Exit::Usage;
            }
        }
    }
    if !arguments.quiet {
        say_warnings(&experiments, terminal);
    }
    match exit {
        Exit::Pass => refuse_namesakes(&experiments).map(|()| (inputs, experiments)),
        exit => Err(Failure::said(exit)),
    }
}

/// Warnings of one file are shown; of many files only how many there are.
fn say_warnings(experiments: &[Experiment], terminal: &mut Terminal<'_>) {
    if let [only] = experiments {
        return say_findings(&only.scenario.warnings, terminal);
    }
    let warnings: usize = experiments
        .iter()
        .map(|it| it.scenario.warnings.problems.warnings())
        .sum();
    if warnings > 0 {
        terminal.say(&format!(
            "{warnings} warnings; `tunnelsim check` shows them\n"
        ));
    }
}

/// Two files of the same name would write into the same folder.
fn refuse_namesakes(experiments: &[Experiment]) -> Result<(), Failure> {
    let mut files: BTreeMap<&str, &str> = BTreeMap::new();
    for experiment in experiments {
        if let Some(other) = files.insert(&experiment.scenario.name, &experiment.file) {
            let file = &experiment.file;
            return Err(Failure::usage(format!(
                "`{other}` and `{file}` would write to the same folder of results"
            )));
        }
    }
    Ok(())
}

/// A run that would take hours needs to be insisted on.
fn refuse_endless(arguments: &Arguments, experiments: &[Experiment]) -> Result<(), Failure> {
    let runs = |experiment: &Experiment| {
        (experiment.replications.end - experiment.replications.start) as f64
    };
    for experiment in experiments {
        let requests: f64 = experiment
            .cases
            .iter()
            .map(|case| case.scenario.expected_requests)
            .sum();
        let events = requests * EVENTS_PER_REQUEST * runs(experiment);
        if events > arguments.max_events {
            return Err(Failure::usage(format!(
                "`{}` takes about {events:.1e} events; if that is meant, run it with `--max-events {:.0e}`",
                experiment.file,
                events * 2.0
            )));
        }
    }
    Ok(())
}

/// The file for the observation log, if it is clear whose.
fn traced<'a>(
    arguments: &'a Arguments,
    experiments: &[Experiment],
) -> Result<Option<&'a PathBuf>, Failure> {
    let is_clear = matches!(experiments, [only] if only.cases.len() == 1);
    match &arguments.trace {
        Some(_) if !is_clear => Err(Failure::usage("`--trace` needs one file without variants")),
        path => Ok(path.as_ref()),
    }
}
