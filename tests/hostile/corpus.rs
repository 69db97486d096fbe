//! The files that mutations begin with.

use std::fs;
use std::path::Path;

/// A file.
pub struct Seed {
    /// Its name, without its ending.
    pub name: String,
    /// Its content.
    pub text: String,
}

/// What did harm once, and small files with something odd in them.
pub fn findings() -> Vec<Seed> {
    of_folder("tests/hostile/corpus")
}

/// Everything: the findings, the shipped scenarios, and the one that says most of what can be said.
pub fn all() -> Vec<Seed> {
    let mut all = of_folder("scenarios");
    assert!(all.len() > 40, "only {} scenarios were found", all.len());
    all.extend(findings());
    // It has a field of almost every kind, so it is worth as much as several.
    let everything = of_folder("tests/scenario");
    for _ in 0..8 {
        all.extend(everything.iter().map(|seed| Seed {
            name: seed.name.clone(),
            text: seed.text.clone(),
        }));
    }
    all
}

fn of_folder(folder: &str) -> Vec<Seed> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let mut names: Vec<String> = fs::read_dir(&path)
        .expect("the folder is part of the repository")
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name.ends_with(".yaml"))
        .collect();
    names.sort();
    let seed = |name: String| Seed {
        text: String::from_utf8_lossy(&fs::read(path.join(&name)).unwrap()).into_owned(),
        name: name.trim_end_matches(".yaml").to_owned(),
    };
    names.into_iter().map(seed).collect()
}
