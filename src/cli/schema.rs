//! `tunnelsim schema`.

use super::exit::{Exit, Failure};
use super::terminal::Terminal;
use crate::notation::json_schema;
use crate::scenario::file::ScenarioFile;

/// Print the JSON Schema of scenario files, for editors.
#[derive(clap::Args, Debug)]
pub struct Arguments {}

/// Prints the schema.
pub fn run(terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let schema = json_schema::<ScenarioFile>("A scenario of tunnelsim");
    terminal.answer(&format!("{schema:#}\n"))?;
    Ok(Exit::Pass)
}
