//! `tunnelsim sensitivity`.

use super::alone::run_alone;
use super::answer::{self, Format};
use super::exit::{Exit, Failure};
use super::input::{say_findings, source};
use super::runs::Runs;
use super::terminal::Terminal;
use crate::experiment::{CaseResult, Claim, Experiment, Variation, sensitivity};
use crate::report::page::Table;
use crate::report::{self, wording};

/// Show how much of a scenario's results hangs on each default that it relies on.
///
/// The same visitors and faults, once as written and then with one default at a time halved, doubled or turned over.
/// Defaults that change nothing are counted, and not shown.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// A file, `example:NAME`, or `-` for standard input; its variants are left out.
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: String,
    #[command(flatten)]
    runs: Runs,
}

/// Runs the scenario with each default changed, and prints what changed with it.
pub fn run(arguments: &Arguments, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let input = source(&arguments.file)?.open_or_say(&arguments.runs.overrides(), terminal)?;
    let refused = |findings, terminal: &mut Terminal<'_>| {
        say_findings(&findings, terminal);
        Failure::said(Exit::Usage)
    };
    let (cases, variations) =
        sensitivity(&input.document).map_err(|findings| refused(findings, terminal))?;
    let scenario = cases[0].scenario.clone();
    let experiment = Experiment {
        file: input.label.clone(),
        replications: arguments.runs.numbers(&scenario),
        scenario,
        cases,
    };
    let result = run_alone(&experiment, &arguments.runs, terminal)?;
    let (table, unmoved) = table(&result.cases, &variations);
    let format = arguments.runs.format;
    if arguments.runs.quiet {
        return Ok(Exit::Pass);
    }
    if format == Format::Text {
        terminal.say(&format!(
            "{unmoved} of {} changes of a default changed none of these figures\n",
            variations.len()
        ));
    }
    answer::print(table, format, terminal)
}

/// The scenario as written, then one row for each change that made a difference; and how many made none.
fn table(results: &[CaseResult<report::Gathered>], variations: &[Variation]) -> (Table, usize) {
    let header = [
        "default",
        "grade",
        "from",
        "to",
        "failed",
        "delayed",
        "carts_lost",
        "p50_ms",
        "p99_ms",
        "claim",
    ];
    let mut table = Table::new(4, &header);
    let mut unmoved = 0;
    let Some((written, changed)) = results.split_first() else {
        return (table, unmoved);
    };
    let as_written = figures(written);
    let first = ["as written", "", "", ""].map(str::to_owned);
    table
        .rows
        .push(first.into_iter().chain(as_written.clone()).collect());
    for (result, variation) in changed.iter().zip(variations) {
        let figures = figures(result);
        if figures == as_written {
            unmoved += 1;
            continue;
        }
        let Variation { assumption, value } = variation;
        let first = [
            &assumption.setting,
            assumption.grade,
            assumption.default,
            value,
        ];
        table.rows.push(
            first
                .map(str::to_owned)
                .into_iter()
                .chain(figures)
                .collect(),
        );
    }
    (table, unmoved)
}

/// What is told of a case.
fn figures(result: &CaseResult<report::Gathered>) -> Vec<String> {
    let kept = &result.kept;
    let total = kept.ledger.total();
    vec![
        wording::share(total.failures(), total.requests()),
        wording::share(total.delayed, total.requests()),
        kept.all_sessions().carts_lost.to_string(),
        kept.latency_ms(0.5),
        kept.latency_ms(0.99),
        claim(result.claim()).to_owned(),
    ]
}

fn claim(claim: Claim) -> &'static str {
    match claim {
        Claim::Found(verdict) => verdict.word(),
        Claim::Open => "open",
        Claim::Untested => "",
    }
}
