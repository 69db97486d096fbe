//! Which replica got how much, and how busy the containers were.

use crate::measure::finals::ContainerUse;
use crate::report::gathered::Gathered;
use crate::report::page::Page;
use crate::report::wording::{count, counted, share};
use crate::world::ids::Position;

/// Replicas whose shares are told; the others are in traffic.csv.
const REPLICAS_TOLD: usize = 8;

/// Utilisation above which a container is told of, in per cent.
const BUSY: u128 = 70;

pub(super) fn add(page: &mut Page, runs: &Gathered) {
    page.facts("traffic", shares(runs));
    let loads: Vec<String> = runs
        .containers
        .iter()
        .filter_map(|it| load(it, runs))
        .collect();
    page.facts("load", loads);
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

/// A container that was busy, refused work, or was started again.
fn load(it: &ContainerUse, runs: &Gathered) -> Option<String> {
    let scope = &runs.first.scope;
    let workers = u128::from(scope.of_container[usize::from(it.container.0)].workers);
    let capacity = u128::from(scope.length().as_nanos()) * workers * runs.replications() as u128;
    let busy_per_mille = (it.busy * 1_000).checked_div(capacity).unwrap_or(0) as u64;
    let facts = [
        (u128::from(busy_per_mille) >= BUSY * 10)
            .then(|| format!("{} busy", share(busy_per_mille, 1_000))),
        (it.refused > 0).then(|| format!("{} refused, the queue was full", count(it.refused))),
        (it.restarts > 0).then(|| counted(u64::from(it.restarts), "restart", "restarts")),
    ];
    let facts: Vec<String> = facts.into_iter().flatten().collect();
    let name = &scope.containers[usize::from(it.container.0)].name;
    (!facts.is_empty()).then(|| {
        format!(
            "{name}: {}, longest queue {}",
            facts.join(", "),
            count(u64::from(it.waiting_max))
        )
    })
}
