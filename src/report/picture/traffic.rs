//! Which replica answered whom: one bar a client group, cut into replicas.

use std::collections::BTreeMap;

use super::canvas::{Anchor, Canvas, DETAIL, LABEL, MARGIN, TICK, WIDTH, draw as draw_canvas};
use super::palette::{GREY, INK, Ink, REPLICAS};
use super::{FOOT, Heading, frame, room_for, what_was_run};
use crate::measure::ledger::Counts;
use crate::report::csv::by_group;
use crate::report::gathered::Gathered;
use crate::report::input::{ScenarioReport, VariantReport};
use crate::report::wording::{count, share};
use crate::world::ids::{GroupId, Position, ReplicaId};

/// Bars that are drawn, at most; all are in the CSV file.
const BARS: usize = 16;

/// Height of a bar with the distance to the next, and of the bar alone, in half pixels.
const ROW: (i32, i32) = (78, 54);

/// Room for the counts at the right.
const COUNTS: i32 = 240;

/// One bar.
struct Bar {
    name: String,
    requests: u64,
    parts: Vec<(String, Ink, u64)>,
}

/// The picture; none if there are no two replicas anywhere.
pub(super) fn draw(report: &ScenarioReport) -> Option<String> {
    let several = report
        .variants
        .iter()
        .any(|variant| variant.runs.first.scope.replicas.len() > 1);
    let bars: Vec<Bar> = report
        .variants
        .iter()
        .flat_map(|variant| bars(variant, report.has_variants()))
        .collect();
    if !several || bars.is_empty() {
        return None;
    }
    let shown = &bars[..bars.len().min(BARS)];
    let left_out = match bars.len() - shown.len() {
        0 => String::new(),
        n => format!(" · {n} more in traffic.csv"),
    };
    let what = format!(" · share of each group's requests, by the last replica tried{left_out}");
    let heading = Heading::new("Which replica answered whom?", &what_was_run(report, &what));
    let above = heading.height();
    let height = above + shown.len() as i32 * ROW.0 + FOOT;
    let edges = (
        room_for(shown.iter().map(|bar| bar.name.as_str())),
        WIDTH - COUNTS,
    );
    Some(draw_canvas(height, &heading.description(), |canvas| {
        frame(canvas, height, report, &heading);
        scale(canvas, edges, above + 12 + shown.len() as i32 * ROW.0);
        for (index, bar) in shown.iter().enumerate() {
            paint(canvas, edges, bar, above + 20 + index as i32 * ROW.0);
        }
    }))
}

/// Per cent below the bars.
fn scale(canvas: &Canvas, (left, right): (i32, i32), bottom: i32) {
    for quarter in 0..=4 {
        let x = left + (right - left) * quarter / 4;
        canvas.text(
            (x, bottom + 16),
            &format!("{} %", 25 * quarter),
            TICK,
            Anchor::Centre,
        );
    }
}

fn paint(canvas: &Canvas, (left, right): (i32, i32), bar: &Bar, top: i32) {
    let middle = top + ROW.1 / 2;
    let name = LABEL.fitted(&bar.name, left - MARGIN - 20);
    canvas.text((left - 20, middle), &name, LABEL, Anchor::Right);
    let mut before = 0;
    for (name, ink, requests) in &bar.parts {
        let at = |sum: u64| {
            left + (u128::from(sum) * (right - left) as u128 / u128::from(bar.requests)) as i32
        };
        let (from, to) = (at(before), at(before + requests));
        before += requests;
        // A tint with an edge: dark text is readable on it, and neighbours differ without colour by gap and name.
        canvas.rectangle((from, top), (to, top + ROW.1), ink.colour);
        canvas.rectangle(
            (from + 8, top),
            ((to - 3).max(from + 8), top + ROW.1),
            ink.tint,
        );
        let part = share(*requests, bar.requests);
        let long = format!("{name} {part}");
        let fits = |text: &&str| DETAIL.width(text) <= to - from - 30;
        if let Some(text) = [&long, name, &part]
            .into_iter()
            .map(String::as_str)
            .find(fits)
        {
            canvas.text(
                (from + 20, middle),
                text,
                DETAIL.in_colour(INK),
                Anchor::Left,
            );
        }
    }
    let requests = format!("{} requests", count(bar.requests));
    canvas.text(
        (right + 16, middle),
        &DETAIL.fitted(&requests, COUNTS - 24),
        DETAIL,
        Anchor::Left,
    );
}

fn bars(variant: &VariantReport, is_one_of_many: bool) -> Vec<Bar> {
    let runs = &variant.runs;
    let groups = by_group(runs);
    let bar = |(group, parts): (GroupId, BTreeMap<Option<ReplicaId>, Counts>)| {
        let group = &runs.first.scope.groups[group.index()].name;
        let name = if is_one_of_many {
            format!("{}: {group}", variant.label())
        } else {
            group.clone()
        };
        Bar {
            name,
            requests: parts.values().map(Counts::requests).sum(),
            parts: cut(&parts, runs),
        }
    };
    groups.into_iter().map(bar).collect()
}

/// The parts of a bar in the order of the replicas; those without an ink of their own come together.
fn cut(parts: &BTreeMap<Option<ReplicaId>, Counts>, runs: &Gathered) -> Vec<(String, Ink, u64)> {
    let scope = &runs.first.scope;
    let is_only_tunnel = scope.tunnels.len() == 1;
    let mut named: Vec<(String, Ink, u64)> = Vec::new();
    let (mut others, mut nowhere) = (0, 0);
    for (replica, counts) in parts {
        match replica.map(|id| id.index()) {
            None => nowhere += counts.requests(),
            Some(index) if index < REPLICAS.len() - 1 => {
                let full = scope.replicas[index].name.as_str();
                let short = full.split_once('/').map_or(full, |(_, name)| name);
                let name = if is_only_tunnel { short } else { full };
                named.push((name.to_owned(), REPLICAS[index], counts.requests()));
            }
            Some(_) => others += counts.requests(),
        }
    }
    named.push(("others".to_owned(), REPLICAS[REPLICAS.len() - 1], others));
    named.push(("no replica".to_owned(), GREY, nowhere));
    named.retain(|&(_, _, requests)| requests > 0);
    named
}
