//! Tunnels, their replicas, ingress rules and DNS records.

use super::RestartPolicy;
use crate::kernel::time::Span;
use crate::kernel::variate::Distribution;
use crate::world::geography::MetroId;
use crate::world::ids::*;

/// A tunnel: the object that hostnames lead to.
#[derive(Clone, Debug)]
pub struct Tunnel {
    /// The tunnel's name.
    pub name: String,
    /// Its replicas, in declared order.
    pub replicas: Vec<ReplicaId>,
    /// The routing belief, by its registered name.
    pub routing: String,
    /// The rules pushed to every connector; none: each replica has its own file.
    pub remote_rules: Option<RuleSet>,
    /// Time from a push until a connector has it.
    pub rollout: Distribution,
    /// Further connections tried after a connection failure.
    pub retry_others: u32,
    /// Whether a retry avoids the connector whose connection just failed.
    pub retry_skips_connector: bool,
    /// Whether requests that are not replayable are retried too.
    pub retry_writes: bool,
    /// Silence after which a QUIC connection is dead.
    pub idle_timeout: Span,
    /// Time after the last packet until the connector pings.
    pub ping: Span,
    /// Silence after which the edge gives up an HTTP/2 connection.
    pub http2_silence: Span,
}

/// An ordered list of ingress rules.
pub type RuleSet = Vec<IngressRule>;

/// One ingress rule: the first one that matches a request decides.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IngressRule {
    /// The hostname it matches; none: every hostname.
    pub hostname: Option<HostPattern>,
    /// The path pattern, unanchored; none: every path.
    pub path: Option<String>,
    /// What answers.
    pub service: Service,
    /// How long a connection to the service may take.
    pub connect_timeout: Span,
}

/// A hostname pattern of an ingress rule, lower case.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum HostPattern {
    /// This hostname only.
    Exact(String),
    /// Every hostname that ends in this suffix, which starts with a dot.
    Suffix(String),
}

/// What a rule points at.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Service {
    /// A server reached by name or address, `localhost` included.
    Origin {
        /// Name or address.
        host: String,
        /// Port.
        port: u16,
        /// The container the author of the rule means, when `host` is an address that another container may have.
        meant_for: Option<String>,
    },
    /// A fixed status.
    Status(u16),
    /// cloudflared's built-in test page.
    HelloWorld,
}

/// The transport between connector and edge.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Protocol {
    /// QUIC with a fallback to HTTP/2.
    Auto,
    /// QUIC only.
    Quic,
    /// HTTP/2 only.
    Http2,
}

/// A pinned edge of a connection: a metro and, if it matters, its data centre.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PinnedEdge {
    /// The metro.
    pub metro: MetroId,
    /// The data centre's number; none: the first free one of the address group.
    pub number: Option<u8>,
}

/// One cloudflared process and its successors after restarts.
#[derive(Clone, Debug)]
pub struct Replica {
    /// The replica's name, unique in its tunnel.
    pub name: String,
    /// Its tunnel.
    pub tunnel: TunnelId,
    /// Its host.
    pub host: HostId,
    /// When its process first starts; at zero it is fully connected from the first instant.
    pub starts_at: Span,
    /// How many connections it keeps.
    pub connections: u8,
    /// The transport.
    pub protocol: Protocol,
    /// Where its connections go, one entry per address group (2) or per connection; empty: placed by the model.
    pub edges: Vec<PinnedEdge>,
    /// The container networks it is attached to; empty: it runs outside Docker.
    pub networks: Vec<NetworkId>,
    /// Rules of its own file, for locally managed tunnels.
    pub local_rules: Option<RuleSet>,
    /// How long it drains when asked to stop.
    pub grace_period: Span,
    /// From SIGTERM to SIGKILL, by Docker or systemd.
    pub stop_grace: Span,
    /// What restarts it.
    pub restart: RestartPolicy,
}

/// Where a hostname leads.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum DnsTarget {
    /// A tunnel.
    Tunnel(TunnelId),
    /// A load balancer, which wins over a tunnel's record.
    Balancer(BalancerId),
    /// A tunnel that does not exist (deleted): 530 with error 1016.
    Nowhere,
}

/// One DNS record as somebody asks for it.
#[derive(Clone, Debug)]
pub struct DnsRecord {
    /// The public hostname.
    pub hostname: HostnameId,
    /// Where it leads.
    pub target: DnsTarget,
    /// When it is asked for.
    pub at: Span,
    /// Whether an existing record is replaced.
    pub overwrite: bool,
}
