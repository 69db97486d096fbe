//! The milestones and the cost of failovers.

use super::{Entry, Kind, Measure, Unit};
use crate::kernel::time::Time;
use crate::measure::failover::{Cost, Milestone, Strike};
use crate::measure::run::Run;
use crate::measure::selection::{Filter, Selection};

const fn time(
    name: &'static str,
    help: &'static str,
    measure: fn(&Run, &Selection) -> Measure,
) -> Entry {
    let filters = &[Filter::Fault];
    Entry {
        name,
        unit: Unit::Seconds,
        help,
        filters,
        required: &[],
        kind: Kind::Tallies(measure),
    }
}

const fn cost(
    name: &'static str,
    help: &'static str,
    measure: fn(&Run, &Selection) -> Measure,
) -> Entry {
    let filters = &[Filter::Fault, Filter::Stage];
    Entry {
        name,
        unit: Unit::Count,
        help,
        filters,
        required: &[],
        kind: Kind::Tallies(measure),
    }
}

pub(super) static ENTRIES: &[Entry] = &[
    Entry {
        name: "strikes",
        unit: Unit::Count,
        help: "Strikes of faults.",
        filters: &[Filter::Fault],
        required: &[],
        kind: Kind::Tallies(|run, selection| Measure::count(struck(run, selection))),
    },
    time(
        "noticed_s",
        "Mean time from a strike until the edge had closed the last connection it took away.",
        |run, s| mean(run, s, Milestone::Noticed, |strike| Some(strike.struck())),
    ),
    time(
        "withdrawn_s",
        "Mean time from a strike until no edge chose a connection that it took away.",
        |run, s| mean(run, s, Milestone::Withdrawn, |strike| Some(strike.struck())),
    ),
    time(
        "rerouted_s",
        "Mean time from a strike until the first success of a request that would have gone there.",
        |run, s| mean(run, s, Milestone::Rerouted, |strike| Some(strike.struck())),
    ),
    time(
        "recovered_s",
        "Mean time from the end of a fault, or from its strike if it has none, until what it took away served again.",
        |run, s| {
            mean(run, s, Milestone::Recovered, |strike| {
                strike.at(Milestone::Cleared).or(Some(strike.struck()))
            })
        },
    ),
    cost(
        "strike_lost_requests",
        "Requests that failed in the course of strikes, from the strike to recovery or in one stage.",
        |run, s| {
            Measure::count(
                selected(run, s)
                    .map(|strike| of_stage(strike, s).lost)
                    .sum(),
            )
        },
    ),
    cost(
        "strike_delayed_requests",
        "Requests that were delayed in the course of strikes, from the strike to recovery or in one stage.",
        |run, s| {
            Measure::count(
                selected(run, s)
                    .map(|strike| of_stage(strike, s).delayed)
                    .sum(),
            )
        },
    ),
];

fn struck(run: &Run, selection: &Selection) -> u64 {
    let struck = run.failover.struck();
    match selection.fault {
        Some(fault) => struck[usize::from(fault.0)],
        None => struck.iter().sum(),
    }
}

fn selected<'a>(run: &'a Run, selection: &Selection) -> impl Iterator<Item = &'a Strike> {
    let fault = selection.fault;
    run.failover
        .strikes()
        .iter()
        .filter(move |strike| fault.is_none_or(|wanted| wanted == strike.fault))
}

fn of_stage(strike: &Strike, selection: &Selection) -> Cost {
    selection
        .stage
        .map_or(strike.total_cost(), |stage| strike.cost(stage))
}

fn mean(
    run: &Run,
    selection: &Selection,
    to: Milestone,
    from: fn(&Strike) -> Option<Time>,
) -> Measure {
    let took =
        |strike: &Strike| Some(strike.at(to)?.saturating_since(from(strike)?).as_nanos() as f64);
    let times: Vec<f64> = selected(run, selection).filter_map(took).collect();
    Measure::mean(times.iter().sum(), times.len() as f64)
}
