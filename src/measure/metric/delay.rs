//! The time from one kind of change to another, as a part of several metrics.

use std::collections::BTreeMap;

use super::{Measure, Metric, Needs};
use crate::kernel::time::Time;
use crate::measure::observation::{Change, Entity, Happening};
use crate::measure::run::Run;
use crate::measure::scope::Scope;
use crate::measure::selection::Selection;
use crate::world::ids::{ConnectionRef, ReplicaId};

/// Whether a change is the one looked for.
pub(super) type Matches = fn(&Change, &Selection, &Scope) -> bool;

/// What is made of the targets that follow a start: each entity counts with its first one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Pick {
    /// The time to the earliest.
    First,
    /// The time to the latest.
    Last,
    /// The number of waves: targets more than a second apart belong to different ones.
    Waves,
}

/// Measures from every start to the targets that follow it.
pub(super) struct Delay {
    selection: Selection,
    start: Matches,
    target: Matches,
    pick: Pick,
    /// The course of each process if processes start it, else the one of the fault.
    courses: BTreeMap<Option<ReplicaId>, Course>,
    sum: f64,
    count: u64,
}

/// What has happened since a start.
struct Course {
    since: Time,
    /// The first target of each entity.
    targets: BTreeMap<Entity, Time>,
}

impl Delay {
    pub(super) fn boxed(
        selection: &Selection,
        start: Matches,
        target: Matches,
        pick: Pick,
    ) -> Box<dyn Metric> {
        let selection = selection.clone();
        Box::new(Delay {
            selection,
            start,
            target,
            pick,
            courses: BTreeMap::new(),
            sum: 0.0,
            count: 0,
        })
    }

    /// The value of the targets seen since a start.
    fn value(&self, course: &Course) -> Option<f64> {
        let mut times: Vec<Time> = course.targets.values().copied().collect();
        times.sort_unstable();
        let is_gap =
            |pair: &[Time]| pair[1].since(pair[0]) > crate::kernel::time::Span::from_secs(1);
        let wanted = match self.pick {
            Pick::First => *times.first()?,
            Pick::Last => *times.last()?,
            Pick::Waves if times.is_empty() => return None,
            Pick::Waves => {
                return Some(1.0 + times.windows(2).filter(|&pair| is_gap(pair)).count() as f64);
            }
        };
        Some(wanted.since(course.since).as_nanos() as f64)
    }

    /// A course begins, and with it ends the one before.
    fn begin(&mut self, key: Option<ReplicaId>, since: Time) {
        let targets = BTreeMap::new();
        let before = self.courses.insert(key, Course { since, targets });
        if let Some(value) = before.and_then(|course| self.value(&course)) {
            self.sum += value;
            self.count += 1;
        }
    }
}

impl Metric for Delay {
    fn needs(&self) -> Needs {
        Needs::CHANGES
    }

    fn change(&mut self, change: &Change, scope: &Scope) {
        if (self.start)(change, &self.selection, scope) {
            self.begin(process(change.entity), change.at);
        } else if (self.target)(change, &self.selection, scope) {
            let of_process =
                process(change.entity).filter(|id| self.courses.contains_key(&Some(*id)));
            if let Some(course) = self.courses.get_mut(&of_process) {
                course.targets.entry(change.entity).or_insert(change.at);
            }
        }
    }

    fn measure(&self, _run: &Run) -> Measure {
        let last: Vec<f64> = self
            .courses
            .values()
            .filter_map(|it| self.value(it))
            .collect();
        let sum = last.iter().fold(self.sum, |sum, value| sum + value);
        Measure::mean(sum, (self.count + last.len() as u64) as f64)
    }
}

/// The process that something belongs to.
fn process(entity: Entity) -> Option<ReplicaId> {
    match entity {
        Entity::Replica(replica) => Some(replica),
        Entity::Connection(connection) => Some(connection.replica),
        _ => None,
    }
}

/// A strike of the selected fault.
pub(super) fn strikes(change: &Change, selection: &Selection, _scope: &Scope) -> bool {
    change.what == Happening::Strikes && is_fault(change.entity, selection)
}

/// The end of the selected fault.
pub(super) fn clears(change: &Change, selection: &Selection, _scope: &Scope) -> bool {
    change.what == Happening::Clears && is_fault(change.entity, selection)
}

fn is_fault(entity: Entity, selection: &Selection) -> bool {
    matches!(entity, Entity::Fault(id) if selection.fault.is_none_or(|wanted| wanted == id))
}

/// Whether a replica is selected.
pub(super) fn is_replica(replica: ReplicaId, selection: &Selection, scope: &Scope) -> bool {
    selection.replica.is_none_or(|wanted| wanted == replica)
        && selection
            .tunnel
            .is_none_or(|wanted| wanted == scope.tunnel_of(replica))
        && selection
            .host
            .is_none_or(|wanted| wanted == scope.of_replica[usize::from(replica.0)].host)
}

/// Whether a connection is selected.
pub(super) fn is_connection(it: ConnectionRef, selection: &Selection, scope: &Scope) -> bool {
    selection.connection.is_none_or(|wanted| wanted == it.index)
        && is_replica(it.replica, selection, scope)
}
