//! `random`: by weight.

use super::{EndpointScene, EndpointSteering};
use crate::world::ids::EndpointId;

/// An endpoint at random, by weight.
pub(super) struct Random;

impl EndpointSteering for Random {
    fn name(&self) -> &'static str {
        "random"
    }

    fn summary(&self) -> &'static str {
        "An endpoint at random, by weight."
    }

    fn choose(&self, scene: &EndpointScene<'_>) -> Option<EndpointId> {
        scene.random(|candidate| candidate.weight)
    }
}
