//! Machines, container networks and containers.

use super::Site;
use crate::kernel::time::Span;
use crate::kernel::variate::Distribution;
use crate::world::geography::Access;
use crate::world::ids::*;

/// A machine with everything on it.
#[derive(Clone, Debug)]
pub struct Host {
    /// The host's name.
    pub name: String,
    /// Where it stands.
    pub site: Site,
    /// Its last mile.
    pub access: Access,
    /// From power to a running Docker daemon.
    pub boot: Distribution,
    /// From SIGTERM to SIGKILL for its containers.
    pub stop_grace: Span,
    /// Whether containers and cloudflared get SIGTERM together, or cloudflared drains first.
    pub stop_order: StopOrder,
}

/// Which processes a graceful stop of a host ends first.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum StopOrder {
    /// All at the same moment.
    Together,
    /// cloudflared drains, and only then the containers stop.
    ConnectorFirst,
}

/// How far a container network reaches.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Reach {
    /// Local to one host: two hosts with a bridge of the same name have two networks.
    Bridge,
    /// Docker's default bridge: local, without name resolution.
    DefaultBridge,
    /// Spans its hosts with container names.
    Overlay,
    /// Spans its hosts with addresses and host names, but no container names (WireGuard, Tailscale).
    Mesh,
}

/// A container network.
#[derive(Clone, Debug)]
pub struct Network {
    /// The network's name.
    pub name: String,
    /// How far it reaches.
    pub reach: Reach,
    /// Delay that the tunnelling adds to every round trip between hosts.
    pub added_round_trip: Span,
}

/// A container's place on a network.
#[derive(Clone, Debug)]
pub struct Attachment {
    /// The network.
    pub network: NetworkId,
    /// A fixed address, if the scenario gives one.
    pub address: Option<String>,
}

/// What Docker does when a process exits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum RestartPolicy {
    /// Nothing (Docker's default).
    No,
    /// Restart after a failure, at most so many times.
    OnFailure {
        /// The limit; none: no limit.
        max: Option<u32>,
    },
    /// Restart always, after a reboot even when stopped by hand.
    Always,
    /// Restart unless stopped by hand.
    UnlessStopped,
}

/// Docker's health check, which reports and does nothing else.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct HealthCheck {
    /// Time between probes.
    pub interval: Span,
    /// Time a probe may take.
    pub timeout: Span,
    /// Failures in a row until `unhealthy`.
    pub retries: u32,
    /// Time after the start in which failures do not count.
    pub start_period: Span,
}

/// A service process in its container.
#[derive(Clone, Debug)]
pub struct Container {
    /// The container's name, unique on its host.
    pub name: String,
    /// The host it runs on.
    pub host: HostId,
    /// Further names on its networks.
    pub aliases: Vec<String>,
    /// Its networks.
    pub attachments: Vec<Attachment>,
    /// The port it listens on; a connection to another port is refused.
    pub port: u16,
    /// Whether the port is published on the host (reachable as localhost).
    pub published: bool,
    /// Requests served at the same time.
    pub workers: u32,
    /// Requests that may wait.
    pub queue_limit: u32,
    /// Time of service of a request.
    pub service_time: Distribution,
    /// From start to listening.
    pub start_up: Distribution,
    /// What Docker does when it exits.
    pub restart: RestartPolicy,
    /// Docker's health check.
    pub health_check: Option<HealthCheck>,
    /// Where it keeps state.
    pub store: Option<StoreId>,
}
