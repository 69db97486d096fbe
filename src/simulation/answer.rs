//! The way out: from the container over the connector and the edge to the client, and what follows.

use super::Simulation;
use super::event::{Class, Event};
use super::session::{Asker, Draw, Next, SessionId, Stage};
use super::state::settle_state;
use super::story::Moment;
use crate::kernel::time::Span;
use crate::measure::observation::{Checkout, RequestSeen, SessionFate, SessionSeen, StateFound};
use crate::measure::outcome::{Cause, Outcome};
use crate::world::blueprint::Carries;
use crate::world::circuit::Silence;

impl Simulation<'_> {
    /// The service has an answer; it goes back to the connector, over the network between hosts if need be.
    pub(super) fn leaves_container(&mut self, id: SessionId, outcome: Outcome, status: u16) {
        let now = self.now();
        let session = &mut self.sessions[id];
        session.open.outcome = outcome;
        session.open.status = status;
        let session = &self.sessions[id];
        if let Some(ways) = self.settled_way_out(session) {
            let circuit = session.circuit();
            self.circuits[circuit].exchange(now);
            return self.travels_out(id, ways);
        }
        let is_dialled_by_edge = session.open.dialled_over().is_none();
        let way = self.way_back(id);
        if is_dialled_by_edge {
            return self.leaves_directly(id, way);
        }
        if way == Span::ZERO {
            return self.departs(id);
        }
        self.sessions[id].stage = Stage::Returning;
        self.proceed(id, now + way, Class::Answers, Event::Departs);
    }

    /// cloudflared itself has an answer.
    pub(super) fn answer_from_connector(&mut self, id: SessionId, outcome: Outcome, status: u16) {
        let open = &mut self.sessions[id].open;
        open.outcome = outcome;
        open.status = status;
        self.departs(id);
    }

    /// Whoever dialled the service knows that nobody serves the attempt: the failure becomes an answer.
    pub(super) fn origin_fails(&mut self, id: SessionId) {
        let cause = self.sessions[id].open.cause;
        let is_dialled_by_edge = self.sessions[id].open.dialled_over().is_none();
        let status = match is_dialled_by_edge {
            true => cause.status_dialled_by_edge(),
            false => cause.status(),
        };
        let status = status.unwrap_or(0);
        let now = self.now();
        let open = &mut self.sessions[id].open;
        // A failed lookup or connection, a queue, a service.
        open.was_in_vain(now);
        self.tell(id, || Moment::OriginFailed { cause });
        if is_dialled_by_edge {
            if self.fails_over(id, status) {
                return;
            }
            return self.edge_answers(id, Outcome::Failed(cause), status);
        }
        self.answer_from_connector(id, Outcome::Failed(cause), status);
    }

    /// The answer leaves the connector's host, if anything can.
    pub(super) fn departs(&mut self, id: SessionId) {
        let now = self.now();
        let circuit_id = self.sessions[id].circuit();
        let Some(circuit) = self.circuits.get_mut(circuit_id).filter(|c| c.near_open) else {
            return self.wait_in_silence(id, Stage::Lost, Cause::StreamCut);
        };
        match circuit.silent {
            Some((_, Silence::Near)) => {
                if circuit.near_sends(now) {
                    self.set_near_idle(circuit_id);
                }
                self.wait_in_silence(id, Stage::StalledFromHost, Cause::StreamCut);
            }
            Some((_, Silence::Edge)) => self.wait_in_silence(id, Stage::Lost, Cause::StreamCut),
            None => {
                circuit.exchange(now);
                let out = self.entry_way(id);
                let (up, across) = self.way_to_entry(id);
                self.travels_out(id, [up, across, out]);
            }
        }
    }

    /// Up the connection, over the backbone and out to the client.
    fn travels_out(&mut self, id: SessionId, [up, across, out]: [Span; 3]) {
        let leaves_circuit = self.now() + up;
        let passes_edge = leaves_circuit + across;
        self.sessions[id].stage = Stage::Answering {
            leaves_circuit,
            passes_edge,
        };
        self.tell(id, || Moment::Answered);
        self.proceed(id, passes_edge + out, Class::Answers, Event::AnswerArrives);
    }

    /// The travel times of an answer's packet from the connector to the data centre, and on to the entry metro.
    fn way_to_entry(&mut self, id: SessionId) -> (Span, Span) {
        let session = &self.sessions[id];
        let entry = session.open.entry;
        let circuit = &self.circuits[session.circuit()];
        let metro = circuit.server.data_centre.metro;
        let host = self.plan.replicas[circuit.connection.replica].host;
        let up = self.travel.host_metro(host, metro).steady();
        let across = self.travel.metro_metro(entry, metro).steady();
        if let (Some(up), Some(across)) = (up, across) {
            return (up, across);
        }
        let mut jitter = session.attempt_draw(Draw::JitterOut);
        let up = self.travel.host_metro(host, metro).one_way(&mut jitter);
        let across = self.travel.metro_metro(entry, metro).one_way(&mut jitter);
        (up, across)
    }

    /// An answer of a server that the edge dialled itself.
    fn leaves_directly(&mut self, id: SessionId, up: Span) {
        let at_edge = self.now() + up;
        let out = self.entry_way(id);
        self.sessions[id].stage = Stage::Answering {
            leaves_circuit: at_edge,
            passes_edge: at_edge,
        };
        self.proceed(id, at_edge + out, Class::Answers, Event::AnswerArrives);
    }

    /// The request ends: it is recorded, and its session goes on or ends.
    pub(super) fn close(&mut self, id: SessionId) {
        let now = self.now();
        let session = &mut self.sessions[id];
        if let Asker::Probe(probe) = session.asker {
            return self.probe_ends(id, probe);
        }
        let group = &self.plan.groups[session.group];
        settle_state(session, group.carries, &mut self.stores);
        let seen = session.seen(now);
        if let Some(aside) = session.open.aside()
            && seen.status != 0
        {
            let new_cookie = aside.new_cookie.map(Box::new);
            session.cookie = new_cookie.or(session.cookie.take());
        }
        let next = session.has_ended(&seen, group);
        if let Some(endpoint) = seen.endpoint {
            self.balancers.request_closed(endpoint);
        }
        self.ledger.closes(&seen);
        self.recorder.request(&seen);
        self.tell(id, || Moment::Closed);
        self.goes_on(id, &seen, next);
    }

    /// A request has ended and is recorded: its session goes on or ends.
    #[inline(always)] // See `Recorder::request_in`.
    pub(super) fn goes_on(&mut self, id: SessionId, seen: &RequestSeen, next: Next) {
        match next {
            Next::Thinks(think) => self.opens_at(id, seen.id.request + 1, self.now() + think),
            Next::Ends | Next::Leaves => {
                let found = seen.outcome.is_success().then_some(seen.state);
                self.session_ends(id, found, next == Next::Leaves);
            }
        }
    }

    /// A session has had its last answer; `found` is what that request found of its state, if it succeeded.
    fn session_ends(&mut self, id: SessionId, found: Option<StateFound>, left: bool) {
        let now = self.now();
        let session = self.sessions.remove(id).expect("it was open until now");
        self.forget_state(&session);
        let fate = match session.broken {
            Some(cause) => SessionFate::Broken(cause),
            None if left => SessionFate::Abandoned,
            None => SessionFate::Intact,
        };
        let checkout = (self.plan.groups[session.group].carries == Carries::Cart).then(|| {
            let whole = matches!(found, Some(StateFound::Found | StateFound::Fresh));
            if whole && session.acknowledged && session.broken.is_none() {
                Checkout::Done
            } else {
                Checkout::Lost
            }
        });
        let seen = SessionSeen {
            group: session.group,
            session: session.number,
            visitor: session.visitor(&self.plan.groups[session.group]),
            born: session.born,
            ended: now,
            requests: session.request + 1,
            failed: session.failed,
            hops: session.hops,
            acknowledged: session.acknowledged,
            fate,
            checkout,
        };
        self.ledger.ends(&seen);
        self.recorder.session(&seen);
    }
}
