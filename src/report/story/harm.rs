//! Who failed, why, and who had to wait.

use crate::kernel::time::Time;
use crate::measure::expectation::PRINTED_ALPHA;
use crate::measure::interval::Estimate;
use crate::measure::metric::Unit;
use crate::measure::outcome::{Cause, Outcome};
use crate::measure::selection::Selection;
use crate::measure::timeline::{Bucket, Timeline};
use crate::report::gathered::{Gathered, RunRow};
use crate::report::page::Page;
use crate::report::wording::{clock, count, share, span};

pub(super) fn add(page: &mut Page, runs: &Gathered) {
    let total = runs.ledger.total();
    let failing = |row: &RunRow| (row.counts.failures(), row.counts.requests());
    if total.requests() == 0 {
        return;
    }
    if total.failures() == 0 {
        page.fact(
            "failed",
            format!("none of {} requests", count(total.requests())),
        );
    } else {
        let when = runs
            .timeline
            .as_ref()
            .and_then(|it| when(it, total.failures()))
            .unwrap_or_default();
        page.fact("failed", part_of(runs, "requests", failing) + &when);
    }
    page.facts(
        "cause",
        total
            .causes()
            .map(|(cause, n)| format!("{} {}", count(n), cause_in_words(cause, runs))),
    );
    if total.delayed > 0 {
        let most = runs.latency.select(&Selection::default()).stalled_max;
        let late = share_of(runs, |row| (row.counts.delayed, row.counts.requests()));
        page.fact(
            "delayed",
            format!(
                "{} succeeded late ({late}), by up to {}",
                count(total.delayed),
                span(most)
            ),
        );
    }
    let odd = [
        (
            total.wrong_service,
            "answered by the wrong service, with a 200",
        ),
        (total.executed_twice, "executed more than once"),
    ];
    page.facts(
        "also",
        odd.iter()
            .filter(|(n, _)| *n > 0)
            .map(|(n, words)| format!("{} {words}", count(*n))),
    );
}

/// A cause with the statuses it gave.
fn cause_in_words(cause: Cause, runs: &Gathered) -> String {
    let statuses = runs.ledger.statuses(cause);
    if statuses.is_empty() {
        return cause.in_words().to_owned();
    }
    let statuses: Vec<String> = statuses.iter().map(u16::to_string).collect();
    format!("{} ({})", cause.in_words(), statuses.join(" or "))
}

/// `412 of 180,233 requests (0.229 %)` of all runs, with the 95 % interval of the share if there are several.
pub(super) fn part_of(
    runs: &Gathered,
    things: &str,
    part: impl Fn(&RunRow) -> (u64, u64),
) -> String {
    let (hits, trials) = sum(runs, &part);
    let share = share_of(runs, part);
    format!("{} of {} {things} ({share})", count(hits), count(trials))
}

/// `0.229 %` of all runs, with its 95 % interval if there are several.
pub(super) fn share_of(runs: &Gathered, part: impl Fn(&RunRow) -> (u64, u64)) -> String {
    let (hits, trials) = sum(runs, &part);
    let interval = interval_of(runs, part);
    let interval = interval.map(|text| format!(", 95 % interval {text}"));
    share(hits, trials) + &interval.unwrap_or_default()
}

fn sum(runs: &Gathered, part: impl Fn(&RunRow) -> (u64, u64)) -> (u64, u64) {
    let pairs = runs.rows.iter().map(part);
    pairs.fold((0, 0), |sum, pair| (sum.0 + pair.0, sum.1 + pair.1))
}

/// The 95 % interval of a share over several runs: `0.1 % to 0.2 %`; none of one run.
pub fn interval_of(runs: &Gathered, part: impl Fn(&RunRow) -> (u64, u64)) -> Option<String> {
    let pairs = runs.rows.iter().map(part);
    let pairs: Vec<(f64, f64)> = pairs
        .map(|(hits, trials)| (hits as f64, trials as f64))
        .collect();
    let interval = Estimate::of(&pairs)?.interval(PRINTED_ALPHA)?;
    let text = |share: f64| {
        let share = Unit::Share.scaled(share.clamp(0.0, 1.0));
        format!("{} %", crate::measure::metric::digits(share, 3))
    };
    Some(format!("{} to {}", text(interval.low), text(interval.high)))
}

/// When requests failed, if they did so in a part of the time.
fn when(timeline: &Timeline, failures: u64) -> Option<String> {
    let failed = |bucket: &Bucket| bucket.requests() - bucket.of(Outcome::Success);
    let step = timeline.step();
    let end = timeline
        .counts()
        .last()
        .map_or(Time::ZERO, |(start, _)| start + step);
    let mut failing = timeline
        .counts()
        .filter(|(_, bucket)| failed(bucket) > 0)
        .map(|(start, _)| start);
    let first = failing.next()?;
    let last = failing.last().unwrap_or(first) + step;
    // The series do not know those that were born after the horizon.
    let is_all = timeline
        .counts()
        .map(|(_, bucket)| failed(bucket))
        .sum::<u64>()
        == failures;
    let is_part = first > Time::ZERO || last < end;
    (is_all && is_part).then(|| format!(", all between {} and {}", clock(first), clock(last)))
}
