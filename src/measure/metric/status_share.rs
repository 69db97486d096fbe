//! The share of any status.

use super::{Entry, Kind, Measure, Metric, Needs, Unit};
use crate::measure::observation::RequestSeen;
use crate::measure::phase::Phase;
use crate::measure::run::Run;
use crate::measure::scope::Scope;
use crate::measure::selection::{Filter, Selection};

pub(super) static ENTRIES: &[Entry] = &[Entry {
    name: "status_share",
    unit: Unit::Share,
    help: "Share of requests whose client saw a given status, whichever it is.",
    filters: &[
        Filter::Status,
        Filter::Hostname,
        Filter::Group,
        Filter::Entry,
        Filter::Tunnel,
        Filter::Replica,
        Filter::Host,
        Filter::Container,
        Filter::Phase,
        Filter::From,
        Filter::Until,
    ],
    required: &[Filter::Status],
    kind: Kind::Watch(|selection, _| {
        Box::new(StatusShare {
            selection: selection.clone(),
            hits: 0,
            trials: 0,
        })
    }),
}];

struct StatusShare {
    selection: Selection,
    hits: u64,
    trials: u64,
}

impl Metric for StatusShare {
    fn needs(&self) -> Needs {
        Needs::REQUESTS
    }

    fn request(&mut self, seen: &RequestSeen, phase: Phase, scope: &Scope) {
        if self.selection.holds(seen, phase, scope) {
            self.trials += 1;
            self.hits += u64::from(Some(seen.status) == self.selection.status);
        }
    }

    fn measure(&self, _run: &Run) -> Measure {
        Measure::ratio(self.hits, self.trials)
    }
}
