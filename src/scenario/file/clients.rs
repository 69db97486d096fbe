//! `clients:`, who asks.

use super::place::{City, Latitude, Longitude};
use super::words::World;
use crate::fault::MetroCode;
use crate::notation::{
    CountSpec, DistributionSpec, Duration, Entries, Hostname, InlineOr, Number, Rate, Share, Text,
    Whole, block, choice,
};
use crate::world::blueprint::{Carries, OnError};
use crate::world::geography::Access;

/// One hostname, or several with relative weights.
pub type Hostnames = InlineOr<Hostname, Entries<Number, Hostname>>;

choice! {
    /// When sessions start, if not at a constant rate.
    pub enum SessionsKind as "sessions" {
        /// A rate for each hour of the day, hour 0 first; the days repeat.
        Hourly(Vec<Rate>) as "hourly",
        /// A CSV file with the columns `at_s,client,hostname`: requests as they were recorded, in order of time.
        Trace(Text) as "trace",
    }
}

/// A rate, or a kind of sessions.
pub type SessionsFile = InlineOr<Rate, SessionsKind>;

block! {
    /// A group of clients in one place, or all over the world.
    pub struct ClientsFile as "clients" {
        /// City they are in; needed unless `latitude` and `longitude` or `mix` is given.
        city: City = optional,
        /// Latitude, instead of a city.
        latitude: Latitude = optional in "degrees north",
        /// Longitude, instead of a city.
        longitude: Longitude = optional in "degrees east",
        /// `world` spreads them over the cities of the world by weight, instead of a city.
        mix: World = optional,
        /// Their last mile.
        access: Access = "mix" (assumed: "35 % fibre, 25 % cable, 10 % VDSL, 3 % ADSL, 12 % LTE, 13 % 5G, 2 % satellite; half of the fixed ones behind Wi-Fi"),
        /// The edge metro that all their packets reach; left out, the catchment model decides.
        entry: MetroCode = optional,
        /// The hostname they ask for, or several with weights (`{a.example.com: 3, b.example.com: 1}`); a session
        /// keeps its hostname. Needed unless a trace names hostnames.
        hostname: Hostnames = optional,
        /// The path they ask for.
        path: Text = "/" (assumed: "one path stands for all"),
        /// How often a session starts: `5/s` is a Poisson stream; or a profile by hour; or a recorded trace.
        sessions: SessionsFile = required,
        /// Requests of a session: a number or a law.
        requests: CountSpec = "1" (assumed: "sessions of one request are the plainest traffic"),
        /// Pause between an answer and the next request: a length of time or a law.
        think: DistributionSpec = "{exponential: 3s}" (assumed: "a reader's pause"),
        /// What a session keeps at the service between its requests.
        state: Carries = "none" (assumed: "a stateless service"),
        /// Share of requests that are POST and so never replayed. With a cart the first request and 20 % of the
        /// others are POST whatever stands here, with a login the first.
        writes: Share = "0%" (assumed: "reading is the plainest traffic"),
        /// What a client does after an error: think and go on, or leave.
        on_error: OnError = "continue" (assumed: "visitors reload"),
        /// How long a client waits for an answer.
        patience: Duration = "300s" (assumed: "time-out of common browsers"),
        /// Distinct visitors behind the sessions; left out, every session is a new visitor.
        visitors: Whole<1, 1_000_000_000> = optional in "visitors",
    }
}
