//! Several hosts down at the same time.

use std::collections::BTreeMap;

use super::{Entry, Kind, Measure, Metric, Needs, Unit};
use crate::kernel::time::Time;
use crate::measure::observation::{Change, Entity, Happening};
use crate::measure::run::Run;
use crate::measure::scope::Scope;
use crate::measure::selection::{Filter, Selection};
use crate::world::ids::HostId;

pub(super) static ENTRIES: &[Entry] = &[Entry {
    name: "all_down_share",
    unit: Unit::Share,
    help: "Share of time in which all of the hosts named have no power or no line.",
    filters: &[Filter::Hosts],
    required: &[Filter::Hosts],
    kind: Kind::Watch(|selection, _| Box::new(JointDowntime::new(selection))),
}];

/// What a host lacks.
#[derive(Clone, Copy, Default)]
struct Lacks {
    power: bool,
    line: bool,
}

struct JointDowntime {
    hosts: BTreeMap<HostId, Lacks>,
    /// Since when all are down.
    since: Option<Time>,
    total: f64,
}

impl JointDowntime {
    fn new(selection: &Selection) -> JointDowntime {
        let hosts = selection
            .hosts
            .iter()
            .map(|&host| (host, Lacks::default()))
            .collect();
        JointDowntime {
            hosts,
            since: None,
            total: 0.0,
        }
    }

    fn down_until(&self, at: Time) -> f64 {
        self.since
            .map_or(0.0, |since| at.saturating_since(since).as_nanos() as f64)
    }
}

impl Metric for JointDowntime {
    fn needs(&self) -> Needs {
        Needs::CHANGES
    }

    fn change(&mut self, change: &Change, scope: &Scope) {
        let Entity::Host(host) = change.entity else {
            return;
        };
        let Some(lacks) = self.hosts.get_mut(&host) else {
            return;
        };
        match change.what {
            Happening::Down => lacks.power = true,
            Happening::Up => lacks.power = false,
            Happening::LineDown => lacks.line = true,
            Happening::LineUp => lacks.line = false,
            _ => return,
        }
        let at = change.at.min(scope.horizon);
        let all_down = self.hosts.values().all(|lacks| lacks.power || lacks.line);
        if all_down {
            self.since.get_or_insert(at);
        } else {
            self.total += self.down_until(at);
            self.since = None;
        }
    }

    fn measure(&self, run: &Run) -> Measure {
        let total = self.total + self.down_until(run.scope.horizon);
        Measure::mean(total, run.scope.length().as_nanos() as f64)
    }
}
