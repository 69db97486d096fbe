//! `tunnelsim list`.

use clap::ValueEnum;

use super::answer::{self, Format};
use super::catalogue;
use super::exit::{Exit, Failure};
use super::input::source;
use super::terminal::Terminal;
use crate::fault::kind;
use crate::measure::metric;
use crate::report::page::Table;
use crate::scenario::all_assumptions;
use crate::world::geography::Atlas;
use crate::world::{balancer, routing};

/// List what there is to write in a scenario, or to run.
#[derive(clap::Args, Debug)]
#[command(arg_required_else_help = true)]
pub struct Arguments {
    /// What to list.
    #[arg(value_name = "WHAT")]
    what: What,
    /// What standard output carries.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Format,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// What can be measured and expected.
    Metrics,
    /// Routing beliefs of edges, and steering policies of load balancers.
    Policies,
    /// What can go wrong.
    Faults,
    /// Cities for clients and hosts.
    Cities,
    /// Metros of the edge.
    Edges,
    /// Defaults, how well each is known, and where it comes from.
    Assumptions,
    /// The scenarios that come with the program.
    Scenarios,
}

/// Prints the list.
pub fn run(arguments: &Arguments, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let table = match arguments.what {
        What::Metrics => metrics(),
        What::Policies => policies(),
        What::Faults => faults(),
        What::Cities => cities(),
        What::Edges => edges(),
        What::Assumptions => assumptions(),
        What::Scenarios => scenarios(),
    };
    answer::print(table, arguments.format, terminal)
}

/// A table of words from rows of texts.
fn words<const COLUMNS: usize>(
    header: [&str; COLUMNS],
    rows: impl Iterator<Item = [String; COLUMNS]>,
) -> Table {
    let mut table = Table::new(COLUMNS, &header);
    table.rows = rows.map(Vec::from).collect();
    table
}

fn metrics() -> Table {
    let unit = |entry: &metric::Entry| entry.unit.suffix().trim().to_owned();
    let filters = |entry: &metric::Entry| {
        let names: Vec<&str> = entry.filters.iter().map(|filter| filter.name()).collect();
        names.join(" ")
    };
    let row = |entry: &metric::Entry| {
        [
            entry.name.to_owned(),
            unit(entry),
            entry.help.to_owned(),
            filters(entry),
        ]
    };
    words(
        ["metric", "unit", "what it measures", "filters"],
        metric::all().map(row),
    )
}

fn policies() -> Table {
    let row = |kind: &str, name: &str, summary: &str| {
        [kind.to_owned(), name.to_owned(), summary.to_owned()]
    };
    let beliefs = routing::ENTRIES
        .iter()
        .map(|it| row("routing", it.name, it.summary));
    let pools = balancer::steering::POLICIES
        .iter()
        .map(|it| row("steering", it.name(), it.summary()));
    let endpoints = balancer::endpoint_steering::POLICIES.iter();
    let endpoints = endpoints.map(|it| row("endpoint_steering", it.name(), it.summary()));
    words(
        ["setting", "policy", "what it does"],
        beliefs.chain(pools).chain(endpoints),
    )
}

fn faults() -> Table {
    words(
        ["fault", "what happens"],
        kind::ENTRIES
            .iter()
            .map(|it| [it.name.to_owned(), it.summary()]),
    )
}

fn cities() -> Table {
    let mut table = Table::new(1, &["city", "latitude_longitude", "population"]);
    table.rows = Atlas::shipped()
        .cities()
        .iter()
        .map(|city| {
            vec![
                city.to_string(),
                city.place.to_string(),
                city.population.to_string(),
            ]
        })
        .collect();
    table
}

fn edges() -> Table {
    let mut table = Table::new(3, &["metro", "city", "latitude_longitude", "data_centres"]);
    table.rows = Atlas::shipped()
        .metros()
        .iter()
        .map(|metro| {
            let city = format!("{}, {}", metro.city, metro.country);
            vec![
                metro.code.clone(),
                city,
                metro.place.to_string(),
                metro.n_data_centres.to_string(),
            ]
        })
        .collect();
    table
}

fn assumptions() -> Table {
    let rows = all_assumptions().into_iter();
    words(
        ["setting", "default", "grade", "source"],
        rows.map(|it| {
            [
                it.setting,
                it.default.to_owned(),
                it.grade.to_owned(),
                it.source.to_owned(),
            ]
        }),
    )
}

fn scenarios() -> Table {
    let title = |name: &str| {
        let opened = source(&format!("example:{name}"))
            .ok()
            .and_then(|source| source.open(&[]).ok());
        let scenario = opened.and_then(|input| input.document.scenario().ok());
        scenario.map_or_else(String::new, |scenario| scenario.title)
    };
    words(
        ["scenario", "title"],
        catalogue::names().map(|name| [format!("example:{name}"), title(name)]),
    )
}
