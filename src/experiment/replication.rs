//! One run of a scenario.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use super::Progress;
use crate::kernel::time::Time;
use crate::measure::metric::MetricUse;
use crate::measure::recorder::{Observer, RecorderOptions};
use crate::measure::run::Run;
use crate::measure::status::CHANGES_KEPT;
use crate::scenario::Scenario;
use crate::simulation::{Focus, Line, RunKey, Simulation, Violation};

/// Events handled between two looks at the wish to stop: some milliseconds.
const EVENTS_BETWEEN_LOOKS: u64 = 1 << 14;

/// Work of a run without requests, so that a progress bar moves for it too.
const LEAST_WORK: f64 = 1_000.0;

/// Why a run has no result.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Stopped {
    /// A rule that never breaks has broken: a defect of the program.
    Violation(Violation),
    /// Somebody asked to stop.
    Interrupted,
}

impl From<Violation> for Stopped {
    fn from(violation: Violation) -> Self {
        Stopped::Violation(violation)
    }
}

/// What somebody wants to see of a run beside its tallies.
#[derive(Default)]
pub struct Watch<'a> {
    /// Sees every fact.
    pub observer: Option<Observer<'a>>,
    /// The requests whose story is told.
    pub focus: Option<Focus>,
    /// After this many events a rule is broken on purpose.
    #[doc(hidden)]
    pub defect_after: Option<u64>,
}

/// How much is kept of a run.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Detail {
    /// Tallies, series and the list of changes of state.
    Full,
    /// Tallies and series.
    Series,
    /// Tallies.
    Tallies,
}

/// Makes one run to its end.
///
/// # Errors
/// [`Stopped`] when it has no end.
pub fn replicate(
    scenario: &Scenario,
    number: u64,
    measurements: &[MetricUse],
    detail: Detail,
    watch: Watch<'_>,
    progress: &Progress,
) -> Result<(Run, Vec<Line>), Stopped> {
    let options = RecorderOptions {
        measurements: measurements.to_vec(),
        series: detail != Detail::Tallies,
        changes_kept: if detail == Detail::Full {
            CHANGES_KEPT
        } else {
            0
        },
        observer: watch.observer,
    };
    let key = RunKey {
        seed: scenario.seed,
        replication: number,
    };
    let mut simulation = Simulation::new(&scenario.blueprint, &scenario.faults, key, options);
    if let Some(focus) = watch.focus {
        simulation.listen(focus);
    }
    let mut guarded = Guarded {
        simulation,
        defect_after: watch.defect_after,
    };
    let mut work = Work::new(scenario, progress);
    while guarded.steps()? {
        work.reached(guarded.simulation.now());
        if progress.is_interrupted() {
            return Err(Stopped::Interrupted);
        }
    }
    let finished = guarded.simulation.run()?;
    work.complete();
    Ok(finished)
}

/// A simulation whose panics, which are defects too, become violations with the moment they happened at.
struct Guarded<'a> {
    simulation: Simulation<'a>,
    defect_after: Option<u64>,
}

impl Guarded<'_> {
    /// Takes some thousand steps; false when the run is over.
    fn steps(&mut self) -> Result<bool, Violation> {
        let stepping = AssertUnwindSafe(|| {
            let so_far = self.simulation.events();
            let most = match self.defect_after.map(|at| at.saturating_sub(so_far)) {
                Some(0) => {
                    self.simulation.plant_defect();
                    1
                }
                Some(events) => events.min(EVENTS_BETWEEN_LOOKS),
                None => EVENTS_BETWEEN_LOOKS,
            };
            self.simulation.steps(most)
        });
        let caught = catch_unwind(stepping);
        caught.unwrap_or_else(|payload| {
            let rule = format!("nothing panics, but: {}", panic_message(&payload));
            Err(Violation {
                rule,
                at: self.simulation.now(),
                event: self.simulation.events(),
            })
        })
    }
}

fn panic_message(payload: &Box<dyn Any + Send>) -> &str {
    let owned = payload.downcast_ref::<String>().map(String::as_str);
    owned
        .or_else(|| payload.downcast_ref::<&str>().copied())
        .unwrap_or("no message")
}

/// The work of one run, reported as it is done.
struct Work<'a> {
    progress: &'a Progress,
    whole: u64,
    reported: u64,
    horizon: f64,
}

impl<'a> Work<'a> {
    fn new(scenario: &Scenario, progress: &'a Progress) -> Work<'a> {
        let horizon = scenario.blueprint.horizon.as_secs_f64();
        Work {
            progress,
            whole: work(scenario),
            reported: 0,
            horizon,
        }
    }

    fn reached(&mut self, now: Time) {
        let share = (now.since(Time::ZERO).as_secs_f64() / self.horizon).min(1.0);
        self.report((self.whole as f64 * share) as u64);
    }

    fn complete(&mut self) {
        self.report(self.whole);
    }

    fn report(&mut self, done: u64) {
        self.progress.add(done.saturating_sub(self.reported));
        self.reported = self.reported.max(done);
    }
}

/// How much work a run is, in expected requests and a little more.
pub fn work(scenario: &Scenario) -> u64 {
    (scenario.expected_requests + LEAST_WORK) as u64
}
