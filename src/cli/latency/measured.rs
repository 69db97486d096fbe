//! How well the model meets a matrix of measured round trips.

use std::path::Path;

use super::super::exit::Failure;
use super::pairs::{Pairs, Row};
use crate::kernel::time::Span;
use crate::report::page::Table;
use crate::world::geography::{Atlas, ErrorFigures, MeasuredPair, Place, error_figures};

/// The error figures of the model against the measured pairs of a CSV file.
pub(super) fn table(path: &Path) -> Result<Table, Failure> {
    let pairs = Pairs::open(path)?;
    let ends = [Columns::of(&pairs, "a")?, Columns::of(&pairs, "b")?];
    let round_trip = pairs.column("rtt_ms")?;
    let measured = pairs.read(|row| {
        let [from, to] = [ends[0].place(row)?, ends[1].place(row)?];
        Ok(MeasuredPair {
            from,
            to,
            round_trip: length(row, round_trip)?,
        })
    })?;
    if measured.is_empty() {
        return Err(Failure::usage(format!("`{}` has no pairs", path.display())));
    }
    Ok(figures(&error_figures(&measured)))
}

/// Where a row says where one end is.
enum Columns {
    Name(usize),
    Degrees { lat: usize, lon: usize },
}

impl Columns {
    /// Coordinates if the file has them, which need no name to be known.
    fn of(pairs: &Pairs<'_>, end: &str) -> Result<Columns, Failure> {
        let degrees = |what: &str| pairs.find(&format!("{what}_{end}"));
        match (degrees("lat"), degrees("lon")) {
            (Some(lat), Some(lon)) => Ok(Columns::Degrees { lat, lon }),
            _ => pairs.column(end).map(Columns::Name),
        }
    }

    fn place(&self, row: &Row) -> Result<Place, Failure> {
        let text = match *self {
            Columns::Name(column) => row.cell(column).to_owned(),
            Columns::Degrees { lat, lon } => format!("{},{}", row.cell(lat), row.cell(lon)),
        };
        let found = Atlas::shipped().find_place(&text);
        found
            .map(|it| it.place)
            .map_err(|problem| row.wrong(problem))
    }
}

/// Round trips of more than this are no round trips on Earth.
const LONGEST_MS: f64 = 1e6;

fn length(row: &Row, column: usize) -> Result<Span, Failure> {
    let text = row.cell(column);
    match text.parse::<f64>() {
        // The product is below 1e12, which a float of 53 bits holds exactly.
        Ok(millis) if (1e-6..=LONGEST_MS).contains(&millis) => {
            Ok(Span::from_nanos((millis * 1e6) as u64))
        }
        _ => Err(row.wrong(format!(
            "`rtt_ms` is `{text}`; it must be a number of milliseconds above 0"
        ))),
    }
}

fn figures(figures: &[ErrorFigures]) -> Table {
    let header = [
        "pairs",
        "n",
        "public_median_%",
        "public_p90_%",
        "private_median_%",
        "private_p90_%",
    ];
    let mut table = Table::new(1, &header);
    for class in figures {
        let [public, private] = class.errors;
        let mut row = vec![class.class.clone(), class.n_pairs.to_string()];
        row.extend([public.median, public.p90, private.median, private.p90].map(per_cent));
        table.rows.push(row);
    }
    table
}

fn per_cent(share: f64) -> String {
    format!("{:.1}", share * 100.0)
}
