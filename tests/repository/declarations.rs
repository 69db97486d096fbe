//! The pages made from the declarations of the scenario file are current, and the schema knows every shipped scenario.

use std::fs;
use std::path::PathBuf;

use serde_json::{Value, json};
use tunnelsim::notation::{self, Node, Problems, Sources, json_schema, markdown_reference};
use tunnelsim::scenario::all_assumptions;
use tunnelsim::scenario::file::ScenarioFile;

use crate::sources::root;
use crate::{assert_current, schema};

#[test]
fn the_json_schema_is_current() {
    assert_current(
        "schemas/scenario.schema.json",
        &(serde_json::to_string_pretty(&current_schema()).unwrap() + "\n"),
    );
}

#[test]
fn the_reference_lists_the_words_of_every_closed_list_and_links_to_its_sections() {
    let page = markdown_reference::<ScenarioFile>(2);
    for word in [
        "`fibre`",
        "`no-such-host`",
        "`cart`",
        "`in-flight`",
        "`http2`",
        "`closest`",
    ] {
        assert!(page.contains(word), "{word}");
    }
    let anchors = page
        .split("](#")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    for anchor in anchors {
        let is_there = page.lines().any(|line| {
            line.strip_prefix("## ")
                .is_some_and(|it| it.to_lowercase() == anchor)
        });
        assert!(is_there, "no section {anchor}");
    }
}

#[test]
fn the_reference_is_current() {
    let intro = "# The scenario file\n\nMade from the declarations in `src/scenario/file` and `src/fault/kind`; \
                 do not edit.\n\n";
    let body = markdown_reference::<ScenarioFile>(2);
    assert_current(
        "docs/reference.md",
        &format!("{intro}{}\n", body.trim_end()),
    );
}

#[test]
fn the_page_of_assumptions_is_current() {
    let mut page = "# What the model takes for granted\n\nEvery default of the scenario file that says something about the \
                    world. *Documented*: the vendor says so. *Read*: in its source code. *Measured*: by somebody, on \
                    the real thing. *Assumed*: by us. What hangs on each: [fidelity.md](fidelity.md).\n\n\
                    | setting | default | grade | source |\n|---|---|---|---|\n"
        .to_owned();
    for it in all_assumptions() {
        let (setting, default, grade, source) = (it.setting, it.default, it.grade, it.source);
        page += &format!("| `{setting}` | `{default}` | {grade} | {source} |\n");
    }
    assert_current("docs/assumptions.md", &page);
}

#[test]
fn every_default_is_legal_and_has_its_evidence() {
    let problems = notation::check_declaration::<ScenarioFile>();
    assert!(!problems.has_errors(), "{:?}", problems.sorted());
}

fn current_schema() -> Value {
    json_schema::<ScenarioFile>("A scenario of tunnelsim")
}

/// A YAML text as an editor sees it: plain scalars have the types of YAML 1.2's core schema.
fn as_editor(name: &str, text: &str) -> Value {
    let (mut sources, mut problems) = (Sources::default(), Problems::default());
    let tree = notation::read(name, text.as_bytes(), &mut sources, &mut problems);
    as_json(&tree.unwrap_or_else(|| panic!("{name} is not YAML")))
}

fn as_json(node: &Node) -> Value {
    match &node.value {
        notation::Value::Null => Value::Null,
        notation::Value::Scalar(scalar) if scalar.quoted => json!(scalar.text),
        notation::Value::Scalar(scalar) => core_scalar(&scalar.text),
        notation::Value::List(items) => items.iter().map(as_json).collect(),
        notation::Value::Map(entries) => entries
            .iter()
            .map(|(key, node)| (key.text.clone(), as_json(node)))
            .collect(),
    }
}

/// YAML 1.2, 10.3.2, without the spellings in base 8 and 16, infinities and NaN, which no scenario needs.
fn core_scalar(text: &str) -> Value {
    let number =
        regex_lite::Regex::new(r"^[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?$").unwrap();
    match text {
        "true" | "True" | "TRUE" => json!(true),
        "false" | "False" | "FALSE" => json!(false),
        _ if !number.is_match(text) => json!(text),
        _ => match text.trim_start_matches('+').parse::<i64>() {
            Ok(whole) => json!(whole),
            Err(_) => json!(text.parse::<f64>().unwrap()),
        },
    }
}

/// The scenarios that users meet: the shipped ones, the README's, and the one that `tunnelsim new` writes.
fn shipped() -> Vec<PathBuf> {
    let folder = fs::read_dir(root().join("scenarios")).unwrap();
    let mut files: Vec<PathBuf> = folder.map(|entry| entry.unwrap().path()).collect();
    files.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
    files.sort();
    assert!(
        files.len() > 40,
        "only {} scenarios were found",
        files.len()
    );
    files.push(root().join("docs/two-servers.yaml"));
    files.push(root().join("src/cli/starter.yaml"));
    files
}

#[test]
fn the_json_schema_accepts_every_shipped_scenario() {
    let schema = current_schema();
    let mut wrong = Vec::new();
    for path in shipped() {
        let text = fs::read_to_string(&path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let problems = schema::problems(&schema, &as_editor(&name, &text));
        wrong.extend(problems.iter().map(|problem| format!("{name} {problem}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_json_schema_accepts_every_form_of_what_one_word_names_twice() {
    let accepted = "
title: two forms of each
verdict: false
hosts: {one: {city: Madrid, containers: {web: {}}}}
tunnels: {prod: {replicas: {a: {host: one, edges: [FRA, FRA3]}}, ingress: config.yml}}
faults:
  - container-hang: {container: web, at: 1m, for: 20s}
failures:
  - container-hang: {container: web, mtbf: 30d, mttr: {uniform: [1m, 2m]}}
  - container: {container: one/web, correlation: 40%}
  - edge: {metro: [FRA, AMS]}
  - provider
";
    let problems = |text: &str| schema::problems(&current_schema(), &as_editor("a", text));
    assert_eq!(problems(accepted), Vec::<String>::new());
    for (part, broken) in [
        ("verdict: false", "verdict: maybe"),
        ("edges: [FRA, FRA3]", "edges: {metro: FRA}"),
        ("at: 1m, for: 20s", "mtbf: 1m"),
        ("mtbf: 30d, mttr", "at: 30d, for"),
        ("correlation: 40%", "corelation: 40%"),
        ("metro: [FRA, AMS]", "metro: 5"),
    ] {
        let text = accepted.replace(part, broken);
        assert_ne!(text, accepted, "{part}");
        assert!(!problems(&text).is_empty(), "{broken} is accepted");
    }
}
