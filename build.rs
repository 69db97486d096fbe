//! Lists the files of `scenarios/` for the catalogue inside the program.

use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

fn main() {
    let root = PathBuf::from(env::var("CARGO_MANIFEST_DIR").expect("cargo sets it"));
    let folder = root.join("scenarios");
    println!("cargo::rerun-if-changed=build.rs");
    println!("cargo::rerun-if-changed={}", folder.display());
    let mut files = Vec::new();
    collect(&folder, &mut files);
    files.sort();
    let mut list = String::from("&[\n");
    for file in files {
        let name = file.strip_prefix(&folder).expect("found in the folder");
        let name = name
            .to_str()
            .expect("names of scenarios are plain")
            .replace('\\', "/");
        writeln!(list, "    ({name:?}, include_bytes!({file:?})),").expect("writing to a text");
    }
    list.push(']');
    let target = PathBuf::from(env::var("OUT_DIR").expect("cargo sets it")).join("catalogue.rs");
    fs::write(target, list).expect("the build folder can be written");
}

/// All files that a scenario consists of or refers to.
fn collect(folder: &Path, files: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else {
        return;
    };
    for entry in entries.flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, files);
        } else if path
            .extension()
            .is_some_and(|ending| ["yaml", "yml", "csv"].iter().any(|it| ending == *it))
        {
            files.push(path);
        }
    }
}
