//! The texts a scenario is put together from, and places in them.

use super::limits::SOURCES_MAX;

/// Which text a [`Position`] points into: the scenario file, a file it extends, or an override.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SourceId(u16);

/// A place in a source: a byte range that stays on one line.
///
/// Ordered by source, then by place, which is the order problems are shown in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    /// The text this place is in.
    pub source: SourceId,
    /// First byte.
    pub start: u32,
    /// One past the last byte; equal to `start` for an empty place.
    pub end: u32,
    /// Line, counted from 1.
    pub line: u32,
    /// Column in characters, counted from 1.
    pub column: u32,
}

impl Position {
    /// The very beginning of a source, for problems of a text as a whole.
    pub fn start_of(source: SourceId) -> Self {
        Self {
            source,
            start: 0,
            end: 0,
            line: 1,
            column: 1,
        }
    }
}

/// A text and the name users know it by.
#[derive(Debug, Clone)]
struct Source {
    name: String,
    text: String,
}

/// All texts a scenario was put together from. The first one is the scenario file itself.
#[derive(Debug, Clone, Default)]
pub struct Sources {
    sources: Vec<Source>,
}

impl Sources {
    /// Registers a text under the name shown in messages, such as a path or `--set`.
    ///
    /// Beyond [`SOURCES_MAX`] texts the last number is handed out again: positions then show the wrong
    /// excerpt, but nothing breaks. Callers refuse long before.
    pub fn add(&mut self, name: &str, text: &str) -> SourceId {
        if self.sources.len() < SOURCES_MAX {
            self.sources.push(Source {
                name: name.to_owned(),
                text: text.to_owned(),
            });
        }
        SourceId((self.sources.len() - 1) as u16)
    }

    /// The name a source was registered under.
    pub fn name(&self, id: SourceId) -> &str {
        self.sources
            .get(usize::from(id.0))
            .map_or("", |source| &source.name)
    }

    /// The text of a source.
    pub fn text(&self, id: SourceId) -> &str {
        self.sources
            .get(usize::from(id.0))
            .map_or("", |source| &source.text)
    }

    /// The name of the scenario file itself.
    pub fn main_name(&self) -> &str {
        self.name(SourceId(0))
    }

    /// The line a position is on, without its line break, and the byte its first character has in the source.
    pub fn line(&self, position: Position) -> (&str, usize) {
        let text = self.text(position.source);
        let start = floor_char_boundary(text, position.start as usize);
        let line_start = text[..start].rfind('\n').map_or(0, |found| found + 1);
        let line_end = text[start..]
            .find('\n')
            .map_or(text.len(), |found| start + found);
        let line = &text[line_start..line_end];
        (line.strip_suffix('\r').unwrap_or(line), line_start)
    }
}

/// The largest character boundary that is at most `index`.
fn floor_char_boundary(text: &str, index: usize) -> usize {
    let mut boundary = index.min(text.len());
    while !text.is_char_boundary(boundary) {
        boundary -= 1;
    }
    boundary
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_line_of_a_position_has_no_line_break() {
        let mut sources = Sources::default();
        let source = sources.add("a.yaml", "one\r\ntwo\r\n");
        let position = Position {
            start: 5,
            end: 8,
            line: 2,
            ..Position::start_of(source)
        };
        assert_eq!(sources.line(position), ("two", 5));
    }

    #[test]
    fn a_position_beyond_the_text_is_its_last_line() {
        let mut sources = Sources::default();
        let source = sources.add("a.yaml", "one\ntwö");
        let position = Position {
            start: 900,
            end: 901,
            ..Position::start_of(source)
        };
        assert_eq!(sources.line(position), ("twö", 4));
    }

    #[test]
    fn the_thousandth_source_is_kept_and_the_next_one_shares_its_number() {
        let mut sources = Sources::default();
        for _ in 0..SOURCES_MAX {
            sources.add("a", "x");
        }
        let last = sources.add("b", "y");
        assert_eq!(sources.name(last), "a");
        assert_eq!(usize::from(last.0), SOURCES_MAX - 1);
    }
}
