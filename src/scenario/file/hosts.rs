//! `hosts:` and `networks:`, the machines and what runs on them.

use std::borrow::Cow;

use serde_json::json;

use super::place::{City, Latitude, Longitude};
use crate::notation::{
    Decode, DistributionSpec, Duration, Entries, Id, InlineOr, Leaf, PositiveDuration, Refusal,
    Scalar, Spanned, Text, Whole, block, choice,
};
use crate::scenario::limits::{COPIES_MAX, QUEUE_MAX, WORKERS_MAX};
use crate::world::blueprint::{Reach, RestartPolicy, StopOrder};
use crate::world::geography::Access;

block! {
    /// A machine with everything on it.
    pub struct HostFile as "host" {
        /// City it stands in; needed unless `latitude` and `longitude` are given.
        city: City = optional,
        /// Latitude, instead of a city.
        latitude: Latitude = optional in "degrees north",
        /// Longitude, instead of a city.
        longitude: Longitude = optional in "degrees east",
        /// Its last mile.
        access: Access = "datacentre" (assumed: "a rented server"),
        /// From power to a running Docker daemon; left out, 30s in a data centre and 2 to 5 minutes elsewhere (assumed).
        boot: DistributionSpec = optional,
        /// From SIGTERM to SIGKILL for its containers.
        stop_grace: Duration = "10s" (documented: "docker stop and Compose's stop_grace_period"),
        /// Which processes a shutdown ends first.
        stop_order: StopOrder = "together" (assumed: "an init system stops units that do not depend on each other together"),
        /// How many equal hosts there are; they are called NAME-1, NAME-2, ... Left out, there is one, called NAME.
        copies: Whole<1, COPIES_MAX> = optional in "hosts",
        /// Its containers.
        containers: Entries<ContainerFile> = optional,
    }
}

block! {
    /// A service in its container.
    pub struct ContainerFile as "container" {
        /// The port it listens on; a connection to another port is refused.
        port: Whole<1, 65_535> = "80" (assumed: "the port of http"),
        /// Further names on its networks.
        aliases: Vec<Id> = optional,
        /// Its networks: a list of names, or names with a fixed address each. Left out, the network `default` of its
        /// host, which all containers and the connector there share.
        networks: NetworksOfContainer = optional,
        /// Whether its port is published on the host, where it is `localhost`.
        published: bool = "false" (documented: "Compose publishes no port unless told to"),
        /// Requests served at the same time.
        workers: Whole<1, WORKERS_MAX> = "8" in "requests" (assumed: "two workers on each of four cores"),
        /// Requests that may wait; beyond, 503.
        queue: Whole<0, QUEUE_MAX> = "1024" in "requests" (assumed: "a common listen backlog"),
        /// Time of service of a request: a length of time or a law.
        service_time: DistributionSpec = "{exponential: 5ms}" (assumed: "a light service"),
        /// From start to listening: a length of time or a law.
        start_up: DistributionSpec = "1s" (assumed: "services need 1 to 20 seconds"),
        /// What Docker does when its process exits.
        restart: Restart = "no" (documented: "Docker's default"),
        /// Docker's health check, which reports and does nothing else; left out, there is none.
        health_check: HealthCheckFile = optional,
        /// Where it keeps state: `memory`, `disk`, or the name of a store. Left out, it keeps none.
        store: Id = optional,
        /// The name of the data it keeps; left out, its own name, so that equal containers keep the same data.
        data: Id = optional,
        /// What the data are; left out, sessions.
        holds: HoldsFile = optional,
    }
}

choice! {
    /// What data consist of.
    #[derive(PartialEq)]
    pub enum HoldsFile as "holds" {
        /// One key for each session: a cart or a login.
        Sessions as "sessions",
        /// A fixed number of keys that requests read and write at random.
        Records(RecordsFile) as "records",
        /// One entry for each page view, counted by visitor.
        Visits as "visits",
        /// One versioned body of content that deployments write and requests read.
        Content as "content",
    }
}

block! {
    /// Keys that requests read and write at random.
    pub struct RecordsFile as "records" {
        /// How many keys there are.
        keys: Whole<1, 1_000_000> = "100" in "keys" (assumed: "a small content management system"),
    }
}

impl PartialEq for RecordsFile {
    fn eq(&self, other: &Self) -> bool {
        *self.keys == *other.keys
    }
}

block! {
    /// A container's place on a network.
    pub struct AttachmentFile as "attachment" {
        /// A fixed IP address; left out, Docker gives it any.
        address: Text = optional,
    }
}

/// Names of networks, or names with what they are given there.
#[derive(Clone, Debug)]
pub enum NetworksOfContainer {
    /// Names alone.
    Names(Vec<Spanned<Id>>),
    /// Names with settings.
    Attachments(Entries<AttachmentFile>),
}

impl Decode for NetworksOfContainer {
    fn decode(
        node: &crate::notation::Node,
        context: &mut crate::notation::Context,
    ) -> Option<Self> {
        match &node.value {
            crate::notation::Value::Map(_) => {
                Entries::decode(node, context).map(NetworksOfContainer::Attachments)
            }
            _ => Vec::decode(node, context).map(NetworksOfContainer::Names),
        }
    }

    fn describe() -> crate::notation::TypeDescription {
        InlineOr::<Vec<Id>, Entries<AttachmentFile>>::describe()
    }
}

block! {
    /// Docker's health check, which reports `unhealthy` and does nothing else.
    pub struct HealthCheckFile as "health_check" {
        /// Time between probes.
        interval: PositiveDuration = "30s" (read: "moby, daemon/health.go"),
        /// How long a probe may take.
        timeout: PositiveDuration = "30s" (read: "moby, daemon/health.go"),
        /// Failures in a row until it is unhealthy.
        retries: Whole<1, 1000> = "3" in "probes" (read: "moby, daemon/health.go"),
        /// Time after the start in which failures do not count.
        start_period: Duration = "0s" (read: "moby, daemon/health.go"),
    }
}

block! {
    /// A container network.
    pub struct NetworkFile as "network" {
        /// How far it reaches. A bridge is local to each host: two hosts with a bridge of the same name have two networks.
        kind: Reach = "bridge" (documented: "Docker's default driver"),
        /// Says that the network was made elsewhere on the host, and changes nothing: it does not span hosts.
        external: bool = "false" (documented: "the Compose specification"),
        /// What its tunnelling adds to a round trip between hosts.
        added_round_trip: Duration = "0s" (assumed: "encryption and encapsulation cost microseconds"),
    }
}

/// What Docker does when a process exits.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Restart(pub RestartPolicy);

impl Leaf for Restart {
    const EXAMPLES: &'static [&'static str] = &["no", "on-failure:5", "always", "unless-stopped"];

    fn name() -> Cow<'static, str> {
        "restart".into()
    }

    fn expected() -> Cow<'static, str> {
        "a restart policy: no, on-failure, on-failure:5, always or unless-stopped".into()
    }

    fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
        let policy = match scalar.text.as_str() {
            "no" => RestartPolicy::No,
            "always" => RestartPolicy::Always,
            "unless-stopped" => RestartPolicy::UnlessStopped,
            "on-failure" => RestartPolicy::OnFailure { max: None },
            text => match text.strip_prefix("on-failure:").map(str::parse) {
                Some(Ok(max)) => RestartPolicy::OnFailure { max: Some(max) },
                _ => return Err(Refusal::unexpected()),
            },
        };
        Ok(Restart(policy))
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "pattern": "^(no|always|unless-stopped|on-failure(:[0-9]+)?)$"})
    }
}
