//! Everything that can happen, and the order of things that happen at one instant.

use super::Job;
use super::session::SessionId;
use crate::kernel::slab::Id;
use crate::world::circuit::CircuitId;
use crate::world::container::InService;
use crate::world::ids::*;
use crate::world::networks::NetworkIndex;

/// One step of a session's journey; it is stale once the session has taken another.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Step {
    /// The session.
    pub session: SessionId,
    /// The step's number in the session's life.
    pub hop: u32,
}

/// A job in a container.
pub type JobRef = Id<InService<Job>>;

/// What can happen, in the order it happens to a request; then to connectors, containers and the rest.
#[derive(Clone, Copy, Debug)]
pub enum Event {
    /// A client of a group comes.
    SessionStarts(GroupId),
    /// A client sends its request.
    Sends(Step),
    /// A request reaches the edge metro of its client.
    ReachesEdge(Step),
    /// An attempt reaches the data centre of its connection.
    ReachesDataCentre(Step),
    /// An attempt reaches the connector.
    ReachesConnector(Step),
    /// A request whose whole way in was settled reaches the connector.
    SettledArrives(Step),
    /// The answer of a service that ended unattended reaches the client.
    SettledAnswers(Step),
    /// An attempt reaches its container over a network between hosts.
    ReachesContainer(Step),
    /// Whoever dialled a service knows that the attempt came to nothing there.
    OriginFails(Step),
    /// A service has done its part of a job.
    ServiceEnds(ContainerId, JobRef),
    /// The store of a container has answered, or its time is up.
    StoreAnswers(ContainerId, JobRef),
    /// The answer of a service on another host is back at the connector.
    Departs(Step),
    /// The edge that sent an attempt learns that it came to nothing.
    AttemptFails(Step),
    /// An answer or an error reaches the client.
    AnswerArrives(Step),
    /// The edge's time-out or the client's patience ends.
    TimeUp(Step),

    /// All edges know that a connection came or went.
    ListingChanges(CircuitId, bool),
    /// The other edges notice that the edge part of a connection is gone.
    EdgeLossNoticed(CircuitId),
    /// The edges notice that a pair of metros was cut.
    BackboneNoticed,
    /// Something of a replica's process.
    Connector(ReplicaId, u32, ConnectorEvent),
    /// Something of one connection's dialling.
    Dialler(ConnectionRef, u32, DialEvent),
    /// Something of a container's process.
    Container(ContainerId, u32, ContainerEvent),
    /// Something of a host.
    Host(HostId, u32, HostEvent),
    /// A client network reaches another metro.
    NetworkMoves(NetworkIndex),
    /// A fault strikes for the n-th time.
    FaultStrikes(FaultId, u32),
    /// A fault clears for the n-th time.
    FaultClears(FaultId, u32),
    /// Somebody asks for a DNS record.
    RecordAsked(RecordId),
    /// An overwritten DNS record is in force.
    RecordInForce(RecordId),
    /// A probe of a monitor starts: position in the list of all probes.
    ProbeStarts(u32),
    /// An alert is sent.
    AlertDue(AlertSubject, bool),
    /// A copy of an asynchronous store is promoted.
    StorePromotes(StoreId),
}

impl Event {
    /// Whether nothing that decides about a request's way in can change with it.
    pub fn leaves_world_as_it_is(&self) -> bool {
        matches!(
            self,
            Event::SessionStarts(_)
                | Event::Sends(_)
                | Event::ReachesEdge(_)
                | Event::ReachesDataCentre(_)
                | Event::ReachesConnector(_)
                | Event::SettledArrives(_)
                | Event::SettledAnswers(_)
                | Event::ReachesContainer(_)
                | Event::OriginFails(_)
                | Event::ServiceEnds(..)
                | Event::StoreAnswers(..)
                | Event::Departs(_)
                | Event::AttemptFails(_)
                | Event::AnswerArrives(_)
                | Event::TimeUp(_)
                | Event::ProbeStarts(_)
                | Event::AlertDue(..)
        )
    }
}

/// What an alert is about.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AlertSubject {
    /// A tunnel's status.
    Tunnel(TunnelId),
    /// A pool's health.
    Pool(PoolId),
}

/// What happens to a replica's process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ConnectorEvent {
    /// It is started for the first time.
    FirstStarts,
    /// It starts again.
    Starts,
    /// It is ready to dial.
    Ready,
    /// It starts the next of its first connections.
    StartsConnection(u8),
    /// The supervisor's shared timer ends.
    SupervisorWakes,
    /// It exits after its grace period.
    Exits,
    /// It has the configuration of this version.
    Configured(u32),
}

/// What happens to a connection that is being made.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DialEvent {
    /// The dial succeeded as far as the network goes.
    Connects,
    /// Nothing answered.
    Fails,
    /// The dial succeeded, and nobody answered the registration.
    Unanswered,
    /// The wait of stage A is over.
    WaitEnds,
}

/// What happens to a container's process.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ContainerEvent {
    /// It starts.
    Starts,
    /// It listens.
    Listens,
    /// It dies, in a crash loop.
    Dies,
    /// Docker's health check has failed often enough.
    Unhealthy,
}

/// What happens to a host.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum HostEvent {
    /// Docker runs after a boot.
    Booted,
    /// A graceful stop has come to its end.
    Off,
    /// With `connector-first`: cloudflared has drained and the containers are told.
    StopsContainers,
}

/// Timers that are re-set and cancelled as packets go.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Timer {
    /// The edge gives up a silent connection.
    EdgeIdle(CircuitId),
    /// The connector gives up a silent connection.
    NearIdle(CircuitId),
}

/// Events of one instant happen by class; within a class by the rank of the entity, then by its own count.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Class {
    /// Faults strike and clear.
    Faults,
    /// Detection and registry changes.
    Detection,
    /// Timers of connectors.
    Connectors,
    /// Containers and stores.
    Services,
    /// Answers.
    Answers,
    /// Arrivals and attempts.
    Arrivals,
    /// Deadlines.
    Deadlines,
}

/// The tie-break of an event: class, rank of its entity, the entity's own count.
#[inline]
pub fn order(class: Class, rank: u16, count: u64) -> u64 {
    const COUNT_BITS: u32 = 44;
    (class as u64) << 60 | u64::from(rank) << COUNT_BITS | (count & ((1 << COUNT_BITS) - 1))
}
