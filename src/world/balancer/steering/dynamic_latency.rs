//! `dynamic_latency`: by the round trips of probes.

use super::{Scene, Steering};
use crate::kernel::time::{Span, Time};
use crate::world::ids::PoolId;

/// How long the vendor asks to wait until a new profile of round trips is used.
///
/// Simplification: the ten minutes until `dynamic_latency` has its profile count from time 0, as if the policy had just been switched on.
const PROFILE_BUILDS_FOR: Span = Span::from_secs(600);

/// The available pool with the least mean round trip of probes from the region of entry.
///
/// In failover order while the profile builds, and wherever a pool has no data for the region: a
/// monitor must probe from every region that visitors come from (documented).
pub(super) struct DynamicLatency;

impl Steering for DynamicLatency {
    fn name(&self) -> &'static str {
        "dynamic_latency"
    }

    fn summary(&self) -> &'static str {
        "The available pool that answers the probes of the region of entry fastest; in failover order for 10 minutes."
    }

    fn choose(&self, scene: &Scene<'_>) -> Option<PoolId> {
        let pools = scene.available_pools();
        let in_order = pools.first().copied();
        if scene.now().since(Time::ZERO) < PROFILE_BUILDS_FOR {
            return in_order;
        }
        let means: Option<Vec<f64>> = pools
            .iter()
            .map(|pool| scene.mean_round_trip(*pool))
            .collect();
        let Some(means) = means else {
            return in_order;
        };
        let fastest = pools
            .iter()
            .zip(means)
            .min_by(|one, other| one.1.total_cmp(&other.1));
        fastest.map(|(pool, _)| *pool)
    }
}
