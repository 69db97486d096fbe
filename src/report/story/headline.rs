//! The first line: the verdict on the claim, and what was run.

use crate::measure::expectation::Verdict as Met;
use crate::report::input::{Role, ScenarioReport};
use crate::report::page::{Block, Mood, Page};
use crate::report::wording::{counted, one_line};
use crate::scenario::Verdict;

/// The verdict as reports print it.
pub fn verdict_word(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::True => "TRUE",
        Verdict::False => "FALSE",
        Verdict::OnlyIf => "ONLY IF",
    }
}

pub(super) fn add(page: &mut Page, report: &ScenarioReport) {
    let (mood, word) = verdict(report);
    let sentence = match &report.claim {
        Some(claim) => format!("\"{}\"", one_line(claim)),
        None => one_line(&report.title),
    };
    let runs = counted(report.replications, "run", "runs");
    let each = if report.has_variants() { " each" } else { "" };
    let facts = format!("{}  seed {}  {runs}{each}", report.file, report.seed);
    page.blocks.push(Block::Headline {
        mood,
        word,
        sentence,
        facts,
    });
    if let Some(holds) = report.has_variants().then(|| holding(report)).flatten() {
        page.fact("holds", holds);
    }
    if let Some(contradiction) = contradiction(report) {
        page.fact("verdict", contradiction);
    }
}

/// The word of the verdict; of a scenario without a claim, how its expectations were met.
fn verdict(report: &ScenarioReport) -> (Mood, &'static str) {
    let has = |role| {
        report
            .variants
            .iter()
            .any(|variant| variant.met(role).is_some())
    };
    match report.computed {
        Some(verdict) => {
            let mood = match verdict {
                Verdict::True => Mood::Good,
                Verdict::False => Mood::Bad,
                Verdict::OnlyIf => Mood::Open,
            };
            (mood, verdict_word(verdict))
        }
        None if has(Role::HoldsIf) => (Mood::Open, "OPEN"),
        None if has(Role::Expect) => match report.outcome() {
            Met::Passed => (Mood::Good, "PASSED"),
            Met::Failed => (Mood::Bad, "FAILED"),
            Met::Inconclusive => (Mood::Open, "OPEN"),
        },
        None => (Mood::Open, "DONE"),
    }
}

/// Where the claim holds and where it does not; nothing if it is the same everywhere.
fn holding(report: &ScenarioReport) -> Option<String> {
    let named = |wanted: bool| {
        let variants = report
            .variants
            .iter()
            .filter(|it| it.holds() == Some(wanted));
        variants
            .map(|variant| variant.label())
            .collect::<Vec<_>>()
            .join(", ")
    };
    let (yes, no) = (named(true), named(false));
    let differs = !yes.is_empty() && !no.is_empty();
    differs.then(|| format!("with {yes}; not with {no}"))
}

/// What the author said, if the runs say otherwise.
fn contradiction(report: &ScenarioReport) -> Option<String> {
    let declared = verdict_word(report.declared?);
    match report.computed {
        Some(computed) if Some(computed) == report.declared => None,
        Some(computed) => Some(format!(
            "the file says {declared}, the runs say {}",
            verdict_word(computed)
        )),
        None => Some(format!(
            "the file says {declared}, the runs do not suffice to tell"
        )),
    }
}
