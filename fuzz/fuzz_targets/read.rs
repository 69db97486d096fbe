//! Any bytes as a scenario file: refused with a reason, or accepted.
#![no_main]

#[path = "../../tests/hostile/trial.rs"]
#[allow(dead_code, reason = "the tests count how files fared")]
mod trial;

use libfuzzer_sys::fuzz_target;

/// The number of a file that is read and not run.
const NOT_RUN: u64 = 1;

fuzz_target!(|bytes: &[u8]| {
    if let Err(problem) = trial::attempt(bytes, NOT_RUN) {
        panic!("{problem}");
    }
});
