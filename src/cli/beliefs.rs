//! `tunnelsim beliefs`.

use super::alone::run_alone;
use super::answer::{self, Format};
use super::exit::{Exit, Failure};
use super::input::{Input, Source, say_findings, say_unreadable, source};
use super::reproduce;
use super::run::THREADS_MAX;
use super::terminal::Terminal;
use crate::experiment::{Case, CaseResult, Experiment};
use crate::report::page::Table;
use crate::report::{self, wording};
use crate::scenario::Scenario;
use crate::world::ids::{Position, ReplicaId};
use crate::world::routing;

/// Run one scenario under each routing belief: the same visitors, the same faults, one table.
///
/// The sources disagree about how an edge picks a replica. This shows what hangs on it.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// A file, `example:NAME`, or `-` for standard input; its variants are left out.
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: String,
    /// Change a setting: `--set clients.spain.sessions=10/s`.
    #[arg(long = "set", value_name = "PATH=VALUE")]
    overrides: Vec<String>,
    /// How many runs at the same time; one for each core if left out.
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
    format: Format,
}

/// Runs the scenario under each belief and prints the table.
pub fn run(arguments: &Arguments, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let source = source(&arguments.file)?;
    let input = source.open_or_say(&arguments.overrides, terminal)?;
    let scenario = input.document.scenario().map_err(|findings| {
        say_findings(&findings, terminal);
        Failure::said(Exit::Usage)
    })?;
    let cases = cases(&source, &input, &scenario, terminal)?;
    let replications = 0..scenario.replications;
    let experiment = Experiment {
        file: input.label.clone(),
        scenario,
        cases,
        replications,
    };
    let result = run_alone(&experiment, arguments.threads)?;
    if arguments.format == Format::Text {
        let again = reproduce::command("beliefs", &input, &experiment);
        terminal.say(&format!("{again}\n"));
    }
    answer::print(table(&result.cases), arguments.format, terminal)
}

/// The scenario once under each belief, for all of its tunnels.
fn cases(
    source: &Source,
    input: &Input,
    scenario: &Scenario,
    terminal: &mut Terminal<'_>,
) -> Result<Vec<Case>, Failure> {
    let tunnels = scenario.blueprint.tunnels.values();
    if tunnels.is_empty() {
        return Err(Failure::usage(format!(
            "`{}` has no tunnel, so no edge chooses a replica",
            input.label
        )));
    }
    let mut cases = Vec::new();
    for belief in routing::ENTRIES {
        let routing = tunnels
            .iter()
            .map(|tunnel| format!("tunnels.{}.routing={}", tunnel.name, belief.name));
        let overrides: Vec<String> = input.overrides.iter().cloned().chain(routing).collect();
        let input = source
            .reopen(input, &overrides)
            .map_err(|unreadable| say_unreadable(&unreadable, terminal))?;
        let scenario = input.document.scenario().map_err(|findings| {
            say_findings(&findings, terminal);
            Failure::said(Exit::Usage)
        })?;
        cases.push(Case {
            variant: Some(belief.name.to_owned()),
            scenario,
        });
    }
    Ok(cases)
}

/// One row for each belief.
fn table(results: &[CaseResult<report::Gathered>]) -> Table {
    let fixed = [
        "belief",
        "requests",
        "failed",
        "failed_share",
        "delayed",
        "carts_lost",
        "p50_ms",
        "p99_ms",
    ];
    let mut table = Table::new(1, &fixed);
    if let Some(first) = results.first() {
        table.header.extend(
            first
                .kept
                .first
                .scope
                .replicas
                .iter()
                .map(|replica| replica.name.clone()),
        );
    }
    table.rows = results.iter().map(row).collect();
    table
}

fn row(result: &CaseResult<report::Gathered>) -> Vec<String> {
    let kept = &result.kept;
    let (total, sessions) = (kept.ledger.total(), kept.all_sessions());
    let by_replica = kept.ledger.split_by(|row| row.replica);
    let share_of = |replica: usize| {
        let counts = by_replica.get(&Some(ReplicaId::at(replica)));
        wording::share(
            counts.map_or(0, |counts| counts.requests()),
            total.requests(),
        )
    };
    let mut row = vec![
        result.case.variant.clone().unwrap_or_default(),
        total.requests().to_string(),
        total.failures().to_string(),
        wording::share(total.failures(), total.requests()),
        total.delayed.to_string(),
        sessions.carts_lost.to_string(),
        kept.latency_ms(0.5),
        kept.latency_ms(0.99),
    ];
    row.extend((0..kept.first.scope.replicas.len()).map(share_of));
    row
}
