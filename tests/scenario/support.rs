//! A smallest scenario to write stories with.

use tunnelsim::notation::{Loaded, Style};
use tunnelsim::scenario::{Document, Findings, Scenario};

/// Two servers, one tunnel, one service on both.
pub const BASE: &str = "
title: two servers
clients:
  spain: {city: Madrid, hostname: app.example.com, sessions: 5/s}
hosts:
  vps1:
    city: Frankfurt
    containers:
      web: {port: 3000}
  vps2:
    city: Frankfurt
    containers:
      web: {port: 3000}
tunnels:
  prod:
    replicas: [vps1, vps2]
    ingress:
      - {hostname: app.example.com, service: 'http://web:3000'}
      - service: http_status:404
";

/// A scenario that uses most of what a file may say.
pub const EVERYTHING: &str = include_str!("everything.yaml");

/// A loader of files that exist only here.
pub fn files<'a>(
    all: &'a [(&'a str, &'a str)],
) -> impl FnMut(&str, &str) -> Result<Loaded, String> + 'a {
    move |name, _| match all.iter().find(|(known, _)| *known == name) {
        Some((name, text)) => Ok(Loaded {
            name: (*name).to_owned(),
            bytes: text.as_bytes().to_vec(),
        }),
        None => Err("does not exist".to_owned()),
    }
}

/// Reads a scenario that refers to no other file, with overrides.
pub fn read_with(text: &str, overrides: &[&str]) -> Result<Scenario, Findings> {
    let overrides: Vec<String> = overrides.iter().map(|text| (*text).to_owned()).collect();
    Scenario::read("story.yaml", text.as_bytes(), &overrides, &mut files(&[]))
}

/// Reads a scenario that refers to files which exist only here.
pub fn read_files(text: &str, all: &[(&str, &str)]) -> Result<Scenario, Findings> {
    Scenario::read("story.yaml", text.as_bytes(), &[], &mut files(all))
}

/// Opens a document that refers to no other file.
pub fn open(text: &str) -> Document {
    Document::open("story.yaml", text.as_bytes(), &[], &mut files(&[]))
        .unwrap_or_else(|found| panic!("{found}"))
}

/// The smallest scenario with overrides, which must be accepted.
pub fn accepted(overrides: &[&str]) -> Scenario {
    read_with(BASE, overrides).unwrap_or_else(|found| panic!("{found}"))
}

/// The messages about the smallest scenario with overrides, which must be refused.
pub fn refused(overrides: &[&str]) -> Vec<String> {
    match read_with(BASE, overrides) {
        Ok(_) => panic!("accepted {overrides:?}"),
        Err(found) => found
            .problems
            .sorted()
            .iter()
            .map(|problem| problem.message.clone())
            .collect(),
    }
}

/// The warnings about the smallest scenario with overrides, which must be accepted.
pub fn warned(overrides: &[&str]) -> Vec<String> {
    let scenario = accepted(overrides);
    scenario
        .warnings
        .problems
        .sorted()
        .iter()
        .map(|problem| problem.message.clone())
        .collect()
}

/// What a user sees.
pub fn shown(found: &Findings) -> String {
    found.render(Style::Plain)
}
