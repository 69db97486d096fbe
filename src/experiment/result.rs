//! What the runs of a file say of its claim and its expectations.

use super::{Case, Experiment};
use crate::measure::expectation::{Expectation, Judgement, Verdict as Met, judge_measures};
use crate::measure::metric::{Measure, MetricUse};
use crate::measure::run::Run;
use crate::scenario::Verdict;

/// A demand with the judgement on it.
pub type Judged = (Expectation, Judgement);

/// What somebody keeps of the runs of a case. Runs come in the order of their numbers, and are gone afterwards.
pub trait Gather {
    /// Begins with the first run.
    fn begin(first: Run) -> Self;
    /// Adds the next run.
    fn add(&mut self, run: &Run);
}

/// Keeps the first run and nothing of the others.
impl Gather for Run {
    fn begin(first: Run) -> Run {
        first
    }

    fn add(&mut self, _run: &Run) {}
}

/// What the runs of one case say.
#[derive(Clone, Debug)]
pub struct CaseResult<K> {
    /// The case.
    pub case: Case,
    /// What was kept of its runs.
    pub kept: K,
    /// What must be measured for the claim to be true, and whether it was.
    pub holds_if: Vec<Judged>,
    /// What every run must show, and whether it did.
    pub expect: Vec<Judged>,
}

/// What was found of a claim.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Claim {
    /// Nothing says how to test it.
    Untested,
    /// The runs do not suffice to tell.
    Open,
    /// The verdict.
    Found(Verdict),
}

/// What the runs of a file say.
#[derive(Clone, Debug)]
pub struct ExperimentResult<K> {
    /// The cases in their order.
    pub cases: Vec<CaseResult<K>>,
    /// What was found of the claim.
    pub claim: Claim,
    /// Passed if every expectation is met and the claim is what its author says.
    pub outcome: Met,
}

impl<K> CaseResult<K> {
    /// Judges a case. `measures` has the values of every run, in the order of `measurements`.
    pub(super) fn new(
        case: Case,
        kept: K,
        measurements: &[MetricUse],
        measures: &[Vec<Measure>],
    ) -> CaseResult<K> {
        let judge = |demand: &Expectation| {
            let position = measurements.iter().position(|it| *it == demand.metric);
            let position = position.expect("everything that is demanded is measured");
            let measures: Vec<Measure> = measures.iter().map(|run| run[position]).collect();
            (demand.clone(), judge_measures(demand, &measures))
        };
        let holds_if = case.scenario.holds_if.iter().map(judge).collect();
        let expect = case.scenario.expect.iter().map(judge).collect();
        CaseResult {
            case,
            kept,
            holds_if,
            expect,
        }
    }

    /// What this case alone says of the claim.
    pub fn claim(&self) -> Claim {
        match worst(met(&self.holds_if)) {
            None => Claim::Untested,
            Some(Met::Passed) => Claim::Found(Verdict::True),
            Some(Met::Failed) => Claim::Found(Verdict::False),
            Some(Met::Inconclusive) => Claim::Open,
        }
    }
}

impl<K> ExperimentResult<K> {
    /// Puts the cases of an experiment together.
    pub(super) fn new(experiment: &Experiment, cases: Vec<CaseResult<K>>) -> ExperimentResult<K> {
        let claims: Vec<Claim> = cases.iter().map(CaseResult::claim).collect();
        let claim = claim_of(&claims);
        let expected = cases.iter().flat_map(|case| met(&case.expect));
        let all = expected.chain([agreement(claim, experiment.scenario.verdict)]);
        ExperimentResult {
            outcome: worst(all).unwrap_or(Met::Passed),
            claim,
            cases,
        }
    }
}

fn met(judged: &[Judged]) -> impl Iterator<Item = Met> {
    judged.iter().map(|(_, judgement)| judgement.verdict)
}

/// Failed if one failed, else inconclusive if one was; none of none.
fn worst(all: impl Iterator<Item = Met>) -> Option<Met> {
    all.reduce(|one, other| match (one, other) {
        (Met::Failed, _) | (_, Met::Failed) => Met::Failed,
        (Met::Inconclusive, _) | (_, Met::Inconclusive) => Met::Inconclusive,
        (Met::Passed, Met::Passed) => Met::Passed,
    })
}

/// The claim over all cases: `only-if` when it holds in some and not in others.
fn claim_of(claims: &[Claim]) -> Claim {
    let has = |wanted| claims.contains(&wanted);
    let (holds, fails) = (
        has(Claim::Found(Verdict::True)),
        has(Claim::Found(Verdict::False)),
    );
    match (holds, fails) {
        (true, true) => Claim::Found(Verdict::OnlyIf),
        _ if has(Claim::Open) => Claim::Open,
        (true, false) => Claim::Found(Verdict::True),
        (false, true) => Claim::Found(Verdict::False),
        (false, false) => Claim::Untested,
    }
}

/// Whether the claim is what its author says. A claim without its author's word cannot fail.
fn agreement(claim: Claim, said: Option<Verdict>) -> Met {
    match (claim, said) {
        (_, None) => Met::Passed,
        (Claim::Untested | Claim::Open, Some(_)) => Met::Inconclusive,
        (Claim::Found(found), Some(said)) if found == said => Met::Passed,
        (Claim::Found(_), Some(_)) => Met::Failed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TRUE: Claim = Claim::Found(Verdict::True);
    const FALSE: Claim = Claim::Found(Verdict::False);

    #[test]
    fn a_claim_that_differs_between_cases_is_true_only_if() {
        assert_eq!(claim_of(&[TRUE, FALSE]), Claim::Found(Verdict::OnlyIf));
        assert_eq!(claim_of(&[TRUE, TRUE]), TRUE);
        assert_eq!(claim_of(&[FALSE]), FALSE);
        assert_eq!(claim_of(&[Claim::Untested]), Claim::Untested);
    }

    #[test]
    fn an_open_case_leaves_the_claim_open_unless_the_others_differ() {
        assert_eq!(claim_of(&[TRUE, Claim::Open]), Claim::Open);
        assert_eq!(
            claim_of(&[TRUE, Claim::Open, FALSE]),
            Claim::Found(Verdict::OnlyIf)
        );
    }

    #[test]
    fn a_claim_is_compared_with_what_its_author_says() {
        assert_eq!(agreement(TRUE, Some(Verdict::True)), Met::Passed);
        assert_eq!(agreement(TRUE, Some(Verdict::OnlyIf)), Met::Failed);
        assert_eq!(
            agreement(Claim::Open, Some(Verdict::False)),
            Met::Inconclusive
        );
        assert_eq!(
            agreement(Claim::Untested, Some(Verdict::True)),
            Met::Inconclusive
        );
        assert_eq!(agreement(FALSE, None), Met::Passed);
    }

    #[test]
    fn one_failure_outweighs_open_questions() {
        let worst_of = |all: &[Met]| worst(all.iter().copied());
        assert_eq!(
            worst_of(&[Met::Inconclusive, Met::Failed, Met::Passed]),
            Some(Met::Failed)
        );
        assert_eq!(
            worst_of(&[Met::Passed, Met::Inconclusive]),
            Some(Met::Inconclusive)
        );
        assert_eq!(worst_of(&[]), None);
    }
}
