//! When requests failed, by cause, and when they were delayed.

use super::axis::{Axis, linear_ticks, tick_text};
use super::canvas::{Anchor, Canvas, DETAIL, MARGIN};
use super::palette::{BLUE, CAUSES, Ink, VERMILLION};
use super::panel::{Frame, Name};
use super::stack::{Stack, runs, with_series};
use super::window::{Window, marks};
use super::{PANELS, more_in};
use crate::kernel::time::{Span, Time};
use crate::measure::outcome::{Cause, Outcome};
use crate::measure::timeline::{Bucket, Timeline};
use crate::report::gathered::Gathered;
use crate::report::input::ScenarioReport;
use crate::report::wording::{count, counted};

/// Points in time that a line has, at most.
const POINTS: u64 = 180;

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

/// The picture; none without series. Variants in which nobody was harmed are named and not drawn.
pub(super) fn draw(report: &ScenarioReport) -> Option<String> {
    let all = with_series(report);
    let window = Window::of_harm(&runs(&all));
    let panels = all
        .iter()
        .filter_map(|&it| Some((it, Panel::of(&it.runs, &window)?)));
    let (mut drawn, calm): (Vec<_>, Vec<_>) = panels.partition(|(_, it)| !it.series.is_empty());
    let names: Vec<&str> = calm.iter().map(|(variant, _)| variant.label()).collect();
    let mut left_out = String::new();
    if drawn.is_empty() {
        drawn.extend(calm.into_iter().take(1));
    } else if !names.is_empty() {
        left_out += &format!(" · nobody harmed with {}", names.join(", "));
    }
    left_out += &more_in(drawn.len(), "timeline.csv");
    drawn.truncate(PANELS);
    let rates = drawn
        .iter()
        .flat_map(|(_, it)| &it.series)
        .flat_map(|it| &it.rates);
    let greatest = rates.copied().fold(0.0, f64::max);
    let stack = Stack {
        report,
        question: "When did requests fail, and why?",
        axis_title: match report.replications {
            1 => "requests per second",
            _ => "requests per second, mean of all runs",
        },
        names: NAMES,
        variants: drawn.iter().map(|&(variant, _)| variant).collect(),
        window,
        left_out,
    };
    let ticks = linear_ticks(greatest, if stack.is_divided() { 3 } else { 5 });
    let paint = |canvas: &Canvas, index: usize, place: Frame| {
        drawn[index].1.paint(canvas, place, &window, &ticks);
    };
    (!drawn.is_empty()).then(|| stack.draw(paint))
}

/// One variant.
struct Panel<'a> {
    runs: &'a Gathered,
    series: Vec<Series>,
    starts: Vec<Time>,
    step: Span,
}

impl<'a> Panel<'a> {
    fn of(runs: &'a Gathered, window: &Window) -> Option<Panel<'a>> {
        let timeline = runs.timeline.as_ref()?;
        let (starts, step, buckets) = gathered_up(timeline, window);
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
        let mut causes: Vec<(Cause, u64)> = runs.ledger.total().causes().collect();
        causes.sort_by_key(|&(cause, n)| (std::cmp::Reverse(n), cause));
        let (named, others) = causes.split_at(if causes.len() > CAUSES.len() {
            CAUSES.len() - 1
        } else {
            causes.len()
        });
        let mut series: Vec<Series> = Vec::new();
        for (&(cause, _), ink) in named.iter().zip(CAUSES) {
            let name = match cause.status() {
                Some(status) => format!("{status} {}", cause.name()),
                None => cause.name().to_owned(),
            };
            series.push(of(ink, name, &|it| {
                sum(it, |bucket| bucket.of(Outcome::Failed(cause)))
            }));
        }
        if !others.is_empty() {
            let rest = |bucket: &Bucket| {
                others
                    .iter()
                    .map(|&(cause, _)| bucket.of(Outcome::Failed(cause)))
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

    fn paint(&self, canvas: &Canvas, place: Frame, window: &Window, ticks: &[f64]) {
        let greatest = ticks.last().copied().unwrap_or(1.0);
        let values = Axis::linear(0.0, greatest, place.bottom, place.top);
        place.grid(canvas, &values, ticks, tick_text);
        place.marks(canvas, window, &marks(self.runs));
        if self.series.is_empty() {
            let middle = (
                (place.left + place.right) / 2,
                (place.top + place.bottom) / 2,
            );
            canvas.text(
                middle,
                "No request failed and none was delayed.",
                DETAIL,
                Anchor::Centre,
            );
        }
        let peak = |series: &Series| series.rates.iter().copied().fold(0.0, f64::max);
        let mut by_peak: Vec<&Series> = self.series.iter().collect();
        by_peak.sort_by(|a, b| peak(b).total_cmp(&peak(a)));
        for series in by_peak {
            self.lines(canvas, series, &place, &values, window);
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

    /// Draws each stretch in which the series is not zero as steps; the most frequent cause has its area filled.
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
) -> (Vec<Time>, Span, Vec<Vec<&'a Bucket>>) {
    let inside = |(start, _): &(Time, &Bucket)| {
        *start + timeline.step() > window.from && *start < window.until
    };
    let buckets: Vec<(Time, &Bucket)> = timeline.counts().filter(inside).collect();
    let together = (buckets.len() as u64).div_ceil(POINTS).max(1);
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
    fn nothing_happened_is_said_and_not_drawn() {
        let story = Story {
            horizon_s: 600,
            rate: 1,
            ..Story::default()
        };
        let svg = draw(&report(vec![variant(None, story, 1)])).unwrap();
        assert!(svg.contains("No request failed and none was delayed."));
    }
}
