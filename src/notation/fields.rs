//! Blocks: a struct, its decoding, its schema and its reference page from one declaration.

use std::collections::BTreeSet;

use super::decode::{Context, Decode, Spanned};
use super::describe::{
    FieldDescription, FieldGroup, Presence, Shape, TypeDescription, fields_of, trim_doc,
};
use super::problem::{Problem, Problems, quoted_list};
use super::source::Position;
use super::tree::{Key, Node, Value};
use super::yaml;

/// A group of fields under keys. Declared with [`block!`](crate::block), never by hand.
pub trait Block: Sized {
    /// Its name on the reference page and in the schema.
    const NAME: &'static str;
    /// Its documentation.
    const DOC: &'static str;
    /// Its fields in declared order.
    const FIELDS: &'static [FieldDescription];

    /// Reads the fields. Keys that do not belong here have been reported already.
    fn read(fields: &Fields<'_>, context: &mut Context) -> Option<Self>;
}

/// Decodes a block; what [`block!`](crate::block) calls.
pub fn decode_block<T: Block>(node: &Node, context: &mut Context) -> Option<T> {
    let fields = Fields::open(node, &[T::FIELDS], context)?;
    T::read(&fields.of::<T>(), context)
}

/// Describes a block; what [`block!`](crate::block) calls.
pub fn describe_block<T: Block>() -> TypeDescription {
    TypeDescription {
        name: T::NAME.into(),
        doc: trim_doc(T::DOC).into(),
        unit: "",
        shape: Shape::Block(vec![group::<T>()]),
    }
}

fn group<T: Block>() -> FieldGroup {
    FieldGroup {
        name: T::NAME,
        doc: T::DOC,
        fields: T::FIELDS,
    }
}

/// The entries of a block while it is read.
#[derive(Debug, Clone, Copy)]
pub struct Fields<'a> {
    name: &'static str,
    declared: &'static [FieldDescription],
    entries: &'a [(Key, Node)],
    position: Position,
}

impl<'a> Fields<'a> {
    /// Looks into a block and reports the keys that are in none of the `declared` lists.
    ///
    /// Nothing written counts as an empty block, as in `volumes:` of a compose file.
    fn open(
        node: &'a Node,
        declared: &[&'static [FieldDescription]],
        context: &mut Context,
    ) -> Option<Self> {
        let entries = match &node.value {
            Value::Map(entries) => entries.as_slice(),
            Value::Null => &[],
            _ => {
                let names = quoted_list(declared.iter().copied().flatten().map(|field| field.name));
                let problem = Problem::error(node.position, "expected a block of settings")
                    .label(node.describe())
                    .note(format!("settings that belong here: {names}"));
                context.report(problem);
                return None;
            }
        };
        for (key, _) in entries {
            if !declared
                .iter()
                .copied()
                .flatten()
                .any(|field| field.name == key.text)
            {
                context.problems.report_error(|| unknown_key(key, declared));
            }
        }
        Some(Self {
            name: "",
            declared: &[],
            entries,
            position: node.position,
        })
    }

    /// The same entries, seen as those of one block.
    fn of<T: Block>(&self) -> Self {
        Self {
            name: T::NAME,
            declared: T::FIELDS,
            ..*self
        }
    }

    fn find(&self, name: &str) -> Option<&'a Node> {
        let found = self.entries.iter().find(|(key, _)| key.text == name);
        found.map(|(_, node)| node)
    }

    /// Where the block stands.
    pub fn position(&self) -> Position {
        self.position
    }

    /// A field that must be written.
    pub fn required<T: Decode>(
        &self,
        name: &'static str,
        context: &mut Context,
    ) -> Option<Spanned<T>> {
        match self.find(name) {
            Some(node) => Spanned::decode(node, context),
            None => {
                context.problems.report_error(|| {
                    Problem::error(self.position, format!("this block needs `{name}`"))
                        .label(format!("`{name}` is missing"))
                });
                None
            }
        }
    }

    /// A field that may be left out. One that cannot be read counts as left out; the file is refused anyway.
    pub fn optional<T: Decode>(
        &self,
        name: &'static str,
        context: &mut Context,
    ) -> Option<Spanned<T>> {
        self.find(name)
            .and_then(|node| Spanned::decode(node, context))
    }

    /// A field with a default. One that cannot be read gets the default; the file is refused anyway.
    pub fn defaulted<T: Decode>(
        &self,
        name: &'static str,
        default: &'static str,
        context: &mut Context,
    ) -> Option<Spanned<T>> {
        let written = self.find(name);
        if let Some(value) = written.and_then(|node| Spanned::decode(node, context)) {
            return Some(value);
        }
        if let (None, Some(field)) = (
            written,
            self.declared.iter().find(|field| field.name == name),
        ) {
            context.note_default(self.name, field);
        }
        let default = context.default_of(self.name, name, default);
        decode_default(&default, self.position, context)
    }
}

/// Reads the YAML text of a default as if it stood at `position`.
pub(super) fn decode_default<T: Decode>(
    default: &str,
    position: Position,
    context: &mut Context,
) -> Option<Spanned<T>> {
    let node = default_node(default, position, &mut context.problems)?;
    T::decode(&node, context).map(|value| Spanned {
        value,
        position,
        given: false,
    })
}

fn default_node(default: &str, position: Position, problems: &mut Problems) -> Option<Node> {
    // Most defaults are one word, for which starting the parser would be the larger part of the work.
    let is_word = |byte: u8| byte.is_ascii_alphanumeric() || b".%/_-".contains(&byte);
    if default.bytes().all(is_word)
        && default.starts_with(|first: char| first.is_ascii_alphanumeric())
    {
        return Some(Node::text(default, position));
    }
    let mut node = yaml::parse(position.source, default, 0, problems)?;
    node.place_at(position);
    Some(node)
}

fn unknown_key(key: &Key, declared: &[&'static [FieldDescription]]) -> Problem {
    let names = || declared.iter().copied().flatten().map(|field| field.name);
    let problem = Problem::error(
        key.position,
        format!("there is no setting `{}` here", key.text),
    )
    .label("not a known setting")
    .did_you_mean_one_of(&key.text, names());
    match names().next() {
        Some(_) => problem.note(format!(
            "settings that belong here: {}",
            quoted_list(names())
        )),
        None => problem.note("no settings belong here"),
    }
}

/// Two blocks written as one, such as what every fault has and what one kind of fault has.
#[derive(Debug, Clone)]
pub struct Joined<A, B> {
    /// The fields all kinds share.
    pub common: A,
    /// The fields of this kind.
    pub own: B,
}

impl<A: Block, B: Block> Decode for Joined<A, B> {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        let fields = Fields::open(node, &[B::FIELDS, A::FIELDS], context)?;
        let (own, common) = (
            B::read(&fields.of::<B>(), context),
            A::read(&fields.of::<A>(), context),
        );
        Some(Self {
            common: common?,
            own: own?,
        })
    }

    fn describe() -> TypeDescription {
        TypeDescription {
            // One kind may be joined with several: a fault with its schedule, or with its rates.
            name: format!("{}-{}", A::NAME, B::NAME).into(),
            shape: Shape::Block(vec![group::<B>(), group::<A>()]),
            ..describe_block::<B>()
        }
    }
}

/// Whether a declaration is sound: every default must be a legal value, and no two types may share a name, or one
/// would be left out of schema and reference. For tests.
///
/// Follows the description down through every type it mentions.
pub fn check_declaration<T: Decode>() -> Problems {
    let mut context = Context::default();
    let mut names = BTreeSet::new();
    super::schema::visit(&T::describe(), &mut |kind| {
        if !kind.name.is_empty() && !names.insert(kind.name.to_string()) {
            let message = format!("two types are called `{}`", kind.name);
            context.report(Problem::error(nowhere(), message));
        }
        if let Shape::Block(groups) = &kind.shape {
            for field in fields_of(groups) {
                (field.check_default)(&mut context);
                let defaulted = matches!(field.presence, Presence::Default(_));
                if defaulted != field.evidence.is_some() {
                    let message = format!(
                        "`{}.{}` has a default without evidence, or the reverse",
                        kind.name, field.name
                    );
                    context.report(Problem::error(nowhere(), message));
                }
            }
        }
    });
    context.problems
}

fn nowhere() -> Position {
    Position::start_of(super::source::Sources::default().add("a declaration", ""))
}

/// Decodes a default for [`check_declaration`]; what [`block!`](crate::block) calls.
pub fn check_default<T: Decode>(default: &'static str, context: &mut Context) {
    decode_default::<T>(default, nowhere(), context);
}

#[cfg(test)]
#[expect(dead_code, reason = "some fields are declared only to be decoded")]
mod tests {
    use super::*;
    use crate::block;
    use crate::notation::testing::{decoded, refused, shown};
    use crate::notation::{Duration, Entries, Id, Share, Text, Whole};

    block! {
        /// What every fault has.
        struct Schedule as "schedule" {
            /// When it strikes.
            at: Duration = required,
            /// How long it lasts.
            lasts as "for": Duration = "30s" (assumed: "a test"),
        }
    }

    block! {
        /// A slow container.
        struct Brownout as "brownout" {
            /// The container.
            container: Id = required,
            /// Share of the requests it slows.
            share: Share = "100%" (assumed: "a test"),
            /// Workers it leaves.
            workers: Whole<0, 64> = optional,
        }
    }

    #[test]
    fn fields_are_required_optional_or_have_a_default() {
        let brownout: Brownout = decoded("container: express\nworkers: 3\n");
        assert_eq!(&*brownout.container.value, "express");
        assert_eq!(brownout.workers.map(|workers| workers.get()), Some(3));
        assert_eq!(brownout.share.get(), 1.0);
        assert!(!brownout.share.given);
        assert!(brownout.container.given);
    }

    #[test]
    fn a_default_stands_where_the_block_stands() {
        let blocks: Entries<Brownout> = decoded("\nslow: {container: a}\n");
        let slow = blocks.get("slow").unwrap();
        assert_eq!(slow.share.position.line, 2);
        assert_eq!(slow.share.position.column, 1);
    }

    #[test]
    fn every_problem_of_a_block_is_found() {
        assert_eq!(
            refused::<Brownout>("share: 101%\nworkers: many\ncontaner: x\n"),
            [
                "this block needs `container`",
                "a share lies between 0% and 100%",
                "expected a whole number from 0 to 64",
                "there is no setting `contaner` here",
            ]
        );
    }

    #[test]
    fn a_block_survives_a_bad_optional_value() {
        let mut context = Context::default();
        let mut sources = crate::notation::Sources::default();
        let text = b"container: a\nworkers: many\n";
        let node = yaml::read("a", text, &mut sources, &mut context.problems).unwrap();
        let brownout = Brownout::decode(&node, &mut context).unwrap();
        assert!(brownout.workers.is_none());
        assert!(context.problems.has_errors());
    }

    #[test]
    fn defaults_that_were_used_are_known() {
        let mut context = Context::default();
        let mut sources = crate::notation::Sources::default();
        let text = b"a: {at: 1s}\nb: {at: 1s, for: 3s}\n";
        let node = yaml::read("a", text, &mut sources, &mut context.problems).unwrap();
        Entries::<Schedule>::decode(&node, &mut context);
        let used: Vec<_> = context
            .defaults_used()
            .map(|(block, field)| (block, field.name))
            .collect();
        assert_eq!(used, [("schedule", "for")]);
    }

    #[test]
    fn another_default_holds_where_a_setting_is_left_out() {
        let mut context = Context::default();
        context.assume("schedule.for", "2m");
        let mut sources = crate::notation::Sources::default();
        let text = b"a: {at: 1s}\nb: {at: 1s, for: 3s}\n";
        let node = yaml::read("a", text, &mut sources, &mut context.problems).unwrap();
        let schedules = Entries::<Schedule>::decode(&node, &mut context).unwrap();
        let lasts = |name| schedules.get(name).unwrap().lasts.as_nanos();
        assert_eq!((lasts("a"), lasts("b")), (120_000_000_000, 3_000_000_000));
    }

    #[test]
    fn two_blocks_can_be_written_as_one() {
        let fault: Joined<Schedule, Brownout> = decoded("{container: a, at: 20m, share: 5%}");
        assert_eq!(fault.common.at.as_nanos(), 1_200_000_000_000);
        assert_eq!(fault.common.lasts.as_nanos(), 30_000_000_000);
        assert_eq!(fault.own.share.get(), 0.05);
        assert_eq!(
            refused::<Joined<Schedule, Brownout>>("{at: 1, sahre: 5%}"),
            [
                "this block needs `container`",
                "a length of time needs a unit",
                "there is no setting `sahre` here",
            ]
        );
    }

    #[test]
    fn a_value_where_a_block_belongs_is_refused() {
        insta::assert_snapshot!(shown::<Entries<Schedule>>("a.yaml", "a: soon\nb: [1s]\n"), @r#"
error: expected a block of settings
 --> a.yaml:1:4
  |
1 | a: soon
  |    ^^^^ this is `soon`
  |
  = note: settings that belong here: `at`, `for`

error: expected a block of settings
 --> a.yaml:2:1
  |
2 | b: [1s]
  | ^ this is a list
  |
  = note: settings that belong here: `at`, `for`

error: 2 problems in a.yaml
"#);
    }

    #[test]
    fn the_declarations_of_this_test_are_sound() {
        assert!(check_declaration::<Joined<Schedule, Brownout>>().is_empty());
    }

    block! {
        /// A block with a bad default and one without evidence.
        struct Unsound as "unsound" {
            /// Not a duration.
            wait: Duration = "30" (assumed: "a test"),
            /// Without evidence.
            name: Text = "x",
        }
    }

    block! {
        /// A block of the name of another.
        struct Namesake as "unsound" {
            /// The other.
            other: Unsound = optional,
        }
    }

    #[test]
    fn two_types_of_one_name_are_found_and_neither_is_left_out() {
        let messages: Vec<String> = check_declaration::<Namesake>()
            .sorted()
            .iter()
            .map(|problem| problem.message.clone())
            .collect();
        assert_eq!(messages.len(), 3, "{messages:?}");
        assert!(messages.contains(&"two types are called `unsound`".to_owned()));
        assert!(decoded::<Namesake>("{}").other.is_none());
    }

    #[test]
    fn what_is_joined_has_a_name_of_both() {
        let joined = Joined::<Schedule, Brownout>::describe();
        assert_eq!(joined.name, "schedule-brownout");
    }

    #[test]
    fn unsound_declarations_are_found() {
        assert_eq!(check_declaration::<Vec<Unsound>>().errors(), 2);
        let unsound = decoded::<Brownout>("container: a");
        assert!(unsound.workers.is_none());
        assert!(refused::<Unsound>("{name: y, wait: 1s}").is_empty());
        assert_eq!(refused::<Unsound>("{}"), ["a length of time needs a unit"]);
    }
}
