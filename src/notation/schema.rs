//! The JSON Schema of a declared type, for editors.

use std::collections::BTreeSet;

use super::describe::{Describe, Shape, TypeDescription};

/// Calls `see` for a type and every type it mentions, each named type once.
pub(super) fn visit(kind: &TypeDescription, see: &mut dyn FnMut(&TypeDescription)) {
    visit_new(kind, &mut BTreeSet::new(), see);
}

fn visit_new(
    kind: &TypeDescription,
    seen: &mut BTreeSet<String>,
    see: &mut dyn FnMut(&TypeDescription),
) {
    if !kind.name.is_empty() && !seen.insert(kind.name.to_string()) {
        return;
    }
    see(kind);
    for describe in mentioned(kind) {
        visit_new(&describe(), seen, see);
    }
}

/// The types a type is made of.
fn mentioned(kind: &TypeDescription) -> Vec<Describe> {
    match &kind.shape {
        Shape::Leaf { .. } | Shape::Anything => Vec::new(),
        Shape::Block(groups) => groups
            .iter()
            .copied()
            .flatten()
            .map(|field| field.kind)
            .collect(),
        Shape::List(item) => vec![*item],
        Shape::Entries(key, value) => vec![*key, *value],
        Shape::Choice(variants) => variants
            .iter()
            .filter_map(|variant| variant.payload)
            .collect(),
        Shape::OneOf(kinds) => kinds.clone(),
    }
}
