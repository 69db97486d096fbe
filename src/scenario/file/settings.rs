//! `internet:`, `edge:`, `cloudflared:` and `links:`, what holds for the whole world.

use super::words::Worlds;
use crate::fault::Reference;
use crate::notation::{DistributionSpec, Duration, Pair, PositiveDuration, Spanned, Whole, block};
use crate::world::geography::CatchmentPreset;

block! {
    /// How the Internet behaves.
    pub struct InternetFile as "internet" {
        /// How well routing finds the nearest metro. `exact: true` means `ideal`.
        catchment: CatchmentPreset = "default" (measured: "Koch 2021: about a third of users inflated at all, mostly little"),
        /// Client networks in each city; each reaches one metro.
        networks_per_city: Whole<1, 1000> = "4" in "networks" (assumed: "a few providers share most clients of a city"),
        /// Whether every packet draws its own excess delay. `exact: true` means `false`.
        jitter: bool = "true" (measured: "WonderProxy 2020, bursts of pings"),
        /// Whether every pair of places has its own persistent factor. `exact: true` means `false`.
        path_factors: bool = "true" (measured: "WonderProxy 2020, held-out pairs"),
        /// Whether every host and client draws its own last mile, else the median of its kind. `exact: true` means `false`.
        access_spread: bool = "true" (measured: "FCC, Ookla and SamKnows reports"),
        /// Whether placement and path factors are drawn anew for each replication.
        worlds: Worlds = "drawn" (assumed: "an interval should cover what is not known"),
    }
}

block! {
    /// How the edge behaves.
    pub struct EdgeFile as "edge" {
        /// Time from a change at one data centre until all edges know it: a length of time or a law.
        propagation: DistributionSpec = "{uniform: [0s, 1s]}" (assumed: "not published"),
        /// Time until the other edges notice that a server, data centre or metro died.
        death_notice: Duration = "1s" (assumed: "fast failure detection"),
        /// How long the edge waits for an answer before it says 524.
        attempt_deadline: PositiveDuration = "120s" (documented: "error 524, proxy read time-out"),
        /// Time until an overwritten DNS record is in force.
        dns_overwrite_delay: Duration = "5s" (assumed: "not published"),
        /// Replicas a tunnel accepts.
        replica_limit: Whole<1, 1000> = "25" in "replicas" (documented: "Cloudflare One, account limits"),
        /// Connections a tunnel accepts.
        connection_limit: Whole<1, 10_000> = "100" in "connections" (documented: "Cloudflare One, deploy replicas"),
        /// How long after a change of status its alert is sent.
        alert_delay: Duration = "60s" (assumed: "not published"),
    }
}

block! {
    /// How every cloudflared process behaves.
    pub struct CloudflaredFile as "cloudflared" {
        /// From the start of the process to its first dial.
        process_start: Duration = "1s" (assumed: "a small program"),
        /// Fixed part of dialling and registering a connection, beside two round trips.
        dial_overhead: Duration = "100ms" (assumed: "cryptography and bookkeeping at both ends"),
        /// How long a dial into silence takes until it fails.
        dial_timeout: PositiveDuration = "5s" (read: "cloudflared, quic/constants.go, handshake idle time-out"),
        /// How long the answer that a name does not exist takes.
        no_such_host_delay: Duration = "20ms" (assumed: "one question to the host's resolver"),
        /// Idle time after which a connection to a service is closed.
        keep_alive_timeout: Duration = "90s" (read: "cloudflared, ingress/config.go"),
    }
}

block! {
    /// A measured round trip that replaces the model's, with both last miles.
    pub struct LinkFile as "link" {
        /// The two ends, between which packets travel directly: clients and a metro, a host and a metro, two hosts, two
        /// metros, or a host and a store.
        between: Pair<Spanned<Reference>> = required,
        /// The round trip.
        round_trip: Duration = required,
    }
}
