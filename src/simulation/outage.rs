//! Faults strike and clear: the one place that changes the state of the world on their behalf.

use std::rc::Rc;

use super::Simulation;
use super::connectors::Stop;
use super::event::{Class, ConnectorEvent, Event, order};
use super::session::SessionId;
use crate::fault::{Duration, Effect, Occurrence};
use crate::kernel::time::{Span, Time};
use crate::measure::observation::{Entity, Happening};
use crate::measure::outcome::{Cause, Outcome};
use crate::world::circuit::CircuitId;
use crate::world::geography::{DataCentre, EdgeServer, MetroId};
use crate::world::held::{Held, StrikeId};
use crate::world::ids::*;
use crate::world::networks::{NetworkIndex, RETURN_DELAY};
use crate::world::travel::BackbonePair;

/// The thousandths of its normal time that service takes when nothing slows it.
const NORMAL_SPEED: u32 = 1000;

/// What a strike can hold that only works or does not.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(super) enum Thing {
    /// Power of a host.
    Power(HostId),
    /// Line of a host.
    Line(HostId),
    /// UDP port 7844 of a host.
    Udp(HostId),
    /// A server of the edge.
    Server(EdgeServer),
    /// A data centre.
    DataCentre(DataCentre),
    /// A metro.
    Metro(MetroId),
    /// The edge's taking of registrations.
    Registrations,
    /// A container's answers.
    Answers(ContainerId),
    /// A container's port.
    Port(ContainerId),
    /// A store's taking of connections.
    StoreOpen(StoreId),
    /// A store's answers.
    StoreAnswers(StoreId),
    /// The connection between a store's copies.
    StoreWhole(StoreId),
    /// The backbone between two metros.
    Path(MetroId, MetroId),
}

/// What the strikes that have not cleared hold.
#[derive(Debug, Default)]
pub(super) struct Holds {
    things: Held<Thing>,
    crash_loops: Held<ContainerId, Span>,
    slow_containers: Held<ContainerId, u32>,
    pub(super) slow_stores: Held<StoreId, Span>,
    slow_paths: Held<(MetroId, MetroId), Span>,
    flips: Held<GroupId, (f64, MetroId)>,
    incidents: Held<(), f64>,
}

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
            self.apply(effect, StrikeId { fault, count });
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
            self.apply(effect, StrikeId { fault, count });
        }
        if let Occurrence::Random { time_to_failure } = &plan.occurrence {
            let at = now + time_to_failure.sample(&mut self.fault_streams[index]);
            self.strike_at(fault, at, count + 1);
        }
    }

    /// Changes the world. What lasts is held by the strike, and let go of when that very strike clears; orders that
    /// somebody gives (start, stop, push, switch) stand until the next one.
    fn apply(&mut self, effect: &Effect, by: StrikeId) {
        let now = self.now();
        match effect {
            Effect::HostPower(host, on) => {
                let on = self.is_free_after(Thing::Power(*host), by, *on);
                self.host_power(*host, on);
            }
            Effect::HostLine(host, up) => {
                let up = self.is_free_after(Thing::Line(*host), by, *up);
                self.host_line(*host, up);
            }
            Effect::HostShutdown(host) => {
                self.is_free_after(Thing::Power(*host), by, false);
                self.host_shutdown(*host);
            }
            Effect::UdpBlocked(host, blocked) => {
                self.hosts[*host].udp_open = self.is_free_after(Thing::Udp(*host), by, !blocked);
                self.host_reachability_changed(*host);
            }
            Effect::ConnectorKill(replica) => self.connector_killed(*replica),
            Effect::ConnectorStop(replica) => self.connector_stops(*replica, Stop::ByHand),
            Effect::ConnectorRestart(replica) => self.connector_stops(*replica, Stop::Restart),
            Effect::ConnectorStart(replica) => self.connector_started_by_hand(*replica),
            Effect::ConnectionDrop(connection) => self.connection_dropped(*connection),
            Effect::EdgeServerUp(server, up) => self.edge_server(*server, *up, by),
            Effect::ServerOfConnection(connection, up) => {
                if let Some(server) = self.edge_part_of(*connection, *up, by) {
                    self.edge_server(server, *up, by);
                }
            }
            Effect::DataCentreUp(data_centre, up) => self.data_centre(*data_centre, *up, by),
            Effect::DataCentreOfConnection(connection, up) => {
                if let Some(server) = self.edge_part_of(*connection, *up, by) {
                    self.data_centre(server.data_centre, *up, by);
                }
            }
            Effect::MetroUp(metro, up) => {
                let up = self.is_free_after(Thing::Metro(*metro), by, *up);
                self.metro(*metro, up);
            }
            Effect::DataCentreMaintenance(data_centre, begins) => {
                self.maintenance(*data_centre, *begins, by)
            }
            Effect::RegistrationsFrozen(frozen) => {
                let open = self.is_free_after(Thing::Registrations, by, !frozen);
                self.edge.registrations_frozen = !open;
            }
            Effect::ContainerStop(container) => self.container_stops(*container),
            Effect::ContainerStart(container) => self.container_started_by_hand(*container),
            Effect::ContainerCrash(container) => self.container_dies(*container),
            Effect::ContainerCrashLoop(container, run_time) => {
                self.holds.crash_loops.set(*container, by, *run_time);
                let shortest = self.holds.crash_loops.asked(*container).min();
                self.containers[*container].crash_loop = shortest;
                if run_time.is_some() {
                    self.container_dies(*container);
                }
            }
            Effect::ContainerHang(container, hangs) => {
                let answers = self.is_free_after(Thing::Answers(*container), by, !hangs);
                self.container_hangs(*container, !answers);
            }
            Effect::ContainerRefuses(container, refuses) => {
                let open = self.is_free_after(Thing::Port(*container), by, !refuses);
                self.container_refuses(*container, !open);
            }
            Effect::ContainerSlow(container, factor) => {
                let slow = Some(*factor).filter(|factor| *factor != NORMAL_SPEED);
                self.holds.slow_containers.set(*container, by, slow);
                let slowest = self.holds.slow_containers.asked(*container).max();
                let factor = slowest.unwrap_or(NORMAL_SPEED);
                self.containers[*container].slow_factor_milli = factor;
                self.change(Entity::Container(*container), Happening::Slow(factor));
            }
            Effect::Store(store, effect) => self.apply_to_store(*store, *effect, by),
            Effect::Deploy(containers) => self.deploy(containers),
            Effect::PathCut(a, b, cut) => {
                let whole = self.is_free_after(Thing::Path(*a.min(b), *a.max(b)), by, !cut);
                let pair = self.travel.backbone_pair(*a, *b);
                let cut_since = (!whole).then(|| pair.cut_since.unwrap_or(now));
                self.backbone_changes(*a, *b, BackbonePair { cut_since, ..pair });
            }
            Effect::PathSlow(a, b, added) => {
                let ends = (*a.min(b), *a.max(b));
                let added = Some(*added).filter(|added| *added > Span::ZERO);
                self.holds.slow_paths.set(ends, by, added);
                let slowest = self.holds.slow_paths.asked(ends).max();
                let pair = self.travel.backbone_pair(*a, *b);
                let added_round_trip = slowest.unwrap_or(Span::ZERO);
                self.backbone_changes(
                    *a,
                    *b,
                    BackbonePair {
                        added_round_trip,
                        ..pair
                    },
                );
            }
            Effect::CatchmentFlip { group, share, to } => {
                self.catchment_flips(*group, to.map(|to| (*share, to)), by)
            }
            Effect::ProviderIncident(share) => {
                let share = Some(*share).filter(|share| *share > 0.0);
                self.holds.incidents.set((), by, share);
                self.edge.incident_share = self.holds.incidents.asked(()).fold(0.0, f64::max);
            }
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

    /// Whether no strike keeps a host without power.
    pub(super) fn has_power(&self, host: HostId) -> bool {
        self.holds.things.is_free(Thing::Power(host))
    }

    /// A strike takes hold of a thing that works or does not, or lets go of it; whether nothing holds it now.
    pub(super) fn is_free_after(&mut self, thing: Thing, by: StrikeId, lets_go: bool) -> bool {
        self.holds.things.set(thing, by, (!lets_go).then_some(()));
        self.holds.things.is_free(thing)
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

    /// A connection is closed with a word of the edge: both ends know at once, unless the word gets lost.
    fn connection_dropped(&mut self, connection: ConnectionRef) {
        if let Some(id) = self.is_connected(connection) {
            self.sever(id);
            self.edge_says_goodbye(id);
        }
    }

    /// The server that holds a connection when a fault strikes, remembered until the fault clears.
    fn edge_part_of(
        &mut self,
        connection: ConnectionRef,
        up: bool,
        by: StrikeId,
    ) -> Option<EdgeServer> {
        if up {
            return self.struck_servers.remove(&(by, connection));
        }
        let server = self.circuits[self.is_connected(connection)?].server;
        self.struck_servers.insert((by, connection), server);
        Some(server)
    }

    fn edge_server(&mut self, server: EdgeServer, up: bool, by: StrikeId) {
        let up = self.is_free_after(Thing::Server(server), by, up);
        self.edge.set_server(server, up);
        self.edge_changed(|circuit| circuit == server);
    }

    fn data_centre(&mut self, data_centre: DataCentre, up: bool, by: StrikeId) {
        let up = self.is_free_after(Thing::DataCentre(data_centre), by, up);
        if !self.edge.set_data_centre(data_centre, up) {
            return;
        }
        let what = if up { Happening::Up } else { Happening::Down };
        self.change(Entity::DataCentre(data_centre), what);
        self.edge_changed(|server| server.data_centre == data_centre);
    }

    fn edge_changed(&mut self, concerns: impl Fn(EdgeServer) -> bool) {
        self.review_circuits(|circuit| concerns(circuit.server));
        self.redial_all();
    }

    fn redial_all(&mut self) {
        for replica in self.plan.replicas.ids() {
            self.redial(replica);
        }
    }

    /// Planned maintenance: the traffic is withdrawn, and each connection is closed with a word when no edge lists it
    /// any more.
    fn maintenance(&mut self, data_centre: DataCentre, begins: bool, by: StrikeId) {
        let open = self.is_free_after(Thing::DataCentre(data_centre), by, !begins);
        if !self.edge.set_data_centre(data_centre, open) {
            return;
        }
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
            held.sort_unstable_by_key(|(connection, _)| {
                self.connection_order(Class::Detection, *connection)
            });
            for (_, id) in held {
                self.sever(id);
                self.circuits[id].closes_when_withdrawn = true;
                self.list(id, false);
            }
        }
        self.redial_all();
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
        // Each network moves away or comes back after its own time.
        // Simplification: requests under way when a network comes back are not broken by its move.
        for network in self.networks.indices() {
            if up {
                self.network_moves_at(network, now + RETURN_DELAY);
            } else if self.networks.get(network).metro == Some(metro) {
                self.lose_network(network, metro, now);
            }
        }
    }

    /// Open requests that entered by a metro that died end without a code.
    fn cut_clients_of(&mut self, metro: MetroId) {
        let mut cut: Vec<(u64, SessionId)> = self
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

    fn cut_off(&mut self, id: SessionId) {
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

    /// Where a network's packets go that nobody has met before.
    ///
    /// Simplification: of the outages so far only that of the metro it would reach is looked at; others before it in the
    /// ranking that went since have been given up already.
    pub(super) fn settle_network(&mut self, network: NetworkIndex) {
        let now = self.now();
        let flip = self.flip_of(network);
        let state = self.networks.get_mut(network);
        state.diverted = flip;
        state.metro = flip.or(state.metro);
        if let Some(metro) = state.metro
            && let Some(since) = self.edge.unknown_since(metro, now)
        {
            self.lose_network(network, metro, since);
        }
        for at in self.edge.announcements_after(now) {
            self.network_moves_at(network, at);
        }
    }

    /// The metro of a network is gone since a moment: its packets are lost until it has found another.
    fn lose_network(&mut self, network: NetworkIndex, metro: MetroId, since: Time) {
        let outage = self.edge.outages(metro);
        let mut source = self.networks.convergence(network, metro, outage);
        let state = self.networks.get_mut(network);
        state.metro = None;
        state.lost_since = since;
        state.lost_until = since + crate::world::geography::withdrawal_delay(&mut source);
        let until = state.lost_until;
        if until > self.now() {
            self.network_moves_at(network, until);
        } else {
            self.network_moves(network);
        }
    }

    fn network_moves_at(&mut self, network: NetworkIndex, at: Time) {
        let order = order(Class::Detection, u16::MAX, u64::from(network.0));
        self.calendar
            .schedule(at, order, Event::NetworkMoves(network));
    }

    /// A network reaches the best metro that it knows to be up; while it looks for one, only one that it hears of.
    pub(super) fn network_moves(&mut self, network: NetworkIndex) {
        let now = self.now();
        let is_known = |metro| self.edge.unknown_since(metro, now).is_none();
        let best = self.networks.best_metro(network, is_known);
        let state = self.networks.get_mut(network);
        let is_heard_of = |metro| self.edge.is_announced_since(metro, state.lost_since);
        let is_found = now >= state.lost_until || best.is_some_and(is_heard_of);
        if state.metro == best || !is_found {
            return;
        }
        state.metro = best;
        let group = state.group;
        if let Some(to) = best {
            self.change(Entity::Group(group), Happening::Moves { to });
            if std::mem::take(&mut self.networks.get_mut(network).is_awaited) {
                self.send_what_waits(network);
            }
        }
    }

    /// Requests of a network that had no metro to go to are sent now.
    fn send_what_waits(&mut self, network: NetworkIndex) {
        let mut waiting: Vec<(u64, SessionId)> = self
            .sessions
            .iter()
            .filter(|(_, s)| s.network == network && s.waits_for_an_edge())
            .map(|(id, s)| (s.order(Class::Arrivals), id))
            .collect();
        waiting.sort_unstable_by_key(|(order, _)| *order);
        for (_, id) in waiting {
            self.proceed(id, self.now(), Class::Arrivals, Event::Sends);
        }
    }

    /// The packets of a share of a group's networks reach another metro, or their own again; flows through the old one
    /// break.
    fn catchment_flips(&mut self, group: GroupId, flip: Option<(f64, MetroId)>, by: StrikeId) {
        self.holds.flips.set(group, by, flip);
        for network in self.networks.indices() {
            let state = self.networks.get(network);
            let to = self.flip_of(network);
            if state.group == group && state.diverted != to {
                self.divert_network(network, to);
            }
        }
    }

    /// Where the flips in force send a network; of several the last fault of the file decides.
    fn flip_of(&self, network: NetworkIndex) -> Option<MetroId> {
        let group = self.networks.get(network).group;
        let draw = self.networks.share_draw(network);
        let flips = self.holds.flips.asked(group);
        let taken_part_in = flips.filter(|(share, _)| draw < *share);
        taken_part_in.last().map(|(_, to)| to)
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
        let mut moved: Vec<(u64, SessionId)> = self
            .sessions
            .iter()
            .filter(|(_, s)| s.network == network && s.has_entered())
            .map(|(id, s)| (s.order(Class::Arrivals), id))
            .collect();
        moved.sort_unstable_by_key(|(order, _)| *order);
        for (_, id) in moved {
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
