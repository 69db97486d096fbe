//! Rules and delays that hold for the whole world.

use crate::kernel::time::Span;
use crate::kernel::variate::Distribution;
use crate::world::geography::{CatchmentPreset, MetroId};
use crate::world::ids::*;

/// The edge's and the network's own behaviour. The defaults with their grades and sources stand in
/// the scenario floor's declaration of the same fields.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Which metro a client network's packets reach.
    pub catchment: CatchmentPreset,
    /// Client networks per city.
    pub networks_per_city: u32,
    /// Whether every packet draws its own excess delay.
    pub jitter: bool,
    /// Whether every pair of places has its own persistent factor.
    pub path_factors: bool,
    /// Whether every host and client draws its own last mile (else the median of its kind).
    pub access_spread: bool,
    /// Whether placements and path factors are the same in every replication.
    pub worlds_fixed: bool,
    /// Time from a registry change at one data centre until all edges know it.
    pub propagation: Distribution,
    /// Time until the other edges notice that a server, data centre or metro died, or a backbone pair was cut.
    pub edge_death_notice: Span,
    /// How long the edge waits for an answer before it says 524.
    pub attempt_deadline: Span,
    /// Start-up time of a cloudflared process.
    pub process_start: Span,
    /// Fixed part of dialling and registering a connection, beside two round trips.
    pub dial_overhead: Span,
    /// How long a dial into silence takes until it fails.
    pub dial_timeout: Span,
    /// Time until an overwritten DNS record is in force at the edge.
    pub dns_overwrite_delay: Span,
    /// Replicas a tunnel accepts.
    pub replica_limit: u32,
    /// Connections a tunnel accepts.
    pub connection_limit: u32,
    /// How long after a change of status its alert is sent.
    pub alert_delay: Span,
    /// How long the answer "no such host" takes.
    pub no_such_host_delay: Span,
    /// Idle time after which cloudflared closes a connection to a service.
    pub origin_keep_alive: Span,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            catchment: CatchmentPreset::Default,
            networks_per_city: 4,
            jitter: true,
            path_factors: true,
            access_spread: true,
            worlds_fixed: false,
            propagation: Distribution::Uniform {
                low: Span::ZERO,
                high: Span::from_secs(1),
            },
            edge_death_notice: Span::from_secs(1),
            attempt_deadline: Span::from_secs(120),
            process_start: Span::from_secs(1),
            dial_overhead: Span::from_millis(100),
            dial_timeout: Span::from_secs(5),
            dns_overwrite_delay: Span::from_secs(5),
            replica_limit: 25,
            connection_limit: 100,
            alert_delay: Span::from_secs(60),
            no_such_host_delay: Span::from_millis(20),
            origin_keep_alive: Span::from_secs(90),
        }
    }
}

/// One end of a measured link.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum LinkEnd {
    /// All clients of a group, from their own device on.
    Group(GroupId),
    /// An edge metro.
    Metro(MetroId),
    /// A host, its access included.
    Host(HostId),
    /// A store, its access included.
    Store(StoreId),
}

/// A measured, constant round trip between two ends. It replaces path, factor, jitter and both accesses.
#[derive(Clone, Copy, Debug)]
pub struct Link {
    /// The two ends, in either order.
    pub between: (LinkEnd, LinkEnd),
    /// The round trip.
    pub round_trip: Span,
}
