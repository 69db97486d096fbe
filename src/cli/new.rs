//! `tunnelsim new`.

use std::fs::File;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};

use super::exit::{Exit, Failure};
use super::terminal::Terminal;

/// The starter file.
const STARTER: &str = include_str!("starter.yaml");

/// Write a commented scenario to start from.
#[derive(clap::Args, Debug)]
pub struct Arguments {
    /// The scenario's name: NAME.yaml is written, `-` prints it instead.
    #[arg(value_name = "NAME")]
    name: String,
}

/// Writes the file; one that exists stays as it is.
pub fn run(arguments: &Arguments, terminal: &mut Terminal<'_>) -> Result<Exit, Failure> {
    if arguments.name == "-" {
        terminal.answer(STARTER)?;
        return Ok(Exit::Pass);
    }
    let stem = arguments
        .name
        .strip_suffix(".yaml")
        .unwrap_or(&arguments.name);
    if Path::new(stem).file_name().is_none() {
        return Err(Failure::usage(
            "a scenario needs a name, such as `two-servers`",
        ));
    }
    let path = PathBuf::from(format!("{stem}.yaml"));
    let shown = path.display();
    let mut file = File::create_new(&path).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists => Failure::usage(format!("`{shown}` exists already")),
        _ => Failure::output(format!("`{shown}` cannot be written: {error}")),
    })?;
    if let Err(error) = file.write_all(STARTER.as_bytes()) {
        // Half a file would be in the way of the next try.
        let _ = std::fs::remove_file(&path);
        return Err(Failure::output(format!(
            "`{shown}` cannot be written: {error}"
        )));
    }
    terminal.say(&format!("wrote {shown}; try `tunnelsim run {shown}`\n"));
    Ok(Exit::Pass)
}
