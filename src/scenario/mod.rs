//! Floor 6: from a scenario file to a checked value.
//!
//! ```text
//! bytes -- notation --> tree -- extends, overrides, referenced files --> Document
//! Document -- declarations of `file` --> shape -- `build` --> world and faults -- `check` --> Scenario
//! ```
//!
//! Nothing here touches the file system: whoever opens a document gives a loader for the files it refers to.

mod assumption;
mod build;
mod check;
mod document;
pub mod file;
pub mod limits;
mod references;

pub use assumption::{Assumption, all_assumptions};
pub use document::{Document, Findings};
pub use file::Verdict;

use crate::fault::FaultPlan;
use crate::measure::expectation::Expectation;
use crate::notation::Loader;
use crate::world::blueprint::{Blueprint, Replica};

/// A scenario that can be run.
#[derive(Clone, Debug)]
pub struct Scenario {
    /// The stem of its file's name.
    pub name: String,
    /// What it is about, in one line.
    pub title: String,
    /// The sentence that is put to the test.
    pub claim: Option<String>,
    /// What its author says of the claim.
    pub verdict: Option<Verdict>,
    /// What must be measured for the claim to be true.
    pub holds_if: Vec<Expectation>,
    /// What every run must show.
    pub expect: Vec<Expectation>,
    /// Advice for readers who recognise their own servers.
    pub what_to_do: Option<String>,
    /// The seed of all random numbers.
    pub seed: u64,
    /// How many runs with different random numbers.
    pub replications: u64,
    /// The world.
    pub blueprint: Blueprint,
    /// What goes wrong.
    pub faults: Vec<FaultPlan>,
    /// The defaults about the world that it relies on.
    pub defaults: Vec<Assumption>,
    /// Requests expected in one run, before any failure.
    pub expected_requests: f64,
    /// Probes of monitors and strikes of faults expected in one run.
    pub expected_probes_and_strikes: f64,
    /// What its author should look at.
    pub warnings: Findings,
}

impl Scenario {
    /// Reads one scenario: [`Document::open`] and [`Document::scenario`] in one step.
    ///
    /// # Errors
    /// Everything that is wrong with it.
    pub fn read(
        name: &str,
        bytes: &[u8],
        overrides: &[String],
        load: &mut Loader<'_>,
    ) -> Result<Scenario, Findings> {
        Document::open(name, bytes, overrides, load)?.scenario()
    }

    /// The defaults it relies on that nobody has documented, read or measured.
    pub fn assumptions(&self) -> impl Iterator<Item = &Assumption> {
        self.defaults.iter().filter(|it| it.is_assumed())
    }

    /// How many parts it has: hosts, containers, replicas with their rules, client groups, effects of faults.
    pub fn size(&self) -> usize {
        let world = &self.blueprint;
        let rules = |replica: &Replica| replica.local_rules.as_ref().map_or(0, Vec::len);
        let rules: usize = world.replicas.values().iter().map(rules).sum();
        let effects: usize = self.faults.iter().map(FaultPlan::size).sum();
        let entities = world.hosts.len() + world.containers.len() + world.replicas.len();
        entities + world.groups.len() + rules + effects
    }
}
