//! How busy containers are.

use super::{Entry, Kind, Measure, Unit};
use crate::measure::finals::ContainerUse;
use crate::measure::run::Run;
use crate::measure::selection::{Filter, Selection};

const FILTERS: &[Filter] = &[Filter::Container, Filter::Host];

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
        filters: FILTERS,
        required: &[],
        kind: Kind::Tallies(measure),
    }
}

pub(super) static ENTRIES: &[Entry] = &[
    entry(
        "utilisation",
        Unit::Share,
        "Share of the workers' time spent in service.",
        |run, selection| {
            let workers = |it: &ContainerUse| {
                f64::from(run.scope.of_container[usize::from(it.container.0)].workers)
            };
            let length = run.scope.length().as_nanos() as f64;
            Measure::mean(
                sum(run, selection, |it| it.busy as f64),
                sum(run, selection, workers) * length,
            )
        },
    ),
    entry(
        "queue_length_mean",
        Unit::Count,
        "Mean number of requests waiting for a worker.",
        |run, selection| {
            let length = run.scope.length().as_nanos() as f64;
            Measure::mean(sum(run, selection, |it| it.waiting as f64), length)
        },
    ),
    entry(
        "queue_length_max",
        Unit::Count,
        "Most requests that waited for a worker of one container.",
        |run, selection| {
            selected(run, selection)
                .map(|it| f64::from(it.waiting_max))
                .reduce(f64::max)
                .into()
        },
    ),
    entry(
        "queue_refused_share",
        Unit::Share,
        "Share of the requests that reached a container which found its queue full.",
        |run, selection| {
            let (mut refused, mut all) = (0, 0);
            for it in selected(run, selection) {
                refused += it.refused;
                all += it.refused + it.admitted;
            }
            Measure::ratio(refused, all)
        },
    ),
    entry(
        "restarts",
        Unit::Count,
        "Starts of a container's process after the first.",
        |run, selection| Measure::Value(sum(run, selection, |it| f64::from(it.restarts))),
    ),
];

fn selected<'a>(run: &'a Run, selection: &Selection) -> impl Iterator<Item = &'a ContainerUse> {
    let (container, host) = (selection.container, selection.host);
    run.finals.containers.iter().filter(move |it| {
        container.is_none_or(|wanted| wanted == it.container)
            && host.is_none_or(|wanted| {
                wanted == run.scope.of_container[usize::from(it.container.0)].host
            })
    })
}

fn sum(run: &Run, selection: &Selection, part: impl Fn(&ContainerUse) -> f64) -> f64 {
    selected(run, selection).map(part).sum()
}
