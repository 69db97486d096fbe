//! One row for each run, and one for each metric of a variant.

use super::Csv;
use crate::measure::metric::{Measure, MetricUse, Unit, digits};
use crate::report::estimates::MetricEstimate;
use crate::report::gathered::RunRow;
use crate::report::input::{ScenarioReport, VariantReport};
use crate::report::story::metric_in_words;
use crate::report::wording::per_cent_fixed;

/// Significant digits of measured values.
const DIGITS: usize = 9;

/// runs.csv: what was measured in each run of each variant.
pub fn runs(report: &ScenarioReport) -> Csv {
    let metrics = metrics(report);
    let fixed = [
        "variant",
        "replication",
        "fingerprint",
        "requests",
        "failures",
        "delayed",
        "sessions",
    ];
    let sessions = ["unharmed", "carts", "carts_lost", "logins", "logins_lost"];
    let header = fixed.into_iter().chain(sessions).map(str::to_owned);
    let mut csv = Csv::new(header.chain(metrics.iter().map(|(name, _)| name.clone())));
    for variant in &report.variants {
        for (replication, row) in variant.runs.rows.iter().enumerate() {
            let numbers = [
                row.counts.requests(),
                row.counts.failures(),
                row.counts.delayed,
                row.sessions.sessions(),
                row.sessions.unharmed,
                row.sessions.carts,
                row.sessions.carts_lost,
                row.sessions.logins,
                row.sessions.logins_lost,
            ];
            let words = [
                variant.label().to_owned(),
                replication.to_string(),
                row.fingerprint.to_string(),
            ];
            let values = metrics.iter().map(|(name, _)| measured(row, variant, name));
            csv.row(
                words
                    .into_iter()
                    .chain(numbers.map(|n| n.to_string()))
                    .chain(values),
            );
        }
    }
    csv
}

/// The metrics that were asked for in any variant, with the unit of their values in the name.
fn metrics(report: &ScenarioReport) -> Vec<(String, MetricUse)> {
    let mut metrics: Vec<(String, MetricUse)> = Vec::new();
    for variant in &report.variants {
        for (metric, _) in variant.runs.rows.iter().flat_map(|row| &row.measured) {
            let name = column(metric, variant);
            if metrics.iter().all(|(known, _)| *known != name) {
                metrics.push((name, metric.clone()));
            }
        }
    }
    metrics
}

/// The name of a metric as a column: a share gets its unit, the others have theirs in their name.
fn column(metric: &MetricUse, variant: &VariantReport) -> String {
    let name = metric_in_words(metric, &variant.runs.first.scope);
    match metric.entry.unit {
        Unit::Share => format!("{name} percent"),
        _ => name,
    }
}

fn measured(row: &RunRow, variant: &VariantReport, name: &str) -> String {
    let found = row
        .measured
        .iter()
        .find(|(metric, _)| column(metric, variant) == *name);
    match found {
        Some((_, Measure::Ratio { hits, trials })) => per_cent_fixed(*hits, *trials, 6),
        Some((metric, measure)) => {
            let scaled = measure.value().map(|value| metric.entry.unit.scaled(value));
            scaled
                .map(|value| digits(value, DIGITS))
                .unwrap_or_default()
        }
        None => String::new(),
    }
}

/// variants.csv, or estimates.csv where there are none: the estimate of each metric with its 95 % interval.
pub fn estimates(report: &ScenarioReport) -> Csv {
    let mut csv = Csv::new([
        "variant",
        "metric",
        "unit",
        "replications",
        "value",
        "low_95",
        "high_95",
    ]);
    for variant in &report.variants {
        for estimate in MetricEstimate::of_all(&variant.runs) {
            let text = |value: Option<f64>| {
                value
                    .map(|it| digits(estimate.unit.scaled(it), DIGITS))
                    .unwrap_or_default()
            };
            csv.row([
                variant.label(),
                &estimate.name,
                unit_in_words(estimate.unit),
                &estimate.value.replications.to_string(),
                &text(Some(estimate.value.value)),
                &text(estimate.low),
                &text(estimate.high),
            ]);
        }
    }
    csv
}

fn unit_in_words(unit: Unit) -> &'static str {
    match unit {
        Unit::Share => "percent",
        Unit::Count => "count",
        Unit::Milliseconds => "ms",
        Unit::Seconds => "s",
        Unit::PerSecond => "per_s",
    }
}
