//! Variants side by side, in one table.

use super::selection::metric_in_words;
use crate::measure::expectation::Verdict as Met;
use crate::measure::outcome::Cause;
use crate::measure::selection::Selection;
use crate::report::input::{Judged, Role, VariantReport};
use crate::report::page::{Page, Table};
use crate::report::text::mark;
use crate::report::wording::{count, share, span};

/// Demands of the claim that get a column each.
const DEMANDS_TOLD: usize = 3;

pub(super) fn add(page: &mut Page, variants: &[VariantReport]) {
    page.table("variants", side_by_side(variants));
}

/// One row for each variant, without the columns in which none has anything.
pub(super) fn side_by_side(variants: &[VariantReport]) -> Table {
    let mut table = Table::new(2, &["variant", "holds"]);
    let demands = demands(variants);
    table.header.extend(demands.iter().cloned());
    let fixed = [
        "failed",
        "most often",
        "delayed",
        "p50",
        "p99",
        "carts lost",
        "log-ins lost",
        "as expected",
    ];
    table.header.extend(fixed.map(str::to_owned));
    table.rows = variants
        .iter()
        .map(|variant| row(variant, &demands))
        .collect();
    table.without_empty_columns()
}

/// The metrics that decide on the claim, as columns.
fn demands(variants: &[VariantReport]) -> Vec<String> {
    let mut demands: Vec<String> = Vec::new();
    for variant in variants {
        for name in of_role(variant, Role::HoldsIf).map(|it| name(it, variant)) {
            if !demands.contains(&name) && demands.len() < DEMANDS_TOLD {
                demands.push(name);
            }
        }
    }
    demands
}

fn of_role(variant: &VariantReport, role: Role) -> impl Iterator<Item = &Judged> {
    variant.judged.iter().filter(move |it| it.role == role)
}

fn name(it: &Judged, variant: &VariantReport) -> String {
    metric_in_words(&it.expectation.metric, &variant.runs.first.scope)
}

fn row(variant: &VariantReport, demands: &[String]) -> Vec<String> {
    let runs = &variant.runs;
    let total = runs.ledger.total();
    let sessions = runs.all_sessions();
    let waits = runs.latency.select(&Selection::default());
    let percentile = |q| waits.latency.quantile(q).map(span).unwrap_or_default();
    let part = |n: u64, of: u64| if n == 0 { String::new() } else { share(n, of) };
    let holds = match variant.holds() {
        Some(true) => "✓ yes",
        Some(false) => "✗ no",
        None if variant.met(Role::HoldsIf).is_some() => "? open",
        None => "",
    };
    let cause = total
        .causes()
        .max_by_key(|&(cause, n)| (n, std::cmp::Reverse(cause)));
    let measured = |demand: &String| {
        let found = of_role(variant, Role::HoldsIf).find(|it| name(it, variant) == *demand);
        found.map(value).unwrap_or_default()
    };
    let mut row = vec![variant.label().to_owned(), holds.to_owned()];
    row.extend(demands.iter().map(measured));
    row.extend([
        format!(
            "{} ({})",
            count(total.failures()),
            share(total.failures(), total.requests())
        ),
        cause.map(|(cause, _)| short(cause)).unwrap_or_default(),
        part(total.delayed, total.requests()),
        percentile(0.5),
        percentile(0.99),
        part(sessions.carts_lost, sessions.carts),
        part(sessions.logins_lost, sessions.logins),
        expected(variant),
    ]);
    row
}

/// A cause by its status and name: `502 dead-connection`.
fn short(cause: Cause) -> String {
    let status = cause
        .status()
        .map(|status| format!("{status} "))
        .unwrap_or_default();
    format!("{status}{}", cause.name())
}

/// The measured value of a demand, without its counts.
fn value(it: &Judged) -> String {
    let unit = it.expectation.metric.entry.unit;
    it.judgement
        .value
        .map_or_else(|| "nothing".to_owned(), |value| unit.text(value))
}

/// `✓ 3 of 3`.
fn expected(variant: &VariantReport) -> String {
    let Some(met) = variant.met(Role::Expect) else {
        return String::new();
    };
    let all = of_role(variant, Role::Expect).count();
    let passed = of_role(variant, Role::Expect)
        .filter(|it| it.judgement.verdict == Met::Passed)
        .count();
    format!("{} {passed} of {all}", mark(met))
}
