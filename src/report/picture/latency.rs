//! How long successful requests took, over time.

use super::axis::{Axis, linear_ticks, logarithmic_ticks, millis_text};
use super::canvas::{Anchor, Canvas, DETAIL, MARGIN};
use super::palette::{Ink, PERCENTILES};
use super::panel::{Frame, Name};
use super::stack::{Stack, runs, with_series};
use super::window::Window;
use super::{PANELS, more_in};
use crate::kernel::time::Time;
use crate::report::gathered::Gathered;
use crate::report::input::ScenarioReport;

/// The lines, from above.
const LINES: [(f64, &str); 3] = [(0.99, "p99"), (0.9, "p90"), (0.5, "p50")];

/// Room for the names at the right, in half pixels.
const NAMES: i32 = 250;

/// Values that differ more than this are drawn by their ratios.
const RATIO: f64 = 12.0;

/// The least latency that is drawn by its ratio, in milliseconds.
const LEAST: f64 = 0.01;

const NANOS_PER_MILLI: f64 = 1e6;

/// One percentile: the middle of each step with the value in milliseconds, none where nobody asked.
type Line = Vec<(Time, Option<f64>)>;

/// The picture; none without series or without any success.
pub(super) fn draw(report: &ScenarioReport) -> Option<String> {
    let mut variants = with_series(report);
    let left_out = more_in(variants.len(), "latency-over-time.csv");
    variants.truncate(PANELS);
    let window = Window::of_faults(&runs(&variants));
    let lines = variants.iter().filter_map(|it| lines(&it.runs, &window));
    let lines: Vec<[Line; LINES.len()]> = lines.collect();
    let values = || {
        lines
            .iter()
            .flatten()
            .flatten()
            .filter_map(|&(_, value)| value)
    };
    let greatest = values().reduce(f64::max)?;
    let least = values().reduce(f64::min)?.max(LEAST);
    let is_logarithmic = greatest / least > RATIO;
    let stack = Stack {
        report,
        question: "How long did visitors wait for an answer?",
        axis_title: format!(
            "time to a successful answer, by the time of the request{}",
            if is_logarithmic { ", logarithmic" } else { "" }
        ),
        names: NAMES,
        variants,
        window,
        left_out,
    };
    let ticks = match is_logarithmic {
        true => logarithmic_ticks(least, greatest),
        false => linear_ticks(greatest, if stack.is_divided() { 3 } else { 5 }),
    };
    let (low, high) = (ticks[0], ticks[ticks.len() - 1]);
    Some(stack.draw(|canvas, index, place| {
        let values = match is_logarithmic {
            true => Axis::logarithmic(low, high, place.bottom, place.top),
            false => Axis::linear(low, high, place.bottom, place.top),
        };
        place.grid(canvas, &values, &ticks, millis_text);
        paint(canvas, &place, &values, &window, &lines[index]);
    }))
}

fn paint(
    canvas: &Canvas,
    place: &Frame,
    values: &Axis,
    window: &Window,
    lines: &[Line; LINES.len()],
) {
    let time = place.time(window);
    let mut names = Vec::new();
    for ((line, (_, name)), ink) in lines.iter().zip(LINES).zip(PERCENTILES) {
        for stretch in line.split(|(_, value)| value.is_none()) {
            let point = |&(at, value): &(Time, Option<f64>)| {
                value.map(|value| (time.at_time(at), values.at(value)))
            };
            let points: Vec<(i32, i32)> = stretch.iter().filter_map(point).collect();
            stroke(canvas, &points, ink);
        }
        let last = line.iter().rev().find_map(|&(_, value)| value);
        names.extend(last.map(|last| Name {
            ink,
            text: name.to_owned(),
            detail: String::new(),
            wish: values.at(last),
        }));
    }
    if names.is_empty() {
        let middle = (
            (place.left + place.right) / 2,
            (place.top + place.bottom) / 2,
        );
        canvas.text(middle, "No request succeeded.", DETAIL, Anchor::Centre);
    }
    place.names(canvas, NAMES - MARGIN, &names);
}

/// Draws a line, or a short stroke where a single step stands alone.
fn stroke(canvas: &Canvas, points: &[(i32, i32)], ink: Ink) {
    match points {
        [] => {}
        [(x, y)] => canvas.series(&[(x - 6, *y), (x + 6, *y)], ink),
        points => canvas.series(points, ink),
    }
}

/// The percentiles of the steps in a window.
fn lines(runs: &Gathered, window: &Window) -> Option<[Line; LINES.len()]> {
    let timeline = runs.timeline.as_ref()?;
    let step = timeline.latency_step();
    let inside = |&(start, _): &(Time, _)| {
        start + step / 2 >= window.from && start + step / 2 <= window.until
    };
    let steps: Vec<_> = timeline.latencies().filter(inside).collect();
    Some(LINES.map(|(quantile, _)| {
        let value = |it: &crate::measure::histogram::Histogram<_>| it.quantile(quantile);
        steps
            .iter()
            .map(|(start, it)| {
                (
                    *start + step / 2,
                    value(it).map(|nanos| nanos as f64 / NANOS_PER_MILLI),
                )
            })
            .collect()
    }))
}
