//! `tunnelsim beliefs`.

use super::alone::run_alone;
use super::answer::{self, Format};
use super::exit::{Exit, Failure};
use super::input::{Input, source};
use super::runs::Runs;
use super::terminal::Terminal;
use super::{reproduce, variant};
use crate::experiment::{Case, CaseResult, Experiment};
use crate::report::gathered::RunRow;
use crate::report::page::{Block, Page, Table};
use crate::report::{self, markdown, story, text, wording};
use crate::scenario::Scenario;
use crate::world::ids::{Position, ReplicaId};
use crate::world::routing;

/// Run one scenario under each routing belief: the same visitors, the same faults, one table.
///
/// The sources disagree about how an edge picks a replica. This shows what hangs on it.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// A file, `example:NAME`, or `-` for standard input.
    #[arg(value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    file: String,
    /// The variant to run; needed if the scenario has variants.
    #[arg(long, value_name = "NAME")]
    variant: Option<String>,
    #[command(flatten)]
    runs: Runs,
}

/// Runs the scenario under each belief and prints the table.
pub fn run(arguments: &Arguments, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let runs = &arguments.runs;
    let input = source(&arguments.file)?.open_or_say(&runs.overrides(), terminal)?;
    let scenario = variant::chosen(&input, arguments.variant.as_deref(), terminal)?;
    let experiment = Experiment {
        file: input.label.clone(),
        cases: cases(&input, &scenario)?,
        replications: runs.numbers(&scenario),
        scenario,
    };
    let result = run_alone(&experiment, runs, terminal)?;
    match runs.quiet {
        true => Ok(Exit::Pass),
        false => arguments.print(&input, &experiment, &result.cases, terminal),
    }
}

impl Arguments {
    /// Prints the table; for people with what was run before it, and the command that makes it again after it.
    fn print(
        &self,
        input: &Input,
        experiment: &Experiment,
        results: &[CaseResult<report::Gathered>],
        terminal: &mut Terminal<'_>,
    ) -> Result<Exit, Failure> {
        let table = table(results);
        let format = self.runs.format;
        if matches!(format, Format::Json | Format::Csv) {
            return answer::print(table, format, terminal);
        }
        let page = self.page(input, experiment, table);
        terminal.answer(&match format {
            Format::Markdown => markdown::render(&page),
            _ => text::render(&page, terminal.width),
        })?;
        Ok(Exit::Pass)
    }

    fn page(&self, input: &Input, experiment: &Experiment, table: Table) -> Page {
        let scenario = &experiment.scenario;
        let runs = experiment.replications.end - experiment.replications.start;
        let variant = self.variant.as_ref();
        let variant = variant.map_or_else(String::new, |name| format!(", variant {name}"));
        let mut page = Page::default();
        page.fact("runs", format!("{}{variant}", scenario.title));
        page.fact(
            "",
            format!(
                "{}, seed {}, {} under each belief, all runs added up; the last columns are the replicas' shares",
                input.label,
                scenario.seed,
                wording::counted(runs, "run", "runs")
            ),
        );
        page.table("beliefs", table);
        let variant = self.variant.as_ref();
        let variant = variant.map_or_else(String::new, |name| {
            format!(" --variant {}", reproduce::quoted(name))
        });
        page.blocks.push(Block::Command {
            label: "again",
            command: reproduce::command("beliefs", input, experiment) + &variant,
        });
        page
    }
}

/// The scenario once under each belief, for all of its tunnels.
fn cases(input: &Input, scenario: &Scenario) -> Result<Vec<Case>, Failure> {
    if scenario.blueprint.tunnels.is_empty() {
        return Err(Failure::usage(format!(
            "`{}` has no tunnel, so no edge chooses a replica",
            input.label
        )));
    }
    let under = |belief: &routing::Entry| {
        let mut scenario = scenario.clone();
        for (_, tunnel) in scenario.blueprint.tunnels.iter_mut() {
            tunnel.routing = belief.name.to_owned();
        }
        Case {
            variant: Some(belief.name.to_owned()),
            scenario,
        }
    };
    Ok(routing::ENTRIES.iter().map(|it| under(it)).collect())
}

/// One row for each belief; what is counted is counted over all runs.
fn table(results: &[CaseResult<report::Gathered>]) -> Table {
    let fixed = [
        "belief",
        "requests",
        "failed",
        "failed_share",
        "95 % interval",
        "delayed",
        "carts_lost",
        "p50_ms",
        "p99_ms",
    ];
    let mut table = Table::new(1, &fixed);
    let first = results.first().map(|result| &result.kept.first.scope);
    let replicas = first.into_iter().flat_map(|scope| &scope.replicas);
    table.header.extend(replicas.map(|it| it.name.clone()));
    table.rows = results.iter().map(row).collect();
    table.without_empty_columns()
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
    let failing = |row: &RunRow| (row.counts.failures(), row.counts.requests());
    let mut row = vec![
        result.case.variant.clone().unwrap_or_default(),
        total.requests().to_string(),
        total.failures().to_string(),
        wording::share(total.failures(), total.requests()),
        story::interval_of(kept, failing).unwrap_or_default(),
        total.delayed.to_string(),
        sessions.carts_lost.to_string(),
        kept.latency_ms(0.5),
        kept.latency_ms(0.99),
    ];
    row.extend((0..kept.first.scope.replicas.len()).map(share_of));
    row
}
