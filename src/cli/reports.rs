//! From what the runs say to what a report is made from.

use super::input::Input;
use super::reproduce;
use crate::experiment::{CaseResult, Claim, Experiment, ExperimentResult, Gather};
use crate::measure::run::Run;
use crate::report::{self, Judged, Role, ScenarioReport, VariantReport};

impl Gather for report::Gathered {
    fn begin(first: Run) -> Self {
        report::Gathered::new(first)
    }

    fn add(&mut self, run: &Run) {
        report::Gathered::add(self, run);
    }
}

/// The report on what the runs of a file say.
pub fn report_of(
    input: &Input,
    experiment: &Experiment,
    result: ExperimentResult<report::Gathered>,
) -> ScenarioReport {
    let scenario = &experiment.scenario;
    ScenarioReport {
        name: scenario.name.clone(),
        file: input.label.clone(),
        title: scenario.title.clone(),
        claim: scenario.claim.clone(),
        declared: scenario.verdict,
        computed: match result.claim {
            Claim::Found(verdict) => Some(verdict),
            Claim::Untested | Claim::Open => None,
        },
        what_to_do: scenario.what_to_do.clone(),
        seed: scenario.seed,
        replications: experiment.replications.end - experiment.replications.start,
        source: input.bytes.clone(),
        scenario_hash: input.hash.to_string(),
        command: reproduce::command("run", input, experiment),
        assumptions: scenario.assumptions().cloned().collect(),
        warnings: scenario
            .warnings
            .problems
            .sorted()
            .iter()
            .map(|problem| problem.message.clone())
            .collect(),
        variants: result.cases.into_iter().map(variant_of).collect(),
    }
}

fn variant_of(result: CaseResult<report::Gathered>) -> VariantReport {
    let judged = |role, list: Vec<_>| {
        list.into_iter()
            .map(move |(expectation, judgement)| Judged {
                role,
                expectation,
                judgement,
            })
    };
    let holds_if = judged(Role::HoldsIf, result.holds_if);
    VariantReport {
        name: result.case.variant,
        judged: holds_if
            .chain(judged(Role::Expect, result.expect))
            .collect(),
        runs: result.kept,
    }
}
