//! What to do about it, what was assumed, and how to do it again.

use crate::report::input::ScenarioReport;
use crate::report::page::{Block, Page};
use crate::report::wording::{counted, one_line};
use crate::scenario::Verdict;

/// Assumed defaults that are told; the others are in summary.json.
const ASSUMPTIONS_TOLD: usize = 4;

pub(super) fn add(page: &mut Page, report: &ScenarioReport) {
    let is_true = report.computed == Some(Verdict::True);
    if let Some(advice) = report.what_to_do.as_ref().filter(|_| !is_true) {
        page.fact("do", one_line(advice));
    }
    page.facts(
        "note",
        report.warnings.iter().map(|warning| one_line(warning)),
    );
    if !report.assumptions.is_empty() {
        page.fact("assumed", assumed(report));
    }
    page.blocks.push(Block::Command {
        label: "again",
        command: report.command.clone(),
    });
}

fn assumed(report: &ScenarioReport) -> String {
    let told = report.assumptions.iter().take(ASSUMPTIONS_TOLD);
    let told: Vec<String> = told
        .map(|it| format!("{} {}", it.setting, it.default))
        .collect();
    let n = report.assumptions.len();
    let rest = if n > ASSUMPTIONS_TOLD {
        ", … (all in summary.json)"
    } else {
        ""
    };
    format!(
        "{}: {}{rest}",
        counted(n as u64, "default", "defaults"),
        told.join(", ")
    )
}
