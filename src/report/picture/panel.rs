//! The part of a picture with axes: grid, time, and the bands of faults.

use super::axis::{Axis, spread, time_text, time_ticks};
use super::canvas::{Anchor, Canvas, DETAIL, LABEL, TICK};
use super::palette::{AXIS, BAND, BAND_EDGE, GRID, Ink};
use super::window::{Band, Mark, Window};
use crate::kernel::time::{Span, Time};

/// Moments at the bottom of a panel, at most.
const TIME_TICKS: u64 = 8;

/// What stands where a run ends.
const END: &str = "end of the run";

/// Height of a line of labels, in half pixels.
const LINE: i32 = 34;

/// Lines of names above a panel.
const LINES: usize = 2;

/// From the end of a name to the next one, at least, in half pixels.
const NAME_GAP: i32 = 20;

/// Where a panel stands: the rectangle between its axes, in half pixels.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Frame {
    /// Left edge.
    pub left: i32,
    /// Right edge.
    pub right: i32,
    /// Upper edge.
    pub top: i32,
    /// Lower edge.
    pub bottom: i32,
}

impl Frame {
    /// The axis of time.
    pub fn time(&self, window: &Window) -> Axis {
        let (from, until) = (
            window.from.as_nanos() as f64,
            window.until.as_nanos() as f64,
        );
        Axis::linear(from, until, self.left, self.right)
    }

    /// Shades the time of each fault and names it above, as far as there is room.
    pub fn bands(&self, canvas: &Canvas, window: &Window, bands: &[Band]) {
        let is_seen = |it: &&Band| it.from <= window.until && window.from <= it.until;
        let bands: Vec<&Band> = bands.iter().filter(is_seen).collect();
        // Of many faults each has less room for its name.
        let room = (self.right - self.left) / if bands.len() > LINES { 2 } else { 1 };
        let time = self.time(window);
        let mut free_from = [self.left; LINES];
        let mut unnamed = 0;
        for band in bands {
            self.shade(canvas, window, band);
            let name = name_of(band, room - NAME_GAP);
            let width = DETAIL.width(&name) + NAME_GAP;
            let start = time.at_time(band.from).min(self.right - width);
            let start = start.max(self.left);
            // A name takes the first line that is free.
            match (0..LINES).find(|line| free_from[*line] <= start) {
                Some(line) => {
                    canvas.text((start, self.name_line(line)), &name, DETAIL, Anchor::Left);
                    free_from[line] = start + width;
                }
                None => unnamed += 1,
            }
        }
        if unnamed > 0 {
            let (at, more) = (
                (self.right + NAME_GAP, self.name_line(LINES - 1)),
                format!("and {unnamed} more"),
            );
            canvas.text(at, &more, DETAIL, Anchor::Left);
        }
    }

    /// Where a line of names above stands, from below.
    fn name_line(&self, line: usize) -> i32 {
        self.top - 22 - LINE * line as i32
    }

    /// Shades the time of a fault.
    fn shade(&self, canvas: &Canvas, window: &Window, band: &Band) {
        let time = self.time(window);
        let (from, to) = (time.at_time(band.from), time.at_time(band.until));
        let to = to.max(from + 3);
        canvas.rectangle((from, self.top), (to, self.bottom), BAND);
        // A band that goes on beyond the panel has no edge there.
        let is_inside = |at: Time| window.from <= at && at <= window.until;
        for (_, x) in [(band.from, from), (band.until, to)]
            .iter()
            .filter(|it| is_inside(it.0))
        {
            canvas.line(&[(*x, self.top), (*x, self.bottom)], BAND_EDGE, 2);
        }
    }

    /// Marks moments by upright lines with their names inside the panel, as far as there is room.
    pub fn marks(&self, canvas: &Canvas, window: &Window, marks: &[Mark]) {
        let time = self.time(window);
        let mut free_from = self.left;
        for mark in marks
            .iter()
            .filter(|it| window.from <= it.at && it.at <= window.until)
        {
            let x = time.at_time(mark.at);
            let end = x + 10 + TICK.width(mark.name);
            if x >= free_from && end <= self.right {
                canvas.line(&[(x, self.top), (x, self.bottom)], BAND_EDGE, 2);
                canvas.text((x + 8, self.top + 20), mark.name, TICK, Anchor::Left);
                free_from = end + 10;
            }
        }
    }

    /// Marks the end of a run that ends before the axis does, because other panels go on.
    pub fn end(&self, canvas: &Canvas, window: &Window, end: Time) {
        if end < window.from || window.until <= end {
            return;
        }
        let x = self.time(window).at_time(end);
        canvas.line(&[(x, self.top), (x, self.bottom)], AXIS, 2);
        // Below the names of marks, which may reach beyond the end.
        let y = self.top + 20 + LINE;
        let (x, anchor) = match x + 8 + TICK.width(END) <= self.right {
            true => (x + 8, Anchor::Left),
            false => (x - 8, Anchor::Right),
        };
        canvas.text((x, y), END, TICK, anchor);
    }

    /// Draws a horizontal line for each value with its text; the lowest is the axis.
    pub fn grid(&self, canvas: &Canvas, values: &Axis, ticks: &[f64], text: fn(f64) -> String) {
        for (index, &tick) in ticks.iter().enumerate() {
            let y = values.at(tick);
            let (colour, width) = if index == 0 { (AXIS, 3) } else { (GRID, 2) };
            canvas.line(&[(self.left, y), (self.right, y)], colour, width);
            canvas.text((self.left - 14, y), &text(tick), TICK, Anchor::Right);
        }
    }

    /// Writes the moments below.
    pub fn moments(&self, canvas: &Canvas, window: &Window) {
        let time = self.time(window);
        let is_long = window.until.since(window.from) > Span::from_secs(3 * 86_400);
        for tick in time_ticks(window.from, window.until, TIME_TICKS) {
            let x = time.at_time(tick);
            canvas.line(&[(x, self.bottom), (x, self.bottom + 9)], AXIS, 2);
            canvas.text(
                (x, self.bottom + 30),
                &time_text(tick, is_long),
                TICK,
                Anchor::Centre,
            );
        }
    }

    /// Writes the names of lines at the right, each as near to its wished height as the others let it be, with a
    /// piece of its line.
    pub fn names(&self, canvas: &Canvas, room: i32, names: &[Name]) {
        let room_of = |name: &Name| match name.detail.is_empty() {
            true => LINE,
            false => 2 * LINE + 4,
        };
        let wishes: Vec<(i32, i32)> = names.iter().map(|it| (it.wish, room_of(it))).collect();
        // A second line may stand on the axis, the first may not.
        let heights = spread(&wishes, self.top + 8, self.bottom + LINE);
        for (name, y) in names.iter().zip(heights) {
            let x = self.right + 24;
            canvas.series(&[(x, y), (x + 56, y)], name.ink);
            let text = LABEL.fitted(&name.text, room - 80);
            canvas.text((x + 70, y), &text, LABEL, Anchor::Left);
            let detail = DETAIL.fitted(&name.detail, room - 80);
            canvas.text((x + 70, y + LINE - 3), &detail, DETAIL, Anchor::Left);
        }
    }
}

/// The name of a line at the right of a panel.
#[derive(Clone, PartialEq, Debug)]
pub struct Name {
    /// Its ink.
    pub ink: Ink,
    /// Its name.
    pub text: String,
    /// A second line; may be empty.
    pub detail: String,
    /// The height at which it would like to stand.
    pub wish: i32,
}

/// A fault with its times, in so much room: of a long name as much as fits.
fn name_of(band: &Band, room: i32) -> String {
    let times = format!(", {}", band.times);
    let name = DETAIL.fitted(&band.name, room - DETAIL.width(&times));
    name + &times
}
