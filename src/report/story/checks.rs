//! What was demanded and what was measured.

use crate::measure::expectation::Verdict as Met;
use crate::measure::interval::Interval;
use crate::measure::scope::Scope;
use crate::report::input::{Judged, Role, ScenarioReport, VariantReport};
use crate::report::page::{Block, Page};
use crate::report::story::selection::metric_in_words;

pub(super) fn add(page: &mut Page, report: &ScenarioReport) {
    for (role, label) in [(Role::HoldsIf, "holds if"), (Role::Expect, "expect")] {
        let told = report
            .variants
            .iter()
            .flat_map(|variant| told(variant, role, report.has_variants()));
        let told: Vec<(Met, String)> = told.collect();
        let all = report
            .variants
            .iter()
            .flat_map(|variant| &variant.judged)
            .filter(|it| it.role == role)
            .count();
        if told.is_empty() && all > 0 {
            page.fact(
                label,
                if all == 1 {
                    "met".to_owned()
                } else {
                    format!("all {all} met")
                },
            );
        }
        for (index, (met, text)) in told.into_iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            page.blocks.push(Block::Check { label, met, text });
        }
    }
}

/// The demands on one variant; of several variants only those that were not met, the others are in the table.
fn told(
    variant: &VariantReport,
    role: Role,
    is_one_of_many: bool,
) -> impl Iterator<Item = (Met, String)> {
    let is_told = move |it: &&Judged| {
        it.role == role && (!is_one_of_many || it.judgement.verdict != Met::Passed)
    };
    let prefix = if is_one_of_many {
        format!("{}: ", variant.label())
    } else {
        String::new()
    };
    let in_words =
        move |it: &Judged| format!("{prefix}{}", in_words(it, &variant.runs.first.scope));
    variant
        .judged
        .iter()
        .filter(is_told)
        .map(move |it| (it.judgement.verdict, in_words(it)))
}

/// `share_502 of app.example.com exactly 0 %: measured 0.229 % (412 of 180233)`, with the error that was allowed for.
fn in_words(it: &Judged, scope: &Scope) -> String {
    let metric = metric_in_words(&it.expectation.metric, scope);
    let judgement = &it.judgement;
    let unit = it.expectation.metric.entry.unit;
    let error = match judgement.interval {
        Some(Interval { low, high }) => format!(
            ", {} to {} ({})",
            unit.text(low),
            unit.text(high),
            judgement.error
        ),
        None => String::new(),
    };
    format!(
        "{metric} {}: measured {}{error}",
        judgement.expected, judgement.measured
    )
}
