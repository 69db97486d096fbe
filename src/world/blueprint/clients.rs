//! Who asks, how often, and what they carry from one request to the next.

use crate::kernel::time::Span;
use crate::kernel::variate::{Count, Distribution};
use crate::world::geography::{Access, CityId, MetroId, Place};
use crate::world::ids::*;

/// Where something stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Site {
    /// A city of the atlas.
    City(CityId),
    /// Given coordinates.
    Point(Place),
}

/// Where the clients of a group sit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ClientSite {
    /// All in one place.
    At(Site),
    /// Spread over the cities of the world by weight.
    World,
}

/// How often sessions of a group start.
#[derive(Clone, Debug)]
pub enum Arrivals {
    /// A Poisson stream.
    Poisson {
        /// Sessions per second.
        per_second: f64,
    },
    /// A Poisson stream whose rate changes by the hour of the day, hour 0 first.
    Hourly {
        /// Sessions per second in each of the 24 hours.
        per_second: Vec<f64>,
    },
    /// Recorded requests; those of one client form a session.
    Trace(Vec<TraceEntry>),
}

/// One recorded request.
#[derive(Clone, Copy, Debug)]
pub struct TraceEntry {
    /// When it was sent.
    pub at: Span,
    /// Which client sent it: requests of one client form one session.
    pub client: u64,
    /// What it asked for.
    pub hostname: HostnameId,
}

/// What a session keeps at the service between its requests.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Carries {
    /// Nothing: each request stands alone.
    Nothing,
    /// A login: written by the first request, read by the others.
    Login,
    /// A cart: written by the first request and by a share of the others, checked out by the last.
    Cart,
}

/// What a client does after a request that failed.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum OnError {
    /// Thinks and sends the next request.
    Continue,
    /// Leaves: the session is abandoned.
    Leave,
}

/// A client group.
#[derive(Clone, Debug)]
pub struct Group {
    /// The group's name.
    pub name: String,
    /// Where its clients sit.
    pub site: ClientSite,
    /// Their last mile.
    pub access: Access,
    /// When sessions start.
    pub arrivals: Arrivals,
    /// Requests of a session.
    pub requests: Count,
    /// Pause between an answer and the next request.
    pub think: Distribution,
    /// The hostnames asked for, with relative weights; a session keeps its hostname, unless it was recorded otherwise.
    pub hostnames: Vec<(HostnameId, f64)>,
    /// The path of every request, for ingress rules that look at it.
    pub path: String,
    /// What a session keeps at the service.
    pub carries: Carries,
    /// Share of requests that are not replayable (POST), beyond those that `carries` makes so.
    pub writes_share: f64,
    /// What follows a failed request.
    pub on_error: OnError,
    /// How long a client waits for an answer.
    pub patience: Span,
    /// Number of distinct visitors behind the sessions; none: every session is a new visitor.
    pub visitors: Option<u64>,
    /// The metro all packets of the group reach, if the scenario pins it.
    pub entry: Option<MetroId>,
}
