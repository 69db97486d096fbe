//! Pages made from declarations must be current. `UPDATE_GOLDEN=1` rewrites them.

use std::fs;
use std::path::Path;

use tunnelsim::notation::{self, json_schema, markdown_reference};
use tunnelsim::scenario::all_assumptions;
use tunnelsim::scenario::file::ScenarioFile;

/// Compares a committed file with what it should be.
fn assert_current(file: &str, text: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(file);
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
    }
    let committed = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        committed == text,
        "{file} is out of date; run `UPDATE_GOLDEN=1 cargo test --test generated`"
    );
}

#[test]
fn the_json_schema_is_current() {
    let schema = json_schema::<ScenarioFile>("A scenario of tunnelsim");
    assert_current(
        "schemas/scenario.schema.json",
        &(serde_json::to_string_pretty(&schema).unwrap() + "\n"),
    );
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
