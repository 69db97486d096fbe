//! Any bytes as a scenario file; what can be run is run for a thousand events, with its books checked at every one.
#![no_main]

#[path = "../../tests/hostile/trial.rs"]
#[allow(dead_code, reason = "the tests count how files fared")]
mod trial;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Err(problem) = trial::attempt(bytes, 0) {
        panic!("{problem}");
    }
});
