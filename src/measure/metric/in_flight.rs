//! What a strike does to the requests that are under way.

use super::{Entry, Kind, Measure, Metric, Needs, Unit};
use crate::kernel::time::Time;
use crate::measure::observation::{Change, Entity, Happening, RequestSeen};
use crate::measure::phase::Phase;
use crate::measure::run::Run;
use crate::measure::scope::Scope;
use crate::measure::selection::{Filter, Selection};

pub(super) static ENTRIES: &[Entry] = &[Entry {
    name: "in_flight_lost_share",
    unit: Unit::Share,
    help: "Of the requests under way when a fault struck, the share that failed.",
    filters: &[
        Filter::Fault,
        Filter::Hostname,
        Filter::Group,
        Filter::Tunnel,
        Filter::Replica,
        Filter::Host,
        Filter::Container,
        Filter::Write,
    ],
    required: &[],
    kind: Kind::Watch(|selection, _| {
        let strikes = Vec::new();
        Box::new(InFlight {
            selection: selection.clone(),
            strikes,
            hits: 0,
            trials: 0,
        })
    }),
}];

struct InFlight {
    selection: Selection,
    strikes: Vec<Time>,
    hits: u64,
    trials: u64,
}

impl Metric for InFlight {
    fn needs(&self) -> Needs {
        Needs::REQUESTS.and(Needs::CHANGES)
    }

    fn change(&mut self, change: &Change, _scope: &Scope) {
        if let (Entity::Fault(fault), Happening::Strikes) = (change.entity, change.what)
            && self.selection.fault.is_none_or(|wanted| wanted == fault)
        {
            self.strikes.push(change.at);
        }
    }

    fn request(&mut self, seen: &RequestSeen, phase: Phase, scope: &Scope) {
        let after_birth = self.strikes.partition_point(|&at| at <= seen.born);
        let was_struck = self
            .strikes
            .get(after_birth)
            .is_some_and(|&at| at <= seen.closed);
        if was_struck && self.selection.holds(seen, phase, scope) {
            self.trials += 1;
            self.hits += u64::from(!seen.outcome.is_success());
        }
    }

    fn measure(&self, _run: &Run) -> Measure {
        Measure::ratio(self.hits, self.trials)
    }
}
