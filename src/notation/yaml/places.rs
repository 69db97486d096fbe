//! Where the parser's events are, in bytes, lines and columns.

use saphyr_parser::{Marker, Span};

use crate::notation::source::{Position, SourceId};

/// Translates the parser's places, counted in characters, into bytes.
pub(super) struct Places<'text> {
    pub(super) source: SourceId,
    pub(super) text: &'text str,
    /// The byte every character read begins at.
    byte_of_character: CharacterBytes,
    /// Characters of the first line that come before what is read.
    columns_before: usize,
}

/// In ASCII, which most files are, the count of characters and of bytes agree.
enum CharacterBytes {
    Ascii { offset: usize },
    Table(Vec<u32>),
}

impl<'text> Places<'text> {
    pub(super) fn new(source: SourceId, text: &'text str, offset: usize) -> Self {
        let read = &text[offset..];
        let byte_of_character = if read.is_ascii() {
            CharacterBytes::Ascii { offset }
        } else {
            let bytes = read.char_indices().map(|(byte, _)| (offset + byte) as u32);
            CharacterBytes::Table(bytes.collect())
        };
        Self {
            source,
            text,
            byte_of_character,
            columns_before: text[..offset].chars().count(),
        }
    }

    fn byte(&self, marker: &Marker) -> usize {
        let byte = match &self.byte_of_character {
            CharacterBytes::Ascii { offset } => offset + marker.index(),
            CharacterBytes::Table(bytes) => bytes
                .get(marker.index())
                .map_or(self.text.len(), |byte| *byte as usize),
        };
        byte.min(self.text.len())
    }

    /// The place of a span, cut off at the end of its first line.
    pub(super) fn of(&self, span: Span) -> Position {
        let start = self.byte(&span.start);
        let end = self.byte(&span.end).max(start);
        let first_line = self.text[start..end]
            .lines()
            .next()
            .unwrap_or("")
            .trim_end();
        let columns_before = match span.start.line() {
            1 => self.columns_before,
            _ => 0,
        };
        Position {
            source: self.source,
            start: start as u32,
            end: (start + first_line.len()) as u32,
            line: span.start.line() as u32,
            column: (columns_before + span.start.col() + 1) as u32,
        }
    }
}
