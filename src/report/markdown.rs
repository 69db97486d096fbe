//! A page as Markdown, for a pull request or a wiki.

use std::fmt::Write;

use comfy_table::presets;

use super::page::{Block, Page};
use super::text::{drawn, mark};
use super::wording::{harmless, one_line};

/// Writes a page as Markdown: a heading, a list, tables.
pub fn render(page: &Page) -> String {
    let mut text = String::new();
    for block in &page.blocks {
        let _ = match block {
            Block::Headline {
                word,
                sentence,
                facts,
                ..
            } => {
                writeln!(
                    text,
                    "### {word}: {}\n\n{}\n",
                    escaped(sentence),
                    escaped(facts)
                )
            }
            Block::Fact {
                label: "",
                text: fact,
            } => {
                writeln!(text, "  - {}", escaped(fact))
            }
            Block::Fact { label, text: fact } => writeln!(text, "- **{label}** {}", escaped(fact)),
            Block::Check {
                label: "",
                met,
                text: fact,
            } => {
                writeln!(text, "  - {} {}", mark(*met), escaped(fact))
            }
            Block::Check {
                label,
                met,
                text: fact,
            } => {
                writeln!(text, "- **{label}** {} {}", mark(*met), escaped(fact))
            }
            Block::Table { label, table } => {
                let table = drawn(table, presets::ASCII_MARKDOWN, |cell| {
                    escaped(&one_line(cell))
                });
                let title = if label.is_empty() {
                    String::new()
                } else {
                    format!("\n**{label}**\n")
                };
                writeln!(text, "{title}\n{table}\n")
            }
            Block::Command { label, command } => {
                writeln!(text, "- **{label}** `{}`", harmless(command))
            }
        };
    }
    text
}

/// A text that Markdown takes literally.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for c in harmless(text).chars() {
        if matches!(
            c,
            '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '>' | '|' | '#'
        ) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}
