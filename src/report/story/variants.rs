//! Variants side by side, in one table.

use super::selection::{metric_in_words, part_in_words};
use crate::measure::expectation::Verdict as Met;
use crate::measure::outcome::Cause;
use crate::measure::selection::Selection;
use crate::report::estimates::{MetricEstimate, plus_minus};
use crate::report::gathered::{Gathered, RunRow};
use crate::report::input::{Judged, Role, VariantReport};
use crate::report::page::{Page, Table};
use crate::report::text::mark;
use crate::report::wording::{count, counted, share, shortened, span};

/// Demands of the claim that get a column each.
const DEMANDS_TOLD: usize = 3;

/// Characters of the second line of a column's title.
const TITLE: usize = 20;

pub(super) fn add(page: &mut Page, variants: &[VariantReport]) {
    page.table("variants", side_by_side(variants));
    let runs = variants.iter().map(|it| it.runs.replications()).max();
    if let Some(runs) = runs.filter(|&runs| runs > 1) {
        page.fact(
            "",
            format!(
                "means of {} each, ± half of the 95 % interval (all in variants.csv); p50 and p99 are of the requests of all runs",
                counted(runs as u64, "run", "runs")
            ),
        );
    }
}

/// One row for each variant, without the columns in which none has anything.
pub(super) fn side_by_side(variants: &[VariantReport]) -> Table {
    let mut table = Table::new(2, &["variant", "holds"]);
    let demands = demands(variants);
    let titles = demands.iter().map(|(_, title)| title.clone());
    table.header.extend(titles);
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

/// The metrics that decide on the claim, as columns with their titles.
fn demands(variants: &[VariantReport]) -> Vec<(String, String)> {
    let mut demands: Vec<(String, String)> = Vec::new();
    for variant in variants {
        for it in of_role(variant, Role::HoldsIf) {
            let demand = (name(it, variant), title(it, variant));
            if !demands.contains(&demand) && demands.len() < DEMANDS_TOLD {
                demands.push(demand);
            }
        }
    }
    demands
}

/// The metric, and in a second line what it is about.
fn title(it: &Judged, variant: &VariantReport) -> String {
    let metric = &it.expectation.metric;
    let part = part_in_words(metric, &variant.runs.first.scope);
    let part = shortened(&part, TITLE);
    format!("{}\n{part}", metric.entry.name)
        .trim_end()
        .to_owned()
}

fn of_role(variant: &VariantReport, role: Role) -> impl Iterator<Item = &Judged> {
    variant.judged.iter().filter(move |it| it.role == role)
}

fn name(it: &Judged, variant: &VariantReport) -> String {
    metric_in_words(&it.expectation.metric, &variant.runs.first.scope)
}

fn row(variant: &VariantReport, demands: &[(String, String)]) -> Vec<String> {
    let runs = &variant.runs;
    let total = runs.ledger.total();
    let sessions = runs.all_sessions();
    let waits = runs.latency.select(&Selection::default());
    let percentile = |q| waits.latency.quantile(q).map(span).unwrap_or_default();
    let part = |of_row: fn(&RunRow) -> (u64, u64), (n, of): (u64, u64)| match n {
        0 => String::new(),
        _ => share(n, of) + &plus_minus(runs, of_row),
    };
    let holds = match variant.holds() {
        Some(true) => "✓ yes",
        Some(false) => "✗ no",
        None if variant.met(Role::HoldsIf).is_some() => "? open",
        None => "",
    };
    let cause = total
        .causes()
        .max_by_key(|&(cause, n)| (n, std::cmp::Reverse(cause)));
    let measured = |(demand, _): &(String, String)| {
        let found = of_role(variant, Role::HoldsIf).find(|it| name(it, variant) == *demand);
        found.map(|it| value(it, runs)).unwrap_or_default()
    };
    let mut row = vec![variant.label().to_owned(), holds.to_owned()];
    row.extend(demands.iter().map(measured));
    row.extend([
        match (total.failures(), runs.replications()) {
            (0, _) => "none".to_owned(),
            (n, 1) => format!("{} ({})", count(n), share(n, total.requests())),
            (n, _) => part(
                |row| (row.counts.failures(), row.counts.requests()),
                (n, total.requests()),
            ),
        },
        cause.map(|(cause, _)| short(cause)).unwrap_or_default(),
        part(
            |row| (row.counts.delayed, row.counts.requests()),
            (total.delayed, total.requests()),
        ),
        percentile(0.5),
        percentile(0.99),
        part(
            |row| (row.sessions.carts_lost, row.sessions.carts),
            (sessions.carts_lost, sessions.carts),
        ),
        part(
            |row| (row.sessions.logins_lost, row.sessions.logins),
            (sessions.logins_lost, sessions.logins),
        ),
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

/// The measured value of a demand, without its counts; of several runs with its interval.
fn value(it: &Judged, runs: &Gathered) -> String {
    let unit = it.expectation.metric.entry.unit;
    let Some(value) = it.judgement.value else {
        return "nothing".to_owned();
    };
    let estimate = MetricEstimate::of(&it.expectation.metric, runs);
    let error = estimate.map_or_else(String::new, |it| it.plus_minus());
    unit.text(value) + &error
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
