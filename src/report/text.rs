//! A page as text for a terminal: a column of labels, and a column of facts.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use comfy_table::{CellAlignment, ContentArrangement, TableStyle, presets};

use super::page::{Block, Mood, Page, Table};
use super::wording::harmless;
use crate::measure::expectation::Verdict as Met;

/// Width of the column of labels.
const LABEL: usize = 9;

/// Most characters of a line of prose, and the width where nobody knows the terminal's.
const WIDTH: usize = 100;

/// The least width that lines are fitted to.
const LEAST_WIDTH: usize = 40;

const BOLD: Style = Style::new().bold();
const DIM: Style = Style::new().dimmed();

/// Writes a page with styles. Whoever prints it strips the styles where they are not wanted; no meaning is lost with
/// them. Lines fit into the terminal's width, if that is known; else tables are as wide as they are.
pub fn render(page: &Page, terminal: Option<usize>) -> String {
    let mut text = String::new();
    let width = terminal.unwrap_or(WIDTH).clamp(LEAST_WIDTH, WIDTH);
    let fit = terminal.map(|width| width.max(LEAST_WIDTH) - LABEL);
    for block in &page.blocks {
        match block {
            Block::Headline {
                mood,
                word,
                sentence,
                facts,
            } => headline(&mut text, *mood, word, sentence, facts, width),
            Block::Fact { label, text: fact } => {
                lines(&mut text, label, BOLD, &harmless(fact), width)
            }
            Block::Check {
                label,
                met,
                text: fact,
            } => check(&mut text, label, *met, &harmless(fact), width),
            Block::Table { label, table: rows } => table(&mut text, label, rows, fit),
            Block::Command { label, command } => {
                let _ = writeln!(text, "{BOLD}{label:<LABEL$}{BOLD:#}{}", harmless(command));
            }
        }
    }
    text
}

fn colour(mood: Mood) -> Style {
    let colour = match mood {
        Mood::Good => AnsiColor::Green,
        Mood::Bad => AnsiColor::Red,
        Mood::Open => AnsiColor::Yellow,
    };
    BOLD.fg_color(Some(colour.into()))
}

/// The verdict and the sentence; what was run stands at the right if there is room, else below.
fn headline(text: &mut String, mood: Mood, word: &str, sentence: &str, facts: &str, width: usize) {
    let (sentence, facts) = (harmless(sentence), harmless(facts));
    let used = LABEL + sentence.chars().count() + facts.chars().count();
    if used + 2 <= width {
        let style = colour(mood);
        let gap = width - used;
        let _ = writeln!(
            text,
            "{style}{word:<LABEL$}{style:#}{BOLD}{sentence}{BOLD:#}{:gap$}{DIM}{facts}{DIM:#}",
            ""
        );
    } else {
        lines(text, word, colour(mood), &sentence, width);
        let _ = writeln!(text, "{:LABEL$}{DIM}{facts}{DIM:#}", "");
    }
}

/// A mark, which speaks without its colour.
pub fn mark(met: Met) -> &'static str {
    match met {
        Met::Passed => "✓",
        Met::Failed => "✗",
        Met::Inconclusive => "?",
    }
}

fn check(text: &mut String, label: &str, met: Met, fact: &str, width: usize) {
    let style = colour(met.into());
    for (index, line) in wrapped(fact, width - LABEL - 2).iter().enumerate() {
        let (label, mark) = if index == 0 {
            (label, mark(met))
        } else {
            ("", " ")
        };
        let _ = writeln!(
            text,
            "{BOLD}{label:<LABEL$}{BOLD:#}{style}{mark}{style:#} {line}"
        );
    }
}

fn lines(text: &mut String, label: &str, style: Style, fact: &str, width: usize) {
    for (index, line) in wrapped(fact, width - LABEL).iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        let _ = match label.is_empty() {
            true => writeln!(text, "{:LABEL$}{line}", ""),
            false => writeln!(text, "{style}{label:<LABEL$}{style:#}{line}"),
        };
    }
}

/// Breaks a text between words. A longer word gets a line of its own and is not broken.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let line = lines.last_mut().expect("there is a first line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= width {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_owned());
        }
    }
    lines
}

fn table(text: &mut String, label: &str, rows: &Table, fit: Option<usize>) {
    for (index, line) in table_lines(rows, fit).enumerate() {
        let label = if index == 0 { label } else { "" };
        let _ = writeln!(text, "{BOLD}{label:<LABEL$}{BOLD:#}{line}");
    }
}

/// A table by itself, without the column of labels, fitted into the terminal's width if that is known.
pub fn table_alone(rows: &Table, terminal: Option<usize>) -> String {
    let fit = terminal.map(|width| width.max(LEAST_WIDTH));
    let lines = table_lines(rows, fit);
    lines.map(|line| line + "\n").collect()
}

/// The lines of a table; the header is dimmed. A table that does not fit has its cells broken between words, and
/// nobody knows any more where its header ends.
fn table_lines(rows: &Table, fit: Option<usize>) -> impl Iterator<Item = String> {
    let mut drawn = drawn(rows, presets::NOTHING, harmless_cell);
    let natural = drawn.lines().map(|line| line.chars().count()).max();
    let narrow = fit.filter(|&fit| natural > Some(fit));
    if let Some(fit) = narrow {
        drawn.set_content_arrangement(ContentArrangement::Dynamic);
        drawn.set_width(u16::try_from(fit).unwrap_or(u16::MAX));
    }
    let titles = rows.header.iter().map(|title| title.lines().count());
    let header = match narrow {
        Some(_) => 0,
        None => titles.max().unwrap_or(0),
    };
    let lines: Vec<String> = drawn.lines().collect();
    lines.into_iter().enumerate().map(move |(index, line)| {
        let style = if index < header { DIM } else { Style::new() };
        // The preset puts one blank before the first column.
        let line = line.strip_prefix(' ').unwrap_or(&line).trim_end();
        format!("{style}{line}{style:#}")
    })
}

/// A cell may have several lines.
fn harmless_cell(cell: &str) -> String {
    let lines: Vec<_> = cell.lines().map(harmless).collect();
    lines.join("\n")
}

/// The table in a preset: words to the left, numbers to the right.
pub(super) fn drawn(
    rows: &Table,
    preset: TableStyle,
    cell: fn(&str) -> String,
) -> comfy_table::Table {
    let mut table = comfy_table::Table::new();
    table.load_style(preset);
    table.set_header(rows.header.iter().map(|title| cell(title)));
    for row in &rows.rows {
        table.add_row(row.iter().map(|text| cell(text)));
    }
    for (index, column) in table.column_iter_mut().enumerate() {
        if index >= rows.words {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_fits_into_a_terminal_whose_width_is_known() {
        let mut table = Table::new(2, &["metric", "what it says"]);
        let words = "a text of many words ".repeat(8);
        table.rows.push(vec!["name".to_owned(), words]);
        let widest = |text: &str| {
            let plain = anstream::adapter::strip_str(text).to_string();
            plain.lines().map(|line| line.chars().count()).max()
        };
        assert!(widest(&table_alone(&table, Some(80))) <= Some(80));
        assert!(widest(&table_alone(&table, None)) > Some(100));
        let mut page = Page::default();
        page.table("table", table);
        assert!(widest(&render(&page, Some(60))) <= Some(60));
    }
}
