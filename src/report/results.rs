//! The files of one scenario's results.

use super::csv::{self, Csv};
use super::folder::ResultFile;
use super::input::ScenarioReport;
use super::picture::pictures;
use super::summary::summary;

/// All files, in the order in which they are listed.
pub fn files(report: &ScenarioReport) -> Vec<ResultFile> {
    let mut files = vec![
        file("scenario.yaml", report.source.clone()),
        file("summary.json", summary(report).into_bytes()),
    ];
    for picture in pictures(report) {
        files.push(file(
            &format!("{}.svg", picture.name),
            picture.svg.into_bytes(),
        ));
    }
    files.extend(
        tables(report)
            .into_iter()
            .map(|(name, table)| file(name, table.into_bytes())),
    );
    files
}

/// The tables that have something to say.
fn tables(report: &ScenarioReport) -> Vec<(&'static str, Csv)> {
    let mut tables = vec![
        ("ledger.csv", csv::ledger(report)),
        ("latency.csv", csv::latency(report)),
        ("sessions.csv", csv::sessions(report)),
        ("traffic.csv", csv::traffic(report)),
        ("containers.csv", csv::containers(report)),
        ("status.csv", csv::status(report)),
    ];
    let has_series = report
        .variants
        .iter()
        .any(|variant| variant.runs.timeline.is_some());
    let has_faults = report
        .variants
        .iter()
        .any(|variant| !variant.runs.faults.is_empty());
    if has_series {
        tables.push(("timeline.csv", csv::timeline(report)));
        tables.push(("latency-over-time.csv", csv::latency_over_time(report)));
    }
    if has_faults {
        tables.push(("faults.csv", csv::faults(report)));
    }
    if report.replications > 1 {
        tables.push(("runs.csv", csv::runs(report)));
    }
    // Beside the picture of the variants stands the table of its name.
    match report.has_variants() {
        true => tables.push(("variants.csv", csv::estimates(report))),
        false if report.replications > 1 => tables.push(("estimates.csv", csv::estimates(report))),
        false => {}
    }
    tables
}

fn file(name: &str, bytes: Vec<u8>) -> ResultFile {
    ResultFile {
        name: name.to_owned(),
        bytes,
    }
}
