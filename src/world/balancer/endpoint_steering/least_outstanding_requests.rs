//! `least_outstanding_requests`: by weight and load.

use super::super::steering::weight_by_load;
use super::{EndpointScene, EndpointSteering};
use crate::world::ids::EndpointId;

/// An endpoint at random, by weight, the less the more of its requests are unanswered.
pub(super) struct LeastOutstandingRequests;

impl EndpointSteering for LeastOutstandingRequests {
    fn name(&self) -> &'static str {
        "least_outstanding_requests"
    }

    fn summary(&self) -> &'static str {
        "An endpoint at random, by weight, the less the more of its requests are unanswered."
    }

    fn choose(&self, scene: &EndpointScene<'_>) -> Option<EndpointId> {
        scene.random(|candidate| weight_by_load(candidate.weight, candidate.open_requests.into()))
    }
}
