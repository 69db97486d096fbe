//! Exit codes.

use std::process::Stdio;

#[cfg(unix)]
use super::shell;
use super::{answer, code, file, program, run, said, scenario, scratch};

#[test]
fn a_scenario_that_comes_out_as_declared_passes() {
    let output = run(&["run", &scenario("two-servers.yaml"), "--no-write"]);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert!(answer(&output).contains("FALSE"), "{}", answer(&output));
}

#[test]
fn a_wrong_verdict_fails() {
    let output = run(&[
        "run",
        &scenario("two-servers.yaml"),
        "--no-write",
        "--set",
        "verdict=true",
    ]);
    assert_eq!(code(&output), 1, "{}", said(&output));
}

#[test]
fn an_expectation_that_is_not_met_fails() {
    let expect = "expect=[{share_502: {at_most: 1%}}]";
    let output = run(&[
        "run",
        &scenario("two-servers.yaml"),
        "--no-write",
        "--set",
        expect,
    ]);
    assert_eq!(code(&output), 1, "{}", said(&output));
}

#[test]
fn too_few_runs_are_inconclusive() {
    let expect = "expect=[{share_502: {equals: 50%, error: replications}}]";
    let output = run(&[
        "run",
        &scenario("two-servers.yaml"),
        "--no-write",
        "--set",
        expect,
    ]);
    assert_eq!(code(&output), 5, "{}", said(&output));
}

#[test]
fn a_wrong_argument_is_explained_on_standard_error() {
    let output = run(&["rum"]);
    assert_eq!((code(&output), answer(&output).as_str()), (2, ""));
    assert!(said(&output).contains("'run'"), "{}", said(&output));
}

#[test]
fn over_many_files_the_worst_ending_wins() {
    let folder = scratch();
    for (name, verdict) in [("a.yaml", "false"), ("b.yaml", "true")] {
        let text = std::fs::read_to_string(scenario("two-servers.yaml")).unwrap();
        super::file(
            folder.path(),
            name,
            text.replace("verdict: false", &format!("verdict: {verdict}"))
                .as_bytes(),
        );
    }
    let output = program(folder.path(), &["run", ".", "--no-write"])
        .output()
        .unwrap();
    assert_eq!(code(&output), 1, "{}", said(&output));
    assert!(
        answer(&output).contains("2 scenarios"),
        "{}",
        answer(&output)
    );
}

#[test]
fn nothing_runs_if_any_file_is_wrong() {
    let folder = scratch();
    std::fs::copy(scenario("two-servers.yaml"), folder.path().join("a.yaml")).unwrap();
    super::file(folder.path(), "b.yaml", b"title: 1\nhorizn: 3\n");
    let output = program(folder.path(), &["run", "a.yaml", "b.yaml"])
        .output()
        .unwrap();
    assert_eq!((code(&output), answer(&output).as_str()), (2, ""));
    assert!(!folder.path().join("results").exists());
}

#[test]
fn a_broken_rule_is_told_with_the_command_that_shows_it_again() {
    let file = scenario("power-cut.yaml");
    let folder = scratch();
    let again = ["run", &file, "--seed", "7", "--replication", "0"];
    let broken = [&again[..], &["--defect-after", "1000"]].concat();
    let output = program(folder.path(), &broken).output().unwrap();
    let said = said(&output);
    assert_eq!((code(&output), answer(&output).as_str()), (3, ""), "{said}");
    assert!(
        said.contains("a rule that a test broke on purpose"),
        "{said}"
    );
    assert!(said.contains("in event 1001"), "{said}");
    assert!(
        said.contains(&format!("tunnelsim {}", again.join(" "))),
        "{said}"
    );
    assert_eq!(
        std::fs::read_dir(folder.path().join("results"))
            .unwrap()
            .count(),
        0
    );
    let output = program(folder.path(), &again).output().unwrap();
    assert_eq!(code(&output), 0, "the command itself breaks nothing");
}

#[test]
fn a_closed_pipe_keeps_the_code_and_says_nothing() {
    for (verdict, expected) in [("verdict=false", 0), ("verdict=true", 1)] {
        let mut child = std::process::Command::new(assert_cmd::cargo::cargo_bin("tunnelsim"))
            .args([
                "run",
                &scenario("two-servers.yaml"),
                "--no-write",
                "--set",
                verdict,
            ])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(code(&output), expected);
        let said = said(&output);
        assert!(
            !said.contains("error") && !said.contains("panicked"),
            "{said}"
        );
    }
}

#[test]
fn a_run_that_would_take_hours_needs_to_be_insisted_on() {
    // Two requests a session, of five events each.
    let seconds = tunnelsim::scenario::limits::EVENTS_MAX / 1e7 + 1.0;
    let horizon = format!("horizon={seconds}s");
    let many = [
        "--set",
        "clients.spain.sessions=1000000/s",
        "--set",
        &horizon,
    ];
    let file = scenario("two-servers.yaml");
    let output = run(&[&["run", &file, "--no-write"], many.as_slice()].concat());
    assert_eq!(code(&output), 2);
    assert!(said(&output).contains("--max-events"), "{}", said(&output));
    let checked = run(&[&["check", &file], many.as_slice()].concat());
    assert_eq!((code(&checked), said(&checked)), (2, said(&output)));
    assert_eq!(answer(&checked), "");
}

#[test]
fn a_file_that_cannot_be_extended_is_told_with_the_reason() {
    let folder = scratch();
    let long = folder.path().join("long.yaml");
    std::fs::write(&long, vec![b'#'; 8 << 20]).unwrap();
    for (base, reason) in [
        (".", "`.` is a directory; a file is wanted here"),
        ("long.yaml", "`long.yaml` is too long: at most"),
        ("gone.yaml", "`gone.yaml` does not exist"),
    ] {
        let text = format!("title: x\nextends: {base}\n");
        file(folder.path(), "a.yaml", text.as_bytes());
        let output = program(folder.path(), &["check", "a.yaml"])
            .output()
            .unwrap();
        assert_eq!(code(&output), 2);
        assert!(said(&output).contains(reason), "{}", said(&output));
    }
}

#[test]
fn as_many_events_as_are_allowed_are_run_and_one_more_is_not() {
    let file = scenario("two-servers.yaml");
    let with = |events: &str| code(&run(&["run", &file, "--no-write", "--max-events", events]));
    assert_eq!((with("6000"), with("5999")), (0, 2));
}

#[cfg(unix)]
#[test]
fn whoever_reads_only_the_beginning_hears_of_no_error() {
    for command in [
        "list edges",
        "schema",
        "--help",
        "run --help",
        "completions bash",
        "explain \"$SCENARIO\" --first 502",
        "run \"$SCENARIO\" --no-write --format json",
        "check \"$SCENARIO\" nothing.yaml",
    ] {
        let folder = scratch();
        let output = shell(
            folder.path(),
            &format!("\"$TUNNELSIM\" {command} | head -c 1"),
        );
        let said = said(&output);
        assert!(
            !said.contains("panicked") && !said.contains("standard output"),
            "{said}"
        );
    }
}

#[test]
fn strikes_without_number_need_to_be_insisted_on_too() {
    let strikes = "failures=[{container-crash: {container: '*/express', mtbf: 1ns}}]";
    let file = scenario("two-servers.yaml");
    let output = run(&["run", &file, "--no-write", "--set", strikes]);
    assert_eq!(code(&output), 2);
    assert!(said(&output).contains("--max-events"), "{}", said(&output));
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_runs_with_its_own_code() {
    let folder = scratch();
    let long = ["--set", "horizon=365d", "--trace", "trace.ndjson"];
    let child = std::process::Command::new(assert_cmd::cargo::cargo_bin("tunnelsim"))
        .args([&["run", &scenario("power-cut.yaml")], long.as_slice()].concat())
        .current_dir(folder.path())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // Time enough to be in the middle of it; a year of requests takes minutes.
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    let id = child.id().to_string();
    assert!(
        std::process::Command::new("kill")
            .args(["-INT", &id])
            .status()
            .unwrap()
            .success()
    );
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (code(&output), answer(&output).as_str()),
        (130, ""),
        "{}",
        said(&output)
    );
    let left = std::fs::read_dir(folder.path().join("results")).unwrap();
    assert_eq!(
        (left.count(), folder.path().join("trace.ndjson").exists()),
        (0, false)
    );
}
