//! The part of a picture with axes: grid, time, and the bands of faults.

use super::axis::{Axis, time_text, time_ticks};
use super::canvas::{Anchor, Canvas, DETAIL, LABEL, TICK};
use super::palette::{AXIS, BAND, BAND_EDGE, GRID, Ink};
use super::window::{Band, Mark, Window};
use crate::kernel::time::Span;

/// Moments at the bottom of a panel, at most.
const TIME_TICKS: u64 = 8;

/// Height of a line of labels, in half pixels.
const LINE: i32 = 34;

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

    /// Shades the time of each fault and names it above.
    pub fn bands(&self, canvas: &Canvas, window: &Window, bands: &[Band]) {
        let time = self.time(window);
        let mut free_from = [self.left; 2];
        for band in bands {
            let (from, to) = (time.at_time(band.from), time.at_time(band.until));
            canvas.rectangle((from, self.top), (to.max(from + 3), self.bottom), BAND);
            // A band that goes on beyond the panel has no edge there.
            let edges = [(band.from, from), (band.until, to.max(from + 3))];
            for (_, x) in edges
                .iter()
                .filter(|(at, _)| window.from <= *at && *at <= window.until)
            {
                canvas.line(&[(*x, self.top), (*x, self.bottom)], BAND_EDGE, 2);
            }
            // A name takes the first of two lines that is free, and is left out where neither is.
            let width = DETAIL.width(&band.name) + 20;
            let start = from.min(self.right - width).max(self.left);
            let is_free = |line: &usize| free_from[*line] <= start;
            if let Some(line) = (0..free_from.len()).find(is_free) {
                let y = self.top - 22 - LINE * line as i32;
                canvas.text((start, y), &band.name, DETAIL, Anchor::Left);
                free_from[line] = start + width;
            }
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
        let heights = spread(names, LINE, self.top, self.bottom);
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

/// Heights in the order of the wishes, far enough apart, and inside the panel if they fit.
fn spread(names: &[Name], line: i32, top: i32, bottom: i32) -> Vec<i32> {
    let room = |name: &Name| {
        if name.detail.is_empty() {
            line
        } else {
            2 * line + 4
        }
    };
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|&index| names[index].wish);
    let mut heights = vec![0; names.len()];
    let mut next = top + 8;
    for &index in &order {
        heights[index] = names[index].wish.max(next);
        next = heights[index] + room(&names[index]);
    }
    // From below, push up what stands too low. A second line may stand on the axis, the first may not.
    let mut limit = bottom + line;
    for &index in order.iter().rev() {
        heights[index] = heights[index].min(limit - room(&names[index]));
        limit = heights[index];
    }
    heights
}

#[cfg(test)]
mod tests {
    use super::super::palette::BLUE;
    use super::*;

    #[test]
    fn names_keep_their_distance_and_stay_inside() {
        let name = |wish| Name {
            ink: BLUE,
            text: String::new(),
            detail: String::new(),
            wish,
        };
        assert_eq!(
            spread(&[name(100), name(101), name(300)], 34, 0, 500),
            [100, 134, 300]
        );
        let low = spread(&[name(495), name(498)], 34, 0, 500);
        assert!(low[1] - low[0] >= 34 && low[1] <= 500, "{low:?}");
    }
}
