//! One panel over another, all with the same time: one for each variant.

use super::canvas::{Anchor, Canvas, LABEL, MARGIN, TICK, WIDTH, draw};
use super::panel::Frame;
use super::window::{Window, bands};
use super::{Heading, frame, part_shown, what_was_run};
use crate::report::gathered::Gathered;
use crate::report::input::{ScenarioReport, VariantReport};

/// Height of the only panel, and of one of several, in half pixels.
const HEIGHTS: (i32, i32) = (560, 300);

/// Height of what stands above a panel: the axis title or the variant, and two lines of faults.
const ABOVE: i32 = 116;

/// Height of the moments below a panel.
const BELOW: i32 = 72;

/// Height of the small print.
const SMALL_PRINT: i32 = 44;

/// Left edge of all panels.
const LEFT: i32 = 146;

/// Panels with their common title and time.
pub struct Stack<'a> {
    /// The scenario.
    pub report: &'a ScenarioReport,
    /// The question that the picture answers.
    pub question: &'static str,
    /// What the heights mean.
    pub axis_title: String,
    /// Room for names at the right, in half pixels.
    pub names: i32,
    /// The variants, one panel each.
    pub variants: Vec<&'a VariantReport>,
    /// The time that is shown.
    pub window: Window,
    /// What is to be said of variants that have no panel.
    pub left_out: String,
}

/// The variants that have series.
pub fn with_series(report: &ScenarioReport) -> Vec<&VariantReport> {
    let has_series = |it: &&VariantReport| it.runs.timeline.is_some();
    report.variants.iter().filter(has_series).collect()
}

/// The runs of some variants.
pub fn runs<'a>(variants: &[&'a VariantReport]) -> Vec<&'a Gathered> {
    variants.iter().map(|variant| &variant.runs).collect()
}

impl Stack<'_> {
    /// Whether there are several panels.
    pub fn is_divided(&self) -> bool {
        self.variants.len() > 1
    }

    /// Draws all panels; `paint` draws the grid and the lines of the panel of one variant.
    pub fn draw(&self, paint: impl Fn(&Canvas, usize, Frame)) -> String {
        let each = if self.is_divided() {
            HEIGHTS.1
        } else {
            HEIGHTS.0
        };
        let pitch = ABOVE + each + BELOW;
        let part = self
            .variants
            .first()
            .map(|it| part_shown(&self.window, &it.runs));
        let more = part.unwrap_or_default() + &self.left_out;
        let heading = Heading::new(self.question, &what_was_run(self.report, &more));
        let height = heading.height() + pitch * self.variants.len() as i32 + SMALL_PRINT;
        draw(height, &heading.description(), |canvas| {
            frame(canvas, height, self.report, &heading);
            for (index, variant) in self.variants.iter().enumerate() {
                let top = heading.height() + pitch * index as i32 + ABOVE;
                let right = WIDTH - self.names;
                let place = Frame {
                    left: LEFT,
                    right,
                    top,
                    bottom: top + each,
                };
                self.head(canvas, variant, top - ABOVE + 22, index == 0);
                place.bands(canvas, &self.window, &bands(&variant.runs));
                place.end(canvas, &self.window, variant.runs.first.scope.horizon);
                paint(canvas, index, place);
                place.moments(canvas, &self.window);
            }
        })
    }

    /// Names the variant, and above the first panel what the heights mean.
    fn head(&self, canvas: &Canvas, variant: &VariantReport, y: i32, is_first: bool) {
        let mut x = MARGIN;
        if self.is_divided() {
            let label = LABEL.fitted(variant.label(), WIDTH / 2);
            canvas.text((x, y), &label, LABEL, Anchor::Left);
            x += LABEL.width(&label) + 30;
        }
        if is_first {
            canvas.text((x, y), &self.axis_title, TICK, Anchor::Left);
        }
    }
}
