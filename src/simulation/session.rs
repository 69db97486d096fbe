//! A session and the request it has open.

use super::Job;
use super::course::OnCourse;
use super::event::{Class, Step, order};
use crate::kernel::random::{Indexed, Keyed, Source};
use crate::kernel::slab::Id;
use crate::kernel::time::{Span, Time};
use crate::measure::observation::{BreakCause, Parts, RequestId, RequestSeen, StateFound};
use crate::measure::outcome::{Cause, Outcome};
use crate::world::balancer::AffinityCookie;
use crate::world::blueprint::{Carries, Group, OnError};
use crate::world::circuit::CircuitId;
use crate::world::geography::{AccessLine, MetroId};
use crate::world::ids::*;
use crate::world::networks::NetworkIndex;
use crate::world::registry::Listed;
use crate::world::store::Written;

/// Share of a cart session's requests, after the first, that change the cart.
const CART_WRITES_SHARE: f64 = 0.2;

/// Names a session; a stale one finds nothing.
pub type SessionId = Id<Session>;

/// What a stateless draw of a session is for. Every draw inside a session is a hash of the session's key, the
/// request's number, one of these, and the attempt.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Draw {
    /// Time of service.
    Demand = 1,
    /// Time until the next request.
    Think = 2,
    /// Whether a request may be replayed.
    Method = 3,
    /// Which of equally preferred connections.
    Tie = 4,
    /// Jitter on the way to the edge.
    JitterIn = 5,
    /// Jitter over the backbone.
    JitterBackbone = 6,
    /// Jitter down to the connector.
    JitterDown = 7,
    /// Jitter of the answer's way.
    JitterOut = 8,
    /// Which of several containers under one name.
    Alias = 9,
    /// Which record is read or written.
    Record = 10,
    /// Whether an incident of the provider hits.
    Incident = 11,
    /// Which pool and endpoint.
    Balancer = 12,
    /// The visitor behind a session.
    Visitor = 13,
    /// The client's last mile.
    Access = 14,
    /// Jitter between hosts, and between a host and a store.
    JitterSide = 15,
}

/// Who is behind a session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Asker {
    /// A visitor.
    Visitor,
    /// A probe of a monitor: its position in the list of all probes.
    Probe(u32),
}

/// How far the open request has come.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Stage {
    /// None is open.
    Thinking,
    /// On its way to the edge, or waiting until its packets reach one.
    Sending,
    /// On its way over the backbone.
    ToDataCentre,
    /// On its way over the backbone and on down to the connector, which saves an event while the connection is sound.
    Approaching {
        /// When it passes the data centre of the connection.
        passes_edge: Time,
    },
    /// It will take, or is on, a way that is known up to the connector (`course.rs`); nobody but that file ever sees
    /// this stage.
    Settled {
        /// When it passes the data centre of the connection.
        passes_edge: Time,
        /// When it arrives at the connector.
        arrives: Time,
    },
    /// On its way down to the connector.
    ToConnector {
        /// When the data centre sent it.
        sent: Time,
    },
    /// On its way between hosts.
    ToContainer,
    /// It came to nothing at its service, and whoever dialled that is about to know.
    FailingThere,
    /// In a container's queue since then.
    Waiting {
        /// Since when.
        since: Time,
    },
    /// In service, or at the store.
    InService {
        /// Since when.
        since: Time,
    },
    /// In a service that ends unattended, or on its way there or back (`unattended.rs`); nobody but that file ever sees
    /// this stage. The request is not in the ledger yet.
    Served {
        /// How long the service takes.
        service: Span,
        /// When it ends.
        ends: Time,
    },
    /// In a container that never answers.
    Hung,
    /// In the silence on the way to the host.
    StalledToHost,
    /// The answer is ready and cannot leave the host.
    StalledFromHost,
    /// Lost: only the edge's notice or a time-out ends it.
    Lost,
    /// The answer is on its way between hosts.
    Returning,
    /// The answer has left the host.
    Answering {
        /// When it passes the data centre of the connection.
        leaves_circuit: Time,
        /// When it passes the edge that the request entered by.
        passes_edge: Time,
    },
    /// The attempt has failed and the edge that sent it is about to learn so.
    Failing,
    /// An error of the edge is on its way to the client.
    Refused,
}

impl Stage {
    /// Whether the request hangs on its connection: when the edge's end closes, the attempt has failed.
    pub fn is_bound(self, now: Time) -> bool {
        match self {
            Stage::Approaching { passes_edge } => passes_edge < now,
            Stage::Answering { leaves_circuit, .. } => now < leaves_circuit,
            Stage::Thinking
            | Stage::Sending
            | Stage::Settled { .. }
            | Stage::Served { .. }
            | Stage::ToDataCentre
            | Stage::Failing
            | Stage::Refused => false,
            _ => true,
        }
    }
}

/// A request as its client sends it: nothing on its way changes that.
#[derive(Clone, Copy, Debug)]
pub struct Sent {
    /// When the client sends it.
    pub born: Time,
    /// Where its draws come from: the session's key and its number.
    pub draws: Indexed,
    /// Whether it may not be replayed.
    pub is_write: bool,
}

/// The open request of a session, as far as it has come.
#[derive(Clone, Debug)]
pub struct Open {
    /// The metro it entered by.
    pub entry: MetroId,
    /// Its Host header, which rules are matched with; none if nobody gave one.
    pub host_header: Option<HostnameId>,
    /// Attempts so far.
    pub attempts: u16,
    /// When the present attempt left the entry edge.
    pub attempt_started: Time,
    /// When the edge's time-out for it ends.
    pub attempt_limit: Time,
    /// When the client's patience ends.
    pub patience_limit: Time,
    /// What only few requests have; kept apart, so that the others are short.
    aside: Option<Box<Aside>>,
    /// The connection of the present attempt.
    pub circuit: Option<CircuitId>,
    /// Which of the replica's connections that is or was.
    pub connection: Option<ConnectionRef>,
    /// The metro of that connection.
    pub metro: Option<MetroId>,
    /// The tunnel asked.
    pub tunnel: Option<TunnelId>,
    /// The endpoint a balancer chose.
    pub endpoint: Option<EndpointId>,
    /// The container it last reached.
    pub container: Option<ContainerId>,
    /// How it will have ended when the answer on its way arrives.
    pub outcome: Outcome,
    /// The status on its way.
    pub status: u16,
    /// Why the present attempt failed, or will have.
    pub cause: Cause,
    /// Time in queues.
    pub waiting: Span,
    /// Time in service.
    pub service: Span,
    /// Time at the store.
    pub store: Span,
    /// What it found of its state.
    pub state: StateFound,
    /// Whether another container than the intended one answered.
    pub wrong_service: bool,
    /// How often it was executed.
    pub executions: u8,
}

/// What only those requests have that lose time, are tried again, ask a balancer, write, or miss their state.
#[derive(Clone, Default, Debug)]
pub struct Aside {
    /// Time lost.
    pub stalled: Span,
    /// Time lost before the present attempt.
    pub stalled_before: Span,
    /// Since when it is stalled.
    pub stalled_since: Option<Time>,
    /// Connections tried before the present attempt.
    pub tried: Vec<ConnectionRef>,
    /// The balancer asked.
    pub balancer: Option<BalancerId>,
    /// The balancer's cookie that its answer carries.
    pub new_cookie: Option<AffinityCookie>,
    /// Whether it was tried at a second endpoint.
    pub failed_over: bool,
    /// Why state was missing or stale.
    pub break_cause: Option<BreakCause>,
    /// The version it wrote, to be acknowledged when the answer arrives.
    pub written: Option<Written>,
}

impl Open {
    /// A request that was sent at a moment, and of which nothing has happened yet.
    #[inline]
    pub fn blank(born: Time) -> Open {
        Open {
            entry: MetroId(0),
            host_header: None,
            attempts: 0,
            attempt_started: born,
            attempt_limit: Time::MAX,
            patience_limit: Time::MAX,
            aside: None,
            circuit: None,
            connection: None,
            metro: None,
            tunnel: None,
            endpoint: None,
            container: None,
            outcome: Outcome::Success,
            status: 0,
            cause: Cause::ClientGaveUp,
            waiting: Span::ZERO,
            service: Span::ZERO,
            store: Span::ZERO,
            state: StateFound::NotAsked,
            wrong_service: false,
            executions: 0,
        }
    }

    /// What only few requests have, if this one has it.
    #[inline]
    pub fn aside(&self) -> Option<&Aside> {
        self.aside.as_deref()
    }

    /// What only few requests have, which this one has from now on.
    pub fn aside_mut(&mut self) -> &mut Aside {
        self.aside.get_or_insert_default()
    }

    /// The connection over which the container was dialled; none where the edge dials it itself.
    pub fn dialled_over(&self) -> Option<ConnectionRef> {
        self.circuit.and(self.connection)
    }

    /// It finds something of its state, or misses it, which may break its session.
    #[inline]
    pub fn finds(&mut self, state: StateFound, break_cause: Option<BreakCause>) {
        self.state = state;
        if break_cause.is_some() {
            self.aside_mut().break_cause = break_cause;
        }
    }

    /// The time of the present attempt is lost, and what it spent in queues and services with it. Said once more later,
    /// as when the answer that says so is lost itself, it counts until then.
    pub fn was_in_vain(&mut self, now: Time) {
        let lost = now.since(self.attempt_started);
        let aside = self.aside_mut();
        aside.stalled = aside.stalled_before + lost;
        self.waiting = Span::ZERO;
        self.service = Span::ZERO;
        self.store = Span::ZERO;
    }

    /// The next attempt starts at a moment; the edge's time-out for it ends at `limit`.
    #[inline]
    pub fn begins_attempt(&mut self, at: Time, limit: Time) {
        self.attempts += 1;
        self.attempt_started = at;
        self.attempt_limit = limit;
        if let Some(aside) = &mut self.aside {
            aside.stalled_before = aside.stalled;
        }
    }

    /// It goes to a connection.
    #[inline]
    pub fn takes(&mut self, listed: &Listed) {
        self.circuit = Some(listed.circuit);
        self.connection = Some(listed.connection);
        self.metro = Some(listed.metro);
    }

    /// Connections tried before the present attempt.
    #[inline]
    pub fn tried(&self) -> &[ConnectionRef] {
        self.aside().map_or(&[], |aside| &aside.tried)
    }
}

/// Who answered a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Answerer {
    /// The replica; none where the edge dialled a server itself.
    pub replica: Option<ReplicaId>,
    /// The container, if it was one.
    pub container: Option<ContainerId>,
}

impl Answerer {
    /// Of two replicas of tunnels these count, and else the containers.
    fn is_other_than(self, last: Answerer) -> bool {
        match (self.replica, last.replica) {
            (Some(replica), Some(last)) => replica != last,
            _ => self.container != last.container,
        }
    }
}

/// A session.
#[derive(Clone, Debug)]
pub struct Session {
    /// Who is behind it.
    pub asker: Asker,
    /// Its group.
    pub group: GroupId,
    /// The rank of its group in the order of events; that of probes comes last.
    pub rank: u16,
    /// Its number in its group.
    pub number: u64,
    /// The key of all its draws.
    pub key: u64,
    /// The network it sits in.
    pub network: NetworkIndex,
    /// Its last mile.
    pub access: AccessLine,
    /// What it asks for.
    pub hostname: HostnameId,
    /// How many requests it will send.
    pub n_requests: u32,
    /// When its first request was sent.
    pub born: Time,
    /// The number of the open or next request.
    pub request: u32,
    /// Requests that failed.
    pub failed: u32,
    /// Changes of replica between successive answers.
    pub hops: u32,
    /// Who answered last, with success.
    pub last_answer: Option<Answerer>,
    /// Whether something of it was acknowledged.
    pub acknowledged: bool,
    /// Whether a service may go on for an attempt that came to nothing, and write what later requests read.
    pub has_strays: bool,
    /// Whether a lookup found less than was acknowledged.
    pub broken: Option<BreakCause>,
    /// The balancer's cookie, which few have.
    pub cookie: Option<Box<AffinityCookie>>,
    /// Counts steps: an event of another step is stale.
    pub hop: u32,
    /// Counts attempts over the whole session: a job of another attempt is stale.
    pub serial: u32,
    /// How far the open request has come.
    pub stage: Stage,
    /// The course that the open request is on.
    pub on_course: OnCourse,
    /// The open or next request, as it is sent.
    pub sent: Sent,
    /// The open request, as far as it has come; while it is settled this is not kept, as all of it follows from its
    /// course ([`Simulation::unfold`](super::Simulation)).
    pub open: Open,
}

/// What a session does when a request has ended.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Next {
    /// It thinks for so long, and sends the next one.
    Thinks(Span),
    /// That was its last.
    Ends,
    /// It leaves after an error, before its last.
    Leaves,
}

/// A draw of one request of the session with this key.
pub fn draw_of(session_key: u64, request: u32, purpose: Draw, attempt: u32) -> Keyed {
    Keyed::new(session_key, u64::from(request), purpose as u32, attempt)
}

/// The visitor behind a session with this key, of a known number of visitors.
pub fn visitor_of(session_key: u64, pool: u64) -> u64 {
    draw_of(session_key, 0, Draw::Visitor, 0).below(pool)
}

impl Session {
    /// Something of each part of it that every request needs ([`Simulation::look_ahead`](super::Simulation)).
    #[inline]
    pub fn glance(&self) -> u64 {
        self.number
            ^ self.key
            ^ self.sent.born.as_nanos()
            ^ u64::from(self.hop ^ self.request)
            ^ u64::from(self.group.0)
    }

    /// The name of the open request.
    pub fn request_id(&self) -> RequestId {
        RequestId {
            group: self.group,
            session: self.number,
            request: self.request,
        }
    }

    /// The circuit of the present attempt.
    ///
    /// # Panics
    /// Before the first attempt.
    #[inline]
    pub fn circuit(&self) -> CircuitId {
        self.open.circuit.expect("an attempt has a circuit")
    }

    /// The open request as it has ended.
    #[inline]
    pub fn seen(&self, closed: Time) -> RequestSeen {
        let open = &self.open;
        let stalled = open.aside().map_or(Span::ZERO, |aside| aside.stalled);
        let others = open.waiting + open.service + open.store + stalled;
        RequestSeen {
            id: self.request_id(),
            hostname: self.hostname,
            is_write: self.sent.is_write,
            born: self.sent.born,
            closed,
            entry: open.entry,
            endpoint: open.endpoint,
            connection: open.connection,
            container: open.container,
            attempts: open.attempts,
            outcome: open.outcome,
            status: open.status,
            parts: Parts {
                network: closed.since(self.sent.born) - others,
                waiting: open.waiting,
                service: open.service,
                store: open.store,
                stalled,
            },
            state: open.state,
            wrong_service: open.wrong_service && open.outcome.is_success(),
            executions: open.executions,
        }
    }

    /// The session's own count in the order of events: session, then request.
    #[inline]
    pub fn count(&self) -> u64 {
        (self.number << 12) | u64::from(self.request & 0xFFF)
    }

    /// Which of two events of one instant and class comes first.
    #[inline]
    pub fn order(&self, class: Class) -> u64 {
        order(class, self.rank, self.count())
    }

    /// The session's next step: events of any other are stale from now on.
    #[inline]
    pub fn next_step(&mut self, id: SessionId) -> Step {
        self.hop = self.hop.wrapping_add(1);
        Step {
            session: id,
            hop: self.hop,
        }
    }

    /// When the first of the edge's time-out and the client's patience ends.
    #[inline]
    pub fn limit(&self) -> Time {
        let open = &self.open;
        match self.stage {
            Stage::Sending | Stage::Refused => open.patience_limit,
            // The edge has the answer in time; what remains is the client's patience.
            Stage::Answering { passes_edge, .. } if passes_edge <= open.attempt_limit => {
                open.patience_limit
            }
            _ => open.patience_limit.min(open.attempt_limit),
        }
    }

    /// The visitor behind it: one of those that its group has, if their number is known.
    pub fn visitor(&self, group: &Group) -> u64 {
        group
            .visitors
            .map_or(self.number, |pool| visitor_of(self.key, pool))
    }

    /// A draw of the open request; `attempt` distinguishes draws that every attempt makes anew.
    #[inline]
    pub fn draw(&self, purpose: Draw, attempt: u32) -> Keyed {
        self.sent.draws.keyed(purpose as u32, attempt)
    }

    /// A draw of the present attempt.
    #[inline]
    pub fn attempt_draw(&self, purpose: Draw) -> Keyed {
        self.draw(purpose, u32::from(self.open.attempts))
    }

    /// Whether a job belongs to the present attempt, which waits for it.
    #[inline]
    pub fn awaits(&self, job: &Job) -> bool {
        self.serial == job.serial
            && matches!(
                self.stage,
                Stage::Waiting { .. } | Stage::InService { .. } | Stage::Hung
            )
    }

    /// Whether this request of it is open, be it in another attempt than before.
    pub fn has_open(&self, request: u32) -> bool {
        self.request == request && self.stage != Stage::Thinking
    }

    /// Whether a request is open that has reached, or is reaching, an edge.
    pub fn has_entered(&self) -> bool {
        self.stage != Stage::Thinking && !self.waits_for_an_edge() && self.asker == Asker::Visitor
    }

    /// Whether a request is open whose packets reach nobody.
    pub fn waits_for_an_edge(&self) -> bool {
        let aside = self.open.aside();
        self.stage == Stage::Sending && aside.is_some_and(|aside| aside.stalled_since.is_some())
    }

    /// Whether the open request is the session's last.
    pub fn is_last(&self) -> bool {
        self.request + 1 >= self.n_requests
    }

    /// The next request is one that its client sends at a moment, with all its draws.
    #[inline]
    pub fn prepare(&mut self, group: &Group, born: Time) {
        let share = match group.carries {
            Carries::Login | Carries::Cart if self.request == 0 => 1.0,
            Carries::Cart => CART_WRITES_SHARE.max(group.writes_share),
            _ => group.writes_share,
        };
        let draws = Indexed::new(self.key, u64::from(self.request));
        let is_write = share > 0.0 && draws.keyed(Draw::Method as u32, 0).chance(share);
        self.sent = Sent {
            born,
            draws,
            is_write,
        };
    }

    /// The request that is sent is open, and nothing has happened of it yet.
    pub fn opens(&mut self, group: &Group) {
        let born = self.sent.born;
        self.open = Open::blank(born);
        self.open.host_header = Some(self.hostname);
        self.open.patience_limit = born + group.patience;
    }

    /// The next attempt starts now; the edge's time-out for it ends at `limit`.
    #[inline]
    pub fn begin_attempt(&mut self, now: Time, limit: Time) {
        self.serial += 1;
        self.on_course = OnCourse::default();
        self.open.begins_attempt(now, limit);
    }

    /// Time that passes from here on is lost time.
    pub fn stall(&mut self, now: Time, stage: Stage) {
        self.stage = stage;
        self.open.aside_mut().stalled_since.get_or_insert(now);
    }

    /// The stall is over and the attempt goes on.
    pub fn resume(&mut self, now: Time, stage: Stage) {
        self.stage = stage;
        if let Some(aside) = &mut self.open.aside
            && let Some(since) = aside.stalled_since.take()
        {
            aside.stalled += now.since(since);
        }
    }

    /// The request ends where it is: in a queue, in service, or at a store.
    pub fn break_off(&mut self, now: Time) {
        self.has_strays = true;
        let open = &mut self.open;
        match self.stage {
            Stage::Waiting { since } => open.waiting = now.since(since),
            Stage::InService { since } if open.service == Span::ZERO => {
                open.service = now.since(since)
            }
            Stage::InService { since } => open.store = now.since(since) - open.service,
            _ => {}
        }
    }

    /// The request that is sent is born: so is the session, if it is its first.
    #[inline]
    pub fn is_born(&mut self) {
        if self.request == 0 {
            self.born = self.sent.born;
        }
    }

    /// The open request has ended; says what the session does next.
    #[inline(always)] // See `Recorder::request_in`.
    pub fn has_ended(&mut self, seen: &RequestSeen, group: &Group) -> Next {
        self.stage = Stage::Thinking;
        if seen.outcome.is_success() {
            self.is_answered_by(Answerer {
                replica: seen.connection.map(|c| c.replica),
                container: seen.container,
            });
        } else {
            self.failed += 1;
        }
        if self.is_last() {
            Next::Ends
        } else if !seen.outcome.is_success() && group.on_error == OnError::Leave {
            Next::Leaves
        } else {
            Next::Thinks(group.think.sample(&mut self.draw(Draw::Think, 0)))
        }
    }

    /// A success: a hop, if somebody else gave the last one.
    #[inline]
    fn is_answered_by(&mut self, answerer: Answerer) {
        let last = self.last_answer.replace(answerer);
        self.hops += u32::from(last.is_some_and(|last| answerer.is_other_than(last)));
    }

    /// The present attempt came to nothing: all its time is lost time.
    pub fn lose_attempt(&mut self, now: Time) {
        self.has_strays = true;
        self.open.aside_mut().stalled_since = None;
        self.open.was_in_vain(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_replica_is_another_by_its_name_and_a_server_without_a_tunnel_by_its_container() {
        let answerer = |replica: Option<u32>, container| Answerer {
            replica: replica.map(|index| ReplicaId::at(index as usize)),
            container: Some(ContainerId::at(container)),
        };
        let is_hop = |from: Answerer, to: Answerer| to.is_other_than(from);
        assert!(is_hop(answerer(Some(0), 0), answerer(Some(1), 0)));
        assert!(!is_hop(answerer(Some(0), 0), answerer(Some(0), 1)));
        assert!(is_hop(answerer(None, 0), answerer(None, 1)));
        assert!(is_hop(answerer(None, 1), answerer(Some(0), 0)));
        assert!(!is_hop(answerer(Some(0), 0), answerer(None, 0)));
    }
}
