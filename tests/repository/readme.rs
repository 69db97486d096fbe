//! The first screen of README.md is what the program prints today: its scenario, command, answer and picture.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::assert_current;

/// The scenario of the first screen.
const SCENARIO: &str = "docs/two-servers.yaml";

/// The picture below the answer.
const PICTURE: &str = "docs/images/two-servers-timeline.svg";

/// The first block of code in a language: where it begins, and its text.
fn block<'a>(page: &'a str, language: &str) -> &'a str {
    let (_, rest) = page
        .split_once(&format!("```{language}\n"))
        .unwrap_or_else(|| panic!("README.md has no block of {language}"));
    rest.split_once("```").expect("the block ends").0
}

#[test]
fn the_first_screen_is_what_the_program_prints() {
    let page = fs::read_to_string("README.md").unwrap();
    let scenario = fs::read_to_string(SCENARIO).unwrap();
    let told = block(&page, "yaml");
    let lines = |text: &str| -> Vec<String> {
        let lines = text.lines().filter(|line| !line.starts_with('#'));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(lines(told), lines(&scenario), "README.md and {SCENARIO}");

    let command = block(&page, "console").lines().next().unwrap();
    let (_, arguments) = command.split_once(" -- ").expect("cargo run -- ...");
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().display().to_string();
    let output = Command::new(env!("CARGO_BIN_EXE_tunnelsim"))
        .args(arguments.split(' '))
        .args(["--out", &out])
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );

    let answer = String::from_utf8(output.stdout).unwrap();
    let wanted = page.replace(block(&page, "text"), &answer);
    assert_current("README.md", &wanted);
    let made = Path::new(&out).join("two-servers/timeline.svg");
    let made = fs::read_to_string(made).unwrap();
    assert_current(PICTURE, &made);
}

#[test]
fn every_file_that_the_pages_link_is_there() {
    for page in ["README.md", "docs/semantics.md", "scenarios/README.md"] {
        let folder = Path::new(page).parent().unwrap();
        let text = fs::read_to_string(page).unwrap();
        let links = text.split("](").skip(1);
        let links = links.filter_map(|rest| rest.split([')', '#']).next());
        for link in links.filter(|link| !link.is_empty() && !link.contains("://")) {
            assert!(folder.join(link).exists(), "{page} links {link}");
        }
    }
}
