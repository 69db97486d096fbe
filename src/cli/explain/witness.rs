//! Hears everything about one session, and every change of state beside it.

use super::super::exit::Failure;
use super::Hearing;
use crate::experiment::replication::{Detail, Watch, replicate};
use crate::kernel::time::Time;
use crate::measure::observation::{
    Change, Entity, Happening, Observation, RequestId, RequestSeen, SessionSeen,
};
use crate::simulation::{Focus, Line};
use crate::world::ids::{ContainerId, GroupId};

/// What was heard.
pub struct Heard {
    /// The session's requests in their order.
    pub requests: Vec<RequestSeen>,
    /// The session, once it had ended.
    pub session: Option<SessionSeen>,
    /// The moments of its requests.
    pub lines: Vec<Line>,
    /// All changes of state of the run.
    pub changes: Vec<Change>,
}

impl Heard {
    /// A request of the session.
    pub fn request(&self, id: RequestId) -> Option<&RequestSeen> {
        self.requests.iter().find(|seen| seen.id == id)
    }

    /// Since when a container had been down at a moment; none if nothing had brought it down.
    pub fn down_since(&self, container: ContainerId, at: Time) -> Option<Time> {
        let of_container = |change: &&Change| change.entity == Entity::Container(container);
        let before = self.between(Time::ZERO, at).filter(of_container);
        before.fold(None, |since, change| match change.what {
            Happening::Down => since.or(Some(change.at)),
            Happening::Up => None,
            _ => since,
        })
    }

    /// The moments of a request in their order.
    pub fn moments(&self, id: RequestId) -> impl Iterator<Item = &Line> {
        self.lines.iter().filter(move |line| line.request == id)
    }

    /// The changes of a stretch of time, its ends included.
    pub fn between(&self, from: Time, until: Time) -> impl Iterator<Item = &Change> {
        self.changes
            .iter()
            .filter(move |change| from <= change.at && change.at <= until)
    }
}

/// Makes the run with an ear on a session.
///
/// # Errors
/// When the run has no end.
pub fn listen((group, session): (GroupId, u64), hearing: &Hearing<'_>) -> Result<Heard, Failure> {
    let mut heard = Heard {
        requests: Vec::new(),
        session: None,
        lines: Vec::new(),
        changes: Vec::new(),
    };
    let observer = |seen: &Observation| match seen {
        Observation::Request(seen) if seen.id.group == group && seen.id.session == session => {
            heard.requests.push(*seen);
        }
        Observation::Session(seen) if seen.group == group && seen.session == session => {
            heard.session = Some(*seen)
        }
        Observation::Change(change) => heard.changes.push(*change),
        Observation::Request(_) | Observation::Session(_) => {}
    };
    let focus = Some(Focus::Session(group, session));
    let watch = Watch {
        observer: Some(Box::new(observer)),
        focus,
        ..Watch::default()
    };
    let (_, lines) = replicate(
        hearing.scenario,
        hearing.replication,
        &[],
        Detail::Tallies,
        watch,
        hearing.progress,
    )
    .map_err(|stopped| hearing.failure(stopped))?;
    heard.lines = lines;
    Ok(heard)
}
