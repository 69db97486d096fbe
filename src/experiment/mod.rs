//! Floor 7: many runs of a scenario, and what they say together.
//!
//! In suggested reading order: [`Experiment`] is a file ready to run, with one [`Case`] for each variant;
//! [`replication`] makes one run; [`run_all`] makes all runs of many files on all cores; [`ExperimentResult`] is what
//! the runs of a file say of its claim and its expectations.
//!
//! Runs share nothing, and what they leave behind is put together in the order of their numbers: neither the number
//! of threads nor the order in which runs end can change a result.

mod gathering;
mod measurements;
mod progress;
mod queue;
pub mod replication;
mod result;
mod sensitivity;

pub use gathering::Breach;
pub use measurements::measurements;
pub use progress::Progress;
pub use queue::{Effort, Gathered, Listener, run_all};
pub use replication::Stopped;
pub use result::{CaseResult, Claim, ExperimentResult, Gather, Judged};
pub use sensitivity::{Variation, sensitivity};

use std::ops::Range;

use crate::scenario::{Document, Findings, Scenario};

/// A scenario in one of its forms.
#[derive(Clone, Debug)]
pub struct Case {
    /// The variant's name; none: the scenario as written.
    pub variant: Option<String>,
    /// The scenario.
    pub scenario: Scenario,
}

/// A scenario file ready to run.
#[derive(Clone, Debug)]
pub struct Experiment {
    /// The file as the user named it.
    pub file: String,
    /// The scenario as written, whose claim is put to the test.
    pub scenario: Scenario,
    /// What is run: the variants in the order of the file or, if it has none, the scenario as written.
    pub cases: Vec<Case>,
    /// The numbers of the replications to make.
    pub replications: Range<u64>,
}

impl Experiment {
    /// The scenario of a document with all its variants and replications.
    ///
    /// # Errors
    /// Everything that is wrong with the scenario and with its variants.
    pub fn of(file: &str, document: &Document) -> Result<Experiment, Findings> {
        let (scenario, variants) = document.with_variants()?;
        let mut cases: Vec<Case> = variants
            .into_iter()
            .map(|(name, scenario)| Case {
                variant: Some(name),
                scenario,
            })
            .collect();
        if cases.is_empty() {
            cases.push(Case {
                variant: None,
                scenario: scenario.clone(),
            });
        }
        Ok(Experiment {
            file: file.to_owned(),
            replications: 0..scenario.replications,
            scenario,
            cases,
        })
    }

    /// How many runs it takes.
    pub fn runs(&self) -> u64 {
        self.cases.len() as u64 * (self.replications.end - self.replications.start)
    }
}
