//! `tunnelsim run`.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::exit::{Exit, Failure};
use super::input::{Input, say_findings, say_unreadable, sources};
use super::interrupt;
use super::results::{Results, Writing};
use super::runs::{Bar, Runs};
use super::terminal::Terminal;
use super::trace::Trace;
use crate::experiment::{Experiment, Progress, Stopped, run_all};

/// Run scenarios: the verdict, who was harmed, and why.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Files, folders, `example:NAME`, or `-` for standard input.
    #[arg(value_name = "FILE", required = true, value_hint = clap::ValueHint::AnyPath)]
    files: Vec<String>,
    #[command(flatten)]
    runs: Runs,
    /// Write results into this folder.
    #[arg(long, short, value_name = "FOLDER", default_value = "results", value_hint = clap::ValueHint::DirPath)]
    out: PathBuf,
    /// Replace a folder of results even if it is not ours, and a file by the log that `--trace` writes.
    #[arg(long)]
    force: bool,
    /// Write no files.
    #[arg(long, conflicts_with = "png")]
    no_write: bool,
    /// Write the pictures as PNG too.
    #[arg(long)]
    png: bool,
    /// Write every fact of the first run to a file, one JSON object a line; needs one file without variants.
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    trace: Option<PathBuf>,
    /// After so many events of every run a rule is broken on purpose, so that tests see what happens then.
    #[arg(long, hide = true, value_name = "NUMBER")]
    defect_after: Option<u64>,
}

/// Checks all files, and runs them if nothing is wrong.
pub fn run(arguments: &Arguments, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let (inputs, experiments) = read(arguments, terminal)?;
    arguments.runs.refuse_endless(&experiments)?;
    let trace = trace(arguments, &inputs, &experiments)?;
    let writing = arguments.writing();
    if let Some(writing) = &writing {
        refuse_namesakes(&experiments)?;
        writing.prepare(experiments.iter().map(|it| it.scenario.name.as_str()))?;
    }
    let progress = Arc::new(Progress::default());
    interrupt::listen(&progress);
    let effort = arguments.runs.effort(arguments.defect_after);
    let mut results = Results::new(writing, &arguments.runs, &inputs, terminal);
    let done = run_all(&experiments, effort, &progress, &mut results);
    let exit = results.finish()?;
    if done == Err(Stopped::Interrupted) {
        return Err(Failure::interrupted());
    }
    if let Some(trace) = trace {
        let number = experiments[0].replications.start;
        let bar = Bar::new(arguments.runs.quiet, terminal);
        trace.write(&experiments[0].cases[0], number, &progress, bar)?;
    }
    Ok(exit)
}

impl Arguments {
    fn writing(&self) -> Option<Writing> {
        let writing = Writing {
            out: self.out.clone(),
            force: self.force,
            png: self.png,
        };
        (!self.no_write).then_some(writing)
    }

    /// A log may stand anywhere but in the folder of results, which every run replaces as a whole.
    fn refuse_trace_among_results(&self, path: &Path, name: &str) -> Result<(), Failure> {
        let folder = self.out.join(name);
        if !self.no_write && resolved(path).starts_with(resolved(&folder)) {
            let (path, folder) = (path.display(), folder.display());
            return Err(Failure::usage(format!(
                "`{path}` would lie in `{folder}`, which every run replaces; put the log beside it"
            )));
        }
        Ok(())
    }
}

/// Reads all files and says everything that is wrong with any of them.
fn read(
    arguments: &Arguments,
    terminal: &mut Terminal<'_>,
) -> Result<(Vec<Input>, Vec<Experiment>), Failure> {
    let overrides = arguments.runs.overrides();
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
                experiment.replications = arguments.runs.numbers(&experiment.scenario);
                experiments.push(experiment);
                inputs.push(input);
            }
            Err(findings) => {
                say_findings(&findings, terminal);
                exit = Exit::Usage;
            }
        }
    }
    if !arguments.runs.quiet {
        say_warnings(&experiments, terminal);
    }
    match exit {
        Exit::Pass => Ok((inputs, experiments)),
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

/// A path without links and detours; of what does not exist yet, what exists above it.
fn resolved(path: &Path) -> PathBuf {
    let absolute = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let real = absolute
        .ancestors()
        .find_map(|it| it.canonicalize().ok().map(|real| (it, real)));
    match real {
        Some((existing, real)) => match absolute.strip_prefix(existing) {
            Ok(rest) if !rest.as_os_str().is_empty() => real.join(rest),
            _ => real,
        },
        None => absolute,
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

/// The file for the observation log, if it is clear whose, ready to be written.
fn trace(
    arguments: &Arguments,
    inputs: &[Input],
    experiments: &[Experiment],
) -> Result<Option<Trace>, Failure> {
    let Some(path) = &arguments.trace else {
        return Ok(None);
    };
    match experiments {
        [only] if only.cases.len() == 1 => {
            arguments.refuse_trace_among_results(path, &only.scenario.name)?;
            let labels = inputs.iter().map(|input| input.label.as_str());
            Trace::prepare(path, labels, arguments.force).map(Some)
        }
        _ => Err(Failure::usage("`--trace` needs one file without variants")),
    }
}
