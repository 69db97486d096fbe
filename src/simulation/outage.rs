//! Faults strike and clear: the one place that changes the state of the world on their behalf.

use std::rc::Rc;

use super::Simulation;
use super::event::{Class, ConnectorEvent, Event, order};
use crate::fault::{Duration, Effect, Occurrence};
use crate::kernel::time::Time;
use crate::measure::observation::{Entity, Happening};
use crate::measure::outcome::{Cause, Outcome};
use crate::world::circuit::CircuitId;
use crate::world::geography::{DataCentre, EdgeServer, MetroId};
use crate::world::ids::*;
use crate::world::networks::{NetworkIndex, RETURN_DELAY};
use crate::world::travel::BackbonePair;

impl Simulation<'_> {
    /// Schedules the first strike of every fault.
    pub(super) fn plan_faults(&mut self) {
        for index in 0..self.faults.len() {
            let fault = FaultId::at(index);
            let at = match &self.faults[index].occurrence {
                Occurrence::Scheduled { at, .. } => Time::ZERO + *at,
                Occurrence::Random { time_to_failure } => {
                    Time::ZERO + time_to_failure.sample(&mut self.fault_streams[index])
                }
            };
            self.strike_at(fault, at, 0);
        }
    }

    fn strike_at(&mut self, fault: FaultId, at: Time, count: u32) {
        if at < self.horizon {
            let order = order(Class::Faults, fault.0, u64::from(count) * 2);
            self.calendar
                .schedule(at, order, Event::FaultStrikes(fault, count));
        }
    }

    /// A fault strikes.
    pub(super) fn fault_strikes(&mut self, fault: FaultId, count: u32) {
        let now = self.now();
        let index = fault.index();
        let faults = self.faults;
        let plan = &faults[index];
        self.change(Entity::Fault(fault), Happening::Strikes);
        self.struck_by = Some(fault);
        for effect in &plan.strike {
            self.apply(effect, (index, count));
        }
        self.struck_by = None;
        if let Duration::Lasts(law) = &plan.duration {
            let at = now + law.sample(&mut self.fault_streams[index]);
            let order = order(Class::Faults, fault.0, u64::from(count) * 2 + 1);
            self.calendar
                .schedule(at, order, Event::FaultClears(fault, count));
        } else if let Occurrence::Random { time_to_failure } = &plan.occurrence {
            let at = now + time_to_failure.sample(&mut self.fault_streams[index]);
            self.strike_at(fault, at, count + 1);
        }
        if let Occurrence::Scheduled {
            every: Some(every), ..
        } = &plan.occurrence
        {
            self.strike_at(fault, now + *every, count + 1);
        }
    }

    /// A fault clears.
    pub(super) fn fault_clears(&mut self, fault: FaultId, count: u32) {
        let now = self.now();
        let index = fault.index();
        let faults = self.faults;
        let plan = &faults[index];
        self.change(Entity::Fault(fault), Happening::Clears);
        for effect in &plan.clear {
            self.apply(effect, (index, count));
        }
        if let Occurrence::Random { time_to_failure } = &plan.occurrence {
            let at = now + time_to_failure.sample(&mut self.fault_streams[index]);
            self.strike_at(fault, at, count + 1);
        }
    }

    /// Changes the world. `by` names the strike, for effects that must undo what that very strike did.
    fn apply(&mut self, effect: &Effect, by: (usize, u32)) {
        let now = self.now();
        match effect {
            Effect::HostPower(host, on) => self.host_power(*host, *on),
            Effect::HostLine(host, up) => self.host_line(*host, *up),
            Effect::HostShutdown(host) => self.host_shutdown(*host),
            Effect::UdpBlocked(host, blocked) => {
                self.hosts[*host].udp_open = !blocked;
                self.host_reachability_changed(*host);
            }
            Effect::ConnectorKill(replica) => self.connector_killed(*replica),
            Effect::ConnectorStop(replica) => self.connector_stops(*replica, false),
            Effect::ConnectorRestart(replica) => self.connector_stops(*replica, true),
            Effect::ConnectorStart(replica) => self.connector_started_by_hand(*replica),
            Effect::ConnectionDrop(connection) => self.connection_dropped(*connection),
            Effect::EdgeServerUp(server, up) => self.edge_server(*server, *up),
            Effect::ServerOfConnection(connection, up) => {
                if let Some(server) = self.edge_part_of(*connection, *up, by) {
                    self.edge_server(server, *up);
                }
            }
            Effect::DataCentreUp(data_centre, up) => self.data_centre(*data_centre, *up),
            Effect::DataCentreOfConnection(connection, up) => {
                if let Some(server) = self.edge_part_of(*connection, *up, by) {
                    self.data_centre(server.data_centre, *up);
                }
            }
            Effect::MetroUp(metro, up) => self.metro(*metro, *up),
            Effect::DataCentreMaintenance(data_centre, begins) => {
                self.maintenance(*data_centre, *begins)
            }
            Effect::RegistrationsFrozen(frozen) => self.edge.registrations_frozen = *frozen,
            Effect::ContainerStop(container) => self.container_stops(*container),
            Effect::ContainerStart(container) => self.container_started_by_hand(*container),
            Effect::ContainerCrash(container) => self.container_dies(*container),
            Effect::ContainerCrashLoop(container, run_time) => {
                self.containers[*container].crash_loop = *run_time;
                if run_time.is_some() {
                    self.container_dies(*container);
                }
            }
            Effect::ContainerHang(container, hangs) => self.container_hangs(*container, *hangs),
            Effect::ContainerRefuses(container, refuses) => {
                self.container_refuses(*container, *refuses)
            }
            Effect::ContainerSlow(container, factor) => {
                self.containers[*container].slow_factor_milli = *factor;
                self.change(Entity::Container(*container), Happening::Slow(*factor));
            }
            Effect::StoreRefuses(..)
            | Effect::StoreSilent(..)
            | Effect::StoreSlow(..)
            | Effect::StoreLost(..)
            | Effect::StorePartitioned(..)
            | Effect::Deploy(..) => self.apply_to_store(effect),
            Effect::PathCut(a, b, cut) => {
                let pair = self.travel.backbone_pair(*a, *b);
                let cut_since = cut.then_some(now);
                self.backbone_changes(*a, *b, BackbonePair { cut_since, ..pair });
            }
            Effect::PathSlow(a, b, added_round_trip) => {
                let pair = self.travel.backbone_pair(*a, *b);
                let added_round_trip = *added_round_trip;
                self.backbone_changes(
                    *a,
                    *b,
                    BackbonePair {
                        added_round_trip,
                        ..pair
                    },
                );
            }
            Effect::CatchmentFlip { group, share, to } => self.catchment_flips(*group, *share, *to),
            Effect::ProviderIncident(share) => self.edge.incident_share = *share,
            Effect::ConfigPush(tunnel, rules) => self.push_rules(*tunnel, rules.clone()),
            // A configuration that does not parse is refused by every connector, and the old one stays.
            Effect::BadConfigPush(tunnel) => {
                self.change(Entity::Tunnel(*tunnel), Happening::Refused)
            }
            Effect::EndpointEnabled(endpoint, enabled) => {
                self.balancers.enable_endpoint(*endpoint, *enabled, now);
            }
            Effect::PoolEnabled(pool, enabled) => self.balancers.enable_pool(*pool, *enabled),
        }
    }

    /// A line goes or comes back; the host itself goes on.
    fn host_line(&mut self, host: HostId, up: bool) {
        let now = self.now();
        if self.hosts[host].line_up == up {
            return;
        }
        self.hosts[host].line_up = up;
        self.hosts[host].note(now);
        let what = if up {
            Happening::LineUp
        } else {
            Happening::LineDown
        };
        self.change(Entity::Host(host), what);
        let candidates = self.stores.host_line(host, up, now);
        self.promote_later(candidates);
        self.host_reachability_changed(host);
    }

    fn host_reachability_changed(&mut self, host: HostId) {
        let replicas = self.replicas_on(host);
        self.review_circuits(|circuit| replicas.contains(&circuit.connection.replica));
        for replica in replicas {
            self.redial(replica);
        }
    }

    /// A connection is closed with a word: both ends know at once.
    fn connection_dropped(&mut self, connection: ConnectionRef) {
        if let Some(id) = self.is_connected(connection) {
            self.sever(connection);
            self.edge_closes(id, false, Cause::StreamCut);
            self.near_lost(id);
        }
    }

    /// The server that holds a connection when a fault strikes, remembered until the fault clears.
    fn edge_part_of(
        &mut self,
        connection: ConnectionRef,
        up: bool,
        by: (usize, u32),
    ) -> Option<EdgeServer> {
        if up {
            return self.struck_servers.remove(&(by, connection));
        }
        let server = self.circuits[self.is_connected(connection)?].server;
        self.struck_servers.insert((by, connection), server);
        Some(server)
    }

    fn edge_server(&mut self, server: EdgeServer, up: bool) {
        self.edge.set_server(server, up);
        self.edge_changed(|circuit| circuit == server);
    }

    fn data_centre(&mut self, data_centre: DataCentre, up: bool) {
        self.edge.set_data_centre(data_centre, up);
        let what = if up { Happening::Up } else { Happening::Down };
        self.change(Entity::DataCentre(data_centre), what);
        self.edge_changed(|server| server.data_centre == data_centre);
    }

    fn edge_changed(&mut self, concerns: impl Fn(EdgeServer) -> bool) {
        self.review_circuits(|circuit| concerns(circuit.server));
        for replica in self.plan.replicas.ids() {
            self.redial(replica);
        }
    }

    /// Planned maintenance: the traffic is withdrawn first, then the connections are closed with a word.
    ///
    /// Simplification: planned maintenance withdraws traffic and closes connections at the start of its window, the withdrawal with its
    /// usual propagation.
    fn maintenance(&mut self, data_centre: DataCentre, begins: bool) {
        self.edge.set_data_centre(data_centre, !begins);
        let what = if begins {
            Happening::Drains
        } else {
            Happening::Up
        };
        self.change(Entity::DataCentre(data_centre), what);
        if begins {
            let mut held: Vec<(ConnectionRef, CircuitId)> = self
                .circuits
                .iter()
                .filter(|(_, c)| c.server.data_centre == data_centre && c.edge_open)
                .map(|(id, c)| (c.connection, id))
                .collect();
            held.sort_unstable();
            for (_, id) in held {
                self.edge_closes(id, false, Cause::StreamCut);
                self.near_lost(id);
            }
        }
    }

    /// A metro goes or comes back: its circuits die, and clients and connectors find another by and by.
    fn metro(&mut self, metro: MetroId, up: bool) {
        let now = self.now();
        if self.edge.is_metro_up(metro) == up {
            return;
        }
        self.edge.set_metro(metro, up, now);
        let what = if up { Happening::Up } else { Happening::Down };
        self.change(Entity::Metro(metro), what);
        self.edge_changed(|server| server.data_centre.metro == metro);
        if !up {
            self.cut_clients_of(metro);
        }
        for network in self.networks.indices() {
            self.resettle_network(network, metro, up);
        }
    }

    /// Open requests that entered by a metro that died end without a code.
    fn cut_clients_of(&mut self, metro: MetroId) {
        let mut cut: Vec<(u64, super::session::SessionId)> = self
            .sessions
            .iter()
            .filter(|(_, s)| s.open.entry == metro && s.has_entered())
            .map(|(id, s)| (s.order(Class::Arrivals), id))
            .collect();
        cut.sort_unstable_by_key(|(order, _)| *order);
        for (_, id) in cut {
            self.cut_off(id);
        }
    }

    fn cut_off(&mut self, id: super::session::SessionId) {
        let now = self.now();
        self.leave_queue(id);
        let session = &mut self.sessions[id];
        session.lose_attempt(now);
        session.hop += 1;
        session.serial += 1;
        session.open.outcome = Outcome::Failed(Cause::EdgeUnreachable);
        session.open.status = 0;
        self.close(id);
    }

    /// A network whose metro changed state moves away or comes back after its own time.
    fn resettle_network(&mut self, network: NetworkIndex, metro: MetroId, up: bool) {
        let now = self.now();
        if up {
            let at = now + RETURN_DELAY;
            return self.network_moves_at(network, at);
        }
        if self.networks.get(network).metro == Some(metro) {
            self.lose_network(network, metro, now);
        }
    }

    /// A network met for the first time while its metro is down has been on the move since the strike.
    pub(super) fn settle_network(&mut self, network: NetworkIndex) {
        let Some(metro) = self.networks.get(network).metro else {
            return;
        };
        if let Some(since) = self.edge.metro_down_since(metro) {
            self.lose_network(network, metro, since);
        }
    }

    fn lose_network(&mut self, network: NetworkIndex, metro: MetroId, since: Time) {
        let outage = self.edge.outages(metro);
        let mut source = self.networks.convergence(network, metro, outage);
        let at = (since + crate::world::geography::withdrawal_delay(&mut source)).max(self.now());
        let state = self.networks.get_mut(network);
        state.metro = None;
        state.lost_until = at;
        self.network_moves_at(network, at);
    }

    fn network_moves_at(&mut self, network: NetworkIndex, at: Time) {
        let order = order(Class::Detection, u16::MAX, u64::from(network.0));
        self.calendar
            .schedule(at, order, Event::NetworkMoves(network));
    }

    /// A network reaches the best metro that is up.
    pub(super) fn network_moves(&mut self, network: NetworkIndex) {
        let best = self
            .networks
            .best_metro(network, |metro| self.edge.is_metro_up(metro));
        let state = self.networks.get_mut(network);
        if state.metro == best || self.calendar.now() < state.lost_until {
            return;
        }
        state.metro = best;
        let group = state.group;
        if let Some(to) = best {
            self.change(Entity::Group(group), Happening::Moves { to });
        }
    }

    /// The packets of some networks of a group reach another metro; flows through the old one break.
    fn catchment_flips(&mut self, group: GroupId, share: f64, to: Option<MetroId>) {
        for network in self.networks.indices() {
            if self.networks.get(network).group == group
                && self.networks.share_draw(network) < share
            {
                self.divert_network(network, to);
            }
        }
        self.flips.retain(|flip| flip.group != group);
        if let Some(to) = to {
            self.flips.push(super::Flip { group, share, to });
        }
    }

    /// A network met for the first time takes part in the flips in force.
    pub(super) fn join_flips(&mut self, group: GroupId, network: NetworkIndex) {
        let draw = self.networks.share_draw(network);
        let flip = self
            .flips
            .iter()
            .find(|flip| flip.group == group && draw < flip.share);
        if let Some(to) = flip.map(|flip| flip.to) {
            self.divert_network(network, Some(to));
        }
    }

    /// A network sends its packets elsewhere, or home again.
    fn divert_network(&mut self, network: NetworkIndex, to: Option<MetroId>) {
        self.networks.get_mut(network).diverted = to;
        let before = self.networks.get(network).metro;
        self.network_moves(network);
        let after = self.networks.get(network).metro;
        if before == after {
            return;
        }
        let moved: Vec<super::session::SessionId> = self
            .sessions
            .iter()
            .filter(|(_, s)| s.network == network && s.has_entered())
            .map(|(id, _)| id)
            .collect();
        for id in moved {
            self.cut_off(id);
        }
    }

    fn backbone_changes(&mut self, a: MetroId, b: MetroId, pair: BackbonePair) {
        self.travel.set_backbone_pair(a, b, pair);
        for tunnel in self.plan.tunnels.ids() {
            self.tunnels[tunnel].registry.forget_rankings();
        }
        if pair.cut_since.is_some() {
            // When the edges notice, every ranking is made anew.
            let at = self.now() + self.plan.settings.edge_death_notice;
            let order = order(Class::Detection, u16::MAX, u64::MAX);
            self.calendar.schedule(at, order, Event::BackboneNoticed);
        }
    }

    /// New rules for a tunnel: each connector has them after its own delay.
    fn push_rules(&mut self, tunnel: TunnelId, rules: crate::world::blueprint::RuleSet) {
        let now = self.now();
        let state = &mut self.tunnels[tunnel];
        state.version += 1;
        state.remote = Some(Rc::new(crate::world::ingress::Rules::new(rules)));
        let version = state.version;
        for replica in &self.plan.tunnels[tunnel].replicas {
            let name = &self.names.replicas[*replica];
            let id = crate::kernel::random::stream_id("rollout", name);
            let mut source = crate::kernel::random::Keyed::new(self.change_key, id, version, 0);
            let delay = self.plan.tunnels[tunnel].rollout.sample(&mut source);
            if self.connectors[*replica].phase != crate::world::connector::Phase::Off {
                self.connector_event(*replica, now + delay, ConnectorEvent::Configured(version));
            }
        }
    }
}
