//! The observation log: every fact of a run as one line of JSON, with names instead of ids.
//!
//! The fields of a line always come in the same order, so that two logs can be compared line by line. All times are in
//! nanoseconds.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::Path;

use serde::Serialize;

use super::exit::Failure;
use super::words;
use crate::experiment::replication::{Detail, Watch, replicate};
use crate::experiment::{Case, Progress, Stopped};
use crate::measure::observation::{Change, Observation, RequestSeen, SessionSeen};
use crate::measure::scope::Scope;
use crate::world::ids::Position;

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
    attempts: u8,
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

/// Writes the observation log of the first run of a case; the run is made for it once more.
///
/// # Errors
/// When the file cannot be written, or the run has no end.
pub fn write(path: &Path, case: &Case, number: u64, progress: &Progress) -> Result<(), Failure> {
    let unwritable = |error: io::Error| {
        Failure::output(format!("`{}` cannot be written: {error}", path.display()))
    };
    let mut file = BufWriter::new(File::create(path).map_err(unwritable)?);
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
    let run = replicate(
        &case.scenario,
        number,
        &[],
        Detail::Tallies,
        watch,
        progress,
    );
    match run {
        Ok(_) => written.and_then(|()| file.flush()).map_err(unwritable),
        Err(Stopped::Interrupted) => Err(Failure::interrupted()),
        Err(Stopped::Violation(violation)) => Err(Failure::defect(&violation)),
    }
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
