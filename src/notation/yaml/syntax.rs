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
    let start = position.start as usize;
    let line_start = places.text[..start]
        .rfind('\n')
        .map_or(0, |found| found + 1);
    let indentation: &str = places.text[line_start..]
        .split(|character: char| character != ' ' && character != '\t')
        .next()
        .unwrap_or("");
    if indentation.contains('\t') {
        return Problem::error(position, "a tab cannot indent a line of YAML")
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
        "mapping values are not allowed",
        "a text that contains `: ` must stand in quotes",
    ),
    (
        "trailing content after",
        "if the quotes are part of the text, put quotes around all of it",
    ),
];
