//! What a scenario's author should know before it runs, although nothing in it is wrong.

mod ingress;
mod load;
mod state;
mod streams;
mod unused;
mod variants;

pub use load::{expected_probes_and_strikes, expected_requests};
pub use variants::check as variants;

use super::build::Built;
use super::file::ScenarioFile;
use crate::notation::Context;

/// Looks for misconceptions, overload and clashes in a scenario without errors.
pub fn check(file: &ScenarioFile, built: &Built, context: &mut Context) {
    ingress::check(file, built, context);
    load::check(file, built, context);
    state::check(file, built, context);
    streams::check(file, built, context);
    unused::check(file, built, context);
}
