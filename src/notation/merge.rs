//! How a file is laid over the one it extends.

use std::collections::BTreeMap;

use super::describe::{Describe, Shape, TypeDescription, fields_of};
use super::tree::{Key, Node, Value};

/// Lays `over` over `base`: blocks merge, everything else replaces, and nothing deletes.
///
/// `kind` describes the value where that is known. It matters for choices only: `{constant: 1s}` over
/// `{exponential: 3s}` is the first alone and not a block with two kinds.
pub(super) fn merge(base: Node, over: Node, kind: Option<&TypeDescription>) -> Node {
    match (base.value, over.value) {
        (Value::Map(base_entries), Value::Map(over_entries)) => {
            let value = if replaces(&base_entries, &over_entries, kind) {
                over_entries
            } else {
                merge_entries(base_entries, over_entries, kind)
            };
            Node {
                position: over.position,
                value: Value::Map(value),
            }
        }
        (_, value) => Node {
            position: over.position,
            value,
        },
    }
}

type Entries = Vec<(Key, Node)>;

/// Whether both blocks name one kind of a choice, and not the same.
fn replaces(base: &Entries, over: &Entries, kind: Option<&TypeDescription>) -> bool {
    let is_choice = kind.is_some_and(|kind| as_choice(kind).is_some());
    is_choice && base.first().map(|(key, _)| &key.text) != over.first().map(|(key, _)| &key.text)
}

fn merge_entries(base: Entries, over: Entries, kind: Option<&TypeDescription>) -> Entries {
    let mut merged: Vec<Option<(Key, Node)>> = base.into_iter().map(Some).collect();
    let index_of: BTreeMap<String, usize> = (0..)
        .zip(&merged)
        .filter_map(|(index, entry)| Some((entry.as_ref()?.0.text.clone(), index)))
        .collect();
    for (key, node) in over {
        let Some(place) = index_of.get(&key.text).map(|index| &mut merged[*index]) else {
            merged.push(Some((key, node)));
            continue;
        };
        if node.value == Value::Null {
            *place = None;
        } else if let Some((_, below)) = place.take() {
            let kind = kind.and_then(|kind| kind_below(kind, &key.text));
            let node = merge(below, node, kind.map(|describe| describe()).as_ref());
            *place = Some((key, node));
        }
    }
    merged.into_iter().flatten().collect()
}

/// The type of the value under a key.
pub(super) fn kind_below(kind: &TypeDescription, key: &str) -> Option<Describe> {
    match &kind.shape {
        Shape::Block(groups) => {
            let field = fields_of(groups).find(|field| field.name == key);
            field.map(|field| field.kind)
        }
        Shape::Entries(_, value) => Some(*value),
        Shape::Choice(variants) => {
            let variant = variants.iter().find(|variant| variant.name == key);
            variant.and_then(|variant| variant.payload)
        }
        Shape::OneOf(kinds) => kinds
            .iter()
            .find_map(|describe| kind_below(&describe(), key)),
        Shape::Leaf { .. } | Shape::Anything | Shape::List(_) => None,
    }
}

/// The choice that a value written as a block would be.
fn as_choice(kind: &TypeDescription) -> Option<()> {
    match &kind.shape {
        Shape::Choice(_) => Some(()),
        Shape::OneOf(kinds) => kinds.iter().find_map(|describe| as_choice(&describe())),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::{Decode, DistributionSpec, Problems, Sources, yaml};

    fn merged(base: &str, over: &str) -> Node {
        let (mut sources, mut problems) = (Sources::default(), Problems::default());
        let base = yaml::read("base.yaml", base.as_bytes(), &mut sources, &mut problems).unwrap();
        let over = yaml::read("over.yaml", over.as_bytes(), &mut sources, &mut problems).unwrap();
        merge(base, over, Some(&DistributionSpec::describe()))
    }

    #[test]
    fn another_kind_of_a_choice_replaces_the_first() {
        let law = merged("{constant: 1s}", "{uniform: [1s, 2s]}");
        assert!(law.get("constant").is_none());
        assert!(law.get("uniform").is_some());
    }

    #[test]
    fn the_same_kind_of_a_choice_merges() {
        let law = merged("{erlang: {shape: 1, mean: 2s}}", "{erlang: {mean: 3s}}");
        let erlang = law.get("erlang").unwrap();
        assert_eq!(erlang.get("shape").unwrap().describe(), "this is `1`");
        assert_eq!(erlang.get("mean").unwrap().describe(), "this is `3s`");
    }

    #[test]
    fn nothing_stays_nothing_where_there_is_nothing_to_delete() {
        let law = merged("{erlang: {shape: 1}}", "{erlang: {mean: }}");
        assert_eq!(
            law.get("erlang").unwrap().get("mean").unwrap().value,
            Value::Null
        );
    }
}
