//! From tree to values, collecting every problem on the way.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Deref;

use super::describe::{FieldDescription, Shape, TypeDescription};
use super::limits::{NAMES_COMPARED_MAX, STRING_BYTES_MAX};
use super::problem::{Problem, Problems};
use super::source::Position;
use super::tree::{Node, Scalar, Value};
use super::yaml::too_long;

/// What decoding leaves behind beside the value.
#[derive(Debug, Clone, Default)]
pub struct Context {
    /// Everything wrong so far.
    pub problems: Problems,
    /// The defaults that were used, by block and field.
    defaults_used: BTreeMap<(&'static str, &'static str), &'static FieldDescription>,
    /// What holds in place of a declared default: the setting as `block.field`, and the text of its value.
    other_defaults: Vec<(String, String)>,
    /// Names that references were compared with so far.
    names_compared: usize,
    /// Where the names of entries stand in which something could not be read.
    damaged: BTreeSet<Position>,
}

impl Context {
    /// Adds a problem.
    pub fn report(&mut self, problem: Problem) {
        self.problems.report(problem);
    }

    /// Remembers that something in an entry, whose name stands there, could not be read.
    pub(super) fn note_damaged(&mut self, name: Position) {
        self.damaged.insert(name);
    }

    /// Whether something in an entry could not be read, which has been reported: what is missing in it may be just that.
    pub fn is_damaged(&self, name: Position) -> bool {
        self.damaged.contains(&name)
    }

    /// Whether a reference may still be compared with so many names; reported once if not.
    ///
    /// A pattern has to be compared with every name, so a small file can ask for a lot of that.
    pub fn may_compare(&mut self, names: usize, position: Position) -> bool {
        let before = self.names_compared;
        self.names_compared = before.saturating_add(names);
        let is_first_beyond = (before..self.names_compared).contains(&NAMES_COMPARED_MAX);
        if is_first_beyond {
            let message = format!(
                "the references of a scenario may be compared with {NAMES_COMPARED_MAX} names"
            );
            let problem = Problem::error(position, message).label("here they are too many");
            self.report(problem.help("use fewer patterns, or shorter lists of names"));
        }
        self.names_compared <= NAMES_COMPARED_MAX
    }

    /// Remembers that a field was not written and its default holds.
    pub(super) fn note_default(&mut self, block: &'static str, field: &'static FieldDescription) {
        self.defaults_used.insert((block, field.name), field);
    }

    /// Lets another default hold for a setting, named `block.field`, wherever it is left out.
    pub fn assume(&mut self, setting: &str, default: &str) {
        self.other_defaults
            .push((setting.to_owned(), default.to_owned()));
    }

    /// The default that holds for a field.
    pub(super) fn default_of(
        &self,
        block: &str,
        field: &str,
        declared: &'static str,
    ) -> Cow<'static, str> {
        let is_it = |setting: &str| setting.split_once('.') == Some((block, field));
        let other = self
            .other_defaults
            .iter()
            .find(|(setting, _)| is_it(setting));
        other.map_or(Cow::Borrowed(declared), |(_, text)| {
            Cow::Owned(text.clone())
        })
    }

    /// The fields whose default was used at least once: the block's name and the field, sorted by name.
    ///
    /// Reports list the assumed ones among them.
    pub fn defaults_used(
        &self,
    ) -> impl Iterator<Item = (&'static str, &'static FieldDescription)> + '_ {
        self.defaults_used
            .iter()
            .map(|((block, _), field)| (*block, *field))
    }
}

/// A value that can be read from a scenario file.
pub trait Decode: Sized {
    /// Reads a value. `None` means that it cannot be used, and that the reason is among the problems.
    ///
    /// A value may come back although problems were reported (an unknown key beside good ones, say), so that
    /// the checks further up can find their problems in the same pass. Whoever reads a whole file asks
    /// [`Problems::has_errors`] before using it.
    fn decode(node: &Node, context: &mut Context) -> Option<Self>;

    /// What the type is and how it is written.
    fn describe() -> TypeDescription;
}

/// A value and where it was written.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Spanned<T> {
    /// The value.
    pub value: T,
    /// Where it stands; for a default, where the block stands that could have set it.
    pub position: Position,
    /// Whether it was written, rather than taken from the default.
    pub given: bool,
}

impl<T> Deref for Spanned<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: Decode> Decode for Spanned<T> {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        T::decode(node, context).map(|value| Self {
            value,
            position: node.position,
            given: true,
        })
    }

    fn describe() -> TypeDescription {
        T::describe()
    }
}

/// Any value, kept as a tree: for `variants:` and grids, whose values are decoded where they end up.
impl Decode for Node {
    fn decode(node: &Node, _context: &mut Context) -> Option<Self> {
        Some(node.clone())
    }

    fn describe() -> TypeDescription {
        TypeDescription {
            name: "value".into(),
            doc: "Any value; it is checked where it is used.".into(),
            unit: "",
            shape: Shape::Anything,
        }
    }
}

/// A value written as one scalar. Implement this, and [`Decode`] follows.
pub trait Leaf: Sized {
    /// The unit of the value, or empty.
    const UNIT: &'static str = "";
    /// Values that are accepted, for the reference page and the schema.
    const EXAMPLES: &'static [&'static str];
    /// Longest text, in bytes.
    const BYTES_MAX: usize = STRING_BYTES_MAX;

    /// The type's name on the reference page: `duration`.
    fn name() -> Cow<'static, str>;

    /// What belongs here, to follow the word "expected": "a length of time such as 250ms".
    fn expected() -> Cow<'static, str>;

    /// Reads the text, or says why not.
    fn parse(scalar: &Scalar) -> Result<Self, Refusal>;

    /// The JSON Schema of the scalar, without a description.
    fn schema() -> serde_json::Value;
}

/// Why a text is not a value of a leaf type. Empty parts are filled in with "expected ..." and "this is ...".
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refusal {
    message: Option<String>,
    help: Option<String>,
    replacement: Option<String>,
}

impl Refusal {
    /// The text is of another kind altogether.
    pub fn unexpected() -> Self {
        Self::default()
    }

    /// The text breaks this rule.
    pub fn because(message: impl Into<String>) -> Self {
        Self {
            message: Some(message.into()),
            ..Self::default()
        }
    }

    /// Says what to do.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Asks "did you mean" and shows the edit.
    #[must_use]
    pub fn did_you_mean(self, replacement: impl Into<String>) -> Self {
        let replacement = replacement.into();
        let mut refusal = self.help(format!("did you mean `{replacement}`?"));
        refusal.replacement = Some(replacement);
        refusal
    }

    fn into_problem(self, node: &Node, expected: &str) -> Problem {
        let message = self
            .message
            .unwrap_or_else(|| format!("expected {expected}"));
        let mut problem = Problem::error(node.position, message).label(node.describe());
        problem.help = self.help;
        problem.replacement = self.replacement;
        problem
    }
}

impl<T: Leaf> Decode for T {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        let parsed = match &node.value {
            Value::Scalar(scalar) if scalar.text.len() > T::BYTES_MAX => {
                context.report(too_long(node.position, scalar.text.len(), T::BYTES_MAX));
                return None;
            }
            Value::Scalar(scalar) => T::parse(scalar),
            _ => Err(Refusal::unexpected()),
        };
        match parsed {
            Ok(value) => Some(value),
            Err(refusal) => {
                context
                    .problems
                    .report_error(|| refusal.into_problem(node, &T::expected()));
                None
            }
        }
    }

    fn describe() -> TypeDescription {
        TypeDescription {
            name: T::name(),
            doc: format!("Written as {}.", T::expected()).into(),
            unit: T::UNIT,
            shape: Shape::Leaf {
                schema: T::schema(),
                examples: T::EXAMPLES,
            },
        }
    }
}
