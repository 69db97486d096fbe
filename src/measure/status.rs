//! What an operator would have seen: tunnel status, `tunnel info`, alerts, DNS events.

use std::collections::BTreeMap;

use serde::Serialize;

use super::observation::{Change, Entity, Happening, TunnelStatus};
use super::scope::Scope;
use crate::kernel::time::{Span, Time};
use crate::world::geography::DataCentre;
use crate::world::ids::*;

/// How long a tunnel had each status, up to the horizon.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatusClock {
    now: TunnelStatus,
    since: Time,
    spent: [Span; TunnelStatus::ALL.len()],
}

impl Default for StatusClock {
    fn default() -> Self {
        StatusClock {
            now: TunnelStatus::Inactive,
            since: Time::ZERO,
            spent: Default::default(),
        }
    }
}

impl StatusClock {
    fn turn(&mut self, at: Time, status: TunnelStatus) {
        self.spent[self.now as usize] += at.saturating_since(self.since);
        (self.now, self.since) = (status, at.max(self.since));
    }

    /// Time spent in a status.
    pub fn spent(&self, status: TunnelStatus) -> Span {
        self.spent[status as usize]
    }

    /// The status now, or at the horizon.
    pub fn now(&self) -> TunnelStatus {
        self.now
    }
}

/// A registered connection, as `cloudflared tunnel info` lists it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Registered {
    /// The id of the process that holds it.
    pub connector: u64,
    /// Where it ends.
    pub at: DataCentre,
    /// Whether over HTTP/2 instead of QUIC.
    pub http2: bool,
    /// Since when.
    pub since: Time,
    /// Dead predecessors of the same index that the edge still has to close.
    predecessors: u32,
}

/// The operator's view of a run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct StatusLog {
    /// Changes an operator can see, up to a limit, in order.
    pub changes: Vec<Change>,
    /// Changes that were no longer kept.
    pub changes_dropped: u64,
    /// Registered connections now, or at the horizon.
    pub registered: BTreeMap<ConnectionRef, Registered>,
    clocks: Vec<StatusClock>,
    connectors: Vec<u64>,
    counts: BTreeMap<(Entity, Event), u64>,
    limit: usize,
    horizon: Time,
}

/// The kinds of change that are counted.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Event {
    /// A process started.
    Start,
    /// A connection was registered.
    Registration,
    /// A registration was refused.
    RegistrationRefused,
    /// An alert was sent.
    Alert,
    /// A verdict on health changed.
    HealthFlip,
    /// A connector got a configuration.
    Configuration,
    /// A DNS record was accepted.
    RecordCreated,
    /// A DNS record was refused.
    RecordRefused,
    /// A DNS record replaced another.
    RecordReplaced,
    /// Something went down.
    Down,
    /// A copy of a store became the primary.
    Promotion,
}

impl Event {
    /// The kind of a change, if it is counted.
    pub fn of(what: Happening) -> Option<Event> {
        Some(match what {
            Happening::Starts { .. } => Event::Start,
            Happening::Registers { .. } => Event::Registration,
            Happening::Refused => Event::RegistrationRefused,
            Happening::Alert { .. } => Event::Alert,
            Happening::Health { .. } => Event::HealthFlip,
            Happening::Configured { .. } => Event::Configuration,
            Happening::RecordCreated => Event::RecordCreated,
            Happening::RecordRefused => Event::RecordRefused,
            Happening::RecordReplaced => Event::RecordReplaced,
            Happening::Down => Event::Down,
            Happening::Promoted => Event::Promotion,
            _ => return None,
        })
    }
}

/// How many changes are kept unless told otherwise.
pub const CHANGES_KEPT: usize = 10_000;

impl StatusLog {
    /// An empty log that keeps so many changes.
    pub fn new(scope: &Scope, limit: usize) -> StatusLog {
        StatusLog {
            changes: Vec::new(),
            changes_dropped: 0,
            registered: BTreeMap::new(),
            clocks: vec![StatusClock::default(); scope.tunnels.len()],
            connectors: vec![0; scope.replicas.len()],
            counts: BTreeMap::new(),
            limit,
            horizon: scope.horizon,
        }
    }

    /// Adds one change; those after the horizon are not an operator's business any more.
    pub fn record(&mut self, change: &Change) {
        if change.at > self.horizon {
            return;
        }
        if let Some(event) = Event::of(change.what) {
            *self.counts.entry((change.entity, event)).or_default() += 1;
        }
        match (change.entity, change.what) {
            (Entity::Replica(id), Happening::Starts { connector }) => {
                self.connectors[id.index()] = connector
            }
            (Entity::Tunnel(id), Happening::Status(status)) => {
                self.clocks[id.index()].turn(change.at, status)
            }
            (Entity::Connection(id), Happening::Registers { at, http2 }) => {
                let connector = self.connectors[id.replica.index()];
                let predecessors = self
                    .registered
                    .get(&id)
                    .map_or(0, |old| old.predecessors + 1);
                self.registered.insert(
                    id,
                    Registered {
                        connector,
                        at,
                        http2,
                        since: change.at,
                        predecessors,
                    },
                );
            }
            (Entity::Connection(id), Happening::EdgeCloses { .. }) => self.close(id),
            _ => {}
        }
        self.keep(change);
    }

    /// The edge closes the oldest connection of an index first: it may notice a death after the next one registered.
    fn close(&mut self, id: ConnectionRef) {
        match self.registered.get_mut(&id) {
            Some(registered) if registered.predecessors > 0 => registered.predecessors -= 1,
            _ => drop(self.registered.remove(&id)),
        }
    }

    fn keep(&mut self, change: &Change) {
        if matches!(
            change.what,
            Happening::Dials { .. } | Happening::Listed | Happening::Moves { .. }
        ) {
            return;
        }
        if self.changes.len() < self.limit {
            self.changes.push(*change);
        } else {
            self.changes_dropped += 1;
        }
    }

    /// Stops all clocks at the horizon.
    pub fn finish(&mut self) {
        let horizon = self.horizon;
        self.clocks
            .iter_mut()
            .for_each(|clock| clock.turn(horizon, clock.now));
    }

    /// The status clock of a tunnel.
    pub fn clock(&self, tunnel: TunnelId) -> &StatusClock {
        &self.clocks[tunnel.index()]
    }

    /// How often something happened to the entities that pass.
    pub fn count(&self, event: Event, passes: impl Fn(Entity) -> bool) -> u64 {
        let wanted =
            |&(&(entity, kind), _): &(&(Entity, Event), &u64)| kind == event && passes(entity);
        self.counts.iter().filter(wanted).map(|(_, &n)| n).sum()
    }

    /// The operator's view with names instead of ids.
    pub fn summary(&self, scope: &Scope) -> Vec<TunnelSummary> {
        let length = scope.length().as_nanos() as f64;
        let row = |(index, named): (usize, &super::scope::Named)| {
            let clock = &self.clocks[index];
            let share = |status| clock.spent(status).as_nanos() as f64 / length;
            let of_tunnel = |id: &ConnectionRef| scope.tunnel_of(id.replica).index() == index;
            let mut connections = BTreeMap::new();
            for at in self
                .registered
                .iter()
                .filter(|(id, _)| of_tunnel(id))
                .map(|(_, it)| it.at)
            {
                *connections.entry(at.to_string()).or_default() += 1;
            }
            TunnelSummary {
                tunnel: named.name.clone(),
                status: clock.now.name(),
                inactive_share: share(TunnelStatus::Inactive),
                healthy_share: share(TunnelStatus::Healthy),
                degraded_share: share(TunnelStatus::Degraded),
                down_share: share(TunnelStatus::Down),
                connections,
            }
        };
        scope.tunnels.iter().enumerate().map(row).collect()
    }
}

/// A tunnel as it is written to files.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TunnelSummary {
    /// The tunnel.
    pub tunnel: String,
    /// Its status at the horizon.
    pub status: &'static str,
    /// Share of time inactive.
    pub inactive_share: f64,
    /// Share of time healthy.
    pub healthy_share: f64,
    /// Share of time degraded.
    pub degraded_share: f64,
    /// Share of time down.
    pub down_share: f64,
    /// Registered connections by data centre, at the horizon.
    pub connections: BTreeMap<String, u32>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::testing::{change, scope};

    #[test]
    fn the_times_of_all_statuses_add_up_to_the_horizon() {
        let scope = scope();
        let mut log = StatusLog::new(&scope, 10);
        let tunnel = Entity::Tunnel(TunnelId(0));
        log.record(&change(0, tunnel, Happening::Status(TunnelStatus::Healthy)));
        log.record(&change(600, tunnel, Happening::Status(TunnelStatus::Down)));
        log.record(&change(
            4_000,
            tunnel,
            Happening::Status(TunnelStatus::Healthy),
        ));
        log.finish();
        let clock = log.clock(TunnelId(0));
        let spent = TunnelStatus::ALL.map(|status| clock.spent(status).as_secs_f64());
        assert_eq!(spent, [0.0, 600.0, 0.0, 3_000.0]);
        assert_eq!(clock.now(), TunnelStatus::Down);
    }

    #[test]
    fn a_closed_connection_is_no_longer_listed_and_the_log_is_bounded() {
        let scope = scope();
        let mut log = StatusLog::new(&scope, 2);
        let connection = ConnectionRef {
            replica: ReplicaId(1),
            index: 2,
        };
        let at = crate::measure::testing::data_centre("FRA", 1);
        log.record(&change(
            1,
            Entity::Replica(ReplicaId(1)),
            Happening::Starts { connector: 77 },
        ));
        log.record(&change(
            2,
            Entity::Connection(connection),
            Happening::Registers { at, http2: false },
        ));
        assert_eq!(log.registered[&connection].connector, 77);
        log.record(&change(
            3,
            Entity::Connection(connection),
            Happening::EdgeCloses { noticed: true },
        ));
        assert!(log.registered.is_empty());
        assert_eq!((log.changes.len(), log.changes_dropped), (2, 1));
        assert_eq!(log.count(Event::Registration, |_| true), 1);
    }
}
