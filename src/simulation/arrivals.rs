//! Sessions start: everything random about them is drawn now.

use super::Simulation;
use super::course::OnCourse;
use super::event::{Class, Event, order};
use super::session::{Asker, Draw, Open, Sent, Session, SessionId, Stage};
use crate::kernel::random::{Indexed, Keyed, Source, Stream};
use crate::kernel::time::{Span, Time};
use crate::kernel::variate::Distribution;
use crate::world::blueprint::{Arrivals, Blueprint, Group, TraceEntry};
use crate::world::ids::*;

const HOUR: Span = Span::from_secs(3600);

/// The arrivals of one group.
#[derive(Debug)]
pub struct ArrivalStream {
    gaps: Stream,
    births: Stream,
    started: u64,
    /// Sessions of a trace, in order of their first request.
    trace: Vec<TraceSession>,
}

/// The recorded requests of one client.
#[derive(Debug)]
struct TraceSession {
    entries: Vec<TraceEntry>,
}

impl ArrivalStream {
    pub(super) fn new(
        plan: &Blueprint,
        group: GroupId,
        streams: &crate::kernel::random::Streams,
    ) -> Self {
        let name = &plan.groups[group].name;
        ArrivalStream {
            gaps: streams.stream("arrivals", name),
            births: streams.stream("sessions", name),
            started: 0,
            trace: trace_sessions(&plan.groups[group]),
        }
    }

    /// When the next session starts, if one does.
    pub(super) fn next(&mut self, group: &Group, now: Time, horizon: Time) -> Option<Time> {
        match &group.arrivals {
            Arrivals::Poisson { per_second } => {
                (*per_second > 0.0).then(|| now + gap(*per_second, &mut self.gaps))
            }
            Arrivals::Hourly { per_second } => thinned(per_second, now, horizon, &mut self.gaps),
            Arrivals::Trace(_) => self
                .trace
                .get(self.started as usize)
                .map(|session| Time::ZERO + session.entries[0].at),
        }
    }

    /// When a request of a session was sent and what it asked for, if a trace says so.
    fn recorded(&self, session: u64, request: u32) -> Option<TraceEntry> {
        let session = self.trace.get(session as usize)?;
        session.entries.get(request as usize).copied()
    }
}

fn gap(per_second: f64, source: &mut impl Source) -> Span {
    let mean = Span::from_secs_f64_truncated(1.0 / per_second);
    Distribution::Exponential { mean }.sample(source)
}

/// A Poisson stream of changing rate: candidates at the highest rate, each kept with the hour's share of it.
fn thinned(per_second: &[f64], now: Time, horizon: Time, source: &mut impl Source) -> Option<Time> {
    let highest = per_second.iter().copied().fold(0.0, f64::max);
    if highest <= 0.0 {
        return None;
    }
    let mut at = now;
    loop {
        at += gap(highest, source);
        if at >= horizon {
            return None;
        }
        let hour = at.as_nanos() / HOUR.as_nanos();
        let rate = per_second[(hour % per_second.len() as u64) as usize];
        if source.unit() * highest < rate {
            return Some(at);
        }
    }
}

fn trace_sessions(group: &Group) -> Vec<TraceSession> {
    let Arrivals::Trace(entries) = &group.arrivals else {
        return Vec::new();
    };
    let mut by_client: std::collections::BTreeMap<u64, Vec<TraceEntry>> = Default::default();
    for entry in entries {
        by_client.entry(entry.client).or_default().push(*entry);
    }
    let mut sessions: Vec<TraceSession> = by_client
        .into_values()
        .map(|mut entries| {
            entries.sort_by_key(|entry| entry.at);
            TraceSession { entries }
        })
        .collect();
    sessions.sort_by_key(|session| (session.entries[0].at, session.entries[0].client));
    sessions
}

impl Simulation<'_> {
    /// Schedules the next session of a group, unless the horizon comes first.
    pub(super) fn await_session(&mut self, group: GroupId) {
        let now = self.now();
        let next = self.arrivals[group].next(&self.plan.groups[group], now, self.horizon);
        if let Some(at) = next.filter(|at| *at < self.horizon) {
            let order = order(Class::Arrivals, self.group_rank(group), 0);
            self.calendar
                .schedule(at, order, Event::SessionStarts(group));
        }
    }

    /// A client of a group comes and sends its first request.
    pub(super) fn session_starts(&mut self, group: GroupId) {
        let now = self.now();
        let id = self.new_session(group);
        self.ledger.starts();
        self.await_session(group);
        self.opens_at(id, 0, now);
    }

    fn new_session(&mut self, group: GroupId) -> SessionId {
        let plan = &self.plan.groups[group];
        let births = &mut self.arrivals[group].births;
        let [network_word, count_word, hostname_word, key] =
            [births.bits(), births.bits(), births.bits(), births.bits()];
        let number = self.arrivals[group].started;
        self.arrivals[group].started += 1;
        let mut network_source = Keyed::new(network_word, 0, 0, 0);
        let (network, is_new) = self
            .networks
            .of_session(self.plan, group, &mut network_source);
        if is_new {
            self.settle_network(network);
        }
        let recorded = self.arrivals[group].trace.get(number as usize);
        let n_requests = match recorded {
            Some(session) => session.entries.len() as u64,
            None => plan.requests.sample(&mut Keyed::new(count_word, 0, 0, 0)),
        };
        let hostname = match recorded {
            Some(session) => session.entries[0].hostname,
            None => weighted(&plan.hostnames, Keyed::new(hostname_word, 0, 0, 0).unit()),
        };
        let mut access_source = Keyed::new(key, 0, Draw::Access as u32, 0);
        let access = self.travel.access(plan.access, &mut access_source);
        let n_requests = n_requests.min(u64::from(u32::MAX)) as u32;
        self.sessions.insert(Session {
            asker: Asker::Visitor,
            group,
            rank: self.ranks_of.groups[group],
            number,
            key,
            network,
            access,
            hostname,
            n_requests,
            ..blank_session(self.calendar.now())
        })
    }

    /// The session's next request, of this number, will be sent at a moment; in a trace when it was, or as soon as the
    /// answer before it is there.
    pub(super) fn opens_at(&mut self, id: SessionId, request: u32, at: Time) {
        let now = self.now();
        let session = &mut self.sessions[id];
        session.request = request;
        let stream = &self.arrivals[session.group];
        let recorded = stream.recorded(session.number, request);
        let at = recorded.map_or(at, |entry| (Time::ZERO + entry.at).max(now));
        session.stage = Stage::Thinking;
        if let Some(entry) = recorded {
            session.hostname = entry.hostname;
            session.on_course = OnCourse::default();
        }
        if self.settles(id, at) {
            return;
        }
        let session = &mut self.sessions[id];
        let event = Event::Sends(session.next_step(id));
        self.calendar
            .schedule(at, session.order(Class::Arrivals), event);
    }

    /// A request is born.
    pub(super) fn opens(&mut self, id: SessionId) {
        let now = self.now();
        let session = &mut self.sessions[id];
        let group = &self.plan.groups[session.group];
        session.prepare(group, now);
        session.opens(group);
        self.is_born(id);
    }

    /// The prepared request enters the ledger.
    pub(super) fn is_born(&mut self, id: SessionId) {
        let session = &mut self.sessions[id];
        session.is_born();
        self.ledger.opens(session.sent.born);
    }
}

fn weighted(hostnames: &[(HostnameId, f64)], draw: f64) -> HostnameId {
    let total: f64 = hostnames.iter().map(|(_, weight)| weight).sum();
    let mut left = draw * total;
    for (hostname, weight) in hostnames {
        if left < *weight {
            return *hostname;
        }
        left -= weight;
    }
    hostnames.last().expect("a group asks for a hostname").0
}

/// A session of which nothing is known yet.
pub(super) fn blank_session(now: Time) -> Session {
    Session {
        asker: Asker::Visitor,
        group: GroupId::default(),
        rank: u16::MAX,
        number: 0,
        key: 0,
        network: crate::world::networks::NetworkIndex(0),
        access: crate::world::geography::AccessLine::constant(Span::ZERO),
        hostname: HostnameId::default(),
        n_requests: 1,
        born: now,
        request: 0,
        failed: 0,
        hops: 0,
        last_answer: None,
        acknowledged: false,
        has_strays: false,
        broken: None,
        cookie: None,
        hop: 0,
        serial: 0,
        stage: Stage::Thinking,
        on_course: OnCourse::default(),
        sent: Sent {
            born: now,
            draws: Indexed::new(0, 0),
            is_write: false,
        },
        open: Open::blank(now),
    }
}
