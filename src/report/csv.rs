//! CSV files: one row an observation, units in the headers, a column for the variant in front.

mod containers;
mod ledger;
mod runs;
mod series;
mod status;
mod traffic;

pub use containers::containers;
pub use ledger::{faults, latency, ledger, sessions};
pub use runs::{estimates, runs};
pub use series::{latency_over_time, timeline};
pub use status::status;
pub use traffic::{DIRECT, Last, by_group, traffic};

use super::input::ScenarioReport;
use super::wording::harmless;

/// A CSV file in the making.
pub struct Csv {
    writer: ::csv::Writer<Vec<u8>>,
}

impl Csv {
    /// A file with a header and no rows.
    pub fn new<T: AsRef<str>>(header: impl IntoIterator<Item = T>) -> Csv {
        let mut csv = Csv {
            writer: ::csv::Writer::from_writer(Vec::new()),
        };
        csv.row(header);
        csv
    }

    /// Adds a row.
    ///
    /// # Panics
    /// If the row has not as many cells as the header.
    pub fn row<T: AsRef<str>>(&mut self, cells: impl IntoIterator<Item = T>) {
        let cells = cells.into_iter().map(|it| cell(it.as_ref()));
        self.writer
            .write_record(cells)
            .expect("rows are as long as the header, and a vector takes everything");
    }

    /// The bytes of the file.
    pub fn into_bytes(self) -> Vec<u8> {
        self.writer.into_inner().expect("a vector takes everything")
    }
}

/// A cell that no spreadsheet takes for a formula and no terminal for a command.
fn cell(text: &str) -> String {
    let text = harmless(text);
    let is_number = text.parse::<f64>().is_ok();
    match text.starts_with(['=', '+', '-', '@']) && !is_number {
        true => format!("'{text}"),
        false => text.into_owned(),
    }
}

/// All variants with their label.
fn each(report: &ScenarioReport) -> impl Iterator<Item = (&str, &super::gathered::Gathered)> {
    report
        .variants
        .iter()
        .map(|variant| (variant.label(), &variant.runs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{report, small_variants};

    /// The sum of a column over the rows that pass.
    fn sum(csv: Csv, column: &str, passes: impl Fn(&::csv::StringRecord) -> bool) -> u64 {
        let bytes = csv.into_bytes();
        let mut reader = ::csv::Reader::from_reader(bytes.as_slice());
        let header = reader.headers().unwrap().clone();
        let column = header.iter().position(|title| title == column).unwrap();
        let rows = reader.records().map(Result::unwrap).filter(passes);
        rows.map(|row| row[column].parse::<u64>().unwrap()).sum()
    }

    #[test]
    fn the_tables_agree_on_how_many_requests_there_were() {
        let report = report(small_variants());
        let totals = each(&report).map(|(_, runs)| runs.ledger.total());
        let all: u64 = totals.map(|counts| counts.requests()).sum();
        assert_eq!(sum(ledger(&report), "requests", |_| true), all);
        assert_eq!(sum(timeline(&report), "requests", |_| true), all);
        assert_eq!(sum(traffic(&report), "requests", |_| true), all);
        assert_eq!(sum(runs(&report), "requests", |_| true), all);
        assert_eq!(sum(sessions(&report), "requests", |_| true), all);
        let uses = each(&report).flat_map(|(_, runs)| &runs.containers);
        let admitted: u64 = uses.map(|it| it.admitted).sum();
        assert_eq!(sum(containers(&report), "admitted", |_| true), admitted);
        let is_all = |row: &::csv::StringRecord| &row[2] == "all" && &row[3] == "any";
        assert_eq!(sum(latency(&report), "requests", is_all), all);
    }

    #[test]
    fn a_cell_is_never_a_formula_and_never_steers_a_terminal() {
        let mut csv = Csv::new(["name", "value"]);
        csv.row(["=cmd()", "-0.5"]);
        csv.row(["@x", "a,\"b\"\u{1b}[0m"]);
        let text = String::from_utf8(csv.into_bytes()).unwrap();
        assert_eq!(
            text,
            "name,value\n'=cmd(),-0.5\n'@x,\"a,\"\"b\"\"\\u{1b}[0m\"\n"
        );
    }
}
