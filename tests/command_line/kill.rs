//! Programs killed at any moment (`kill -9`): the results are the old ones or the new ones, and whole.
//!
//! `KILLS` says how many are killed: 10 if it is not set, 50 in `.ci/run`.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use super::{results_of, scenario, scratch};

/// How many programs are killed if nobody says otherwise.
const KILLS: u32 = 10;

/// How long a program may run before it is killed, spread over this range; a whole run takes less than the end of it.
const LONGEST: Duration = Duration::from_millis(600);

fn started(folder: &Path, seed: &str) -> std::process::Child {
    Command::new(assert_cmd::cargo::cargo_bin("tunnelsim"))
        .args([
            "run",
            &scenario("two-servers.yaml"),
            "--quiet",
            "--seed",
            seed,
        ])
        .args(["--trace", "trace.ndjson"])
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// What a run leaves: its results, and its log among them.
fn left(folder: &Path, results: &str) -> BTreeMap<String, Vec<u8>> {
    results_of(&folder.join("results").join(results))
}

fn log(folder: &Path) -> Option<Vec<u8>> {
    fs::read(folder.join("trace.ndjson")).ok()
}

#[test]
fn a_killed_program_leaves_old_or_new_results_and_never_half_of_them() {
    let kills = match std::env::var("KILLS") {
        Ok(text) => text.parse().expect("KILLS is a number"),
        Err(_) => KILLS,
    };
    let whole: Vec<Whole> = ["1", "2"]
        .into_iter()
        .map(|seed| {
            let folder = scratch();
            assert!(started(folder.path(), seed).wait().unwrap().success());
            (left(folder.path(), "two-servers"), log(folder.path()))
        })
        .collect();
    assert!(whole[0] != whole[1] && whole[0].0.contains_key("summary.json"));
    let folder = scratch();
    let mut cut_short = 0;
    for kill in 0..kills {
        let mut child = started(folder.path(), ["1", "2"][kill as usize % 2]);
        // Every moment of the range is as likely, and no two kills share one (the golden section).
        let share = (f64::from(kill) * 0.618_033_988_75).fract();
        std::thread::sleep(LONGEST.mul_f64(share));
        child.kill().unwrap();
        cut_short += u32::from(!child.wait().unwrap().success());
        assert_whole(folder.path(), &whole);
    }
    println!("checked: {kills} programs killed, {cut_short} of them before they were done");
    assert!(started(folder.path(), "2").wait().unwrap().success());
    assert!((left(folder.path(), "two-servers"), log(folder.path())) == whole[1]);
    let names = |folder: &Path| fs::read_dir(folder).unwrap().count();
    assert_eq!(
        (names(folder.path()), names(&folder.path().join("results"))),
        (2, 1)
    );
}

#[test]
fn programs_that_write_into_one_folder_at_once_wait_for_each_other() {
    let folder = scratch();
    let command = |seed: &str| {
        Command::new(assert_cmd::cargo::cargo_bin("tunnelsim"))
            .args(["run", &scenario("two-servers.yaml"), "--quiet"])
            .args(["--seed", seed, "--out", "results"])
            .current_dir(folder.path())
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let mut whole = Vec::new();
    for seed in ["1", "2"] {
        assert!(command(seed).wait().unwrap().success());
        whole.push(left(folder.path(), "two-servers"));
    }
    for round in 0..5 {
        let at_once = ["1", "2", "1", "2"].map(command);
        for mut child in at_once {
            assert!(child.wait().unwrap().success(), "round {round}");
        }
        let found = left(folder.path(), "two-servers");
        assert!(whole.contains(&found), "{:?}", found.keys());
        let names = fs::read_dir(folder.path().join("results")).unwrap().count();
        assert_eq!(names, 1, "something was left beside the results");
    }
}

/// The results of a whole run by name, and its log.
type Whole = (BTreeMap<String, Vec<u8>>, Option<Vec<u8>>);

/// Asserts that there is nothing, or all of one run.
fn assert_whole(folder: &Path, whole: &[Whole]) {
    let mut found = left(folder, "two-servers");
    if found.is_empty() {
        // Between two renames the old results stand aside; the next run puts them back.
        found = left(folder, ".old-two-servers");
    }
    let is_whole = whole.iter().any(|(results, _)| *results == found);
    assert!(found.is_empty() || is_whole, "{:?}", found.keys());
    let log = log(folder);
    assert!(log.is_none() || whole.iter().any(|(_, whole)| *whole == log));
}
