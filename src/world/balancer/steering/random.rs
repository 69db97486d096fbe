//! `random`: by weight.

use super::{Scene, Steering};
use crate::world::ids::PoolId;

/// An available pool at random, by weight.
pub(super) struct Random;

impl Steering for Random {
    fn name(&self) -> &'static str {
        "random"
    }

    fn summary(&self) -> &'static str {
        "An available pool at random, by weight."
    }

    fn choose(&self, scene: &Scene<'_>) -> Option<PoolId> {
        scene.random_pool(|pool| scene.weight(pool))
    }
}
