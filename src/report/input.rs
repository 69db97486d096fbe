//! What a report is made from: one scenario, judged, with the runs of all its variants.

use serde::Serialize;

use super::gathered::Gathered;
use crate::measure::expectation::{Expectation, Judgement, Verdict as Met};
use crate::scenario::{Assumption, Verdict};

/// One scenario after its runs.
#[derive(Clone, Debug)]
pub struct ScenarioReport {
    /// The stem of its file's name; its results are named by it.
    pub name: String,
    /// Its file as the user named it.
    pub file: String,
    /// What it is about, in one line.
    pub title: String,
    /// The sentence that is put to the test.
    pub claim: Option<String>,
    /// What its author says of the claim.
    pub declared: Option<Verdict>,
    /// What the runs say of it; none if there is nothing to judge it by, or the runs do not suffice.
    pub computed: Option<Verdict>,
    /// Advice for readers who recognise their own servers.
    pub what_to_do: Option<String>,
    /// The seed of all random numbers.
    pub seed: u64,
    /// How many runs each variant had.
    pub replications: u64,
    /// The file, byte for byte.
    pub source: Vec<u8>,
    /// A hash of the file and everything it refers to, overrides included.
    pub scenario_hash: String,
    /// The command that recreates it, without threads and output folder: `tunnelsim run FILE --seed 1`.
    pub command: String,
    /// The assumed defaults it relies on.
    pub assumptions: Vec<Assumption>,
    /// What its author should look at, one text each.
    pub warnings: Vec<String>,
    /// The scenario as written if it has no variants, else its variants; never empty.
    pub variants: Vec<VariantReport>,
}

/// One variant after its runs.
#[derive(Clone, Debug)]
pub struct VariantReport {
    /// Its name; none: the scenario as written.
    pub name: Option<String>,
    /// What was demanded of it, in the order of the file, and how it was met.
    pub judged: Vec<Judged>,
    /// Its runs.
    pub runs: Gathered,
}

/// Which list of the scenario a demand comes from.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// The claim is true if it is met.
    HoldsIf,
    /// The run fails if it is not met.
    Expect,
}

/// A demand and how it was met.
#[derive(Clone, Debug)]
pub struct Judged {
    /// Where it comes from.
    pub role: Role,
    /// The demand.
    pub expectation: Expectation,
    /// How it was met.
    pub judgement: Judgement,
}

impl VariantReport {
    /// Whether the claim holds here; none if nothing says when it holds, or the runs do not suffice to tell.
    pub fn holds(&self) -> Option<bool> {
        match self.met(Role::HoldsIf)? {
            Met::Passed => Some(true),
            Met::Failed => Some(false),
            Met::Inconclusive => None,
        }
    }

    /// How the demands of one list were met together: failed if one failed; none if there are none.
    pub fn met(&self, role: Role) -> Option<Met> {
        let of_role = self.judged.iter().filter(|judged| judged.role == role);
        worst(of_role.map(|judged| judged.judgement.verdict))
    }

    /// The name, or `as written`.
    pub fn label(&self) -> &str {
        self.name.as_deref().unwrap_or("as written")
    }
}

impl ScenarioReport {
    /// Whether everything is as its author said: all expectations met and the verdict the declared one.
    pub fn outcome(&self) -> Met {
        let expected = self
            .variants
            .iter()
            .filter_map(|variant| variant.met(Role::Expect));
        let verdict = self.declared.map(|declared| match self.computed {
            Some(computed) if computed == declared => Met::Passed,
            Some(_) => Met::Failed,
            None => Met::Inconclusive,
        });
        worst(expected.chain(verdict)).unwrap_or(Met::Passed)
    }

    /// Whether it has variants.
    pub fn has_variants(&self) -> bool {
        self.variants.iter().any(|variant| variant.name.is_some())
    }
}

/// Failed if one failed, else inconclusive if one was; none of none.
fn worst(verdicts: impl Iterator<Item = Met>) -> Option<Met> {
    verdicts.reduce(|worst, next| match (worst, next) {
        (Met::Failed, _) | (_, Met::Failed) => Met::Failed,
        (Met::Inconclusive, _) | (_, Met::Inconclusive) => Met::Inconclusive,
        (Met::Passed, Met::Passed) => Met::Passed,
    })
}
