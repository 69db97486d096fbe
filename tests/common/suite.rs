//! A small runner: groups of checks on all cores, each with what it found, and one line that says how many there were.
//!
//! The usual harness hides what passing tests print; here the numbers are the point.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use tunnelsim::kernel::random::stream_id;

/// A group of checks: its name as a sentence, and what makes them.
pub type Group = (&'static str, fn(&mut Log));

/// What a group checked.
#[derive(Default)]
pub struct Log {
    lines: Vec<String>,
    checks: u64,
    compared: u64,
}

impl Log {
    /// Notes a check that passed, and how many values, draws or runs it compared.
    pub fn passed(&mut self, compared: u64, line: impl Into<String>) {
        self.lines.push(line.into());
        self.checks += 1;
        self.compared += compared;
    }
}

/// Whether the engine runs at full speed, so that the large sizes are affordable.
pub const IS_LARGE: bool = !cfg!(debug_assertions);

/// The larger size in a release build, else the smaller.
pub const fn sized(small: u64, large: u64) -> u64 {
    if IS_LARGE { large } else { small }
}

/// The seed of all checks: pinned, unless the variable `TUNNELSIM_SEED` names another (a number, or any text such as
/// the hash of a commit).
pub fn seed() -> u64 {
    match std::env::var("TUNNELSIM_SEED") {
        Err(_) => 20_260_101,
        Ok(text) => text.parse().unwrap_or_else(|_| stream_id("seed", &text)),
    }
}

/// Makes the groups whose names contain one of the arguments, all if there is none, and prints what they found.
///
/// Where the large sizes are asked for too, the variable `SMALL_SIZES=skip` leaves out the small ones.
pub fn run(suite: &str, groups: &[Group]) -> ExitCode {
    let wanted: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| !argument.starts_with('-'))
        .collect();
    let is_wanted =
        |name: &str| wanted.is_empty() || wanted.iter().any(|text| name.contains(text.as_str()));
    let chosen: Vec<&Group> = groups.iter().filter(|(name, _)| is_wanted(name)).collect();
    if std::env::args().any(|argument| argument == "--list") {
        chosen.iter().for_each(|(name, _)| println!("{name}: test"));
        return ExitCode::SUCCESS;
    }
    if !IS_LARGE && std::env::var_os("SMALL_SIZES").is_some_and(|it| it == "skip") {
        println!("checked: {suite}: nothing at small sizes");
        return ExitCode::SUCCESS;
    }
    let results = make_all(&chosen);
    let (mut checks, mut compared, mut failed) = (0, 0, 0);
    for ((name, _), result) in chosen.iter().zip(&results) {
        match result {
            Some(log) => {
                println!("{name} ... ok");
                log.lines.iter().for_each(|line| println!("    {line}"));
                checks += log.checks;
                compared += log.compared;
            }
            None => {
                println!("{name} ... FAILED");
                failed += 1;
            }
        }
    }
    let size = if IS_LARGE { "large" } else { "small" };
    println!(
        "checked: {suite}: {checks} checks in {} groups, {compared} values compared, {size} sizes, seed {}, {failed} groups failed",
        chosen.len(),
        seed(),
    );
    ExitCode::from(u8::from(failed > 0))
}

/// Makes groups on all cores, and keeps their order.
fn make_all(groups: &[&Group]) -> Vec<Option<Log>> {
    let next = AtomicUsize::new(0);
    let results = Mutex::new((0..groups.len()).map(|_| None).collect::<Vec<_>>());
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some((_, make)) = groups.get(index) else {
                return;
            };
            let made = catch_unwind(AssertUnwindSafe(|| {
                let mut log = Log::default();
                make(&mut log);
                log
            }));
            let mut results = results.lock().unwrap_or_else(PoisonError::into_inner);
            results[index] = made.ok();
        }
    };
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    results.into_inner().unwrap_or_else(PoisonError::into_inner)
}
