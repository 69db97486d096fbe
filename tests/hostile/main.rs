//! Scenario files from strangers: mutated files are refused with a reason or run with all books closed, and no panic.
//!
//! `HOSTILE_CASES` says how many mutated files are tried: 10,000 if it is not set, 100,000 in `.ci/run`. A file that
//! ends in a panic is printed by its number and kept; once the cause is fixed it belongs into `corpus/`, whose files
//! are all tried as they are and are the seeds of further mutations, beside `scenarios/`.

mod corpus;
#[path = "../support/dice.rs"]
mod dice;
mod lines;
mod mutation;
mod trial;
mod words;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;

use rayon::prelude::*;

use dice::{Dice, first_case};
use trial::{End, Tally};

/// How many mutated files are tried if nobody says otherwise: some seconds.
const CASES: u64 = 10_000;

/// What all dice begin with, so that every run of the tests tries the same files.
const SEED: u64 = 0x7475_6e6e_656c;

/// Tries a file; a panic keeps it and says where.
fn tried(name: &str, bytes: &[u8], number: u64) -> Result<End, String> {
    let caught = catch_unwind(AssertUnwindSafe(|| trial::attempt(bytes, number)));
    let problem = match caught {
        Ok(Ok(end)) => return Ok(end),
        Ok(Err(problem)) => problem,
        Err(_) => "it panicked".to_owned(),
    };
    let kept = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("hostile-{name}.yaml"));
    std::fs::write(&kept, bytes).expect("the folder for scratch files can be written");
    Err(format!("{name}: {problem}; kept as {}", kept.display()))
}

fn assert_harmless(failures: &[String]) {
    assert!(
        failures.is_empty(),
        "{} files: {}",
        failures.len(),
        failures.join("\n")
    );
}

#[test]
fn what_once_did_harm_does_none_today() {
    let found = corpus::findings();
    let failures: Vec<String> = found
        .par_iter()
        .filter_map(|seed| tried(&seed.name, seed.text.as_bytes(), 0).err())
        .collect();
    assert_harmless(&failures);
}

#[test]
fn mutated_scenarios_are_refused_with_a_reason_or_run_with_closed_books() {
    let cases = match std::env::var("HOSTILE_CASES") {
        Ok(text) => text.parse().expect("HOSTILE_CASES is a number"),
        Err(_) => CASES,
    };
    let seeds = corpus::all();
    let first = first_case();
    let trials: Vec<Result<End, String>> = (first..first + cases)
        .into_par_iter()
        .map(|number| {
            let bytes = mutation::mutated(&seeds, &mut Dice::new(SEED, number));
            tried(&number.to_string(), &bytes, number)
        })
        .collect();
    let failures: Vec<String> = trials.iter().filter_map(|it| it.clone().err()).collect();
    assert_harmless(&failures);
    let tally = Tally::of(trials.iter().flatten());
    println!("checked: {cases} mutated files from number {first} on: {tally}");
    // Mutations that are always refused, or never, would test little.
    assert!(
        tally.refused > cases / 5 && tally.ran > cases / 20,
        "{tally}"
    );
}
