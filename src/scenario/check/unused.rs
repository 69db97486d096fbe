//! Stores, networks and parts of a load balancer that nobody uses.

use std::collections::BTreeSet;

use crate::notation::{Context, Entries, Problem};
use crate::scenario::build::Built;
use crate::scenario::file::ScenarioFile;

/// Warns of what nothing leads to: its settings change nothing.
///
/// Of a file with variants nothing is said, for what one of them leaves out another may use.
pub fn check(file: &ScenarioFile, built: &Built, context: &mut Context) {
    if file.variants.is_some() {
        return;
    }
    let world = &built.blueprint;
    let containers = world.containers.values().iter();
    let stores = containers.filter_map(|it| Some(world.stores[it.store?].name.as_str()));
    let used = stores.collect();
    warn(
        file.stores.as_deref(),
        used,
        ("store", "container"),
        context,
    );
    // A network is made when the first container or replica joins it; that of a host has the host's name in front.
    let networks = world.networks.values().iter();
    let used = networks.filter_map(|it| it.name.rsplit('/').next());
    warn(
        file.networks.as_deref(),
        used.collect(),
        ("network", "container or replica"),
        context,
    );
    let balancers = world.balancers.values();
    let pools = world.pools.iter();
    let pools = pools.filter(|(id, _)| balancers.iter().any(|balancer| balancer.uses(*id)));
    let used = pools.map(|(_, pool)| pool.name.as_str());
    warn(
        file.pools.as_deref(),
        used.collect(),
        ("pool", "balancer"),
        context,
    );
    let pools = world.pools.values().iter();
    let used = pools.filter_map(|pool| Some(world.monitors[pool.monitor?].name.as_str()));
    warn(
        file.monitors.as_deref(),
        used.collect(),
        ("monitor", "pool"),
        context,
    );
}

/// Warns of each part that is not used by anything of the kind that should.
fn warn<T>(
    parts: Option<&Entries<T>>,
    used: BTreeSet<&str>,
    (noun, user): (&str, &str),
    context: &mut Context,
) {
    let names = parts
        .into_iter()
        .flat_map(Entries::iter)
        .map(|(name, _)| name);
    let is_used = |name: &str| used.contains(name);
    for name in names.filter(|name| !is_used(name)) {
        let problem = Problem::warning(name.position, format!("no {user} uses this {noun}"))
            .label("it changes nothing")
            .help(format!("name it in a {user}, or remove it"));
        context.report(problem);
    }
}
