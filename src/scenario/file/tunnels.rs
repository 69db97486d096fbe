//! `tunnels:` and `dns:`, the way from a hostname to the hosts.

use super::hosts::Restart;
use super::words::{Managed, Routing};
use crate::fault::{EdgeCode, Reference, References};
use crate::notation::{
    Context, Decode, DistributionSpec, Duration, Entries, Hostname, Id, Node, PositiveDuration,
    Shape, Spanned, TypeDescription, Value, Whole, block,
};
use crate::scenario::limits::{CONNECTIONS_MAX, COPIES_MAX};
use crate::world::blueprint::Protocol;
use crate::world::cloudflared_config::Ingress;

block! {
    /// A tunnel: the object that hostnames lead to.
    pub struct TunnelFile as "tunnel" {
        /// Its replicas: names with settings, or a list of hosts with one replica each.
        replicas: ReplicasFile = required,
        /// How an edge picks a connection.
        routing: Routing = "closest" (documented: "Cloudflare One, deploy replicas: the geographically closest"),
        /// What the edge does when a connection fails.
        retry: RetryFile = "{}" (assumed: "see its fields"),
        /// Who manages the rules: with `remote` the edge pushes them to every connector, with `local` each replica
        /// reads its own file.
        config: Managed = "remote" (documented: "the way of the dashboard"),
        /// The rules: cloudflared's own grammar, or the name of a `config.yml`. With `config: local` they are the file
        /// of every replica that has none of its own.
        ingress: Ingress = optional,
        /// Time from a push until a connector has it: a length of time or a law.
        rollout: DistributionSpec = "{uniform: [0s, 2s]}" (assumed: "not published"),
        /// Silence after which a QUIC connection is dead.
        idle_timeout: PositiveDuration = "5s" (read: "cloudflared, quic/constants.go"),
        /// Time after the last packet until the connector pings.
        ping: PositiveDuration = "1s" (read: "cloudflared, quic/constants.go"),
        /// Silence after which the edge gives up an HTTP/2 connection.
        http2_silence: PositiveDuration = "30s" (assumed: "not published; cloudflared itself has no heartbeat"),
    }
}

block! {
    /// What the edge does with a request whose connection fails. A 502 of a live connector is never retried.
    pub struct RetryFile as "retry" {
        /// How many other connections are tried.
        others: Whole<0, CONNECTIONS_MAX> = "3" in "connections" (assumed: "not published"),
        /// Whether the connections of the same connector are left out.
        skip_same_connector: bool = "false" (assumed: "not published"),
        /// Whether requests that are not replayable (POST) are retried too.
        writes: bool = "false" (assumed: "not published; a write sent twice may be done twice"),
    }
}

block! {
    /// One cloudflared process and its successors after restarts.
    pub struct ReplicaFile as "replica" {
        /// The host it runs on.
        host: Reference = required,
        /// When its process first starts; at 0s it is connected from the first instant.
        starts: Duration = "0s" (assumed: "runs begin in a settled state"),
        /// How many connections it keeps.
        connections: Whole<1, 20> = "4" in "connections" (read: "cloudflared, cmd/cloudflared/tunnel/cmd.go"),
        /// The transport.
        protocol: Protocol = "auto" (read: "cloudflared, connection/protocol.go"),
        /// Where its connections go: one edge for each of the two address groups, or one for each connection.
        /// Left out, the placement model decides. Group 1 uses data centres with odd numbers, group 2 with even ones.
        edges: Vec<Spanned<EdgeCode>> = optional,
        /// The container networks it is attached to; `[]` means that it runs outside Docker. Left out, all networks
        /// that its host's containers use.
        networks: Vec<Spanned<Id>> = optional,
        /// The rules of its own file, for tunnels with `config: local`.
        ingress: Ingress = optional,
        /// How long it drains when it is asked to stop.
        grace_period: Duration = "30s" (read: "cloudflared, cmd/cloudflared/tunnel/cmd.go"),
        /// From SIGTERM to SIGKILL, by Docker or systemd.
        stop_grace: Duration = "10s" (documented: "docker stop and Compose's stop_grace_period"),
        /// What restarts it when it exits, and after its host boots.
        restart: Restart = "unless-stopped" (assumed: "connectors run as a service or with this policy"),
        /// How many equal replicas there are; they are called NAME-1, NAME-2, ... Left out, there is one, called NAME.
        copies: Whole<1, COPIES_MAX> = optional in "replicas",
    }
}

/// Replicas by name, or hosts with one replica each.
#[derive(Clone, Debug)]
pub enum ReplicasFile {
    /// Names with settings.
    Named(Entries<ReplicaFile>),
    /// Hosts; each replica is called like its host.
    Hosts(References),
}

impl Decode for ReplicasFile {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        match &node.value {
            Value::Map(_) | Value::Null => Entries::decode(node, context).map(ReplicasFile::Named),
            _ => References::decode(node, context).map(ReplicasFile::Hosts),
        }
    }

    fn describe() -> TypeDescription {
        TypeDescription {
            name: "".into(),
            doc: "".into(),
            unit: "",
            shape: Shape::OneOf(vec![Entries::<ReplicaFile>::describe, References::describe]),
        }
    }
}

block! {
    /// A DNS record as somebody asks for it.
    pub struct DnsFile as "dns-record" {
        /// The public hostname.
        hostname: Hostname = required,
        /// The tunnel it leads to.
        tunnel: Reference = optional,
        /// The load balancer it leads to, which wins over a tunnel's record.
        balancer: Reference = optional,
        /// `true` if it leads to a tunnel that was deleted: error 1016.
        deleted_tunnel: bool = "false" (assumed: "records lead to something"),
        /// When it is asked for.
        at: Duration = "0s" (assumed: "records are there before the run"),
        /// Whether an existing record of that hostname is replaced; otherwise the request is refused with code 1003.
        overwrite: bool = "false" (read: "cloudflared, cfapi/hostname.go"),
    }
}
