//! Files that extend others, variants, overrides.

use crate::support::{BASE, accepted, files, open, read_files, read_with};
use tunnelsim::notation::Style;
use tunnelsim::scenario::{Document, Scenario, Verdict, all_assumptions};

#[test]
fn a_file_laid_over_another_keeps_what_it_does_not_change() {
    let text = "extends: base.yaml\ntitle: one server\ntunnels: {prod: {replicas: [vps1]}}\nhosts: {vps2: null}\n";
    let scenario =
        read_files(text, &[("base.yaml", BASE)]).unwrap_or_else(|found| panic!("{found}"));
    assert_eq!(scenario.title, "one server");
    assert_eq!(
        (
            scenario.blueprint.hosts.len(),
            scenario.blueprint.replicas.len()
        ),
        (1, 1)
    );
}

#[test]
fn variants_are_whole_scenarios_in_the_order_of_the_file() {
    let text = format!(
        "{BASE}verdict: only-if\nvariants:\n  b: {{tunnels.prod.routing: any}}\n  a: {{tunnels.prod.replicas: [vps1], seed: 9}}\n"
    );
    let document = open(&text);
    assert_eq!(document.scenario().unwrap().verdict, Some(Verdict::OnlyIf));
    let variants = document
        .variants()
        .unwrap_or_else(|found| panic!("{found}"));
    let names: Vec<&str> = variants.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["b", "a"]);
    assert_eq!(variants[0].1.blueprint.tunnels.values()[0].routing, "any");
    assert_eq!(
        (variants[1].1.blueprint.replicas.len(), variants[1].1.seed),
        (1, 9)
    );
}

#[test]
fn a_problem_of_a_variant_shows_the_line_of_the_variant() {
    let text = format!("{BASE}variants:\n  a: {{tunnels.prod.routing: anny}}\n");
    let message = open(&text)
        .variants()
        .map(|_| ())
        .unwrap_err()
        .render(Style::Plain);
    assert!(message.contains("did you mean `any`?"), "{message}");
    assert!(
        message.contains("a: {tunnels.prod.routing: anny}"),
        "{message}"
    );
}

#[test]
fn a_sweep_keeps_its_values_until_they_are_put_in() {
    let text = format!("{BASE}sweep:\n  tunnels.prod.idle_timeout: [1s, 30s]\n");
    let document = open(&text);
    let axis = &document.scenario().unwrap().sweep[0];
    assert_eq!(
        (axis.path.as_str(), axis.values.len()),
        ("tunnels.prod.idle_timeout", 2)
    );
    let cell = document
        .with(&[(&axis.path, axis.values[1].clone())])
        .unwrap();
    assert_eq!(
        cell.blueprint.tunnels.values()[0]
            .idle_timeout
            .as_secs_f64(),
        30.0
    );
}

#[test]
fn an_override_that_is_wrong_shows_itself() {
    let message = read_with(BASE, &["clients.spain.sesions=5/s"])
        .map(|_| ())
        .unwrap_err()
        .to_string();
    assert!(
        message.contains("--set") && message.contains("did you mean `sessions`?"),
        "{message}"
    );
}

#[test]
fn the_name_of_a_file_names_its_results() {
    let read = |name: &str| Scenario::read(name, BASE.as_bytes(), &[], &mut files(&[]));
    assert_eq!(
        read("scenarios/two-servers.yaml").unwrap().name,
        "two-servers"
    );
    for name in ["Two Servers.yaml", "-.yaml", "a_b.yaml", ".yaml", "ü.yaml"] {
        let message = read(name).map(|_| ()).unwrap_err().to_string();
        assert!(
            message.contains("the file's name names its results"),
            "{name}: {message}"
        );
    }
}

#[test]
fn assumed_defaults_are_listed_and_written_values_are_not() {
    let listed = |overrides: &[&str]| {
        accepted(overrides)
            .assumptions()
            .any(|assumption| assumption.setting == "clients.patience")
    };
    assert!(listed(&[]));
    assert!(!listed(&["clients.spain.patience=30s"]));
    assert!(all_assumptions().len() > 80);
}

#[test]
fn a_document_that_is_not_yaml_is_refused_at_once() {
    let found = Document::open("a.yaml", b"title: [", &[], &mut files(&[]))
        .map(|_| ())
        .unwrap_err();
    assert!(
        found.to_string().contains("this is not valid YAML"),
        "{found}"
    );
}
