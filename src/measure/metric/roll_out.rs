//! How configurations reach connectors.

use std::collections::BTreeMap;

use super::delay::is_replica;
use super::{Entry, Kind, Measure, Metric, Needs, Unit};
use crate::kernel::time::Time;
use crate::measure::observation::{Change, Entity, Happening};
use crate::measure::run::Run;
use crate::measure::scope::Scope;
use crate::measure::selection::{Filter, Selection};
use crate::measure::status::Event;

pub(super) static ENTRIES: &[Entry] = &[
    Entry {
        name: "config_changes",
        unit: Unit::Count,
        help: "Configurations that connectors took over.",
        filters: &[Filter::Tunnel, Filter::Replica],
        required: &[],
        kind: Kind::Tallies(|run, selection| {
            let is_selected = |entity| matches!(entity, Entity::Replica(id) if is_replica(id, selection, &run.scope));
            Measure::count(run.status.count(Event::Configuration, is_selected))
        }),
    },
    Entry {
        name: "config_mixed_s",
        unit: Unit::Seconds,
        help: "Longest time from the first to the last connector that took over the same version.",
        filters: &[Filter::Tunnel],
        required: &[],
        kind: Kind::Watch(|selection, _| {
            Box::new(MixedWindow {
                selection: selection.clone(),
                versions: BTreeMap::new(),
            })
        }),
    },
];

struct MixedWindow {
    selection: Selection,
    /// By tunnel and version: the first and the last connector's moment.
    versions: BTreeMap<(u16, u32), (Time, Time)>,
}

impl Metric for MixedWindow {
    fn needs(&self) -> Needs {
        Needs::CHANGES
    }

    fn change(&mut self, change: &Change, scope: &Scope) {
        if let (Entity::Replica(id), Happening::Configured { version }) =
            (change.entity, change.what)
            && is_replica(id, &self.selection, scope)
        {
            let key = (scope.tunnel_of(id).0, version);
            self.versions.entry(key).or_insert((change.at, change.at)).1 = change.at;
        }
    }

    fn measure(&self, _run: &Run) -> Measure {
        let windows = self
            .versions
            .values()
            .map(|(first, last)| last.since(*first).as_nanos() as f64);
        windows.reduce(f64::max).into()
    }
}
