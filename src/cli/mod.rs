//! Floor 9: the command line, one file per command.
//!
//! Standard output carries the answer and nothing else; progress, warnings and errors go to standard error. The exit
//! code says how it came out (`exit::Exit`).

mod alone;
mod answer;
mod beliefs;
mod catalogue;
mod check;
mod completions;
mod exit;
mod explain;
mod input;
mod interrupt;
mod latency;
mod list;
mod man;
mod new;
mod read;
mod reports;
mod reproduce;
mod results;
mod run;
mod runs;
mod schema;
mod sensitivity;
mod terminal;
mod trace;
mod variant;

use std::ffi::OsString;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use clap::{Parser, Subcommand, ValueEnum};

use exit::Exit;
use terminal::{Colour, Terminal};

/// What happens if I run the same Cloudflare Tunnel on several servers?
///
/// A scenario file in; who got a 502, whose cart was lost, how long the failover took, and why, out. The same file and
/// seed give the same bytes on every machine.
#[derive(Parser, Debug)]
#[command(
    name = "tunnelsim",
    version,
    max_term_width = 100,
    disable_help_subcommand = true
)]
#[command(
    after_help = "Exit codes: 0 as expected, 1 an expectation failed, 2 a scenario or an argument is wrong, \
3 an internal rule broke, 4 an output could not be written, 5 the runs do not suffice to tell, 130 interrupted."
)]
struct Cli {
    /// When to use colour; NO_COLOR is honoured.
    #[arg(
        long,
        global = true,
        value_name = "WHEN",
        default_value = "auto",
        hide_default_value = true
    )]
    color: Colour,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Run(run::Arguments),
    Check(check::Arguments),
    Beliefs(beliefs::Arguments),
    Explain(explain::Arguments),
    List(list::Arguments),
    Latency(latency::Arguments),
    Sensitivity(sensitivity::Arguments),
    New(new::Arguments),
    Schema(schema::Arguments),
    Completions(completions::Arguments),
    #[command(hide = true)]
    Man(man::Arguments),
}

/// Runs the program with the process's own arguments and outputs.
pub fn main() -> ExitCode {
    let arguments: Vec<OsString> = std::env::args_os().collect();
    let exit = match Cli::try_parse_from(arguments) {
        Ok(cli) => guarded(cli.command, &mut Terminal::of_process(cli.color)),
        Err(error) => misread(&error, &mut Terminal::of_process(wished_colour())),
    };
    exit.into()
}

/// The wish for colour among arguments that cannot be read otherwise.
fn wished_colour() -> Colour {
    let arguments: Vec<String> = std::env::args().collect();
    let after = |pair: &[String]| (pair[0] == "--color").then(|| pair[1].clone());
    let joined = |word: &String| word.strip_prefix("--color=").map(str::to_owned);
    let word = arguments.windows(2).find_map(after);
    let word = word.or_else(|| arguments.iter().find_map(joined));
    word.and_then(|word| Colour::from_str(&word, true).ok())
        .unwrap_or_default()
}

/// Executes a command. A panic is a defect, and ends the program as one.
fn guarded(command: Command, terminal: &mut Terminal<'_>) -> Exit {
    let caught = catch_unwind(AssertUnwindSafe(|| execute(command, terminal)));
    caught.unwrap_or_else(|_| {
        terminal
            .fail("this is a defect of tunnelsim; please report it with the command and the file");
        Exit::Defect
    })
}

fn execute(command: Command, terminal: &mut Terminal<'_>) -> Exit {
    let done = match command {
        Command::Run(arguments) => run::run(&arguments, terminal),
        Command::Check(arguments) => check::run(&arguments, terminal),
        Command::Beliefs(arguments) => beliefs::run(&arguments, terminal),
        Command::Explain(arguments) => explain::run(&arguments, terminal),
        Command::List(arguments) => list::run(&arguments, terminal),
        Command::Latency(arguments) => latency::run(&arguments, terminal),
        Command::Sensitivity(arguments) => sensitivity::run(&arguments, terminal),
        Command::New(arguments) => new::run(&arguments, terminal),
        Command::Schema(_) => schema::run(terminal),
        Command::Completions(arguments) => completions::run(&arguments, terminal),
        Command::Man(_) => man::run(terminal),
    };
    done.unwrap_or_else(|failure| {
        if !failure.message.is_empty() {
            terminal.fail(&failure.message);
        }
        failure.exit
    })
}

/// Arguments that cannot be read, or a wish for help.
fn misread(error: &clap::Error, terminal: &mut Terminal<'_>) -> Exit {
    let text = error.render().ansi().to_string();
    if error.use_stderr() {
        terminal.say(&text);
        return Exit::Usage;
    }
    match terminal.answer(&text) {
        Ok(()) => Exit::Pass,
        Err(failure) => {
            terminal.fail(&failure.message);
            failure.exit
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_declaration_of_arguments_is_consistent() {
        Cli::command().debug_assert();
    }
}
