//! `tunnelsim man`, for those who make packages.

use clap::CommandFactory;

use super::exit::{Exit, Failure};
use super::terminal::Terminal;

/// Print the manual page.
#[derive(clap::Args, Debug)]
pub struct Arguments {}

/// Prints the page.
pub fn run(terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let mut page = Vec::new();
    clap_mangen::Man::new(super::Cli::command())
        .render(&mut page)
        .map_err(|error| Failure::output(error.to_string()))?;
    terminal.answer_bytes(&page)?;
    Ok(Exit::Pass)
}
