//! Choices: one of several kinds, each with its own settings.
//!
//! In a file a choice is a block of one key, the kind: `power-cut: {host: vps1, at: 20m}`. A kind whose
//! settings all have defaults may be written as its name alone: `closest`. So the caret of a message
//! always lands on the setting that is wrong, not on the whole item.

use super::decode::{Context, Decode};
use super::describe::{Describe, Shape, TypeDescription, VariantDescription, trim_doc};
use super::problem::{Problem, quoted_list};
use super::source::Position;
use super::tree::{Key, Node, Value};

/// One kind of a choice whose values have type `T`.
///
/// A `T` may be an enum declared with [`choice!`](crate::choice), or a boxed trait object when every kind
/// lives in a file of its own and a registry lists them.
#[derive(Debug, Clone, Copy)]
pub struct Variant<T> {
    /// Its name in the file.
    pub name: &'static str,
    /// Its documentation.
    pub doc: &'static str,
    /// The settings below it, if it has any.
    pub payload: Option<Describe>,
    /// Makes the value from the settings.
    pub decode: fn(&Node, &mut Context) -> Option<T>,
}

impl<T> Variant<T> {
    fn description(&self) -> VariantDescription {
        VariantDescription {
            name: self.name,
            doc: self.doc,
            payload: self.payload,
        }
    }
}

/// Decodes one of several kinds. `noun` is what messages call them: "fault"; hyphens are shown as spaces.
pub fn decode_choice<T>(
    noun: &str,
    variants: &[Variant<T>],
    node: &Node,
    context: &mut Context,
) -> Option<T> {
    let noun = &noun.replace('-', " ");
    match &node.value {
        Value::Scalar(scalar) => {
            let variant = find(noun, variants, &scalar.text, node.position, context)?;
            (variant.decode)(&Node::null(node.position), context)
        }
        Value::Map(entries) if entries.len() == 1 => {
            let (key, settings) = &entries[0];
            let variant = find(noun, variants, &key.text, key.position, context)?;
            if variant.payload.is_none() && settings.value != Value::Null {
                let problem = Problem::error(
                    settings.position,
                    format!("`{}` has no settings", variant.name),
                )
                .label("remove what follows");
                context.report(problem);
            }
            (variant.decode)(settings, context)
        }
        _ => {
            context.report(not_one_kind(noun, variants, node));
            None
        }
    }
}

/// Describes one of several kinds, for [`Decode::describe`].
pub fn describe_choice<T>(
    name: &'static str,
    doc: &str,
    variants: &[Variant<T>],
) -> TypeDescription {
    TypeDescription {
        name: name.into(),
        doc: trim_doc(doc).into(),
        unit: "",
        shape: Shape::Choice(variants.iter().map(Variant::description).collect()),
    }
}

fn find<'a, T>(
    noun: &str,
    variants: &'a [Variant<T>],
    written: &str,
    position: Position,
    context: &mut Context,
) -> Option<&'a Variant<T>> {
    let found = variants.iter().find(|variant| variant.name == written);
    if found.is_none() {
        context.report(unknown(noun, variants, written, position));
    }
    found
}

fn unknown<T>(noun: &str, variants: &[Variant<T>], written: &str, position: Position) -> Problem {
    let names = variants.iter().map(|variant| variant.name);
    Problem::error(position, format!("there is no {noun} `{written}`"))
        .label(format!("not a known {noun}"))
        .did_you_mean_one_of(written, names)
        .note(kinds(variants))
}

fn not_one_kind<T>(noun: &str, variants: &[Variant<T>], node: &Node) -> Problem {
    match &node.value {
        Value::Map(entries) if entries.len() > 1 => too_many(noun, variants, entries),
        _ => expected_one(noun, node.position)
            .label(node.describe())
            .note(kinds(variants)),
    }
}

/// Several keys where one kind should be.
fn too_many<T>(noun: &str, variants: &[Variant<T>], entries: &[(Key, Node)]) -> Problem {
    let kind_of = |key: &Key| variants.iter().find(|variant| variant.name == key.text);
    let mut keys = entries.iter().map(|(key, _)| key);
    let Some(kind) = keys.clone().find_map(kind_of) else {
        let first = &entries[0].0;
        return unknown(noun, variants, &first.text, first.position);
    };
    // What belongs to the one kind stands beside it, and not below it; else the second kind is the one too many.
    match keys.find(|key| kind_of(key).is_none()) {
        Some(other) => {
            let problem = expected_one(noun, other.position).label(format!("this is no {noun}"));
            let other = &other.text;
            match kind.payload {
                Some(_) => problem.help(format!(
                    "what belongs to `{kind}` stands in its braces: `{kind}: {{{other}: ...}}`",
                    kind = kind.name
                )),
                None => problem.help(format!("`{}` has no settings: remove `{other}`", kind.name)),
            }
        }
        None => expected_one(noun, entries[1].0.position)
            .label("this is a second one")
            .note(kinds(variants)),
    }
}

fn expected_one(noun: &str, position: Position) -> Problem {
    Problem::error(position, format!("expected one {noun}"))
}

fn kinds<T>(variants: &[Variant<T>]) -> String {
    let names = variants.iter().map(|variant| variant.name);
    format!("it can be: {}", quoted_list(names))
}

/// A value written in one scalar, or as a block: `sessions: 5/s` or `sessions: {profile: [...]}`.
#[derive(Debug, Clone, PartialEq)]
pub enum InlineOr<A, B> {
    /// One scalar.
    Inline(A),
    /// A list or a block.
    Block(B),
}

impl<A: Decode, B: Decode> Decode for InlineOr<A, B> {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        match &node.value {
            Value::Scalar(_) | Value::Null => A::decode(node, context).map(Self::Inline),
            Value::List(_) | Value::Map(_) => B::decode(node, context).map(Self::Block),
        }
    }

    fn describe() -> TypeDescription {
        TypeDescription {
            name: "".into(),
            doc: "".into(),
            unit: A::describe().unit,
            shape: Shape::OneOf(vec![A::describe, B::describe]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::choice;
    use crate::notation::testing::{decoded, refused, shown};
    use crate::notation::{Duration, Pair, Rate, Share};

    crate::block! {
        /// Weights.
        #[derive(PartialEq)]
        struct Weighted as "weighted" {
            /// Share of the first.
            first: Share = "50%" (assumed: "a test"),
        }
    }

    choice! {
        /// Who answers.
        #[derive(PartialEq)]
        enum Routing as "routing" {
            /// The nearest.
            Closest as "closest",
            /// By weight.
            Weighted(Weighted) as "weighted",
            /// After a while.
            Late(Duration) as "late",
        }
    }

    #[test]
    fn a_kind_is_a_name_or_a_block_of_one_key() {
        assert_eq!(decoded::<Routing>("closest"), Routing::Closest);
        assert_eq!(decoded::<Routing>("closest:"), Routing::Closest);
        let Routing::Weighted(weighted) = decoded("weighted: {first: 90%}") else {
            panic!("another kind");
        };
        assert_eq!(weighted.first.get(), 0.9);
        let Routing::Late(late) = decoded("{late: 5s}") else {
            panic!("another kind");
        };
        assert_eq!(late.as_nanos(), 5_000_000_000);
    }

    #[test]
    fn a_kind_whose_settings_have_defaults_may_stand_alone() {
        let Routing::Weighted(weighted) = decoded("weighted") else {
            panic!("another kind");
        };
        assert_eq!(weighted.first.get(), 0.5);
        assert_eq!(
            refused::<Routing>("late"),
            ["expected a length of time such as 250ms, 30s or 1m30s"]
        );
    }

    #[test]
    fn anything_but_one_known_kind_is_refused() {
        insta::assert_snapshot!(
            shown::<Vec<Routing>>("a.yaml", "- nearest\n- closets\n- {late: 1s, closest: }\n- {first: 1, weighted: }\n- {closest: , first: 1}\n- {neerest: , first: 1}\n- closest: 5\n- {}\n- [closest]\n-\n"),
            @r#"
error: there is no routing `nearest`
 --> a.yaml:1:3
  |
1 | - nearest
  |   ^^^^^^^ not a known routing
  |
  = note: it can be: `closest`, `weighted`, `late`

error: there is no routing `closets`
 --> a.yaml:2:3
  |
2 | - closets
  |   ^^^^^^^ not a known routing
  |
help: did you mean `closest`?
  |
2 - - closets
2 + - closest
  |
  = note: it can be: `closest`, `weighted`, `late`

error: expected one routing
 --> a.yaml:3:14
  |
3 | - {late: 1s, closest: }
  |              ^^^^^^^ this is a second one
  |
  = note: it can be: `closest`, `weighted`, `late`

error: expected one routing
 --> a.yaml:4:4
  |
4 | - {first: 1, weighted: }
  |    ^^^^^ this is no routing
  |
help: what belongs to `weighted` stands in its braces: `weighted: {first: ...}`

error: expected one routing
 --> a.yaml:5:15
  |
5 | - {closest: , first: 1}
  |               ^^^^^ this is no routing
  |
help: `closest` has no settings: remove `first`

error: there is no routing `neerest`
 --> a.yaml:6:4
  |
6 | - {neerest: , first: 1}
  |    ^^^^^^^ not a known routing
  |
  = note: it can be: `closest`, `weighted`, `late`

error: `closest` has no settings
 --> a.yaml:7:12
  |
7 | - closest: 5
  |            ^ remove what follows

error: expected one routing
 --> a.yaml:8:3
  |
8 | - {}
  |   ^ this is a block with keys
  |
  = note: it can be: `closest`, `weighted`, `late`

error: expected one routing
 --> a.yaml:9:3
  |
9 | - [closest]
  |   ^ this is a list
  |
  = note: it can be: `closest`, `weighted`, `late`

error: expected one routing
  --> a.yaml:10:2
   |
10 | -
   |  ^ nothing is written here
   |
   = note: it can be: `closest`, `weighted`, `late`

error: 10 problems in a.yaml
"#
        );
    }

    #[test]
    fn a_value_may_be_inline_or_a_block() {
        type Sessions = InlineOr<Rate, Pair<Rate>>;
        assert!(matches!(decoded::<Sessions>("5/s"), InlineOr::Inline(_)));
        assert!(matches!(
            decoded::<Sessions>("[5/s, 6/s]"),
            InlineOr::Block(_)
        ));
        assert_eq!(refused::<Sessions>("5"), ["a rate needs a unit"]);
    }

    #[test]
    fn a_registry_can_list_kinds_from_elsewhere() {
        trait Speak {
            fn speak(&self) -> String;
        }
        struct Dog;
        impl Speak for Dog {
            fn speak(&self) -> String {
                "woof".to_owned()
            }
        }
        const DOG: Variant<Box<dyn Speak>> = Variant {
            name: "dog",
            doc: "A dog.",
            payload: None,
            decode: |_, _| Some(Box::new(Dog)),
        };
        let mut context = Context::default();
        let position = Position::start_of(crate::notation::Sources::default().add("a", "dog"));
        let animal = decode_choice("animal", &[DOG], &Node::text("dog", position), &mut context);
        assert_eq!(animal.unwrap().speak(), "woof");
    }
}
