//! `least_connections`: by weight and connections.

use super::least_outstanding_requests::LeastOutstandingRequests;
use super::{EndpointScene, EndpointSteering};
use crate::world::ids::EndpointId;

/// An endpoint at random, by weight, the less the more connections to it are open.
///
/// Simplification: an endpoint has one connection per unanswered request, as in the pool policy of that name.
pub(super) struct LeastConnections;

impl EndpointSteering for LeastConnections {
    fn name(&self) -> &'static str {
        "least_connections"
    }

    fn summary(&self) -> &'static str {
        "An endpoint at random, by weight, the less the more connections to it are open."
    }

    fn choose(&self, scene: &EndpointScene<'_>) -> Option<EndpointId> {
        LeastOutstandingRequests.choose(scene)
    }
}
