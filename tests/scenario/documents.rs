//! Files that extend others, variants, overrides.

use crate::support::{BASE, accepted, files, open, read_files, read_with};
use tunnelsim::kernel::time::Span;
use tunnelsim::notation::Style;
use tunnelsim::scenario::{Document, Scenario, Verdict, all_assumptions};

/// A claim that can be tested.
const CLAIM: &str = "claim: Nobody sees an error.\nholds_if: [share_502: {exactly: 0%}]\n";

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
        "{BASE}{CLAIM}verdict: only-if\nvariants:\n  b: {{tunnels.prod.routing: any}}\n  a: {{tunnels.prod.replicas: [vps1], horizon: 9m}}\n"
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
        (
            variants[1].1.blueprint.replicas.len(),
            variants[1].1.blueprint.horizon
        ),
        (1, Span::from_secs(540))
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

/// The messages and notes about a document and all its variants.
fn told(text: &str) -> Vec<String> {
    let found = open(text).with_variants().map(|_| ()).unwrap_err();
    let problems = found.problems.sorted();
    let in_one_line = problems.iter().map(|problem| {
        [&[problem.message.clone()][..], problem.notes.as_slice()]
            .concat()
            .join("; ")
    });
    in_one_line.collect()
}

#[test]
fn all_problems_of_all_variants_are_told_at_once_each_with_its_variants() {
    let text = format!(
        "{BASE}variants:\n  a: {{horizon: soon}}\n  b: {{hosts.vps2: null}}\n  c: {{hosts.vps2: null, horizon: 0s}}\n"
    );
    let messages = told(&text);
    assert_eq!(messages.len(), 3, "{messages:#?}");
    assert!(
        messages[0].starts_with("no host is called `vps2`"),
        "{messages:#?}"
    );
    assert!(
        messages[0].ends_with("; in the variants `b`, `c`"),
        "{messages:#?}"
    );
    assert!(
        messages[1].ends_with("; in the variant `a`"),
        "{messages:#?}"
    );
    assert!(
        messages[2].ends_with("; in the variant `c`"),
        "{messages:#?}"
    );
}

#[test]
fn a_problem_of_the_file_is_not_told_again_for_each_variant() {
    let text = BASE.replace("sessions: 5/s", "sessions: 5");
    let text = format!("{text}variants:\n  a: {{horizon: 1m}}\n  b: {{horizon: soon}}\n");
    let messages = told(&text);
    assert_eq!(messages.len(), 2, "{messages:#?}");
    assert_eq!(messages[0], "a rate needs a unit");
    let twice = format!("{BASE}variants: {{a: 5}}\n");
    assert_eq!(told(&twice).len(), 1);
}

#[test]
fn warnings_about_variants_stand_among_those_of_the_file() {
    let text = format!("{BASE}variants:\n  crowd: {{clients.spain.sessions: 4000/s}}\n");
    let (scenario, variants) = open(&text).with_variants().unwrap();
    assert_eq!(variants.len(), 1);
    let shown = scenario.warnings.render(Style::Plain);
    assert_eq!(scenario.warnings.problems.warnings(), 2, "{shown}");
    assert!(shown.contains("in the variant `crowd`"), "{shown}");
}

#[test]
fn a_variant_cannot_change_what_all_variants_share() {
    for setting in ["seed: 9", "replications: 5", "verdict: true", "claim: No."] {
        let text = format!("{BASE}{CLAIM}variants:\n  a: {{{setting}}}\n");
        let messages = told(&text);
        let name = setting.split(':').next().unwrap();
        assert_eq!(messages, [format!("a variant cannot change `{name}`")]);
    }
}

#[test]
fn a_judgement_that_cannot_come_out_is_refused() {
    let refused = |text: &str| told(&format!("{BASE}{text}"));
    assert_eq!(
        refused("claim: It holds.\nverdict: true\n"),
        ["a verdict needs `holds_if`"]
    );
    let only_if = ["`only-if` says that a claim holds in some variants and not in others"];
    let claim = format!("{CLAIM}verdict: only-if\n");
    assert_eq!(refused(&claim), only_if);
    assert_eq!(refused(&format!("{claim}variants: {{a: {{}}}}\n")), only_if);
    // Each variant may have its own test.
    let variants = "variants: {a: {holds_if: [share_502: {exactly: 0%}]}, b: {}}\n";
    let text = format!("{BASE}claim: It holds.\nverdict: true\n{variants}");
    assert!(open(&text).with_variants().is_ok());
    let scenario = open(&format!("{BASE}holds_if: [share_502: {{exactly: 0%}}]\n")).scenario();
    let shown = scenario.unwrap().warnings.render(Style::Plain);
    assert!(
        shown.contains("`holds_if` puts a `claim` to the test"),
        "{shown}"
    );
}

#[test]
fn a_mistyped_name_in_a_path_is_told_and_not_what_it_lacks_as_a_new_one() {
    let messages = |path: &str| {
        let found = read_with(BASE, &[path]).map(|_| ()).unwrap_err();
        let problems = found.problems.sorted().into_iter().cloned();
        problems
            .map(|problem| (problem.message, problem.help.unwrap_or_default()))
            .collect::<Vec<_>>()
    };
    let told = |message: &str, help: &str| vec![(message.to_owned(), help.to_owned())];
    assert_eq!(
        messages("tunnels.prd.routing=any"),
        told(
            "nothing under `tunnels` is called `prd`",
            "did you mean `prod`?"
        )
    );
    assert_eq!(
        messages("clients.span.sessions=10/s"),
        told(
            "nothing under `clients` is called `span`",
            "did you mean `spain`?"
        )
    );
    // A new name with all it needs is no mistake, nor is one that is set bit by bit.
    accepted(&["hosts.vps3.city=Oslo"]);
    accepted(&[
        "clients.brazil.sessions=1/s",
        "clients.brazil.hostname=app.example.com",
        "clients.brazil.city=Recife",
    ]);
    let text = format!("{BASE}variants: {{a: {{tunnels.prd.routing: any}}}}\n");
    let message = open(&text).variants().map(|_| ()).unwrap_err().to_string();
    assert!(message.contains("did you mean `prod`?"), "{message}");
    assert!(message.contains("error: 1 problem in"), "{message}");
}

#[test]
fn results_have_a_name_made_from_the_files() {
    let read = |name: &str| Scenario::read(name, BASE.as_bytes(), &[], &mut files(&[]));
    for (file, name) in [
        ("scenarios/two-servers.yaml", "two-servers"),
        ("My_Scenario.yaml", "my-scenario"),
        ("Two  Servers (old).yml", "two-servers-old"),
        ("-.yaml", "scenario"),
        ("ü.yaml", "scenario"),
        (".yaml", "scenario"),
        (
            format!("{}.yaml", "a".repeat(70)).as_str(),
            "a".repeat(64).as_str(),
        ),
    ] {
        assert_eq!(read(file).unwrap().name, name, "{file}");
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
