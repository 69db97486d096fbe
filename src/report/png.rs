//! From SVG to PNG, with fonts of our own, so that the same pixels come out on every machine of one kind.

use std::sync::Arc;

use resvg::{tiny_skia, usvg};

/// Inter, cut down to Latin-1 and a few signs; see `assets/fonts/README.md`.
const FONTS: [&[u8]; 2] = [
    include_bytes!("../../assets/fonts/Inter-Regular-subset.otf"),
    include_bytes!("../../assets/fonts/Inter-Bold-subset.otf"),
];

/// Pixels of the PNG for each pixel at which the SVG is shown.
const SCALE: f32 = 2.0;

/// Why a picture could not be turned into pixels.
#[derive(Debug, thiserror::Error)]
#[error("cannot turn a picture into pixels: {0}")]
pub struct PngProblem(String);

/// Turns pictures into pixels. The fonts are read once.
pub struct Rasteriser {
    options: usvg::Options<'static>,
}

impl Default for Rasteriser {
    fn default() -> Rasteriser {
        let mut fonts = usvg::fontdb::Database::new();
        FONTS
            .iter()
            .for_each(|font| fonts.load_font_data(font.to_vec()));
        let options = usvg::Options {
            fontdb: Arc::new(fonts),
            font_family: "Inter".to_owned(),
            ..usvg::Options::default()
        };
        Rasteriser { options }
    }
}

impl Rasteriser {
    /// The picture as PNG, at twice the size at which the SVG is shown.
    ///
    /// # Errors
    /// When the picture is no SVG, or too large for the memory.
    pub fn png(&self, svg: &str) -> Result<Vec<u8>, PngProblem> {
        let problem = |error: &dyn std::fmt::Display| PngProblem(error.to_string());
        let tree = usvg::Tree::from_str(svg, &self.options).map_err(|error| problem(&error))?;
        let (width, height) = (tree.size().width() * SCALE, tree.size().height() * SCALE);
        let pixels = tiny_skia::Pixmap::new(width as u32, height as u32);
        let mut pixels = pixels.ok_or_else(|| problem(&"it is too large"))?;
        resvg::render(
            &tree,
            tiny_skia::Transform::from_scale(SCALE, SCALE),
            &mut pixels.as_mut(),
        );
        pixels.encode_png().map_err(|error| problem(&error))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_leaves_traces_in_the_fonts_we_bring() {
        let svg = |text: &str| {
            let family = "font-family=\"Inter, Helvetica Neue, Arial, sans-serif\"";
            format!(
                "<svg width=\"80\" height=\"40\" xmlns=\"http://www.w3.org/2000/svg\">\
                 <text x=\"4\" y=\"30\" font-size=\"24\" {family}>{text}</text></svg>"
            )
        };
        let rasteriser = Rasteriser::default();
        let (empty, full) = (
            rasteriser.png(&svg("")).unwrap(),
            rasteriser.png(&svg("502")).unwrap(),
        );
        assert!(full.starts_with(b"\x89PNG") && full.len() > empty.len() + 200);
        assert!(rasteriser.png("no picture").is_err());
    }
}
