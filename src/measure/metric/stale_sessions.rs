//! Sessions that were shown something old.

use std::collections::BTreeSet;

use super::{Entry, Kind, Measure, Metric, Needs, Unit};
use crate::measure::observation::{RequestSeen, SessionSeen, StateFound};
use crate::measure::phase::Phase;
use crate::measure::run::Run;
use crate::measure::scope::Scope;
use crate::measure::selection::{Filter, Selection};
use crate::world::ids::GroupId;

pub(super) static ENTRIES: &[Entry] = &[
    Entry {
        name: "sessions_stale_share",
        unit: Unit::Share,
        help: "Share of sessions in which at least one request found an old version.",
        filters: &[Filter::Group, Filter::Phase, Filter::From, Filter::Until],
        required: &[],
        kind: Kind::Watch(|selection, _| {
            Box::new(StaleSessions {
                selection: selection.clone(),
                stale: BTreeSet::new(),
                hits: 0,
                trials: 0,
            })
        }),
    },
    Entry {
        name: "stale_share",
        unit: Unit::Share,
        help: "Share of the requests that looked something up which found an old version.",
        filters: super::OF_REQUESTS,
        required: &[],
        kind: Kind::Watch(|selection, _| {
            Box::new(StaleRequests {
                selection: selection.clone(),
                hits: 0,
                trials: 0,
            })
        }),
    },
];

struct StaleSessions {
    selection: Selection,
    /// Running sessions that have met something old.
    stale: BTreeSet<(GroupId, u64)>,
    hits: u64,
    trials: u64,
}

impl Metric for StaleSessions {
    fn needs(&self) -> Needs {
        Needs::REQUESTS.and(Needs::SESSIONS)
    }

    fn request(&mut self, seen: &RequestSeen, _phase: Phase, _scope: &Scope) {
        if seen.state == StateFound::Stale {
            self.stale.insert((seen.id.group, seen.id.session));
        }
    }

    fn session(&mut self, seen: &SessionSeen, phase: Phase, _scope: &Scope) {
        let was_stale = self.stale.remove(&(seen.group, seen.session));
        if self.selection.holds_session(seen, phase) {
            self.trials += 1;
            self.hits += u64::from(was_stale);
        }
    }

    fn measure(&self, _run: &Run) -> Measure {
        Measure::ratio(self.hits, self.trials)
    }
}

struct StaleRequests {
    selection: Selection,
    hits: u64,
    trials: u64,
}

impl Metric for StaleRequests {
    fn needs(&self) -> Needs {
        Needs::REQUESTS
    }

    fn request(&mut self, seen: &RequestSeen, phase: Phase, scope: &Scope) {
        if seen.state != StateFound::NotAsked && self.selection.holds(seen, phase, scope) {
            self.trials += 1;
            self.hits += u64::from(seen.state == StateFound::Stale);
        }
    }

    fn measure(&self, _run: &Run) -> Measure {
        Measure::ratio(self.hits, self.trials)
    }
}
