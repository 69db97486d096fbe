//! Tallies narrowed to one selection, for the uses that the tallies of every run cannot answer.

use std::collections::BTreeMap;

use super::{Measure, Metric, Needs};
use crate::measure::latency::Waits;
use crate::measure::ledger::{Counts, RowKey};
use crate::measure::observation::{RequestSeen, SessionSeen};
use crate::measure::phase::Phase;
use crate::measure::run::Run;
use crate::measure::scope::Scope;
use crate::measure::selection::{Filter, Selection};
use crate::measure::sessions::SessionCounts;
use crate::world::geography::MetroId;
use crate::world::ids::GroupId;

type CountsMeasure = fn(&Counts, &Selection, &Scope) -> Measure;

/// Counts the selected requests.
pub(super) struct Counting {
    selection: Selection,
    counts: Counts,
    measure: CountsMeasure,
}

impl Counting {
    pub(super) fn new(selection: Selection, measure: CountsMeasure) -> Counting {
        Counting {
            selection,
            counts: Counts::default(),
            measure,
        }
    }
}

impl Metric for Counting {
    fn needs(&self) -> Needs {
        Needs::REQUESTS
    }

    fn request(&mut self, seen: &RequestSeen, phase: Phase, scope: &Scope) {
        if self.selection.holds(seen, phase, scope) {
            self.counts.record(seen);
        }
    }

    fn measure(&self, run: &Run) -> Measure {
        (self.measure)(&self.counts, &self.selection, &run.scope)
    }
}

/// Takes the times of the selected requests that ended as selected.
pub(super) struct Waiting {
    selection: Selection,
    waits: Waits,
    measure: fn(&Waits) -> Measure,
}

impl Waiting {
    pub(super) fn new(selection: Selection, measure: fn(&Waits) -> Measure) -> Waiting {
        Waiting {
            selection,
            waits: Waits::default(),
            measure,
        }
    }
}

impl Metric for Waiting {
    fn needs(&self) -> Needs {
        Needs::REQUESTS
    }

    fn request(&mut self, seen: &RequestSeen, phase: Phase, scope: &Scope) {
        if self.selection.holds(seen, phase, scope) && self.selection.ends_well(seen) {
            self.waits.record(seen);
        }
    }

    fn measure(&self, _run: &Run) -> Measure {
        (self.measure)(&self.waits)
    }
}

/// Counts the selected sessions, and watches where those that are running enter the edge.
pub(super) struct SessionCounting {
    selection: Selection,
    counts: SessionCounts,
    measure: fn(&SessionCounts) -> Measure,
    /// Running sessions: the metro of their first request, and whether another one has come since.
    entries: BTreeMap<(GroupId, u64), (MetroId, bool)>,
}

impl SessionCounting {
    pub(super) fn new(
        selection: Selection,
        measure: fn(&SessionCounts) -> Measure,
    ) -> SessionCounting {
        SessionCounting {
            selection,
            counts: SessionCounts::default(),
            measure,
            entries: BTreeMap::new(),
        }
    }
}

impl Metric for SessionCounting {
    fn needs(&self) -> Needs {
        match self.selection.moved {
            Some(_) => Needs::SESSIONS.and(Needs::REQUESTS),
            None => Needs::SESSIONS,
        }
    }

    fn request(&mut self, seen: &RequestSeen, _phase: Phase, _scope: &Scope) {
        let entry = self
            .entries
            .entry((seen.id.group, seen.id.session))
            .or_insert((seen.entry, false));
        entry.1 |= entry.0 != seen.entry;
    }

    fn session(&mut self, seen: &SessionSeen, phase: Phase, _scope: &Scope) {
        let moved = self
            .entries
            .remove(&(seen.group, seen.session))
            .is_some_and(|(_, moved)| moved);
        let wanted = self.selection.moved.is_none_or(|wanted| wanted == moved);
        if wanted && self.selection.holds_session(seen, phase) {
            self.counts.record(seen);
        }
    }

    fn measure(&self, _run: &Run) -> Measure {
        (self.measure)(&self.counts)
    }
}

/// The part of requests for which one filter holds, among those that could have passed it.
pub(super) struct PartOfAll {
    part: Selection,
    whole: Selection,
    filter: Filter,
    hits: u64,
    trials: u64,
}

impl PartOfAll {
    pub(super) fn new(part: Selection, filter: Filter, scope: &Scope) -> PartOfAll {
        let whole = whole_of(&part, filter, scope);
        PartOfAll {
            part,
            whole,
            filter,
            hits: 0,
            trials: 0,
        }
    }

    /// The same from the ledger, which has the rows for it.
    pub(super) fn from_ledger(part: &Selection, filter: Filter, run: &Run) -> Measure {
        let whole = whole_of(part, filter, &run.scope);
        let could = |row: &RowKey| match filter {
            Filter::Replica | Filter::Tunnel => row.replica.is_some(),
            Filter::Host => run.scope.host_of(row.replica, row.container).is_some(),
            Filter::Container => row.container.is_some(),
            _ => true,
        };
        let all = run
            .ledger
            .sum_where(|row| could(row) && row.is_in(&whole, &run.scope));
        Measure::ratio(
            run.ledger.select(part, &run.scope).requests(),
            all.requests(),
        )
    }

    fn could_pass(&self, seen: &RequestSeen, scope: &Scope) -> bool {
        match self.filter {
            Filter::Replica | Filter::Tunnel | Filter::Connection => seen.connection.is_some(),
            Filter::Host => scope
                .host_of(seen.connection.map(|it| it.replica), seen.container)
                .is_some(),
            Filter::Container => seen.container.is_some(),
            Filter::Endpoint | Filter::Pool => seen.endpoint.is_some(),
            _ => true,
        }
    }
}

/// The requests among which a part is measured. A replica, and a connection, is compared with those of its tunnel.
fn whole_of(part: &Selection, filter: Filter, scope: &Scope) -> Selection {
    let mut whole = part.without(filter);
    if matches!(filter, Filter::Replica | Filter::Connection) {
        whole.tunnel = part.tunnel.or(part.replica.map(|id| scope.tunnel_of(id)));
        whole.replica = None;
    }
    whole
}

impl Metric for PartOfAll {
    fn needs(&self) -> Needs {
        Needs::REQUESTS
    }

    fn request(&mut self, seen: &RequestSeen, phase: Phase, scope: &Scope) {
        if self.could_pass(seen, scope) && self.whole.holds(seen, phase, scope) {
            self.trials += 1;
            self.hits += u64::from(self.part.holds(seen, phase, scope));
        }
    }

    fn measure(&self, _run: &Run) -> Measure {
        Measure::ratio(self.hits, self.trials)
    }
}
