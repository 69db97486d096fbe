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
            for (last, counts) in parts {
                let name = match last {
                    Last::Replica(id) => &scope.replicas[id.index()].name,
                    Last::Direct => DIRECT,
                    Last::Nobody => "",
                };
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

/// Who a request was sent to last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Last {
    /// A replica of a tunnel.
    Replica(ReplicaId),
    /// A server that the edge dials itself.
    Direct,
    /// Nobody: no connection was found.
    Nobody,
}

/// What stands for servers that the edge dials itself.
pub const DIRECT: &str = "without a tunnel";

/// The requests of each client group by whom they were sent to last.
pub fn by_group(runs: &Gathered) -> BTreeMap<GroupId, BTreeMap<Last, Counts>> {
    let mut groups: BTreeMap<_, BTreeMap<_, Counts>> = BTreeMap::new();
    for (key, counts) in runs.ledger.rows() {
        let last = match (key.replica, key.container) {
            (Some(replica), _) => Last::Replica(replica),
            (None, Some(_)) => Last::Direct,
            (None, None) => Last::Nobody,
        };
        groups
            .entry(key.group)
            .or_default()
            .entry(last)
            .or_default()
            .merge(counts);
    }
    groups
}
