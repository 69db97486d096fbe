//! The story of a session: its requests one by one, and what became of what it carried.

use std::fmt::Write;

use super::names::Names;
use super::request::head;
use super::witness::Heard;
use crate::measure::observation::{BreakCause, RequestSeen, SessionFate, SessionSeen, StateFound};
use crate::report::words;
use crate::world::ids::Position;

/// Tells the story of the session; none if it did not happen.
pub fn tell(heard: &Heard, names: &Names<'_>) -> Option<String> {
    let first = heard.requests.first()?;
    let group = &names.scope.groups[first.id.group.index()].name;
    let mut text = format!(
        "session {group}/{}, of {} requests\n",
        first.id.session,
        heard.requests.len()
    );
    for seen in &heard.requests {
        let _ = writeln!(text, "  {}  {}", seen.born, head(seen, names));
        let _ = writeln!(text, "{:15}{}", "", way(seen, names));
        if let Some(state) = state_in_words(seen, heard, names) {
            let _ = writeln!(text, "{:15}{state}", "");
        }
    }
    if let Some(session) = &heard.session {
        let _ = writeln!(text, "  {}", fate_in_words(session));
    }
    Some(text)
}

/// Which way a request went.
fn way(seen: &RequestSeen, names: &Names<'_>) -> String {
    let mut way = format!("by {}", names.metro(seen.entry));
    if let Some(connection) = seen.connection {
        way += &format!(", connection {}", names.connection(connection));
    }
    if let Some(container) = seen.container {
        way += &format!(", to {}", names.container(container));
    }
    if seen.attempts > 1 {
        way += &format!(", at attempt {}", seen.attempts);
    }
    way
}

/// What a request found of its session's state, and why.
pub fn state_in_words(seen: &RequestSeen, heard: &Heard, names: &Names<'_>) -> Option<String> {
    let container = seen.container?;
    let store = names.store_of(container)?;
    // The newest request before this one that found its state whole, or began it.
    let kept = || {
        let earlier = heard.requests.iter().take_while(|it| it.id != seen.id);
        let whole = earlier
            .filter(|it| matches!(it.state, StateFound::Fresh | StateFound::Found))
            .last();
        let other = whole
            .and_then(|it| it.container)
            .and_then(|it| names.store_of(it));
        other.filter(|other| *other != store)
    };
    Some(match seen.state {
        StateFound::NotAsked => return None,
        StateFound::Fresh => format!("it begins what the session keeps, in store {store}"),
        StateFound::Found => format!("store {store} has what the session left there"),
        StateFound::Stale => match kept() {
            Some(other) => {
                format!("store {store} has an older version: the newest is in store {other}")
            }
            None => format!("store {store} has only an older version of what the session left"),
        },
        StateFound::Missing => match kept() {
            Some(other) => {
                format!("store {store} has nothing: what the session left is in store {other}")
            }
            None => format!("store {store} has nothing of it any more"),
        },
    })
}

/// What became of the session.
fn fate_in_words(session: &SessionSeen) -> String {
    let why = match session.fate {
        SessionFate::Intact => "every lookup found what had been acknowledged",
        SessionFate::Broken(BreakCause::ReplicaSwitch) => {
            "it was answered from another store than the one that had its state"
        }
        SessionFate::Broken(BreakCause::StoreLost) => "the store lost what it had",
        SessionFate::Broken(BreakCause::StaleCopy) => "a copy was behind",
        SessionFate::Abandoned => "the client left after an error",
    };
    let (fate, _) = words::fate(session.fate);
    let hops = match session.hops {
        0 => "one replica answered all of it".to_owned(),
        1 => "it changed the replica once".to_owned(),
        n => format!("it changed the replica {n} times"),
    };
    format!("the session is {fate}: {why}; {hops}")
}
