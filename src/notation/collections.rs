//! Lists, pairs and blocks whose keys the author chooses.

use std::collections::BTreeMap;

use super::decode::{Context, Decode, Spanned};
use super::describe::{Shape, TypeDescription};
use super::leaf::Id;
use super::problem::{Problem, plain_list};
use super::source::Position;
use super::tree::{Node, Value};

/// A list. Items that cannot be read are left out; the file is refused anyway.
impl<T: Decode> Decode for Vec<T> {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        match &node.value {
            Value::List(items) => Some(
                items
                    .iter()
                    .filter_map(|item| T::decode(item, context))
                    .collect(),
            ),
            Value::Null => Some(Self::new()),
            _ => {
                let problem = Problem::error(
                    node.position,
                    "expected a list, `[a, b]` or lines that begin with `- `",
                )
                .label(node.describe());
                context.report(problem);
                None
            }
        }
    }

    fn describe() -> TypeDescription {
        unnamed(Shape::List(T::describe), T::describe().unit)
    }
}

/// One value or a list of them: `hostname: a.example.com` or `hostname: [a.example.com, b.example.com]`.
#[derive(Debug, Clone, PartialEq)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T: Decode> Decode for OneOrMany<T> {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        match &node.value {
            Value::List(items) if items.is_empty() => {
                let problem =
                    Problem::error(node.position, "expected one value, or a list of some")
                        .label("an empty list");
                context.report(problem);
                None
            }
            Value::List(_) => Vec::decode(node, context).map(Self),
            _ => T::decode(node, context).map(|value| Self(vec![value])),
        }
    }

    fn describe() -> TypeDescription {
        unnamed(
            Shape::OneOf(vec![T::describe, Vec::<T>::describe]),
            T::describe().unit,
        )
    }
}

/// Two values in a list: `[1s, 3s]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Pair<T>(pub T, pub T);

impl<T: Decode> Decode for Pair<T> {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        match &node.value {
            Value::List(items) if items.len() == 2 => {
                let (first, second) =
                    (T::decode(&items[0], context), T::decode(&items[1], context));
                Some(Self(first?, second?))
            }
            _ => {
                let label = match &node.value {
                    Value::List(items) => format!("this list has {}", items.len()),
                    _ => node.describe(),
                };
                let problem = Problem::error(node.position, "expected a list of two").label(label);
                context.report(problem);
                None
            }
        }
    }

    fn describe() -> TypeDescription {
        unnamed(Shape::List(T::describe), T::describe().unit)
    }
}

/// A type made of other types has no name of its own.
fn unnamed(shape: Shape, unit: &'static str) -> TypeDescription {
    TypeDescription {
        name: "".into(),
        doc: "".into(),
        unit,
        shape,
    }
}

/// Values under names of the author's choice, in the order of the file: hosts, tunnels, clients.
///
/// A name whose value could not be read stays known to [`Entries::resolve`], so that one mistake is not
/// followed by a complaint at every place that refers to it.
#[derive(Debug, Clone)]
pub struct Entries<T, K = Id> {
    entries: Vec<(Spanned<K>, T)>,
    /// Every written name, and the index of its entry if it could be read.
    indices: BTreeMap<String, Option<usize>>,
}

impl<T, K> Default for Entries<T, K> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            indices: BTreeMap::new(),
        }
    }
}

impl<T, K> Entries<T, K> {
    /// Names and values in the order of the file.
    pub fn iter(&self) -> impl Iterator<Item = (&Spanned<K>, &T)> + '_ {
        self.entries.iter().map(|(key, value)| (key, value))
    }

    /// How many entries there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// The place of a name in the order of the file.
    pub fn index_of(&self, name: &str) -> Option<usize> {
        self.indices.get(name).copied().flatten()
    }

    /// The value under a name.
    pub fn get(&self, name: &str) -> Option<&T> {
        self.index_of(name).map(|index| &self.entries[index].1)
    }

    /// The names whose value could not be read, which has been reported.
    pub fn unreadable(&self) -> impl Iterator<Item = &str> + '_ {
        let indices = self.indices.iter();
        indices
            .filter(|(_, index)| index.is_none())
            .map(|(name, _)| name.as_str())
    }

    /// Looks a reference up and returns the index of the entry. If there is no such name, reports it with
    /// the nearest one: "no `noun` is called ..., not listed under `place`".
    pub fn resolve(
        &self,
        name: &str,
        position: Position,
        (noun, place): (&str, &str),
        context: &mut Context,
    ) -> Option<usize> {
        if !self.indices.contains_key(name) {
            let names = || self.indices.keys().map(String::as_str);
            let problem = || unresolved(name, position, (noun, place), names);
            context.problems.report_error(problem);
        }
        self.index_of(name)
    }
}

/// The message for a name that refers to nothing.
pub fn unresolved<'a, I: Iterator<Item = &'a str>>(
    name: &str,
    position: Position,
    (noun, place): (&str, &str),
    names: impl Fn() -> I,
) -> Problem {
    let problem = Problem::error(position, format!("no {noun} is called `{name}`"))
        .label(format!("not listed under `{place}`"))
        .did_you_mean_one_of(name, names());
    match names().next() {
        Some(_) => problem.note(format!("{place}: {}", plain_list(names()))),
        None => problem.note(format!("there are no {place}")),
    }
}

impl<T: Decode, K: Decode> Decode for Entries<T, K> {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        let written = match &node.value {
            Value::Map(written) => written.as_slice(),
            Value::Null => &[],
            _ => {
                let problem = Problem::error(
                    node.position,
                    "expected a block of names, each with its settings",
                )
                .label(node.describe());
                context.report(problem);
                return None;
            }
        };
        let mut read = Self::default();
        for (key, node) in written {
            let errors = context.problems.errors();
            let (name, value) = (
                Spanned::decode(&key.to_node(), context),
                T::decode(node, context),
            );
            if context.problems.errors() > errors || context.problems.are_at(node.position) {
                context.note_damaged(key.position);
            }
            let entry = name.zip(value);
            let index = entry.is_some().then_some(read.entries.len());
            read.indices.insert(key.text.clone(), index);
            read.entries.extend(entry);
        }
        Some(read)
    }

    fn describe() -> TypeDescription {
        unnamed(Shape::Entries(K::describe, T::describe), "")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::testing::{decoded, refused};
    use crate::notation::{Duration, Whole};

    type Number = Whole<0, 9>;

    #[test]
    fn a_list_skips_what_it_cannot_read() {
        assert_eq!(decoded::<Vec<Number>>("[1, 2]").len(), 2);
        assert!(decoded::<Vec<Number>>("~").is_empty());
        assert_eq!(refused::<Vec<Number>>("[1, x, 10]").len(), 2);
        assert!(refused::<Vec<Number>>("1")[0].starts_with("expected a list"));
    }

    #[test]
    fn one_value_may_stand_for_a_list_of_one() {
        let numbers = |text| {
            decoded::<OneOrMany<Number>>(text)
                .0
                .iter()
                .map(|one| one.get())
                .collect::<Vec<_>>()
        };
        assert_eq!(numbers("1"), [1]);
        assert_eq!(numbers("[1, 2]"), [1, 2]);
        assert_eq!(refused::<OneOrMany<Number>>("x").len(), 1);
    }

    #[test]
    fn a_pair_has_two_values() {
        assert_eq!(
            decoded::<Pair<Duration>>("[1s, 3s]").1.as_nanos(),
            3_000_000_000
        );
        for text in ["[1s]", "[1s, 2s, 3s]", "1s", "{a: 1s}"] {
            assert_eq!(refused::<Pair<Duration>>(text), ["expected a list of two"]);
        }
        assert_eq!(refused::<Pair<Duration>>("[1, 2]").len(), 2);
    }

    #[test]
    fn entries_keep_the_order_of_the_file() {
        let entries: Entries<Number> = decoded("b: 1\na: 2\n");
        let names: Vec<&str> = entries.iter().map(|(name, _)| &*name.value).collect();
        assert_eq!(names, ["b", "a"]);
        assert_eq!(entries.index_of("a"), Some(1));
        assert_eq!(entries.get("a").unwrap().get(), 2);
        assert!(entries.get("c").is_none());
    }

    #[test]
    fn names_of_entries_are_checked() {
        assert_eq!(refused::<Entries<Number>>("a/b: 1\n").len(), 1);
        assert_eq!(refused::<Entries<Number>>("5").len(), 1);
        assert!(decoded::<Entries<Number>>("~").is_empty());
    }

    #[test]
    fn a_reference_to_an_entry_that_could_not_be_read_is_not_a_second_problem() {
        let (mut sources, mut context) = (crate::notation::Sources::default(), Context::default());
        let node = crate::notation::read("a", b"a: 1\nb: x\n", &mut sources, &mut context.problems)
            .unwrap();
        let entries = Entries::<Number>::decode(&node, &mut context).unwrap();
        let mut resolve =
            |name| entries.resolve(name, node.position, ("number", "numbers"), &mut context);
        assert_eq!(resolve("a"), Some(0));
        assert_eq!(resolve("b"), None);
        assert_eq!(resolve("c"), None);
        assert_eq!(context.problems.errors(), 2);
        assert_eq!(entries.unreadable().collect::<Vec<_>>(), ["b"]);
    }
}
