//! Sessions: when clients come, what they send, and how it ends.

use super::attempts::Way;
use super::events::*;
use super::*;
use tunnelsim::measure::observation::{BreakCause, Checkout, SessionFate};
use tunnelsim::measure::outcome::Cause;
use tunnelsim::world::blueprint::{Arrivals, Carries, OnError};

/// What a service does for a request.
#[derive(Clone, Copy)]
pub enum Busy {
    Waiting,
    Serving,
    Storing,
}

pub struct Session {
    pub group: usize,
    pub number: u64,
    pub key: u64,
    pub visitor: u64,
    pub hostname: String,
    pub n_requests: u64,
    pub last_mile: u64,
    pub born: u64,
    pub failed: u32,
    pub hops: u32,
    pub last_replica: Option<usize>,
    /// Versions written, the newest acknowledged one, and the store that has it.
    pub versions: u64,
    pub acknowledged: Option<(u64, usize)>,
    pub broken: Option<BreakCause>,
    pub checked_out: bool,
    pub ended: bool,
    // The open request.
    pub request: u64,
    pub is_open: bool,
    pub request_born: u64,
    pub is_write: bool,
    /// Counts what makes earlier plans void.
    pub serial: u32,
    pub tried: Vec<(usize, usize)>,
    pub edge_has_answered: bool,
    /// Whether the last circuit was silent already when the request was sent into it.
    pub into_silence: bool,
    pub way: Way,
    pub circuit: Option<usize>,
    pub container: Option<usize>,
    // Where its time went; what is left was travelling.
    /// What a service does for it, and since when.
    pub busy: Option<(Busy, u64)>,
    pub waiting: u64,
    pub service: u64,
    pub store: u64,
    pub lost: u64,
    pub lost_before: u64,
    pub attempt_since: u64,
    pub held_since: Option<u64>,
    pub found: StateFound,
    pub break_cause: Option<BreakCause>,
    pub written: Option<(u64, usize)>,
    pub executions: u8,
}

impl Session {
    /// Words of this session's own for a purpose; those of an attempt are numbered from 1.
    pub fn keyed(&self, purpose: u32, attempt: u32) -> Keyed {
        Keyed::new(self.key, self.request, purpose, attempt)
    }

    /// The present attempt came to nothing: all its time is lost.
    pub fn loses_attempt(&mut self, now: u64) {
        self.lost = self.lost_before + now - self.attempt_since;
        (self.busy, self.held_since) = (None, None);
        (self.waiting, self.service, self.store) = (0, 0, 0);
    }

    /// A silence holds the request back, or its answer.
    pub fn is_held(&mut self, now: u64, answer: Option<Answer>) {
        self.way = Way::Held(answer);
        self.busy = None;
        self.held_since.get_or_insert(now);
    }

    /// It is held back no longer.
    pub fn is_let_go(&mut self, now: u64) {
        self.lost += self.held_since.take().map_or(0, |since| now - since);
    }
}

impl Twin<'_> {
    pub fn next_arrival(&mut self, group: usize) {
        let it = &mut self.groups[group];
        let Arrivals::Poisson { per_second } = it.plan.arrivals else {
            panic!("the twin has no profiles and traces")
        };
        let mean = Span::from_secs_f64_truncated(1.0 / per_second);
        let time = self.now + nanos(Distribution::Exponential { mean }.sample(&mut it.gaps));
        if time < nanos(self.plan.horizon) {
            self.at(
                time,
                ATTEMPT,
                (group, self.groups[group].started, 0),
                Event::Arrives { group },
            );
        }
    }

    pub fn arrives(&mut self, group: usize) {
        let it = &mut self.groups[group];
        let [_, count, hostname, key] = [(); 4].map(|()| it.births.bits());
        let plan = it.plan;
        let total: f64 = plan.hostnames.iter().map(|(_, weight)| weight).sum();
        let mut position = Keyed::new(hostname, 0, 0, 0).unit() * total;
        let hostname = plan.hostnames.iter().find(|(_, weight)| {
            position -= weight;
            position < 0.0
        });
        let number = it.started;
        it.started += 1;
        self.sessions.push(Session {
            group,
            number,
            key,
            visitor: plan
                .visitors
                .map_or(number, |pool| Keyed::new(key, 0, 13, 0).below(pool)),
            hostname: self.plan.hostnames[hostname.unwrap_or(plan.hostnames.last().unwrap()).0]
                .clone(),
            n_requests: plan.requests.sample(&mut Keyed::new(count, 0, 0, 0)),
            last_mile: last_mile(plan.access, Keyed::new(key, 0, 14, 0)),
            born: self.now,
            failed: 0,
            hops: 0,
            last_replica: None,
            versions: 0,
            acknowledged: None,
            broken: None,
            checked_out: false,
            ended: false,
            request: 0,
            is_open: false,
            request_born: 0,
            is_write: false,
            serial: 0,
            tried: Vec::new(),
            edge_has_answered: false,
            into_silence: false,
            way: Way::Out,
            circuit: None,
            container: None,
            busy: None,
            waiting: 0,
            service: 0,
            store: 0,
            lost: 0,
            lost_before: 0,
            attempt_since: 0,
            held_since: None,
            found: StateFound::NotAsked,
            break_cause: None,
            written: None,
            executions: 0,
        });
        self.opens(self.sessions.len() - 1);
        self.next_arrival(group);
    }

    /// The client sends the session's next request.
    pub fn opens(&mut self, session: usize) {
        let now = self.now;
        let plan = self.groups[self.sessions[session].group].plan;
        let it = &mut self.sessions[session];
        let posts = it.keyed(3, 0).unit();
        it.is_write = match plan.carries {
            Carries::Nothing => posts < plan.writes_share,
            Carries::Cart => it.request == 0 || posts < plan.writes_share.max(0.2),
            Carries::Login => it.request == 0 || posts < plan.writes_share,
        };
        (it.is_open, it.request_born, it.edge_has_answered, it.way) = (true, now, false, Way::Out);
        (it.waiting, it.service, it.store, it.lost, it.lost_before) = (0, 0, 0, 0, 0);
        (it.busy, it.held_since) = (None, None);
        it.serial += 1;
        (it.circuit, it.container, it.found, it.break_cause) =
            (None, None, StateFound::NotAsked, None);
        (it.written, it.executions) = (None, 0);
        it.tried.clear();
        let token = self.token(session);
        self.later(self.way_in(session), ATTEMPT, token, Event::AtEdge(token));
        self.later(nanos(plan.patience), DEADLINE, token, Event::GivesUp(token));
    }

    pub fn closes(&mut self, session: usize, answer: Answer) {
        let plan = self.groups[self.sessions[session].group].plan;
        let it = &mut self.sessions[session];
        it.is_open = false;
        let replica = it.circuit.map(|circuit| self.circuits[circuit].replica);
        let is_whole = matches!(it.found, StateFound::Found | StateFound::Fresh);
        if answer.cause.is_none() {
            it.hops += u32::from(it.last_replica.is_some() && it.last_replica != replica);
            it.last_replica = replica;
            it.broken = it.broken.or(it.break_cause);
            if let Some((number, store)) = it.written {
                it.acknowledged = it.acknowledged.max(it.written);
                let key = (plan.name.clone(), it.number);
                let version = self.stores[store]
                    .versions
                    .get_mut(&key)
                    .filter(|it| it.number >= number);
                if let Some(version) = version {
                    version.grown_on = None;
                }
            }
        } else {
            it.failed += 1;
        }
        let is_last = it.request + 1 == it.n_requests;
        let exists = is_whole && it.acknowledged.is_some() && it.broken.is_none();
        it.checked_out = is_last && answer.cause.is_none() && exists;
        let leaves = !is_last && answer.cause.is_some() && plan.on_error == OnError::Leave;
        self.note_request(session, answer);
        if is_last || leaves {
            return self.ends(session, leaves);
        }
        let it = &mut self.sessions[session];
        let think = nanos(plan.think.sample(&mut it.keyed(2, 0)));
        it.request += 1;
        let rank = (it.group, it.number, it.request);
        self.at(self.now + think, ATTEMPT, rank, Event::Opens { session });
    }

    pub fn note_request(&mut self, session: usize, answer: Answer) {
        let it = &self.sessions[session];
        let group = &self.groups[it.group];
        let network = self.now - it.request_born - it.waiting - it.service - it.store - it.lost;
        self.note(format!(
            "request {}/{}/{}: {} {} to {} by {} over {} at {}, {} attempts, {} {}, network {network} waiting {} service {} \
             store {} stalled {}, {:?}, wrong false, executed {}",
            group.plan.name,
            it.number,
            it.request,
            it.request_born,
            if it.is_write { "POST" } else { "GET" },
            it.hostname,
            group.entry,
            it.circuit.map_or("-".into(), |circuit| self.circuit_name(circuit)),
            it.container.map_or("-", |container| &self.containers[container].name),
            it.tried.len(),
            answer.cause.map_or("success", Cause::name),
            answer.status,
            it.waiting,
            it.service,
            it.store,
            it.lost,
            it.found,
            it.executions,
        ));
    }

    pub fn ends(&mut self, session: usize, leaves: bool) {
        let it = &mut self.sessions[session];
        it.ended = true;
        let fate = match it.broken {
            Some(cause) => SessionFate::Broken(cause),
            None if leaves => SessionFate::Abandoned,
            None => SessionFate::Intact,
        };
        let plan = self.groups[it.group].plan;
        let checkout = (plan.carries == Carries::Cart).then_some(if it.checked_out {
            Checkout::Done
        } else {
            Checkout::Lost
        });
        let text = format!(
            "session {}/{}: {} visitor {}, {} requests, {} failed, {} hops, acknowledged {}, {fate:?}, checkout {checkout:?}",
            plan.name,
            it.number,
            it.born,
            it.visitor,
            it.request + 1,
            it.failed,
            it.hops,
            it.acknowledged.is_some(),
        );
        self.note(text);
    }
}
