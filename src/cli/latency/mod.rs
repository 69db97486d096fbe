//! `tunnelsim latency`.

mod measured;
mod pairs;

use std::path::{Path, PathBuf};

use self::pairs::Pairs;
use super::answer::{self, Format};
use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use crate::report::page::Table;
use crate::report::wording;
use crate::world::geography::{Atlas, PairLatency, PlaceProblem, light_round_trip};

/// Show the model's round trips between two places.
///
/// A place is a city (`Madrid`, `Valencia, ES`), the code of a metro (`FRA`) or `LAT,LON` in degrees.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// One place.
    #[arg(required_unless_present_any = ["csv", "measured"], allow_hyphen_values = true)]
    from: Option<String>,
    /// The other.
    #[arg(
        requires = "from",
        required_unless_present_any = ["csv", "measured"],
        allow_hyphen_values = true
    )]
    to: Option<String>,
    /// Read pairs from a CSV file with the columns `from` and `to`; the answer is CSV unless `--format` says otherwise.
    #[arg(long, value_name = "FILE", conflicts_with = "from", value_hint = clap::ValueHint::FilePath)]
    csv: Option<PathBuf>,
    /// Compare the model with measured round trips: a CSV file with the column `rtt_ms` and the places as `lat_a`,
    /// `lon_a`, `lat_b` and `lon_b` or, without these, as names in `a` and `b`.
    #[arg(long, value_name = "FILE", conflicts_with_all = ["from", "csv"], value_hint = clap::ValueHint::FilePath)]
    measured: Option<PathBuf>,
    /// What standard output carries.
    #[arg(long, value_name = "FORMAT")]
    format: Option<Format>,
}

/// Prints the round trips.
pub fn run(arguments: &Arguments, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let (table, format) = match arguments {
        Arguments {
            csv: Some(path), ..
        } => (table(&pairs_of(path)?), Format::Csv),
        Arguments {
            measured: Some(path),
            ..
        } => (measured::table(path)?, Format::Text),
        Arguments {
            from: Some(from),
            to: Some(to),
            ..
        } => (
            table(&[pair(from, to).map_err(|problem| Failure::usage(problem.to_string()))?]),
            Format::Text,
        ),
        _ => return Err(Failure::usage("two places are needed")),
    };
    answer::print(table, arguments.format.unwrap_or(format), terminal)
}

fn pair(from: &str, to: &str) -> Result<PairLatency, PlaceProblem> {
    Atlas::shipped().pair_latency(from, to)
}

fn pairs_of(path: &Path) -> Result<Vec<PairLatency>, Failure> {
    let pairs = Pairs::open(path)?;
    let (from, to) = (pairs.column("from")?, pairs.column("to")?);
    pairs.read(|row| pair(row.cell(from), row.cell(to)).map_err(|problem| row.wrong(problem)))
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
