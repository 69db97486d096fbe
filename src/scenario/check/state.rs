//! Clients that carry something and services that cannot keep it.

use crate::notation::{Context, Problem};
use crate::scenario::build::Built;
use crate::scenario::file::ScenarioFile;
use crate::world::blueprint::{Carries, Holds};
use crate::world::ids::StoreId;

/// Warns where clients carry a cart or a login, and no container keeps state.
pub fn check(file: &ScenarioFile, built: &Built, context: &mut Context) {
    let blueprint = &built.blueprint;
    let keeps_sessions = |id: StoreId| {
        let dataset = &blueprint.datasets[blueprint.stores[id].dataset];
        dataset.holds == Holds::Sessions
    };
    let mut containers = blueprint.containers.values().iter();
    let keeps_state = containers.any(|container| container.store.is_some_and(keeps_sessions));
    if keeps_state {
        return;
    }
    for (name, group) in file.clients.iter().flat_map(|clients| clients.iter()) {
        if *group.state != Carries::Nothing {
            let problem = Problem::warning(
                group.state.position,
                "these clients carry state that no container keeps",
            )
            .label(format!("`{}` has no store to put it in", &***name))
            .help("give the container a `store` that holds sessions: memory, disk, or the name of a store");
            context.report(problem);
        }
    }
}
