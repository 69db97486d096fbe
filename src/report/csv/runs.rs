//! One row for each run, and one for each variant.

use super::Csv;
use crate::measure::expectation::PRINTED_ALPHA;
use crate::measure::interval::Estimate;
use crate::measure::metric::{Measure, MetricUse, Unit, digits};
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

/// variants.csv: each variant's estimate of each metric with its 95 % interval.
pub fn variants(report: &ScenarioReport) -> Csv {
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
        for estimate in estimates(variant) {
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

/// One metric over the runs of one variant.
pub struct MetricEstimate {
    /// The metric with its filters.
    pub name: String,
    /// Its unit.
    pub unit: Unit,
    /// The estimate over all runs.
    pub value: Estimate,
    /// Lower end of the 95 % interval.
    pub low: Option<f64>,
    /// Upper end of the 95 % interval.
    pub high: Option<f64>,
}

/// Every metric that was asked for, estimated over the runs of a variant; first of all the share of failures.
pub fn estimates(variant: &VariantReport) -> Vec<MetricEstimate> {
    let rows = &variant.runs.rows;
    let failures = rows
        .iter()
        .map(|row| Measure::ratio(row.counts.failures(), row.counts.requests()));
    let mut all = vec![(
        "failures share".to_owned(),
        Unit::Share,
        failures.collect::<Vec<_>>(),
    )];
    let asked = rows.first().map_or(&[][..], |row| &row.measured);
    for (index, (metric, _)) in asked.iter().enumerate() {
        let measures = rows
            .iter()
            .filter_map(|row| row.measured.get(index))
            .map(|&(_, measure)| measure);
        let name = metric_in_words(metric, &variant.runs.first.scope);
        if all.iter().all(|(known, _, _)| *known != name) {
            all.push((name, metric.entry.unit, measures.collect()));
        }
    }
    let estimate = |(name, unit, measures): (String, Unit, Vec<Measure>)| {
        let pairs: Vec<(f64, f64)> = measures
            .iter()
            .filter_map(|measure| measure.fraction())
            .collect();
        let value = Estimate::of(&pairs)?;
        let interval = value.interval(PRINTED_ALPHA);
        Some(MetricEstimate {
            name,
            unit,
            value,
            low: interval.map(|it| it.low),
            high: interval.map(|it| it.high),
        })
    };
    all.into_iter().filter_map(estimate).collect()
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
