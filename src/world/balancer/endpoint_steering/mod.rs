//! Which endpoint of the chosen pool gets a request: the vendor's policies, one file each.
//!
//! A new policy is a file with a type that implements [`EndpointSteering`], and a line in
//! [`POLICIES`].

mod hash;
mod least_connections;
mod least_outstanding_requests;
mod random;

use super::draws::weighted;
use crate::world::ids::EndpointId;

/// An endpoint that can take the request.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Candidate {
    /// The endpoint.
    pub endpoint: EndpointId,
    /// Its weight, 0 to 1.
    pub weight: f64,
    /// Requests sent to it and not yet answered.
    pub open_requests: u32,
}

/// A pool at the moment of a request, as a policy sees it.
#[derive(Clone, Copy, Debug)]
pub struct EndpointScene<'a> {
    /// The endpoints that can take the request, in declared order.
    pub candidates: &'a [Candidate],
    /// A number in [0, 1), fixed for this request and try.
    pub unit: f64,
    /// A stable hash of the client's address.
    pub client: u64,
}

impl EndpointScene<'_> {
    /// A candidate at random, with these weights.
    fn random(&self, weight: impl Fn(&Candidate) -> f64) -> Option<EndpointId> {
        let weights: Vec<f64> = self.candidates.iter().map(weight).collect();
        weighted(&weights, self.unit).map(|position| self.candidates[position].endpoint)
    }
}

/// A rule that picks an endpoint: one of the candidates, none only if there is none.
pub trait EndpointSteering: Sync {
    /// The name in scenario files, as the vendor spells it.
    fn name(&self) -> &'static str;
    /// What it does, in one sentence.
    fn summary(&self) -> &'static str;
    /// The endpoint that gets the request.
    fn choose(&self, scene: &EndpointScene<'_>) -> Option<EndpointId>;
}

/// Every policy, in the order of the vendor's documentation.
pub static POLICIES: [&dyn EndpointSteering; 4] = [
    &random::Random,
    &hash::Hash,
    &least_outstanding_requests::LeastOutstandingRequests,
    &least_connections::LeastConnections,
];

/// The policy that follows the client's address, which IP cookies use for the first choice.
pub(super) static BY_ADDRESS: &dyn EndpointSteering = &hash::Hash;

/// The policy of this name.
///
/// ```
/// use tunnelsim::world::balancer::endpoint_steering;
/// assert!(endpoint_steering::named("hash").is_some());
/// ```
pub fn named(name: &str) -> Option<&'static dyn EndpointSteering> {
    POLICIES.into_iter().find(|policy| policy.name() == name)
}

#[cfg(test)]
mod tests;
