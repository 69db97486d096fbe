//! From YAML text to a [`Node`] tree.
//!
//! The YAML read here is the part that scenario files, cloudflared's `config.yml` and compose files use:
//! one document of lists, blocks and scalars. Anchors, aliases and tags are refused with a message, so
//! that a small file cannot grow large while it is read. Broken syntax stops the reading; every other
//! problem is collected.

mod places;
mod syntax;
#[cfg(test)]
mod tests;

use std::collections::BTreeSet;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, StrInput};

use super::limits::{
    FILE_BYTES_MAX, LIST_ITEMS_MAX, NESTING_MAX, PROSE_BYTES_MAX, STRING_BYTES_MAX, VALUES_MAX,
};
use super::problem::{Problem, Problems};
use super::source::{Position, SourceId, Sources};
use super::tree::{Key, Node, Scalar, Value};
use places::Places;
use syntax::syntax_problem;

/// Registers a file's bytes under `name` and reads them as YAML.
///
/// Gives `None`, with the reason among the `problems`, when the bytes are too many, not UTF-8 or not YAML.
/// Lesser problems (a key written twice, an anchor) are reported and the tree is given all the same.
/// An empty file is a tree of [`Value::Null`].
pub fn read(
    name: &str,
    bytes: &[u8],
    sources: &mut Sources,
    problems: &mut Problems,
) -> Option<Node> {
    if bytes.len() > FILE_BYTES_MAX {
        let position = Position::start_of(sources.add(name, ""));
        let message = format!(
            "the file has {} bytes; at most {FILE_BYTES_MAX} are read",
            bytes.len()
        );
        problems.report(Problem::error(position, message));
        return None;
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => parse(sources.add(name, text), text, 0, problems),
        Err(error) => {
            report_not_utf8(name, bytes, error.valid_up_to(), sources, problems);
            None
        }
    }
}

fn report_not_utf8(
    name: &str,
    bytes: &[u8],
    valid: usize,
    sources: &mut Sources,
    problems: &mut Problems,
) {
    let source = sources.add(name, &String::from_utf8_lossy(bytes));
    // Everything before the first bad byte is unchanged in the lossy copy, so byte numbers agree.
    let before = &bytes[..valid];
    let line_start = before
        .iter()
        .rposition(|byte| *byte == b'\n')
        .map_or(0, |found| found + 1);
    let position = Position {
        source,
        start: valid as u32,
        end: valid as u32,
        line: 1 + before.iter().filter(|byte| **byte == b'\n').count() as u32,
        column: 1 + String::from_utf8_lossy(&before[line_start..])
            .chars()
            .count() as u32,
    };
    let problem = Problem::error(position, "the file is not UTF-8 text")
        .label(format!("byte 0x{:02x} cannot stand here", bytes[valid]));
    problems.report(problem);
}

/// Reads a text that is registered as `source` already, from byte `offset` of its first line on.
pub fn parse(source: SourceId, text: &str, offset: usize, problems: &mut Problems) -> Option<Node> {
    let mut builder = Builder {
        parser: Parser::new_from_str(&text[offset..]),
        places: Places::new(source, text, offset),
        depth: 0,
        values: 0,
        open_brackets: Vec::new(),
        problems,
    };
    match builder.document() {
        Ok(node) => Some(node),
        Err(Stop::Syntax(error)) => {
            let problem = syntax_problem(&error, &builder.places, builder.open_brackets.last());
            builder.problems.report(problem);
            None
        }
        Err(Stop::Reported) => None,
    }
}

/// Why the reading ended early.
enum Stop {
    /// The text is not YAML.
    Syntax(ScanError),
    /// A limit, already reported.
    Reported,
}

/// Turns the parser's events into nodes.
struct Builder<'text, 'problems> {
    parser: Parser<'text, StrInput<'text>>,
    places: Places<'text>,
    depth: usize,
    values: usize,
    /// The `[` and `{` that are not closed yet.
    open_brackets: Vec<Position>,
    problems: &'problems mut Problems,
}

impl<'text> Builder<'text, '_> {
    fn document(&mut self) -> Result<Node, Stop> {
        let mut root = None;
        loop {
            let (event, span) = self.next()?;
            match event {
                Event::StreamEnd => break,
                Event::StreamStart | Event::DocumentEnd | Event::Nothing => {}
                Event::DocumentStart(_) if root.is_some() => {
                    let problem =
                        Problem::error(self.places.of(span), "a scenario is one YAML document")
                            .label("a second document begins here");
                    self.problems.report(problem);
                    return Err(Stop::Reported);
                }
                Event::DocumentStart(_) => {
                    let first = self.next()?;
                    root = Some(self.node(first, None)?);
                }
                _ => {}
            }
        }
        Ok(root.unwrap_or_else(|| Node::null(Position::start_of(self.places.source))))
    }

    fn next(&mut self) -> Result<(Event<'text>, Span), Stop> {
        match self.parser.next_event() {
            Some(Ok(event)) => Ok(event),
            Some(Err(error)) => Err(Stop::Syntax(error)),
            None => Ok((Event::StreamEnd, Span::default())),
        }
    }

    /// Builds the value that begins with an event; `key` is the place of the key it belongs to.
    fn node(
        &mut self,
        (event, span): (Event<'text>, Span),
        key: Option<Position>,
    ) -> Result<Node, Stop> {
        let own = self.places.of(span);
        let place = key.unwrap_or(own);
        self.count_value(place)?;
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.refuse_decorations(own, anchor, tag.is_some());
                Ok(self.scalar(&text, style, own, place))
            }
            Event::SequenceStart(anchor, tag) => {
                self.refuse_decorations(own, anchor, tag.is_some());
                let value = self.nested(own, place, Self::list)?;
                Ok(Node {
                    position: place,
                    value,
                })
            }
            Event::MappingStart(anchor, tag) => {
                self.refuse_decorations(own, anchor, tag.is_some());
                let value = self.nested(own, place, Self::map)?;
                Ok(Node {
                    position: place,
                    value,
                })
            }
            Event::Alias(_) => {
                let problem = Problem::error(own, "aliases (`*name`) are not read in a scenario")
                    .label("an alias")
                    .help("write the value out here; a text that begins with `*` must stand in quotes");
                self.problems.report(problem);
                Ok(Node::null(own))
            }
            _ => Ok(Node::null(place)),
        }
    }

    fn refuse_decorations(&mut self, position: Position, anchor: usize, tagged: bool) {
        if anchor > 0 {
            let problem = Problem::error(position, "anchors (`&name`) are not read in a scenario")
                .label("this value has an anchor")
                .help("remove the anchor, or use `extends` to share values between files");
            self.problems.report(problem);
        }
        if tagged {
            let problem = Problem::error(position, "tags (`!name`) are not read in a scenario")
                .label("this value has a tag")
                .help("remove the tag; what a value means follows from its key");
            self.problems.report(problem);
        }
    }

    fn scalar(&mut self, text: &str, style: ScalarStyle, own: Position, place: Position) -> Node {
        let quoted = style != ScalarStyle::Plain;
        if !quoted && matches!(text, "" | "~" | "null" | "Null" | "NULL") {
            return Node::null(if text.is_empty() { place } else { own });
        }
        if text.len() > PROSE_BYTES_MAX {
            self.problems
                .report(too_long(own, text.len(), PROSE_BYTES_MAX));
            return Node::null(own);
        }
        let scalar = Scalar {
            text: text.to_owned(),
            quoted,
        };
        Node {
            position: own,
            value: Value::Scalar(scalar),
        }
    }

    /// Runs `inside` one level further in, unless that is too deep.
    fn nested(
        &mut self,
        own: Position,
        place: Position,
        inside: impl FnOnce(&mut Self, Position) -> Result<Value, Stop>,
    ) -> Result<Value, Stop> {
        if self.depth == NESTING_MAX {
            let message = format!("lists and blocks may be nested {NESTING_MAX} deep");
            self.problems
                .report(Problem::error(place, message).label("this one is deeper"));
            return Err(Stop::Reported);
        }
        let bracketed = self.places.text[own.start as usize..].starts_with(['[', '{']);
        self.depth += 1;
        self.open_brackets.extend(bracketed.then_some(own));
        let value = inside(self, place)?;
        self.depth -= 1;
        if bracketed {
            self.open_brackets.pop();
        }
        Ok(value)
    }

    fn list(&mut self, place: Position) -> Result<Value, Stop> {
        let mut items = Vec::new();
        loop {
            match self.next()? {
                (Event::SequenceEnd, _) => return Ok(Value::List(items)),
                first => {
                    self.check_room(items.len(), place)?;
                    items.push(self.node(first, None)?);
                }
            }
        }
    }

    fn map(&mut self, place: Position) -> Result<Value, Stop> {
        let mut entries: Vec<(Key, Node)> = Vec::new();
        let mut seen = BTreeSet::new();
        loop {
            let first = match self.next()? {
                (Event::MappingEnd, _) => return Ok(Value::Map(entries)),
                first => first,
            };
            self.check_room(entries.len(), place)?;
            let key_node = self.node(first, None)?;
            // Values are counted, not the keys they stand under.
            self.values -= 1;
            let value_start = self.next()?;
            let value = self.node(value_start, Some(key_node.position))?;
            let Some(key) = self.key(key_node) else {
                continue;
            };
            if seen.insert(key.text.clone()) {
                entries.push((key, value));
            } else {
                let problem = Problem::error(key.position, format!("`{}` is set twice", key.text))
                    .label("the second time");
                self.problems.report(problem);
            }
        }
    }

    /// A key must be a text of reasonable length.
    fn key(&mut self, node: Node) -> Option<Key> {
        match node.value {
            Value::Scalar(scalar) if scalar.text.len() > STRING_BYTES_MAX => {
                let problem = too_long(node.position, scalar.text.len(), STRING_BYTES_MAX);
                self.problems.report(problem);
                None
            }
            Value::Scalar(scalar) => Some(Key {
                text: scalar.text,
                position: node.position,
            }),
            _ => {
                let problem = Problem::error(node.position, "a key must be a plain text")
                    .label(node.describe());
                self.problems.report(problem);
                None
            }
        }
    }

    fn count_value(&mut self, place: Position) -> Result<(), Stop> {
        self.values += 1;
        if self.values <= VALUES_MAX {
            return Ok(());
        }
        let message = format!("a file may have {VALUES_MAX} values");
        self.problems
            .report(Problem::error(place, message).label("this is one more"));
        Err(Stop::Reported)
    }

    fn check_room(&mut self, used: usize, place: Position) -> Result<(), Stop> {
        if used < LIST_ITEMS_MAX {
            return Ok(());
        }
        let message = format!("a list or a block may have {LIST_ITEMS_MAX} entries");
        self.problems
            .report(Problem::error(place, message).label("this one has more"));
        Err(Stop::Reported)
    }
}

/// The message for a text beyond its limit; also used by the leaf types.
pub(super) fn too_long(position: Position, length: usize, limit: usize) -> Problem {
    Problem::error(
        position,
        format!("a text here may have at most {limit} bytes"),
    )
    .label(format!("this one has {length}"))
}
