//! The JSON Schema of a declared type, for editors.
//!
//! Draft 2020-12. Whatever the schema accepts is well formed for the decoder too, except for what a schema
//! cannot say: sums, references, and limits on a quantity that is written with a unit.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::decode::Decode;
use super::describe::{
    Describe, FieldDescription, Presence, Shape, TypeDescription, VariantDescription, fields_of,
    trim_doc,
};
use super::limits::LIST_ITEMS_MAX;
use super::problem::Problems;
use super::source::{Position, Sources};
use super::tree::{self, Node};
use super::yaml;

/// The JSON Schema of `T`, with every type it mentions under `$defs`. Keys are sorted.
pub fn json_schema<T: Decode>(title: &str) -> Value {
    let root = T::describe();
    let mut definitions = Map::new();
    visit(&root, &mut |kind| {
        if !kind.name.is_empty() {
            definitions.insert(definition_key(kind), definition(kind));
        }
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title,
        "$ref": format!("#/$defs/{}", definition_key(&root)),
        "$defs": definitions,
    })
}

fn definition_key(kind: &TypeDescription) -> String {
    kind.name.replace(' ', "-")
}

/// The schema of a type where it is used: a reference if it has a name.
fn reference(describe: Describe) -> Value {
    let kind = describe();
    if kind.name.is_empty() {
        shape(&kind.shape)
    } else {
        json!({"$ref": format!("#/$defs/{}", definition_key(&kind))})
    }
}

fn definition(kind: &TypeDescription) -> Value {
    let mut schema = shape(&kind.shape);
    insert(&mut schema, "description", json!(kind.doc));
    if let Shape::Leaf { examples, .. } = &kind.shape
        && !examples.is_empty()
    {
        let examples: Vec<Value> = examples
            .iter()
            .map(|example| yaml_as_json(example))
            .collect();
        insert(&mut schema, "examples", json!(examples));
    }
    schema
}

fn shape(shape: &Shape) -> Value {
    match shape {
        Shape::Leaf { schema, .. } => schema.clone(),
        Shape::Anything => json!({}),
        Shape::Block(groups) => block(fields_of(groups)),
        Shape::List(item) => {
            json!({"type": "array", "items": reference(*item), "maxItems": LIST_ITEMS_MAX})
        }
        Shape::Entries(key, value) => json!({
            "type": "object",
            "propertyNames": reference(*key),
            "additionalProperties": reference(*value),
            "maxProperties": LIST_ITEMS_MAX,
        }),
        Shape::Choice(variants) => {
            json!({"oneOf": variants.iter().flat_map(variant).collect::<Vec<_>>()})
        }
        Shape::OneOf(kinds) => {
            json!({"anyOf": kinds.iter().map(|kind| reference(*kind)).collect::<Vec<_>>()})
        }
    }
}

fn block<'a>(fields: impl Iterator<Item = &'a FieldDescription>) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for field in fields {
        properties.insert(field.name.to_owned(), property(field));
        if field.presence == Presence::Required {
            required.push(field.name);
        }
    }
    json!({
        "type": if required.is_empty() { json!(["object", "null"]) } else { json!("object") },
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    })
}

fn property(field: &FieldDescription) -> Value {
    let mut schema = reference(field.kind);
    insert(&mut schema, "description", json!(trim_doc(field.doc)));
    if let Presence::Default(default) = field.presence {
        insert(&mut schema, "default", yaml_as_json(default));
    }
    schema
}

/// The one or two ways to write a kind: its name alone, and a block with its settings.
fn variant(variant: &VariantDescription) -> Vec<Value> {
    let doc = trim_doc(variant.doc);
    let mut ways = Vec::new();
    if variant.may_stand_alone() {
        ways.push(json!({"const": variant.name, "description": doc}));
    }
    if let Some(payload) = variant.payload {
        ways.push(json!({
            "type": "object",
            "properties": {variant.name: reference(payload)},
            "required": [variant.name],
            "additionalProperties": false,
            "description": doc,
        }));
    }
    ways
}

fn insert(schema: &mut Value, key: &str, value: Value) {
    if let Value::Object(object) = schema {
        object.insert(key.to_owned(), value);
    }
}

/// YAML text from a declaration as the JSON value an editor would show.
fn yaml_as_json(text: &str) -> Value {
    let source = Position::start_of(Sources::default().add("", text)).source;
    match yaml::parse(source, text, 0, &mut Problems::default()) {
        Some(node) => node_as_json(&node),
        None => Value::Null,
    }
}

fn node_as_json(node: &Node) -> Value {
    match &node.value {
        tree::Value::Null => Value::Null,
        tree::Value::Scalar(scalar) if scalar.quoted => json!(scalar.text),
        tree::Value::Scalar(scalar) => match serde_json::from_str(&scalar.text) {
            Ok(value @ (Value::Bool(_) | Value::Number(_))) => value,
            _ => json!(scalar.text),
        },
        tree::Value::List(items) => items.iter().map(node_as_json).collect(),
        tree::Value::Map(entries) => entries
            .iter()
            .map(|(key, node)| (key.text.clone(), node_as_json(node)))
            .collect(),
    }
}

/// Calls `see` for a type and every type it mentions, each named type once. Types of one name that are written
/// differently are all seen, so that nothing is left out by mistake.
pub fn visit(kind: &TypeDescription, see: &mut dyn FnMut(&TypeDescription)) {
    visit_new(kind, &mut BTreeSet::new(), see);
}

fn visit_new(
    kind: &TypeDescription,
    seen: &mut BTreeSet<(String, String)>,
    see: &mut dyn FnMut(&TypeDescription),
) {
    if !kind.name.is_empty() {
        let written = definition(kind).to_string();
        if !seen.insert((kind.name.to_string(), written)) {
            return;
        }
    }
    see(kind);
    for describe in kind.mentioned() {
        visit_new(&describe(), seen, see);
    }
}

#[cfg(test)]
#[expect(dead_code, reason = "some kinds are declared only to be described")]
mod tests {
    use super::*;
    use crate::notation::testing::decoded;
    use crate::notation::{Duration, Entries, Id, OneOrMany, Rate, Share, block, choice};
    use proptest::prelude::*;

    block! {
        /// A pool of servers.
        struct Pool as "pool" {
            /// How it picks.
            picks: Picks = "first" (documented: "the manual"),
            /// Pools inside.
            inside as "pools": Entries<Pool> = optional,
            /// Who may use it.
            users: OneOrMany<Id> = required,
        }
    }

    choice! {
        /// How a pool picks.
        enum Picks as "picks" {
            /// The first.
            First as "first",
            /// After a while.
            Late(Duration) as "late",
            /// Other pools.
            Other(Vec<Pool>) as "other",
        }
    }

    #[test]
    fn the_schema_says_what_the_decoder_accepts() {
        let pool: Pool = decoded("{users: a, picks: {late: 5s}, pools: {b: {users: [a]}}}");
        assert!(pool.inside.is_some() && matches!(pool.picks.value, Picks::Late(_)));
        assert_eq!(pool.users.0.len(), 1);
        let schema = json_schema::<Pool>("A pool");
        assert_eq!(schema["$ref"], "#/$defs/pool");
        let defined: Vec<&String> = schema["$defs"].as_object().unwrap().keys().collect();
        assert_eq!(defined, ["duration", "id", "picks", "pool"]);

        let pool = &schema["$defs"]["pool"];
        assert_eq!(pool["required"], json!(["users"]));
        assert_eq!(pool["additionalProperties"], json!(false));
        let fields = &pool["properties"];
        assert_eq!(
            fields["picks"],
            json!({"$ref": "#/$defs/picks", "default": "first", "description": "How it picks."})
        );
        assert_eq!(
            fields["pools"]["additionalProperties"],
            json!({"$ref": "#/$defs/pool"})
        );
        assert_eq!(
            fields["pools"]["propertyNames"],
            json!({"$ref": "#/$defs/id"})
        );
        assert_eq!(
            fields["users"]["anyOf"][1]["items"],
            json!({"$ref": "#/$defs/id"})
        );

        let picks = &schema["$defs"]["picks"]["oneOf"];
        assert_eq!(
            picks[0],
            json!({"const": "first", "description": "The first."})
        );
        assert_eq!(
            picks[1]["properties"]["late"],
            json!({"$ref": "#/$defs/duration"})
        );
        assert_eq!(
            picks.as_array().unwrap().len(),
            3,
            "no kind that needs settings stands alone"
        );
    }

    #[test]
    fn the_schema_is_the_same_every_time() {
        let text = || serde_json::to_string_pretty(&json_schema::<Pool>("A pool")).unwrap();
        assert_eq!(text(), text());
    }

    /// What a pattern with the parts our patterns use accepts.
    fn pattern_of<T: Decode>() -> String {
        let Shape::Leaf { schema, .. } = T::describe().shape else {
            panic!("not a leaf");
        };
        let pattern = schema["pattern"]
            .as_str()
            .or_else(|| schema["anyOf"][1]["pattern"].as_str());
        pattern
            .unwrap()
            .trim_start_matches('^')
            .trim_end_matches('$')
            .to_owned()
    }

    /// Every text of a pattern decodes, or is beyond a limit that no pattern can say.
    fn accepts<T: Decode>(text: &str, limit: &str) -> Result<(), TestCaseError> {
        let messages = crate::notation::testing::refused::<T>(&format!("'{text}'"));
        let within = messages.is_empty() || text.len() > 64 || messages[0].contains(limit);
        prop_assert!(within, "{text}: {messages:?}");
        Ok(())
    }

    proptest! {
        #[test]
        fn what_the_pattern_of_durations_accepts_decodes(
            text in proptest::string::string_regex(&pattern_of::<Duration>()).unwrap()
        ) {
            accepts::<Duration>(&text, "10 years")?;
        }

        #[test]
        fn what_the_pattern_of_rates_accepts_decodes(
            text in proptest::string::string_regex(&pattern_of::<Rate>()).unwrap()
        ) {
            accepts::<Rate>(&text, "a rate ")?;
        }

        #[test]
        fn what_the_pattern_of_shares_accepts_decodes(
            text in proptest::string::string_regex(&pattern_of::<Share>()).unwrap()
        ) {
            accepts::<Share>(&text, "never")?;
        }
    }
}
