//! Stores, networks and parts of a load balancer that nobody uses.

use crate::notation::{Context, Entries, Problem};
use crate::scenario::build::Built;
use crate::scenario::file::ScenarioFile;

/// Warns of what nothing leads to: its settings change nothing. What one variant of a file leaves out another may use.
pub fn check(file: &ScenarioFile, built: &Built, context: &mut Context) {
    if file.variants.is_some() {
        return;
    }
    let world = &built.blueprint;
    let is_used = |name: &str| {
        let mut containers = world.containers.values().iter();
        containers.any(|it| it.store.is_some_and(|id| world.stores[id].name == name))
    };
    warn(
        file.stores.as_deref(),
        is_used,
        ("store", "container"),
        context,
    );
    // A network is made when the first container or replica joins it; that of a host has the host's name in front.
    let is_used = |name: &str| {
        let mut networks = world.networks.values().iter();
        networks.any(|it| it.name.rsplit('/').next() == Some(name))
    };
    warn(
        file.networks.as_deref(),
        is_used,
        ("network", "container"),
        context,
    );
    let is_used = |name: &str| {
        let found = world.pools.iter().find(|(_, pool)| pool.name == name);
        found.is_some_and(|(id, _)| {
            let mut balancers = world.balancers.values().iter();
            balancers.any(|balancer| balancer.uses(id))
        })
    };
    warn(
        file.pools.as_deref(),
        is_used,
        ("pool", "balancer"),
        context,
    );
    let is_used = |name: &str| {
        let mut pools = world.pools.values().iter();
        pools.any(|pool| {
            pool.monitor
                .is_some_and(|id| world.monitors[id].name == name)
        })
    };
    warn(
        file.monitors.as_deref(),
        is_used,
        ("monitor", "pool"),
        context,
    );
}

/// Warns of each part that is not used by anything of the kind that should.
fn warn<T>(
    parts: Option<&Entries<T>>,
    is_used: impl Fn(&str) -> bool,
    (noun, user): (&str, &str),
    context: &mut Context,
) {
    let names = parts
        .into_iter()
        .flat_map(Entries::iter)
        .map(|(name, _)| name);
    for name in names.filter(|name| !is_used(name)) {
        let problem = Problem::warning(name.position, format!("no {user} uses this {noun}"))
            .label("it changes nothing")
            .help(format!("name it in a {user}, or remove it"));
        context.report(problem);
    }
}
