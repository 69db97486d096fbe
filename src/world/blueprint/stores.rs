//! Stores of data and what they hold.

use super::Site;
use crate::kernel::time::Span;
use crate::kernel::variate::Distribution;
use crate::world::geography::Access;
use crate::world::ids::*;

/// Data that several stores are supposed to agree on: one shop's carts, one site's content.
#[derive(Clone, Debug)]
pub struct Dataset {
    /// The data set's name.
    pub name: String,
    /// What kind of data it is.
    pub holds: Holds,
    /// The stores that keep it.
    pub stores: Vec<StoreId>,
}

/// What a data set consists of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Holds {
    /// One key per session: a cart or a login.
    Sessions,
    /// A fixed number of keys that requests read and write at random.
    Records {
        /// How many keys there are.
        keys: u32,
    },
    /// One entry per page view, counted per visitor.
    Visits,
    /// One versioned body of content that deployments write and requests read.
    Content,
}

/// A store.
#[derive(Clone, Debug)]
pub struct Store {
    /// The store's name; a container's own store is called `HOST/CONTAINER`.
    pub name: String,
    /// The data it keeps.
    pub dataset: DatasetId,
    /// Where and how it keeps it.
    pub kind: StoreKind,
    /// How long a service waits for a silent store.
    pub timeout: Span,
}

/// Where and how a store keeps its data.
#[derive(Clone, Debug)]
pub enum StoreKind {
    /// In the memory of one container: gone when its process ends.
    Memory,
    /// On the disk of one container: survives restarts.
    Disk,
    /// On one host, beside the containers that use it.
    OnHost {
        /// The host.
        host: HostId,
    },
    /// In one place of its own.
    Shared {
        /// Where.
        site: Site,
        /// Its last mile.
        access: Access,
    },
    /// A primary that takes the writes and replicas that follow it after a lag; services read the copy of their
    /// own host where there is one.
    Asynchronous {
        /// The hosts with a copy, the first one being the first primary.
        members: Vec<HostId>,
        /// How far a copy is behind.
        lag: Distribution,
        /// How long after the loss of the primary the next member is promoted; none: never.
        promote_after: Option<Span>,
    },
    /// Every write waits for one round trip to the farthest reachable member; without a majority writes stop.
    Synchronous {
        /// The hosts with a copy.
        members: Vec<HostId>,
    },
}
