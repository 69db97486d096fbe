//! Broken YAML, in words that help.

use saphyr_parser::{ScanError, Span};

use super::places::Places;
use crate::notation::problem::Problem;
use crate::notation::source::Position;

/// The parser's complaint in our words.
pub(super) fn syntax_problem(
    error: &ScanError,
    places: &Places<'_>,
    open_bracket: Option<&Position>,
) -> Problem {
    let position = places.of(Span::empty(*error.marker()));
    // A tab ends a plain text, which is complained about where the text begins.
    let lines = if error.info().contains("plain scalar") {
        2
    } else {
        1
    };
    if let Some(tab) = indenting_tab(places.text, position, lines) {
        return Problem::error(tab, "a tab cannot indent a line of YAML")
            .label("this line begins with a tab")
            .help("indent with spaces");
    }
    let mut problem = Problem::error(position, "this is not valid YAML").label(error.info());
    if let Some((_, help)) = SYNTAX_HELP
        .iter()
        .find(|(part, _)| error.info().contains(part))
    {
        problem = problem.help(*help);
    }
    if let Some(bracket) = open_bracket {
        let character = &places.text[bracket.start as usize..][..1];
        problem = problem.note(format!(
            "the `{character}` of line {} is still open",
            bracket.line
        ));
    }
    problem
}

/// The first tab in the indentation of some lines, the one of a position first.
fn indenting_tab(text: &str, position: Position, lines: u32) -> Option<Position> {
    let start = position.start as usize;
    let mut line_start = text[..start].rfind('\n').map_or(0, |found| found + 1);
    for line in 0..lines {
        let rest = &text[line_start..];
        let indentation = rest.len() - rest.trim_start_matches([' ', '\t']).len();
        if let Some(tab) = rest[..indentation].find('\t') {
            return Some(Position {
                start: (line_start + tab) as u32,
                end: (line_start + tab + 1) as u32,
                line: position.line + line,
                column: tab as u32 + 1,
                ..position
            });
        }
        line_start += rest.find('\n')? + 1;
    }
    None
}

/// What lies behind complaints of the parser that people meet often: a part of the complaint, and the help.
const SYNTAX_HELP: &[(&str, &str)] = &[
    (
        "anchor",
        "a text that begins with `*` or `&` must stand in quotes",
    ),
    (
        "unexpected character",
        "a text that begins with this character must stand in quotes",
    ),
    (
        "simple key expect",
        "a key has at most 1,024 characters on one line, and `:` follows it",
    ),
    (
        "mapping values are not allowed",
        "a text that contains `: ` must stand in quotes",
    ),
    (
        "trailing content after",
        "if the quotes are part of the text, put quotes around all of it",
    ),
];
