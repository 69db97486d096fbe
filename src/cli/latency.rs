//! `tunnelsim latency`.

use std::path::PathBuf;

use super::answer::{self, Format};
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use crate::report::page::Table;
use crate::report::wording;
use crate::world::geography::{Atlas, PairLatency, light_round_trip};

/// Show the model's round trips between two places.
///
/// A place is a city (`Madrid`, `Valencia, ES`), the code of a metro (`FRA`) or `LAT,LON` in degrees.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// One place.
    #[arg(required_unless_present = "csv", allow_hyphen_values = true)]
    from: Option<String>,
    /// The other.
    #[arg(
        requires = "from",
        required_unless_present = "csv",
        allow_hyphen_values = true
    )]
    to: Option<String>,
    /// Read pairs from a CSV file with the columns `from` and `to`; the answer is CSV unless `--format` says otherwise.
    #[arg(long, value_name = "FILE", conflicts_with = "from", value_hint = clap::ValueHint::FilePath)]
    csv: Option<PathBuf>,
    /// What standard output carries.
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
}

/// Prints the round trips.
pub fn run(arguments: &Arguments, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let (pairs, format) = match (&arguments.csv, &arguments.from, &arguments.to) {
        (Some(path), _, _) => (pairs_of(path)?, Format::Csv),
        (None, Some(from), Some(to)) => (vec![pair(from, to, "")?], Format::Text),
        (None, _, _) => return Err(Failure::usage("two places are needed")),
    };
    answer::print(table(&pairs), arguments.format.unwrap_or(format), terminal)
}

fn pair(from: &str, to: &str, place: &str) -> Result<PairLatency, Failure> {
    Atlas::shipped()
        .pair_latency(from, to)
        .map_err(|problem| Failure::usage(format!("{place}{problem}")))
}

fn pairs_of(path: &PathBuf) -> Result<Vec<PairLatency>, Failure> {
    let shown = path.display();
    let unreadable =
        |error: csv::Error| Failure::usage(format!("`{shown}` cannot be read: {error}"));
    let mut reader = csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_path(path)
        .map_err(unreadable)?;
    let header = reader.headers().map_err(unreadable)?.clone();
    let column = |name: &str| {
        let found = header
            .iter()
            .position(|title| title.eq_ignore_ascii_case(name));
        found.ok_or_else(|| Failure::usage(format!("`{shown}` has no column `{name}`")))
    };
    let (from, to) = (column("from")?, column("to")?);
    let mut pairs = Vec::new();
    for record in reader.records() {
        let record = record.map_err(unreadable)?;
        let line = record.position().map_or(0, csv::Position::line);
        let cell = |index: usize| record.get(index).unwrap_or_default();
        pairs.push(pair(cell(from), cell(to), &format!("{shown}:{line}: "))?);
    }
    Ok(pairs)
}

fn table(pairs: &[PairLatency]) -> Table {
    let mut table = Table::new(
        2,
        &[
            "from",
            "to",
            "distance_km",
            "public_round_trip_ms",
            "private_round_trip_ms",
            "light_ms",
        ],
    );
    for pair in pairs {
        table.rows.push(vec![
            pair.from.name.clone(),
            pair.to.name.clone(),
            format!("{}.{:03}", pair.distance_m / 1_000, pair.distance_m % 1_000),
            wording::millis(pair.public_round_trip.as_nanos()),
            wording::millis(pair.private_round_trip.as_nanos()),
            wording::millis(light_round_trip(pair.distance_m).as_nanos()),
        ]);
    }
    table
}
