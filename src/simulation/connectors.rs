//! cloudflared's life: a process starts, dials, registers, waits, drains, and exits.
//!
//! Source: cloudflared, supervisor/supervisor.go and supervisor/tunnel.go.

use super::Simulation;
use super::event::{Class, ConnectorEvent, DialEvent, Event, Timer};
use crate::kernel::random::{Keyed, Source, stream_id};
use crate::kernel::time::{Span, Time};
use crate::measure::observation::{Entity, Happening};
use crate::measure::outcome::Cause;
use crate::world::blueprint::Protocol;
use crate::world::circuit::{Circuit, CircuitId, Silence};
use crate::world::connector::{DialState, Failure, Phase};
use crate::world::geography::{
    AddressGroup, DataCentre, EdgeServer, SERVERS_PER_DATA_CENTRE, free_server, withdrawal_delay,
};
use crate::world::ids::*;

/// One start of a further connection per this time (`registrationInterval`).
const REGISTRATION_INTERVAL: Span = Span::from_secs(1);

/// How long an HTTP/2 dial into silence takes.
const HTTP2_DIAL_TIMEOUT: Span = Span::from_secs(15);

/// Why a process is told to stop.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Stop {
    /// Somebody stops it, and it stays down.
    ByHand,
    /// Somebody stops it to start it again.
    Restart,
    /// Its host stops: after a boot it comes back.
    OfHost,
}

/// How long a registration waits for its answer (`rpc-timeout`).
const REGISTRATION_TIMEOUT: Span = Span::from_secs(5);

impl Simulation<'_> {
    /// A replica's process starts.
    pub(super) fn connector_starts(&mut self, replica: ReplicaId) {
        let now = self.now();
        if self.connectors[replica].phase != Phase::Off
            || !self.hosts[self.plan.replicas[replica].host].starts_processes()
        {
            return;
        }
        let name = &self.names.replicas[replica];
        let life = self.connectors[replica].process.life();
        let id = Keyed::new(self.world_key, stream_id("connector", name), life, 0).bits();
        let http2 = self.plan.replicas[replica].protocol == Protocol::Http2;
        self.connectors[replica].starts(now, id, http2);
        self.change(
            Entity::Replica(replica),
            Happening::Starts { connector: id },
        );
        self.load_rules(replica);
        self.note_status(self.plan.replicas[replica].tunnel);
        let ready = now + self.plan.settings.process_start;
        self.connector_event(replica, ready, ConnectorEvent::Ready);
    }

    /// What happens to a process, unless it is another one by now.
    pub(super) fn connector_happens(
        &mut self,
        replica: ReplicaId,
        life: u32,
        event: ConnectorEvent,
    ) {
        if self.connectors[replica].process.life() != life && event != ConnectorEvent::FirstStarts {
            return;
        }
        match event {
            ConnectorEvent::FirstStarts => self.connector_started_by_hand(replica),
            ConnectorEvent::Starts => self.connector_starts(replica),
            ConnectorEvent::Ready => self.dials(ConnectionRef { replica, index: 0 }),
            ConnectorEvent::StartsConnection(index) => self.starts_further(replica, index),
            ConnectorEvent::SupervisorWakes => self.supervisor_wakes(replica),
            ConnectorEvent::Exits => self.connector_exits(replica),
            ConnectorEvent::Configured(version) => self.configured(replica, version),
        }
    }

    fn starts_further(&mut self, replica: ReplicaId, index: u8) {
        if self.connectors[replica].phase == Phase::Running {
            // Further connections start with the protocol that connection 0 succeeded with.
            let http2 = self.connectors[replica].diallers[0].http2;
            self.connectors[replica].diallers[usize::from(index)].http2 = http2;
            self.dials(ConnectionRef { replica, index });
        }
    }

    /// A connection dials a server of its address group's present catchment.
    fn dials(&mut self, connection: ConnectionRef) {
        let now = self.now();
        if self.connectors[connection.replica].phase != Phase::Running {
            return;
        }
        let target = self.pick_server(connection);
        let http2 = self.dialler(connection).http2;
        let reaches = target.is_some_and(|server| self.dial_reaches(connection, server));
        let dialler = self.dialler(connection);
        dialler.target = target;
        dialler.state = DialState::Dialling {
            since: now,
            answered: reaches,
        };
        self.change(Entity::Connection(connection), Happening::Dials { http2 });
        self.await_dial(connection, now, reaches);
    }

    fn await_dial(&mut self, connection: ConnectionRef, since: Time, reaches: bool) {
        let now = self.now();
        let (at, event) = if reaches {
            (now + self.dial_time(connection), DialEvent::Connects)
        } else {
            let timeout = if self.dialler(connection).http2 {
                HTTP2_DIAL_TIMEOUT
            } else {
                self.plan.settings.dial_timeout
            };
            ((since + timeout).max(now), DialEvent::Fails)
        };
        self.dial_event(connection, at, event);
    }

    /// Two round trips for handshake and registration, and a fixed part.
    fn dial_time(&mut self, connection: ConnectionRef) -> Span {
        let host = self.plan.replicas[connection.replica].host;
        let overhead = self.plan.settings.dial_overhead;
        match self.dialler(connection).target {
            Some(server) => {
                self.travel
                    .host_metro(host, server.data_centre.metro)
                    .round_trip()
                    * 2
                    + overhead
            }
            None => overhead,
        }
    }

    /// A free server of the data centre that the connection's address leads to now.
    fn pick_server(&mut self, connection: ConnectionRef) -> Option<EdgeServer> {
        let replica = connection.replica;
        let group = address_group(connection.index);
        let pinned = self
            .pinned_data_centre(connection)
            .filter(|d| self.edge.is_data_centre_up(*d));
        let taken: Vec<EdgeServer> = self
            .circuits_with(replica)
            .filter(|(_, c)| c.edge_open)
            .map(|(_, c)| c.server)
            .collect();
        let sibling = taken
            .iter()
            .map(|s| s.data_centre)
            .find(|d| d.number % 2 == group_parity(group) && self.edge.is_data_centre_up(*d));
        let edge = &self.edge;
        let connector = &mut self.connectors[replica];
        let dialler = &mut connector.diallers[usize::from(connection.index)];
        let data_centre = pinned.or(sibling).or_else(|| {
            connector.catchment.data_centre(
                group,
                |d| edge.is_data_centre_up(d),
                &mut dialler.places,
            )
        })?;
        let busy: Vec<EdgeServer> = (1..=SERVERS_PER_DATA_CENTRE)
            .map(|number| EdgeServer {
                data_centre,
                number,
            })
            .filter(|server| taken.contains(server) || !edge.is_server_up(*server))
            .collect();
        free_server(data_centre, &busy, &mut dialler.places)
    }

    /// Whether anything answers a dial.
    pub(super) fn dial_reaches(&self, connection: ConnectionRef, server: EdgeServer) -> bool {
        let replica = connection.replica;
        let host = &self.hosts[self.plan.replicas[replica].host];
        let http2 = self.connectors[replica].diallers[usize::from(connection.index)].http2;
        host.is_online()
            && (host.udp_open || http2)
            && self.edge.is_server_up(server)
            && self.has_converged(connection)
    }

    /// Whether the packets of an address group have found another metro after their own went away.
    fn has_converged(&self, connection: ConnectionRef) -> bool {
        let replica = connection.replica;
        let group = address_group(connection.index);
        let home = match self.pinned_data_centre(connection) {
            Some(pinned) => pinned.metro,
            None => self.connectors[replica].catchment.ranking(group)[0],
        };
        let Some(since) = self.edge.metro_down_since(home) else {
            return true;
        };
        let name = format!("{}/{}", self.names.replicas[replica], group.index());
        let id = stream_id("convergence", &name);
        let mut source = Keyed::new(
            self.world_key,
            id,
            u32::from(home.0),
            self.edge.outages(home),
        );
        self.now() >= since + withdrawal_delay(&mut source)
    }

    /// The data centre that the scenario pins a connection to.
    pub(super) fn pinned_data_centre(&self, connection: ConnectionRef) -> Option<DataCentre> {
        let edges = &self.plan.replicas[connection.replica].edges;
        let group = address_group(connection.index);
        let pinned = match edges.len() {
            0 => return None,
            2 => edges[group.index()],
            _ => *edges.get(usize::from(connection.index))?,
        };
        let default = 1 + group.index() as u8;
        Some(DataCentre {
            metro: pinned.metro,
            number: pinned.number.unwrap_or(default),
        })
    }

    /// Dials of a host whose reachability changed meet the new state.
    pub(super) fn redial(&mut self, replica: ReplicaId) {
        for index in 0..self.plan.replicas[replica].connections {
            let connection = ConnectionRef { replica, index };
            let DialState::Dialling { since, answered } = self.dialler(connection).state else {
                continue;
            };
            let Some(server) = self.dialler(connection).target else {
                continue;
            };
            // A handshake under way is repeated until it is answered.
            // Simplification: the next packet of a handshake goes out at the very moment the line is back.
            let reaches = self.dial_reaches(connection, server);
            if reaches != answered {
                self.dialler(connection).state = DialState::Dialling {
                    since,
                    answered: reaches,
                };
                self.await_dial(connection, since, reaches);
            }
        }
    }

    /// What happens to a connection that is being made, unless it has moved on.
    pub(super) fn dial_happens(&mut self, connection: ConnectionRef, step: u32, event: DialEvent) {
        if self.dialler(connection).step != step {
            return;
        }
        match event {
            DialEvent::Connects => self.registers(connection),
            DialEvent::Fails => self.dial_failed(connection, Failure::Dial),
            DialEvent::Unanswered => self.dial_failed(connection, Failure::Registration),
            DialEvent::WaitEnds => self.wait_ends(connection),
        }
    }

    /// The edge takes or refuses the registration.
    fn registers(&mut self, connection: ConnectionRef) {
        let now = self.now();
        if self.edge.registrations_frozen {
            // Nobody answers the registration until its time is up, whatever becomes of the line meanwhile.
            self.dialler(connection).state = DialState::Registering;
            return self.dial_event(
                connection,
                now + REGISTRATION_TIMEOUT,
                DialEvent::Unanswered,
            );
        }
        if !self.accepts(connection) {
            self.change(Entity::Connection(connection), Happening::Refused);
            return self.dial_failed(connection, Failure::Registration);
        }
        self.registered(connection);
    }

    /// The documented limits: so many replicas and connections a tunnel.
    fn accepts(&self, connection: ConnectionRef) -> bool {
        let tunnel = self.plan.replicas[connection.replica].tunnel;
        let replicas = &self.plan.tunnels[tunnel].replicas;
        let of_tunnel = || {
            let circuits = replicas.iter().flat_map(|r| self.circuits_with(*r));
            circuits.map(|(_, c)| c).filter(|c| c.edge_open)
        };
        let mine = self.connectors[connection.replica].id;
        let mut connectors: Vec<u64> = of_tunnel().map(|c| c.connector).collect();
        connectors.sort_unstable();
        connectors.dedup();
        let settings = &self.plan.settings;
        let has_place = connectors.contains(&mine)
            || (connectors.len() as u64) < u64::from(settings.replica_limit);
        has_place && (of_tunnel().count() as u64) < u64::from(settings.connection_limit)
    }

    /// A registered connection: the edge's end is open, and its registry hears of it.
    pub(super) fn registered(&mut self, connection: ConnectionRef) {
        let now = self.now();
        let replica = connection.replica;
        let server = self
            .dialler(connection)
            .target
            .expect("a dial has a target");
        let host = self.plan.replicas[replica].host;
        let leg = self
            .travel
            .host_metro(host, server.data_centre.metro)
            .round_trip()
            .half();
        let http2 = self.dialler(connection).http2;
        let connector = &mut self.connectors[replica];
        let mut circuit = Circuit::new(connection, connector.id, server, http2, leg, now);
        let before = connector.diallers[usize::from(connection.index)].registrations;
        circuit.registration = before + 1;
        connector.ever_connected = true;
        connector.quic_ever_worked |= !http2;
        let id = self.circuits.insert(circuit);
        self.circuits_by_replica[replica].push(id);
        let dialler = self.dialler(connection);
        dialler.state = DialState::Connected(id);
        dialler.step += 1;
        dialler.stage_a.reset();
        dialler.dial_failures = 0;
        dialler.in_fallback = false;
        dialler.registrations += 1;
        self.change(
            Entity::Connection(connection),
            Happening::Registers {
                at: server.data_centre,
                http2,
            },
        );
        self.list(id, true);
        self.note_status(self.plan.replicas[replica].tunnel);
        self.load_rules(replica);
        self.after_registration(connection);
    }

    /// The first registration lets the others start; one that the supervisor started may end its counting of failures.
    fn after_registration(&mut self, connection: ConnectionRef) {
        let now = self.now();
        let replica = connection.replica;
        let by_supervisor = std::mem::take(&mut self.dialler(connection).by_supervisor);
        let n = self.plan.replicas[replica].connections;
        let connector = &mut self.connectors[replica];
        if !connector.others_started {
            connector.others_started = true;
            for index in 1..n {
                let at = now + REGISTRATION_INTERVAL * u64::from(index - 1);
                self.connector_event(replica, at, ConnectorEvent::StartsConnection(index));
            }
            return;
        }
        let outstanding = connector
            .diallers
            .iter()
            .any(|d| d.state == DialState::WithSupervisor);
        if by_supervisor && !outstanding {
            connector
                .stage_b
                .reset_after_grace(now, &mut connector.supervisor);
        }
    }

    /// A dial came to nothing: stage A.
    pub(super) fn dial_failed(&mut self, connection: ConnectionRef, failure: Failure) {
        let now = self.now();
        let connector = &self.connectors[connection.replica];
        if connector.phase != Phase::Running {
            self.dialler(connection).state = DialState::Idle;
            return;
        }
        let first_before_success = connection.index == 0 && !connector.ever_connected;
        let http2 = self.dialler(connection).http2;
        if first_before_success && http2 && failure == Failure::Registration {
            // Any error outside cloudflared's list ends the process before its first success.
            return self.connector_exits(connection.replica);
        }
        let dialler = self.dialler(connection);
        dialler.note(failure);
        dialler.state = DialState::Waiting;
        let wait = dialler.stage_a.wait(now, &mut dialler.waits);
        self.dial_event(connection, now + wait, DialEvent::WaitEnds);
    }

    /// Stage A is over: connection 0 dials again by itself, the others report to the supervisor.
    fn wait_ends(&mut self, connection: ConnectionRef) {
        let now = self.now();
        let is_auto = self.plan.replicas[connection.replica].protocol == Protocol::Auto;
        let connector = &mut self.connectors[connection.replica];
        let quic_ever_worked = connector.quic_ever_worked;
        let alone = connection.index == 0 && connector.first_loops_alone;
        let dialler = &mut connector.diallers[usize::from(connection.index)];
        if is_auto {
            dialler.select_protocol(quic_ever_worked);
        }
        if alone {
            return self.dials(connection);
        }
        dialler.state = DialState::WithSupervisor;
        dialler.step += 1;
        if !connector.supervisor_armed {
            connector.supervisor_armed = true;
            let wait = connector.stage_b.wait(now, &mut connector.supervisor);
            self.connector_event(
                connection.replica,
                now + wait,
                ConnectorEvent::SupervisorWakes,
            );
        }
    }

    /// The shared timer ends: all that wait dial together.
    fn supervisor_wakes(&mut self, replica: ReplicaId) {
        self.connectors[replica].supervisor_armed = false;
        for index in 0..self.plan.replicas[replica].connections {
            let connection = ConnectionRef { replica, index };
            if self.dialler(connection).state == DialState::WithSupervisor {
                self.dialler(connection).by_supervisor = true;
                self.dials(connection);
            }
        }
    }

    /// The connector's end of a circuit is lost; it dials again.
    pub(super) fn near_lost(&mut self, id: CircuitId) {
        let Some(circuit) = self.circuits.get_mut(id).filter(|c| c.near_open) else {
            return;
        };
        circuit.near_open = false;
        let (connection, http2) = (circuit.connection, circuit.http2);
        self.calendar.cancel_timer(&Timer::NearIdle(id));
        self.change(Entity::Connection(connection), Happening::ConnectorCloses);
        if self.dialler(connection).state == DialState::Connected(id) {
            let connector = &mut self.connectors[connection.replica];
            if connection.index == 0 && http2 {
                // Over HTTP/2 a lost connection is an error that connection 0 hands to the supervisor.
                connector.first_loops_alone = false;
            }
            self.dial_failed(connection, Failure::Lost);
        }
        self.drop_circuit_if_closed(id);
    }

    /// SIGTERM: every connection unregisters and goes on serving until the process exits.
    pub(super) fn connector_stops(&mut self, replica: ReplicaId, why: Stop) {
        let now = self.now();
        let connector = &mut self.connectors[replica];
        match why {
            Stop::ByHand => connector.process.stops_by_hand(),
            Stop::Restart => connector.process.begins_anew(),
            Stop::OfHost => {}
        }
        match connector.phase {
            Phase::Running => {}
            Phase::Draining => {
                connector.restarts_after_exit = why == Stop::Restart;
                return;
            }
            Phase::Off => {
                // A start that was due is off.
                connector.process.ends();
                if why == Stop::Restart {
                    self.connector_starts(replica);
                }
                return;
            }
        }
        connector.phase = Phase::Draining;
        connector.restarts_after_exit = why == Stop::Restart;
        for dialler in &mut connector.diallers {
            if !matches!(dialler.state, DialState::Connected(_)) {
                dialler.state = DialState::Idle;
                dialler.step += 1;
            }
        }
        self.change(Entity::Replica(replica), Happening::Drains);
        for id in self.circuits_of(replica) {
            if self.is_heard(id) {
                self.sever(id);
                self.unregisters(id);
            }
        }
        let plan = &self.plan.replicas[replica];
        self.note_status(plan.tunnel);
        let drain = plan.grace_period.min(plan.stop_grace);
        self.connector_event(replica, now + drain, ConnectorEvent::Exits);
    }

    /// A draining connector says that it goes, where it is heard.
    pub(super) fn unregisters(&mut self, id: CircuitId) {
        self.circuits[id].unregistered = true;
        self.list(id, false);
    }

    /// The process ends in order: it closes its connections, as far as anybody hears it.
    fn connector_exits(&mut self, replica: ReplicaId) {
        for id in self.circuits_of(replica) {
            self.near_ends(id, true);
        }
        self.process_gone(replica);
    }

    /// SIGKILL: the process vanishes. QUIC says nothing; the kernel of a living host closes HTTP/2.
    ///
    /// Simplification: a kernel whose line is cut does not repeat its word when the line is back.
    pub(super) fn connector_killed(&mut self, replica: ReplicaId) {
        if self.connectors[replica].phase == Phase::Off {
            return;
        }
        for id in self.circuits_of(replica) {
            let kernel_closes = self.circuits[id].http2;
            self.near_ends(id, kernel_closes);
        }
        self.process_gone(replica);
    }

    /// The host is gone, and with it the process, or the start that was due.
    pub(super) fn connector_vanishes(&mut self, replica: ReplicaId) {
        match self.connectors[replica].phase {
            Phase::Off => self.connectors[replica].process.ends(),
            Phase::Running | Phase::Draining => self.connector_killed(replica),
        }
    }

    /// The connector's end of a circuit goes with its process: with a word, if there is one and it gets out.
    fn near_ends(&mut self, id: CircuitId, says_so: bool) {
        let edge_hears = says_so && self.is_heard(id);
        self.forget_near(id);
        if edge_hears {
            self.sever(id);
            self.let_answers_pass(id);
            self.edge_closes(id, false, Cause::StreamCut);
        } else if self.circuits.get(id).is_some_and(Circuit::works) {
            self.falls_silent(id, Silence::Near);
        }
    }

    /// The process is gone; what restarts it decides what follows.
    fn process_gone(&mut self, replica: ReplicaId) {
        let now = self.now();
        self.connectors[replica].ends(now);
        self.change(Entity::Replica(replica), Happening::Down);
        self.note_status(self.plan.replicas[replica].tunnel);
        let connector = &mut self.connectors[replica];
        let restarts = std::mem::take(&mut connector.restarts_after_exit);
        if !self.hosts[self.plan.replicas[replica].host].starts_processes() {
            return;
        }
        let delay = if restarts {
            Some(Span::ZERO)
        } else {
            connector.process.restart_delay(now)
        };
        if let Some(delay) = delay {
            self.connector_event(replica, now + delay, ConnectorEvent::Starts);
        }
    }

    /// The host is back: the process starts if its restart policy says so, and if it was ever to run before.
    pub(super) fn connector_after_boot(&mut self, replica: ReplicaId) {
        let process = &self.connectors[replica].process;
        let was_due = self.now() >= Time::ZERO + self.plan.replicas[replica].starts_at;
        if process.starts_after_boot() && (was_due || process.started_at().is_some()) {
            self.connector_started_by_hand(replica);
        }
    }

    /// Somebody starts the process, or Docker does so after a boot; one that still drains starts when it has exited.
    pub(super) fn connector_started_by_hand(&mut self, replica: ReplicaId) {
        let connector = &mut self.connectors[replica];
        connector.process.begins_anew();
        connector.restarts_after_exit = connector.phase == Phase::Draining;
        self.connector_starts(replica);
    }

    /// At time zero every connection of a running replica is registered and known.
    pub(super) fn connected_from_the_start(&mut self, replica: ReplicaId) {
        let name = &self.names.replicas[replica];
        let id = Keyed::new(self.world_key, stream_id("connector", name), 0, 0).bits();
        let http2 = self.plan.replicas[replica].protocol == Protocol::Http2;
        self.connectors[replica].starts(Time::ZERO, id, http2);
        self.connectors[replica].others_started = true;
        self.change(
            Entity::Replica(replica),
            Happening::Starts { connector: id },
        );
        for index in 0..self.plan.replicas[replica].connections {
            let connection = ConnectionRef { replica, index };
            let target = self.pick_server(connection);
            self.dialler(connection).target = target;
            if target.is_some() && self.accepts(connection) {
                self.registered(connection);
            } else {
                self.dials(connection);
            }
        }
    }

    /// The circuits of a replica's processes, in the order in which they registered.
    pub(super) fn circuits_with(
        &self,
        replica: ReplicaId,
    ) -> impl Iterator<Item = (CircuitId, &Circuit)> {
        let ids = self.circuits_by_replica[replica].iter();
        ids.map(|id| (*id, &self.circuits[*id]))
    }

    /// The circuits of a replica's present process, in order of their connections.
    pub(super) fn circuits_of(&self, replica: ReplicaId) -> Vec<CircuitId> {
        let connector = self.connectors[replica].id;
        let mut found: Vec<(u8, CircuitId)> = self
            .circuits_with(replica)
            .filter(|(_, c)| c.connector == connector)
            .map(|(id, c)| (c.connection.index, id))
            .collect();
        found.sort_unstable();
        found.into_iter().map(|(_, id)| id).collect()
    }

    pub(super) fn dialler(
        &mut self,
        connection: ConnectionRef,
    ) -> &mut crate::world::connector::Dialler {
        &mut self.connectors[connection.replica].diallers[usize::from(connection.index)]
    }

    fn dial_event(&mut self, connection: ConnectionRef, at: Time, event: DialEvent) {
        let dialler = self.dialler(connection);
        dialler.step += 1;
        let step = dialler.step;
        let order = self.connection_order(Class::Connectors, connection);
        self.calendar
            .schedule(at, order, Event::Dialler(connection, step, event));
    }

    pub(super) fn connector_event(&mut self, replica: ReplicaId, at: Time, event: ConnectorEvent) {
        let life = self.connectors[replica].process.life();
        let order = self.connection_order(
            Class::Connectors,
            ConnectionRef {
                replica,
                index: u8::MAX,
            },
        );
        self.calendar
            .schedule(at, order, Event::Connector(replica, life, event));
    }
}

/// The first address group uses odd data centres, the second even ones.
fn group_parity(group: AddressGroup) -> u8 {
    match group {
        AddressGroup::First => 1,
        AddressGroup::Second => 0,
    }
}

/// Connections 0 and 2 use the first address group, 1 and 3 the second: two and two.
pub(super) fn address_group(index: u8) -> AddressGroup {
    AddressGroup::ALL[usize::from(index % 2)]
}
