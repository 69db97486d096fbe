//! The closed list of things a fault can do to the world.
//!
//! A fault kind translates its parameters into effects when the scenario is read; the simulation applies them
//! in one place. Only a kind with a new effect touches more than its own file, and then the compiler's
//! exhaustive match names the place.

use crate::kernel::time::Span;
use crate::world::blueprint::RuleSet;
use crate::world::geography::{DataCentre, EdgeServer, MetroId};
use crate::world::ids::*;

/// What is done to the world when a fault strikes or clears.
#[derive(Clone, Debug, PartialEq)]
pub enum Effect {
    /// Power of a host on or off.
    HostPower(HostId, bool),
    /// The line of a host up or down; the host itself goes on.
    HostLine(HostId, bool),
    /// A graceful stop of a host (SIGTERM, grace, off); `HostPower(_, true)` boots it again.
    HostShutdown(HostId),
    /// UDP port 7844 of a host blocked or open: new and running QUIC connections fall silent.
    UdpBlocked(HostId, bool),
    /// A cloudflared process ends without a word (SIGKILL); its restart policy rules what follows.
    ConnectorKill(ReplicaId),
    /// A cloudflared process is told to stop (SIGTERM); it stays down until `ConnectorStart`.
    ConnectorStop(ReplicaId),
    /// A cloudflared process is told to stop and starts again once it has exited.
    ConnectorRestart(ReplicaId),
    /// A cloudflared process starts.
    ConnectorStart(ReplicaId),
    /// One connection is closed; both ends know at once.
    ConnectionDrop(ConnectionRef),
    /// One server of the edge up or down.
    EdgeServerUp(EdgeServer, bool),
    /// The server that holds this connection at the moment of the strike; it stays down until the fault clears.
    ServerOfConnection(ConnectionRef, bool),
    /// One data centre up or down.
    DataCentreUp(DataCentre, bool),
    /// The data centre that holds this connection at the moment of the strike.
    DataCentreOfConnection(ConnectionRef, bool),
    /// All data centres of a metro up or down.
    MetroUp(MetroId, bool),
    /// Planned maintenance of a data centre: traffic withdrawn first, connections closed with a word.
    DataCentreMaintenance(DataCentre, bool),
    /// New registrations frozen or possible again.
    RegistrationsFrozen(bool),
    /// A container is stopped by hand (`docker stop`).
    ContainerStop(ContainerId),
    /// A container is started by hand.
    ContainerStart(ContainerId),
    /// The process of a container dies; Docker's restart policy rules what follows.
    ContainerCrash(ContainerId),
    /// The process of a container dies again and again, each time after running this long, until told otherwise.
    ContainerCrashLoop(ContainerId, Option<Span>),
    /// A container accepts and never answers, or answers again.
    ContainerHang(ContainerId, bool),
    /// The container is up but nothing listens, or it listens again.
    ContainerRefuses(ContainerId, bool),
    /// Service takes this many thousandths of its normal time (1000: normal).
    ContainerSlow(ContainerId, u32),
    /// Something of a store.
    Store(StoreId, StoreEffect),
    /// The backbone between two metros is cut or whole.
    PathCut(MetroId, MetroId, bool),
    /// The backbone between two metros takes this much longer for a round trip.
    PathSlow(MetroId, MetroId, Span),
    /// The clients of a group (or only a share of its networks) reach this metro, or their own again.
    CatchmentFlip {
        /// The group.
        group: GroupId,
        /// The share of its networks that move.
        share: f64,
        /// Where to; none: back home.
        to: Option<MetroId>,
    },
    /// A share of all requests fails at the provider, whatever the replicas do.
    ProviderIncident(f64),
    /// New rules for a remotely managed tunnel.
    ConfigPush(TunnelId, RuleSet),
    /// Rules that the connectors refuse: the old ones stay.
    BadConfigPush(TunnelId),
    /// New content on the stores of these containers.
    Deploy(Vec<ContainerId>),
    /// An endpoint of a pool in use or disabled.
    EndpointEnabled(EndpointId, bool),
    /// A pool in use or disabled.
    PoolEnabled(PoolId, bool),
}

/// What is done to a store.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum StoreEffect {
    /// It refuses connections, or works again.
    Refuses(bool),
    /// It is silent, or answers again.
    Silent(bool),
    /// It takes this much longer for each answer; zero: no longer.
    Slow(Span),
    /// It loses all it has.
    Lost,
    /// Its copies are cut off from each other, or see each other again.
    Partitioned(bool),
}
