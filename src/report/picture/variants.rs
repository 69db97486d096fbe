//! The number that decides, variant by variant.

use super::axis::{Axis, linear_ticks, tick_text};
use super::canvas::{
    Anchor, Canvas, DETAIL, LABEL, MARGIN, TICK, TITLE, WIDTH, draw as draw_canvas,
};
use super::palette::{AXIS, BLUE, GREY, GRID, INK, VERMILLION};
use super::{FOOT, HEAD, frame, what_was_run};
use crate::measure::metric::digits;
use crate::report::csv::{MetricEstimate, estimates};
use crate::report::input::{Role, ScenarioReport, VariantReport};
use crate::report::story::metric_in_words;
use crate::report::wording::one_line;

/// Bars that are drawn, at most; all are in the CSV file.
const BARS: usize = 24;

/// Height of a bar with the distance to the next, and of the bar alone, in half pixels.
const ROW: (i32, i32) = (70, 40);

/// Room for the names at the left.
const NAMES: i32 = 430;

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
    let height = HEAD + shown.len() as i32 * ROW.0 + FOOT;
    let question = question(report);
    let subtitle = format!(
        "{metric} in{} · {}",
        unit_in_words(unit.suffix()),
        what_was_run(report)
    );
    Some(draw_canvas(
        height,
        &format!("{question} {subtitle}"),
        |canvas| {
            frame(canvas, height, report, &question, &subtitle);
            let axis = Axis::linear(0.0, ticks[ticks.len() - 1], NAMES, WIDTH - VALUES);
            grid(canvas, &axis, &ticks, shown.len());
            for (index, (variant, estimate)) in shown.iter().zip(&found).enumerate() {
                bar(
                    canvas,
                    &axis,
                    variant,
                    estimate.as_ref(),
                    HEAD + 30 + index as i32 * ROW.0,
                );
            }
        },
    ))
}

/// The claim as a question, short enough for the title.
fn question(report: &ScenarioReport) -> String {
    let Some(claim) = &report.claim else {
        return format!("How do the variants differ: {}?", one_line(&report.title));
    };
    let begin = "Where is it true that “";
    let room = WIDTH - 2 * MARGIN - TITLE.width(begin) - TITLE.width("”?");
    format!(
        "{begin}{}”?",
        TITLE.fitted(one_line(claim).trim_end_matches('.'), room)
    )
}

fn unit_in_words(suffix: &str) -> String {
    match suffix.trim() {
        "" => " numbers".to_owned(),
        "%" => " per cent".to_owned(),
        unit => format!(" {unit}"),
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
        .unwrap_or_else(|| "failures share".to_owned())
}

fn find(variant: &VariantReport, metric: &str) -> Option<MetricEstimate> {
    estimates(variant).into_iter().find(|it| it.name == metric)
}

fn grid(canvas: &Canvas, axis: &Axis, ticks: &[f64], bars: usize) {
    let (top, bottom) = (HEAD + 16, HEAD + 24 + bars as i32 * ROW.0);
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
    let middle = top + ROW.1 / 2;
    let (ink, holds) = match variant.holds() {
        Some(true) => (BLUE, " · ✓ holds"),
        Some(false) => (VERMILLION, " · ✗ does not hold"),
        None => (GREY, ""),
    };
    let name = LABEL.fitted(variant.label(), NAMES - MARGIN - 20);
    canvas.text((NAMES - 20, middle), &name, LABEL, Anchor::Right);
    let Some(estimate) = estimate else {
        canvas.text(
            (NAMES + 14, middle),
            "nothing to measure",
            DETAIL,
            Anchor::Left,
        );
        return;
    };
    let at = |value: f64| axis.at(estimate.unit.scaled(value));
    let end = at(estimate.value.value);
    canvas.rectangle((NAMES, top), (end.max(NAMES + 3), top + ROW.1), ink.colour);
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

/// The value to three significant digits.
fn value_in_words(estimate: &MetricEstimate) -> String {
    let number = digits(estimate.unit.scaled(estimate.value.value), 3);
    format!("{number}{}", estimate.unit.suffix())
}
