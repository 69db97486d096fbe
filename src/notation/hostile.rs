//! Nothing in a file may end the program: random bytes, random YAML and sound files with damage.

#![expect(dead_code, reason = "the fields are declared only to be decoded")]

use proptest::prelude::*;

use super::{
    Context, CountSpec, Decode, DistributionSpec, Duration, Entries, Hostname, Loaded, Number,
    OneOrMany, Override, Prose, Rate, Share, Sources, Style, Text, Whole, block, choice, read,
    render, resolve_extends,
};

block! {
    /// One field of every type.
    struct Everything as "everything" {
        /// Free text.
        title: Prose = optional,
        /// A length of time.
        horizon: Duration = "1h" (assumed: "a test"),
        /// A law.
        think: DistributionSpec = "{exponential: 3s}" (assumed: "a test"),
        /// A law of numbers.
        requests: CountSpec = optional,
        /// A rate.
        sessions: Rate = optional,
        /// A share.
        writes: Share = optional,
        /// Names.
        hostname: OneOrMany<Hostname> = optional,
        /// A number.
        weight: Number = optional,
        /// Blocks inside.
        clients: Entries<Everything> = optional,
        /// A choice.
        faults: Vec<FaultKind> = optional,
    }
}

choice! {
    /// A fault.
    enum FaultKind as "fault" {
        /// Power.
        PowerCut(Everything) as "power-cut",
        /// A city.
        City(Text) as "city",
        /// A number.
        Port(Whole<1, 65_535>) as "port",
        /// Nothing.
        Flip as "flip",
    }
}

const SOUND: &str = r#"# A file with a bit of everything.
title: "Querétaro ↔ Dallas: two servers"
horizon: 1h 30m
think: {lognormal: {median: 5ms, sigma: 0.95, cap: 3s}}
requests: {geometric: 8}
clients:
  spain:
    sessions: 5/s
    writes: 99.9%
    hostname: [app.example.com, www.example.com]
  'mexico': {sessions: 7200/min, weight: 1.5e3, think: {empirical: {5ms: 3, 20ms: 1}}}
faults:
  - power-cut: {horizon: 20m}
  - city: >-
      Frankfurt
      am Main
  - port: 8080
  - flip
"#;

/// Everything that is done with a file before anything is simulated.
fn exercise(bytes: &[u8], set: &str) {
    let (mut sources, mut context) = (Sources::default(), Context::default());
    let problems = &mut context.problems;
    let mut base = |path: &str, _from: &str| {
        Ok(Loaded {
            name: path.to_owned(),
            bytes: SOUND.as_bytes().to_vec(),
        })
    };
    let tree = read("a.yaml", bytes, &mut sources, problems).and_then(|node| {
        resolve_extends(
            node,
            "a.yaml",
            &Everything::describe(),
            &mut base,
            &mut sources,
            problems,
        )
    });
    let set = Override::parse(set, "--set", &mut sources, problems);
    let value = tree.and_then(|mut tree| {
        if let Some(set) = &set {
            set.apply(&mut tree, &mut context.problems);
        }
        Everything::decode(&tree, &mut context)
    });
    assert!(
        value.is_some() || context.problems.has_errors(),
        "refused without a reason"
    );
    for style in [Style::Plain, Style::Coloured] {
        let shown = render(&context.problems, &sources, style);
        assert_eq!(shown.is_empty(), context.problems.is_empty());
    }
}

#[test]
fn the_sound_file_is_sound() {
    let (mut sources, mut context) = (Sources::default(), Context::default());
    let tree = read(
        "a.yaml",
        SOUND.as_bytes(),
        &mut sources,
        &mut context.problems,
    )
    .unwrap();
    let file = Everything::decode(&tree, &mut context).unwrap();
    assert_eq!(render(&context.problems, &sources, Style::Plain), "");
    assert_eq!(file.faults.unwrap().len(), 4);
    assert!(super::check_declaration::<Everything>().is_empty());
}

/// One piece of damage: where it is done (as a share of the length), how much is cut out, what is put in.
type Damage = (f64, usize, String);

fn damage() -> impl Strategy<Value = Damage> {
    let pieces = prop::sample::select(vec![
        "",
        " ",
        "\n",
        "\t",
        ":",
        ": ",
        "- ",
        "[",
        "]",
        "{",
        "}",
        "\"",
        "'",
        "#",
        "|",
        ">",
        "*a",
        "&a ",
        "!!str ",
        "---\n",
        "%",
        "@",
        "~",
        "null",
        "NaN",
        "-0",
        "1e400",
        "0x10",
        "99999999999999999999",
        "-5s",
        "18446744073709551615s",
        "extends: b.yaml\n",
        "ü",
        "\u{202e}",
        "\u{feff}",
        "\0",
        "\r",
        "<<: ",
        "? ",
        "\\",
        "é: [",
    ]);
    (0.0..1.0, 0_usize..12, pieces.prop_map(str::to_owned))
}

fn damaged(text: &str, damages: &[Damage]) -> Vec<u8> {
    let mut bytes = text.as_bytes().to_vec();
    for (place, cut, piece) in damages {
        let start = (*place * bytes.len() as f64) as usize;
        let end = (start + cut).min(bytes.len());
        bytes.splice(start..end, piece.bytes());
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn random_bytes_never_end_the_program(bytes in prop::collection::vec(any::<u8>(), 0..200), set: String) {
        exercise(&bytes, &set);
    }

    #[test]
    fn random_signs_of_yaml_never_end_the_program(text in "[-\\[\\]{}:,#&*!|>'\"%@`?~ \n\tax0.é]{0,120}") {
        exercise(text.as_bytes(), &text);
    }

    #[test]
    fn damaged_files_never_end_the_program(damages in prop::collection::vec(damage(), 1..6), set in "[a-z]{1,8}(\\.[a-z0-9\"]{1,6}){0,3}=[^\\x00]{0,12}") {
        exercise(&damaged(SOUND, &damages), &set);
    }
}
