//! The reference page: every setting of a declared type, as Markdown tables.

use std::collections::BTreeSet;

use super::decode::Decode;
use super::describe::{
    Describe, FieldDescription, FieldGroup, Presence, Shape, TypeDescription, VariantDescription,
    trim_doc,
};
use super::schema::visit;

/// The reference of `T` and every type it mentions: a section for each block and choice in the order they
/// are met, then one for the values. Headings begin at `level` number signs.
pub fn markdown_reference<T: Decode>(level: usize) -> String {
    let heading = "#".repeat(level);
    let (mut sections, mut values) = (String::new(), String::new());
    let mut groups_seen = BTreeSet::new();
    visit(&T::describe(), &mut |kind| match &kind.shape {
        Shape::Block(groups) => {
            for group in groups {
                // Blocks that are joined in several ways have one section each, not one for each way.
                if groups_seen.insert(group.name) {
                    sections.push_str(&block_section(&heading, group));
                }
            }
        }
        Shape::Choice(variants) => {
            sections.push_str(&section(&heading, &kind.name, &kind.doc, VARIANT_COLUMNS));
            sections.extend(variants.iter().map(variant_row));
            sections.push('\n');
        }
        Shape::Leaf { examples, schema } => values.push_str(&value_row(kind, examples, schema)),
        Shape::Anything | Shape::List(_) | Shape::Entries(..) | Shape::OneOf(_) => {}
    });
    format!(
        "{sections}{heading} Values\n\n{}{values}",
        header(VALUE_COLUMNS)
    )
}

const FIELD_COLUMNS: &[&str] = &[
    "setting",
    "what it is",
    "written as",
    "unit",
    "default",
    "grade",
    "source",
];
const VARIANT_COLUMNS: &[&str] = &["kind", "what it is", "settings"];
const VALUE_COLUMNS: &[&str] = &["value", "how it is written", "examples, or all words"];

fn block_section(heading: &str, group: &FieldGroup) -> String {
    let mut text = section(heading, group.name, &trim_doc(group.doc), FIELD_COLUMNS);
    text.extend(group.fields.iter().map(field_row));
    text + "\n"
}

fn section(heading: &str, name: &str, doc: &str, columns: &[&str]) -> String {
    format!("{heading} {name}\n\n{doc}\n\n{}", header(columns))
}

fn header(columns: &[&str]) -> String {
    let names: Vec<String> = columns.iter().map(|column| (*column).to_owned()).collect();
    format!("{}{}\n", row(&names), "|---".repeat(columns.len()) + "|")
}

fn row(cells: &[String]) -> String {
    let cells: Vec<String> = cells
        .iter()
        .map(|cell| cell.replace('\n', " ").replace('|', "\\|"))
        .collect();
    format!("| {} |\n", cells.join(" | "))
}

fn field_row(field: &FieldDescription) -> String {
    let kind = (field.kind)();
    let default = match field.presence {
        Presence::Required => "required".to_owned(),
        Presence::Optional => "none".to_owned(),
        Presence::Default(default) => format!("`{default}`"),
    };
    let (grade, source) = match field.evidence {
        Some(evidence) => (evidence.grade.word(), evidence.source),
        None => ("", ""),
    };
    row(&[
        format!("`{}`", field.name),
        trim_doc(field.doc),
        written_as(&kind),
        field.unit.unwrap_or(kind.unit).to_owned(),
        default,
        grade.to_owned(),
        source.to_owned(),
    ])
}

fn variant_row(variant: &VariantDescription) -> String {
    let settings = variant
        .payload
        .map_or("none".to_owned(), |payload| written_as(&payload()));
    row(&[
        format!("`{}`", variant.name),
        trim_doc(variant.doc),
        settings,
    ])
}

/// A value with its examples, or with the words it can be if their list is closed. A number within bounds says
/// everything with its name, and has neither.
fn value_row(kind: &TypeDescription, examples: &[&str], schema: &serde_json::Value) -> String {
    let words = schema["enum"].as_array().into_iter().flatten();
    let words = words.filter_map(serde_json::Value::as_str);
    let told: Vec<&str> = match examples {
        [] => words.collect(),
        _ => examples.to_vec(),
    };
    if told.is_empty() {
        return String::new();
    }
    let told: Vec<String> = told.iter().map(|word| format!("`{word}`")).collect();
    row(&[kind.name.to_string(), kind.doc.to_string(), told.join(", ")])
}

/// A link to a section; its anchor is what the host makes of the heading.
fn link(section: &str) -> String {
    format!("[{section}](#{})", section.to_lowercase())
}

/// A type in a table cell: its name, linked to its section, or what it is made of.
fn written_as(kind: &TypeDescription) -> String {
    let part = |describe: &Describe| written_as(&describe());
    match &kind.shape {
        Shape::Block(groups) => {
            let links: Vec<String> = groups.iter().map(|group| link(group.name)).collect();
            links.join(" and ")
        }
        Shape::Choice(_) => link(&kind.name),
        Shape::Leaf { .. } | Shape::Anything => kind.name.to_string(),
        Shape::List(item) => format!("list of {}", part(item)),
        Shape::Entries(key, value) => format!("block of {}: {}", part(key), part(value)),
        Shape::OneOf(kinds) => kinds.iter().map(part).collect::<Vec<_>>().join(" or "),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::{DistributionSpec, Entries, Whole, block};

    block! {
        /// A host, on
        /// two lines.
        struct Host as "host" {
            /// Its port | its door.
            port: Whole<1, 65_535> = required,
            /// Its distance.
            cable: Whole<0, 100> = "0" in "km" (measured: "with a tape"),
            /// How long it works.
            service: DistributionSpec = optional,
            /// Hosts behind it.
            behind: Entries<Host> = optional,
        }
    }

    #[test]
    fn every_setting_has_a_row() {
        let host: Host = crate::notation::testing::decoded("port: 80");
        assert!(host.behind.is_none() && host.service.is_none());
        assert_eq!((host.port.get(), host.cable.get()), (80, 0));
        insta::assert_snapshot!(markdown_reference::<Host>(2), @r#"
## host

A host, on
two lines.

| setting | what it is | written as | unit | default | grade | source |
|---|---|---|---|---|---|---|
| `port` | Its port \| its door. | whole number 1 to 65535 |  | required |  |  |
| `cable` | Its distance. | whole number 0 to 100 | km | `0` | measured | with a tape |
| `service` | How long it works. | duration or [distribution](#distribution) | time | none |  |  |
| `behind` | Hosts behind it. | block of id: [host](#host) |  | none |  |  |

## distribution

A law of lengths of time.

| kind | what it is | settings |
|---|---|---|
| `constant` | Always this length. | duration |
| `uniform` | Every length between the two alike. | list of duration |
| `exponential` | Without memory, with this mean: Poisson arrivals, failures that do not age. | duration |
| `erlang` | The sum of exponential phases: steadier than one of them. | [erlang](#erlang) |
| `hyperexponential` | One of two exponential phases with balanced means: less steady than one of them. | [hyperexponential](#hyperexponential) |
| `lognormal` | The exponential of a normal variable: a long tail. | [lognormal](#lognormal) |
| `weibull` | Things that wear out (shape above 1) or fail early (below 1). | [weibull](#weibull) |
| `empirical` | Measured lengths, all alike or each with its weight. | list of duration or block of duration: whole number 0 to 1000000000 |

## erlang

The sum of equal exponential phases.

| setting | what it is | written as | unit | default | grade | source |
|---|---|---|---|---|---|---|
| `shape` | Number of phases. | whole number 1 to 100 |  | required |  |  |
| `mean` | Mean of the sum. | duration | time | required |  |  |

## hyperexponential

One of two exponential phases, each contributing half of the mean.

| setting | what it is | written as | unit | default | grade | source |
|---|---|---|---|---|---|---|
| `mean` | Mean. | duration | time | required |  |  |
| `cv2` | Squared coefficient of variation: variance over squared mean; at least 1. | number from 0 |  | required |  |  |

## lognormal

The exponential of a normal variable.

| setting | what it is | written as | unit | default | grade | source |
|---|---|---|---|---|---|---|
| `median` | Median of the law without its cap. | duration | time | required |  |  |
| `sigma` | Standard deviation of the logarithm. | number from 0 |  | required |  |  |
| `cap` | Longer draws are cut down to this length; left out, none is. | duration | time | none |  |  |

## weibull

The Weibull law.

| setting | what it is | written as | unit | default | grade | source |
|---|---|---|---|---|---|---|
| `shape` | Shape; 1 gives the exponential law. | number from 0 |  | required |  |  |
| `scale` | The length that 63.2 % of the draws stay below. | duration | time | required |  |  |

## Values

| value | how it is written | examples, or all words |
|---|---|---|
| duration | Written as a length of time such as 250ms, 30s or 1m30s. | `250ms`, `30s`, `1m30s`, `2h`, `7d` |
| id | Written as a name of letters, digits, `-`, `_` and `.`, at most 64. | `vps1`, `home-server` |
"#);
    }
}
