//! The program as it is shipped, and how two results differ, for suites that compare whole runs.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The program as it is released: built if it is not current, which takes minutes where that was never done, or the
/// one whose path `TUNNELSIM_RELEASED` names, such as an installed one.
pub fn released() -> PathBuf {
    env::var_os("TUNNELSIM_RELEASED").map_or_else(|| built("release"), PathBuf::from)
}

/// The program in a profile, built if it is not current.
pub fn built(profile: &str) -> PathBuf {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--bin", "tunnelsim"])
        .args(["--profile", profile])
        .arg("--message-format=json-render-diagnostics")
        .current_dir(root())
        .stderr(Stdio::inherit())
        .output()
        .expect("cargo runs");
    assert!(output.status.success(), "the {profile} build failed");
    let messages = String::from_utf8(output.stdout).expect("cargo writes text");
    let executable = messages.lines().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).ok()?;
        message["executable"].as_str().map(PathBuf::from)
    });
    executable.expect("cargo names what it built")
}

/// The folder of the repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Where two contents differ first, in words; none if they are equal.
pub fn difference(expected: &[u8], found: &[u8]) -> Option<String> {
    if expected == found {
        return None;
    }
    let (expected, found) = (
        String::from_utf8_lossy(expected),
        String::from_utf8_lossy(found),
    );
    let lines = |text: &str| -> Vec<String> { text.split('\n').map(str::to_owned).collect() };
    let (expected, found) = (lines(&expected), lines(&found));
    let same = expected
        .iter()
        .zip(&found)
        .take_while(|(one, other)| one == other)
        .count();
    let (one, other) = (expected.get(same), found.get(same));
    let column = match (one, other) {
        (Some(one), Some(other)) => one
            .chars()
            .zip(other.chars())
            .take_while(|(a, b)| a == b)
            .count(),
        _ => 0,
    };
    let shown =
        |line: Option<&String>| line.map_or("(end of file)".to_owned(), |it| part(it, column));
    Some(format!(
        "line {}\n    was {}\n    is  {}",
        same + 1,
        shown(one),
        shown(other)
    ))
}

/// The part of a line around a column.
fn part(line: &str, column: usize) -> String {
    const AROUND: usize = 60;
    let from = column.saturating_sub(AROUND);
    let part: String = line.chars().skip(from).take(2 * AROUND).collect();
    let before = if from > 0 { "…" } else { "" };
    let after = if line.chars().count() > from + 2 * AROUND {
        "…"
    } else {
        ""
    };
    format!("{before}{part}{after}")
}

#[test]
fn the_first_difference_is_shown_with_what_stands_around_it() {
    let long = "x".repeat(200);
    assert_eq!(difference(b"a\nb\n", b"a\nb\n"), None);
    assert_eq!(
        difference(b"a\nb\n", b"a\nc\n").unwrap(),
        "line 2\n    was b\n    is  c"
    );
    assert_eq!(
        difference(b"a", b"a\nc").unwrap(),
        "line 2\n    was (end of file)\n    is  c"
    );
    let (one, other) = (format!("{long}1{long}"), format!("{long}2{long}"));
    let shown = difference(one.as_bytes(), other.as_bytes()).unwrap();
    assert!(
        shown.contains("x1x") && shown.contains("x2x") && shown.len() < 300,
        "{shown}"
    );
}
