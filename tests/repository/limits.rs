//! The page of limits is made from the constants, and every limit has a test.

use std::path::Path;

use crate::assert_current;
use crate::sources::{sources, text_of};

/// Where limits stand: on what a file says, and on its form.
const FILES: [(&str, &str); 4] = [
    ("On what a scenario says", "src/scenario/limits.rs"),
    ("On how it is written", "src/notation/limits.rs"),
    ("On patterns of paths", "src/world/ingress.rs"),
    ("On what is measured", "src/measure/failover/mod.rs"),
];

/// A limit: its name, its value as written, and what it is of.
struct Limit {
    name: String,
    value: String,
    meaning: String,
}

/// The public constants of a file whose names say that they are limits.
fn limits(file: &str) -> Vec<Limit> {
    let text = text_of(Path::new(file));
    let mut limits = Vec::new();
    let mut words = String::new();
    for line in text.lines() {
        if let Some(more) = line.strip_prefix("///") {
            // The first paragraph says what it is.
            if words.ends_with('\n') {
                continue;
            }
            match more.trim() {
                "" => words.push('\n'),
                more => words = format!("{words} {more}"),
            }
            continue;
        }
        let constant = line
            .strip_prefix("pub const ")
            .and_then(|rest| rest.split_once(": "));
        if let Some((name, rest)) = constant
            && let Some((_, value)) = rest.trim_end_matches(';').split_once(" = ")
        {
            limits.push(Limit {
                name: name.to_owned(),
                value: value.to_owned(),
                meaning: words.trim().to_owned(),
            });
        }
        words.clear();
    }
    limits
}

fn page() -> String {
    let mut page = String::from(
        "# Limits\n\nA scenario file is input from a stranger, so nothing in it may ask for more than a machine can give. \
         Each limit is a constant of the code, and has a test at it and one just over it. This page is collected by \
         `UPDATE_GOLDEN=1 cargo test --test repository`.\n",
    );
    for (title, file) in FILES {
        page.push_str(&format!(
            "\n## {title}\n\n| limit | value | constant in `{file}` |\n|---|---|---|\n"
        ));
        for limit in limits(file) {
            let Limit {
                name,
                value,
                meaning,
            } = limit;
            page.push_str(&format!("| {meaning} | `{value}` | `{name}` |\n"));
        }
    }
    page
}

#[test]
fn the_page_lists_every_limit() {
    assert_current("docs/limits.md", &page());
}

/// The code of all tests: the folder of tests, and the test modules of the library.
fn tests() -> String {
    let files = ["tests", "src"].into_iter().flat_map(sources);
    files.map(|file| test_code(&file)).collect()
}

fn test_code(file: &Path) -> String {
    let text = text_of(file);
    let is_test = file.starts_with("tests") || file.ends_with("tests.rs");
    match text.split_once("#[cfg(test)]") {
        _ if is_test => text,
        Some((_, tests)) => tests.to_owned(),
        None => String::new(),
    }
}

#[test]
fn every_limit_has_a_test() {
    let tests = tests();
    let all: Vec<Limit> = FILES.iter().flat_map(|(_, file)| limits(file)).collect();
    assert!(all.len() > 35, "only {} limits were found", all.len());
    let untested: Vec<&str> = all
        .iter()
        .map(|limit| limit.name.as_str())
        .filter(|name| !tests.contains(name))
        .collect();
    assert!(untested.is_empty(), "without a test: {untested:?}");
}
