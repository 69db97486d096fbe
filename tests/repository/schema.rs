//! A small validator for the keywords that our JSON Schema uses. An unknown keyword panics, so that none is passed over.

use regex_lite::Regex;
use serde_json::{Map, Value};

/// Keywords that describe and do not restrict.
const NOTES: [&str; 7] = [
    "$schema",
    "$defs",
    "title",
    "description",
    "default",
    "examples",
    "additionalProperties",
];

/// Everything that is wrong with a value, each with its place, by a whole schema.
pub fn problems(schema: &Value, value: &Value) -> Vec<String> {
    let mut validator = Validator {
        root: schema,
        problems: Vec::new(),
    };
    validator.check(schema, value, "");
    validator.problems
}

struct Validator<'a> {
    root: &'a Value,
    problems: Vec<String>,
}

impl Validator<'_> {
    fn check(&mut self, schema: &Value, value: &Value, place: &str) {
        let rules = schema.as_object().expect("a schema is an object");
        for (keyword, rule) in rules {
            if !self.keyword(keyword, rule, value, place) {
                self.problems
                    .push(format!("{place}: {value} breaks `{keyword}: {rule}`"));
            }
        }
        if let Value::Object(entries) = value {
            self.additional(rules, entries, place);
        }
    }

    /// Whether a value obeys one keyword. What is wrong further in is reported there.
    fn keyword(&mut self, keyword: &str, rule: &Value, value: &Value, place: &str) -> bool {
        match (keyword, value) {
            (note, _) if NOTES.contains(&note) => true,
            ("$ref", _) => {
                let path = rule.as_str().unwrap().strip_prefix('#').unwrap();
                let target = self
                    .root
                    .pointer(path)
                    .expect("a reference leads somewhere");
                self.check(target, value, place);
                true
            }
            ("type", _) => has_type(rule, value),
            ("const", _) => rule == value,
            ("enum", _) => rule.as_array().unwrap().contains(value),
            ("anyOf", _) => self.fitting(rule, value, place) > 0,
            ("oneOf", _) => self.fitting(rule, value, place) == 1,
            ("pattern", Value::String(text)) => {
                Regex::new(rule.as_str().unwrap()).unwrap().is_match(text)
            }
            ("minLength", Value::String(text)) => text.chars().count() as u64 >= number(rule),
            ("maxLength", Value::String(text)) => text.chars().count() as u64 <= number(rule),
            ("minimum", Value::Number(number)) => number.as_f64() >= rule.as_f64(),
            ("maximum", Value::Number(number)) => number.as_f64() <= rule.as_f64(),
            ("exclusiveMinimum", Value::Number(number)) => number.as_f64() > rule.as_f64(),
            ("maxItems", Value::Array(items)) => items.len() as u64 <= number(rule),
            ("minItems", Value::Array(items)) => items.len() as u64 >= number(rule),
            ("items", Value::Array(items)) => {
                for (index, item) in items.iter().enumerate() {
                    self.check(rule, item, &format!("{place}/{index}"));
                }
                true
            }
            ("maxProperties", Value::Object(entries)) => entries.len() as u64 <= number(rule),
            ("propertyNames", Value::Object(entries)) => {
                for key in entries.keys() {
                    self.check(rule, &Value::String(key.clone()), &format!("{place}/{key}"));
                }
                true
            }
            ("required", Value::Object(entries)) => {
                let mut names = rule.as_array().unwrap().iter();
                names.all(|name| entries.contains_key(name.as_str().unwrap()))
            }
            ("properties", Value::Object(entries)) => {
                for (key, entry) in entries {
                    if let Some(schema) = rule.get(key) {
                        self.check(schema, entry, &format!("{place}/{key}"));
                    }
                }
                true
            }
            (
                "pattern" | "minLength" | "maxLength" | "minimum" | "maximum" | "exclusiveMinimum"
                | "maxItems" | "minItems" | "items" | "maxProperties" | "propertyNames"
                | "required" | "properties",
                _,
            ) => true,
            (unknown, _) => panic!("the validator does not know `{unknown}`"),
        }
    }

    /// How many of several schemas a value fits. If none, what is wrong by the one it comes closest to is reported.
    fn fitting(&mut self, rule: &Value, value: &Value, place: &str) -> usize {
        let schemas = rule.as_array().unwrap();
        let found: Vec<Vec<String>> = schemas
            .iter()
            .map(|schema| {
                let mut validator = Validator {
                    root: self.root,
                    problems: Vec::new(),
                };
                validator.check(schema, value, place);
                validator.problems
            })
            .collect();
        let fitting = found.iter().filter(|problems| problems.is_empty()).count();
        if fitting == 0 {
            let deepest = |problems: &Vec<String>| problems.iter().map(|it| depth(it)).max();
            self.problems
                .extend(found.into_iter().max_by_key(deepest).unwrap_or_default());
        }
        fitting
    }

    fn additional(
        &mut self,
        rules: &Map<String, Value>,
        entries: &Map<String, Value>,
        place: &str,
    ) {
        let Some(rule) = rules.get("additionalProperties") else {
            return;
        };
        let known = rules.get("properties").and_then(Value::as_object);
        for (key, entry) in entries {
            if known.is_some_and(|known| known.contains_key(key)) {
                continue;
            }
            match rule {
                Value::Bool(false) => self.problems.push(format!("{place}/{key}: unknown key")),
                schema => self.check(schema, entry, &format!("{place}/{key}")),
            }
        }
    }
}

/// How deep the place of a problem lies.
fn depth(problem: &str) -> usize {
    let place = problem.split(':').next().unwrap_or_default();
    place.matches('/').count()
}

fn number(rule: &Value) -> u64 {
    rule.as_u64().expect("a limit is a whole number")
}

fn has_type(rule: &Value, value: &Value) -> bool {
    match rule {
        Value::Array(types) => types.iter().any(|one| has_type(one, value)),
        _ => match rule.as_str().unwrap() {
            "null" => value.is_null(),
            "boolean" => value.is_boolean(),
            "integer" => value.is_u64() || value.is_i64(),
            "number" => value.is_number(),
            "string" => value.is_string(),
            "array" => value.is_array(),
            "object" => value.is_object(),
            unknown => panic!("there is no type `{unknown}`"),
        },
    }
}
