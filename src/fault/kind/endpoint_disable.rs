//! An endpoint of a load balancer is disabled.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, References};
use crate::notation::block;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<EndpointDisable>();

block! {
    /// An endpoint of a load balancer's pool is disabled by hand; sessions it has drain.
    pub struct EndpointDisable as "endpoint-disable" {
        /// The endpoint, or several: `pool/endpoint`.
        endpoint: References = required,
    }
}

impl Kind for EndpointDisable {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let endpoints = names.endpoints(&self.endpoint);
        let name = |id| {
            let endpoint = &names.blueprint.endpoints[id];
            format!(
                "{}/{}",
                names.blueprint.pools[endpoint.pool].name, endpoint.name
            )
        };
        Some(Damage::to_each(&endpoints, name, Effect::EndpointEnabled))
    }
}
