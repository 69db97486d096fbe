//! How long requests took, by client group and phase.

use crate::measure::latency::Waits;
use crate::measure::phase::Phase;
use crate::measure::selection::Selection;
use crate::report::gathered::Gathered;
use crate::report::page::{Page, Table};
use crate::report::wording::{count, span};
use crate::world::ids::{GroupId, Position};

/// Client groups whose latencies are told; the others are in latency.csv.
const GROUPS_TOLD: usize = 4;

pub(super) fn add(page: &mut Page, runs: &Gathered) {
    let scope = &runs.first.scope;
    let mut table = Table::new(
        2,
        &[
            "clients",
            "phase",
            "successes",
            "p50",
            "p90",
            "p99",
            "p99.9",
            "longest",
        ],
    );
    let has_phases = runs.faults.iter().any(|tally| tally.strikes > 0);
    for (index, group) in scope.groups.iter().enumerate().take(GROUPS_TOLD) {
        let of_group = Selection {
            group: Some(GroupId::at(index)),
            ..Selection::default()
        };
        let phases = if has_phases { &Phase::ALL[..] } else { &[] };
        let selections = phases.iter().map(|&phase| Selection {
            phase: Some(phase),
            ..of_group.clone()
        });
        let rows = match has_phases {
            true => selections.collect(),
            false => vec![of_group.clone()],
        };
        for selection in rows {
            let phase = selection.phase.map_or("", Phase::name);
            table
                .rows
                .extend(row(&group.name, phase, &runs.latency.select(&selection)));
        }
    }
    page.table("latency", table.without_empty_columns());
    if scope.groups.len() > GROUPS_TOLD {
        page.fact(
            "",
            format!(
                "{} more client groups are in latency.csv",
                scope.groups.len() - GROUPS_TOLD
            ),
        );
    }
}

/// One line of percentiles of successful requests; none if there were no requests.
fn row(group: &str, phase: &str, waits: &Waits) -> Option<Vec<String>> {
    let percentile = |q| waits.latency.quantile(q).map(span);
    Some(vec![
        group.to_owned(),
        phase.to_owned(),
        count(waits.latency.count()),
        percentile(0.5)?,
        percentile(0.9)?,
        percentile(0.99)?,
        percentile(0.999)?,
        span(waits.latency.max()),
    ])
}
