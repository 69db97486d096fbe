//! Which replica got how much, and how busy the containers were.

use crate::report::containers::Load;
use crate::report::gathered::Gathered;
use crate::report::page::Page;
use crate::report::wording::{count, counted, share};
use crate::world::ids::Position;

/// Replicas whose shares are told; the others are in traffic.csv.
const REPLICAS_TOLD: usize = 8;

/// Containers whose loads are told, the busiest first; the others are in containers.csv.
const CONTAINERS_TOLD: usize = 4;

pub(super) fn add(page: &mut Page, runs: &Gathered) {
    page.facts("traffic", shares(runs));
    let mut loads: Vec<Load<'_>> = Load::of_all(runs).collect();
    loads.sort_by_key(|it| std::cmp::Reverse(it.utilisation_ppm));
    let told = loads.iter().take(CONTAINERS_TOLD).map(load);
    page.facts("load", told);
    if loads.len() > CONTAINERS_TOLD {
        page.fact(
            "",
            format!("{} more in containers.csv", loads.len() - CONTAINERS_TOLD),
        );
    }
}

/// Each replica's share of all requests, in one line.
fn shares(runs: &Gathered) -> Option<String> {
    let scope = &runs.first.scope;
    let total = runs.ledger.total().requests();
    if scope.replicas.len() < 2 || total == 0 {
        return None;
    }
    let by_replica = runs.ledger.split_by(|row| row.replica);
    let mut parts = Vec::new();
    for (index, replica) in scope.replicas.iter().enumerate().take(REPLICAS_TOLD) {
        let id = crate::world::ids::ReplicaId::at(index);
        let requests = by_replica
            .get(&Some(id))
            .map_or(0, |counts| counts.requests());
        parts.push(format!("{} {}", replica.name, share(requests, total)));
    }
    if let Some(none) = by_replica.get(&None) {
        parts.push(format!("no connection {}", share(none.requests(), total)));
    }
    if scope.replicas.len() > REPLICAS_TOLD {
        parts.push(format!(
            "{} more in traffic.csv",
            scope.replicas.len() - REPLICAS_TOLD
        ));
    }
    Some(parts.join(", "))
}

/// How busy a container was, how long its queue, and whether it refused work or was started again.
fn load(it: &Load<'_>) -> String {
    let facts = [
        Some(format!("{} busy", share(it.utilisation_ppm, 1_000_000))),
        Some(format!(
            "longest queue {}",
            count(u64::from(it.queue_longest))
        )),
        (it.refused > 0).then(|| format!("{} refused, the queue was full", count(it.refused))),
        (it.restarts > 0).then(|| counted(u64::from(it.restarts), "restart", "restarts")),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    format!("{}: {}", it.name, facts.join(", "))
}
