//! What the dashboard said, against what users saw.

use crate::measure::ledger::{Counts, STATUSES};
use crate::measure::observation::TunnelStatus;
use crate::report::gathered::Gathered;
use crate::report::page::Page;
use crate::report::wording::{count, counted, share};
use crate::world::ids::{Position, TunnelId};

pub(super) fn add(page: &mut Page, runs: &Gathered) {
    let scope = &runs.first.scope;
    let told = scope
        .tunnels
        .iter()
        .enumerate()
        .filter_map(|(index, tunnel)| {
            let counts = runs.ledger.sum_where(|row| {
                row.replica
                    .is_some_and(|id| scope.tunnel_of(id) == TunnelId::at(index))
            });
            let (status, is_healthy) = statuses(index, runs);
            let seen = seen(&counts);
            let is_news = !is_healthy || !seen.is_empty();
            let users = if seen.is_empty() {
                String::new()
            } else {
                format!("; users saw {}", seen.join(", "))
            };
            is_news.then(|| format!("{} was {status} of the time{users}", tunnel.name))
        });
    page.facts("tunnel", told.collect::<Vec<_>>());
    if runs.alerts > 0 {
        page.fact("alerts", counted(runs.alerts, "sent", "sent"));
    }
    if runs.records_refused > 0 {
        page.fact(
            "dns",
            counted(runs.records_refused, "record refused", "records refused"),
        );
    }
}

/// The share of time in each status, and whether it was healthy all the time.
fn statuses(tunnel: usize, runs: &Gathered) -> (String, bool) {
    let spent = runs.statuses[tunnel];
    let all: u128 = spent.iter().sum();
    let millis = |nanos: u128| (nanos / 1_000_000) as u64;
    let parts: Vec<String> = TunnelStatus::ALL
        .into_iter()
        .filter(|&status| spent[status as usize] > 0)
        .map(|status| {
            format!(
                "{} {}",
                status.name(),
                share(millis(spent[status as usize]), millis(all))
            )
        })
        .collect();
    (
        parts.join(", "),
        spent[TunnelStatus::Healthy as usize] == all,
    )
}

/// The errors that users saw through one tunnel, most frequent first.
fn seen(counts: &Counts) -> Vec<String> {
    let mut errors: Vec<(u64, u16)> = STATUSES
        .into_iter()
        .filter(|&status| status >= 400)
        .filter_map(|status| counts.with_status(status).map(|n| (n, status)))
        .filter(|&(n, _)| n > 0)
        .collect();
    errors.sort_by_key(|&(n, status)| (std::cmp::Reverse(n), status));
    let text = |(n, status): (u64, u16)| format!("{status} {}", times(n));
    errors.into_iter().map(text).collect()
}

fn times(n: u64) -> String {
    match n {
        1 => "once".to_owned(),
        n => format!("{} times", count(n)),
    }
}
