//! Golden messages: `tests/errors/NAME.yaml` and what a user sees for it. `UPDATE_GOLDEN=1` rewrites them.

use std::fs;
use std::path::Path;

use crate::support::{files, shown};
use tunnelsim::scenario::Scenario;

#[test]
fn the_messages_about_bad_files_are_the_golden_ones() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/errors");
    let mut names: Vec<_> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .collect();
    names.sort();
    assert!(names.len() >= 8, "{} golden files", names.len());
    let mut different = Vec::new();
    for path in names {
        let name = path.file_name().unwrap().to_str().unwrap();
        let text = fs::read(&path).unwrap();
        let found = match Scenario::read(name, &text, &[], &mut files(&[])) {
            Ok(scenario) => scenario.warnings,
            Err(found) => found,
        };
        let message = shown(&found);
        let golden = path.with_extension("txt");
        if std::env::var_os("UPDATE_GOLDEN").is_some() {
            fs::write(&golden, &message).unwrap();
        } else if fs::read_to_string(&golden).unwrap_or_default() != message {
            different.push(format!("{name}:\n{message}"));
        }
    }
    assert!(different.is_empty(), "{}", different.join("\n\n"));
}
