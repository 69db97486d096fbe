//! Files that are no scenarios.

use std::fs::File;

use super::{answer, code, file, program, run, said, scratch};

/// What a command says about a file that it refuses.
fn refused(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(
        (code(&output), answer(&output).as_str()),
        (2, ""),
        "{}",
        said(&output)
    );
    said(&output)
}

#[test]
fn a_missing_file_is_named() {
    assert_eq!(
        refused(&["run", "no-such.yaml"]),
        "error: `no-such.yaml` does not exist\n"
    );
}

#[test]
fn a_folder_is_no_file() {
    let folder = scratch();
    let name = folder.path().display().to_string();
    let said = refused(&["explain", &name, "--first", "502"]);
    assert!(said.contains("is a directory"), "{said}");
    let said = refused(&["run", &name]);
    assert!(said.contains("has no .yaml files"), "{said}");
}

#[test]
fn binary_junk_is_no_text() {
    let folder = scratch();
    let junk: Vec<u8> = (0..=255).cycle().take(10_000).collect();
    let path = file(folder.path(), "junk.yaml", &junk);
    let said = refused(&["check", &path.display().to_string()]);
    assert!(
        said.contains("error") && said.lines().count() < 20,
        "{said}"
    );
    assert!(
        said.chars().all(|c| c == '\n' || !c.is_control()),
        "{said:?}"
    );
}

#[test]
fn a_huge_file_is_refused_by_its_size() {
    let folder = scratch();
    let path = folder.path().join("huge.yaml");
    File::create(&path).unwrap().set_len(50 << 20).unwrap();
    let said = refused(&["run", &path.display().to_string()]);
    assert!(said.contains("is too long: at most 1 MiB"), "{said}");
}

#[test]
fn several_errors_come_at_once() {
    let folder = scratch();
    let text = "title: Two\nhorizon: 5\nhostz: {}\nclients:\n  spain: {city: Atlantis, hostname: a.example}\n";
    let path = file(folder.path(), "wrong.yaml", text.as_bytes());
    let said = refused(&["check", &path.display().to_string()]);
    for part in ["horizon", "hostz", "hosts", "problems in"] {
        assert!(said.contains(part), "{part}: {said}");
    }
}

#[test]
fn an_example_that_does_not_exist_is_refused() {
    assert!(refused(&["run", "example:no-such-thing"]).contains("no example is called"));
}

#[test]
fn two_files_of_one_name_would_share_a_folder() {
    let folder = scratch();
    for side in ["a", "b"] {
        std::fs::create_dir(folder.path().join(side)).unwrap();
        std::fs::copy(
            super::scenario("two-servers.yaml"),
            folder.path().join(side).join("same.yaml"),
        )
        .unwrap();
    }
    let output = program(folder.path(), &["run", "a/same.yaml", "b/same.yaml"])
        .output()
        .unwrap();
    assert_eq!(code(&output), 2);
    assert!(said(&output).contains("same folder"), "{}", said(&output));
}
