//! What the benches of whole runs share: the scenario W1 at any length, and processor time.

pub mod hold;
pub mod large;
#[path = "../limit/mod.rs"]
pub mod limit;
pub mod rounds;

use std::hint::black_box;
use std::thread;
use std::time::Instant;

use tunnelsim::experiment::replication::{Detail, Watch, replicate};
use tunnelsim::experiment::{Case, Effort, Experiment, Gathered, Listener, Progress, run_all};
use tunnelsim::kernel::time::Time;
use tunnelsim::measure::recorder::RecorderOptions;
use tunnelsim::measure::run::Run;
use tunnelsim::scenario::Scenario;
use tunnelsim::simulation::{RunKey, Simulation};

/// W1 over so many seconds; server A is without power from a third to a half of them.
pub fn w1(seconds: u64) -> Scenario {
    let millis = seconds * 1000;
    let overrides = [
        format!("horizon={millis}ms"),
        format!("faults.0.power-cut.at={}ms", millis / 3),
        format!("faults.0.power-cut.for={}ms", millis / 2 - millis / 3),
    ];
    scenario("w1", include_bytes!("../w1.yaml"), &overrides)
}

/// W1 over so many seconds, without the power cut: what a stage costs is told apart best where nothing happens.
pub fn calm_w1(seconds: u64) -> Scenario {
    let overrides = [format!("horizon={seconds}s"), "faults=[]".to_owned()];
    scenario("w1", include_bytes!("../w1.yaml"), &overrides)
}

/// A scenario that refers to no other file.
///
/// # Panics
/// If something is wrong with it.
pub fn scenario(name: &str, bytes: &[u8], overrides: &[String]) -> Scenario {
    let mut no_files = |_: &str, _: &str| Err("benches read no further files".to_owned());
    Scenario::read(name, bytes, overrides, &mut no_files)
        .unwrap_or_else(|findings| panic!("{findings:?}"))
}

/// Makes one replication, with all that the command line keeps.
///
/// # Panics
/// If a rule that never breaks has broken.
pub fn product(scenario: &Scenario, replication: u64) -> Run {
    let progress = Progress::default();
    let watch = Watch::default();
    let (run, _) = replicate(scenario, replication, &[], Detail::Full, watch, &progress)
        .expect("no rule breaks");
    run
}

/// Processor time that this process has used, in seconds, to a hundredth; none where the system does not tell.
pub fn processor_seconds() -> Option<f64> {
    /// Of the kernel's statistics, whatever the machine (USER_HZ).
    const TICKS_PER_SECOND: f64 = 100.0;
    let statistics = std::fs::read_to_string("/proc/self/stat").ok()?;
    let (_, fields) = statistics.rsplit_once(')')?;
    // After the name the state is field 3; time in user mode is field 14, in the kernel 15.
    let mut ticks = fields
        .split_whitespace()
        .skip(11)
        .map_while(|field| field.parse::<u64>().ok());
    Some((ticks.next()? + ticks.next()?) as f64 / TICKS_PER_SECOND)
}

/// How many events a simulation handles until the first request of a client is on its way.
pub fn started(scenario: &Scenario) -> u64 {
    let key = RunKey {
        seed: scenario.seed,
        replication: 0,
    };
    let options = RecorderOptions::default();
    let mut simulation = Simulation::new(&scenario.blueprint, &scenario.faults, key, options);
    let mut events = 0;
    while simulation.now() == Time::ZERO && simulation.step().expect("no rule breaks") {
        events += 1;
    }
    events
}

/// Hears of results and forgets them.
struct Nobody;

impl Listener<Run> for Nobody {
    fn result(&mut self, _: &Experiment, result: Gathered<Run>) {
        result.expect("no rule breaks");
    }

    fn tick(&mut self, _: &Progress) {}
}

/// Seconds by the clock for four replications of W1 on so many threads; none if a run did not end.
#[allow(clippy::disallowed_methods)] // A bench looks at the clock.
pub fn threads(threads: usize) -> Option<f64> {
    let scenario = w1(120);
    let case = Case {
        variant: None,
        scenario: scenario.clone(),
    };
    let experiment = Experiment {
        file: "w1.yaml".to_owned(),
        scenario,
        cases: vec![case],
        replications: 0..4,
    };
    let effort = Effort {
        threads,
        ..Effort::default()
    };
    let start = Instant::now();
    run_all(&[experiment], effort, &Progress::default(), &mut Nobody).ok()?;
    Some(start.elapsed().as_secs_f64())
}

/// Seconds by the clock for four runs of the oracle on so many threads, which share nothing: what the machine can give.
#[allow(clippy::disallowed_methods)] // A bench looks at the clock.
pub fn limit_threads(threads: usize) -> f64 {
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                for _ in 0..4 / threads {
                    black_box(limit::run(600, 1));
                }
            });
        }
    });
    start.elapsed().as_secs_f64()
}
