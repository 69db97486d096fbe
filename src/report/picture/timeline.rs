//! When requests failed, by cause, and when they were delayed.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::axis::{Axis, linear_ticks, tick_text};
use super::canvas::{Canvas, MARGIN};
use super::palette::{BLUE, CAUSES, Ink, VERMILLION};
use super::panel::{Frame, Name};
use super::stack::{Stack, runs, with_series};
use super::window::{Window, is_harmed, marks};
use super::{PANELS, more_in};
use crate::kernel::time::{Span, Time};
use crate::measure::outcome::{Cause, Outcome};
use crate::measure::timeline::{Bucket, Timeline};
use crate::report::gathered::Gathered;
use crate::report::input::ScenarioReport;
use crate::report::wording::{count, counted};

/// Points in time that a line has, at most; and where failures come at other times in every run, so that a point in
/// time means little.
const POINTS: (u64, u64) = (180, 24);

/// What rates can be counted by, in seconds: the least in which the greatest rate is one request or more is taken.
const UNITS: [(f64, &str); 5] = [
    (1.0, "second"),
    (60.0, "minute"),
    (3_600.0, "hour"),
    (86_400.0, "day"),
    (31_557_600.0, "year"),
];

/// Room for the names at the right, in half pixels.
const NAMES: i32 = 470;

/// How many requests ended so, over time.
struct Series {
    ink: Ink,
    name: String,
    total: u64,
    /// Requests per second at each step.
    rates: Vec<f64>,
}

/// The picture; none without series, and none of nothing. Variants in which nobody was harmed are named only.
pub(super) fn draw(report: &ScenarioReport) -> Option<String> {
    let all = with_series(report).into_iter();
    let (mut harmed, calm): (Vec<_>, Vec<_>) = all.partition(|it| is_harmed(&it.runs));
    let names: Vec<&str> = calm.iter().map(|variant| variant.label()).collect();
    let mut left_out = String::new();
    if !names.is_empty() {
        left_out += &format!(" · nobody harmed with {}", names.join(", "));
    }
    left_out += &more_in(harmed.len(), "timeline.csv");
    harmed.truncate(PANELS);
    let window = Window::of_harm(&runs(&harmed));
    let causes = causes(&runs(&harmed));
    let all = harmed.iter();
    let drawn: Vec<Panel<'_>> = all
        .filter_map(|it| Panel::of(&it.runs, &window, &causes))
        .collect();
    let rates = drawn
        .iter()
        .flat_map(|it| &it.series)
        .flat_map(|it| &it.rates);
    let greatest = rates.copied().fold(0.0, f64::max);
    let (unit, unit_name) = unit_of(greatest);
    let mean = match report.replications {
        1 => "",
        _ => ", mean of all runs",
    };
    let stack = Stack {
        report,
        question: "When did requests fail, and why?",
        axis_title: format!("requests per {unit_name}, by the time they were sent{mean}"),
        names: NAMES,
        variants: harmed,
        window,
        left_out,
    };
    let parts = if stack.is_divided() { 3 } else { 5 };
    let ticks = linear_ticks(greatest * unit, parts);
    let paint = |canvas: &Canvas, index: usize, place: Frame| {
        let highest = ticks[ticks.len() - 1];
        let values = Axis::linear(0.0, highest, place.bottom, place.top);
        place.grid(canvas, &values, &ticks, tick_text);
        let per_second = Axis::linear(0.0, highest / unit, place.bottom, place.top);
        drawn[index].paint(canvas, place, &window, &per_second);
    };
    (!drawn.is_empty()).then(|| stack.draw(paint))
}

/// What rates up to this one, in requests per second, are counted by.
fn unit_of(greatest: f64) -> (f64, &'static str) {
    let is_enough = |(seconds, _): &&(f64, &str)| greatest * seconds >= 1.0;
    let found = UNITS.iter().find(is_enough);
    *found.unwrap_or(&UNITS[UNITS.len() - 1])
}

/// The causes of failures in all panels, the most frequent first: each has one ink in all panels.
fn causes(variants: &[&Gathered]) -> Vec<Cause> {
    let mut totals: BTreeMap<Cause, u64> = BTreeMap::new();
    for runs in variants {
        for (cause, n) in runs.ledger.total().causes() {
            *totals.entry(cause).or_default() += n;
        }
    }
    let mut causes: Vec<(Cause, u64)> = totals.into_iter().filter(|&(_, n)| n > 0).collect();
    causes.sort_by_key(|&(cause, n)| (Reverse(n), cause));
    causes.into_iter().map(|(cause, _)| cause).collect()
}

/// One variant.
struct Panel<'a> {
    runs: &'a Gathered,
    series: Vec<Series>,
    starts: Vec<Time>,
    step: Span,
}

impl<'a> Panel<'a> {
    fn of(runs: &'a Gathered, window: &Window, causes: &[Cause]) -> Option<Panel<'a>> {
        let timeline = runs.timeline.as_ref()?;
        let points = if runs.strikes_agree {
            POINTS.0
        } else {
            POINTS.1
        };
        let (starts, step, buckets) = gathered_up(timeline, window, points);
        let per_second = step.as_secs_f64() * runs.replications() as f64;
        let of = |ink, name: String, count: &dyn Fn(&[&Bucket]) -> u64| {
            let counts: Vec<u64> = buckets.iter().map(|it| count(it)).collect();
            let total = counts.iter().sum();
            Series {
                ink,
                name,
                total,
                rates: counts.iter().map(|&n| n as f64 / per_second).collect(),
            }
        };
        let (named, others) = causes.split_at(if causes.len() > CAUSES.len() {
            CAUSES.len() - 1
        } else {
            causes.len()
        });
        let mut series: Vec<Series> = Vec::new();
        for (&cause, ink) in named.iter().zip(CAUSES) {
            let statuses = runs.ledger.statuses(cause);
            let statuses: String = statuses.iter().map(|it| format!("{it} ")).collect();
            let name = statuses + cause.name();
            series.push(of(ink, name, &|it| {
                sum(it, |bucket| bucket.of(Outcome::Failed(cause)))
            }));
        }
        if !others.is_empty() {
            let rest = |bucket: &Bucket| {
                others
                    .iter()
                    .map(|&cause| bucket.of(Outcome::Failed(cause)))
                    .sum()
            };
            series.push(of(
                CAUSES[CAUSES.len() - 1],
                "other causes".to_owned(),
                &|it| sum(it, rest),
            ));
        }
        series.push(of(BLUE, "delayed".to_owned(), &|it| {
            sum(it, |bucket| bucket.delayed)
        }));
        series.retain(|it| it.total > 0);
        Some(Panel {
            runs,
            series,
            starts,
            step,
        })
    }

    fn paint(&self, canvas: &Canvas, place: Frame, window: &Window, values: &Axis) {
        place.marks(canvas, window, &marks(self.runs));
        let peak = |series: &Series| series.rates.iter().copied().fold(0.0, f64::max);
        let mut by_peak: Vec<&Series> = self.series.iter().collect();
        by_peak.sort_by(|a, b| peak(b).total_cmp(&peak(a)));
        for series in by_peak {
            self.lines(canvas, series, &place, values, window);
        }
        let name = |series: &Series| Name {
            ink: series.ink,
            text: series.name.clone(),
            detail: match self.runs.replications() {
                1 => counted(series.total, "request", "requests"),
                _ => format!("{} in all runs", count(series.total)),
            },
            wish: values.at(peak(series)),
        };
        let names: Vec<Name> = self.series.iter().map(name).collect();
        place.names(canvas, NAMES - MARGIN, &names);
    }

    /// Draws each stretch in which the series is not zero as steps; the cause most frequent in all has its area filled.
    fn lines(
        &self,
        canvas: &Canvas,
        series: &Series,
        place: &Frame,
        values: &Axis,
        window: &Window,
    ) {
        let time = place.time(window);
        let zero = values.at(0.0);
        let mut points: Vec<(i32, i32)> = Vec::new();
        let mut stretches = Vec::new();
        for (&start, &rate) in self.starts.iter().zip(&series.rates) {
            let (from, to) = (
                time.at_time(start.max(window.from)),
                time.at_time((start + self.step).min(window.until)),
            );
            if rate > 0.0 {
                if points.is_empty() {
                    points.push((from, zero));
                }
                points.extend([(from, values.at(rate)), (to, values.at(rate))]);
            } else if let Some(&(last, _)) = points.last() {
                points.push((last, zero));
                stretches.push(std::mem::take(&mut points));
            }
        }
        if let Some(&(last, _)) = points.last() {
            points.push((last, zero));
            stretches.push(points);
        }
        for stretch in stretches {
            if series.ink == VERMILLION {
                canvas.area(&stretch, VERMILLION.tint);
            }
            canvas.series(&stretch, series.ink);
        }
    }
}

fn sum(buckets: &[&Bucket], of: impl Fn(&Bucket) -> u64) -> u64 {
    buckets.iter().map(|bucket| of(bucket)).sum()
}

/// The buckets of a window, several together where there are too many: starts, length and buckets of each step.
fn gathered_up<'a>(
    timeline: &'a Timeline,
    window: &Window,
    points: u64,
) -> (Vec<Time>, Span, Vec<Vec<&'a Bucket>>) {
    let inside = |(start, _): &(Time, &Bucket)| {
        *start + timeline.step() > window.from && *start < window.until
    };
    let buckets: Vec<(Time, &Bucket)> = timeline.counts().filter(inside).collect();
    let together = (buckets.len() as u64).div_ceil(points).max(1);
    let steps = buckets.chunks(together as usize);
    let starts = steps.clone().map(|step| step[0].0).collect();
    (
        starts,
        timeline.step() * together,
        steps
            .map(|step| step.iter().map(|&(_, bucket)| bucket).collect())
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{Story, report, variant};

    #[test]
    fn a_small_picture_has_the_same_bytes_everywhere() {
        let story = Story {
            horizon_s: 1_260,
            rate: 2,
            ..Story::default()
        };
        insta::assert_snapshot!(draw(&report(vec![variant(None, story, 1)])).unwrap());
    }

    #[test]
    fn the_end_of_a_run_is_marked_only_where_others_go_on() {
        let long = Story::small();
        let short = Story {
            horizon_s: 1_205,
            ..long
        };
        let one = draw(&report(vec![variant(None, long, 1)])).unwrap();
        assert!(!one.contains("end of the run"));
        let both = vec![variant(Some("a"), short, 1), variant(Some("b"), long, 1)];
        let both = draw(&report(both)).unwrap();
        assert_eq!(both.matches("end of the run").count(), 1);
    }

    #[test]
    fn rare_failures_are_counted_by_longer_times() {
        assert_eq!(unit_of(3.0).1, "second");
        assert_eq!(unit_of(0.0006).1, "hour");
        assert_eq!(unit_of(6e-8).1, "year");
        assert_eq!(unit_of(0.0).1, "year");
    }

    #[test]
    fn nothing_that_happened_is_not_drawn() {
        let story = Story {
            horizon_s: 600,
            rate: 1,
            ..Story::default()
        };
        assert_eq!(draw(&report(vec![variant(None, story, 1)])), None);
    }
}
