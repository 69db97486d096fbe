//! `off`: failover order.

use super::{Scene, Steering};
use crate::world::ids::PoolId;

/// The first available pool in failover order.
pub(super) struct Off;

impl Steering for Off {
    fn name(&self) -> &'static str {
        "off"
    }

    fn summary(&self) -> &'static str {
        "The first available pool in failover order."
    }

    fn choose(&self, scene: &Scene<'_>) -> Option<PoolId> {
        scene.available_pools().first().copied()
    }
}
