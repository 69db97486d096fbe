//! The matrix: a file and a seed give the same bytes of standard output, of every result file and of the observation
//! log, whatever the threads, the build, the surroundings and the instructions that the processor has.

#[path = "support/programs.rs"]
mod programs;

use std::collections::BTreeMap;
use std::env;
use std::fs;
use std::hint::black_box;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;

use programs::{built, difference, released, root};

/// The scenarios: months of failures with long tails, one of everything that a file may say, several files at once,
/// and every fact of a run.
const COMMANDS: [&[&str]; 3] = [
    &["run", "plain/", "--png"],
    &[
        "run",
        "everything.yaml",
        "--set=clients.spain.sessions=0.2/s",
        "--set=clients.world.sessions=0.1/s",
    ],
    &[
        "run",
        "plain/months.yaml",
        "--no-write",
        "--replication=1",
        "--trace=trace.ndjson",
    ],
];

/// Endings that are results: passed, failed, and not enough runs to tell.
const RESULTS: [i32; 3] = [0, 1, 5];

/// Spellings by which the C library of Linux is told to hide instructions, the one of older versions second.
const HIDDEN: [&str; 2] = [
    "glibc.cpu.hwcaps=-AVX2,-FMA",
    "glibc.cpu.hwcaps=-AVX2_Usable,-FMA_Usable",
];

/// Everything that the program leaves behind: files by their paths, and what it answers.
type Traces = BTreeMap<String, Vec<u8>>;

/// What the program under test leaves behind when nothing is out of the ordinary.
static PLAIN: LazyLock<Traces> = LazyLock::new(|| traces(program(), |_| {}));

/// The program as it is shipped, which most of the matrix runs.
fn program() -> &'static Path {
    static RELEASE: LazyLock<PathBuf> = LazyLock::new(released);
    &RELEASE
}

/// The program as it is tested elsewhere.
fn unoptimised() -> &'static Path {
    static DEV: LazyLock<PathBuf> = LazyLock::new(|| match cfg!(debug_assertions) {
        true => PathBuf::from(env!("CARGO_BIN_EXE_tunnelsim")),
        false => built("dev"),
    });
    &DEV
}

/// Runs all commands in a folder of their own.
fn traces(program: &Path, change: impl Fn(&mut Command)) -> Traces {
    let folder = tempfile::tempdir().expect("a scratch folder");
    traces_in(folder.path(), program, change)
}

/// Runs all commands in an empty folder, with a changed setting.
fn traces_in(folder: &Path, program: &Path, change: impl Fn(&mut Command)) -> Traces {
    let scenarios = root().join("tests/scenarios");
    let copy = |from: &Path, to: &str| {
        fs::copy(from, folder.join(to)).expect("the scratch folder can be written");
    };
    fs::create_dir_all(folder.join("plain")).expect("the scratch folder can be written");
    for name in ["months.yaml", "power-cut.yaml", "two-servers.yaml"] {
        copy(&scenarios.join(name), &format!("plain/{name}"));
    }
    copy(
        &root().join("tests/scenario/everything.yaml"),
        "everything.yaml",
    );
    let mut traces = Traces::new();
    for (number, arguments) in COMMANDS.iter().enumerate() {
        let mut command = Command::new(program);
        command.args(*arguments).current_dir(folder);
        change(&mut command);
        let output = command.output().expect("the program runs");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        let code = output.status.code().expect("the program ends by itself");
        assert!(
            RESULTS.contains(&code),
            "{arguments:?} ended with {code}: {said}"
        );
        traces.insert(format!("exit code {number}"), vec![code as u8]);
        traces.insert(format!("standard output {number}"), output.stdout);
        traces.insert(format!("standard error {number}"), output.stderr);
    }
    collect(folder, folder, &mut traces);
    traces
}

fn collect(root: &Path, folder: &Path, traces: &mut Traces) {
    for entry in fs::read_dir(folder).expect("the scratch folder can be read") {
        let path = entry.expect("the scratch folder can be read").path();
        if path.is_dir() {
            collect(root, &path, traces);
        } else {
            let name = path.strip_prefix(root).expect("it is inside").display();
            traces.insert(name.to_string(), fs::read(&path).expect("it can be read"));
        }
    }
}

fn assert_same(other: &Traces, what: &str) {
    let names = |traces: &Traces| -> Vec<String> { traces.keys().cloned().collect() };
    assert_eq!(
        names(&PLAIN),
        names(other),
        "{what} changed which files there are"
    );
    for (name, bytes) in &*PLAIN {
        if let Some(difference) = difference(bytes, &other[name]) {
            panic!("{what} changed {name}, {difference}");
        }
    }
}

#[test]
fn the_matrix_compares_something() {
    for name in [
        "trace.ndjson",
        "results/months/summary.json",
        "results/months/timeline.svg",
        "results/months/timeline.png",
        "results/everything/variants.csv",
        "results/power-cut/runs.csv",
    ] {
        assert!(PLAIN.get(name).is_some_and(|it| !it.is_empty()), "{name}");
    }
    let failures = |name: &str| {
        String::from_utf8_lossy(&PLAIN[name])
            .matches("power-cut")
            .count()
    };
    assert!(
        failures("trace.ndjson") > 5,
        "months without failures show nothing"
    );
}

#[test]
fn a_second_run_changes_no_byte() {
    assert_same(&traces(program(), |_| {}), "a second run");
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    for threads in ["1", "2", "3", "8"] {
        let other = traces(program(), |command| {
            command.args(["--threads", threads]);
        });
        assert_same(&other, &format!("--threads {threads}"));
    }
}

#[test]
fn the_optimiser_changes_no_byte() {
    assert_same(&traces(unoptimised(), |_| {}), "the dev build");
}

#[test]
fn another_working_directory_changes_no_byte() {
    let scratch = tempfile::tempdir().expect("a scratch folder");
    let folder = scratch
        .path()
        .join("a long way/down/to the ünusual — 文件夹");
    fs::create_dir_all(&folder).expect("the scratch folder can be written");
    assert_same(
        &traces_in(&folder, program(), |_| {}),
        "the working directory",
    );
}

#[test]
fn neither_language_nor_time_zone_nor_terminal_changes_a_byte() {
    let surroundings: [&[(&str, &str)]; 3] = [
        &[
            ("LANG", "de_DE.UTF-8"),
            ("LC_ALL", "tr_TR.UTF-8"),
            ("LANGUAGE", "tr"),
        ],
        &[("TZ", "Pacific/Kiritimati"), ("SOURCE_DATE_EPOCH", "1")],
        // Not COLUMNS: who exports it asks for tables of that width, as by a flag.
        &[
            ("TERM", "dumb"),
            ("HOME", "/nonexistent"),
            ("USER", "somebody"),
        ],
    ];
    for variables in surroundings {
        let other = traces(program(), |command| {
            command.envs(variables.iter().copied());
        });
        assert_same(&other, &format!("{variables:?}"));
    }
}

#[test]
fn a_huge_environment_and_an_empty_one_change_no_byte() {
    let other = traces(program(), |command| {
        for number in 0..8 {
            command.env(format!("FILLER_{number}"), "x".repeat(100_000));
        }
    });
    assert_same(&other, "a huge environment");
    let other = traces(program(), |command| {
        command.env_clear();
    });
    assert_same(&other, "an empty environment");
}

#[test]
fn what_memory_held_before_changes_no_byte() {
    for filling in ["85", "170"] {
        let other = traces(program(), |command| {
            command.env("MALLOC_PERTURB_", filling);
        });
        assert_same(&other, &format!("memory filled with {filling}"));
    }
}

#[test]
fn a_processor_without_wide_instructions_changes_no_byte() {
    let tunables = || {
        HIDDEN
            .into_iter()
            .filter(|it| platform_bits(Some(it)) != platform_bits(None))
    };
    if tunables().next().is_none() {
        // Not the captured standard error of tests: who reads the log of a test run must see it.
        let _ = writeln!(
            io::stderr(),
            "SKIPPED a_processor_without_wide_instructions_changes_no_byte: hiding AVX2 and FMA from the C library \
             does not change its logarithms here, so that results that stay the same would prove nothing"
        );
    }
    for tunable in tunables() {
        for program in [program(), unoptimised()] {
            let other = traces(program, |command| {
                command.env("GLIBC_TUNABLES", tunable);
            });
            assert_same(&other, &format!("{tunable} with {}", program.display()));
        }
    }
}

/// What the C library computes in a process of its own.
fn platform_bits(tunable: Option<&str>) -> String {
    let mut command = Command::new(env::current_exe().expect("this program has a path"));
    command.args(["--exact", "the_platform_has_bits_of_its_own", "--nocapture"]);
    command.envs(tunable.map(|it| ("GLIBC_TUNABLES", it)));
    let output = command.output().expect("this program runs");
    let text = String::from_utf8(output.stdout).expect("it prints text");
    let bits = text
        .lines()
        .find_map(|line| Some(line.split_once("bits ")?.1));
    bits.expect("it prints the bits").to_owned()
}

/// Prints for [`platform_bits`] what it asks for.
#[test]
fn the_platform_has_bits_of_its_own() {
    let (first, again) = (bits(), bits());
    assert_eq!(first, again, "one process computes the same twice");
    println!("bits {first:016x}");
}

#[expect(
    clippy::disallowed_methods,
    reason = "what differs between platforms is what is looked for"
)]
fn bits() -> u64 {
    let mut sum: u64 = 0;
    for n in 1..20_000 {
        let x = black_box(f64::from(n) / 777.0);
        for value in [x.ln(), x.exp(), x.sin()] {
            sum = sum.rotate_left(5) ^ value.to_bits();
        }
    }
    sum
}
