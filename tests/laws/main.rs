//! Laws: what queueing, renewal and counting theory say exactly, against what is measured. See `README.md` beside this.

#[path = "../common/changes.rs"]
mod changes;
#[path = "../common/judge.rs"]
mod judge;
#[path = "../common/queue.rs"]
mod queue;
#[path = "../common/suite.rs"]
mod suite;
#[path = "../common/worlds.rs"]
mod worlds;

mod availability;
mod detection;
mod formulas;
mod losses;
mod queues;
mod rule;
mod sessions;
mod steering;

use suite::{Group, run};

/// Every group of checks, the longest first.
const GROUPS: &[&[Group]] = &[
    queues::GROUPS,
    losses::GROUPS,
    availability::GROUPS,
    detection::GROUPS,
    steering::GROUPS,
    sessions::GROUPS,
    formulas::GROUPS,
];

fn main() -> std::process::ExitCode {
    run("laws", &GROUPS.concat())
}
