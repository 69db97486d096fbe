//! `stores:`, data that do not live in one container.

use super::hosts::HoldsFile;
use super::place::{City, Latitude, Longitude};
use crate::fault::{Reference, References};
use crate::notation::{DistributionSpec, Duration, Id, block};
use crate::world::geography::Access;

block! {
    /// A store: in a place of its own, on one host, or with copies on several.
    pub struct StoreFile as "store" {
        /// City it is in, if it has a place of its own.
        city: City = optional,
        /// Latitude, instead of a city.
        latitude: Latitude = optional in "degrees north",
        /// Longitude, instead of a city.
        longitude: Longitude = optional in "degrees east",
        /// Its last mile, if it has a place of its own.
        access: Access = "datacentre" (assumed: "a rented database"),
        /// The host it runs on, beside the containers that use it.
        host: Reference = optional,
        /// A primary with copies that follow it.
        asynchronous: AsynchronousFile = optional,
        /// Copies that agree on every write, as a Galera cluster does.
        synchronous: SynchronousFile = optional,
        /// How long a service waits for it when it is silent.
        timeout: Duration = "5s" (assumed: "a common setting of connection pools"),
        /// The name of the data it keeps; left out, the name of the containers that use it.
        data: Id = optional,
        /// What the data are; left out, sessions.
        holds: HoldsFile = optional,
    }
}

block! {
    /// A primary that takes the writes, and copies that follow it after a lag.
    pub struct AsynchronousFile as "asynchronous" {
        /// The hosts with a copy, the first primary first.
        members: References = required,
        /// How far a copy is behind: a length of time or a law.
        lag: DistributionSpec = "{exponential: 1s}" (assumed: "a healthy replication"),
        /// How long after the loss of the primary the next member takes over; left out, never.
        promote_after: Duration = optional,
    }
}

block! {
    /// Copies of which every write waits for the farthest one; without a majority writes stop.
    pub struct SynchronousFile as "synchronous" {
        /// The hosts with a copy.
        members: References = required,
    }
}
