//! Paper to draw on: twice as fine as it is shown, because the drawing library knows whole pixels only.

use plotters::backend::SVGBackend;
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{PathElement, Polygon, Rectangle};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontFamily, FontStyle, IntoFont, RGBColor, ShapeStyle, TextStyle};

use super::palette::{INK, Ink, MUTED, PAPER, with_dashes};

/// Width of every picture, in half pixels.
pub const WIDTH: i32 = 1_640;

/// Distance of title and small print from the edge.
pub const MARGIN: i32 = 40;

const FAMILY: &str = "Inter, Helvetica Neue, Arial, sans-serif";

/// The library divides sizes by this before it writes them.
const LIBRARY_FACTOR: f64 = 1.24;

const FITS: &str = "drawing into a string cannot fail";

/// The look of a text. Sizes are in half pixels.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Face {
    size: i32,
    is_bold: bool,
    colour: RGBColor,
}

/// The question.
pub const TITLE: Face = Face {
    size: 38,
    is_bold: true,
    colour: INK,
};
/// What was run.
pub const SUBTITLE: Face = Face {
    size: 25,
    is_bold: false,
    colour: MUTED,
};
/// Names of lines and bars.
pub const LABEL: Face = Face {
    size: 25,
    is_bold: true,
    colour: INK,
};
/// Numbers beside names.
pub const DETAIL: Face = Face {
    size: 24,
    is_bold: false,
    colour: INK,
};
/// Numbers at axes.
pub const TICK: Face = Face {
    size: 23,
    is_bold: false,
    colour: MUTED,
};
/// Where it comes from.
pub const SMALL: Face = Face {
    size: 19,
    is_bold: false,
    colour: MUTED,
};

impl Face {
    /// The same in another colour.
    pub const fn in_colour(self, colour: RGBColor) -> Face {
        Face { colour, ..self }
    }

    /// About how wide a text is, in half pixels.
    pub fn width(self, text: &str) -> i32 {
        let thousandths: i32 = text.chars().map(|c| width(c, self.is_bold)).sum();
        thousandths * self.size / 1_000
    }

    /// The text, or as much of it as fits, with an ellipsis.
    pub fn fitted(self, text: &str, width: i32) -> String {
        if self.width(text) <= width {
            return text.to_owned();
        }
        let mut kept = text.to_owned();
        while !kept.is_empty() && self.width(&kept) + self.width("…") > width {
            kept.pop();
        }
        format!("{}…", kept.trim_end())
    }
}

impl Face {
    /// The text on as many lines as it needs, the last one cut off where more would be needed.
    pub fn wrapped(self, text: &str, width: i32, most: usize) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for word in text.split(' ') {
            let is_last = lines.len() == most;
            match lines.last_mut() {
                Some(line) if is_last || self.width(&format!("{line} {word}")) <= width => {
                    line.push(' ');
                    line.push_str(word);
                }
                _ => lines.push(word.to_owned()),
            }
        }
        lines.iter().map(|line| self.fitted(line, width)).collect()
    }
}

/// Advance widths of `!` to `~` in thousandths of the size, measured from the regular face; the bold one is a
/// twentieth wider.
const WIDTHS: [i32; 94] = [
    278, 403, 631, 638, 812, 639, 222, 362, 362, 500, 659, 280, 460, 276, 357, 625, 464, 605, 636,
    642, 608, 624, 571, 616, 624, 276, 280, 659, 659, 659, 507, 936, 676, 651, 727, 719, 598, 587,
    743, 740, 264, 543, 652, 562, 889, 753, 761, 635, 761, 639, 638, 642, 741, 676, 949, 642, 665,
    625, 362, 357, 362, 469, 452, 497, 564, 621, 558, 621, 582, 361, 609, 591, 237, 237, 544, 237,
    869, 585, 597, 609, 609, 372, 523, 364, 581, 557, 812, 540, 557, 541, 362, 327, 362, 659,
];

fn width(c: char, is_bold: bool) -> i32 {
    let regular = match c {
        ' ' => 281,
        '!'..='~' => WIDTHS[c as usize - '!' as usize],
        '·' => 276,
        _ => 700,
    };
    if is_bold { regular * 21 / 20 } else { regular }
}

/// Which part of a text stands at its point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Anchor {
    /// The left end.
    Left,
    /// The middle.
    Centre,
    /// The right end.
    Right,
}

/// A picture in the making.
pub struct Canvas<'a> {
    area: DrawingArea<SVGBackend<'a>, Shift>,
}

/// Draws a picture of some height and gives its SVG. The description is for those who cannot see it.
pub fn draw(height: i32, description: &str, paint: impl FnOnce(&Canvas)) -> String {
    let mut svg = String::new();
    {
        let area =
            SVGBackend::with_string(&mut svg, (WIDTH as u32, height as u32)).into_drawing_area();
        area.fill(&PAPER).expect(FITS);
        let canvas = Canvas { area };
        paint(&canvas);
        canvas.area.present().expect(FITS);
    }
    finished(&svg, height, description)
}

/// Shows the drawing at half its size, with what the library cannot write.
fn finished(svg: &str, height: i32, description: &str) -> String {
    let drawn = format!("<svg width=\"{WIDTH}\" height=\"{height}\"");
    let mut name = String::new();
    for c in description.chars() {
        match c {
            '<' => name.push_str("&lt;"),
            '&' => name.push_str("&amp;"),
            '"' => name.push_str("&quot;"),
            c if c.is_control() => name.push(' '),
            c => name.push(c),
        }
    }
    let shown = format!(
        "<svg role=\"img\" aria-label=\"{name}\" stroke-linejoin=\"round\" width=\"{}\" height=\"{}\"",
        WIDTH / 2,
        height / 2
    );
    with_dashes(&svg.replacen(&drawn, &shown, 1))
}

impl Canvas<'_> {
    /// Writes a text whose middle line is at `at.1`.
    pub fn text(&self, at: (i32, i32), text: &str, face: Face, anchor: Anchor) {
        let h_pos = match anchor {
            Anchor::Left => HPos::Left,
            Anchor::Centre => HPos::Center,
            Anchor::Right => HPos::Right,
        };
        let weight = if face.is_bold {
            FontStyle::Bold
        } else {
            FontStyle::Normal
        };
        let size = f64::from(face.size) * LIBRARY_FACTOR;
        let style = TextStyle::from((FontFamily::Name(FAMILY), size, weight).into_font())
            .color(&face.colour)
            .pos(Pos::new(h_pos, VPos::Center));
        let text: String = text
            .chars()
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        self.area.draw_text(&text, &style, at).expect(FITS);
    }

    /// Fills a rectangle.
    pub fn rectangle(&self, from: (i32, i32), to: (i32, i32), colour: RGBColor) {
        self.area
            .draw(&Rectangle::new([from, to], colour.filled()))
            .expect(FITS);
    }

    /// Draws a line.
    pub fn line(&self, points: &[(i32, i32)], colour: RGBColor, width: u32) {
        let style = ShapeStyle {
            color: colour.to_rgba(),
            filled: false,
            stroke_width: width,
        };
        self.area
            .draw(&PathElement::new(points.to_vec(), style))
            .expect(FITS);
    }

    /// Draws a line of a series, with the dashes of its ink.
    pub fn series(&self, points: &[(i32, i32)], ink: Ink) {
        self.line(points, ink.colour, 5);
    }

    /// Fills the area inside a line.
    pub fn area(&self, points: &[(i32, i32)], colour: RGBColor) {
        self.area
            .draw(&Polygon::new(points.to_vec(), colour.filled()))
            .expect(FITS);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_survive_the_library_and_names_are_harmless() {
        let svg = draw(100, "a \"b\" <c>", |canvas| {
            for face in [TITLE, SUBTITLE, LABEL, DETAIL, TICK, SMALL] {
                canvas.text((0, 0), "x</svg>\u{1b}", face, Anchor::Left);
            }
        });
        for size in [38, 25, 24, 23, 19] {
            assert!(svg.contains(&format!("font-size=\"{size}\"")), "{svg}");
        }
        assert!(svg.contains("aria-label=\"a &quot;b&quot; &lt;c>\""));
        assert_eq!(svg.matches("</svg>").count(), 1);
        assert!(
            svg.contains("width=\"820\" height=\"50\" viewBox=\"0 0 1640 100\""),
            "{svg}"
        );
    }

    #[test]
    fn a_text_is_cut_where_it_no_longer_fits() {
        assert_eq!(DETAIL.fitted("short", 500), "short");
        let cut = DETAIL.fitted("a name that is much too long", 100);
        assert!(cut.ends_with('…') && DETAIL.width(&cut) <= 110, "{cut}");
        let lines = DETAIL.wrapped("a name that is much too long", 150, 2);
        assert_eq!(lines.len(), 2);
        assert!(lines[1].ends_with('…'), "{lines:?}");
        assert_eq!(DETAIL.wrapped("short", 500, 2), ["short"]);
    }
}
