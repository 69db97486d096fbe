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
fn without_a_name_the_first_variant_that_has_it_is_told() {
    let output = run(&[
        "explain",
        "example:web-container-down",
        "--first",
        "origin-hung",
    ]);
    let story = answer(&output);
    assert_eq!(code(&output), 0, "{}", said(&output));
    assert!(story.contains("variant hung"), "{story}");
    assert!(
        story.contains("other variants, by `--variant NAME`: stopped, not-listening\n"),
        "{story}"
    );
    assert!(
        story.contains("--variant hung --first origin-hung\n"),
        "{story}"
    );
}

#[test]
fn what_no_variant_has_is_said_of_all_of_them() {
    let output = run(&[
        "explain",
        "example:web-container-down",
        "--first",
        "store-unreachable",
    ]);
    assert_eq!(code(&output), 2);
    let told = "in any of its variants stopped, not-listening, hung";
    assert!(said(&output).contains(told), "{}", said(&output));
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
