//! `tunnelsim completions`.

use clap::CommandFactory;
use clap_complete::Shell;

use super::exit::{Exit, Failure};
use super::terminal::Terminal;

/// Print a completion script for a shell.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The shell.
    shell: Shell,
}

/// Prints the script.
pub fn run(arguments: &Arguments, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    let mut script = Vec::new();
    clap_complete::generate(
        arguments.shell,
        &mut super::Cli::command(),
        "tunnelsim",
        &mut script,
    );
    terminal.answer_bytes(&script)?;
    Ok(Exit::Pass)
}
