//! Exact oracles: recursions, worlds worked out by hand, and small spaces tried out whole. Nothing here has a tolerance.

#[path = "../common/queue.rs"]
mod queue;
#[path = "../common/suite.rs"]
mod suite;
#[path = "../common/worlds.rs"]
mod worlds;

mod edge_course;
mod hand_worked;
mod queues;
mod registry;
mod steering;
mod vectors;

use suite::{Group, run};

/// Every group of checks.
const GROUPS: &[&[Group]] = &[
    queues::GROUPS,
    hand_worked::GROUPS,
    edge_course::GROUPS,
    registry::GROUPS,
    steering::GROUPS,
    vectors::GROUPS,
];

fn main() -> std::process::ExitCode {
    run("exact", &GROUPS.concat())
}
