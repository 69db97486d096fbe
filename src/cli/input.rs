//! Scenario files as the user names them: files, folders, `example:NAME` and `-`.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::catalogue;
use super::exit::{Exit, Failure};
use super::read::{ENDINGS, limit_of, normal, read_file, read_limited};
use super::terminal::Terminal;
use crate::kernel::fingerprint::Fingerprint;
use crate::notation::{FILE_BYTES_MAX, Loaded, nearest};
use crate::scenario::{Document, Findings};

/// What the name of a scenario in the catalogue begins with.
const EXAMPLE: &str = "example:";

/// Where a scenario comes from.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// A scenario of the catalogue.
    Example(String),
    /// Standard input.
    StandardInput,
}

/// A scenario file that was read.
pub struct Input {
    /// The file as the user named it.
    pub label: String,
    /// The document.
    pub document: Document,
    /// The file's bytes.
    pub bytes: Vec<u8>,
    /// The settings changed from outside, as given.
    pub overrides: Vec<String>,
    /// A hash of the file and of everything it refers to, overrides included.
    pub hash: Fingerprint,
}

/// The scenarios that names stand for; a folder stands for its scenario files, sorted.
///
/// # Errors
/// When a name stands for nothing.
pub fn sources(names: &[String]) -> Result<Vec<Source>, Failure> {
    let mut sources = Vec::new();
    for name in names {
        match Path::new(name) {
            folder if folder.is_dir() => {
                sources.extend(files_of(folder)?.into_iter().map(Source::File))
            }
            _ => sources.push(source(name)?),
        }
    }
    Ok(sources)
}

/// The scenario that a name stands for; a folder will be refused when it is read.
///
/// # Errors
/// When no scenario of the catalogue has that name.
pub fn source(name: &str) -> Result<Source, Failure> {
    if name == "-" {
        return Ok(Source::StandardInput);
    }
    let Some(example) = name.strip_prefix(EXAMPLE) else {
        return Ok(Source::File(PathBuf::from(name)));
    };
    if catalogue::names().any(|known| known == example) {
        return Ok(Source::Example(example.to_owned()));
    }
    let help = match nearest(example, catalogue::names()) {
        Some(close) => format!("did you mean `{EXAMPLE}{close}`?"),
        None => "`tunnelsim list scenarios` names them all".to_owned(),
    };
    Err(Failure::usage(format!(
        "no example is called `{example}`; {help}"
    )))
}

fn files_of(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let unreadable = |error: io::Error| {
        Failure::usage(format!("`{}` cannot be read: {error}", folder.display()))
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let fits = path
            .extension()
            .is_some_and(|ending| ENDINGS.iter().any(|it| ending == *it));
        if fits && path.is_file() {
            files.push(path);
        }
    }
    if files.is_empty() {
        return Err(Failure::usage(format!(
            "`{}` has no .yaml files",
            folder.display()
        )));
    }
    files.sort();
    Ok(files)
}

/// Why a scenario could not be read.
pub enum Unreadable {
    /// Its bytes cannot be had.
    File(String),
    /// Something is wrong with it.
    Findings(Box<Findings>),
}

impl Source {
    /// The file as the user named it.
    pub fn label(&self) -> String {
        match self {
            Source::File(path) => path.display().to_string(),
            Source::Example(name) => format!("{EXAMPLE}{name}"),
            Source::StandardInput => "-".to_owned(),
        }
    }

    /// The file's name in messages; its stem names the results.
    fn file_name(&self) -> String {
        match self {
            Source::File(path) => path.display().to_string(),
            Source::Example(name) => format!("{name}.yaml"),
            Source::StandardInput => "stdin.yaml".to_owned(),
        }
    }

    fn bytes(&self) -> Result<Vec<u8>, String> {
        match self {
            Source::File(path) => read_file(path, FILE_BYTES_MAX)
                .map_err(|reason| format!("`{}` {reason}", path.display())),
            Source::Example(name) => Ok(catalogue::content(&format!("{name}.yaml"))
                .unwrap_or_default()
                .to_vec()),
            Source::StandardInput => read_limited(io::stdin().lock(), FILE_BYTES_MAX)
                .map_err(|reason| format!("standard input {reason}")),
        }
    }

    /// Fetches a file that another file of this scenario names.
    fn load(&self, path: &str, from: &str) -> Result<Loaded, String> {
        let name = normal(&Path::new(from).parent().unwrap_or(Path::new("")).join(path));
        let bytes = match self {
            Source::Example(_) => catalogue::content(&name)
                .map(<[u8]>::to_vec)
                .ok_or("is not part of the catalogue")?,
            Source::File(_) | Source::StandardInput => read_file(Path::new(&name), limit_of(path))?,
        };
        Ok(Loaded { name, bytes })
    }

    /// Reads the scenario with everything it refers to.
    ///
    /// # Errors
    /// [`Unreadable`].
    pub fn open(&self, overrides: &[String]) -> Result<Input, Unreadable> {
        self.open_bytes(self.bytes().map_err(Unreadable::File)?, overrides)
    }

    fn open_bytes(&self, bytes: Vec<u8>, overrides: &[String]) -> Result<Input, Unreadable> {
        let mut hash = Fingerprint::default();
        let mut absorb = |part: &[u8]| {
            hash.absorb(part.len() as u64);
            hash.absorb_bytes(part);
        };
        absorb(&bytes);
        overrides.iter().for_each(|text| absorb(text.as_bytes()));
        let mut load = |path: &str, from: &str| {
            let loaded = self.load(path, from)?;
            absorb(&loaded.bytes);
            Ok(loaded)
        };
        let document = Document::open(&self.file_name(), &bytes, overrides, &mut load)
            .map_err(|findings| Unreadable::Findings(Box::new(findings)))?;
        Ok(Input {
            label: self.label(),
            document,
            bytes,
            overrides: overrides.to_vec(),
            hash,
        })
    }

    /// Reads the scenario, or says everything that is wrong with it.
    ///
    /// # Errors
    /// When something is.
    pub fn open_or_say(
        &self,
        overrides: &[String],
        terminal: &mut Terminal<'_>,
    ) -> Result<Input, Failure> {
        self.open(overrides)
            .map_err(|unreadable| say_unreadable(&unreadable, terminal))
    }
}

/// Says why a scenario could not be read.
pub fn say_unreadable(unreadable: &Unreadable, terminal: &mut Terminal<'_>) -> Failure {
    match unreadable {
        Unreadable::File(message) => terminal.fail(message),
        Unreadable::Findings(findings) => say_findings(findings, terminal),
    }
    Failure::said(Exit::Usage)
}

/// Says what there is to say about a scenario.
pub fn say_findings(findings: &Findings, terminal: &mut Terminal<'_>) {
    let text = findings.render(terminal.style);
    terminal.say(&text);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_file_an_example_or_standard_input() {
        assert_eq!(source("-").unwrap(), Source::StandardInput);
        assert_eq!(
            source("a.yaml").unwrap(),
            Source::File(PathBuf::from("a.yaml"))
        );
        assert_eq!(
            source("example:no-such-scenario").unwrap_err().exit,
            Exit::Usage
        );
    }
}
