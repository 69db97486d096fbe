//! The page of limits is made from the constants, and every limit has a test. `UPDATE_GOLDEN=1` rewrites the page.

use std::fs;
use std::path::{Path, PathBuf};

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

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The public constants of a file whose names say that they are limits.
fn limits(file: &str) -> Vec<Limit> {
    let text = fs::read_to_string(root().join(file)).unwrap();
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
         `UPDATE_GOLDEN=1 cargo test --test limits`.\n",
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
    let file = root().join("docs/limits.md");
    let page = page();
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::write(&file, &page).unwrap();
    }
    let committed = fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == page,
        "docs/limits.md is out of date: run UPDATE_GOLDEN=1 cargo test --test limits"
    );
}

/// The code of all tests: the folder of tests, and the test modules of the library.
fn tests() -> String {
    let mut code = String::new();
    let mut folders = vec![root().join("tests"), root().join("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "rs") {
                code.push_str(&test_code(&path));
            }
        }
    }
    code
}

fn test_code(path: &Path) -> String {
    let text = fs::read_to_string(path).unwrap();
    let is_test = path.starts_with(root().join("tests")) || path.ends_with("tests.rs");
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
