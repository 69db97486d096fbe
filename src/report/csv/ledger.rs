//! The ledgers: requests, latencies, sessions, faults.

use super::{Csv, each};
use crate::measure::failover::{Milestone, Stage};
use crate::measure::latency::{PartSums, Waits};
use crate::measure::outcome::{Cause, Outcome};
use crate::measure::phase::Phase;
use crate::measure::scope::{Named, Scope};
use crate::measure::selection::{Ended, Selection};
use crate::report::faults::MILESTONES;
use crate::report::input::ScenarioReport;
use crate::report::summary::milestone_name;
use crate::report::wording::{millis, seconds};
use crate::world::ids::{GroupId, Position};

/// ledger.csv: requests by who asked, for what, and what answered; the rows add up to all requests.
pub fn ledger(report: &ScenarioReport) -> Csv {
    let fixed = [
        "variant",
        "group",
        "hostname",
        "entry",
        "replica",
        "container",
        "requests",
        "successes",
        "failures",
    ];
    let counts = [
        "delayed",
        "writes",
        "wrong_service",
        "executed_twice",
        "attempts",
    ];
    let causes = Cause::ALL.iter().map(|cause| cause.name());
    let mut csv = Csv::new(fixed.into_iter().chain(counts).chain(causes));
    for (variant, runs) in each(report) {
        let scope = &runs.first.scope;
        for (key, counts) in runs.ledger.rows() {
            let name = |names: &[Named], index: Option<usize>| {
                index.map(|it| names[it].name.clone()).unwrap_or_default()
            };
            let mut row = vec![
                variant.to_owned(),
                scope.groups[key.group.index()].name.clone(),
                scope.hostnames[key.hostname.index()].name.clone(),
                Scope::metro_code(key.entry).to_owned(),
                name(&scope.replicas, key.replica.map(|id| id.index())),
                name(&scope.containers, key.container.map(|id| id.index())),
            ];
            let numbers = [
                counts.requests(),
                counts.successes(),
                counts.failures(),
                counts.delayed,
                counts.writes,
                counts.wrong_service,
                counts.executed_twice,
                counts.attempts,
            ];
            let causes = Cause::ALL
                .iter()
                .map(|&cause| counts.of(Outcome::Failed(cause)));
            row.extend(numbers.into_iter().chain(causes).map(|n| n.to_string()));
            csv.row(row);
        }
    }
    csv
}

/// latency.csv: percentiles by client group and phase, of the successes and of all requests.
pub fn latency(report: &ScenarioReport) -> Csv {
    let mut csv = Csv::new([
        "variant",
        "group",
        "phase",
        "outcome",
        "requests",
        "latency_ms_mean",
        "latency_ms_p50",
        "latency_ms_p90",
        "latency_ms_p99",
        "latency_ms_p999",
        "latency_ms_max",
        "network_ms_mean",
        "wait_ms_mean",
        "service_ms_mean",
        "store_ms_mean",
        "stalled_ms_mean",
    ]);
    for (variant, runs) in each(report) {
        let has_phases = runs.faults.iter().any(|tally| tally.strikes > 0);
        let phases = if has_phases { &Phase::ALL[..] } else { &[] };
        for (index, group) in runs.first.scope.groups.iter().enumerate() {
            for phase in std::iter::once(None).chain(phases.iter().copied().map(Some)) {
                for (outcome, word) in [(Ended::Success, "success"), (Ended::Any, "any")] {
                    let selection = Selection {
                        group: Some(GroupId::at(index)),
                        phase,
                        outcome: Some(outcome),
                        ..Selection::default()
                    };
                    let waits = runs.latency.select(&selection);
                    if let Some(numbers) = percentiles(&waits) {
                        let words = [variant, &group.name, phase.map_or("all", Phase::name), word];
                        csv.row(words.into_iter().map(str::to_owned).chain(numbers));
                    }
                }
            }
        }
    }
    csv
}

/// Requests, mean, percentiles, maximum and mean parts; none if there were no requests.
fn percentiles(waits: &Waits) -> Option<Vec<String>> {
    let requests = waits.latency.count();
    let mean = |sum: u128| millis((sum / u128::from(requests.max(1))) as u64);
    let quantile = |q| waits.latency.quantile(q).map(millis);
    let PartSums {
        network,
        waiting,
        service,
        store,
        stalled,
    } = waits.parts;
    let mut numbers = vec![
        requests.to_string(),
        mean(waits.latency.sum()),
        quantile(0.5)?,
        quantile(0.9)?,
        quantile(0.99)?,
        quantile(0.999)?,
        millis(waits.latency.max()),
    ];
    numbers.extend([network, waiting, service, store, stalled].map(mean));
    Some(numbers)
}

/// sessions.csv: what became of sessions, carts and log-ins, by client group.
pub fn sessions(report: &ScenarioReport) -> Csv {
    let mut csv = Csv::new([
        "variant",
        "group",
        "sessions",
        "intact",
        "broken_by_replica_switch",
        "broken_by_store_lost",
        "broken_by_stale_copy",
        "abandoned",
        "requests",
        "hops",
        "hopped",
        "unharmed",
        "carts",
        "carts_lost",
        "logins",
        "logins_lost",
        "checkouts_lost",
    ]);
    for (variant, runs) in each(report) {
        for it in runs.sessions.summary(&runs.first.scope) {
            let numbers = [
                it.sessions,
                it.intact,
                it.broken_by_replica_switch,
                it.broken_by_store_lost,
                it.broken_by_stale_copy,
                it.abandoned,
                it.requests,
                it.hops,
                it.hopped,
                it.unharmed,
                it.carts,
                it.carts_lost,
                it.logins,
                it.logins_lost,
                it.checkouts_lost,
            ];
            let words = [variant.to_owned(), it.group];
            csv.row(words.into_iter().chain(numbers.map(|n| n.to_string())));
        }
    }
    csv
}

/// faults.csv: each fault's milestones and what its stages cost, one row for each.
pub fn faults(report: &ScenarioReport) -> Csv {
    let mut csv = Csv::new([
        "variant",
        "fault",
        "strikes",
        "kind",
        "name",
        "reached",
        "after_s_p50",
        "after_s_max",
        "lost",
        "delayed",
    ]);
    for (variant, runs) in each(report) {
        for (fault, tally) in runs.first.scope.faults.iter().zip(&runs.faults) {
            let begin = |kind: &str, name: &str| {
                vec![
                    variant.to_owned(),
                    fault.name.clone(),
                    tally.strikes.to_string(),
                    kind.to_owned(),
                    name.to_owned(),
                ]
            };
            for milestone in MILESTONES.into_iter().filter(|&it| it != Milestone::Struck) {
                let waits = tally.waits(milestone);
                let after = |q| waits.quantile(q).map(seconds).unwrap_or_default();
                let mut row = begin("milestone", milestone_name(milestone));
                row.extend([
                    waits.count().to_string(),
                    after(0.5),
                    after(1.0),
                    String::new(),
                    String::new(),
                ]);
                csv.row(row);
            }
            for stage in Stage::ALL {
                let cost = tally.cost(stage);
                let mut row = begin("stage", stage.name());
                row.extend(["", "", ""].map(str::to_owned));
                row.extend([cost.lost.to_string(), cost.delayed.to_string()]);
                csv.row(row);
            }
        }
    }
    csv
}
