//! A connector: one cloudflared process with its supervisor and the diallers of its connections.

use std::collections::BTreeMap;
use std::rc::Rc;

use super::backoff::{Backoff, STAGE_A_BASE, STAGE_B_BASE};
use super::blueprint::{Protocol, Replica, Service};
use super::circuit::CircuitId;
use super::geography::{ConnectorCatchment, EdgeServer};
use super::ids::ContainerId;
use super::ingress::Rules;
use super::naming::Meaning;
use super::supervised::Supervised;
use crate::kernel::integral::TimeWeighted;
use crate::kernel::random::Stream;
use crate::kernel::time::{Span, Time};

/// Dial failures in a row after which a connection may fall back to HTTP/2: `--max-edge-addr-retries` is 8, and
/// the ninth failure goes past it.
pub const DIAL_FAILURES_TO_FALL_BACK: u32 = 9;

/// What a process does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Phase {
    /// It does not run.
    Off,
    /// It runs.
    Running,
    /// It was told to stop and finishes what it has.
    Draining,
}

/// What one connection's dialler does.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DialState {
    /// Not started, or stopped with its process.
    Idle,
    /// It dials.
    Dialling {
        /// Since when.
        since: Time,
        /// Whether something answers.
        answered: bool,
    },
    /// It is through and waits for the answer to its registration.
    Registering,
    /// It waits alone (stage A).
    Waiting,
    /// It waits for the supervisor's shared timer (stage B).
    WithSupervisor,
    /// It is connected.
    Connected(CircuitId),
}

/// Why a dial or a connection failed, as far as cloudflared tells causes apart.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Failure {
    /// Nothing answered the dial.
    Dial,
    /// The edge refused the registration, or did not answer it.
    Registration,
    /// An established connection was lost.
    Lost,
}

/// One connection's way to the edge.
#[derive(Debug)]
pub struct Dialler {
    /// What it does.
    pub state: DialState,
    /// Counts its steps: events of an earlier step are stale.
    pub step: u32,
    /// Its own back-off.
    pub stage_a: Backoff,
    /// The source of its waits.
    pub waits: Stream,
    /// The source of its servers.
    pub places: Stream,
    /// Dial failures since the last fallback.
    pub dial_failures: u32,
    /// The transport of its next dial.
    pub http2: bool,
    /// Whether it fell back to HTTP/2 and has not registered since.
    pub in_fallback: bool,
    /// Whether the supervisor started its present dial.
    pub by_supervisor: bool,
    /// Whether the failure it waits after asks for a fallback.
    pub should_fall_back: bool,
    /// The server it dials.
    pub target: Option<EdgeServer>,
    /// How often it has registered.
    pub registrations: u32,
}

impl Dialler {
    /// A dialler that has not started.
    pub fn new(protocol: Protocol, waits: Stream, places: Stream) -> Self {
        Dialler {
            state: DialState::Idle,
            step: 0,
            stage_a: Backoff::new(STAGE_A_BASE),
            waits,
            places,
            dial_failures: 0,
            http2: protocol == Protocol::Http2,
            in_fallback: false,
            by_supervisor: false,
            should_fall_back: false,
            target: None,
            registrations: 0,
        }
    }

    /// Back to the state of a new process.
    pub fn reset(&mut self, http2: bool) {
        self.state = DialState::Idle;
        self.step += 1;
        self.stage_a.reset();
        self.dial_failures = 0;
        self.http2 = http2;
        self.in_fallback = false;
        self.by_supervisor = false;
        self.should_fall_back = false;
        self.target = None;
    }

    /// Notes a failure and whether it asks for another protocol.
    pub fn note(&mut self, failure: Failure) {
        self.should_fall_back = match failure {
            Failure::Dial => {
                self.dial_failures += 1;
                let exhausted = self.dial_failures >= DIAL_FAILURES_TO_FALL_BACK;
                if exhausted {
                    self.dial_failures = 0;
                }
                exhausted
            }
            Failure::Registration | Failure::Lost => true,
        };
    }

    /// After the wait: falls back to HTTP/2, or returns to QUIC, as cloudflared's `selectNextProtocol` does.
    pub fn select_protocol(&mut self, quic_ever_worked: bool) {
        if !self.should_fall_back || quic_ever_worked {
            return;
        }
        if self.stage_a.is_at_maximum() && !self.http2 {
            self.http2 = true;
            self.in_fallback = true;
            self.stage_a.reset();
        } else if !self.in_fallback {
            self.http2 = false;
        }
    }
}

/// The changing part of a replica: its process.
#[derive(Debug)]
pub struct Connector {
    /// What the process does.
    pub phase: Phase,
    /// The connector id of the process, new at every start.
    pub id: u64,
    /// Its lives, and whether it comes back after one.
    pub process: Supervised,
    /// The diallers of its connections.
    pub diallers: Vec<Dialler>,
    /// The supervisor's shared back-off.
    pub stage_b: Backoff,
    /// The source of its waits.
    pub supervisor: Stream,
    /// Whether the supervisor's timer runs.
    pub supervisor_armed: bool,
    /// Whether any connection of this process was ever registered.
    pub ever_connected: bool,
    /// Whether QUIC ever worked in this process.
    pub quic_ever_worked: bool,
    /// Whether connection 0 still loops on its own.
    pub first_loops_alone: bool,
    /// Whether the other connections have been started.
    pub others_started: bool,
    /// Where its addresses lead.
    pub catchment: ConnectorCatchment,
    /// The rules in force; none before the first push.
    pub rules: Option<Rc<Rules>>,
    /// The version of the rules.
    pub version: u32,
    /// What each rule's service means on this host.
    pub meanings: Vec<Meaning>,
    /// Whether it starts again after it has drained.
    pub restarts_after_exit: bool,
    /// Time with a running process.
    pub up: TimeWeighted,
    last_dialled: BTreeMap<ContainerId, Time>,
}

impl Connector {
    /// A process that has not started.
    pub fn new(
        replica: &Replica,
        catchment: ConnectorCatchment,
        supervisor: Stream,
        diallers: Vec<Dialler>,
        horizon: Time,
    ) -> Self {
        debug_assert_eq!(diallers.len(), usize::from(replica.connections));
        Connector {
            phase: Phase::Off,
            id: 0,
            process: Supervised::new(replica.restart),
            diallers,
            stage_b: Backoff::new(STAGE_B_BASE),
            supervisor,
            supervisor_armed: false,
            ever_connected: false,
            quic_ever_worked: false,
            first_loops_alone: true,
            others_started: false,
            catchment,
            rules: None,
            version: 0,
            meanings: Vec::new(),
            restarts_after_exit: false,
            up: TimeWeighted::new(0, horizon),
            last_dialled: BTreeMap::new(),
        }
    }

    /// A new process: nothing is remembered of the one before.
    pub fn starts(&mut self, now: Time, id: u64, http2: bool) {
        self.phase = Phase::Running;
        self.id = id;
        self.process.starts(now);
        self.stage_b.reset();
        self.supervisor_armed = false;
        self.ever_connected = false;
        self.quic_ever_worked = false;
        self.first_loops_alone = true;
        self.others_started = false;
        self.last_dialled.clear();
        for dialler in &mut self.diallers {
            dialler.reset(http2);
        }
        self.up.set(now, 1);
    }

    /// The process is gone.
    pub fn ends(&mut self, now: Time) {
        self.phase = Phase::Off;
        self.process.ends();
        for dialler in &mut self.diallers {
            dialler.state = DialState::Idle;
            dialler.step += 1;
        }
        self.up.set(now, 0);
    }

    /// The container a rule means when its service is an address.
    pub fn meant_for(&self, rule: usize) -> Option<&str> {
        match &self.rules.as_ref()?.rules()[rule].service {
            Service::Origin { meant_for, .. } => meant_for.as_deref(),
            _ => None,
        }
    }

    /// Whether a request to a container needs a new connection: the first one, or the first after the keep-alive.
    pub fn dials_afresh(&mut self, container: ContainerId, now: Time, keep_alive: Span) -> bool {
        let last = self.last_dialled.insert(container, now);
        last.is_none_or(|last| now.since(last) > keep_alive)
    }
}
