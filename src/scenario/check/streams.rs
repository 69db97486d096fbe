//! Every stream of random numbers must have an identity of its own.

use std::collections::BTreeMap;

use crate::kernel::random::stream_id;
use crate::notation::{Context, Problem};
use crate::scenario::build::Built;
use crate::scenario::file::ScenarioFile;

/// Refuses names whose streams would be the same. By chance that happens once in 10^19 pairs.
pub fn check(file: &ScenarioFile, built: &Built, context: &mut Context) {
    let world = &built.blueprint;
    let groups =
        world.groups.values().iter().flat_map(|group| {
            ["arrivals", "sessions"].map(|purpose| (purpose, group.name.clone()))
        });
    let replicas = world.replicas.values().iter().map(|replica| {
        let tunnel = &world.tunnels[replica.tunnel].name;
        ("placement", format!("{tunnel}/{}", replica.name))
    });
    let faults = built
        .faults
        .iter()
        .map(|fault| ("faults", fault.name.clone()));
    let mut seen: BTreeMap<u64, (&str, String)> = BTreeMap::new();
    for (purpose, entity) in groups.chain(replicas).chain(faults) {
        let id = stream_id(purpose, &entity);
        if let Some((_, other)) = seen.insert(id, (purpose, entity.clone())) {
            let problem = Problem::error(
                file.title.position,
                "two names would share their random numbers",
            )
            .label(format!("`{entity}` and `{other}`"))
            .help("change one of the names");
            context.report(problem);
        }
    }
}
