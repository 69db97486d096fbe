//! Where the stores of one data set came apart.

use crate::measure::finals::Divergence;
use crate::report::gathered::Gathered;
use crate::report::page::Page;
use crate::report::wording::{clock, count, share};

pub(super) fn add(page: &mut Page, runs: &Gathered) {
    let told = runs.divergences.iter().filter_map(|it| {
        let facts = facts(it, runs);
        let name = &runs.first.scope.datasets[usize::from(it.dataset.0)].name;
        (!facts.is_empty()).then(|| format!("{name}: {}", facts.join("; ")))
    });
    page.facts("data", told.collect::<Vec<_>>());
}

fn facts(it: &Divergence, runs: &Gathered) -> Vec<String> {
    let part = |n: u64, of: u64, words: &str| {
        (n > 0).then(|| format!("{} of {} {words} ({})", count(n), count(of), share(n, of)))
    };
    let whole = |n: u64, words: &str| (n > 0).then(|| format!("{} {words}", count(n)));
    let first = it.first_at.filter(|_| it.differing + it.conflicting > 0);
    [
        part(it.differing, it.keys, "keys differ"),
        first.map(|at| format!("first at {}", clock(at))),
        whole(it.conflicting, "conflict"),
        whole(it.missing, "missing on one side"),
        whole(it.lost_writes, "writes lost"),
        part(it.stale_reads, it.reads, "reads stale"),
        visitors(it, runs),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// What each store's dashboard shows of the visitors there were, and what they add up to.
fn visitors(it: &Divergence, runs: &Gathered) -> Option<String> {
    if it.visitors == 0 || it.visitors_by_store.len() < 2 {
        return None;
    }
    let scope = &runs.first.scope;
    let stores = &scope.of_dataset[usize::from(it.dataset.0)].stores;
    let shown = stores.iter().zip(&it.visitors_by_store);
    let shown: Vec<String> = shown
        .map(|(store, &n)| {
            format!(
                "{} shows {}",
                scope.stores[usize::from(store.0)].name,
                count(n)
            )
        })
        .collect();
    let sum: u64 = it.visitors_by_store.iter().sum();
    let counted_twice = match sum.saturating_sub(it.visitors) {
        0 => String::new(),
        more => format!(", {} too many", share(more, it.visitors)),
    };
    Some(format!(
        "of {} visitors {}{counted_twice}",
        count(it.visitors),
        shown.join(", ")
    ))
}
