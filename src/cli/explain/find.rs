//! Which request or session is meant.

use super::super::exit::Failure;
use super::Hearing;
use super::names::Names;
use crate::experiment::replication::{Detail, Watch, replicate};
use crate::kernel::time::Time;
use crate::measure::observation::{Observation, RequestId, RequestSeen, SessionFate};
use crate::measure::outcome::{Cause, Outcome};
use crate::notation::nearest;
use crate::report::words;
use crate::world::ids::{GroupId, Position};

/// What the user asked for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Wanted {
    /// This request or session.
    Named(Target),
    /// The first request of this status.
    Status(u16),
    /// The first request that failed for this cause.
    Cause(Cause),
    /// The first request that lost time.
    Delayed,
    /// The first session that lost its state.
    EmptyCart,
}

/// What a story is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// A request.
    Request(RequestId),
    /// A session.
    Session(GroupId, u64),
}

impl Target {
    /// The session it belongs to.
    pub fn session(self) -> (GroupId, u64) {
        match self {
            Target::Request(id) => (id.group, id.session),
            Target::Session(group, session) => (group, session),
        }
    }

    /// `request spain/12/0` or `session spain/12`.
    pub fn in_words(self, names: &Names<'_>) -> String {
        match self {
            Target::Request(id) => format!("request {}", words::request(id, &names.scope)),
            Target::Session(group, session) => {
                format!(
                    "session {}/{session}",
                    names.scope.groups[group.index()].name
                )
            }
        }
    }
}

/// A request by its name.
///
/// # Errors
/// When it is no name of a request.
pub fn request(text: &str, names: &Names<'_>) -> Result<Wanted, Failure> {
    let form = || {
        Failure::usage(format!(
            "`{text}` is no request: expected GROUP/SESSION/REQUEST, such as spain/12/0"
        ))
    };
    let (session, request) = text.rsplit_once('/').ok_or_else(form)?;
    let request = request.parse().map_err(|_| form())?;
    let (group, number) = session.rsplit_once('/').ok_or_else(form)?;
    let session = number.parse().map_err(|_| form())?;
    let group = group_named(group, names)?;
    Ok(Wanted::Named(Target::Request(RequestId {
        group,
        session,
        request,
    })))
}

/// A session by its name.
///
/// # Errors
/// When it is no name of a session.
pub fn session(text: &str, names: &Names<'_>) -> Result<Wanted, Failure> {
    let form = || {
        Failure::usage(format!(
            "`{text}` is no session: expected GROUP/SESSION, such as spain/12"
        ))
    };
    let (group, session) = text.rsplit_once('/').ok_or_else(form)?;
    let session = session.parse().map_err(|_| form())?;
    Ok(Wanted::Named(Target::Session(
        group_named(group, names)?,
        session,
    )))
}

fn group_named(name: &str, names: &Names<'_>) -> Result<GroupId, Failure> {
    let groups = &names.scope.groups;
    let position = groups.iter().position(|group| group.name == name);
    position.map(GroupId::at).ok_or_else(|| {
        let known: Vec<&str> = groups.iter().map(|group| group.name.as_str()).collect();
        Failure::usage(format!(
            "no clients are called `{name}`; there are {}",
            known.join(", ")
        ))
    })
}

/// The first of its kind.
///
/// # Errors
/// When there is no such kind.
pub fn first(text: &str) -> Result<Wanted, Failure> {
    if let Ok(status) = text.parse() {
        return Ok(Wanted::Status(status));
    }
    match (text, Cause::ALL.iter().find(|cause| cause.name() == text)) {
        ("delayed", _) => Ok(Wanted::Delayed),
        ("empty-cart", _) => Ok(Wanted::EmptyCart),
        (_, Some(cause)) => Ok(Wanted::Cause(*cause)),
        (_, None) => {
            let kinds = || {
                Cause::ALL
                    .iter()
                    .map(|cause| cause.name())
                    .chain(["delayed", "empty-cart"])
            };
            let help = match nearest(text, kinds()) {
                Some(close) => format!("did you mean `{close}`?"),
                None => format!(
                    "expected a status or one of {}",
                    kinds().collect::<Vec<_>>().join(", ")
                ),
            };
            Err(Failure::usage(format!(
                "nothing is called `{text}`; {help}"
            )))
        }
    }
}

/// Finds what is wanted, by a run if it has to be searched for; none if the run has nothing of the kind.
///
/// # Errors
/// When a run has no end.
pub fn find(wanted: &Wanted, hearing: &Hearing<'_>) -> Result<Option<Target>, Failure> {
    if let Wanted::Named(target) = wanted {
        return Ok(Some(*target));
    }
    // Requests and sessions are seen when they end; the first one is the one that began first.
    let mut first: Option<(Time, Target)> = None;
    let observer = |seen: &Observation| {
        if let Some((born, target)) = wanted.matched(seen)
            && first.is_none_or(|(earlier, _)| born < earlier)
        {
            first = Some((born, target));
        }
    };
    let watch = Watch {
        observer: Some(Box::new(observer)),
        ..Watch::default()
    };
    replicate(
        hearing.scenario,
        hearing.replication,
        &[],
        Detail::Tallies,
        watch,
        hearing.progress,
    )
    .map_err(|stopped| hearing.failure(stopped))?;
    Ok(first.map(|(_, target)| target))
}

impl Wanted {
    fn matched(self, seen: &Observation) -> Option<(Time, Target)> {
        match seen {
            Observation::Request(seen) => self
                .is_request(seen)
                .then_some((seen.born, Target::Request(seen.id))),
            Observation::Session(seen) => {
                let is_broken = matches!(seen.fate, SessionFate::Broken(_));
                let target = Target::Session(seen.group, seen.session);
                (self == Wanted::EmptyCart && is_broken).then_some((seen.born, target))
            }
            Observation::Change(_) => None,
        }
    }

    fn is_request(self, seen: &RequestSeen) -> bool {
        match self {
            Wanted::Status(status) => seen.status == status,
            Wanted::Cause(cause) => seen.outcome == Outcome::Failed(cause),
            Wanted::Delayed => seen.outcome.is_success() && seen.is_delayed(),
            Wanted::Named(_) | Wanted::EmptyCart => false,
        }
    }

    /// `request spain/12/0`, or the kind of request or session that was asked for.
    pub fn in_words(self, names: &Names<'_>) -> String {
        match self {
            Wanted::Named(target) => target.in_words(names),
            Wanted::Status(status) => format!("request with status {status}"),
            Wanted::Cause(cause) => format!("request that failed with {}", cause.name()),
            Wanted::Delayed => "request that succeeded after a delay".to_owned(),
            Wanted::EmptyCart => "session that lost its state".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_of_a_kind_is_a_status_a_cause_or_a_word() {
        assert_eq!(first("502"), Ok(Wanted::Status(502)));
        assert_eq!(first("no-such-host"), Ok(Wanted::Cause(Cause::NoSuchHost)));
        assert_eq!(first("delayed"), Ok(Wanted::Delayed));
        assert!(
            first("no-such-hots")
                .unwrap_err()
                .message
                .contains("did you mean `no-such-host`?")
        );
    }
}
