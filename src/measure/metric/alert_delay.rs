//! How long the owner waits for the news.

use std::collections::{BTreeMap, VecDeque};

use super::{Entry, Kind, Measure, Metric, Needs, Unit};
use crate::kernel::time::Time;
use crate::measure::observation::{Change, Entity, Happening};
use crate::measure::run::Run;
use crate::measure::scope::Scope;
use crate::measure::selection::{Filter, Selection};

pub(super) static ENTRIES: &[Entry] = &[Entry {
    name: "alert_after_status_s",
    unit: Unit::Seconds,
    help: "Mean time from a change of a tunnel's status until the alert about it.",
    filters: &[Filter::Tunnel],
    required: &[],
    kind: Kind::Watch(|selection, _| {
        Box::new(AlertDelay {
            tunnel: selection.clone(),
            untold: BTreeMap::new(),
            sum_nanos: 0,
            count: 0,
        })
    }),
}];

struct AlertDelay {
    tunnel: Selection,
    /// The changes that nobody has been told of, oldest first: alerts come in the order of the changes.
    untold: BTreeMap<Entity, VecDeque<Time>>,
    sum_nanos: u128,
    count: u64,
}

impl Metric for AlertDelay {
    fn needs(&self) -> Needs {
        Needs::CHANGES
    }

    fn change(&mut self, change: &Change, _scope: &Scope) {
        let Entity::Tunnel(tunnel) = change.entity else {
            return;
        };
        if self.tunnel.tunnel.is_some_and(|wanted| wanted != tunnel) {
            return;
        }
        let untold = self.untold.entry(change.entity).or_default();
        match change.what {
            // What a run begins with is no change, and nobody is alerted.
            Happening::Status(_) if change.at > Time::ZERO => untold.push_back(change.at),
            Happening::Alert { .. } => {
                let since = untold.pop_front();
                self.count += u64::from(since.is_some());
                self.sum_nanos +=
                    since.map_or(0, |since| u128::from(change.at.since(since).as_nanos()));
            }
            _ => {}
        }
    }

    fn measure(&self, _run: &Run) -> Measure {
        Measure::mean(self.sum_nanos as f64, self.count as f64)
    }
}
