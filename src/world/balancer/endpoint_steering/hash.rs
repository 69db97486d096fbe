//! `hash`: by the client's address.

use super::super::draws::hashed;
use super::{EndpointScene, EndpointSteering};
use crate::world::ids::{EndpointId, Position};

/// The endpoint that the client's address hashes to, by weight.
pub(super) struct Hash;

impl EndpointSteering for Hash {
    fn name(&self) -> &'static str {
        "hash"
    }

    fn summary(&self) -> &'static str {
        "The endpoint that the client's address hashes to, by weight."
    }

    fn choose(&self, scene: &EndpointScene<'_>) -> Option<EndpointId> {
        let candidates = scene.candidates.iter();
        let entities: Vec<_> = candidates.map(|c| (c.endpoint.index(), c.weight)).collect();
        hashed(&entities, scene.client).map(|position| scene.candidates[position].endpoint)
    }
}
