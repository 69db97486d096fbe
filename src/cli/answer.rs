//! An answer that is a table, in the format the user asked for.

use clap::ValueEnum;
use serde_json::{Map, Value};

use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use crate::report::csv::Csv;
use crate::report::page::{Page, Table};
use crate::report::{markdown, text};

/// What standard output carries.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs.
    Json,
    /// For a pull request or a wiki.
    Markdown,
    /// For a spreadsheet.
    Csv,
}

/// Prints a table.
///
/// # Errors
/// When standard output cannot be written.
pub fn print(table: Table, format: Format, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let text = match format {
        Format::Text => text::table_alone(&table, terminal.width),
        Format::Markdown => markdown(table),
        Format::Json => json(&table),
        Format::Csv => csv(&table),
    };
    terminal.answer(&text)?;
    Ok(Exit::Pass)
}

fn markdown(table: Table) -> String {
    let mut page = Page::default();
    page.table("", table);
    markdown::render(&page)
}

/// A list of objects with the column titles as keys.
fn json(table: &Table) -> String {
    let object = |row: &Vec<String>| {
        let fields = table
            .header
            .iter()
            .zip(row)
            .map(|(key, cell)| (key.clone(), Value::from(cell.as_str())));
        Value::Object(fields.collect::<Map<_, _>>())
    };
    let rows: Vec<Value> = table.rows.iter().map(object).collect();
    format!("{:#}\n", Value::from(rows))
}

/// A table as CSV.
pub fn csv(table: &Table) -> String {
    let mut csv = Csv::new(&table.header);
    table.rows.iter().for_each(|row| csv.row(row));
    String::from_utf8_lossy(&csv.into_bytes()).into_owned()
}
