//! At the origin: the name resolves, the container admits, serves, and asks its store.

use super::Simulation;
use super::event::{Class, Event, JobRef};
use super::session::{Asker, Draw, Session, SessionId, Stage};
use super::state::Asked;
use super::story::Moment;
use crate::kernel::random::Source;
use crate::kernel::time::{Span, Time};
use crate::measure::outcome::{Cause, Outcome};
use crate::world::container::{Admission, Status};
use crate::world::ids::*;
use crate::world::naming::{Absent, Meaning};

/// How long the edge waits for a TCP connection to a server it dials itself (error 522).
const DIRECT_CONNECT_TIMEOUT: Span = Span::from_secs(19);

/// A request as a container sees it.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Job {
    /// Whose it is.
    pub session: SessionId,
    /// Of which attempt.
    pub serial: u32,
    /// Its time of service at a normal container.
    pub demand: Span,
    /// Rank of its group and its own count, which order events of one instant.
    pub order: (u16, u64),
    /// In whose name it reads and writes.
    pub errand: Errand,
}

/// What a job does at its store: settled when it is admitted, for its session may have gone on before it ends.
#[derive(Clone, Copy, PartialEq, Eq, Default, Debug)]
pub struct Errand {
    /// The group of the visitor; none for a probe.
    pub group: Option<GroupId>,
    /// The key of the session, which is the key of its state.
    pub session_key: u64,
    /// The number of the request.
    pub request: u32,
    /// Whether it writes.
    pub is_write: bool,
}

impl Errand {
    pub(super) fn of(session: &Session) -> Self {
        Errand {
            group: (session.asker == Asker::Visitor).then_some(session.group),
            session_key: session.key,
            request: session.request,
            is_write: session.sent.is_write,
        }
    }
}

/// Why a dial finds nobody.
#[derive(Clone, Copy)]
enum Nobody {
    /// For a cause that is known after a while.
    After(Cause, Span),
    /// The host of a container says no.
    RefusedBy(ContainerId),
}

impl Simulation<'_> {
    /// cloudflared dials the service of the rule that matched.
    pub(super) fn dial_origin(
        &mut self,
        id: SessionId,
        replica: ReplicaId,
        rule: usize,
        connect_timeout: Span,
    ) {
        let settings = &self.plan.settings;
        let no_such_host = settings.no_such_host_delay;
        let resolved = match &self.connectors[replica].meanings[rule] {
            Meaning::Containers(named) => self.pick_running(id, named),
            Meaning::At(container, absent) => self
                .pick_running(id, &[*container])
                .map_err(|_| self.absence(*container, *absent, connect_timeout)),
            Meaning::OtherPort(named) => self
                .pick_running(id, named)
                .and_then(|container| Err(Nobody::RefusedBy(container))),
            Meaning::Unknown => Err(Nobody::After(Cause::NoSuchHost, no_such_host)),
            Meaning::Silent => Err(Nobody::After(Cause::OriginTimeout, connect_timeout)),
            Meaning::Refused => Err(Nobody::After(Cause::OriginRefused, Span::ZERO)),
        };
        if self.is_told(id) {
            let meaning = self.connectors[replica].meanings[rule].clone();
            let found = resolved.ok();
            self.tell(id, move || Moment::LookedUp { meaning, found });
        }
        match resolved {
            Err(Nobody::After(cause, delay)) => self.fail_there(id, cause, delay),
            Err(Nobody::RefusedBy(container)) => {
                let delay = self.round_trip_to(replica, container);
                self.fail_there(id, Cause::OriginRefused, delay);
            }
            Ok(container) => {
                self.note_service(id, replica, rule, container);
                self.goes_to_container(id, replica, container, connect_timeout);
            }
        }
    }

    /// What dialling the address of a container meets when it does not run.
    fn absence(&self, container: ContainerId, absent: Absent, timeout: Span) -> Nobody {
        let host = self.plan.containers[container].host;
        match absent {
            Absent::Refused if self.hosts[host].is_running() => Nobody::RefusedBy(container),
            Absent::Refused | Absent::Silent => Nobody::After(Cause::OriginTimeout, timeout),
        }
    }

    /// From a connector to the host of a container and back.
    fn round_trip_to(&mut self, replica: ReplicaId, container: ContainerId) -> Span {
        let near = self.plan.replicas[replica].host;
        match self.plan.containers[container].host {
            far if far == near => Span::ZERO,
            far => self.side_round_trip(near, far),
        }
    }

    /// A name resolves to the containers that run; several are shuffled.
    ///
    /// Simplification: a container on a host without power has left the overlay's name service at once.
    fn pick_running(&self, id: SessionId, named: &[ContainerId]) -> Result<ContainerId, Nobody> {
        let exists = |c: &&ContainerId| self.resolves(**c);
        if let [only] = named
            && exists(&only)
        {
            return Ok(*only);
        }
        let n_running = named.iter().filter(exists).count() as u64;
        if n_running == 0 {
            let delay = self.plan.settings.no_such_host_delay;
            return Err(Nobody::After(Cause::NoSuchHost, delay));
        }
        let index = if n_running == 1 {
            0
        } else {
            self.sessions[id].attempt_draw(Draw::Alias).below(n_running)
        };
        let chosen = named.iter().filter(exists).nth(index as usize);
        Ok(*chosen.expect("the index lies below the number of running containers"))
    }

    /// Whether the names of a container resolve.
    pub(super) fn resolves(&self, container: ContainerId) -> bool {
        self.containers[container].status() != Status::Exited
            && self.hosts[self.plan.containers[container].host].is_running()
    }

    /// Whether a container is another one than a rule of a connector means.
    pub(super) fn is_wrong_service(
        &self,
        replica: ReplicaId,
        rule: usize,
        container: ContainerId,
    ) -> bool {
        let meant = self.connectors[replica].meant_for(rule);
        let name = &self.plan.containers[container].name;
        meant.is_some_and(|meant| !meant.eq_ignore_ascii_case(name))
    }

    /// Remembers which container the request meets, and whether it is the one that the rule means.
    fn note_service(
        &mut self,
        id: SessionId,
        replica: ReplicaId,
        rule: usize,
        container: ContainerId,
    ) {
        let wrong_service = self.is_wrong_service(replica, rule, container);
        let open = &mut self.sessions[id].open;
        open.container = Some(container);
        open.wrong_service = wrong_service;
    }

    /// From cloudflared to the container: at once on one host, else over the network between hosts.
    ///
    /// Simplification: a cut line is met by those who dial; what is under way between hosts when it is cut arrives.
    fn goes_to_container(
        &mut self,
        id: SessionId,
        replica: ReplicaId,
        container: ContainerId,
        connect_timeout: Span,
    ) {
        let now = self.now();
        let (near, far) = (
            self.plan.replicas[replica].host,
            self.plan.containers[container].host,
        );
        if near == far {
            return self.reaches_container(id);
        }
        if !self.hosts[far].is_online() || !self.hosts[near].is_online() {
            return self.fail_there(id, Cause::OriginTimeout, connect_timeout);
        }
        let fresh = self.connectors[replica].dials_afresh(
            container,
            now,
            self.plan.settings.origin_keep_alive,
        );
        let way = self.side_way(id, near, far);
        let handshake = if fresh {
            self.side_round_trip(near, far)
        } else {
            Span::ZERO
        };
        self.sessions[id].stage = Stage::ToContainer;
        self.proceed(
            id,
            now + way + handshake,
            Class::Arrivals,
            Event::ReachesContainer,
        );
    }

    /// The edge dials a server on the public Internet itself: no tunnel.
    ///
    /// Simplification: a cut line is met by requests that are sent into it; answers under way arrive.
    pub(super) fn dial_direct(&mut self, id: SessionId, container: ContainerId) {
        let now = self.now();
        let host = self.plan.containers[container].host;
        let entry = self.sessions[id].open.entry;
        let limit = now + self.plan.settings.attempt_deadline;
        let session = &mut self.sessions[id];
        session.begin_attempt(now, limit);
        session.open.container = Some(container);
        session.open.circuit = None;
        session.stage = Stage::ToContainer;
        self.tell(id, || Moment::Dialled { container });
        if !self.hosts[host].is_online() {
            return self.fail_there(id, Cause::OriginTimeout, DIRECT_CONNECT_TIMEOUT);
        }
        let leg = self.travel.host_metro(host, entry);
        let way = leg.one_way(&mut self.sessions[id].attempt_draw(Draw::JitterDown));
        self.proceed(id, now + way, Class::Arrivals, Event::ReachesContainer);
    }

    /// The request is at its container.
    pub(super) fn reaches_container(&mut self, id: SessionId) {
        let now = self.now();
        let container = self.sessions[id].open.container;
        let container = container.expect("it was chosen before");
        match self.containers[container].status() {
            Status::Exited => self.finds_nobody(id, container),
            Status::Refusing => self.turned_away(id, Cause::OriginRefused),
            Status::Hung => {
                self.sessions[id].stall(now, Stage::Hung);
                self.tell(id, || Moment::Hung { container });
                self.await_limit(id);
            }
            Status::Running => self.admit(id, container),
        }
    }

    /// The container went away while the request was on its way to it from another host, or from the edge.
    ///
    /// Simplification: the connect time-out of cloudflared is counted from here, and not from the dial.
    fn finds_nobody(&mut self, id: SessionId, container: ContainerId) {
        let host = self.plan.containers[container].host;
        let open = &self.sessions[id].open;
        let Some(connection) = open.dialled_over() else {
            // The edge has an address to dial: if the host runs, its kernel says no.
            if self.hosts[host].is_running() {
                return self.turned_away(id, Cause::OriginRefused);
            }
            let waited = self.now().since(open.attempt_started);
            let left = DIRECT_CONNECT_TIMEOUT - waited.min(DIRECT_CONNECT_TIMEOUT);
            return self.fail_there(id, Cause::OriginTimeout, left);
        };
        let replica = connection.replica;
        let rule = self.rule_of(&self.sessions[id], replica);
        let timeout = rule.map_or(Span::ZERO, |(_, rule)| rule.connect_timeout);
        let has_port = rule.is_some_and(|(index, _)| {
            let meaning = &self.connectors[replica].meanings[index];
            matches!(meaning, Meaning::At(_, Absent::Refused))
        });
        if has_port && self.hosts[host].is_running() {
            return self.turned_away(id, Cause::OriginRefused);
        }
        self.fail_there(id, Cause::OriginTimeout, timeout);
    }

    fn admit(&mut self, id: SessionId, container: ContainerId) {
        let now = self.now();
        self.break_promises(container);
        if !self.has_free_worker(container) {
            self.attend_first(container);
        }
        let session = &mut self.sessions[id];
        // The number behind the demand was fixed when the request was born; only the law is the container's.
        let law = &self.plan.containers[container].service_time;
        let job = Job {
            session: id,
            serial: session.serial,
            demand: law.sample(&mut session.draw(Draw::Demand, 0)),
            order: (session.rank, session.count()),
            errand: Errand::of(session),
        };
        let session = &mut self.sessions[id];
        match self.containers[container].admit(now, job) {
            Admission::Refused => self.turned_away(id, Cause::QueueFull),
            Admission::Waits => {
                session.stage = Stage::Waiting { since: now };
                self.await_limit(id);
            }
            Admission::Starts(job_ref) => {
                session.stage = Stage::Waiting { since: now };
                self.serve(container, job_ref, job);
            }
        }
    }

    /// A worker starts on a job.
    ///
    /// Simplification: a brownout stretches the services that start in it, not those that run when it begins.
    fn serve(&mut self, container: ContainerId, job_ref: JobRef, job: Job) {
        let now = self.now();
        let ends = now + self.containers[container].stretched(job.demand);
        if let Some(session) = self
            .sessions
            .get_mut(job.session)
            .filter(|s| s.awaits(&job))
        {
            if let Stage::Waiting { since } = session.stage {
                session.open.waiting = now.since(since);
            }
            session.stage = Stage::InService { since: now };
            self.tell(job.session, || Moment::Served { container, ends });
            self.guard_limit(job.session, ends);
        }
        self.schedule_job(ends, job, Event::ServiceEnds(container, job_ref));
    }

    /// A service has done its part of a job; what remains is the store.
    pub(super) fn service_ends(&mut self, container: ContainerId, job_ref: JobRef) {
        let now = self.now();
        let Some(in_service) = self.containers[container].job(job_ref) else {
            return;
        };
        let (job, started) = (in_service.job, in_service.started);
        let mut current = false;
        if let Some(session) = self.sessions.get_mut(job.session) {
            if session.has_open(job.errand.request) {
                session.open.executions = session.open.executions.saturating_add(1);
            }
            current = session.awaits(&job);
            if current {
                session.open.service = now.since(started);
            }
        }
        let asked = self.store_use(container, &job.errand);
        match self.store_delay(container, &asked) {
            Span::ZERO => self.job_done(container, job_ref, &job, asked, current),
            delay => {
                if current {
                    self.guard_limit(job.session, now + delay);
                }
                self.schedule_job(now + delay, job, Event::StoreAnswers(container, job_ref));
            }
        }
    }

    /// The store has answered, or its time is up.
    pub(super) fn store_answers(&mut self, container: ContainerId, job_ref: JobRef) {
        let now = self.now();
        let Some(in_service) = self.containers[container].job(job_ref) else {
            return;
        };
        let (job, started) = (in_service.job, in_service.started);
        let current = self.is_current(&job);
        if current {
            let open = &mut self.sessions[job.session].open;
            open.store = now.since(started) - open.service;
        }
        let asked = self.store_use(container, &job.errand);
        self.job_done(container, job_ref, &job, asked, current);
    }

    /// State is read and written, the worker takes its next job, and the answer leaves.
    fn job_done(
        &mut self,
        container: ContainerId,
        job_ref: JobRef,
        job: &Job,
        asked: Option<Asked>,
        current: bool,
    ) {
        let now = self.now();
        let stored = self.use_store(container, job, asked, current);
        let sessions = &self.sessions;
        let waits = |job: &Job| {
            sessions
                .get(job.session)
                .is_some_and(|s| s.serial == job.serial && matches!(s.stage, Stage::Waiting { .. }))
        };
        if let Some((next_ref, next)) = self.containers[container].finish(now, job_ref, waits) {
            self.serve(container, next_ref, next);
            if self.containers[container].has_queue() {
                self.attend_first(container);
            }
        }
        if current {
            let (outcome, status) = match stored {
                true => (Outcome::Success, 200),
                false => (Outcome::Failed(Cause::StoreUnreachable), 500),
            };
            self.leaves_container(job.session, outcome, status);
        }
    }

    /// Everything in a container is lost with its process: 502 for those whose connector still lives.
    pub(super) fn drop_jobs(&mut self, container: ContainerId) {
        let now = self.now();
        let mut lost: Vec<Job> = self.containers[container].drop_all(now);
        lost.retain(|job| self.is_current(job) && self.sessions[job.session].stage.is_bound(now));
        lost.sort_by_key(|job| job.order);
        for job in lost {
            self.sessions[job.session].stage = Stage::FailingThere;
            self.turned_away(job.session, Cause::OriginReset);
        }
    }

    /// The container's host says no, or the container does: whoever dialled it hears so one way later.
    fn turned_away(&mut self, id: SessionId, cause: Cause) {
        let back = self.way_back(id);
        self.fail_there(id, cause, back);
    }

    /// The way of a container's answer to who dialled it: cloudflared, or the entry edge itself.
    pub(super) fn way_back(&mut self, id: SessionId) -> Span {
        let open = &self.sessions[id].open;
        let (entry, dialled) = (open.entry, open.dialled_over());
        let container = open.container.expect("it was dialled");
        let far = self.plan.containers[container].host;
        let Some(connection) = dialled else {
            let mut jitter = self.sessions[id].attempt_draw(Draw::JitterOut);
            return self.travel.host_metro(far, entry).one_way(&mut jitter);
        };
        match self.plan.replicas[connection.replica].host {
            near if near == far => Span::ZERO,
            near => self.side_way(id, near, far),
        }
    }

    /// An attempt came to nothing at its service; whoever dialled it knows after a while.
    pub(super) fn fail_there(&mut self, id: SessionId, cause: Cause, delay: Span) {
        let now = self.now();
        let session = &mut self.sessions[id];
        session.open.cause = cause;
        session.stage = Stage::FailingThere;
        self.proceed(id, now + delay, Class::Services, Event::OriginFails);
    }

    /// Whether a job still belongs to the present attempt of its session.
    pub(super) fn is_current(&self, job: &Job) -> bool {
        self.sessions
            .get(job.session)
            .is_some_and(|s| s.awaits(job))
    }

    pub(super) fn schedule_job(&mut self, at: Time, job: Job, event: Event) {
        let order = super::event::order(Class::Services, job.order.0, job.order.1);
        self.calendar.schedule(at, order, event);
    }

    /// One way between two hosts, with what the network between them adds.
    pub(super) fn side_way(&mut self, id: SessionId, a: HostId, b: HostId) -> Span {
        let mut jitter = self.sessions[id].attempt_draw(Draw::JitterSide);
        let added = self.added_between(a, b).half();
        self.travel.host_host(a, b).one_way(&mut jitter) + added
    }

    /// The round trip between two hosts without jitter.
    pub(super) fn side_round_trip(&mut self, a: HostId, b: HostId) -> Span {
        self.travel.host_host(a, b).round_trip() + self.added_between(a, b)
    }

    /// What the widest network that two hosts share adds to a round trip.
    fn added_between(&self, a: HostId, b: HostId) -> Span {
        if a == b {
            return Span::ZERO;
        }
        let on = |host: HostId, network: NetworkId| {
            self.plan
                .containers
                .values()
                .iter()
                .any(|c| c.host == host && c.attachments.iter().any(|at| at.network == network))
                || self
                    .plan
                    .replicas
                    .values()
                    .iter()
                    .any(|r| r.host == host && r.networks.contains(&network))
        };
        self.plan
            .networks
            .iter()
            .filter(|(id, _)| on(a, *id) && on(b, *id))
            .map(|(_, network)| network.added_round_trip)
            .min()
            .unwrap_or(Span::ZERO)
    }
}
