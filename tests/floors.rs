//! Each floor uses only the floors below it, and nothing reads the clock, the file system or random order where it must not.

use std::fs;
use std::path::{Path, PathBuf};

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

fn sources(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(sources(&path));
        } else if path.extension().is_some_and(|e| e == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

fn source_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// Lines of code, without comments, with their numbers.
fn code_lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines()
        .enumerate()
        .map(|(index, line)| (index + 1, line))
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
}

#[test]
fn no_floor_looks_up() {
    let mut wrong = Vec::new();
    let mut looked_at = 0;
    for (height, floor) in FLOORS.iter().enumerate() {
        for path in sources(&source_folder().join(floor)) {
            let text = fs::read_to_string(&path).unwrap();
            looked_at += 1;
            for (number, line) in code_lines(&text) {
                for higher in &FLOORS[height + 1..] {
                    if line.contains(&format!("crate::{higher}")) {
                        wrong.push(format!(
                            "{}:{number}: {floor} uses {higher}",
                            path.display()
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
    for floor in &FLOORS[..8] {
        for path in sources(&source_folder().join(floor)) {
            let text = fs::read_to_string(&path).unwrap();
            let code = text.split("#[cfg(test)]").next().unwrap();
            let is_test = path.to_string_lossy().contains("test");
            for (number, line) in code_lines(code) {
                if !is_test && (line.contains("std::fs") || line.contains("File::open")) {
                    wrong.push(format!("{}:{number}: {line}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
