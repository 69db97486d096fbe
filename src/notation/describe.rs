//! What a declaration says about itself, for the JSON Schema and the reference page.

use std::borrow::Cow;

use super::decode::Context;

/// How well a default is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// The vendor documents it.
    Documented,
    /// It was read in the source of cloudflared or Docker.
    Read,
    /// Somebody measured it.
    Measured,
    /// It follows from facts of the grades above.
    Inferred,
    /// It is our assumption.
    Assumed,
}

impl Grade {
    /// The word used in declarations and on the reference page.
    pub fn word(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Read => "read",
            Self::Measured => "measured",
            Self::Inferred => "inferred",
            Self::Assumed => "assumed",
        }
    }
}

/// Why a default is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Evidence {
    /// How well it is known.
    pub grade: Grade,
    /// Where it comes from.
    pub source: &'static str,
}

/// Whether a field must be written, and what holds when it is not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// It must be written.
    Required,
    /// It may be left out, which means what its description says.
    Optional,
    /// It may be left out, which means this YAML text.
    Default(&'static str),
}

/// Gives the description of a type. A function, because blocks may contain themselves.
pub type Describe = fn() -> TypeDescription;

/// One field of a block.
#[derive(Debug, Clone, Copy)]
pub struct FieldDescription {
    /// Its key in the file.
    pub name: &'static str,
    /// Its documentation, as written above the field.
    pub doc: &'static str,
    /// The type of its value.
    pub kind: Describe,
    /// Required, optional, or its default.
    pub presence: Presence,
    /// Its unit, where the type does not say it.
    pub unit: Option<&'static str>,
    /// Why its default is what it is.
    pub evidence: Option<Evidence>,
    /// Decodes the default, so that a test can ask whether it is a legal value.
    pub check_default: fn(&mut Context),
}

/// The fields of one declared block.
#[derive(Debug, Clone, Copy)]
pub struct FieldGroup {
    /// The block's name.
    pub name: &'static str,
    /// The block's documentation.
    pub doc: &'static str,
    /// Its fields in declared order.
    pub fields: &'static [FieldDescription],
}

/// One kind of a choice.
#[derive(Debug, Clone, Copy)]
pub struct VariantDescription {
    /// Its name in the file.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// The settings below it, if it has any.
    pub payload: Option<Describe>,
}

/// A type of value that a file may contain.
#[derive(Debug, Clone)]
pub struct TypeDescription {
    /// Its name on the reference page and among the schema's definitions; empty for lists and maps.
    /// No two types share one, which [`check_declaration`](super::check_declaration) makes sure of.
    pub name: Cow<'static, str>,
    /// What it is, in Markdown.
    pub doc: Cow<'static, str>,
    /// The unit of a value, or empty.
    pub unit: &'static str,
    /// How it is written.
    pub shape: Shape,
}

/// How values of a type are written.
#[derive(Debug, Clone)]
pub enum Shape {
    /// One scalar.
    Leaf {
        /// The JSON Schema of it.
        schema: serde_json::Value,
        /// Values that are accepted.
        examples: &'static [&'static str],
    },
    /// Anything at all.
    Anything,
    /// Fields under keys; several groups when blocks are joined into one.
    Block(Vec<FieldGroup>),
    /// Values in order.
    List(Describe),
    /// Values under names of the author's choice: the name's type, and the value's.
    Entries(Describe, Describe),
    /// One of several kinds, written as `kind: {settings}`, or as `kind` when every setting has a default.
    Choice(Vec<VariantDescription>),
    /// Any of these types; they differ in how they are written.
    OneOf(Vec<Describe>),
}

/// Documentation as plain Markdown: the space that `///` leaves before each line is taken away.
pub fn trim_doc(doc: &str) -> String {
    let lines: Vec<&str> = doc
        .lines()
        .map(|line| line.strip_prefix(' ').unwrap_or(line))
        .collect();
    lines.join("\n").trim().to_owned()
}

/// The fields of all groups of a block.
pub fn fields_of(groups: &[FieldGroup]) -> impl Iterator<Item = &'static FieldDescription> + '_ {
    groups.iter().flat_map(|group| group.fields)
}

impl TypeDescription {
    /// The types a type is made of, in declared order.
    pub fn mentioned(&self) -> Vec<Describe> {
        match &self.shape {
            Shape::Leaf { .. } | Shape::Anything => Vec::new(),
            Shape::Block(groups) => fields_of(groups).map(|field| field.kind).collect(),
            Shape::List(item) => vec![*item],
            Shape::Entries(key, value) => vec![*key, *value],
            Shape::Choice(variants) => variants
                .iter()
                .filter_map(|variant| variant.payload)
                .collect(),
            Shape::OneOf(kinds) => kinds.clone(),
        }
    }
}

impl VariantDescription {
    /// Whether the kind may be written as its name alone: nothing below it is required.
    pub fn may_stand_alone(&self) -> bool {
        let Some(payload) = self.payload else {
            return true;
        };
        match payload().shape {
            Shape::Block(groups) => {
                fields_of(&groups).all(|field| field.presence != Presence::Required)
            }
            _ => false,
        }
    }
}
