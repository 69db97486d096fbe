//! `tunnelsim check`.

use super::exit::{Exit, Failure};
use super::input::{Source, say_findings, say_unreadable, sources};
use super::runs::refuse_more_events;
use super::terminal::Terminal;
use crate::experiment::Experiment;
use crate::scenario::limits::EVENTS_MAX;

/// Check scenarios without running them: all problems at once.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// Files, folders, `example:NAME`, or `-` for standard input.
    #[arg(value_name = "FILE", required = true, value_hint = clap::ValueHint::AnyPath)]
    files: Vec<String>,
    /// Change a setting: `--set horizon=10m`.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    overrides: Vec<String>,
}

/// Checks every file.
pub fn run(arguments: &Arguments, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let mut exit = Exit::Pass;
    for source in sources(&arguments.files)? {
        let checked = check(&source, &arguments.overrides, terminal);
        exit = exit.and(checked?);
    }
    Ok(exit)
}

fn check(
    source: &Source,
    overrides: &[String],
    terminal: &mut Terminal<'_>,
) -> Result<Exit, Failure> {
    let input = match source.open(overrides) {
        Ok(input) => input,
        Err(unreadable) => return Ok(say_unreadable(&unreadable, terminal).exit),
    };
    match Experiment::of(&input.label, &input.document) {
        Ok(experiment) => {
            say_findings(&experiment.scenario.warnings, terminal);
            if let Err(failure) = refuse_more_events(&experiment, EVENTS_MAX) {
                terminal.fail(&failure.message);
                return Ok(failure.exit);
            }
            terminal.answer(&format!("{}: {}\n", input.label, in_words(&experiment)))?;
            Ok(Exit::Pass)
        }
        Err(findings) => {
            say_findings(&findings, terminal);
            Ok(Exit::Usage)
        }
    }
}

/// What a scenario without errors asks for.
fn in_words(experiment: &Experiment) -> String {
    let scenario = &experiment.scenario;
    let runs = experiment.runs();
    let warnings = scenario.warnings.problems.warnings();
    let expected = crate::report::wording::count(scenario.expected_requests as u64);
    let noted = match warnings {
        0 => "ok".to_owned(),
        1 => "ok, 1 warning".to_owned(),
        _ => format!("ok, {warnings} warnings"),
    };
    let of_runs = if runs == 1 {
        "1 run".to_owned()
    } else {
        format!("{runs} runs")
    };
    format!("{noted}; {of_runs} of about {expected} requests")
}
