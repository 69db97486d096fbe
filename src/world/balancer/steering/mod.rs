//! Which pool gets a request: the vendor's steering policies, one file each.
//!
//! A new policy is a file with a type that implements [`Steering`], and a line in [`POLICIES`].

mod dynamic_latency;
mod geo;
mod least_connections;
mod least_outstanding_requests;
mod off;
mod proximity;
mod random;
mod scene;

pub(super) use least_outstanding_requests::weight_by_load;
pub use scene::Scene;

use crate::world::ids::PoolId;

/// A rule that picks a pool.
///
/// A policy is pure, and picks only among pools that are [available](Scene::is_available); without
/// one it picks none, and the request goes to the fallback pool.
pub trait Steering: Sync {
    /// The name in scenario files, as the vendor spells it.
    fn name(&self) -> &'static str;
    /// What it does, in one sentence.
    fn summary(&self) -> &'static str;
    /// The pool that gets the request.
    fn choose(&self, scene: &Scene<'_>) -> Option<PoolId>;
}

/// Every policy, in the order of the vendor's documentation.
pub static POLICIES: [&dyn Steering; 7] = [
    &off::Off,
    &random::Random,
    &geo::Geo,
    &dynamic_latency::DynamicLatency,
    &proximity::Proximity,
    &least_outstanding_requests::LeastOutstandingRequests,
    &least_connections::LeastConnections,
];

/// The policy of this name.
///
/// ```
/// use tunnelsim::world::balancer::steering;
/// assert!(steering::named("geo").is_some());
/// assert!(steering::named("round_robin").is_none());
/// ```
pub fn named(name: &str) -> Option<&'static dyn Steering> {
    POLICIES.into_iter().find(|policy| policy.name() == name)
}

#[cfg(test)]
mod tests;
