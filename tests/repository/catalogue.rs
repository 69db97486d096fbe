//! `scenarios/README.md` says of every scenario what its committed results say.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use regex_lite::Regex;
use serde_json::Value;

use crate::assert_current;
use crate::sources::{root, text_of};

const PAGE: &str = "scenarios/README.md";

/// The pictures that a row links to, the one that shows most first.
const PICTURES: [&str; 3] = ["variants", "timeline", "traffic"];

/// A line of the table; its last cell is the command.
struct Row {
    name: String,
    claim: String,
    headline: String,
}

fn read(path: &str) -> String {
    text_of(Path::new(path))
}

fn exists(path: &str) -> bool {
    root().join(path).is_file()
}

fn rows() -> Vec<Row> {
    read(PAGE).lines().filter_map(row).collect()
}

fn row(line: &str) -> Option<Row> {
    let cells: Vec<&str> = line
        .strip_prefix("| [")?
        .split(" | ")
        .map(str::trim)
        .collect();
    let [name, claim, _verdict, headline, _pictures, _command] = cells[..] else {
        panic!("a row has six cells: {line}");
    };
    Some(Row {
        name: name.split(']').next()?.to_owned(),
        claim: claim.to_owned(),
        headline: headline.to_owned(),
    })
}

impl Row {
    fn summary(&self) -> Value {
        let text = read(&format!("results/{}/summary.json", self.name));
        serde_json::from_str(&text).expect("a summary is JSON")
    }

    /// The line as its results and its name have it.
    fn line(&self) -> String {
        let Row {
            name,
            claim,
            headline,
        } = self;
        let verdict = match self.summary()["verdict"].as_str() {
            Some("true") => "TRUE",
            Some("false") => "FALSE",
            Some("only-if") => "ONLY IF",
            other => panic!("{name} has the verdict {other:?}"),
        };
        let links: Vec<String> = PICTURES
            .iter()
            .map(|picture| (picture, format!("results/{name}/{picture}.svg")))
            .filter(|(_, path)| exists(path))
            .map(|(picture, path)| format!("[{picture}](../{path})"))
            .collect();
        let links = links.join(", ");
        format!(
            "| [{name}]({name}.yaml) | {claim} | {verdict} | {headline} | {links} | \
             `tunnelsim run scenarios/{name}.yaml` |"
        )
    }
}

#[test]
fn every_scenario_has_one_row_with_its_verdict_and_its_pictures() {
    let files: BTreeSet<String> = fs::read_dir(root().join("scenarios"))
        .expect("the catalogue is there")
        .filter_map(|entry| {
            let name = entry
                .expect("it can be read")
                .file_name()
                .into_string()
                .ok()?;
            Some(name.strip_suffix(".yaml")?.to_owned())
        })
        .collect();
    let rows = rows();
    let named: BTreeSet<String> = rows.iter().map(|row| row.name.clone()).collect();
    assert_eq!(named.len(), rows.len(), "a scenario has two rows");
    assert_eq!(named, files);
    let page = read(PAGE);
    let current: Vec<String> = page
        .lines()
        .map(|line| row(line).map_or(line.to_owned(), |row| row.line()))
        .collect();
    assert_current(PAGE, &(current.join("\n") + "\n"));
}

#[test]
fn every_number_of_a_headline_is_measured_or_given() {
    let mut unfounded = Vec::new();
    for row in rows() {
        let known = known(&row);
        // What the law gives is said so, and measured by nobody; nor is the name of a code.
        let law = Regex::new(r"\(the law [^)]*\)|code `\d+`").expect("the pattern is right");
        for (text, value) in numbers(&law.replace_all(&row.headline, "")) {
            let decimals = text
                .split_once('.')
                .map_or(0, |(_, decimals)| decimals.len());
            let half = (0..decimals).fold(0.500_001, |half, _| half / 10.0);
            // A share as per cent, seconds as minutes or hours, milliseconds as seconds.
            let scales = [1.0, 100.0, 1.0 / 60.0, 1.0 / 3_600.0, 1.0 / 1_000.0];
            let is_it = |known: &f64| scales.iter().any(|it| (known * it - value).abs() <= half);
            if !known.iter().any(is_it) {
                unfounded.push(format!("{}: {text} in `{}`", row.name, row.headline));
            }
        }
    }
    assert!(
        unfounded.is_empty(),
        "neither measured in results/NAME/summary.json nor a setting of the scenario:\n{}",
        unfounded.join("\n")
    );
}

/// The numbers of the scenario's settings, and of what was measured: not those of comments, nor what was expected.
fn known(row: &Row) -> Vec<f64> {
    let expected =
        Regex::new(r"#.*|\b(equals|at_least|at_most): [^,}]*").expect("the pattern is right");
    let file = read(&format!("scenarios/{}.yaml", row.name));
    let mut texts = vec![expected.replace_all(&file, "").into_owned()];
    let summary = row.summary();
    for variant in summary["variants"].as_array().expect("there are variants") {
        let checks = variant["checks"].as_array().expect("there are checks");
        texts.extend(checks.iter().map(|it| it["measured"].to_string()));
        texts.push(variant["total"]["statuses"].to_string());
    }
    let values = texts.iter().flat_map(|text| numbers(text));
    values.map(|(_, value)| value).collect()
}

/// The numbers of a text, as they stand there and as values.
fn numbers(text: &str) -> Vec<(String, f64)> {
    let number = Regex::new(r"\d[\d,]*(\.\d+)?").expect("the pattern is right");
    let found = number.find_iter(text);
    found
        .map(|it| it.as_str().trim_end_matches(',').replace(',', ""))
        .map(|text| (text.clone(), text.parse().expect("it is a number")))
        .collect()
}
