//! Services that end without an event.
//!
//! When a settled request finds a free worker, the whole rest of its course is known: the end of its service, and when
//! its answer is with the client. Nobody has to see the service end as long as there is a worker for whoever comes next,
//! so it only has the event of its answer; what its end does (the worker is free, the session's own state is read and
//! written, packets pass on the connection) is done when somebody looks, as of the moment of the end. When all workers
//! are busy, the next of them to end becomes a job with an event of its end; when anything else than a step of a
//! request happens, all of them do.
//!
//! Nobody has to see such a request arrive either, if a worker will be free for certain. So when nothing but settled
//! requests comes to a container, and at most half of its workers are busy, requests reserve their worker
//! when they are settled, and the event of their answer is the only one they have. As soon as somebody comes without
//! a reservation, all that are still to come get the event of their arrival, and it takes a while of calm until workers
//! are reserved again.

use super::Simulation;
use super::course::{End, Limits, Origin, Reads};
use super::event::{Class, Event};
use super::service::{Errand, Job};
use super::session::{Draw, Session, SessionId, Stage};
use super::state::OwnState;
use crate::kernel::time::{Span, Time};
use crate::kernel::variate::Distribution;
use crate::measure::observation::{Parts, RequestSeen};
use crate::measure::outcome::Outcome;
use crate::world::blueprint::Carries;
use crate::world::container::{ContainerState, Status};
use crate::world::ids::*;
use crate::world::store::Stores;

/// What is to come for a request that a free worker takes.
#[derive(Clone, Copy, Debug)]
struct Foreseen {
    service: Span,
    ends: Time,
    arrives: Time,
}

/// A request in an unattended service, or promised one, as of a moment.
#[derive(Clone, Copy, Debug)]
struct Served {
    id: SessionId,
    container: ContainerId,
    starts: Time,
    ends: Time,
    has_arrived: bool,
    has_ended: bool,
}

impl Foreseen {
    /// What is to come for a session's request when a free worker takes it at a moment; none if somebody has to look
    /// after it. `ways` are those of its answer.
    #[inline(always)] // See `Recorder::request_in`.
    fn of(
        session: &Session,
        container: &ContainerState<Job, SessionId>,
        law: &Distribution,
        starts: Time,
        [up, across, out]: [Span; 3],
        limits: Limits,
    ) -> Option<Foreseen> {
        let demand = law.sample(&mut session.draw(Draw::Demand, 0));
        let service = container.stretched(demand);
        let ends = starts + service;
        let passes_edge = ends + up + across;
        let arrives = passes_edge + out;
        limits.allow(passes_edge, arrives).then_some(Foreseen {
            service,
            ends,
            arrives,
        })
    }

    /// The request is, or will be, served so.
    #[inline]
    fn begins(self, session: &mut Session) {
        session.stage = Stage::Served {
            service: self.service,
            ends: self.ends,
        };
    }
}

/// Reserves a worker for a settled request that will arrive at a moment, and says when its answer will be with the
/// client; none if its container reserves no workers, has none left, or somebody has to look after the request.
#[inline]
pub(super) fn promised(
    session: &mut Session,
    origin: &Origin,
    container: &mut ContainerState<Job, SessionId>,
    law: &Distribution,
    [now, starts]: [Time; 2],
    ways: [Span; 3],
    limits: Limits,
) -> Option<Time> {
    if !container.reserves() || !origin.concerns_only(session) {
        return None;
    }
    let it = Foreseen::of(session, container, law, starts, ways, limits)?;
    if !container.reserve(now, starts, it.ends) {
        return None;
    }
    it.begins(session);
    Some(it.arrives)
}

/// Does what the service of a request did up to its end, as of that moment; says how long it took.
#[inline(always)] // See `Recorder::request_in`.
fn has_ended_unattended(
    session: &Session,
    end: &mut End,
    carries: Carries,
    containers: &mut Arena<ContainerId, ContainerState<Job, SessionId>>,
    stores: &mut Stores,
) -> (Span, OwnState) {
    let Stage::Served { service, ends, .. } = session.stage else {
        unreachable!("who looks after a request takes its next step");
    };
    let origin = end.origin.expect("it was served there");
    end.last_exchange = end.last_exchange.max(ends);
    containers[origin.container].count_unattended(ends - service, ends);
    let Reads::Session(store, host) = origin.reads else {
        return (service, OwnState::NONE);
    };
    let own_state = OwnState::used(session, carries, stores, (store, host), ends);
    (service, own_state)
}

impl Simulation<'_> {
    /// Whether a job that comes now is served at once.
    #[inline]
    pub(super) fn has_free_worker(&mut self, container: ContainerId) -> bool {
        let (now, order) = (self.calendar.now(), self.calendar.order());
        self.containers[container].has_free_worker(now, order)
    }

    /// Lets a settled request that is at its container be served unattended; false if somebody has to look after it.
    ///
    /// `ways` are those of its answer.
    pub(super) fn is_served_unattended(
        &mut self,
        id: SessionId,
        origin: &Origin,
        ways: [Span; 3],
    ) -> bool {
        let now = self.now();
        let container = &self.containers[origin.container];
        let is_alone = origin.concerns_only(&self.sessions[id]);
        if !is_alone || container.status() != Status::Running {
            return false;
        }
        if !container.reserves() && !self.has_free_worker(origin.container) {
            return false;
        }
        let (session, container) = (&self.sessions[id], &self.containers[origin.container]);
        let law = &self.plan.containers[origin.container].service_time;
        let limits = self.limits_of(session, ways);
        let Some(it) = Foreseen::of(session, container, law, now, ways, limits) else {
            return false;
        };
        if !self.takes_unattended(id, origin.container, it.ends) {
            return false;
        }
        let session = &mut self.sessions[id];
        it.begins(session);
        let event = Event::SettledAnswers(session.next_step(id));
        self.calendar
            .schedule(it.arrives, session.order(Class::Answers), event);
        true
    }

    /// A worker takes a job that comes now for a service that nobody attends; false if none is free, which can only be if
    /// workers were reserved.
    fn takes_unattended(&mut self, id: SessionId, container: ContainerId, ends: Time) -> bool {
        let now = self.now();
        if self.containers[container].reserves() {
            if self.containers[container].reserve(now, now, ends) {
                return true;
            }
            self.break_promises(container);
            if !self.has_free_worker(container) {
                return false;
            }
        }
        let order = self.sessions[id].order(Class::Services);
        let n_sessions = self.sessions.len();
        let container = &mut self.containers[container];
        container.start_unattended(ends, order, id);
        // Breaking promises takes a look at every session, so it must not be needed more often than that, but once.
        container.reserves_after(n_sessions, now);
        true
    }

    /// The answer of a service that ended unattended is with the client.
    pub(super) fn settled_answers(&mut self, id: SessionId) {
        let now = self.now();
        self.reached = now;
        // One look at the session for all of it: this is the hottest path of a run.
        let session = &mut self.sessions[id];
        let group = &self.plan.groups[session.group];
        let end = self.courses.end_mut(session.on_course);
        let (service, own_state) = has_ended_unattended(
            session,
            end,
            group.carries,
            &mut self.containers,
            &mut self.stores,
        );
        let origin = end.origin.expect("it was served there");
        let seen = RequestSeen {
            id: session.request_id(),
            hostname: session.hostname,
            is_write: session.sent.is_write,
            born: session.sent.born,
            closed: now,
            entry: end.entry,
            endpoint: None,
            connection: Some(end.listed.connection),
            container: Some(origin.container),
            attempts: 1,
            outcome: Outcome::Success,
            status: 200,
            parts: Parts {
                network: now.since(session.sent.born) - service,
                service,
                ..Parts::default()
            },
            state: own_state.is_told(session, group.carries, &mut self.stores),
            wrong_service: origin.is_wrong,
            executions: 1,
        };
        session.is_born();
        let next = session.has_ended(&seen, group);
        self.ledger.passes(&seen);
        let recorder = &mut self.recorder;
        let lane = end.lane.get_or_insert_with(|| recorder.lane(seen));
        recorder.request_in(lane, &seen);
        self.goes_on(id, &seen, next);
    }

    /// Somebody waits for a worker: of the services that end unattended, the first one gets an event of its end.
    ///
    /// One is enough for each that waits and for each that ends while others wait: the next end of all is then an event.
    pub(super) fn attend_first(&mut self, container: ContainerId) {
        if let Some((ends, id)) = self.containers[container].take_first_unattended() {
            self.attend(container, ends, id);
        }
    }

    /// A service that has started and not ended gets an event of its end.
    fn attend(&mut self, container: ContainerId, ends: Time, id: SessionId) {
        let now = self.now();
        self.unfold(id);
        self.is_born(id);
        let session = &mut self.sessions[id];
        let service = std::mem::take(&mut session.open.service);
        let started = ends - service;
        let circuit = session.circuit();
        self.circuits[circuit].exchange(started);
        session.stage = Stage::InService { since: started };
        // The event of its answer is stale from now on.
        session.next_step(id);
        let job = Job {
            session: id,
            serial: session.serial,
            demand: service,
            order: (session.rank, session.count()),
            errand: Errand::of(session),
        };
        let job_ref = self.containers[container].attend(now, job, started);
        self.schedule_job(ends, job, Event::ServiceEnds(container, job_ref));
    }

    /// Nothing is unattended any more: services that have ended have done what their ends do, their answers are steps as
    /// others are, others that have started get an event of their end, and the rest is still on its way.
    pub(super) fn attend_all(&mut self) {
        let served = self.served(|_| true);
        for container in self.plan.containers.ids() {
            self.containers[container].stop_reserving();
        }
        for it in served {
            if !it.has_arrived {
                self.has_not_arrived(&it);
            } else if !it.has_ended {
                self.attend(it.container, it.ends, it.id);
            } else {
                self.answers_attended(&it);
            }
        }
    }

    /// A service that has ended has done what its end does, and its answer is a step as others are.
    fn answers_attended(&mut self, it: &Served) {
        self.unfold(it.id);
        self.is_born(it.id);
        let session = &mut self.sessions[it.id];
        let group = &self.plan.groups[session.group];
        let end = self.courses.end_mut(session.on_course);
        let (_, own_state) = has_ended_unattended(
            session,
            end,
            group.carries,
            &mut self.containers,
            &mut self.stores,
        );
        let ways = self.settled_way_out(&self.sessions[it.id]);
        let [up, across, out] = ways.expect("it is on its course");
        let session = &mut self.sessions[it.id];
        own_state.is_kept(&mut session.open);
        session.open.executions = 1;
        session.open.status = 200;
        let passes_edge = it.ends + up + across;
        session.stage = Stage::Answering {
            leaves_circuit: it.ends + up,
            passes_edge,
        };
        let event = Event::AnswerArrives(session.next_step(it.id));
        self.calendar
            .schedule(passes_edge + out, session.order(Class::Answers), event);
    }

    /// Somebody comes to a container without a reservation: requests that are still to come get the event of their
    /// arrival.
    #[inline]
    pub(super) fn break_promises(&mut self, container: ContainerId) {
        if self.containers[container].reserves() {
            self.break_those_promises(container);
        }
    }

    #[cold]
    fn break_those_promises(&mut self, container: ContainerId) {
        self.containers[container].break_reservations();
        for it in self.served(|by| by == container) {
            if !it.has_arrived {
                self.has_not_arrived(&it);
                let session = &mut self.sessions[it.id];
                let event = Event::SettledArrives(session.next_step(it.id));
                self.calendar
                    .schedule(it.starts, session.order(Class::Arrivals), event);
            } else if !it.has_ended {
                let order = self.sessions[it.id].order(Class::Services);
                self.containers[container].start_unattended(it.ends, order, it.id);
            }
        }
    }

    /// A request that was promised a worker is on its way, and is promised nothing any more.
    fn has_not_arrived(&mut self, it: &Served) {
        let ways = self.settled_way_out(&self.sessions[it.id]);
        let [down, ..] = ways.expect("it is on its course");
        let session = &mut self.sessions[it.id];
        session.stage = Stage::Settled {
            passes_edge: it.starts - down,
            arrives: it.starts,
        };
    }

    /// The requests in unattended services, or promised ones, of containers.
    fn served(&self, by: impl Fn(ContainerId) -> bool) -> Vec<Served> {
        let present = (self.calendar.now(), self.calendar.order());
        let served = self.sessions.iter().filter_map(|(id, session)| {
            let Stage::Served { service, ends } = session.stage else {
                return None;
            };
            let starts = ends - service;
            let end = self.courses.end(session.on_course);
            let it = Served {
                id,
                container: end.origin?.container,
                starts,
                ends,
                has_arrived: (starts, session.order(Class::Arrivals)) < present,
                has_ended: (ends, session.order(Class::Services)) < present,
            };
            by(it.container).then_some(it)
        });
        served.collect()
    }
}
