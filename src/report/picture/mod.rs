//! Pictures, as SVG: the same bytes on every machine, readable without colour, titled with the question they answer.
//!
//! Each has a CSV file of the same name with the numbers that it shows.

mod axis;
mod canvas;
mod latency;
mod palette;
mod panel;
mod stack;
mod timeline;
mod traffic;
mod variants;
mod window;

use canvas::{Anchor, Canvas, LABEL, MARGIN, SMALL, SUBTITLE, TITLE, WIDTH};

use super::gathered::Gathered;
use super::input::ScenarioReport;
use super::wording::{clock, counted, one_line};
use window::Window;

/// A picture.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Picture {
    /// Its file's name without the ending.
    pub name: &'static str,
    /// The picture.
    pub svg: String,
}

/// Variants that get a panel each; of more only the first ones do.
const PANELS: usize = 6;

/// Height of title and subtitle, in half pixels.
const HEAD: i32 = 120;

/// Height of what stands below the last axis.
const FOOT: i32 = 116;

/// All pictures for which there is something to show.
pub fn pictures(report: &ScenarioReport) -> Vec<Picture> {
    let picture = |name, svg: Option<String>| svg.map(|svg| Picture { name, svg });
    [
        picture("timeline", timeline::draw(report)),
        picture("latency-over-time", latency::draw(report)),
        picture("traffic", traffic::draw(report)),
        picture("variants", variants::draw(report)),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// Writes the question, what was run, and in small print where the numbers come from.
fn frame(canvas: &Canvas, height: i32, report: &ScenarioReport, question: &str, subtitle: &str) {
    let room = WIDTH - 2 * MARGIN;
    canvas.text(
        (MARGIN, 44),
        &TITLE.fitted(question, room),
        TITLE,
        Anchor::Left,
    );
    canvas.text(
        (MARGIN, 92),
        &SUBTITLE.fitted(subtitle, room),
        SUBTITLE,
        Anchor::Left,
    );
    let fingerprints: Vec<String> = report
        .variants
        .iter()
        .take(PANELS)
        .map(|it| it.runs.fingerprint().to_string())
        .collect();
    let small = format!(
        "tunnelsim · {} · fingerprint {}",
        report.name,
        fingerprints.join(" ")
    );
    canvas.text(
        (MARGIN, height - 22),
        &SMALL.fitted(&small, room),
        SMALL,
        Anchor::Left,
    );
}

/// What was run: the seed, the runs, what else there is to know, and the scenario.
fn what_was_run(report: &ScenarioReport, more: &str) -> String {
    let each = if report.has_variants() { " each" } else { "" };
    let runs = counted(report.replications, "run", "runs");
    let title = one_line(&report.title);
    format!("seed {} · {runs}{each}{more} · {title}", report.seed)
}

/// The part of the run that is shown.
fn part_shown(window: &Window, runs: &Gathered) -> String {
    if !window.is_part {
        return String::new();
    }
    let length = runs.first.scope.length();
    let (from, until) = (clock(window.from), clock(window.until));
    format!(" · {from} to {until} of {length}, nobody harmed in the rest")
}

/// How many panels of so many are left out, and where their numbers are.
fn more_in(panels: usize, file: &str) -> String {
    match panels.saturating_sub(PANELS) {
        0 => String::new(),
        n => format!(" · {n} more in {file}"),
    }
}

/// Room for names at the left: as much as the longest needs, between some bounds, in half pixels.
fn room_for<'a>(names: impl Iterator<Item = &'a str>) -> i32 {
    let longest = names.map(|name| LABEL.width(name)).max().unwrap_or(0);
    (longest + MARGIN + 30).clamp(200, 640)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::results::files;
    use crate::report::testing::{Story, report, small_variants, variant};

    #[test]
    fn every_picture_has_a_table_of_its_name_and_the_same_bytes_again() {
        let one = report(vec![variant(None, Story::small(), 1)]);
        for report in [one, report(small_variants())] {
            let drawn = pictures(&report);
            assert_eq!(drawn, pictures(&report));
            let files = files(&report);
            for picture in &drawn {
                let table = format!("{}.csv", picture.name);
                assert!(files.iter().any(|file| file.name == table), "{table}");
            }
            assert_eq!(drawn.len(), 3 + usize::from(report.has_variants()));
        }
    }

    #[test]
    fn no_name_breaks_out_of_its_picture() {
        let evil = "</svg><script>alert('\u{1b}[31m')</script>";
        let mut report = report(small_variants());
        report.title = evil.to_owned();
        report.claim = Some(evil.to_owned());
        for variant in &mut report.variants {
            variant.name = Some(evil.to_owned());
            variant.runs.first.scope.groups[0].name = evil.to_owned();
            variant.runs.first.scope.faults[0].name = evil.to_owned();
        }
        for picture in pictures(&report) {
            assert!(!picture.svg.contains("<script"), "{}", picture.name);
            assert_eq!(picture.svg.matches("</svg>").count(), 1, "{}", picture.name);
            let is_control = |c: char| c.is_control() && c != '\n';
            assert!(!picture.svg.contains(is_control), "{}", picture.name);
        }
    }
}
