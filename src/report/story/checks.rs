//! What was demanded and what was measured.

use crate::measure::expectation::Verdict as Met;
use crate::measure::interval::Interval;
use crate::measure::metric::Unit;
use crate::measure::scope::Scope;
use crate::report::input::{Judged, Role, ScenarioReport, VariantReport};
use crate::report::page::{Block, Page};
use crate::report::story::selection::metric_in_words;

pub(super) fn add(page: &mut Page, report: &ScenarioReport) {
    for (role, label) in [(Role::HoldsIf, "holds if"), (Role::Expect, "expect")] {
        let judged = || judged(report, role);
        match report.has_variants() {
            false => checks(page, label, judged().map(|(_, it)| it)),
            true if role == Role::HoldsIf => page.facts(label, demands(judged())),
            true => of_variants(page, label, judged().collect()),
        }
    }
}

/// All demands of one list, each with its variant.
fn judged(
    report: &ScenarioReport,
    role: Role,
) -> impl Iterator<Item = (&VariantReport, Check<'_>)> {
    report.variants.iter().flat_map(move |variant| {
        let of_role = variant.judged.iter().filter(move |it| it.role == role);
        of_role.map(move |it| {
            (
                variant,
                Check {
                    it,
                    scope: &variant.runs.first.scope,
                },
            )
        })
    })
}

/// A demand with the names in it.
#[derive(Clone, Copy)]
struct Check<'a> {
    it: &'a Judged,
    scope: &'a Scope,
}

fn checks<'a>(page: &mut Page, label: &'static str, all: impl Iterator<Item = Check<'a>>) {
    for (index, check) in all.enumerate() {
        let label = if index == 0 { label } else { "" };
        let met = check.it.judgement.verdict;
        page.blocks.push(Block::Check {
            label,
            met,
            text: check.in_words(),
        });
    }
}

/// What the claim demands, each demand once: the table of the variants says how it was met.
fn demands<'a>(all: impl Iterator<Item = (&'a VariantReport, Check<'a>)>) -> Vec<String> {
    let mut demands: Vec<String> = Vec::new();
    for demand in all.map(|(_, check)| check.demand()) {
        if !demands.contains(&demand) {
            demands.push(demand);
        }
    }
    demands
}

/// The expectations that were not met, with their variants; the others are in the table.
fn of_variants(page: &mut Page, label: &'static str, all: Vec<(&VariantReport, Check<'_>)>) {
    let unmet = all
        .iter()
        .filter(|(_, check)| check.it.judgement.verdict != Met::Passed);
    let unmet: Vec<_> = unmet.collect();
    if unmet.is_empty() && !all.is_empty() {
        page.fact(label, format!("all {} met", all.len()));
    }
    for (index, (variant, check)) in unmet.into_iter().enumerate() {
        let label = if index == 0 { label } else { "" };
        let met = check.it.judgement.verdict;
        let text = format!("{}: {}", variant.label(), check.in_words());
        page.blocks.push(Block::Check { label, met, text });
    }
}

/// An interval in words; few runs bound a quantile on one side only, or on none.
fn between(low: f64, high: f64, unit: Unit) -> String {
    match (low.is_finite(), high.is_finite()) {
        (true, true) => format!("{} to {}", unit.text(low), unit.text(high)),
        (true, false) => format!("{} or more", unit.text(low)),
        (false, true) => format!("{} or less", unit.text(high)),
        (false, false) => "too few runs to bound it".to_owned(),
    }
}

impl Check<'_> {
    /// `share_502 (hostname app.example.com) exactly 0 %`.
    fn demand(&self) -> String {
        let metric = metric_in_words(&self.it.expectation.metric, self.scope);
        format!("{metric} {}", self.it.judgement.expected)
    }

    /// The demand, the measurement, and the error that was allowed for.
    fn in_words(&self) -> String {
        let judgement = &self.it.judgement;
        let unit = self.it.expectation.metric.entry.unit;
        let error = match judgement.interval {
            Some(Interval { low, high }) if low < high => {
                format!(", {} ({})", between(low, high, unit), judgement.error)
            }
            _ => String::new(),
        };
        format!("{}: measured {}{error}", self.demand(), judgement.measured)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_without_an_end_is_not_printed_as_infinite() {
        let text = |low, high| between(low, high, Unit::Count);
        assert_eq!(text(1.0, 2.0), "1 to 2");
        assert_eq!(text(1.0, f64::INFINITY), "1 or more");
        assert_eq!(text(f64::NEG_INFINITY, 2.0), "2 or less");
        let neither = text(f64::NEG_INFINITY, f64::INFINITY);
        assert_eq!(neither, "too few runs to bound it");
    }
}
