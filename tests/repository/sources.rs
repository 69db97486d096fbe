//! The source files of the crate.

use std::fs;
use std::path::{Path, PathBuf};

/// The folder of the crate.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// All Rust files below a folder of the crate, relative to the crate and sorted.
///
/// Relative, because what lies above the crate's folder may be called anything.
pub fn sources(folder: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(root().join(folder)).unwrap() {
        let path = entry.unwrap().path();
        let below = path.strip_prefix(root()).unwrap();
        if path.is_dir() {
            found.extend(sources(below.to_str().unwrap()));
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(below.to_owned());
        }
    }
    found.sort();
    found
}

/// The text of a file of the crate.
pub fn text_of(file: &Path) -> String {
    fs::read_to_string(root().join(file))
        .unwrap_or_else(|error| panic!("{}: {error}", file.display()))
}
