//! The goals of DESIGN.md with measured values, from one run: `cargo bench --bench goals`.
//!
//! Each row is compared with `benches/baseline.txt`, and what moved by more than 15 % is marked. With `-- --save`
//! the file is written anew; `-- instructions` is the gate for continuous integration. Nothing here passes or fails: a
//! machine with other work on it measures badly.

#[allow(dead_code)]
mod support;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::process::Command;
use std::time::Instant;

use support::hold::LISTS;
use support::large::large;
use support::rounds::{median, rounds};
use support::{calm_w1, limit, limit_threads, processor_seconds, product, threads, w1};

/// A goal, with what was measured for it.
struct Goal {
    name: &'static str,
    /// What must be reached and what is aimed at, in words.
    must: &'static str,
    aim: &'static str,
    measured: Option<f64>,
}

/// What counts as moved, as a share.
const FAR: f64 = 0.15;

const BASELINE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/benches/baseline.txt");

fn main() {
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|it| it != "--bench")
        .collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["child", what, seconds] => child(what, seconds.parse().expect("a number of seconds")),
        ["instructions"] => gate(),
        ["--save"] => table(true),
        _ => table(false),
    }
}

/// Ends with 1 when a request takes clearly more instructions than it did when the baseline was stored.
fn gate() {
    let stored = baseline().get("w1_instructions").copied();
    match (instructions("product"), stored) {
        (Some(now), Some(then)) => {
            println!("{now:.0} instructions for a request; the baseline is {then:.0}");
            std::process::exit(i32::from(now > then * (1.0 + FAR)));
        }
        _ => println!("skipped: valgrind or the baseline is missing"),
    }
}

/// Prints requests, processor seconds and the peak of memory in kilobytes of one run.
fn child(what: &str, seconds: u64) {
    let requests = match what {
        "limit" => limit::run(seconds, 1).requests,
        "calm" => product(&calm_w1(seconds), 0).ledger.total().requests(),
        "large" => product(&large(seconds), 0).ledger.total().requests(),
        _ => product(&w1(seconds), 0).ledger.total().requests(),
    };
    let used = processor_seconds().unwrap_or_default();
    println!("{requests} {used} {}", peak_kilobytes().unwrap_or_default());
}

fn peak_kilobytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.split_whitespace().next()?.parse().ok()
}

/// Requests, processor seconds and peak of memory of a run in a process of its own.
fn in_child(what: &str, seconds: u64) -> Option<[f64; 3]> {
    let output = Command::new(std::env::current_exe().ok()?)
        .args(["child", what, &seconds.to_string()])
        .output()
        .ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    let mut numbers = text
        .split_whitespace()
        .map_while(|number| number.parse().ok());
    Some([numbers.next()?, numbers.next()?, numbers.next()?])
}

/// Instructions for one request, from the difference of two lengths; none without valgrind.
///
/// What the outage costs beside its length falls out of the difference, as it does of an hour: the seconds in which it
/// is not noticed yet, and the half minute in which the host starts again.
fn instructions(what: &str) -> Option<f64> {
    let count = |seconds: u64| {
        let output = Command::new("valgrind")
            .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
            .arg(std::env::current_exe().ok()?)
            .args(["child", what, &seconds.to_string()])
            .output()
            .ok()?;
        let [stdout, stderr] = [output.stdout, output.stderr]
            .map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
        let requests: f64 = stdout.split_whitespace().next()?.parse().ok()?;
        let collected = stderr
            .lines()
            .find_map(|line| line.split_once("Collected :"))?
            .1;
        let instructions: f64 = collected.split_whitespace().next()?.parse().ok()?;
        Some([requests, instructions])
    };
    let ([requests, instructions], [fewer, less]) = (count(240)?, count(120)?);
    Some((instructions - less) / (requests - fewer))
}

/// Nanoseconds of one step of the hold model on a list.
fn hold(list: &str, pending: u64) -> Option<f64> {
    const STEPS: u32 = 2_000_000;
    let (_, make) = LISTS.iter().find(|(name, _)| *name == list)?;
    let mut step = make(pending);
    (0..pending.max(100_000)).for_each(|_| step());
    let start = processor_seconds()?;
    (0..STEPS).for_each(|_| black_box(&mut step)());
    Some((processor_seconds()? - start) * 1e9 / f64::from(STEPS))
}

/// How many times as fast something is on two threads as on one: the median of a few rounds, because a machine that is
/// free for one of them may be busy for the other.
fn gain_of_two_threads(seconds: impl Fn(usize) -> Option<f64>) -> Option<f64> {
    let gains: Option<Vec<f64>> = (0..5).map(|_| Some(seconds(1)? / seconds(2)?)).collect();
    gains.map(median)
}

/// Seconds from the text of the largest scenario to its first event.
#[allow(clippy::disallowed_methods)] // A bench looks at the clock.
fn start_up() -> f64 {
    let start = Instant::now();
    let scenario = large(1);
    black_box(support::started(&scenario));
    start.elapsed().as_secs_f64()
}

/// Measures everything.
fn goals() -> Vec<Goal> {
    let goal = |name, must, aim, measured| Goal {
        name,
        must,
        aim,
        measured,
    };
    let rounds = rounds();
    let [hour, tenth] = [3_600, 360].map(|seconds| in_child("product", seconds));
    let each = |run: Option<[f64; 3]>| run.map(|[requests, seconds, _]| seconds * 1e9 / requests);
    let peak = |run: Option<[f64; 3]>| run.map(|[_, _, kilobytes]| kilobytes);
    // Long enough that what is looked up once for each city, hostname and connection does not count.
    let large = each(in_child("large", 1_200));
    vec![
        goal(
            "w1_limit_ratio",
            "6",
            "4",
            rounds.as_ref().map(|it| it.ratio()),
        ),
        goal(
            "w1_ns",
            "",
            "",
            rounds.as_ref().map(|it| it.median(|round| round[0])),
        ),
        goal(
            "limit_ns",
            "",
            "",
            rounds.as_ref().map(|it| it.median(|round| round[1])),
        ),
        goal(
            "w1_hour_cpu_s",
            "6",
            "4",
            hour.map(|[_, seconds, _]| seconds),
        ),
        goal(
            "w1_hour_peak_mb",
            "",
            "",
            peak(hour).map(|kilobytes| kilobytes / 1e3),
        ),
        goal(
            "w1_peak_ratio",
            "1.10",
            "1.02",
            peak(hour)
                .zip(peak(tenth))
                .map(|(hour, tenth)| hour / tenth),
        ),
        goal("w1_instructions", "2000", "1300", instructions("product")),
        goal("limit_instructions", "", "", instructions("limit")),
        goal(
            "large_w1_ratio",
            "2",
            "",
            large.zip(each(tenth)).map(|(large, w1)| large / w1),
        ),
        goal("large_start_s", "1", "", Some(start_up())),
        goal(
            "two_threads_ratio",
            "1.8",
            "1.95",
            gain_of_two_threads(threads),
        ),
        goal(
            "limit_two_threads",
            "",
            "",
            gain_of_two_threads(|threads| Some(limit_threads(threads))),
        ),
        goal(
            "hold_4k_heap_ratio",
            "",
            "",
            hold("calendar, events", 4_000)
                .zip(hold("standard heap", 4_000))
                .map(|(ours, heap)| ours / heap),
        ),
        goal(
            "hold_1m_4k_ratio",
            "",
            "",
            hold("calendar, events", 1_000_000)
                .zip(hold("calendar, events", 4_000))
                .map(|(many, few)| many / few),
        ),
    ]
}

fn table(save: bool) {
    let goals = goals();
    let before = baseline();
    println!(
        "{:<22} {:>10} {:>6} {:>6} {:>10}",
        "goal", "measured", "must", "aim", "baseline"
    );
    for Goal {
        name,
        must,
        aim,
        measured,
    } in &goals
    {
        let measured = measured.map_or("skipped".to_owned(), |value| format!("{value:.2}"));
        let known = before.get(*name);
        let baseline = known.map_or(String::new(), |value| format!("{value:.2}"));
        println!(
            "{name:<22} {measured:>10} {must:>6} {aim:>6} {baseline:>10}{}",
            moved(known, &measured)
        );
    }
    if save {
        let lines = goals
            .iter()
            .filter_map(|goal| Some(format!("{} {:.3}\n", goal.name, goal.measured?)));
        std::fs::write(BASELINE, lines.collect::<String>())
            .expect("the folder of the benches can be written to");
    }
}

/// Says how far a value is from its baseline, if that is far.
fn moved(known: Option<&f64>, measured: &str) -> String {
    let change = known
        .zip(measured.parse::<f64>().ok())
        .map(|(known, value)| value / known - 1.0);
    match change {
        Some(change) if change.abs() > FAR => format!("  moved {:+.0} %", change * 100.0),
        _ => String::new(),
    }
}

/// The stored values; empty when none are stored.
fn baseline() -> BTreeMap<String, f64> {
    let text = std::fs::read_to_string(BASELINE).unwrap_or_default();
    let row = |line: &str| {
        let (name, value) = line.split_once(' ')?;
        Some((name.to_owned(), value.parse().ok()?))
    };
    text.lines().filter_map(row).collect()
}
