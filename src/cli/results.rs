//! Results as they come: judged, written into their folders, and put into words.

use std::path::PathBuf;

use super::answer::{self, Format};
use super::exit::{Exit, Failure};
use super::input::Input;
use super::reports::report_of;
use super::reproduce;
use super::runs::{Bar, Runs};
use super::terminal::Terminal;
use crate::experiment::{self, Breach, Experiment, Gathered, Listener};
use crate::report::disk::RealDisk;
use crate::report::folder::{ResultFile, prepare, write_folder};
use crate::report::page::{Block, Page, Table};
use crate::report::story::Overview;
use crate::report::summary::summary;
use crate::report::{self, ScenarioReport, csv, markdown, results, story, text};

/// Where and how results are written.
#[derive(Clone, Debug)]
pub struct Writing {
    /// The folder above the folders of results.
    pub out: PathBuf,
    /// Whether a folder is replaced even if it is not ours.
    pub force: bool,
    /// Whether pictures are written as PNG too.
    pub png: bool,
}

impl Writing {
    /// Looks whether all results can be written, so that what is in the way is known before hours of runs.
    ///
    /// # Errors
    /// When the folder above them cannot be made or written, or one of theirs may not be replaced.
    pub fn prepare<'a>(&self, mut names: impl Iterator<Item = &'a str>) -> Result<(), Failure> {
        let ready = names.try_for_each(|name| prepare(&RealDisk, &self.out, name, self.force));
        ready.map_err(|problem| Failure::output(problem.to_string()))
    }
}

/// Takes in the results of all files: writes them, says what they say, and remembers how they came out.
pub struct Results<'a, 't> {
    writing: Option<Writing>,
    format: Format,
    is_quiet: bool,
    inputs: &'a [Input],
    terminal: &'a mut Terminal<'t>,
    bar: Bar,
    done: usize,
    overview: Overview,
    summaries: Vec<String>,
    exit: Exit,
}

impl<'a, 't> Results<'a, 't> {
    /// None so far.
    pub fn new(
        writing: Option<Writing>,
        runs: &Runs,
        inputs: &'a [Input],
        terminal: &'a mut Terminal<'t>,
    ) -> Results<'a, 't> {
        let (overview, summaries) = (Overview::default(), Vec::new());
        let exit = Exit::Pass;
        Results {
            writing,
            format: runs.format,
            is_quiet: runs.quiet,
            inputs,
            bar: Bar::new(runs.quiet, terminal),
            terminal,
            done: 0,
            overview,
            summaries,
            exit,
        }
    }

    /// Ends the answer: over many files it is one table.
    ///
    /// # Errors
    /// When standard output cannot be written.
    pub fn finish(mut self) -> Result<Exit, Failure> {
        self.bar.end();
        if self.inputs.len() > 1 && !self.is_quiet {
            let overview = self.overview.page();
            let text = match self.format {
                Format::Text => text::render(&overview, self.terminal.width),
                Format::Markdown => markdown::render(&overview),
                Format::Csv => tables_of(&overview).map(answer::csv).collect(),
                Format::Json => format!("[\n{}]\n", self.summaries.join(",\n")),
            };
            self.terminal.answer(&text)?;
        }
        Ok(self.exit)
    }

    fn breach(&mut self, breach: &Breach, input: &Input) {
        let command = reproduce::breach(breach, input);
        self.fail(&format!(
            "{breach}\nThis is a defect of tunnelsim; to see it again: {command}"
        ));
        self.exit = self.exit.and(Exit::Defect);
    }

    fn fail(&mut self, message: &str) {
        let terminal = &mut *self.terminal;
        self.bar.paused(|| terminal.fail(message));
    }

    fn write(&mut self, report: &ScenarioReport) {
        let Some(writing) = &self.writing else {
            return;
        };
        let written = files(report, writing.png).and_then(|files| {
            let folder = write_folder(&RealDisk, &writing.out, &report.name, &files, writing.force);
            folder.map_err(|problem| problem.to_string())
        });
        match written {
            Ok(folder) if !self.is_quiet => {
                let (terminal, text) =
                    (&mut *self.terminal, format!("wrote {}\n", folder.display()));
                self.bar.paused(|| terminal.say(&text));
            }
            Ok(_) => {}
            Err(problem) => {
                self.fail(&problem);
                self.exit = self.exit.and(Exit::Output);
            }
        }
    }

    fn answer(&mut self, report: ScenarioReport) {
        if self.is_quiet {
            return;
        }
        if self.inputs.len() > 1 {
            self.overview.add(&report);
            if self.format == Format::Json {
                self.summaries.push(summary(&report));
            }
            return;
        }
        let text = match self.format {
            Format::Text => text::render(&story::page(&report), self.terminal.width),
            Format::Markdown => markdown::render(&story::page(&report)),
            Format::Csv => String::from_utf8_lossy(&csv::ledger(&report).into_bytes()).into_owned(),
            Format::Json => summary(&report),
        };
        let terminal = &mut *self.terminal;
        if let Err(failure) = self.bar.paused(|| terminal.answer(&text)) {
            self.fail(&failure.message);
            self.exit = self.exit.and(failure.exit);
        }
    }
}

impl Listener<report::Gathered> for Results<'_, '_> {
    fn result(&mut self, experiment: &Experiment, result: Gathered<report::Gathered>) {
        let input = &self.inputs[self.done];
        self.done += 1;
        match result {
            Err(breach) => self.breach(&breach, input),
            Ok(result) => {
                self.exit = self.exit.and(result.outcome.into());
                let report = report_of(input, experiment, result);
                self.write(&report);
                self.answer(report);
            }
        }
    }

    fn tick(&mut self, progress: &experiment::Progress) {
        self.bar.tick(progress);
    }
}

/// The files of the results, with a PNG beside each SVG if they are wanted.
fn files(report: &ScenarioReport, png: bool) -> Result<Vec<ResultFile>, String> {
    let mut files = results::files(report);
    if png {
        files.extend(pixels(&files)?);
    }
    Ok(files)
}

#[cfg(feature = "png")]
fn pixels(files: &[ResultFile]) -> Result<Vec<ResultFile>, String> {
    let rasteriser = crate::report::png::Rasteriser::default();
    let pictures = files
        .iter()
        .filter_map(|file| Some((file.name.strip_suffix(".svg")?, &file.bytes)));
    let png = |(name, svg): (&str, &Vec<u8>)| {
        let bytes = rasteriser
            .png(&String::from_utf8_lossy(svg))
            .map_err(|problem| problem.to_string())?;
        Ok(ResultFile {
            name: format!("{name}.png"),
            bytes,
        })
    };
    pictures.map(png).collect()
}

#[cfg(not(feature = "png"))]
fn pixels(_files: &[ResultFile]) -> Result<Vec<ResultFile>, String> {
    Err("this program was built without PNG".to_owned())
}

/// The tables of a page.
fn tables_of(page: &Page) -> impl Iterator<Item = &Table> {
    page.blocks.iter().filter_map(|block| match block {
        Block::Table { table, .. } => Some(table),
        _ => None,
    })
}
