//! Services that end without an event.
//!
//! When a settled request finds a free worker, the whole rest of its course is known: the end of its service, and when
//! its answer is with the client. Nobody has to see the service end as long as there is a worker for whoever comes next,
//! so it only has the event of its answer; what its end does (the worker is free, the session's own state is read and
//! written, packets pass on the connection) is done when somebody looks, as of the moment of the end. When all workers
//! are busy, the next of them to end becomes a job with an event of its end; when anything else than a step of a
//! request happens, all of them do.

use super::Simulation;
use super::course::{Origin, Reads};
use super::event::{Class, Event};
use super::service::{Errand, Job};
use super::session::{Draw, SessionId, Stage};
use crate::kernel::time::{Span, Time};
use crate::world::container::Status;
use crate::world::ids::*;

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
        [up, across, out]: [Span; 3],
    ) -> bool {
        let container = origin.container;
        if !self.has_free_worker(container)
            || self.containers[container].status() != Status::Running
        {
            return false;
        }
        if origin.reads == Reads::Other {
            return false;
        }
        let now = self.now();
        let session = &self.sessions[id];
        let law = &self.plan.containers[container].service_time;
        let demand = law.sample(&mut session.draw(Draw::Demand, 0));
        let service = self.stretched(container, demand);
        let ends = now + service;
        let passes_edge = ends + up + across;
        let arrives = passes_edge + out;
        let session = &mut self.sessions[id];
        let (patience, limit) = (session.open.patience_limit, session.open.attempt_limit);
        if passes_edge > limit || arrives > patience {
            return false;
        }
        session.open.service = service;
        session.stage = Stage::Served { ends, arrives };
        let event = Event::SettledAnswers(session.next_step(id));
        let order = session.order(Class::Services);
        self.calendar
            .schedule(arrives, session.order(Class::Answers), event);
        self.containers[container].start_unattended(now, ends, order, id);
        true
    }

    /// The answer of a service that ended unattended is with the client.
    pub(super) fn settled_answers(&mut self, id: SessionId) {
        self.reached = self.now();
        if let Stage::Served { ends, .. } = self.sessions[id].stage {
            self.has_ended_unattended(id, ends);
        }
        self.close(id);
    }

    /// Does what the end of a service did, as of that moment.
    fn has_ended_unattended(&mut self, id: SessionId, ends: Time) {
        let session = &mut self.sessions[id];
        let open = &mut session.open;
        open.executions = open.executions.saturating_add(1);
        open.status = 200;
        let circuit = session.circuit();
        self.circuits[circuit].exchange(ends);
        let origin = self.settled_origin(&self.sessions[id]);
        self.uses_own_state(id, &origin.expect("it is on its course"), ends);
    }

    /// Somebody waits for a worker: of the services that end unattended, the first one gets an event of its end.
    ///
    /// One is enough for each that waits and for each that ends while others wait: the next end of all is then an event.
    pub(super) fn attend_first(&mut self, container: ContainerId) {
        let now = self.now();
        if let Some((ends, id)) = self.containers[container].take_first_unattended(now) {
            self.attend(container, ends, id);
        }
    }

    /// A service that has not ended gets an event of its end.
    fn attend(&mut self, container: ContainerId, ends: Time, id: SessionId) {
        let session = &mut self.sessions[id];
        let service = std::mem::take(&mut session.open.service);
        let started = Time::ZERO + (ends.since(Time::ZERO) - service);
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
        let job_ref = self.containers[container].attend(job, started);
        self.schedule_job(ends, job, Event::ServiceEnds(container, job_ref));
    }

    /// Nothing is unattended any more: services that have ended have done what their ends do, their answers are steps as
    /// others are, and the others get an event of their end.
    pub(super) fn attend_all(&mut self) {
        let (now, order) = (self.calendar.now(), self.calendar.order());
        for container in self.plan.containers.ids() {
            while let Some((ends, id)) = self.containers[container].take_unattended(now, order) {
                self.attend(container, ends, id);
            }
        }
        let ended = self.sessions.iter().filter_map(|(id, s)| match s.stage {
            Stage::Served { ends, arrives } => Some((id, ends, arrives)),
            _ => None,
        });
        let ended: Vec<(SessionId, Time, Time)> = ended.collect();
        for (id, ends, arrives) in ended {
            self.has_ended_unattended(id, ends);
            let ways = self.settled_way_out(&self.sessions[id]);
            let [up, across, _] = ways.expect("it is on its course");
            let session = &mut self.sessions[id];
            session.stage = Stage::Answering {
                leaves_circuit: ends + up,
                passes_edge: ends + up + across,
            };
            let event = Event::AnswerArrives(session.next_step(id));
            self.calendar
                .schedule(arrives, session.order(Class::Answers), event);
        }
    }
}
