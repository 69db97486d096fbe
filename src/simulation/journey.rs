//! The way of a request in: sent, at the edge, at the data centre, at the connector.

use super::Simulation;
use super::event::{Class, Event, Step, Timer};
use super::session::{Asker, Draw, Session, SessionId, Stage};
use super::story::Moment;
use crate::kernel::random::Source;
use crate::kernel::time::{Span, Time};
use crate::measure::outcome::{Cause, Outcome};
use crate::world::blueprint::{DnsTarget, EndpointAddress, IngressRule, Service};
use crate::world::circuit::{CircuitId, Silence};
use crate::world::geography::MetroId;
use crate::world::ids::*;
use crate::world::networks::Networks;
use crate::world::registry::Listed;
use crate::world::travel::Travel;

impl Simulation<'_> {
    /// A client sends its request, or waits until its packets reach an edge again.
    pub(super) fn sends(&mut self, id: SessionId) {
        let now = self.now();
        let session = &mut self.sessions[id];
        let network = self.networks.get(session.network);
        let Some(metro) = network.metro else {
            // The client repeats its first packet until it is answered.
            // Simplification: a client that reaches no edge is answered at the very moment its network has converged.
            session.stall(now, Stage::Sending);
            let network = session.network;
            self.networks.get_mut(network).is_awaited = true;
            return self.await_limit(id);
        };
        session.resume(now, Stage::Sending);
        session.open.entry = metro;
        let way = self.client_way(id, Draw::JitterIn);
        self.tell(id, || Moment::Sent { metro });
        self.proceed(id, now + way, Class::Arrivals, Event::ReachesEdge);
    }

    /// The request is at its entry edge, which looks up where the hostname leads.
    pub(super) fn reaches_edge(&mut self, id: SessionId) {
        let incident = self.edge.incident_share;
        if incident > 0.0 && self.sessions[id].draw(Draw::Incident, 0).unit() < incident {
            return self.refuse(id, Cause::ProviderIncident);
        }
        if let Asker::Probe(probe) = self.sessions[id].asker {
            return self.goes_to(id, self.probe_address(probe));
        }
        match self.dns.target(self.sessions[id].hostname) {
            None | Some(DnsTarget::Nowhere) => self.refuse(id, Cause::NoTunnel),
            Some(DnsTarget::Tunnel(tunnel)) => self.first_attempt(id, tunnel),
            Some(DnsTarget::Balancer(balancer)) => match self.balance(id, balancer) {
                None => self.refuse(id, Cause::NoTunnel),
                Some(address) => self.goes_to(id, address),
            },
        }
    }

    /// A request goes to an endpoint: into its tunnel, or straight to its server.
    pub(super) fn goes_to(&mut self, id: SessionId, address: EndpointAddress) {
        match address {
            EndpointAddress::Tunnel(tunnel) => self.first_attempt(id, tunnel),
            EndpointAddress::Direct(container) => self.dial_direct(id, container),
        }
    }

    pub(super) fn first_attempt(&mut self, id: SessionId, tunnel: TunnelId) {
        self.sessions[id].open.tunnel = Some(tunnel);
        match self.choose(id, tunnel) {
            None => self.refuse(id, Cause::NoConnector),
            Some(listed) => {
                self.tunnels[tunnel].registry.take_turn();
                self.attempt(id, listed);
            }
        }
    }

    /// The edge's choice among the connections it believes alive, less those already tried.
    fn choose(&mut self, id: SessionId, tunnel: TunnelId) -> Option<Listed> {
        let is_told = self.is_told(id);
        let session = &self.sessions[id];
        let entry = session.open.entry;
        let tried = session.open.tried();
        let mut map = super::map::Map {
            plan: self.plan,
            travel: &mut self.travel,
            now: self.calendar.now(),
        };
        let registry = &mut self.tunnels[tunnel].registry;
        let draw = || session.attempt_draw(Draw::Tie).unit();
        let chosen = if tried.is_empty() {
            registry.choose(entry, draw, &mut map)
        } else {
            let skips = self.plan.tunnels[tunnel].retry_skips_connector;
            let may_try = |listed: &Listed| {
                !tried.iter().any(|t| {
                    *t == listed.connection || (skips && t.replica == listed.connection.replica)
                })
            };
            registry.choose_again(entry, draw(), &mut map, may_try)
        };
        if is_told {
            let candidates = registry.preferences(entry, &mut map);
            self.tell(id, move || Moment::Candidates { candidates, chosen });
        }
        chosen
    }

    /// The attempt leaves the entry edge for the metro of its connection.
    ///
    /// Simplification: a cut of the backbone is met by attempts that start; what is under way when it is cut arrives.
    fn attempt(&mut self, id: SessionId, listed: Listed) {
        let now = self.now();
        let limit = now + self.plan.settings.attempt_deadline;
        let session = &mut self.sessions[id];
        session.begin_attempt(now, limit);
        session.stage = Stage::ToDataCentre;
        session.open.takes(&listed);
        let open = &mut session.open;
        let entry = open.entry;
        let pair = self.travel.backbone_pair(entry, listed.metro);
        if let Some(since) = pair.cut_since {
            // Nobody has noticed the cut yet: the attempt is lost until the edges do.
            let noticed = since + self.plan.settings.edge_death_notice;
            open.cause = Cause::DeadConnection;
            session.stall(now, Stage::Failing);
            return self.proceed(id, noticed.max(now), Class::Arrivals, Event::AttemptFails);
        }
        let across = self.travel.metro_metro(entry, listed.metro);
        let at = now + across.one_way_from(|| session.attempt_draw(Draw::JitterBackbone));
        let circuit = self.circuits.get(listed.circuit);
        if circuit.is_none_or(|c| !c.edge_open || c.silent.is_some()) {
            return self.proceed(id, at, Class::Arrivals, Event::ReachesDataCentre);
        }
        // The connection is sound, and whoever changes that recalls this course.
        session.stage = Stage::Approaching { passes_edge: at };
        let host = self.plan.replicas[listed.connection.replica].host;
        let down = self.travel.host_metro(host, listed.metro);
        let at = at + down.one_way_from(|| session.attempt_draw(Draw::JitterDown));
        self.proceed(id, at, Class::Arrivals, Event::ReachesConnector);
    }

    /// The attempt is at the data centre that holds its connection.
    pub(super) fn reaches_data_centre(&mut self, id: SessionId) {
        let now = self.now();
        let circuit_id = self.sessions[id].circuit();
        let Some(circuit) = self.circuits.get_mut(circuit_id).filter(|c| c.edge_open) else {
            // Known dead here, not yet everywhere: the attempt bounces.
            self.tell(id, || Moment::Bounced);
            return self.attempt_failed(id, Cause::DeadConnection);
        };
        match circuit.silent {
            None => {
                let leg = circuit.leg;
                self.goes_down(id, now, leg);
            }
            Some((_, Silence::Edge)) => {
                self.wait_in_silence(id, Stage::Lost, Cause::DeadConnection)
            }
            Some((_, Silence::Near)) => {
                if circuit.edge_sends(now) {
                    self.set_edge_idle(circuit_id);
                }
                self.wait_in_silence(id, Stage::StalledToHost, Cause::DeadConnection);
            }
        }
    }

    /// The data centre hands the request to the connection.
    pub(super) fn goes_down(&mut self, id: SessionId, now: Time, leg: Span) {
        let session = &mut self.sessions[id];
        session.stage = Stage::ToConnector { sent: now };
        let way = self.down_way(id, leg);
        self.proceed(id, now + way, Class::Arrivals, Event::ReachesConnector);
    }

    /// The request is in a silence that only notice, a returning line, or a time-out ends.
    pub(super) fn wait_in_silence(&mut self, id: SessionId, stage: Stage, cause: Cause) {
        let now = self.now();
        let session = &mut self.sessions[id];
        session.open.cause = cause;
        session.stall(now, stage);
        self.tell(id, || Moment::Silence);
        self.await_limit(id);
    }

    /// The request is at cloudflared, which looks for the first rule that matches.
    pub(super) fn reaches_connector(&mut self, id: SessionId) {
        let now = self.now();
        let session = &self.sessions[id];
        let circuit = session.circuit();
        let circuit = self
            .circuits
            .get_mut(circuit)
            .expect("a circuit that fell silent has taken its requests back");
        circuit.exchange(now);
        let replica = circuit.connection.replica;
        let Some((index, rule)) = self.rule_of(session, replica) else {
            return self.answer_from_connector(id, Outcome::Failed(Cause::NoRules), 503);
        };
        let connect_timeout = rule.connect_timeout;
        let fixed = match rule.service {
            Service::Status(status) => Some(status),
            Service::HelloWorld => Some(200),
            Service::Origin { .. } => None,
        };
        if self.is_told(id) {
            let rule = Box::new(rule.clone());
            self.tell(id, move || Moment::Rule { index, rule });
        }
        match fixed {
            Some(status) if status >= 400 => {
                let outcome = Outcome::Failed(Cause::ConfiguredStatus);
                self.answer_from_connector(id, outcome, status);
            }
            Some(status) => self.answer_from_connector(id, Outcome::Success, status),
            None => self.dial_origin(id, replica, index, connect_timeout),
        }
    }

    /// The first rule of a connector that matches the open request of a session, and its number.
    pub(super) fn rule_of(
        &self,
        session: &Session,
        replica: ReplicaId,
    ) -> Option<(usize, &IngressRule)> {
        let host_header = session.open.host_header;
        let hostname = host_header.map_or("", |id| self.plan.hostnames[id].as_str());
        let rules = self.connectors[replica].rules.as_ref()?;
        rules.first_match(hostname, self.path_of(session))
    }

    /// The data centre of an attempt gives it up; the entry edge learns so one trip later.
    pub(super) fn attempt_failed(&mut self, id: SessionId, cause: Cause) {
        let now = self.now();
        self.leave_queue(id);
        let session = &mut self.sessions[id];
        session.open.cause = cause;
        session.stage = Stage::Failing;
        let metro = self.sessions[id].open.metro;
        let way = metro.map_or(Span::ZERO, |metro| self.backbone_way(id, metro));
        self.proceed(id, now + way, Class::Arrivals, Event::AttemptFails);
    }

    /// The entry edge tries another connection if it may, or gives up.
    pub(super) fn attempt_fails(&mut self, id: SessionId) {
        let now = self.now();
        let session = &mut self.sessions[id];
        session.lose_attempt(now);
        let open = &mut session.open;
        let connection = open.connection;
        open.aside_mut().tried.extend(connection);
        let Some(tunnel) = open.tunnel else {
            let cause = open.cause;
            return self.refuse(id, cause);
        };
        let cause = open.cause;
        let plan = &self.plan.tunnels[tunnel];
        let replayable = !session.sent.is_write || plan.retry_writes;
        let has_tries = u32::from(open.attempts) <= plan.retry_others;
        self.tell(id, || Moment::AttemptLost { cause });
        if replayable
            && has_tries
            && let Some(listed) = self.choose(id, tunnel)
        {
            return self.attempt(id, listed);
        }
        if self.tunnels[tunnel].registry.listed().is_empty() {
            self.refuse(id, Cause::NoConnector);
        } else {
            self.refuse(id, cause);
        }
    }

    /// The edge itself answers with an error.
    pub(super) fn refuse(&mut self, id: SessionId, cause: Cause) {
        let status = cause.status().unwrap_or(0);
        self.edge_answers(id, Outcome::Failed(cause), status);
    }

    /// An answer made by the entry edge travels to the client.
    pub(super) fn edge_answers(&mut self, id: SessionId, outcome: Outcome, status: u16) {
        let now = self.now();
        let way = self.entry_way(id);
        let session = &mut self.sessions[id];
        session.resume(now, Stage::Refused);
        session.open.outcome = outcome;
        session.open.status = status;
        self.proceed(id, now + way, Class::Answers, Event::AnswerArrives);
    }

    /// Schedules the next step of a request, unless a time-out comes before it.
    pub(super) fn proceed(
        &mut self,
        id: SessionId,
        at: Time,
        class: Class,
        event: impl FnOnce(Step) -> Event,
    ) {
        let session = &mut self.sessions[id];
        let limit = session.limit();
        let step = session.next_step(id);
        let (at, class, event) = if at > limit {
            (limit, Class::Deadlines, Event::TimeUp(step))
        } else {
            (at, class, event(step))
        };
        self.calendar.schedule(at, session.order(class), event);
    }

    /// The request waits for something without a known end.
    pub(super) fn await_limit(&mut self, id: SessionId) {
        let session = &mut self.sessions[id];
        let event = Event::TimeUp(session.next_step(id));
        let order = session.order(Class::Deadlines);
        self.calendar.schedule(session.limit(), order, event);
    }

    /// A time-out ends the attempt, or the client's patience the request.
    pub(super) fn time_up(&mut self, id: SessionId) {
        let now = self.now();
        self.leave_queue(id);
        if now >= self.sessions[id].open.patience_limit {
            let session = &mut self.sessions[id];
            session.break_off(now);
            session.resume(now, Stage::Refused);
            session.open.outcome = Outcome::Failed(Cause::ClientGaveUp);
            session.open.status = 0;
            return self.close(id);
        }
        self.sessions[id].lose_attempt(now);
        self.tell(id, || Moment::TimeUp);
        self.refuse(id, Cause::OriginHung);
    }

    /// A request that waits in a container's queue leaves it.
    pub(super) fn leave_queue(&mut self, id: SessionId) {
        let now = self.now();
        let session = &self.sessions[id];
        if let (Stage::Waiting { .. }, Some(container)) = (session.stage, session.open.container) {
            self.containers[container].leaves_queue(now);
        }
    }

    /// A step with a known end may still be cut short by a time-out; an earlier wait for one is over.
    pub(super) fn guard_limit(&mut self, id: SessionId, ends: Time) {
        let session = &mut self.sessions[id];
        let limit = session.limit();
        let step = session.next_step(id);
        if ends > limit {
            let order = session.order(Class::Deadlines);
            self.calendar.schedule(limit, order, Event::TimeUp(step));
        }
    }

    /// Travel time between the entry metro and another.
    pub(super) fn backbone_way(&mut self, id: SessionId, metro: MetroId) -> Span {
        let session = &self.sessions[id];
        let across = self.travel.metro_metro(session.open.entry, metro);
        across.one_way_from(|| session.attempt_draw(Draw::JitterBackbone))
    }

    /// Travel time between a data centre and a connector.
    ///
    /// Simplification: a circuit keeps the mean of its way between data centre and host; only the jitter is drawn per packet.
    fn down_way(&mut self, id: SessionId, leg: Span) -> Span {
        let session = &self.sessions[id];
        let mut jitter = session.attempt_draw(Draw::JitterDown);
        match self.circuits.get(self.sessions[id].circuit()) {
            Some(circuit) => {
                let replica = circuit.connection.replica;
                let metro = circuit.server.data_centre.metro;
                let host = self.plan.replicas[replica].host;
                self.travel.host_metro(host, metro).one_way(&mut jitter)
            }
            None => leg,
        }
    }

    /// Travel time between the entry metro and the client.
    pub(super) fn entry_way(&mut self, id: SessionId) -> Span {
        match self.sessions[id].asker {
            Asker::Visitor => self.client_way(id, Draw::JitterOut),
            Asker::Probe(_) => Span::ZERO,
        }
    }

    /// The travel time of one packet between a visitor and the entry metro.
    fn client_way(&mut self, id: SessionId, jitter: Draw) -> Span {
        let session = &self.sessions[id];
        let entry = session.open.entry;
        client_way(session, entry, &mut self.networks, &self.travel, jitter)
    }

    fn path_of(&self, session: &Session) -> &str {
        match session.asker {
            Asker::Visitor => &self.plan.groups[session.group].path,
            Asker::Probe(probe) => self.probe_path(probe),
        }
    }

    /// Re-sets the edge's idle timer of a silent circuit.
    pub(super) fn set_edge_idle(&mut self, id: CircuitId) {
        let rule = self.idle_rule(id);
        let circuit = &self.circuits[id];
        let order = self.connection_order(Class::Detection, circuit.connection);
        let at = circuit.edge_expiry(rule).max(self.now());
        self.calendar.set_timer(Timer::EdgeIdle(id), at, order);
    }
}

/// The travel time of one packet between a visitor and the entry metro.
pub(super) fn client_way(
    session: &Session,
    entry: MetroId,
    networks: &mut Networks,
    travel: &Travel,
    jitter: Draw,
) -> Span {
    let (path, whole) = networks.path(session.network, entry, travel);
    let access = if whole {
        Some(Span::ZERO)
    } else {
        session.access.steady()
    };
    if let (Some(path), Some(access)) = (path.steady(), access) {
        return path + access;
    }
    let mut jitter = session.draw(jitter, 0);
    let way = path.one_way(&mut jitter);
    if whole {
        way
    } else {
        way + session.access.one_way(&mut jitter)
    }
}
