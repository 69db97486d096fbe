//! A scenario file as a tree that remembers where every value was written.
//!
//! The tree knows nothing of fields or units. Scalars keep their text exactly as written, so that
//! `1e400`, `0x10` and `NaN` reach the checks of the leaf types instead of a YAML library's guess.

use super::source::Position;

/// One value and the place it was written at.
///
/// A list or a block stands at the key it belongs to (or at its own first character when it has no
/// key), because that is where a reader looks first.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where the value stands.
    pub position: Position,
    /// What it is.
    pub value: Value,
}

/// The four shapes of a value.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// Nothing was written, or `null` or `~`.
    Null,
    /// One piece of text.
    Scalar(Scalar),
    /// Values in order.
    List(Vec<Node>),
    /// Values under keys, in the order of the file; no key occurs twice.
    Map(Vec<(Key, Node)>),
}

/// A piece of text as written in the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scalar {
    /// The text, without quotes.
    pub text: String,
    /// Whether it stood in quotes (or as a `|` or `>` block), which makes `"5"` a text and not a number.
    pub quoted: bool,
}

/// A key of a block.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    /// The key's text.
    pub text: String,
    /// Where it stands.
    pub position: Position,
}

impl Key {
    /// The key as a value, so that it can be decoded like one.
    pub fn to_node(&self) -> Node {
        Node::text(&self.text, self.position)
    }
}

impl Node {
    /// A value that is nothing, at a place.
    pub fn null(position: Position) -> Self {
        Self {
            position,
            value: Value::Null,
        }
    }

    /// An unquoted text, at a place.
    pub fn text(text: &str, position: Position) -> Self {
        let scalar = Scalar {
            text: text.to_owned(),
            quoted: false,
        };
        Self {
            position,
            value: Value::Scalar(scalar),
        }
    }

    /// The value under a key, if this is a block that has it.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(entries) => entries
                .iter()
                .find(|(known, _)| known.text == key)
                .map(|(_, node)| node),
            _ => None,
        }
    }

    /// Takes a key and its value out of a block.
    pub fn remove(&mut self, key: &str) -> Option<Node> {
        let Value::Map(entries) = &mut self.value else {
            return None;
        };
        let index = entries.iter().position(|(known, _)| known.text == key)?;
        Some(entries.remove(index).1)
    }

    /// How many values there are: this one and all below it.
    pub fn size(&self) -> usize {
        1 + match &self.value {
            Value::Null | Value::Scalar(_) => 0,
            Value::List(items) => items.iter().map(Node::size).sum(),
            Value::Map(entries) => entries.iter().map(|(_, node)| node.size()).sum(),
        }
    }

    /// What the value looks like, for the label of a message: "this is a list".
    pub fn describe(&self) -> String {
        match &self.value {
            Value::Null => "nothing is written here".to_owned(),
            Value::Scalar(scalar) if scalar.quoted => {
                format!("this is the text \"{}\"", shorten(&scalar.text))
            }
            Value::Scalar(scalar) => format!("this is `{}`", shorten(&scalar.text)),
            Value::List(_) => "this is a list".to_owned(),
            Value::Map(_) => "this is a block with keys".to_owned(),
        }
    }

    /// Gives this value and everything below it one position, as for a value that no file contains.
    pub fn place_at(&mut self, position: Position) {
        self.position = position;
        match &mut self.value {
            Value::List(items) => items.iter_mut().for_each(|item| item.place_at(position)),
            Value::Map(entries) => {
                for (key, node) in entries {
                    key.position = position;
                    node.place_at(position);
                }
            }
            Value::Null | Value::Scalar(_) => {}
        }
    }
}

/// At most 40 characters of a text on one line, for a label.
fn shorten(text: &str) -> String {
    const SHOWN: usize = 40;
    let mut shown = String::new();
    for character in text.chars().take(SHOWN) {
        match character.is_control() {
            true => shown.extend(character.escape_default()),
            false => shown.push(character),
        }
    }
    if text.chars().nth(SHOWN).is_some() {
        shown.push_str("...");
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::source::Sources;

    #[test]
    fn labels_are_short_and_on_one_line() {
        let position = Position::start_of(Sources::default().add("a", ""));
        let label = |text: &str| Node::text(text, position).describe();
        assert_eq!(label("two\nlines"), "this is `two\\nlines`");
        assert_eq!(
            label(&"é".repeat(41)),
            format!("this is `{}...`", "é".repeat(40))
        );
    }
}
