//! Outputs that cannot be written: exit code 4, the file is named, and what was there before is there still.

use std::fs;
use std::os::unix::process::ExitStatusExt;
use std::path::Path;
use std::process::Output;

use super::{answer, code, results_of, said, scratch, shell};

/// Where Linux has a device that is always full, and a folder in which not even root can make one.
fn is_linux() -> bool {
    Path::new("/dev/full").exists() && Path::new("/proc/self").exists()
}

/// Asserts that a command failed because of this output.
fn assert_unwritten(output: &Output, named: &str) {
    let said = said(output);
    assert_eq!(code(output), 4, "{said}");
    assert!(said.contains(named), "{named}: {said}");
    assert!(!said.contains("panicked"), "{said}");
}

#[test]
fn a_full_standard_output_is_an_ending_of_its_own_for_every_command() {
    if !is_linux() {
        return;
    }
    for command in [
        "list edges",
        "list metrics --format json",
        "schema",
        "completions bash",
        "man",
        "new -",
        "--help",
        "--version",
        "latency Madrid Frankfurt",
        "check \"$SCENARIO\"",
        "explain \"$SCENARIO\" --first 502",
        "beliefs \"$SCENARIO\"",
        "run \"$SCENARIO\" --no-write",
        "run \"$SCENARIO\" --no-write --format json",
    ] {
        let folder = scratch();
        let output = shell(
            folder.path(),
            &format!("\"$TUNNELSIM\" {command} > /dev/full"),
        );
        assert_unwritten(&output, "standard output cannot be written");
    }
}

#[test]
fn results_are_written_even_if_nobody_can_be_told() {
    if !is_linux() {
        return;
    }
    let folder = scratch();
    let output = shell(
        folder.path(),
        "\"$TUNNELSIM\" run \"$SCENARIO\" > /dev/full 2> /dev/full",
    );
    assert_eq!(code(&output), 4);
    assert!(results_of(&folder.path().join("results/two-servers")).contains_key("summary.json"));
}

#[test]
fn a_log_on_a_full_device_names_the_device() {
    if !is_linux() {
        return;
    }
    let folder = scratch();
    let output = shell(
        folder.path(),
        "\"$TUNNELSIM\" run \"$SCENARIO\" --no-write --trace /dev/full",
    );
    assert_unwritten(&output, "`/dev/full` cannot be written");
}

#[test]
fn a_folder_in_which_nothing_can_be_made_is_named_before_anything_is_run() {
    if !is_linux() {
        return;
    }
    for out in ["/proc/results", "/dev/full"] {
        let folder = scratch();
        let output = shell(
            folder.path(),
            &format!("\"$TUNNELSIM\" run \"$SCENARIO\" --out {out}"),
        );
        assert_unwritten(&output, out);
        assert_eq!(answer(&output), "");
    }
}

/// Files may be only so long, in blocks of the shell; the signal about it is ignored, so that writing fails instead.
fn limited(blocks: u32, command: &str) -> String {
    format!("trap '' XFSZ; ulimit -f {blocks}; exec \"$TUNNELSIM\" {command}")
}

#[test]
fn a_file_that_may_not_grow_leaves_the_old_results_whatever_its_limit() {
    let folder = scratch();
    let results = folder.path().join("results/two-servers");
    let old = shell(folder.path(), "\"$TUNNELSIM\" run \"$SCENARIO\" --seed 1");
    assert_eq!(code(&old), 0, "{}", said(&old));
    let before = results_of(&results);
    let mut failures = 0;
    for doubling in 0..20 {
        let command = limited((1 << doubling) - 1, "run \"$SCENARIO\" --seed 2");
        let output = shell(folder.path(), &command);
        if code(&output) == 0 {
            break;
        }
        failures += 1;
        assert_unwritten(&output, "cannot write `results/.new-two-servers/");
        assert!(results_of(&results) == before, "the old results changed");
        let names = fs::read_dir(folder.path().join("results")).unwrap().count();
        assert_eq!(names, 1, "something is left over");
    }
    assert!(failures >= 3, "only {failures} limits were too low");
    assert!(
        results_of(&results) != before,
        "the last run replaced nothing"
    );
}

#[test]
fn a_log_that_may_not_grow_leaves_the_old_one() {
    let folder = scratch();
    let path = folder.path().join("trace.ndjson");
    let old = "\"$TUNNELSIM\" run \"$SCENARIO\" --no-write --trace trace.ndjson";
    assert_eq!(code(&shell(folder.path(), old)), 0);
    let before = fs::read(&path).unwrap();
    for blocks in [0, 1, 7] {
        let command = limited(blocks, "run \"$SCENARIO\" --no-write --trace trace.ndjson");
        assert_unwritten(
            &shell(folder.path(), &command),
            "trace.ndjson` cannot be written",
        );
        assert!(fs::read(&path).unwrap() == before, "the old log changed");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }
}

#[test]
fn a_log_that_another_program_is_writing_stays_its_own() {
    let folder = scratch();
    let being_written = fs::File::create(folder.path().join(".new-trace.ndjson")).unwrap();
    being_written.lock().unwrap();
    let run = "\"$TUNNELSIM\" run \"$SCENARIO\" --no-write --trace trace.ndjson";
    assert_unwritten(
        &shell(folder.path(), run),
        "trace.ndjson` cannot be written: another program is writing it",
    );
    drop(being_written);
    assert_eq!(code(&shell(folder.path(), run)), 0);
}

#[test]
fn a_starter_file_that_cannot_be_written_is_not_in_the_way_of_the_next_try() {
    let folder = scratch();
    let output = shell(folder.path(), &limited(0, "new first"));
    assert_unwritten(&output, "`first.yaml` cannot be written");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    assert_eq!(code(&shell(folder.path(), "\"$TUNNELSIM\" new first")), 0);
}

#[test]
fn whoever_dies_of_the_limit_leaves_the_old_results_and_no_obstacle() {
    let folder = scratch();
    let results = folder.path().join("results/two-servers");
    assert_eq!(
        code(&shell(
            folder.path(),
            "\"$TUNNELSIM\" run \"$SCENARIO\" --seed 1"
        )),
        0
    );
    let before = results_of(&results);
    let command = "ulimit -c 0; ulimit -f 1; exec \"$TUNNELSIM\" run \"$SCENARIO\" --seed 2";
    let output = shell(folder.path(), command);
    assert!(output.status.signal().is_some(), "{:?}", output.status);
    assert!(results_of(&results) == before, "the old results changed");
    assert_eq!(
        code(&shell(
            folder.path(),
            "\"$TUNNELSIM\" run \"$SCENARIO\" --seed 2"
        )),
        0
    );
    assert_eq!(
        fs::read_dir(folder.path().join("results")).unwrap().count(),
        1
    );
}
