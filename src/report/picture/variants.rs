//! The number that decides, variant by variant.

use super::axis::{Axis, linear_ticks, tick_text};
use super::canvas::{Anchor, Canvas, DETAIL, LABEL, MARGIN, TICK, WIDTH, draw as draw_canvas};
use super::palette::{AXIS, BLUE, GREY, GRID, INK, VERMILLION};
use super::{FOOT, HEAD, frame, room_for, what_was_run};
use crate::measure::metric::{Unit, digits};
use crate::report::estimates::{FAILED_SHARE, MetricEstimate};
use crate::report::input::{Role, ScenarioReport, VariantReport};
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

/// The picture; none without variants.
pub(super) fn draw(report: &ScenarioReport) -> Option<String> {
    if !report.has_variants() {
        return None;
    }
    let metric = deciding(report);
    let shown = &report.variants[..report.variants.len().min(BARS)];
    let found: Vec<Option<MetricEstimate>> =
        shown.iter().map(|variant| find(variant, &metric)).collect();
    let unit = found.iter().flatten().next()?.unit;
    let scaled = |value: f64| unit.scaled(value);
    let upper = |it: &MetricEstimate| scaled(it.high.unwrap_or(it.value.value).max(it.value.value));
    let greatest = found.iter().flatten().map(upper).fold(0.0, f64::max);
    let ticks = linear_ticks(greatest, 5);
    let bars = HEAD + AXIS_TITLE;
    let height = bars + shown.len() as i32 * ROW.0 + FOOT;
    let axis_title = format!("{metric}{}", unit_in_words(unit));
    let (question, subtitle) = head(report);
    let left = room_for(shown.iter().map(|variant| variant.label()));
    let axis = Axis::linear(0.0, ticks[ticks.len() - 1], left, WIDTH - VALUES);
    Some(draw_canvas(
        height,
        &format!("{question} {subtitle}"),
        |canvas| {
            frame(canvas, height, report, question, &subtitle);
            canvas.text((left, HEAD + 22), &axis_title, TICK, Anchor::Left);
            grid(canvas, &axis, &ticks, bars, shown.len());
            for (index, (variant, estimate)) in shown.iter().zip(&found).enumerate() {
                let top = bars + 30 + index as i32 * ROW.0;
                bar(canvas, &axis, variant, estimate.as_ref(), top);
            }
        },
    ))
}

/// The question, and below it the claim or what was run.
fn head(report: &ScenarioReport) -> (&'static str, String) {
    match &report.claim {
        Some(claim) => (
            "Where does the claim hold?",
            format!("“{}”", one_line(claim)),
        ),
        None => ("How do the variants differ?", what_was_run(report, "")),
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

/// The first metric of the claim, else the share of failures.
fn deciding(report: &ScenarioReport) -> String {
    let of_claim = |variant: &VariantReport| {
        let first = variant.judged.iter().find(|it| it.role == Role::HoldsIf)?;
        Some(metric_in_words(
            &first.expectation.metric,
            &variant.runs.first.scope,
        ))
    };
    let deciding = report.variants.iter().find_map(of_claim);
    let is_known = |name: &String| {
        report
            .variants
            .iter()
            .any(|variant| find(variant, name).is_some())
    };
    deciding
        .filter(is_known)
        .unwrap_or_else(|| FAILED_SHARE.to_owned())
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

fn bar(
    canvas: &Canvas,
    axis: &Axis,
    variant: &VariantReport,
    estimate: Option<&MetricEstimate>,
    top: i32,
) {
    let (left, middle) = (axis.at(0.0), top + ROW.1 / 2);
    let (ink, holds) = match variant.holds() {
        Some(true) => (BLUE, " · ✓ holds"),
        Some(false) => (VERMILLION, " · ✗ does not hold"),
        None => (GREY, ""),
    };
    let name = LABEL.fitted(variant.label(), left - MARGIN - 20);
    canvas.text((left - 20, middle), &name, LABEL, Anchor::Right);
    let Some(estimate) = estimate else {
        canvas.text(
            (left + 14, middle),
            "nothing to measure",
            DETAIL,
            Anchor::Left,
        );
        return;
    };
    let at = |value: f64| axis.at(estimate.unit.scaled(value));
    let end = at(estimate.value.value);
    canvas.rectangle((left, top), (end.max(left + 3), top + ROW.1), ink.colour);
    let mut after = end;
    if let (Some(low), Some(high)) = (estimate.low, estimate.high)
        && low < high
    {
        let (low, high) = (at(low), at(high));
        canvas.line(&[(low, middle), (high, middle)], INK, 3);
        for end in [low, high] {
            canvas.line(&[(end, middle - 9), (end, middle + 9)], INK, 3);
        }
        after = after.max(high);
    }
    let value = format!("{}{holds}", value_in_words(estimate));
    canvas.text((after + 16, middle), &value, DETAIL, Anchor::Left);
}

/// The value to three significant digits; whole numbers stay whole.
fn value_in_words(estimate: &MetricEstimate) -> String {
    let scaled = estimate.unit.scaled(estimate.value.value);
    format!("{}{}", grouped(&digits(scaled, 3)), estimate.unit.suffix())
}
