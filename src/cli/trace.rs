//! The observation log: every fact of a run as one line of JSON, with names instead of ids.
//!
//! The fields of a line always come in the same order, so that two logs can be compared line by line. All times are in
//! nanoseconds.

use std::fs::{self, File, TryLockError};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::Serialize;

use super::exit::Failure;
use super::runs::Bar;
use crate::experiment::replication::{Detail, Watch, replicate, work};
use crate::experiment::{Case, Progress, Stopped};
use crate::measure::observation::{Change, Observation, RequestSeen, SessionSeen};
use crate::measure::scope::Scope;
use crate::report::words;
use crate::world::ids::Position;

/// An empty file that no other program writes into as long as this one has it open.
fn claimed(path: &Path) -> io::Result<File> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(path)?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => {
            return Err(io::Error::other("another program is writing it"));
        }
        // Not every file system knows locks.
        Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported => {}
        locked => locked?,
    }
    file.set_len(0)?;
    Ok(file)
}

/// What every log begins with.
const BEGINNING: &[u8] = b"{\"kind\":\"";

/// A request that ended.
#[derive(Serialize)]
struct RequestLine<'a> {
    kind: &'static str,
    at_ns: u64,
    request: String,
    hostname: &'a str,
    write: bool,
    born_ns: u64,
    entry: String,
    endpoint: Option<&'a str>,
    connection: Option<String>,
    container: Option<&'a str>,
    attempts: u16,
    outcome: &'static str,
    status: u16,
    network_ns: u64,
    waiting_ns: u64,
    service_ns: u64,
    store_ns: u64,
    stalled_ns: u64,
    state: &'static str,
    wrong_service: bool,
    executions: u8,
}

/// A session that ended.
#[derive(Serialize)]
struct SessionLine<'a> {
    kind: &'static str,
    at_ns: u64,
    group: &'a str,
    session: u64,
    visitor: u64,
    born_ns: u64,
    requests: u32,
    failed: u32,
    hops: u32,
    acknowledged: bool,
    fate: &'static str,
    cause: Option<&'static str>,
    checkout: Option<&'static str>,
}

/// A change of state.
#[derive(Serialize)]
struct ChangeLine {
    kind: &'static str,
    at_ns: u64,
    entity: &'static str,
    name: String,
    what: &'static str,
    detail: Option<String>,
}

/// Where an observation log will stand. It is written beside its place first, so that a run that is stopped leaves an
/// earlier log as it was.
#[derive(Debug)]
pub struct Trace {
    path: PathBuf,
    file: File,
    /// The file that will take the path's place; none for what is no regular file, such as a pipe.
    new: Option<PathBuf>,
}

impl Trace {
    /// Opens the log before the runs, and makes sure that nothing else is lost by it.
    ///
    /// # Errors
    /// When the file cannot be written, or is there already and is no log, unless `force` is set. A scenario that is
    /// run, one of `inputs`, is never replaced.
    pub fn prepare<'a>(
        path: &Path,
        mut inputs: impl Iterator<Item = &'a str>,
        force: bool,
    ) -> Result<Trace, Failure> {
        let shown = path.display();
        if path == Path::new("-") {
            let message = "the answer goes to standard output; `--trace` needs the name of a file";
            return Err(Failure::usage(message));
        }
        // Through a link, what it leads to is replaced.
        let path = path.canonicalize().unwrap_or_else(|_| path.to_owned());
        let unwritable =
            |error: io::Error| Failure::output(format!("`{shown}` cannot be written: {error}"));
        if inputs.any(|input| Path::new(input).canonicalize().is_ok_and(|it| it == path)) {
            return Err(Failure::usage(format!(
                "`{shown}` is the scenario; its log needs a file of its own"
            )));
        }
        let is_regular = match path.metadata() {
            Ok(found) if found.is_dir() => {
                return Err(Failure::output(format!("`{shown}` is a folder")));
            }
            Ok(found) => found.is_file(),
            Err(_) => true,
        };
        if is_regular && !force && !is_log_or_free(&path).map_err(unwritable)? {
            return Err(Failure::output(format!(
                "`{shown}` exists and is no log of tunnelsim; --force replaces it"
            )));
        }
        let new = is_regular.then(|| {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            path.with_file_name(format!(".new-{name}"))
        });
        let file = match &new {
            Some(new) => claimed(new).map_err(unwritable)?,
            None => File::create(&path).map_err(unwritable)?,
        };
        Ok(Trace { path, file, new })
    }

    /// Writes the log of one run of a case; the run is made for it once more.
    ///
    /// # Errors
    /// When the file cannot be written, or the run has no end.
    pub fn write(
        mut self,
        case: &Case,
        number: u64,
        progress: &Progress,
        mut bar: Bar,
    ) -> Result<(), Failure> {
        let shown = self.path.display().to_string();
        let unwritable =
            |error: io::Error| Failure::output(format!("`{shown}` cannot be written: {error}"));
        let mut file = BufWriter::new(&self.file);
        let scope = Scope::new(&case.scenario.blueprint, &case.scenario.faults);
        let mut written = Ok(());
        let observer = |seen: &Observation| {
            if written.is_ok() {
                written = line(&mut file, seen, &scope);
            }
        };
        let watch = Watch {
            observer: Some(Box::new(observer)),
            ..Watch::default()
        };
        let scenario = &case.scenario;
        progress.plan(work(scenario));
        let run = bar.beside(progress, || {
            replicate(scenario, number, &[], Detail::Tallies, watch, progress)
        });
        bar.end();
        run.map_err(|stopped| match stopped {
            Stopped::Interrupted => Failure::interrupted(),
            Stopped::Violation(violation) => Failure::defect(&violation),
        })?;
        written.and_then(|()| file.flush()).map_err(unwritable)?;
        drop(file);
        match self.new.take() {
            Some(new) => fs::rename(new, &self.path).map_err(unwritable),
            None => Ok(()),
        }
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        if let Some(new) = &self.new {
            // Half a log is of no use; if it cannot be removed, its name says what it is.
            let _ = fs::remove_file(new);
        }
    }
}

/// Whether a log may stand here: nothing is here, nothing is in it, or a log of ours is.
fn is_log_or_free(path: &Path) -> io::Result<bool> {
    let mut beginning = Vec::new();
    match File::open(path) {
        Ok(file) => file
            .take(BEGINNING.len() as u64)
            .read_to_end(&mut beginning)?,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(true),
        Err(error) => return Err(error),
    };
    Ok(beginning.is_empty() || beginning == BEGINNING)
}

/// Writes one fact.
fn line(file: &mut impl Write, seen: &Observation, scope: &Scope) -> io::Result<()> {
    match seen {
        Observation::Request(seen) => serde_json::to_writer(&mut *file, &request_line(seen, scope)),
        Observation::Session(seen) => serde_json::to_writer(&mut *file, &session_line(seen, scope)),
        Observation::Change(change) => {
            serde_json::to_writer(&mut *file, &change_line(change, scope))
        }
    }?;
    file.write_all(b"\n")
}

fn request_line<'a>(seen: &RequestSeen, scope: &'a Scope) -> RequestLine<'a> {
    RequestLine {
        kind: "request",
        at_ns: seen.closed.as_nanos(),
        request: words::request(seen.id, scope),
        hostname: &scope.hostnames[seen.hostname.index()].name,
        write: seen.is_write,
        born_ns: seen.born.as_nanos(),
        entry: seen.entry.to_string(),
        endpoint: seen
            .endpoint
            .map(|id| scope.endpoints[id.index()].name.as_str()),
        connection: seen.connection.map(|id| words::connection(id, scope)),
        container: seen
            .container
            .map(|id| scope.containers[id.index()].name.as_str()),
        attempts: seen.attempts,
        outcome: seen.outcome.name(),
        status: seen.status,
        network_ns: seen.parts.network.as_nanos(),
        waiting_ns: seen.parts.waiting.as_nanos(),
        service_ns: seen.parts.service.as_nanos(),
        store_ns: seen.parts.store.as_nanos(),
        stalled_ns: seen.parts.stalled.as_nanos(),
        state: words::state(seen.state),
        wrong_service: seen.wrong_service,
        executions: seen.executions,
    }
}

fn session_line<'a>(seen: &SessionSeen, scope: &'a Scope) -> SessionLine<'a> {
    let (fate, cause) = words::fate(seen.fate);
    SessionLine {
        kind: "session",
        at_ns: seen.ended.as_nanos(),
        group: &scope.groups[seen.group.index()].name,
        session: seen.session,
        visitor: seen.visitor,
        born_ns: seen.born.as_nanos(),
        requests: seen.requests,
        failed: seen.failed,
        hops: seen.hops,
        acknowledged: seen.acknowledged,
        fate,
        cause,
        checkout: seen.checkout.map(words::checkout),
    }
}

fn change_line(change: &Change, scope: &Scope) -> ChangeLine {
    let (entity, name) = words::entity(change.entity, scope);
    let (what, detail) = words::happening(change.what, scope);
    ChangeLine {
        kind: "change",
        at_ns: change.at.as_nanos(),
        entity,
        name,
        what,
        detail,
    }
}
