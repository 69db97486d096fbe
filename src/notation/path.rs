//! Paths to a value of the tree: `clients.spain.sessions`, `faults.0.power-cut.at`, `hosts."vps.1".city`.

use super::describe::{Shape, TypeDescription};
use super::merge::kind_below;
use super::problem::{Problem, Problems, plain_list};
use super::source::Position;
use super::tree::{Key, Node, Value};

/// The way from the outermost block to a value: keys, and numbers of list items counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Path(Vec<Key>);

impl Path {
    /// Reads a path written at `position`. Names with dots stand in double quotes.
    pub fn parse(text: &str, position: Position, problems: &mut Problems) -> Option<Self> {
        let mut segments = Vec::new();
        let mut rest = text;
        loop {
            let (segment, after) = split_segment(rest)
                .filter(|(segment, _)| !segment.is_empty())
                .or_else(|| {
                    let problem = Problem::error(
                        position,
                        "expected a path such as `clients.spain.sessions`",
                    )
                    .label(format!("this is `{text}`"));
                    problems.report(problem);
                    None
                })?;
            let offset =
                text.len() - after.len() - segment.len() - usize::from(rest.starts_with('"'));
            segments.push(Key {
                text: segment.to_owned(),
                position: part(position, text, offset, segment),
            });
            match after.strip_prefix('.') {
                Some(next) => rest = next,
                None => return Some(Self(segments)),
            }
        }
    }

    /// The byte at which the path at the beginning of a text ends: at an `=`, or with the text.
    pub(super) fn end(text: &str) -> Option<usize> {
        let mut quoted = false;
        for (index, character) in text.char_indices() {
            match character {
                '"' => quoted = !quoted,
                '=' if !quoted => return Some(index),
                _ => {}
            }
        }
        (!quoted).then_some(text.len())
    }

    /// Puts a value at the path's end; nothing deletes what is there.
    ///
    /// Keys that are created on the way stand where the path was written.
    pub fn set(&self, root: &mut Node, value: Node, problems: &mut Problems) {
        let Some((last, way)) = self.0.split_last() else {
            return;
        };
        let mut node = root;
        for segment in way {
            match step(node, segment, problems) {
                Some(next) => node = next,
                None => return,
            }
        }
        if value.value == Value::Null {
            delete(node, &last.text);
        } else if let Some(place) = step(node, last, problems) {
            *place = value;
            // What is written anew stands where it was written, and so does its name.
            if let Value::Map(entries) = &mut node.value
                && let Some((key, _)) = entries.iter_mut().find(|(key, _)| key.text == last.text)
            {
                key.position = last.position;
            }
        }
    }
}

impl Path {
    /// The first key.
    pub fn first(&self) -> &str {
        self.0.first().map_or("", |key| &key.text)
    }

    /// What is wrong if this path was meant to lead to something that was there: the first name on its way that
    /// `root`, as it was before, does not have among other names. `kind` describes the outermost block.
    ///
    /// Whether the name was meant to be new shows when the whole is read: then its settings suffice.
    pub fn unknown_name(&self, root: &Node, kind: &TypeDescription) -> Option<Problem> {
        let (_, way) = self.0.split_last()?;
        let (mut node, mut kind, mut parent) = (root, kind.clone(), "");
        for segment in way {
            let below = kind_below(&kind, &segment.text)?();
            match node.get(&segment.text) {
                Some(known) => node = known,
                None => return is_of_names(&kind).then(|| unknown(segment, parent, node)),
            }
            (kind, parent) = (below, &segment.text);
        }
        None
    }
}

/// Whether the keys of a value are names of the author's choice.
fn is_of_names(kind: &TypeDescription) -> bool {
    match &kind.shape {
        Shape::Entries(..) => true,
        Shape::OneOf(kinds) => kinds.iter().any(|describe| is_of_names(&describe())),
        _ => false,
    }
}

fn unknown(segment: &Key, parent: &str, among: &Node) -> Problem {
    let name = &segment.text;
    let names = || match &among.value {
        Value::Map(entries) => entries.as_slice().iter(),
        _ => [].iter(),
    };
    let names = || names().map(|(key, _)| key.text.as_str());
    Problem::error(
        segment.position,
        format!("nothing under `{parent}` is called `{name}`"),
    )
    .label("and as a new name it lacks settings")
    .did_you_mean_one_of(name, names())
    .note(format!("{parent}: {}", plain_list(names())))
}

/// The place of a part of a path. A path in quotes stands a byte further right than its text, so it is shown whole.
fn part(path: Position, text: &str, offset: usize, segment: &str) -> Position {
    if (path.end - path.start) as usize != text.len() {
        return path;
    }
    Position {
        start: path.start + offset as u32,
        end: path.start + (offset + segment.len()) as u32,
        column: path.column + text[..offset].chars().count() as u32,
        ..path
    }
}

/// Splits the first segment off a path.
fn split_segment(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('"') {
        let (segment, after) = quoted.split_once('"')?;
        return (after.is_empty() || after.starts_with('.')).then_some((segment, after));
    }
    let end = text.find('.').unwrap_or(text.len());
    Some(text.split_at(end))
}

/// The value below a node, created if need be.
fn step<'a>(node: &'a mut Node, segment: &Key, problems: &mut Problems) -> Option<&'a mut Node> {
    match node.value {
        Value::Null => node.value = Value::Map(Vec::new()),
        Value::Scalar(_) => {
            // A name that stood for a whole block, such as `closest`, gives way to the block.
            node.value = Value::Map(Vec::new());
            node.position = segment.position;
        }
        Value::List(_) | Value::Map(_) => {}
    }
    match &mut node.value {
        Value::List(items) => item(items, segment, problems),
        Value::Map(entries) => Some(entry(entries, segment)),
        Value::Null | Value::Scalar(_) => None,
    }
}

fn item<'a>(items: &'a mut [Node], segment: &Key, problems: &mut Problems) -> Option<&'a mut Node> {
    let count = items.len();
    let found = segment
        .text
        .parse()
        .ok()
        .and_then(|index: usize| items.get_mut(index));
    if found.is_none() {
        let problem = Problem::error(
            segment.position,
            format!("the list has no item `{}`", segment.text),
        )
        .label(format!("it has {count}, counted from 0"));
        problems.report(problem);
    }
    found
}

fn entry<'a>(entries: &'a mut Vec<(Key, Node)>, segment: &Key) -> &'a mut Node {
    let found = entries.iter().position(|(key, _)| key.text == segment.text);
    let index = found.unwrap_or(entries.len());
    if found.is_none() {
        entries.push((segment.clone(), Node::null(segment.position)));
    }
    &mut entries[index].1
}

fn delete(node: &mut Node, segment: &str) {
    match &mut node.value {
        Value::Map(entries) => entries.retain(|(key, _)| key.text != segment),
        Value::List(items) => {
            if let Some(index) = segment.parse().ok().filter(|index| *index < items.len()) {
                items.remove(index);
            }
        }
        Value::Null | Value::Scalar(_) => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::source::Sources;

    fn parsed(text: &str) -> Option<Vec<String>> {
        let position = Position::start_of(Sources::default().add("--set", text));
        Path::parse(text, position, &mut Problems::default())
            .map(|path| path.0.into_iter().map(|key| key.text).collect())
    }

    #[test]
    fn dots_separate_unless_they_are_quoted() {
        assert_eq!(parsed("a.b.0").unwrap(), ["a", "b", "0"]);
        assert_eq!(
            parsed("hosts.\"vps.1\".city").unwrap(),
            ["hosts", "vps.1", "city"]
        );
    }

    #[test]
    fn a_path_with_an_empty_part_is_refused() {
        for text in ["", ".", "a.", ".a", "a..b", "\"a", "\"a\"b", "\"\""] {
            assert_eq!(parsed(text), None, "{text}");
        }
    }
}
