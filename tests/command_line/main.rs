//! The real program: exit codes, outputs, files, and that the same input gives the same bytes.

mod answers;
mod determinism;
mod endings;
mod explain;
mod files;
mod hostile;

use std::path::{Path, PathBuf};
use std::process::Output;

use assert_cmd::Command;

/// A scenario of the tests.
fn scenario(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/scenarios");
    folder.join(name).display().to_string()
}

/// The program, in a folder, with these arguments.
fn program(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("tunnelsim").expect("the program is built");
    command
        .current_dir(folder)
        .args(arguments)
        .env_remove("NO_COLOR")
        .env_remove("COLUMNS");
    command
}

/// Runs the program in a folder of its own.
fn run(arguments: &[&str]) -> Output {
    let folder = scratch();
    program(folder.path(), arguments)
        .output()
        .expect("the program runs")
}

fn scratch() -> tempfile::TempDir {
    tempfile::tempdir().expect("a scratch folder")
}

/// A file with that content in a folder.
fn file(folder: &Path, name: &str, content: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, content).expect("the scratch folder can be written");
    path
}

fn code(output: &Output) -> i32 {
    output.status.code().expect("the program ends by itself")
}

fn answer(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).expect("the answer is text")
}

fn said(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).expect("messages are text")
}
