//! `least_connections`: by weight and connections.

use super::least_outstanding_requests::LeastOutstandingRequests;
use super::{Scene, Steering};
use crate::world::ids::PoolId;

/// An available pool at random, by weight, the less the more connections to it are open.
///
/// Simplification: the edge has one connection open per unanswered request, so this is
/// `least_outstanding_requests` by another name. Idle connections that are kept open are not
/// counted, and a tunnel has the same number of connections at any load.
pub(super) struct LeastConnections;

impl Steering for LeastConnections {
    fn name(&self) -> &'static str {
        "least_connections"
    }

    fn summary(&self) -> &'static str {
        "An available pool at random, by weight, the less the more connections to it are open."
    }

    fn choose(&self, scene: &Scene<'_>) -> Option<PoolId> {
        LeastOutstandingRequests.choose(scene)
    }
}
