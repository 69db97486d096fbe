//! Clients that carry something and services that cannot keep it.

use crate::notation::{Context, Problem};
use crate::scenario::build::Built;
use crate::scenario::file::ScenarioFile;
use crate::world::blueprint::Carries;

/// Warns where clients carry a cart or a login, and no container keeps state.
pub fn check(file: &ScenarioFile, built: &Built, context: &mut Context) {
    let keeps_state = built
        .blueprint
        .containers
        .values()
        .iter()
        .any(|container| container.store.is_some());
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
            .help("give the container a `store`: memory, disk, or the name of a store");
            context.report(problem);
        }
    }
}
