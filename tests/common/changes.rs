//! Changes of state, as lists of moments.

use tunnelsim::measure::observation::{Change, Entity, Observation};
use tunnelsim::scenario::Scenario;
use tunnelsim::simulation::RunKey;

use crate::worlds::observe;

/// The changes of one entity, with their moments.
pub fn changes_of(
    scenario: &Scenario,
    key: RunKey,
    is_meant: impl Fn(Entity) -> bool,
) -> Vec<Change> {
    let mut found = Vec::new();
    observe(scenario, key, |observation| {
        if let Observation::Change(change) = observation
            && is_meant(change.entity)
        {
            found.push(*change);
        }
    });
    found
}
