//! What the commands answer.

use super::{answer, code, file, program, run, said, scenario, scratch};
use tunnelsim::world::routing::ENTRIES;

/// The answer of a command that succeeds.
fn answered(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(code(&output), 0, "{}", said(&output));
    answer(&output)
}

#[test]
fn the_help_names_every_command() {
    insta::assert_snapshot!(answered(&["--help"]));
}

#[test]
fn the_help_of_run_names_every_flag() {
    insta::assert_snapshot!(answered(&["run", "--help"]));
}

#[test]
fn the_answer_alone_is_on_standard_output() {
    let folder = scratch();
    let file = scenario("two-servers.yaml");
    let output = program(folder.path(), &["run", &file, "--format", "json"])
        .output()
        .unwrap();
    let summary: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(summary.is_object());
    assert!(
        said(&output).ends_with("wrote results/two-servers\n"),
        "{}",
        said(&output)
    );
    let output = program(folder.path(), &["run", &file, "--quiet"])
        .output()
        .unwrap();
    assert_eq!(
        (code(&output), answer(&output), said(&output)),
        (0, String::new(), String::new())
    );
}

#[test]
fn colour_is_used_only_where_it_is_wanted() {
    let file = scenario("two-servers.yaml");
    let plain = answered(&["run", &file, "--no-write"]);
    let coloured = answered(&["run", &file, "--no-write", "--color", "always"]);
    assert!(!plain.contains('\u{1b}') && coloured.contains('\u{1b}'));
    assert_eq!(anstream::adapter::strip_str(&coloured).to_string(), plain);
}

#[test]
fn a_scenario_comes_by_standard_input_too() {
    let text = std::fs::read(scenario("two-servers.yaml")).unwrap();
    let output = program(scratch().path(), &["run", "-", "--no-write"])
        .write_stdin(text)
        .output()
        .unwrap();
    assert_eq!(code(&output), 0, "{}", said(&output));
}

#[test]
fn one_run_can_be_picked_out_of_many() {
    let answer = answered(&[
        "run",
        &scenario("power-cut.yaml"),
        "--no-write",
        "--replication",
        "2",
    ]);
    assert!(answer.contains("--replication 2"), "{answer}");
}

#[test]
fn the_beliefs_stand_in_one_table() {
    let first_column = |arguments: &[&str]| -> Vec<String> {
        let answer = answered(arguments);
        let firsts = answer.lines().skip(1).map(|line| line.split(',').next());
        firsts.flatten().map(str::to_owned).collect()
    };
    let told = first_column(&["beliefs", &scenario("two-servers.yaml"), "--format", "csv"]);
    assert_eq!(told.first().map(String::as_str), Some("closest"));
    let known = ENTRIES.iter().map(|entry| entry.name.to_owned());
    assert_eq!(told, known.collect::<Vec<_>>());
}

#[test]
fn the_command_below_the_beliefs_makes_the_same_table_again() {
    let folder = scratch();
    let arguments = [
        "beliefs",
        &scenario("power-cut.yaml"),
        "--seed",
        "7",
        "--replications",
        "2",
    ];
    let first = program(folder.path(), &arguments).output().unwrap();
    assert_eq!(code(&first), 0, "{}", said(&first));
    let first = answer(&first);
    assert!(
        first.contains("95 % interval") && first.contains("2 runs"),
        "{first}"
    );
    let command = first
        .lines()
        .last()
        .unwrap()
        .strip_prefix("again    tunnelsim ");
    let arguments: Vec<&str> = command.expect("a command").split(' ').collect();
    assert_eq!(answered(&arguments), first);
}

#[test]
fn the_beliefs_of_a_file_with_variants_are_asked_of_one() {
    let output = run(&["beliefs", "example:vps-power-cut"]);
    assert_eq!(code(&output), 2);
    assert!(said(&output).contains("--variant"), "{}", said(&output));
}

#[test]
fn tables_are_as_wide_as_the_terminal() {
    let output = program(scratch().path(), &["list", "metrics"])
        .env("COLUMNS", "90")
        .output()
        .unwrap();
    let widest = answer(&output)
        .lines()
        .map(|line| line.chars().count())
        .max();
    assert!(widest <= Some(90), "{widest:?}");
}

#[test]
fn a_failure_is_explained() {
    let story = answered(&[
        "explain",
        &scenario("two-servers.yaml"),
        "--first",
        "no-such-host",
    ]);
    for part in [
        "on vps2 nothing answers to the name express",
        "under `closest`",
        "where the time went",
        "said healthy",
    ] {
        assert!(story.contains(part), "{part}: {story}");
    }
}

#[test]
fn a_silence_is_explained_with_who_noticed_it() {
    let story = answered(&["explain", &scenario("power-cut.yaml"), "--first", "delayed"]);
    for part in [
        "of silence",
        "took the connection away",
        "its data centre noticed the silence",
    ] {
        assert!(story.contains(part), "{part}: {story}");
    }
}

#[test]
fn an_empty_cart_is_explained() {
    let story = answered(&[
        "explain",
        &scenario("power-cut.yaml"),
        "--first",
        "empty-cart",
    ]);
    assert!(story.contains("the session is broken"), "{story}");
    assert!(
        story.contains("has nothing: what the session left is in store"),
        "{story}"
    );
}

#[test]
fn a_request_is_the_same_whether_found_or_named() {
    let file = scenario("two-servers.yaml");
    let found = answered(&["explain", &file, "--first", "502"]);
    let name = found
        .split("request ")
        .nth(1)
        .and_then(|rest| rest.split(':').next())
        .unwrap();
    let named = answered(&["explain", &file, "--request", name]);
    // Only the command that tells it again names it in its own way.
    let story = |text: &str| text.split("again: ").next().map(str::to_owned);
    assert_eq!(story(&named), story(&found));
}

#[test]
fn what_did_not_happen_cannot_be_explained() {
    let file = scenario("two-servers.yaml");
    for wanted in [
        ["--request", "spain/999999/0"],
        ["--first", "524"],
        ["--session", "italy/0"],
        ["--first", "5o2"],
    ] {
        let output = run(&["explain", &file, wanted[0], wanted[1]]);
        assert_eq!(code(&output), 2, "{wanted:?}: {}", answer(&output));
    }
}

#[test]
fn what_one_run_of_many_lacks_may_be_in_another() {
    let file = scenario("two-servers.yaml");
    let many = [
        "explain",
        &file,
        "--first",
        "524",
        "--set",
        "replications=20",
    ];
    let output = run(&many);
    assert_eq!(code(&output), 2);
    let said = said(&output);
    assert!(
        said.contains("has no request with status 524 in run 0 of 20; the others are looked at with `--replication NUMBER`"),
        "{said}"
    );
}

#[test]
fn a_list_of_nothing_says_what_can_be_listed() {
    let output = run(&["list"]);
    assert_eq!(code(&output), 2);
    assert!(said(&output).contains("assumptions"), "{}", said(&output));
}

#[test]
fn every_list_has_entries_in_every_format() {
    for what in [
        "metrics",
        "policies",
        "faults",
        "cities",
        "edges",
        "assumptions",
    ] {
        for format in ["text", "json", "markdown", "csv"] {
            let lines = answered(&["list", what, "--format", format])
                .lines()
                .count();
            assert!(lines > 4, "{what} as {format}: {lines} lines");
        }
    }
}

#[test]
fn latencies_are_answered_for_a_pair_and_for_a_file_of_pairs() {
    let one = answered(&["latency", "Madrid", "FRA", "--format", "csv"]);
    let folder = scratch();
    file(folder.path(), "pairs.csv", b"from,to\nMadrid,FRA\n");
    let output = program(folder.path(), &["latency", "--csv", "pairs.csv"])
        .output()
        .unwrap();
    assert_eq!((code(&output), answer(&output)), (0, one));
    file(folder.path(), "wrong.csv", b"from,to\nMadrid,Atlantis\n");
    let output = program(folder.path(), &["latency", "--csv", "wrong.csv"])
        .output()
        .unwrap();
    assert_eq!(code(&output), 2);
    assert!(said(&output).contains("wrong.csv:2: "), "{}", said(&output));
}

#[test]
fn the_model_is_compared_with_measured_round_trips() {
    let folder = scratch();
    // By the model's table MAD-FRA takes 39.2 ms on the public Internet, which is 2 % off 40 ms.
    file(folder.path(), "by-name.csv", b"a,b,rtt_ms\nMAD,FRA,40\n");
    file(
        folder.path(),
        "by-place.csv",
        b"a,b,lat_a,lon_a,lat_b,lon_b,rtt_ms,source\nx,y,40.4936,-3.5668,50.0264,8.5431,40,mine\n",
    );
    file(folder.path(), "wrong.csv", b"a,b,rtt_ms\nMAD,FRA,-40\n");
    for measured in ["by-name.csv", "by-place.csv"] {
        let arguments = ["latency", "--measured", measured, "--format", "csv"];
        let output = program(folder.path(), &arguments).output().unwrap();
        assert_eq!(code(&output), 0, "{}", said(&output));
        assert!(
            answer(&output).contains("all,1,2.1,2.1,"),
            "{}",
            answer(&output)
        );
        assert!(answer(&output).contains("500 to 1500 km,1,"));
        assert!(answer(&output).contains("eu-eu,1,"));
    }
    let output = program(folder.path(), &["latency", "--measured", "wrong.csv"])
        .output()
        .unwrap();
    assert_eq!(code(&output), 2);
    assert!(
        said(&output).contains("wrong.csv:2: `rtt_ms` is `-40`"),
        "{}",
        said(&output)
    );
}

#[test]
fn what_hangs_on_each_default_is_told() {
    let power_cut = scenario("power-cut.yaml");
    let arguments = [
        "sensitivity",
        &power_cut,
        "--set",
        "replications=1",
        "--format",
        "csv",
    ];
    let answer = answered(&arguments);
    let row = |beginning: &str| {
        let found = answer.lines().find(|line| line.starts_with(beginning));
        found.unwrap_or_else(|| panic!("no {beginning} in {answer}"))
    };
    let failed = |line: &str| line.split(',').nth_back(5).map(str::to_owned);
    let as_written = failed(row("as written"));
    // A connection that is silent for twice as long loses about twice as much; one that may send writes again, nothing.
    assert_ne!(failed(row("tunnel.idle_timeout,read,5s,10s")), as_written);
    assert_eq!(
        failed(row("retry.writes,assumed,false,true")).as_deref(),
        Some("0 %")
    );
    assert!(!answer.contains("clients.patience"), "{answer}");
}

#[test]
fn schema_completions_and_manual_are_printed() {
    let schema: serde_json::Value = serde_json::from_str(&answered(&["schema"])).unwrap();
    assert!(schema["$defs"]["scenario"].is_object());
    assert!(answered(&["completions", "bash"]).contains("tunnelsim"));
    assert!(answered(&["man"]).starts_with(".ie"));
}
