//! What is asked of a balancer, and what it answers.

use super::AffinityCookie;
use crate::kernel::time::Time;
use crate::world::geography::MetroId;
use crate::world::ids::{EndpointId, PoolId};

/// A request that asks a balancer where to go.
#[derive(Clone, Copy, Debug)]
pub struct Asker<'a> {
    /// When it asks.
    pub now: Time,
    /// The metro it entered by.
    pub entry: MetroId,
    /// A stable hash of the client's address.
    pub client: u64,
    /// The affinity that its session carries.
    pub cookie: Option<AffinityCookie>,
    /// Uniform bits, fixed at the request's birth: for the pool and for the endpoint.
    pub draw: [u64; 2],
    /// The endpoints that have failed this request already, in order; empty at the first try.
    pub tried: &'a [EndpointId],
}

/// Where a balancer sends a request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Choice {
    /// The pool.
    pub pool: PoolId,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// The affinity that the session carries from the answer on; none: it keeps what it has.
    pub cookie: Option<AffinityCookie>,
}

/// Whether an answer with this status is tried once more at another endpoint (zero-downtime
/// failover).
///
/// The vendor names five codes and excludes all others. None of them is what a tunnel answers when
/// its replicas or their services are gone: 502, 524 or 530.
///
/// ```
/// use tunnelsim::world::balancer::retries_elsewhere;
/// assert!(retries_elsewhere(521));
/// assert!(!retries_elsewhere(502) && !retries_elsewhere(530));
/// ```
pub fn retries_elsewhere(status: u16) -> bool {
    matches!(status, 521 | 522 | 523 | 525 | 526)
}
