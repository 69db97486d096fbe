//! Who answered whom.

use std::collections::BTreeMap;

use super::{Csv, each};
use crate::measure::ledger::Counts;
use crate::report::gathered::Gathered;
use crate::report::input::ScenarioReport;
use crate::report::wording::per_cent_fixed;
use crate::world::ids::{GroupId, Position, ReplicaId};

/// traffic.csv: each replica's part in the requests of each client group.
pub fn traffic(report: &ScenarioReport) -> Csv {
    let mut csv = Csv::new([
        "variant",
        "group",
        "replica",
        "requests",
        "successes",
        "failures",
        "share_of_group_percent",
    ]);
    for (variant, runs) in each(report) {
        let scope = &runs.first.scope;
        for (group, parts) in by_group(runs) {
            let all: u64 = parts.values().map(Counts::requests).sum();
            for (replica, counts) in parts {
                let name = replica.map_or("", |id| &scope.replicas[id.index()].name);
                csv.row([
                    variant,
                    &scope.groups[group.index()].name,
                    name,
                    &counts.requests().to_string(),
                    &counts.successes().to_string(),
                    &counts.failures().to_string(),
                    &per_cent_fixed(counts.requests(), all, 4),
                ]);
            }
        }
    }
    csv
}

/// The requests of each client group by the last replica tried; none: no connection was found.
pub fn by_group(runs: &Gathered) -> BTreeMap<GroupId, BTreeMap<Option<ReplicaId>, Counts>> {
    let mut groups: BTreeMap<_, BTreeMap<_, Counts>> = BTreeMap::new();
    for (key, counts) in runs.ledger.rows() {
        groups
            .entry(key.group)
            .or_default()
            .entry(key.replica)
            .or_default()
            .merge(counts);
    }
    groups
}
