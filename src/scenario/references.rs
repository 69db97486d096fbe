//! Files that a scenario refers to by name: `ingress: config.yml` and `trace: requests.csv`.
//!
//! A configuration is put into the tree where it is named, so that messages about it show its own lines. A trace is
//! kept beside the tree, and its name in the tree becomes the name the loader knows it by.

use std::collections::BTreeMap;

use super::build::TRACE_HEADING;
use crate::notation::{self, Key, Loader, Node, Position, Problem, Problems, Sources, Value};

/// Loads what a tree refers to.
pub struct References<'a, 'b> {
    /// Fetches a file.
    pub load: &'a mut Loader<'b>,
    /// Where texts are registered.
    pub sources: &'a mut Sources,
    /// Where problems go.
    pub problems: &'a mut Problems,
    /// The traces found so far, by the loader's name.
    pub traces: &'a mut BTreeMap<String, Vec<u8>>,
}

impl References<'_, '_> {
    /// Follows every reference in a tree.
    pub fn follow(&mut self, node: &mut Node) {
        match &mut node.value {
            Value::Map(entries) => {
                for (key, value) in entries {
                    self.follow_entry(&key.text, value);
                }
            }
            Value::List(items) => items.iter_mut().for_each(|item| self.follow(item)),
            Value::Null | Value::Scalar(_) => {}
        }
    }

    fn follow_entry(&mut self, key: &str, value: &mut Node) {
        // In `variants:` a key is a path such as `tunnels.prod.ingress`.
        let last = key.rsplit('.').next().unwrap_or(key);
        match (last, &value.value) {
            ("ingress", Value::Scalar(scalar)) => {
                let name = scalar.text.clone();
                self.configuration(&name, value);
            }
            ("trace", Value::Scalar(scalar)) => {
                let name = scalar.text.clone();
                self.trace(&name, value);
            }
            _ => self.follow(value),
        }
    }

    fn configuration(&mut self, name: &str, node: &mut Node) {
        let Some((name, bytes)) = self.fetch(name, node.position) else {
            node.value = no_rules(node.position);
            return;
        };
        if let Some(tree) = notation::read(&name, &bytes, self.sources, self.problems) {
            *node = tree;
        }
    }

    fn trace(&mut self, name: &str, node: &mut Node) {
        // Without the file an empty trace goes on, so that nothing else is said about it.
        let found = self.fetch(name, node.position);
        let (name, bytes) = found.unwrap_or_else(|| (name.to_owned(), TRACE_HEADING.into()));
        *node = Node::text(&name, node.position);
        self.traces.insert(name, bytes);
    }

    fn fetch(&mut self, name: &str, position: Position) -> Option<(String, Vec<u8>)> {
        let from = self.sources.name(position.source).to_owned();
        match (self.load)(name, &from) {
            Ok(loaded) => Some((loaded.name, loaded.bytes)),
            Err(reason) => {
                self.problems
                    .report(Problem::error(position, format!("`{name}` {reason}")));
                None
            }
        }
    }
}

/// Rules to go on with where a configuration cannot be read, so that nothing else is said about it.
fn no_rules(position: Position) -> Value {
    let key = Key {
        text: "service".to_owned(),
        position,
    };
    let rule = Node {
        position,
        value: Value::Map(vec![(key, Node::text("http_status:503", position))]),
    };
    Value::List(vec![rule])
}
