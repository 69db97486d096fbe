//! From YAML text to a [`Node`] tree.
//!
//! The YAML read here is the part that scenario files, cloudflared's `config.yml` and compose files use:
//! one document of lists, blocks and scalars. Anchors, aliases and tags are refused with a message, so
//! that a small file cannot grow large while it is read. Broken syntax stops the reading; every other
//! problem is collected.

use std::collections::BTreeSet;

use saphyr_parser::{Event, Marker, Parser, ScalarStyle, ScanError, Span, StrInput};

use super::limits::{
    FILE_BYTES_MAX, LIST_ITEMS_MAX, NESTING_MAX, PROSE_BYTES_MAX, STRING_BYTES_MAX,
};
use super::problem::{Problem, Problems};
use super::source::{Position, SourceId, Sources};
use super::tree::{Key, Node, Scalar, Value};

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

/// Translates the parser's places, counted in characters, into bytes.
struct Places<'text> {
    source: SourceId,
    text: &'text str,
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
    fn new(source: SourceId, text: &'text str, offset: usize) -> Self {
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
    fn of(&self, span: Span) -> Position {
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

/// The parser's complaint in our words.
fn syntax_problem(
    error: &ScanError,
    places: &Places<'_>,
    open_bracket: Option<&Position>,
) -> Problem {
    let position = places.of(Span::empty(*error.marker()));
    let start = position.start as usize;
    let line_start = places.text[..start]
        .rfind('\n')
        .map_or(0, |found| found + 1);
    let indentation: &str = places.text[line_start..]
        .split(|character: char| character != ' ' && character != '\t')
        .next()
        .unwrap_or("");
    if indentation.contains('\t') {
        return Problem::error(position, "a tab cannot indent a line of YAML")
            .label("this line begins with a tab")
            .help("indent with spaces");
    }
    let mut problem = Problem::error(position, "this is not valid YAML").label(error.info());
    if let Some((_, help)) = SYNTAX_HELP
        .iter()
        .find(|(part, _)| error.info().contains(part))
    {
        problem = problem.help(*help);
    }
    if let Some(bracket) = open_bracket {
        let character = &places.text[bracket.start as usize..][..1];
        problem = problem.note(format!(
            "the `{character}` of line {} is still open",
            bracket.line
        ));
    }
    problem
}

/// What lies behind complaints of the parser that people meet often: a part of the complaint, and the help.
const SYNTAX_HELP: &[(&str, &str)] = &[
    (
        "anchor",
        "a text that begins with `*` or `&` must stand in quotes",
    ),
    (
        "unexpected character",
        "a text that begins with this character must stand in quotes",
    ),
    (
        "mapping values are not allowed",
        "a text that contains `: ` must stand in quotes",
    ),
    (
        "trailing content after",
        "if the quotes are part of the text, put quotes around all of it",
    ),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::render::{Style, render};

    fn tree(text: &str) -> (Option<Node>, String) {
        tree_of_bytes(text.as_bytes())
    }

    fn tree_of_bytes(bytes: &[u8]) -> (Option<Node>, String) {
        let (mut sources, mut problems) = (Sources::default(), Problems::default());
        let node = read("a.yaml", bytes, &mut sources, &mut problems);
        (node, render(&problems, &sources, Style::Plain))
    }

    fn sound(text: &str) -> Node {
        let (node, problems) = tree(text);
        assert_eq!(problems, "");
        node.unwrap()
    }

    fn place(node: &Node) -> (u32, u32, u32, u32) {
        let Position {
            start,
            end,
            line,
            column,
            ..
        } = node.position;
        (start, end, line, column)
    }

    #[test]
    fn scalars_keep_their_text_and_their_place() {
        let root = sound("a: 1e400\nb:   0x10  # sixteen\nc: \"NaN\"\n");
        let scalar = |text: &str, quoted| {
            Value::Scalar(Scalar {
                text: text.to_owned(),
                quoted,
            })
        };
        assert_eq!(root.get("a").unwrap().value, scalar("1e400", false));
        assert_eq!(root.get("b").unwrap().value, scalar("0x10", false));
        assert_eq!(root.get("c").unwrap().value, scalar("NaN", true));
        assert_eq!(place(root.get("b").unwrap()), (14, 18, 2, 6));
        assert_eq!(place(root.get("c").unwrap()), (33, 38, 3, 4));
    }

    #[test]
    fn places_are_bytes_even_after_other_letters() {
        let root = sound("title: Querétaro ↔ Dallas\nseed: 7\n");
        assert_eq!(place(root.get("seed").unwrap()), (35, 36, 2, 7));
    }

    #[test]
    fn a_block_and_a_list_stand_at_their_key() {
        let root = sound("hosts:\n  vps1: {city: Oslo}\nfaults:\n  - cut: {at: 1s}\n");
        assert_eq!(place(root.get("hosts").unwrap()), (0, 5, 1, 1));
        assert_eq!(
            place(root.get("hosts").unwrap().get("vps1").unwrap()),
            (9, 13, 2, 3)
        );
        let Value::List(faults) = &root.get("faults").unwrap().value else {
            panic!("not a list");
        };
        assert_eq!(faults[0].position.line, 4);
    }

    #[test]
    fn nothing_is_null_and_an_empty_text_is_not() {
        let root = sound("a:\nb: ~\nc: null\nd: ''\n");
        for key in ["a", "b", "c"] {
            assert_eq!(root.get(key).unwrap().value, Value::Null);
        }
        assert_ne!(root.get("d").unwrap().value, Value::Null);
        assert_eq!(sound("").value, Value::Null);
        assert_eq!(sound("# only a comment\n").value, Value::Null);
    }

    #[test]
    fn a_key_set_twice_is_reported_at_the_second_place() {
        let (node, problems) = tree("a: 1\nb: 2\na: 3\n");
        insta::assert_snapshot!(problems, @r#"
error: `a` is set twice
 --> a.yaml:3:1
  |
3 | a: 3
  | ^ the second time

error: 1 problem in a.yaml
"#);
        assert_eq!(node.unwrap().get("a").unwrap().describe(), "this is `1`");
    }

    #[test]
    fn broken_syntax_is_reported_at_its_line() {
        let shown: Vec<String> = [
            "a:\n\tb: 1\n",
            "a:\n  b: 1\n c: 2\n",
            "a: [1, 2\nb: 3\n",
            "a: {b: 1\n",
            "a: \"never closed\n",
            "a: b: c\n",
            "- a\nb: 1\n",
            "a: 'x' y\n",
            "a: @x\n",
            "]",
            "a: \u{0}\n",
        ]
        .iter()
        .map(|text| tree(text).1)
        .collect();
        insta::assert_snapshot!(shown.join("\n"), @r#"
error: a tab cannot indent a line of YAML
 --> a.yaml:2:2
  |
2 |     b: 1
  |     ^ this line begins with a tab
  |
help: indent with spaces

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:3:2
  |
3 |  c: 2
  |  ^ while parsing a block mapping, did not find expected key

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:2:2
  |
2 | b: 3
  |  ^ illegal placement of ':' indicator
  |
  = note: the `[` of line 1 is still open

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:2:1
  |
2 |
  | ^ while parsing a flow mapping, did not find expected ',' or '}'
  |
  = note: the `{` of line 1 is still open

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:1:4
  |
1 | a: "never closed
  |    ^ while scanning a quoted scalar, found unexpected end of stream

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:1:5
  |
1 | a: b: c
  |     ^ mapping values are not allowed in this context
  |
help: a text that contains `: ` must stand in quotes

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:2:1
  |
2 | b: 1
  | ^ while parsing a block collection, did not find expected '-' indicator

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:1:8
  |
1 | a: 'x' y
  |        ^ invalid trailing content after double-quoted scalar
  |
help: if the quotes are part of the text, put quotes around all of it

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:1:4
  |
1 | a: @x
  |    ^ unexpected character: `@'
  |
help: a text that begins with this character must stand in quotes

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:1:1
  |
1 | ]
  | ^ misplaced bracket

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:1:4
  |
1 | a: ␀
  |    ^ found unprintable character

error: 1 problem in a.yaml
"#);
    }

    #[test]
    fn what_scenarios_do_not_need_of_yaml_is_refused() {
        let shown: Vec<String> = [
            "a: &x 1\nb: *x\n",
            "a: !!str 1\n",
            "a: 1\n---\nb: 2\n",
            "? [a, b]\n: c\n",
            "a: *x\n",
        ]
        .iter()
        .map(|text| tree(text).1)
        .collect();
        insta::assert_snapshot!(shown.join("\n"), @r#"
error: anchors (`&name`) are not read in a scenario
 --> a.yaml:1:4
  |
1 | a: &x 1
  |    ^^^^ this value has an anchor
  |
help: remove the anchor, or use `extends` to share values between files

error: aliases (`*name`) are not read in a scenario
 --> a.yaml:2:4
  |
2 | b: *x
  |    ^^ an alias
  |
help: write the value out here; a text that begins with `*` must stand in quotes

error: 2 problems in a.yaml

error: tags (`!name`) are not read in a scenario
 --> a.yaml:1:4
  |
1 | a: !!str 1
  |    ^^^^^^^ this value has a tag
  |
help: remove the tag; what a value means follows from its key

error: 1 problem in a.yaml

error: a scenario is one YAML document
 --> a.yaml:2:1
  |
2 | ---
  | ^^^ a second document begins here

error: 1 problem in a.yaml

error: a key must be a plain text
 --> a.yaml:1:3
  |
1 | ? [a, b]
  |   ^ this is a list

error: 1 problem in a.yaml

error: this is not valid YAML
 --> a.yaml:1:4
  |
1 | a: *x
  |    ^ while parsing node, found unknown anchor
  |
help: a text that begins with `*` or `&` must stand in quotes

error: 1 problem in a.yaml
"#);
    }

    #[test]
    fn a_file_may_have_a_mebibyte_but_not_a_byte_more() {
        let mut text = format!("a: 1\n#{}", "x".repeat(FILE_BYTES_MAX - 6));
        assert_eq!(text.len(), FILE_BYTES_MAX);
        assert_eq!(tree(&text).1, "");
        text.push('x');
        assert!(
            tree(&text)
                .1
                .contains("the file has 1048577 bytes; at most 1048576 are read")
        );
    }

    #[test]
    fn nesting_may_be_sixteen_deep_but_not_seventeen() {
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        assert_eq!(tree(&nested(NESTING_MAX)).1, "");
        assert!(
            tree(&nested(NESTING_MAX + 1))
                .1
                .contains("may be nested 16 deep")
        );
        assert!(tree(&nested(100_000)).0.is_none());
        assert!(
            tree(&"- ".repeat(100_000))
                .1
                .contains("may be nested 16 deep")
        );
    }

    #[test]
    fn a_list_may_have_ten_thousand_entries_but_not_one_more() {
        let list = |count: usize| format!("[{}]", vec!["1"; count].join(","));
        assert_eq!(tree(&list(LIST_ITEMS_MAX)).1, "");
        assert!(
            tree(&list(LIST_ITEMS_MAX + 1))
                .1
                .contains("may have 10000 entries")
        );
        let block: String = (0..=LIST_ITEMS_MAX)
            .map(|number| format!("k{number}: 1\n"))
            .collect();
        assert!(tree(&block).1.contains("may have 10000 entries"));
    }

    #[test]
    fn a_key_may_have_256_bytes_and_a_value_four_kibibytes() {
        let key = |length: usize| format!("{}: 1\n", "k".repeat(length));
        assert_eq!(tree(&key(STRING_BYTES_MAX)).1, "");
        assert!(
            tree(&key(STRING_BYTES_MAX + 1))
                .1
                .contains("at most 256 bytes")
        );
        let value = |length: usize| format!("a: {}\n", "v".repeat(length));
        assert_eq!(tree(&value(PROSE_BYTES_MAX)).1, "");
        assert!(
            tree(&value(PROSE_BYTES_MAX + 1))
                .1
                .contains("at most 4096 bytes")
        );
    }

    #[test]
    fn bytes_that_are_not_utf_8_are_shown_where_they_are() {
        let (node, problems) = tree_of_bytes(b"a: 1\nb: M\xfcnchen\n");
        assert!(node.is_none());
        insta::assert_snapshot!(problems, @r#"
error: the file is not UTF-8 text
 --> a.yaml:2:5
  |
2 | b: M�nchen
  |     ^ byte 0xfc cannot stand here

error: 1 problem in a.yaml
"#);
    }

    #[test]
    fn a_byte_order_mark_and_windows_line_ends_do_no_harm() {
        let root = sound("\u{feff}a: 1\r\nb: 2\r\n");
        assert_eq!(root.get("a").unwrap().describe(), "this is `1`");
        assert_eq!(root.get("b").unwrap().describe(), "this is `2`");
        assert_eq!(place(root.get("b").unwrap()), (12, 13, 2, 4));
    }
}
