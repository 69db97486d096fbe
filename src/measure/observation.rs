//! The closed list of facts that a simulation reports.
//!
//! Everything that is measured, drawn or explained is made of these records and of nothing else; the run's
//! fingerprint hashes them, so it survives every change of the engine that changes no fact.

use super::outcome::Outcome;
use crate::kernel::time::{Span, Time};
use crate::world::geography::{DataCentre, MetroId};
use crate::world::ids::*;

pub use crate::world::store::BreakCause;

/// A request's name, the same under every policy: `group/session/request`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RequestId {
    /// The client group.
    pub group: GroupId,
    /// The session's number in its group, from 0.
    pub session: u64,
    /// The request's number in its session, from 0.
    pub request: u32,
}

/// Where the time of a request went. The parts add up to closed minus born.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Parts {
    /// Travelling, on the attempt that counted.
    pub network: Span,
    /// Waiting for a worker.
    pub waiting: Span,
    /// In service.
    pub service: Span,
    /// Waiting for a store.
    pub store: Span,
    /// Lost on attempts that came to nothing, on silence, and on lookups that failed.
    pub stalled: Span,
}

/// What a request found of its session's or content's state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StateFound {
    /// Nothing was looked up.
    NotAsked,
    /// Nothing, and nothing had been acknowledged before.
    Fresh,
    /// The newest acknowledged version.
    Found,
    /// An older version.
    Stale,
    /// Nothing, although something had been acknowledged.
    Missing,
}

/// A request that ended.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct RequestSeen {
    /// Its name.
    pub id: RequestId,
    /// What it asked for.
    pub hostname: HostnameId,
    /// Whether it may not be replayed (POST).
    pub is_write: bool,
    /// When the client sent it.
    pub born: Time,
    /// When the client had its answer, its error, or gave up.
    pub closed: Time,
    /// The metro it entered by last.
    pub entry: MetroId,
    /// The endpoint a balancer chose, if there was one.
    pub endpoint: Option<EndpointId>,
    /// The connection of the last attempt.
    pub connection: Option<ConnectionRef>,
    /// The container that the request last reached.
    pub container: Option<ContainerId>,
    /// Attempts made at connections.
    pub attempts: u16,
    /// How it ended.
    pub outcome: Outcome,
    /// The status the client saw; 0: none.
    pub status: u16,
    /// Where the time went.
    pub parts: Parts,
    /// What it found of its state.
    pub state: StateFound,
    /// Whether another container than the intended one answered.
    pub wrong_service: bool,
    /// How often a service executed it while it was open.
    pub executions: u8,
}

impl RequestSeen {
    /// The time the client waited.
    #[inline]
    pub fn latency(&self) -> Span {
        self.closed.since(self.born)
    }

    /// Whether it lost time on an attempt that came to nothing, or on silence.
    #[inline]
    pub fn is_delayed(&self) -> bool {
        self.parts.stalled > Span::ZERO
    }

    /// Whether it went as most do: answered with 200 by the service that was meant, at the first attempt, after one
    /// execution, and without losing time.
    #[inline]
    pub fn is_usual(&self) -> bool {
        self.outcome.is_success()
            && self.status == 200
            && self.attempts == 1
            && self.executions <= 1
            && !self.wrong_service
            && !self.is_delayed()
    }
}

/// What became of a session's state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SessionFate {
    /// Every lookup found what had been acknowledged.
    Intact,
    /// A lookup found nothing or an old version.
    Broken(BreakCause),
    /// The client left after an error, its state still whole.
    Abandoned,
}

/// A session that ended.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct SessionSeen {
    /// Its group.
    pub group: GroupId,
    /// Its number in its group.
    pub session: u64,
    /// The visitor behind it.
    pub visitor: u64,
    /// When its first request was sent.
    pub born: Time,
    /// When its last request was closed.
    pub ended: Time,
    /// Requests sent.
    pub requests: u32,
    /// Requests that failed.
    pub failed: u32,
    /// How often two successive answers came from different replicas.
    pub hops: u32,
    /// Whether something of it was ever acknowledged (a cart or a login exists).
    pub acknowledged: bool,
    /// What became of its state.
    pub fate: SessionFate,
    /// For a cart: whether it reached its last request; none for other sessions.
    pub checkout: Option<Checkout>,
}

/// What became of the last request of a cart session.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Checkout {
    /// It succeeded with the whole cart.
    Done,
    /// It failed, found no whole cart, or was never sent.
    Lost,
}

/// What a change happened to.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Entity {
    /// A fault of the scenario.
    Fault(FaultId),
    /// A host.
    Host(HostId),
    /// A replica's process.
    Replica(ReplicaId),
    /// One connection.
    Connection(ConnectionRef),
    /// A tunnel.
    Tunnel(TunnelId),
    /// A container.
    Container(ContainerId),
    /// A store.
    Store(StoreId),
    /// A metro.
    Metro(MetroId),
    /// A data centre.
    DataCentre(DataCentre),
    /// A DNS record.
    Record(RecordId),
    /// A pool.
    Pool(PoolId),
    /// An endpoint.
    Endpoint(EndpointId),
    /// A client group.
    Group(GroupId),
    /// The provider as a whole.
    Provider,
}

/// The vendor's four words for a tunnel's state, which say nothing of the services behind it.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum TunnelStatus {
    /// Never connected.
    Inactive,
    /// Every running connector has all its connections.
    Healthy,
    /// Some connection is missing.
    Degraded,
    /// No connection.
    Down,
}

impl TunnelStatus {
    /// Every status.
    pub const ALL: [TunnelStatus; 4] = [
        TunnelStatus::Inactive,
        TunnelStatus::Healthy,
        TunnelStatus::Degraded,
        TunnelStatus::Down,
    ];

    /// The vendor's word.
    pub fn name(self) -> &'static str {
        match self {
            TunnelStatus::Inactive => "inactive",
            TunnelStatus::Healthy => "healthy",
            TunnelStatus::Degraded => "degraded",
            TunnelStatus::Down => "down",
        }
    }
}

/// What happened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Happening {
    /// A fault struck.
    Strikes,
    /// A fault cleared.
    Clears,
    /// Power, a store or an edge part is back; a container listens again.
    Up,
    /// It is gone.
    Down,
    /// A host's line is back.
    LineUp,
    /// A host's line is cut.
    LineDown,
    /// It accepts and never answers.
    Hangs,
    /// It is slower by this factor, in thousandths.
    Slow(u32),
    /// It refuses new work while it finishes the old.
    Drains,
    /// A process started, with a new connector id.
    Starts {
        /// The new connector id.
        connector: u64,
    },
    /// A connection is registered at a data centre.
    Registers {
        /// Where.
        at: DataCentre,
        /// Whether over HTTP/2 instead of QUIC.
        http2: bool,
    },
    /// A registration was refused.
    Refused,
    /// A fault takes a connection away: reported once for each connection and strike, at the very moment at which
    /// the connection falls silent, is closed or is told to go.
    Severed {
        /// The fault.
        by: FaultId,
    },
    /// The edge closed its end of a connection.
    EdgeCloses {
        /// Whether silence told it, rather than a message.
        noticed: bool,
    },
    /// The connector's end of a connection is closed.
    ConnectorCloses,
    /// All edges know of the connection.
    Listed,
    /// No edge chooses the connection any more.
    Withdrawn,
    /// The connector dials.
    Dials {
        /// Whether over HTTP/2 instead of QUIC.
        http2: bool,
    },
    /// A tunnel's status changed.
    Status(TunnelStatus),
    /// An alert was sent for a tunnel's or pool's new state.
    Alert {
        /// Whether the news is good.
        healthy: bool,
    },
    /// A verdict on health changed.
    Health {
        /// The new verdict.
        healthy: bool,
    },
    /// A connector has a new configuration.
    Configured {
        /// Its version.
        version: u32,
    },
    /// A DNS record was accepted.
    RecordCreated,
    /// A DNS record was refused: code 1003.
    RecordRefused,
    /// A DNS record replaced another.
    RecordReplaced,
    /// Clients reach another metro.
    Moves {
        /// The new metro.
        to: MetroId,
    },
    /// New content was deployed.
    Deployed {
        /// Its version.
        version: u32,
    },
    /// A copy of a store became the primary.
    Promoted,
}

/// A change of state.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Change {
    /// When.
    pub at: Time,
    /// What it happened to.
    pub entity: Entity,
    /// What happened.
    pub what: Happening,
}

/// One fact.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Observation {
    /// A request ended.
    Request(RequestSeen),
    /// A session ended.
    Session(SessionSeen),
    /// Something changed.
    Change(Change),
}
