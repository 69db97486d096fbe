//! The program: see [`tunnelsim::cli`].
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    tunnelsim::cli::main()
}
