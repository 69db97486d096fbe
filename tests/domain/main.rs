//! What cloudflared, Docker and the provider do by published rules: whole distributions of the engine's times against
//! their closed forms, or against recursions of a few lines that share nothing with the engine.

#[path = "../common/changes.rs"]
mod changes;
#[path = "../common/judge.rs"]
mod judge;
#[path = "../common/suite.rs"]
mod suite;
#[path = "../common/worlds.rs"]
mod worlds;

mod affinity;
mod backoff;
mod docker;
mod fallback;
mod monitors;
mod placement;
mod propagation;

use suite::{Group, run};

/// Every group of checks.
const GROUPS: &[&[Group]] = &[
    backoff::GROUPS,
    fallback::GROUPS,
    placement::GROUPS,
    propagation::GROUPS,
    docker::GROUPS,
    monitors::GROUPS,
    affinity::GROUPS,
];

fn main() -> std::process::ExitCode {
    run("domain", &GROUPS.concat())
}
