//! Which replica answered whom: one bar a client group, cut into replicas.

use std::collections::BTreeMap;

use super::axis::spread;
use super::canvas::{Anchor, Canvas, DETAIL, LABEL, MARGIN, TICK, WIDTH, draw as draw_canvas};
use super::palette::{AXIS, GREY, INK, Ink, REPLICAS};
use super::{FOOT, Heading, frame, room_for, what_was_run};
use crate::measure::ledger::Counts;
use crate::report::csv::{DIRECT, Last, by_group};
use crate::report::gathered::Gathered;
use crate::report::input::{ScenarioReport, VariantReport};
use crate::report::wording::{count, share};
use crate::world::ids::{GroupId, Position};

/// Bars that are drawn, at most; all are in the CSV file.
const BARS: usize = 16;

/// Height of a bar with the distance to the next, and of the bar alone, in half pixels.
const ROW: (i32, i32) = (78, 54);

/// Height of the line below a bar for what has no room in it.
const BELOW: i32 = 42;

/// Distance between names below a bar.
const GAP: i32 = 24;

/// Side of the square before a name below a bar.
const SQUARE: i32 = 16;

/// Room for the counts at the right.
const COUNTS: i32 = 240;

/// One bar.
struct Bar {
    name: String,
    requests: u64,
    parts: Vec<(String, Ink, u64)>,
}

/// A part of a bar with its place.
struct Piece {
    from: i32,
    to: i32,
    ink: Ink,
    /// Its name and its share.
    text: String,
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
    let edges = (
        room_for(shown.iter().map(|bar| bar.name.as_str())),
        WIDTH - COUNTS,
    );
    let rows: i32 = shown.iter().map(|bar| bar.height(edges)).sum();
    let height = above + rows + FOOT;
    Some(draw_canvas(height, &heading.description(), |canvas| {
        frame(canvas, height, report, &heading);
        scale(canvas, edges, above + 12 + rows);
        let mut top = above + 20;
        for bar in shown {
            paint(canvas, edges, bar, top);
            top += bar.height(edges);
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
    let pieces = bar.pieces((left, right));
    for piece in &pieces {
        let (from, to) = (piece.from, piece.to);
        // A tint with an edge: dark text is readable on it, and neighbours differ without colour by gap and name.
        canvas.rectangle((from, top), (to, top + ROW.1), piece.ink.colour);
        let inner = (from + 8, (to - 3).max(from + 8));
        canvas.rectangle((inner.0, top), (inner.1, top + ROW.1), piece.ink.tint);
        if piece.has_room() {
            let text = (from + 20, middle);
            canvas.text(text, &piece.text, DETAIL.in_colour(INK), Anchor::Left);
        }
    }
    let narrow: Vec<&Piece> = pieces.iter().filter(|it| !it.has_room()).collect();
    name_below(canvas, (left, right), &narrow, top + ROW.1);
    let requests = format!("{} requests", count(bar.requests));
    canvas.text(
        (right + 16, middle),
        &DETAIL.fitted(&requests, COUNTS - 24),
        DETAIL,
        Anchor::Left,
    );
}

/// Names narrow pieces below their bar, each with a line to where it stands.
fn name_below(canvas: &Canvas, (left, right): (i32, i32), narrow: &[&Piece], bottom: i32) {
    let room = (right - left) / narrow.len().max(1) as i32;
    let before = SQUARE + 8;
    let text = |piece: &&Piece| DETAIL.fitted(&piece.text, room - before - GAP);
    let texts: Vec<String> = narrow.iter().map(text).collect();
    let wish = |(piece, text): (&&Piece, &String)| {
        let middle = (piece.from + piece.to) / 2;
        (middle - SQUARE / 2, before + DETAIL.width(text) + GAP)
    };
    let wishes: Vec<(i32, i32)> = narrow.iter().zip(&texts).map(wish).collect();
    let places = spread(&wishes, left, right + GAP);
    for ((piece, text), x) in narrow.iter().zip(&texts).zip(places) {
        let square = (x, bottom + 14);
        // Straight down, unless the name had to make room for another.
        let from = (piece.from + piece.to) / 2;
        let to = from.clamp(x + SQUARE / 2, x + before + DETAIL.width(text));
        canvas.line(&[(from, bottom + 1), (to, bottom + 10)], AXIS, 2);
        let corner = (square.0 + SQUARE, square.1 + SQUARE);
        canvas.rectangle(square, corner, piece.ink.colour);
        let at = (x + before, square.1 + SQUARE / 2);
        canvas.text(at, text, DETAIL, Anchor::Left);
    }
}

impl Bar {
    /// Its parts, each with its place.
    fn pieces(&self, (left, right): (i32, i32)) -> Vec<Piece> {
        let mut before = 0;
        let piece = |(name, ink, requests): &(String, Ink, u64)| {
            let at = |sum: u64| {
                left + (u128::from(sum) * (right - left) as u128 / u128::from(self.requests)) as i32
            };
            let (from, to) = (at(before), at(before + requests));
            before += requests;
            Piece {
                from,
                to,
                ink: *ink,
                text: format!("{name} {}", share(*requests, self.requests)),
            }
        };
        self.parts.iter().map(piece).collect()
    }

    /// How much of the picture it takes.
    fn height(&self, edges: (i32, i32)) -> i32 {
        let is_roomy = self.pieces(edges).iter().all(Piece::has_room);
        ROW.0 + if is_roomy { 0 } else { BELOW }
    }
}

impl Piece {
    /// Whether its text fits into the bar.
    fn has_room(&self) -> bool {
        DETAIL.width(&self.text) <= self.to - self.from - 30
    }
}

fn bars(variant: &VariantReport, is_one_of_many: bool) -> Vec<Bar> {
    let runs = &variant.runs;
    let groups = by_group(runs);
    let bar = |(group, parts): (GroupId, BTreeMap<Last, Counts>)| {
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
fn cut(parts: &BTreeMap<Last, Counts>, runs: &Gathered) -> Vec<(String, Ink, u64)> {
    let scope = &runs.first.scope;
    let is_only_tunnel = scope.tunnels.len() == 1;
    let mut named: Vec<(String, Ink, u64)> = Vec::new();
    let (mut others, mut direct, mut nowhere) = (0, 0, 0);
    for (last, counts) in parts {
        match last {
            Last::Nobody => nowhere += counts.requests(),
            Last::Direct => direct += counts.requests(),
            Last::Replica(id) if id.index() < REPLICAS.len() - 1 => {
                let index = id.index();
                let full = scope.replicas[index].name.as_str();
                let short = full.split_once('/').map_or(full, |(_, name)| name);
                let name = if is_only_tunnel { short } else { full };
                named.push((name.to_owned(), REPLICAS[index], counts.requests()));
            }
            Last::Replica(_) => others += counts.requests(),
        }
    }
    named.push(("others".to_owned(), REPLICAS[REPLICAS.len() - 1], others));
    named.push((DIRECT.to_owned(), GREY, direct));
    named.push(("no replica".to_owned(), GREY, nowhere));
    named.retain(|&(_, _, requests)| requests > 0);
    named
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_piece_without_room_for_its_name_is_named_below() {
        let part = |name: &str, requests| (name.to_owned(), GREY, requests);
        let bar = |few| Bar {
            name: "spain".to_owned(),
            requests: 100,
            parts: vec![part("vps", 100 - few), part("home", few)],
        };
        let edges = (200, 1_200);
        assert_eq!(bar(40).height(edges), ROW.0);
        assert_eq!(bar(4).height(edges), ROW.0 + BELOW);
        let height = 200;
        let drawn = draw_canvas(height, "", |canvas| paint(canvas, edges, &bar(4), 20));
        assert!(
            drawn.contains("vps 96 %") && drawn.contains("home 4 %"),
            "{drawn}"
        );
    }
}
