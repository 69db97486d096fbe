//! The real program: exit codes, outputs, files, and that the same input gives the same bytes.

mod answers;
#[cfg(unix)]
mod broken_disk;
mod determinism;
mod endings;
mod explain;
mod files;
mod hostile;
#[cfg(unix)]
mod kill;

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

/// Runs a command of the shell in a folder; `$TUNNELSIM` is the program, `$SCENARIO` a file for it.
#[cfg(unix)]
fn shell(folder: &Path, command: &str) -> Output {
    std::process::Command::new("sh")
        .args(["-c", command])
        .current_dir(folder)
        .env("TUNNELSIM", assert_cmd::cargo::cargo_bin("tunnelsim"))
        .env("SCENARIO", scenario("two-servers.yaml"))
        .output()
        .expect("there is a shell")
}

/// The files of the results of a scenario, by name.
fn results_of(folder: &Path) -> std::collections::BTreeMap<String, Vec<u8>> {
    let mut files = std::collections::BTreeMap::new();
    for entry in std::fs::read_dir(folder).into_iter().flatten() {
        let path = entry.expect("the folder can be read").path();
        let name = path.file_name().expect("it has a name").to_string_lossy();
        let content = std::fs::read(&path).expect("it can be read");
        files.insert(name.into_owned(), content);
    }
    files
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
