//! Short ways for tests to decode a text and to see its problems.

use super::decode::{Context, Decode};
use super::problem::Problem;
use super::render::{Style, render};
use super::source::Sources;
use super::yaml;

/// Decodes a text that has no problems.
pub fn decoded<T: Decode>(text: &str) -> T {
    let (value, problems) = decode::<T>(text);
    assert!(problems.is_empty(), "{text}: {problems:?}");
    value.unwrap_or_else(|| panic!("{text}: nothing came of it"))
}

/// The messages for a text that has problems, in the order of the file.
pub fn refused<T: Decode>(text: &str) -> Vec<String> {
    let (_, problems) = decode::<T>(text);
    problems
        .into_iter()
        .map(|problem| problem.message)
        .collect()
}

/// The help for a text with one problem.
pub fn help<T: Decode>(text: &str) -> String {
    let (_, problems) = decode::<T>(text);
    assert_eq!(problems.len(), 1, "{text}: {problems:?}");
    problems[0].help.clone().unwrap_or_default()
}

fn decode<T: Decode>(text: &str) -> (Option<T>, Vec<Problem>) {
    let (mut sources, mut context) = (Sources::default(), Context::default());
    let node = yaml::read(
        "a.yaml",
        text.as_bytes(),
        &mut sources,
        &mut context.problems,
    );
    let value = node.and_then(|node| T::decode(&node, &mut context));
    (
        value,
        context.problems.sorted().into_iter().cloned().collect(),
    )
}

/// What a user sees for a text read from `name`.
pub fn shown<T: Decode>(name: &str, text: &str) -> String {
    let (mut sources, mut context) = (Sources::default(), Context::default());
    if let Some(node) = yaml::read(name, text.as_bytes(), &mut sources, &mut context.problems) {
        T::decode(&node, &mut context);
    }
    render(&context.problems, &sources, Style::Plain)
}
