//! The results under `results/` are what the program says of every scenario today, byte for byte.
//!
//! The released program makes them, because a year of a thousand runs takes it seconds; `tests/determinism.rs` shows
//! that any other build says the same.

#[path = "support/programs.rs"]
mod programs;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

use programs::{difference, released, root};

/// The files of a results folder that are committed.
const KEPT: [&str; 5] = [
    "ledger.csv",
    "summary.json",
    "timeline.svg",
    "traffic.svg",
    "variants.svg",
];

const REFRESH: &str = "UPDATE_GOLDEN=1 cargo test --test golden";

/// The files that are kept of all folders of results, by their paths.
type Results = BTreeMap<String, Vec<u8>>;

/// What says in a summary that it is of the catalogue, and not of somebody's own scenario.
const ORIGIN: &str = "\"command\": \"tunnelsim run scenarios/";

/// The committed kinds of files in the folders of the catalogue's results.
fn results(folder: &Path) -> Results {
    let mut results = Results::new();
    let entries = fs::read_dir(folder).into_iter().flatten();
    for name in entries.map(|entry| entry.expect("it can be read").file_name()) {
        let read = |file: &str| fs::read(folder.join(&name).join(file)).ok();
        let summary = read("summary.json").unwrap_or_default();
        if !String::from_utf8_lossy(&summary).contains(ORIGIN) {
            continue;
        }
        let files = KEPT.iter().filter_map(|file| Some((file, read(file)?)));
        results.extend(files.map(|(file, bytes)| (format!("{}/{file}", name.display()), bytes)));
    }
    results
}

/// Makes the committed files those of today; other files in their folders stay.
fn refresh(folder: &Path, committed: &Results, today: &Results) {
    for gone in committed.keys().filter(|it| !today.contains_key(*it)) {
        fs::remove_file(folder.join(gone)).expect("it can be removed");
    }
    for (name, bytes) in today {
        let path = folder.join(name);
        fs::create_dir_all(path.parent().expect("it is in a folder")).expect("it can be made");
        fs::write(path, bytes).expect("it can be written");
    }
}

/// What differs between the committed results and those of today, a paragraph each.
fn differences(committed: &Results, today: &Results) -> Vec<String> {
    let names: BTreeSet<&String> = committed.keys().chain(today.keys()).collect();
    let say = |name: &String| match (committed.get(name), today.get(name)) {
        (Some(was), Some(is)) => Some(format!("results/{name}, {}", difference(was, is)?)),
        (None, _) => Some(format!("results/{name} is not committed")),
        (_, None) => Some(format!(
            "results/{name} is committed, and no longer written"
        )),
    };
    names.into_iter().filter_map(say).collect()
}

/// Runs all scenarios, which all come out as their files say.
fn run_catalogue(out: &Path) {
    let mut command = Command::new(released());
    command
        .args(["run", "scenarios/", "--quiet", "--out"])
        .arg(out);
    let output = command
        .current_dir(root())
        .output()
        .expect("the program runs");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{}: {said}", output.status);
}

#[test]
fn the_committed_results_are_those_of_today() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    run_catalogue(scratch.path());
    let (folder, today) = (root().join("results"), results(scratch.path()));
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        refresh(&folder, &results(&folder), &today);
    }
    let differences = differences(&results(&folder), &today);
    assert!(
        differences.is_empty(),
        "{} files differ; if that is meant, run `{REFRESH}` and review the diff\n{}",
        differences.len(),
        differences.join("\n")
    );
    println!(
        "checked: {} files of results are the committed ones",
        today.len()
    );
}
