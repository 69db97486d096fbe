//! What is written, and what happens when it cannot be.

use super::{answer, code, file, program, said, scenario, scratch};

#[test]
fn results_are_written_and_replaced() {
    let folder = scratch();
    let file = scenario("two-servers.yaml");
    for more in [["--png", "-j1"], ["--replications", "2"], ["--seed", "7"]] {
        let output = program(folder.path(), &["run", &file])
            .args(more)
            .output()
            .unwrap();
        assert_eq!(code(&output), 0, "{}", said(&output));
        assert!(
            said(&output).contains("wrote results/two-servers"),
            "{}",
            said(&output)
        );
        assert!(
            folder
                .path()
                .join("results/two-servers/summary.json")
                .is_file()
        );
    }
}

#[test]
fn a_foreign_folder_is_replaced_only_by_force() {
    let folder = scratch();
    let taken = folder.path().join("results/two-servers");
    std::fs::create_dir_all(&taken).unwrap();
    file(&taken, "thesis.txt", b"years of work");
    let scenario = scenario("two-servers.yaml");
    let output = program(folder.path(), &["run", &scenario])
        .output()
        .unwrap();
    assert_eq!(code(&output), 4, "{}", said(&output));
    assert!(taken.join("thesis.txt").is_file());
    let output = program(folder.path(), &["run", &scenario, "--force"])
        .output()
        .unwrap();
    assert_eq!(code(&output), 0, "{}", said(&output));
}

#[test]
fn no_log_lies_where_the_next_run_would_remove_it() {
    let folder = scratch();
    let scenario = scenario("two-servers.yaml");
    for log in [
        "results/two-servers/log",
        "./results/../results/two-servers/log",
        "results/two-servers/below/log",
        "results/two-servers",
        "-",
    ] {
        let output = program(folder.path(), &["run", &scenario, "--trace", log])
            .output()
            .unwrap();
        assert_eq!(code(&output), 2, "{log}: {}", said(&output));
        // The second log is asked for where the folder exists.
        std::fs::create_dir_all(folder.path().join("results/two-servers")).unwrap();
    }
    let beside = ["run", &scenario, "--trace", "results/log"];
    let output = program(folder.path(), &beside).output().unwrap();
    assert_eq!(code(&output), 0, "{}", said(&output));
}

#[test]
fn a_folder_that_cannot_be_written_is_an_ending_of_its_own() {
    let folder = scratch();
    file(folder.path(), "blocked", b"a file where a folder should be");
    let output = program(
        folder.path(),
        &["run", &scenario("two-servers.yaml"), "--out", "blocked"],
    )
    .output()
    .unwrap();
    assert_eq!(code(&output), 4, "{}", said(&output));
    assert!(said(&output).contains("blocked"), "{}", said(&output));
}

#[test]
fn the_observation_log_has_one_object_a_line() {
    let folder = scratch();
    let scenario = scenario("power-cut.yaml");
    let arguments = ["run", &scenario, "--no-write", "--trace", "trace.ndjson"];
    let output = program(folder.path(), &arguments).output().unwrap();
    assert_eq!(code(&output), 0, "{}", said(&output));
    let log = std::fs::read_to_string(folder.path().join("trace.ndjson")).unwrap();
    for kind in ["request", "session", "change"] {
        let begins = format!("{{\"kind\":\"{kind}\",\"at_ns\":");
        assert!(log.lines().any(|line| line.starts_with(&begins)), "{kind}");
    }
    assert!(
        log.lines()
            .all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok())
    );
    assert!(log.contains("\"request\":\"spain/0/0\""));
}

#[test]
fn what_is_in_the_way_is_said_before_the_runs() {
    let folder = scratch();
    let taken = folder.path().join("results/two-servers");
    std::fs::create_dir_all(&taken).unwrap();
    file(&taken, "thesis.txt", b"years of work");
    let scenario = scenario("two-servers.yaml");
    for arguments in [
        vec!["run", &scenario],
        vec![
            "run",
            &scenario,
            "--no-write",
            "--trace",
            "no/such/folder/log",
        ],
    ] {
        let output = program(folder.path(), &arguments).output().unwrap();
        assert_eq!((code(&output), answer(&output).as_str()), (4, ""));
    }
}

#[test]
fn a_log_replaces_nothing_but_a_log() {
    let folder = scratch();
    let text = std::fs::read(scenario("two-servers.yaml")).unwrap();
    let own = file(folder.path(), "own.yaml", &text);
    let thesis = file(folder.path(), "thesis.txt", b"years of work");
    let log = |name: &str, more: &[&str]| {
        let arguments = ["run", "own.yaml", "--no-write", "--quiet", "--trace", name];
        let arguments = [&arguments, more].concat();
        code(&program(folder.path(), &arguments).output().unwrap())
    };
    assert_eq!(
        (log("own.yaml", &[]), log("./own.yaml", &["--force"])),
        (2, 2)
    );
    assert_eq!(std::fs::read(own).unwrap(), text);
    assert_eq!(log("thesis.txt", &[]), 4);
    assert_eq!(std::fs::read(&thesis).unwrap(), b"years of work");
    assert_eq!(log("thesis.txt", &["--force"]), 0);
    assert_eq!((log("log", &[]), log("log", &[])), (0, 0));
    let written = std::fs::read(folder.path().join("log")).unwrap();
    assert_eq!(written, std::fs::read(thesis).unwrap());
    let left = std::fs::read_dir(folder.path()).unwrap().count();
    assert_eq!(left, 3);
}

#[test]
fn the_same_file_twice_writes_into_one_folder_only() {
    let file = scenario("two-servers.yaml");
    let folder = scratch();
    let twice = |more: &[&str]| {
        let arguments = [&["run", file.as_str(), file.as_str()], more].concat();
        code(&program(folder.path(), &arguments).output().unwrap())
    };
    assert_eq!((twice(&["--no-write"]), twice(&[])), (0, 2));
}

#[test]
fn a_scenario_without_a_name_is_not_begun() {
    let folder = scratch();
    for name in ["", ".yaml"] {
        let output = program(folder.path(), &["new", name]).output().unwrap();
        assert_eq!(code(&output), 2, "{name}");
    }
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn a_log_that_cannot_be_written_is_an_ending_of_its_own() {
    let arguments = [
        "run",
        &scenario("two-servers.yaml"),
        "--no-write",
        "--trace",
        "no/such/folder/trace.ndjson",
    ];
    let output = program(scratch().path(), &arguments).output().unwrap();
    assert_eq!(code(&output), 4, "{}", said(&output));
}

#[test]
fn the_starter_file_runs_and_is_not_overwritten() {
    let folder = scratch();
    let run = |arguments: &[&str]| program(folder.path(), arguments).output().unwrap();
    assert_eq!(code(&run(&["new", "first"])), 0);
    let output = run(&["check", "first.yaml"]);
    assert_eq!((code(&output), said(&output).as_str()), (0, ""));
    let output = run(&["run", "first.yaml", "--no-write"]);
    assert_eq!(code(&output), 0, "{}{}", answer(&output), said(&output));
    assert_eq!(code(&run(&["new", "first"])), 2);
}
