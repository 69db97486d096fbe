//! `least_outstanding_requests`: by weight and load.

use super::{Scene, Steering};
use crate::world::ids::PoolId;

/// An available pool at random, by weight, the less the more of its requests are unanswered.
pub(super) struct LeastOutstandingRequests;

impl Steering for LeastOutstandingRequests {
    fn name(&self) -> &'static str {
        "least_outstanding_requests"
    }

    fn summary(&self) -> &'static str {
        "An available pool at random, by weight, the less the more of its requests are unanswered."
    }

    fn choose(&self, scene: &Scene<'_>) -> Option<PoolId> {
        scene.random_pool(|pool| weight_by_load(scene.weight(pool), scene.open_requests(pool)))
    }
}

/// A weight divided by one more than the open requests.
///
/// The vendor says that pools with more pending requests weigh "proportionately less" and no more;
/// the request that is being placed counts too, so that nothing is divided by zero (assumed).
pub(in super::super) fn weight_by_load(weight: f64, open_requests: u64) -> f64 {
    weight / (open_requests + 1) as f64
}
