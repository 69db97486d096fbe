//! Colours that people tell apart whatever their eyes (Okabe & Ito 2008), each with a dash pattern of its own, so
//! that lines differ in print without colour too.

use plotters::style::RGBColor;

/// Text.
pub const INK: RGBColor = RGBColor(0x1A, 0x1A, 0x1A);
/// Text of second rank, and ticks.
pub const MUTED: RGBColor = RGBColor(0x5F, 0x63, 0x68);
/// Grid lines.
pub const GRID: RGBColor = RGBColor(0xE2, 0xE4, 0xE6);
/// The line at zero.
pub const AXIS: RGBColor = RGBColor(0x8A, 0x8F, 0x94);
/// The time in which a fault lasted.
pub const BAND: RGBColor = RGBColor(0xF3, 0xEF, 0xE4);
/// The edges of that time.
pub const BAND_EDGE: RGBColor = RGBColor(0xCF, 0xC5, 0xAA);
/// Paper.
pub const PAPER: RGBColor = RGBColor(0xFF, 0xFF, 0xFF);

/// The colour of a line or bar and the dash pattern of that line.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Ink {
    /// The colour; each belongs to one pattern.
    pub colour: RGBColor,
    /// Lengths of dashes and gaps in half pixels; empty: a solid line.
    pub dash: &'static str,
    /// A tint for areas under the line, and for bars that carry dark text.
    pub tint: RGBColor,
}

/// Vermillion, solid.
pub const VERMILLION: Ink = ink(RGBColor(0xD5, 0x5E, 0x00), "", RGBColor(0xFA, 0xE3, 0xD3));
/// Blue, dashed.
pub const BLUE: Ink = ink(
    RGBColor(0x00, 0x72, 0xB2),
    "14 8",
    RGBColor(0xCF, 0xE5, 0xF2),
);
/// Reddish purple, dash and dot.
pub const PURPLE: Ink = ink(
    RGBColor(0xB0, 0x4A, 0x86),
    "20 6 4 6",
    RGBColor(0xF3, 0xDD, 0xEA),
);
/// Bluish green, dotted.
pub const GREEN: Ink = ink(
    RGBColor(0x00, 0x8A, 0x65),
    "4 7",
    RGBColor(0xCC, 0xEB, 0xE2),
);
/// Orange, long dashes.
pub const ORANGE: Ink = ink(
    RGBColor(0xE6, 0x9F, 0x00),
    "30 10",
    RGBColor(0xFB, 0xEC, 0xCB),
);
/// Sky blue, two dots.
pub const SKY: Ink = ink(
    RGBColor(0x56, 0xB4, 0xE9),
    "4 5 4 14",
    RGBColor(0xDD, 0xF0, 0xFB),
);
/// Grey, short dashes: what is left over.
pub const GREY: Ink = ink(
    RGBColor(0x7A, 0x7A, 0x7A),
    "8 8",
    RGBColor(0xE8, 0xE8, 0xE8),
);

/// Inks of causes, the most frequent first; the last one is for all others together.
pub const CAUSES: [Ink; 5] = [VERMILLION, PURPLE, ORANGE, GREEN, GREY];
/// Inks of replicas in their order; the last one is for all others together.
pub const REPLICAS: [Ink; 6] = [BLUE, ORANGE, GREEN, PURPLE, SKY, GREY];
/// Inks of percentiles, the highest first.
pub const PERCENTILES: [Ink; 3] = [VERMILLION, BLUE, GREEN];

const ALL: [Ink; 7] = [VERMILLION, BLUE, PURPLE, GREEN, ORANGE, SKY, GREY];

const fn ink(colour: RGBColor, dash: &'static str, tint: RGBColor) -> Ink {
    Ink { colour, dash, tint }
}

/// Gives every line of an SVG the dash pattern of its colour, which the drawing library cannot write.
pub fn with_dashes(svg: &str) -> String {
    ALL.iter()
        .filter(|ink| !ink.dash.is_empty())
        .fold(svg.to_owned(), |svg, ink| {
            let RGBColor(r, g, b) = ink.colour;
            let stroke = format!("stroke=\"#{r:02X}{g:02X}{b:02X}\"");
            svg.replace(
                &stroke,
                &format!("{stroke} stroke-dasharray=\"{}\"", ink.dash),
            )
        })
}
