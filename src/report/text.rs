//! A page as text for a terminal: a column of labels, and a column of facts.

use std::fmt::Write;

use anstyle::{AnsiColor, Style};
use comfy_table::{
    CellAlignment, ColumnConstraint, ContentArrangement, TableStyle, Width, presets,
};

use super::page::{Block, Mood, Page, Table};
use super::wording::harmless;
use crate::measure::expectation::Verdict as Met;

/// Width of the column of labels.
const LABEL: usize = 9;

/// Most characters of a line of prose, and the width where nobody knows the terminal's.
const WIDTH: usize = 100;

/// The least width that lines are fitted to.
const LEAST_WIDTH: usize = 40;

/// Blanks before what a row without columns says.
const INDENT: usize = 2;

/// Blanks beside the content of a cell, both sides together.
const PADDING: usize = 2;

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

/// Lines that were laid out already, fitted into the terminal's width if that is known: what does not fit goes on
/// below the column in which its text began.
pub fn fitted(text: &str, terminal: Option<usize>) -> String {
    let Some(width) = terminal.map(|width| width.max(LEAST_WIDTH)) else {
        return text.to_owned();
    };
    let lines = text.lines().map(|line| fitted_line(line, width) + "\n");
    lines.collect()
}

fn fitted_line(line: &str, width: usize) -> String {
    let hang = hanging(line, width);
    let mut fitted = String::new();
    let (mut rest, mut indent) = (line.to_owned(), 0);
    while rest.chars().count() > width {
        let places = rest.char_indices().enumerate().skip(indent.max(hang) + 1);
        let blanks = places.filter(|(_, (_, c))| *c == ' ');
        let blanks: Vec<(usize, usize)> =
            blanks.map(|(column, (byte, _))| (column, byte)).collect();
        let last = blanks.iter().rev().find(|(column, _)| *column <= width);
        let Some(&(_, at)) = last.or(blanks.first()) else {
            break;
        };
        fitted.push_str(rest[..at].trim_end());
        fitted.push('\n');
        indent = hang;
        rest = format!("{:hang$}{}", "", rest[at..].trim_start());
    }
    fitted + &rest
}

/// The column at which a line goes on below itself: that of its text after times and blanks, if these leave room.
fn hanging(line: &str, width: usize) -> usize {
    const COLUMNS: usize = 30;
    let start: Vec<char> = line.chars().take(COLUMNS).collect();
    let blanks = start.windows(2).rposition(|pair| pair == [' ', ' ']);
    let text = blanks.map_or(0, |at| at + 2);
    let is_indent = start[..text].iter().all(|c| *c == ' ');
    let hang = if is_indent { text + 2 } else { text };
    if hang <= width / 2 { hang } else { 4 }
}

fn table(text: &mut String, label: &str, rows: &Table, fit: Option<usize>) {
    for (index, line) in table_lines(rows, fit).iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        let _ = writeln!(text, "{BOLD}{label:<LABEL$}{BOLD:#}{line}");
    }
}

/// A table by itself, without the column of labels, fitted into the terminal's width if that is known.
pub fn table_alone(rows: &Table, terminal: Option<usize>) -> String {
    let fit = terminal.map(|width| width.max(LEAST_WIDTH));
    let lines = table_lines(rows, fit).into_iter();
    lines.map(|line| line + "\n").collect()
}

/// The lines of a table; the header is dimmed. A table that does not fit has its cells broken between words, and
/// nobody knows any more where its header ends; if that is not enough, each row is told in lines of its own.
fn table_lines(rows: &Table, fit: Option<usize>) -> Vec<String> {
    let mut drawn = drawn(rows, presets::NOTHING, harmless_cell);
    let width = |drawn: &comfy_table::Table| drawn.lines().map(|line| line.chars().count()).max();
    let narrow = fit.filter(|&fit| width(&drawn) > Some(fit));
    if let Some(fit) = narrow {
        drawn.set_content_arrangement(ContentArrangement::Dynamic);
        drawn.set_width(u16::try_from(fit).unwrap_or(u16::MAX));
        keep_words_whole(&mut drawn, rows);
        if width(&drawn) > Some(fit) {
            return rows
                .rows
                .iter()
                .flat_map(|row| entry(&rows.header, row, fit))
                .collect();
        }
    }
    let titles = rows.header.iter().map(|title| title.lines().count());
    let header = match narrow {
        Some(_) => 0,
        None => titles.max().unwrap_or(0),
    };
    let styled = |(index, line): (usize, String)| {
        let style = if index < header { DIM } else { Style::new() };
        // The preset puts one blank before the first column.
        let line = line.strip_prefix(' ').unwrap_or(&line).trim_end();
        format!("{style}{line}{style:#}")
    };
    drawn.lines().enumerate().map(styled).collect()
}

/// A row without columns: its name, and below that what it says, each under its title.
fn entry(header: &[String], row: &[String], fit: usize) -> Vec<String> {
    let plain = |cell: &String| {
        let words: Vec<&str> = cell.split_whitespace().collect();
        harmless(&words.join(" ")).into_owned()
    };
    let mut cells = header.iter().map(plain).zip(row.iter().map(plain));
    let mut lines = vec![cells.next().map_or(String::new(), |(_, name)| name)];
    let said = cells.filter(|(_, cell)| !cell.is_empty());
    let parts: Vec<String> = said
        .map(|(title, cell)| format!("{title} {cell}"))
        .collect();
    let below = beside_each_other(&parts, fit - INDENT);
    lines.extend(below.iter().map(|line| format!("{:INDENT$}{line}", "")));
    lines
}

/// As many parts on a line as fit, with commas between; a part that is too long by itself goes on below.
fn beside_each_other(parts: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (index, part) in parts.iter().enumerate() {
        let comma = if index + 1 < parts.len() { "," } else { "" };
        let mut pieces = wrapped(&format!("{part}{comma}"), width).into_iter();
        let first = pieces.next().unwrap_or_default();
        match lines.last_mut() {
            Some(line)
                if line.chars().count() + 1 + first.chars().count() <= width
                    && pieces.len() == 0 =>
            {
                line.push(' ');
                line.push_str(&first);
            }
            _ => lines.push(first),
        }
        lines.extend(pieces);
    }
    lines
}

/// Makes no column narrower than its longest word: a table that is too wide is read more easily than cut words.
fn keep_words_whole(drawn: &mut comfy_table::Table, rows: &Table) {
    let longest = |cell: &String| cell.split_whitespace().map(|it| it.chars().count()).max();
    for (index, column) in drawn.column_iter_mut().enumerate() {
        let cells = rows.rows.iter().filter_map(|row| row.get(index));
        let cells = cells.chain(rows.header.get(index));
        let width = cells.filter_map(longest).max().unwrap_or(0);
        let width = u16::try_from(width + PADDING).unwrap_or(u16::MAX);
        column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(width)));
    }
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

    fn widest(text: &str) -> Option<usize> {
        let plain = anstream::adapter::strip_str(text).to_string();
        plain.lines().map(|line| line.chars().count()).max()
    }

    #[test]
    fn long_cells_of_a_table_too_wide_go_on_below() {
        let header = [
            "a-name-of-thirty-characters-ok",
            "another-name-of-thirty-letters",
            "words",
        ];
        let mut table = Table::new(3, &header);
        let words = "a text of many words ".repeat(8);
        let row = ["first", "second", &words];
        table.rows.push(row.map(str::to_owned).to_vec());
        assert!(widest(&table_alone(&table, Some(60))) <= Some(60));
    }

    #[test]
    fn a_table_fits_into_a_terminal_whose_width_is_known() {
        let mut table = Table::new(2, &["metric", "what it says"]);
        let words = "a text of many words ".repeat(8);
        table.rows.push(vec!["name".to_owned(), words]);
        assert!(widest(&table_alone(&table, Some(80))) <= Some(80));
        assert!(widest(&table_alone(&table, None)) > Some(100));
        let mut page = Page::default();
        page.table("table", table);
        assert!(widest(&render(&page, Some(60))) <= Some(60));
    }

    #[test]
    fn no_word_is_cut_in_a_narrow_table() {
        let header = [
            "belief",
            "requests",
            "failed_share",
            "delayed",
            "carts_lost",
            "p99_ms",
        ];
        let mut table = Table::new(1, &header);
        let row = [
            "primary-standby",
            "123456",
            "12.3 %",
            "1234",
            "17",
            "1234.5",
        ];
        table.rows.push(row.map(str::to_owned).to_vec());
        let narrow = table_alone(&table, Some(50));
        assert!(widest(&narrow) <= Some(50), "{narrow}");
        for word in header[1..]
            .iter()
            .chain(&row)
            .flat_map(|cell| cell.split(' '))
        {
            assert!(narrow.contains(word), "{word}:\n{narrow}");
        }
    }

    #[test]
    fn long_lines_go_on_below_their_text() {
        let story = "  00:08.072    +5.04 s  the attempt is lost after a long silence\n  meanwhile all was well\n";
        assert_eq!(fitted(story, None), story);
        assert_eq!(
            fitted(story, Some(50)),
            "  00:08.072    +5.04 s  the attempt is lost after\n                        a long silence\n  meanwhile all was well\n"
        );
    }
}
