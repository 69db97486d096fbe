//! The stories that `explain` tells of scenarios of the catalogue: each is kept whole, and must be true.

use super::{answer, code, run, said};

/// The story of a variant of a scenario of the catalogue.
fn story(name: &str, variant: &str, wanted: &[&str]) -> String {
    let example = format!("example:{name}");
    let mut arguments = vec!["explain", example.as_str(), "--variant", variant];
    arguments.extend(wanted);
    let output = run(&arguments);
    assert_eq!(code(&output), 0, "{}", said(&output));
    answer(&output)
}

#[test]
fn different_services() {
    let story = story("different-services", "one-metro", &["--first", "502"]);
    assert!(!story.contains("silence"), "{story}");
    insta::assert_snapshot!(story);
}

#[test]
fn a_power_cut() {
    let story = story(
        "vps-power-cut",
        "gets-with-three-retries",
        &["--first", "502"],
    );
    insta::assert_snapshot!(story);
}

#[test]
fn a_web_container_down() {
    let story = story("web-container-down", "stopped", &["--first", "502"]);
    assert!(story.contains("it does not resolve"), "{story}");
    assert!(!story.contains("leads to vps/web"), "{story}");
    assert!(story.contains("looking up the name in vain"), "{story}");
    insta::assert_snapshot!(story);
}

#[test]
fn a_service_that_crashes_again_and_again() {
    let output = run(&["explain", "example:crash-loop", "--first", "no-such-host"]);
    assert!(
        answer(&output).contains("down since"),
        "{}",
        answer(&output)
    );
}

#[test]
fn a_file_with_variants_is_asked_which_one() {
    let output = run(&["explain", "example:vps-power-cut", "--first", "502"]);
    assert_eq!(code(&output), 2);
    for part in ["--variant", "posts", "gets-with-three-retries"] {
        assert!(said(&output).contains(part), "{part}: {}", said(&output));
    }
}

#[test]
fn the_command_at_the_end_tells_the_same_story_again() {
    let first = story("web-container-down", "stopped", &["--first", "502"]);
    let command = first
        .lines()
        .last()
        .and_then(|line| line.strip_prefix("again: tunnelsim "));
    let arguments: Vec<&str> = command
        .expect("it ends with a command")
        .split(' ')
        .collect();
    assert_eq!(answer(&run(&arguments)), first);
}
