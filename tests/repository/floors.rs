//! Each floor uses only the floors below it, and only the top floors touch the file system. What else could make
//! results differ, the clock and random order, is forbidden by `clippy.toml`.

use std::path::Path;

use crate::sources::{sources, text_of};

/// The floors, lowest first.
const FLOORS: [&str; 10] = [
    "kernel",
    "notation",
    "world",
    "fault",
    "measure",
    "simulation",
    "scenario",
    "experiment",
    "report",
    "cli",
];

/// How many floors must do without the file system.
const FLOORS_WITHOUT_FILES: usize = 8;

/// Lines of code, without comments, with their numbers.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

/// Whether a file of the crate contains tests and nothing else.
fn is_test(file: &Path) -> bool {
    let names = ["tests.rs", "testing.rs", "hostile.rs"];
    names.iter().any(|name| file.ends_with(name))
}

/// Whether a line of code reads or writes files.
fn touches_files(line: &str) -> bool {
    let ways = [
        "std::fs",
        " fs::",
        "File::open",
        "File::create",
        "OpenOptions",
    ];
    ways.iter().any(|way| line.contains(way))
}

#[test]
fn no_floor_looks_up() {
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for (height, floor) in FLOORS.iter().enumerate() {
        for file in sources(&format!("src/{floor}")) {
            looked_at += 1;
            for (number, line) in code_lines(&text_of(&file)) {
                for higher in &FLOORS[height + 1..] {
                    if line.contains(&format!("crate::{higher}")) {
                        wrong.push(format!(
                            "{}:{number}: {floor} uses {higher}",
                            file.display()
                        ));
                    }
                }
            }
        }
    }
    assert!(looked_at > 100, "only {looked_at} files were found");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn only_the_top_floors_touch_the_file_system() {
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for floor in &FLOORS[..FLOORS_WITHOUT_FILES] {
        for file in sources(&format!("src/{floor}")) {
            if is_test(&file) {
                continue;
            }
            looked_at += 1;
            let text = text_of(&file);
            let code = text.split("#[cfg(test)]").next().unwrap();
            for (number, line) in code_lines(code) {
                if touches_files(line) {
                    wrong.push(format!("{}:{number}: {line}", file.display()));
                }
            }
        }
    }
    assert!(looked_at > 100, "only {looked_at} files were looked at");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_file_of_tests_is_known_by_its_own_name_and_not_by_a_folder_above() {
    assert!(is_test(Path::new("src/world/store/tests.rs")));
    assert!(!is_test(Path::new(
        "/home/tests/tunnelsim/src/world/dns.rs"
    )));
    assert!(!is_test(Path::new("src/world/latest.rs")));
}

#[test]
fn ways_to_the_file_system_are_recognised() {
    for line in [
        "use std::fs;",
        "let text = fs::read(path);",
        "File::open(path)?",
    ] {
        assert!(touches_files(line), "{line}");
    }
    assert!(!touches_files("let first = offset.first();"));
}
