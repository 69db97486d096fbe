//! The same file and seed give the same bytes, whatever the number of threads.

use std::collections::BTreeMap;

use super::{answer, code, program, results_of, said, scenario, scratch};

/// Everything that a run leaves behind: its answer, and its files by name.
fn results(threads: &str) -> (String, BTreeMap<String, Vec<u8>>) {
    let folder = scratch();
    let arguments = [
        "run",
        &scenario("power-cut.yaml"),
        "--threads",
        threads,
        "--trace",
        "trace.ndjson",
    ];
    let output = program(folder.path(), &arguments).output().unwrap();
    assert_eq!(code(&output), 0, "{}", said(&output));
    let mut files = results_of(&folder.path().join("results/power-cut"));
    let log = std::fs::read(folder.path().join("trace.ndjson")).unwrap();
    files.insert("trace.ndjson".to_owned(), log);
    (answer(&output), files)
}

#[test]
fn one_thread_and_four_and_once_more_give_the_same_bytes() {
    let (one, four, again) = (results("1"), results("4"), results("4"));
    assert!(one.1.contains_key("summary.json"));
    assert!(one == four, "the number of threads changed a result");
    assert!(four == again, "a second run changed a result");
}
