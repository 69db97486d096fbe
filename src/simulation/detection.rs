//! Silence, and who notices it when; what the edges know of a tunnel's connections.

use std::collections::BTreeMap;

use super::Simulation;
use super::event::{Class, Event, Timer};
use super::session::{Session, SessionId, Stage};
use crate::kernel::random::{Keyed, stream_id};
use crate::kernel::time::Time;
use crate::measure::observation::{Entity, Happening, TunnelStatus};
use crate::measure::outcome::Cause;
use crate::world::circuit::{Circuit, CircuitId, IdleRule, Silence};
use crate::world::connector::{DialState, Phase};
use crate::world::ids::*;
use crate::world::registry::Listed;

impl Simulation<'_> {
    /// Brings every circuit of a host, or all of them, to the truth of hosts and edge.
    pub(super) fn review_circuits(
        &mut self,
        concerns: impl Fn(&crate::world::circuit::Circuit) -> bool,
    ) {
        let mut found: Vec<(u64, CircuitId)> = self
            .circuits
            .iter()
            .filter(|(_, c)| concerns(c))
            .map(|(id, c)| (self.connection_order(Class::Detection, c.connection), id))
            .collect();
        found.sort_unstable();
        for (_, id) in found {
            self.review_circuit(id);
        }
    }

    fn review_circuit(&mut self, id: CircuitId) {
        let circuit = &self.circuits[id];
        let edge_up = self.edge.is_server_up(circuit.server) || circuit.closes_when_withdrawn;
        let near_up = self.is_near_alive(id);
        let was = circuit.silent.map(|(_, side)| side);
        match (edge_up, near_up, was) {
            (false, _, None | Some(Silence::Near)) => self.falls_silent(id, Silence::Edge),
            (true, false, None) => self.falls_silent(id, Silence::Near),
            (true, true, Some(Silence::Near)) => self.speaks_again(id),
            _ => {}
        }
    }

    /// Whether the process that made a circuit lives and its packets get out.
    fn is_near_alive(&self, id: CircuitId) -> bool {
        let circuit = &self.circuits[id];
        let replica = circuit.connection.replica;
        let host = &self.hosts[self.plan.replicas[replica].host];
        let connector = &self.connectors[replica];
        let same_process = connector.phase != Phase::Off && connector.id == circuit.connector;
        same_process && host.is_online() && (host.udp_open || circuit.http2)
    }

    /// Whether a word of the connector reaches the edge.
    pub(super) fn is_heard(&self, id: CircuitId) -> bool {
        self.circuits[id].works() && self.is_near_alive(id)
    }

    /// Packets of a circuit stop passing: from now on both ends only count.
    pub(super) fn falls_silent(&mut self, id: CircuitId, side: Silence) {
        let now = self.now();
        let rule = self.idle_rule(id);
        self.recall_approaching(id);
        self.sever(id);
        let circuit = &mut self.circuits[id];
        match &mut circuit.silent {
            None => circuit.fall_silent(now, side, rule),
            Some((_, known)) => *known = side,
        }
        let connection = circuit.connection;
        self.catch_requests(id, side);
        match side {
            Silence::Near => self.set_edge_idle(id),
            Silence::Edge => {
                self.calendar.cancel_timer(&Timer::EdgeIdle(id));
                let at = now + self.plan.settings.edge_death_notice;
                let order = self.connection_order(Class::Detection, connection);
                self.calendar
                    .schedule(at, order, Event::EdgeLossNoticed(id));
            }
        }
        if self.circuits[id].near_open {
            self.set_near_idle(id);
        }
    }

    /// Says which fault takes a connection away, while that fault strikes; one that is gone already is not taken again.
    pub(super) fn sever(&mut self, id: CircuitId) {
        let circuit = &self.circuits[id];
        if let Some(by) = self.struck_by.filter(|_| circuit.works()) {
            let connection = circuit.connection;
            self.change(Entity::Connection(connection), Happening::Severed { by });
        }
    }

    /// Requests under way on a circuit that falls silent.
    fn catch_requests(&mut self, id: CircuitId, side: Silence) {
        let now = self.now();
        for session_id in self.requests_on(id) {
            let stage = self.sessions[session_id].stage;
            match (stage, side) {
                (
                    Stage::ToConnector { sent } | Stage::Approaching { passes_edge: sent },
                    Silence::Near,
                ) => {
                    self.circuits[id].edge_sends(sent);
                    self.wait_in_silence(session_id, Stage::StalledToHost, Cause::StreamCut);
                }
                (
                    Stage::ToConnector { .. } | Stage::Approaching { .. } | Stage::StalledToHost,
                    Silence::Edge,
                ) => {
                    self.wait_in_silence(session_id, Stage::Lost, Cause::StreamCut);
                }
                (Stage::Answering { .. }, Silence::Edge) => {
                    self.wait_in_silence(session_id, Stage::Lost, Cause::StreamCut);
                }
                (Stage::StalledFromHost, Silence::Edge) => {
                    self.sessions[session_id].stage = Stage::Lost
                }
                _ => {}
            }
        }
        debug_assert!(
            self.circuits[id]
                .silent
                .is_some_and(|(since, _)| since <= now)
        );
    }

    /// The line is back before both ends gave up.
    fn speaks_again(&mut self, id: CircuitId) {
        let now = self.now();
        let circuit = &mut self.circuits[id];
        let (edge_open, near_open) = (circuit.edge_open, circuit.near_open);
        if !near_open {
            // The connector has given up and nobody answers for its old port: the edge goes on counting.
            return;
        }
        circuit.speak_again(now);
        let replica = circuit.connection.replica;
        self.calendar.cancel_timer(&Timer::EdgeIdle(id));
        self.calendar.cancel_timer(&Timer::NearIdle(id));
        if !edge_open {
            // The connector's next packet is answered by a stateless reset.
            return self.near_lost(id);
        }
        if self.connectors[replica].phase == Phase::Draining {
            // The word that the connector goes is repeated until it arrives.
            self.unregisters(id);
            self.note_status(self.plan.replicas[replica].tunnel);
        }
        for session_id in self.requests_on(id) {
            match self.sessions[session_id].stage {
                Stage::StalledToHost => {
                    self.sessions[session_id].resume(now, Stage::ToDataCentre);
                    let leg = self.circuits[id].leg;
                    self.goes_down(session_id, now, leg);
                }
                Stage::StalledFromHost => {
                    self.sessions[session_id].resume(now, Stage::Returning);
                    self.departs(session_id);
                }
                _ => {}
            }
        }
    }

    /// A timer of silence ends.
    pub(super) fn silence_noticed(&mut self, timer: Timer) {
        match timer {
            Timer::EdgeIdle(id) => self.edge_closes(id, true, Cause::DeadConnection),
            Timer::NearIdle(id) => self.near_lost(id),
        }
    }

    /// The other edges notice that the edge part of a circuit is gone: no propagation, it is the backbone's routing.
    pub(super) fn edge_loss_noticed(&mut self, id: CircuitId) {
        let Some(circuit) = self.circuits.get(id).filter(|c| c.edge_open) else {
            return;
        };
        let connection = circuit.connection;
        self.edge_closes(id, true, Cause::DeadConnection);
        self.withdraw(connection, id);
    }

    /// The edge's end of a circuit closes: its requests have failed, and the registry hears of it.
    pub(super) fn edge_closes(&mut self, id: CircuitId, noticed: bool, cause: Cause) {
        if self.circuits.get(id).is_none_or(|c| !c.edge_open) {
            return;
        }
        self.recall_approaching(id);
        let circuit = &mut self.circuits[id];
        circuit.edge_open = false;
        let connection = circuit.connection;
        self.calendar.cancel_timer(&Timer::EdgeIdle(id));
        self.change(
            Entity::Connection(connection),
            Happening::EdgeCloses { noticed },
        );
        for session_id in self.requests_on(id) {
            let sent_before = self.sessions[session_id].open.cause == Cause::StreamCut
                && matches!(
                    self.sessions[session_id].stage,
                    Stage::StalledToHost | Stage::StalledFromHost | Stage::Lost
                );
            let cause = if sent_before
                || !matches!(
                    self.sessions[session_id].stage,
                    Stage::StalledToHost | Stage::Lost
                ) {
                Cause::StreamCut
            } else {
                cause
            };
            self.attempt_failed(session_id, cause);
        }
        self.list(id, false);
        self.note_status(self.plan.replicas[connection.replica].tunnel);
        self.drop_circuit_if_closed(id);
    }

    /// The edge closes a circuit with a word, which the connector hears if packets pass.
    pub(super) fn edge_says_goodbye(&mut self, id: CircuitId) {
        let is_heard = self.is_heard(id);
        self.edge_closes(id, false, Cause::StreamCut);
        if is_heard {
            self.near_lost(id);
        }
    }

    /// Answers that have left the host are ahead of the word that closes a circuit.
    pub(super) fn let_answers_pass(&mut self, id: CircuitId) {
        let now = self.now();
        for session_id in self.requests_on(id) {
            if let Stage::Answering { leaves_circuit, .. } = &mut self.sessions[session_id].stage {
                *leaves_circuit = now;
            }
        }
    }

    /// The connector's end is gone without a word of its own.
    pub(super) fn forget_near(&mut self, id: CircuitId) {
        if let Some(circuit) = self.circuits.get_mut(id) {
            circuit.near_open = false;
            self.calendar.cancel_timer(&Timer::NearIdle(id));
            self.drop_circuit_if_closed(id);
        }
    }

    /// Requests that hang on a circuit, in the order of their names.
    pub(super) fn requests_on(&self, id: CircuitId) -> Vec<SessionId> {
        let now = self.now();
        let mut found: Vec<(u64, SessionId)> = self
            .sessions
            .iter()
            .filter(|(_, s)| s.open.circuit == Some(id) && s.stage.is_bound(now))
            .map(|(session, s)| (s.order(Class::Arrivals), session))
            .collect();
        found.sort_unstable_by_key(|(order, _)| *order);
        found.into_iter().map(|(_, session)| session).collect()
    }

    /// The connection is no longer sound: requests that have not reached its data centre yet will see there what is left.
    fn recall_approaching(&mut self, id: CircuitId) {
        let now = self.now();
        let is_ahead = |s: &Session| match s.stage {
            Stage::Approaching { passes_edge } if passes_edge >= now => Some(passes_edge),
            _ => None,
        };
        let found: Vec<(SessionId, Time)> = self
            .sessions
            .iter()
            .filter(|(_, s)| s.open.circuit == Some(id))
            .filter_map(|(session, s)| is_ahead(s).map(|at| (session, at)))
            .collect();
        for (session, at) in found {
            self.sessions[session].stage = Stage::ToDataCentre;
            self.proceed(session, at, Class::Arrivals, Event::ReachesDataCentre);
        }
    }

    /// The edges hear that a circuit came or went, after the propagation delay.
    pub(super) fn list(&mut self, id: CircuitId, listed: bool) {
        let now = self.now();
        let circuit = &self.circuits[id];
        let connection = circuit.connection;
        if now == Time::ZERO && listed {
            return self.listing_changes(id, true);
        }
        let name = format!(
            "{}/{}",
            self.names.replicas[connection.replica], connection.index
        );
        let change = stream_id("propagation", &name);
        let count = circuit.registration;
        let mut source = Keyed::new(self.change_key, change, u32::from(listed), count);
        let delay = self.plan.settings.propagation.sample(&mut source);
        let order = self.connection_order(Class::Detection, connection);
        self.calendar
            .schedule(now + delay, order, Event::ListingChanges(id, listed));
    }

    /// All edges know that a circuit came or went.
    pub(super) fn listing_changes(&mut self, id: CircuitId, listed: bool) {
        let Some(circuit) = self.circuits.get(id) else {
            return;
        };
        let connection = circuit.connection;
        if !listed {
            self.withdraw(connection, id);
            if self.circuits[id].closes_when_withdrawn && self.circuits[id].edge_open {
                return self.edge_says_goodbye(id);
            }
            return self.drop_circuit_if_closed(id);
        }
        if !circuit.edge_open || circuit.unregistered {
            return;
        }
        let listed = Listed {
            circuit: id,
            connection,
            metro: circuit.server.data_centre.metro,
        };
        let tunnel = self.plan.replicas[connection.replica].tunnel;
        let ranks = &self.ranks;
        self.tunnels[tunnel]
            .registry
            .add(listed, |replica| ranks[replica]);
        self.change(Entity::Connection(connection), Happening::Listed);
    }

    pub(super) fn withdraw(&mut self, connection: ConnectionRef, id: CircuitId) {
        let tunnel = self.plan.replicas[connection.replica].tunnel;
        if self.tunnels[tunnel].registry.remove(id) {
            self.change(Entity::Connection(connection), Happening::Withdrawn);
        }
    }

    /// A circuit that both ends closed and no edge lists is forgotten.
    pub(super) fn drop_circuit_if_closed(&mut self, id: CircuitId) {
        let Some(circuit) = self.circuits.get(id) else {
            return;
        };
        let tunnel = self.plan.replicas[circuit.connection.replica].tunnel;
        let is_listed = self.tunnels[tunnel]
            .registry
            .listed()
            .iter()
            .any(|l| l.circuit == id);
        if !circuit.edge_open && !circuit.near_open && !is_listed {
            let replica = circuit.connection.replica;
            self.circuits_by_replica[replica].retain(|other| *other != id);
            self.circuits.remove(id);
        }
    }

    /// Re-sets the connector's idle timer of a silent circuit.
    pub(super) fn set_near_idle(&mut self, id: CircuitId) {
        let rule = self.idle_rule(id);
        let circuit = &self.circuits[id];
        let order = self.connection_order(Class::Connectors, circuit.connection);
        let at = circuit.near_expiry(rule).max(self.now());
        self.calendar.set_timer(Timer::NearIdle(id), at, order);
    }

    /// The rule of silence of a circuit's transport.
    ///
    /// HTTP/2 has no pings of cloudflared's (connection/http2.go): silence is left to the edge and the kernels.
    pub(super) fn idle_rule(&self, id: CircuitId) -> IdleRule {
        let circuit = &self.circuits[id];
        let tunnel = &self.plan.tunnels[self.plan.replicas[circuit.connection.replica].tunnel];
        if circuit.http2 {
            IdleRule {
                idle_timeout: tunnel.http2_silence,
                ping: None,
            }
        } else {
            IdleRule {
                idle_timeout: tunnel.idle_timeout,
                ping: Some(tunnel.ping),
            }
        }
    }

    /// The vendor's word for a tunnel's state: it counts connections and knows nothing of services.
    pub(super) fn note_status(&mut self, tunnel: TunnelId) {
        let state = &self.tunnels[tunnel];
        // A process that is gone counts as long as the edge holds connections of it.
        let mut open: BTreeMap<(ReplicaId, u64), usize> = BTreeMap::new();
        for replica in &self.plan.tunnels[tunnel].replicas {
            let is_held = |c: &Circuit| c.edge_open && !c.unregistered;
            for (_, circuit) in self.circuits_with(*replica).filter(|(_, c)| is_held(c)) {
                *open.entry((*replica, circuit.connector)).or_default() += 1;
            }
        }
        let n_connected: usize = open.values().sum();
        let is_complete = |(replica, n_open): (ReplicaId, usize)| {
            n_open == usize::from(self.plan.replicas[replica].connections)
        };
        let is_there = |replica: &ReplicaId| {
            let connector = &self.connectors[*replica];
            let runs = connector.phase == Phase::Running && connector.ever_connected;
            !runs || open.contains_key(&(*replica, connector.id))
        };
        let mut known = open
            .iter()
            .map(|((replica, _), n_open)| (*replica, *n_open));
        let all_complete =
            known.all(is_complete) && self.plan.tunnels[tunnel].replicas.iter().all(is_there);
        let status = match (n_connected, all_complete) {
            (0, _) if state.status == TunnelStatus::Inactive => TunnelStatus::Inactive,
            (0, _) => TunnelStatus::Down,
            (_, true) => TunnelStatus::Healthy,
            (_, false) => TunnelStatus::Degraded,
        };
        if status != state.status {
            self.status_changes(tunnel, status);
        }
    }

    fn status_changes(&mut self, tunnel: TunnelId, status: TunnelStatus) {
        let now = self.now();
        self.tunnels[tunnel].status = status;
        self.change(Entity::Tunnel(tunnel), Happening::Status(status));
        if now > Time::ZERO {
            self.alert_later(
                super::event::AlertSubject::Tunnel(tunnel),
                status == TunnelStatus::Healthy,
            );
        }
    }

    /// Whether a dialler holds this circuit.
    pub(super) fn is_connected(&self, connection: ConnectionRef) -> Option<CircuitId> {
        match self.connectors[connection.replica].diallers[usize::from(connection.index)].state {
            DialState::Connected(id) => Some(id),
            _ => None,
        }
    }
}
