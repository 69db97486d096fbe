//! The number that decides, variant by variant.

use super::axis::{Axis, linear_ticks, tick_text};
use super::canvas::{Anchor, Canvas, DETAIL, LABEL, MARGIN, TICK, WIDTH, draw as draw_canvas};
use super::palette::{AXIS, BLUE, GREY, GRID, INK, VERMILLION};
use super::{FOOT, Heading, frame, room_for, what_was_run};
use crate::measure::expectation::Verdict as Met;
use crate::measure::metric::{Unit, digits};
use crate::report::estimates::{FAILED_SHARE, MetricEstimate};
use crate::report::input::{Judged, Role, ScenarioReport, VariantReport};
use crate::report::story::metric_in_words;
use crate::report::wording::{grouped, one_line};

/// Bars that are drawn, at most; all are in the CSV file.
const BARS: usize = 24;

/// Height of what the axis is about, above the bars.
const AXIS_TITLE: i32 = 36;

/// Height of a bar with the distance to the next, and of the bar alone, in half pixels.
const ROW: (i32, i32) = (70, 40);

/// Room for the values at the right.
const VALUES: i32 = 350;

/// What is drawn of a variant.
struct Row<'a> {
    variant: &'a VariantReport,
    /// What decides here.
    metric: String,
    /// Its value; none if there was nothing to measure.
    estimate: Option<MetricEstimate>,
}

/// The picture; none without variants.
pub(super) fn draw(report: &ScenarioReport) -> Option<String> {
    if !report.has_variants() {
        return None;
    }
    let rows = rows(report);
    let unit = rows.iter().find_map(|row| row.estimate.as_ref())?.unit;
    let measured = rows.iter().filter_map(|row| row.estimate.as_ref());
    let scaled = |value: f64| unit.scaled(value);
    let upper = |it: &MetricEstimate| scaled(it.high.unwrap_or(it.value.value).max(it.value.value));
    let greatest = measured
        .filter(|it| it.unit == unit)
        .map(upper)
        .fold(0.0, f64::max);
    let ticks = linear_ticks(greatest, 5);
    let heading = heading(report);
    let bars = heading.height() + AXIS_TITLE;
    let height = bars + rows.len() as i32 * ROW.0 + FOOT;
    let common = rows
        .iter()
        .all(|row| row.metric == rows[0].metric)
        .then(|| rows[0].metric.as_str());
    let title = common.unwrap_or("what decides in each variant");
    let axis_title = format!("{title}{}", unit_in_words(unit));
    let left = room_for(rows.iter().map(|row| row.variant.label()));
    let axis = Axis::linear(0.0, ticks[ticks.len() - 1], left, WIDTH - VALUES);
    Some(draw_canvas(height, &heading.description(), |canvas| {
        frame(canvas, height, report, &heading);
        canvas.text((left, bars - 14), &axis_title, TICK, Anchor::Left);
        grid(canvas, &axis, &ticks, bars, rows.len());
        for (index, row) in rows.iter().enumerate() {
            let top = bars + 30 + index as i32 * ROW.0;
            let end = bar(canvas, &axis, row, unit, top);
            let words = words(row, common.is_some());
            let words = DETAIL.fitted(&words, WIDTH - MARGIN - end - 16);
            canvas.text((end + 16, top + ROW.1 / 2), &words, DETAIL, Anchor::Left);
        }
    }))
}

/// The question, and below it the claim or what was run.
fn heading(report: &ScenarioReport) -> Heading {
    match &report.claim {
        Some(claim) => Heading::new(
            "Where does the claim hold?",
            &format!("“{}”", one_line(claim)),
        ),
        None => Heading::new("How do the variants differ?", &what_was_run(report, "")),
    }
}

fn unit_in_words(unit: Unit) -> &'static str {
    match unit {
        Unit::Share => ", per cent",
        Unit::Count => "",
        Unit::Milliseconds => ", milliseconds",
        Unit::Seconds => ", seconds",
        Unit::PerSecond => ", per second",
    }
}

/// The variants that are drawn, each with the first metric by which it judges the claim, else with that of the others,
/// else with the share of failures.
fn rows(report: &ScenarioReport) -> Vec<Row<'_>> {
    let of_claim = |variant: &VariantReport| {
        let first = demands(variant).next()?;
        Some(name_of(first, variant))
    };
    let others = report.variants.iter().find_map(of_claim);
    let row = |variant| {
        let own = of_claim(variant).or_else(|| others.clone());
        let metric = own.unwrap_or_else(|| FAILED_SHARE.to_owned());
        Row {
            variant,
            estimate: find(variant, &metric),
            metric,
        }
    };
    report.variants.iter().take(BARS).map(row).collect()
}

/// What decides whether the claim holds.
fn demands(variant: &VariantReport) -> impl Iterator<Item = &Judged> {
    let of_claim = |judged: &&Judged| judged.role == Role::HoldsIf;
    variant.judged.iter().filter(of_claim)
}

fn name_of(judged: &Judged, variant: &VariantReport) -> String {
    metric_in_words(&judged.expectation.metric, &variant.runs.first.scope)
}

fn find(variant: &VariantReport, metric: &str) -> Option<MetricEstimate> {
    let all = MetricEstimate::of_all(&variant.runs);
    all.into_iter().find(|it| it.name == metric)
}

fn grid(canvas: &Canvas, axis: &Axis, ticks: &[f64], above: i32, bars: usize) {
    let (top, bottom) = (above + 16, above + 24 + bars as i32 * ROW.0);
    for &tick in ticks {
        let x = axis.at(tick);
        canvas.line(
            &[(x, top), (x, bottom)],
            if tick == 0.0 { AXIS } else { GRID },
            2,
        );
        canvas.text((x, bottom + 22), &tick_text(tick), TICK, Anchor::Centre);
    }
}

/// Draws the bar of a variant, if it is measured in the unit of the axis, and says where it ends.
fn bar(canvas: &Canvas, axis: &Axis, row: &Row, unit: Unit, top: i32) -> i32 {
    let (left, middle) = (axis.at(0.0), top + ROW.1 / 2);
    let name = LABEL.fitted(row.variant.label(), left - MARGIN - 20);
    canvas.text((left - 20, middle), &name, LABEL, Anchor::Right);
    let Some(estimate) = row.estimate.as_ref().filter(|it| it.unit == unit) else {
        return left;
    };
    let at = |value: f64| axis.at(unit.scaled(value));
    let end = at(estimate.value.value);
    let ink = match row.variant.holds() {
        Some(true) => BLUE,
        Some(false) => VERMILLION,
        None => GREY,
    };
    canvas.rectangle((left, top), (end.max(left + 3), top + ROW.1), ink.colour);
    let (Some(low), Some(high)) = (estimate.low, estimate.high) else {
        return end;
    };
    if low >= high {
        return end;
    }
    let (low, high) = (at(low), at(high));
    canvas.line(&[(low, middle), (high, middle)], INK, 3);
    for end in [low, high] {
        canvas.line(&[(end, middle - 9), (end, middle + 9)], INK, 3);
    }
    end.max(high)
}

/// The value and whether the claim holds; what was measured where that differs between the variants, and what is in
/// the way of the claim where it is not what is drawn.
fn words(row: &Row, is_common: bool) -> String {
    let mut words = match &row.estimate {
        Some(it) => value_in_words(it.value.value, it.unit),
        None => "nothing to measure".to_owned(),
    };
    words += match row.variant.holds() {
        Some(true) => " · ✓ holds",
        Some(false) => " · ✗ does not hold",
        None => "",
    };
    let metric = match obstacle(row) {
        Some(obstacle) => Some(obstacle),
        None => (!is_common).then(|| row.metric.clone()),
    };
    metric.map_or(words.clone(), |metric| format!("{words}: {metric}"))
}

/// What fails the claim in a variant whose drawn metric is as it should be.
fn obstacle(row: &Row) -> Option<String> {
    let mut failed = demands(row.variant).filter(|it| it.judgement.verdict == Met::Failed);
    let first = failed.next()?;
    if name_of(first, row.variant) == row.metric {
        return None;
    }
    let (metric, unit) = (
        name_of(first, row.variant),
        first.expectation.metric.entry.unit,
    );
    match first.judgement.value {
        Some(value) => Some(format!("{metric} {}", value_in_words(value, unit))),
        None => Some(metric),
    }
}

/// A value to three significant digits; whole numbers stay whole.
fn value_in_words(value: f64, unit: Unit) -> String {
    format!(
        "{}{}",
        grouped(&digits(unit.scaled(value), 3)),
        unit.suffix()
    )
}
