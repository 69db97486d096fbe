//! How far stores came apart that were supposed to agree.

use super::{Entry, Kind, Measure, Unit};
use crate::kernel::time::Time;
use crate::measure::finals::Divergence;
use crate::measure::run::Run;
use crate::measure::selection::{Filter, Selection};

const fn entry(
    name: &'static str,
    unit: Unit,
    help: &'static str,
    measure: fn(&Run, &Selection) -> Measure,
) -> Entry {
    Entry {
        name,
        unit,
        help,
        filters: &[Filter::Dataset],
        required: &[],
        kind: Kind::Tallies(measure),
    }
}

pub(super) static ENTRIES: &[Entry] = &[
    entry(
        "keys_differing_share",
        Unit::Share,
        "Share of keys whose versions differ between stores at the end.",
        |run, s| ratio(run, s, |it| it.differing, keys),
    ),
    entry(
        "keys_conflicting_share",
        Unit::Share,
        "Share of keys that both sides of a difference wrote.",
        |run, s| ratio(run, s, |it| it.conflicting, keys),
    ),
    entry(
        "keys_missing_share",
        Unit::Share,
        "Share of keys that some store never had.",
        |run, s| ratio(run, s, |it| it.missing, keys),
    ),
    entry(
        "stale_read_share",
        Unit::Share,
        "Share of reads that were given an older version than the newest acknowledged, or nothing.",
        |run, s| ratio(run, s, |it| it.stale_reads, |_, it| it.reads),
    ),
    entry(
        "lost_writes",
        Unit::Count,
        "Acknowledged writes that no store has any more.",
        |run, s| Measure::count(selected(run, s).map(|it| it.lost_writes).sum()),
    ),
    entry(
        "first_divergence_s",
        Unit::Seconds,
        "Time until two stores first differed.",
        |run, s| {
            let first = selected(run, s).filter_map(|it| it.first_at).min();
            first
                .map(|at| at.since(Time::ZERO).as_nanos() as f64)
                .into()
        },
    ),
    entry(
        "visitors_overcounted_share",
        Unit::Share,
        "Visitors shown on all dashboards together beyond those there were, per visitor.",
        |run, s| {
            let real: u64 = selected(run, s).map(|it| it.visitors).sum();
            let shown: u64 = selected(run, s).flat_map(|it| &it.visitors_by_store).sum();
            Measure::mean(shown as f64 - real as f64, real as f64)
        },
    ),
    Entry {
        name: "views_share",
        unit: Unit::Share,
        help: "Share of all page views of a data set that one store counted.",
        filters: &[Filter::Store],
        required: &[Filter::Store],
        kind: Kind::Tallies(|run, s| of_store(run, s, |it| &it.views_by_store, |it| it.views)),
    },
    Entry {
        name: "visitors_share",
        unit: Unit::Share,
        help: "Share of all visitors of a data set that one store knows of.",
        filters: &[Filter::Store],
        required: &[Filter::Store],
        kind: Kind::Tallies(|run, s| {
            of_store(run, s, |it| &it.visitors_by_store, |it| it.visitors)
        }),
    },
];

fn selected<'a>(run: &'a Run, selection: &Selection) -> impl Iterator<Item = &'a Divergence> {
    let dataset = selection.dataset;
    run.finals
        .divergences
        .iter()
        .filter(move |it| dataset.is_none_or(|wanted| wanted == it.dataset))
}

/// The keys of a data set: all that exist if their number is fixed, else those ever written.
fn keys(run: &Run, divergence: &Divergence) -> u64 {
    let fixed = run.scope.of_dataset[usize::from(divergence.dataset.0)].keys;
    fixed.map_or(divergence.keys, u64::from)
}

fn ratio(
    run: &Run,
    selection: &Selection,
    hits: impl Fn(&Divergence) -> u64,
    trials: impl Fn(&Run, &Divergence) -> u64,
) -> Measure {
    let add = |(h, t), it: &Divergence| (h + hits(it), t + trials(run, it));
    let (hits, trials) = selected(run, selection).fold((0, 0), add);
    Measure::ratio(hits, trials)
}

fn of_store(
    run: &Run,
    selection: &Selection,
    parts: impl Fn(&Divergence) -> &Vec<u64>,
    whole: impl Fn(&Divergence) -> u64,
) -> Measure {
    let Some(store) = selection.store else {
        return Measure::Missing;
    };
    let stores = |it: &Divergence| &run.scope.of_dataset[usize::from(it.dataset.0)].stores;
    let place = |it: &Divergence| stores(it).iter().position(|&id| id == store);
    let found = run
        .finals
        .divergences
        .iter()
        .find_map(|it| Some((it, place(it)?)));
    let part = found.and_then(|(it, place)| Some((it, *parts(it).get(place)?)));
    part.map_or(Measure::Missing, |(it, part)| {
        Measure::ratio(part, whole(it))
    })
}
