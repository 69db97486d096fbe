//! Pairs of places from a CSV file.

use std::fs::File;
use std::path::Path;

use csv::{Reader, StringRecord};

use super::super::exit::Failure;

/// A CSV file with a row for each pair.
pub(super) struct Pairs<'p> {
    shown: std::path::Display<'p>,
    header: StringRecord,
    reader: Reader<File>,
}

/// One row, and where it stands.
pub(super) struct Row {
    /// `FILE:LINE: `, which every complaint about the row begins with.
    pub(super) place: String,
    cells: StringRecord,
}

impl Row {
    /// The cell in that column, trimmed.
    pub(super) fn cell(&self, column: usize) -> &str {
        self.cells.get(column).unwrap_or_default()
    }

    /// A complaint about the row.
    pub(super) fn wrong(&self, what: impl std::fmt::Display) -> Failure {
        Failure::usage(format!("{}{what}", self.place))
    }
}

impl<'p> Pairs<'p> {
    /// Opens a file and reads its header.
    pub(super) fn open(path: &'p Path) -> Result<Pairs<'p>, Failure> {
        let shown = path.display();
        let mut reader = csv::ReaderBuilder::new()
            .trim(csv::Trim::All)
            .from_path(path)
            .map_err(|error| unreadable(&shown, &error))?;
        let header = reader
            .headers()
            .map_err(|error| unreadable(&shown, &error))?
            .clone();
        Ok(Pairs {
            shown,
            header,
            reader,
        })
    }

    /// The column of that title, if there is one.
    pub(super) fn find(&self, title: &str) -> Option<usize> {
        self.header
            .iter()
            .position(|known| known.eq_ignore_ascii_case(title))
    }

    /// The column of that title.
    pub(super) fn column(&self, title: &str) -> Result<usize, Failure> {
        self.find(title)
            .ok_or_else(|| Failure::usage(format!("`{}` has no column `{title}`", self.shown)))
    }

    /// What each row says, in order, until the first that says nothing sensible.
    pub(super) fn read<T>(
        mut self,
        read: impl Fn(&Row) -> Result<T, Failure>,
    ) -> Result<Vec<T>, Failure> {
        let mut answers = Vec::new();
        for record in self.reader.records() {
            let cells = record.map_err(|error| unreadable(&self.shown, &error))?;
            let line = cells.position().map_or(0, csv::Position::line);
            let place = format!("{}:{line}: ", self.shown);
            answers.push(read(&Row { place, cells })?);
        }
        Ok(answers)
    }
}

fn unreadable(shown: &std::path::Display<'_>, error: &csv::Error) -> Failure {
    Failure::usage(format!("`{shown}` cannot be read: {error}"))
}
