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

/// Height of the question with one line below it, and of each further line, in half pixels.
const HEAD: (i32, i32) = (120, 34);

/// Lines below the question, at most.
const LINES: usize = 2;

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

/// The question that a picture answers, and what was run.
struct Heading {
    question: &'static str,
    lines: Vec<String>,
}

impl Heading {
    fn new(question: &'static str, subtitle: &str) -> Heading {
        let lines = SUBTITLE.wrapped(subtitle, WIDTH - 2 * MARGIN, LINES);
        Heading { question, lines }
    }

    /// How much of the picture it takes.
    fn height(&self) -> i32 {
        HEAD.0 + HEAD.1 * (self.lines.len() as i32 - 1)
    }

    /// All of it, for those who cannot see the picture.
    fn description(&self) -> String {
        format!("{} {}", self.question, self.lines.join(" "))
    }
}

/// Writes the heading, and in small print where the numbers come from.
fn frame(canvas: &Canvas, height: i32, report: &ScenarioReport, heading: &Heading) {
    let room = WIDTH - 2 * MARGIN;
    canvas.text((MARGIN, 44), heading.question, TITLE, Anchor::Left);
    for (index, line) in heading.lines.iter().enumerate() {
        let y = 92 + HEAD.1 * index as i32;
        canvas.text((MARGIN, y), line, SUBTITLE, Anchor::Left);
    }
    let small = small_print(report, room);
    canvas.text((MARGIN, height - 22), &small, SMALL, Anchor::Left);
}

/// The scenario and the fingerprints of its variants, as many as fit, and how many more there are.
fn small_print(report: &ScenarioReport, room: i32) -> String {
    let variants = report.variants.iter();
    let all: Vec<String> = variants
        .map(|it| it.runs.fingerprint().to_string())
        .collect();
    let with = |shown: usize| {
        let more = match all.len() - shown {
            0 => String::new(),
            n => format!(" and {n} more in summary.json"),
        };
        let shown = all[..shown].join(" ");
        format!("tunnelsim · {} · fingerprint {shown}{more}", report.name)
    };
    let mut texts = (1..=all.len().min(PANELS)).rev().map(with);
    let fitting = texts.find(|text| SMALL.width(text) <= room);
    fitting.unwrap_or_else(|| SMALL.fitted(&with(all.len().min(1)), room))
}

/// What was run: the scenario, the seed, the runs, and what else there is to know.
fn what_was_run(report: &ScenarioReport, more: &str) -> String {
    let each = if report.has_variants() { " each" } else { "" };
    let runs = counted(report.replications, "run", "runs");
    let title = one_line(&report.title);
    format!("{title} · seed {} · {runs}{each}{more}", report.seed)
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
    fn the_small_print_says_how_many_fingerprints_it_leaves_out() {
        let mut report = report(small_variants());
        let room = WIDTH - 2 * MARGIN;
        assert!(!small_print(&report, room).contains("more"));
        report
            .variants
            .extend([small_variants(), small_variants()].concat());
        let small = small_print(&report, room);
        assert!(small.ends_with(" more in summary.json"), "{small}");
        assert!(SMALL.width(&small) <= room);
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
