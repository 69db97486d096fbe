//! What a metric is: its entry in the registry, and how one use of it gets its value.

use std::fmt;

use super::collect::{Counting, PartOfAll, SessionCounting, Waiting};
use super::{Measure, Unit};
use crate::measure::latency::{LATENCY_FILTERS, Waits};
use crate::measure::ledger::{Counts, LEDGER_FILTERS};
use crate::measure::observation::{Change, RequestSeen, SessionSeen};
use crate::measure::phase::Phase;
use crate::measure::run::Run;
use crate::measure::scope::Scope;
use crate::measure::selection::{Filter, Selection};
use crate::measure::sessions::{SESSION_FILTERS, SessionCounts};

/// A metric, as the registry, the scenario file and the help text know it.
pub struct Entry {
    /// The name in scenario files: snake_case, unit last.
    pub name: &'static str,
    /// What its values are.
    pub unit: Unit,
    /// What it measures, in one sentence.
    pub help: &'static str,
    /// The filters it understands.
    pub filters: &'static [Filter],
    /// Of these, the filters without which it means nothing.
    pub required: &'static [Filter],
    /// How its value is found.
    pub kind: Kind,
}

/// How the value of a metric is found.
///
/// The first four are computed from tallies that every run keeps where the selection allows it, and from a tally of
/// their own that is narrowed to the selection where it does not.
pub enum Kind {
    /// From counts of requests.
    Counts(fn(&Counts, &Selection, &Scope) -> Measure),
    /// The part of requests for which this filter holds, among those that could have passed it.
    PartOf(Filter),
    /// From latencies.
    Waits(fn(&Waits) -> Measure),
    /// From counts of sessions.
    Sessions(fn(&SessionCounts) -> Measure),
    /// From other tallies of a run.
    Tallies(fn(&Run, &Selection) -> Measure),
    /// The same about one thing, which a filter must name.
    OfOne(fn(&Run, &Selection) -> Measure),
    /// By watching the run with its own eyes.
    Watch(fn(&Selection, &Scope) -> Box<dyn Metric>),
}

/// Which facts a metric has to see during the run.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Needs {
    /// Requests.
    pub requests: bool,
    /// Sessions.
    pub sessions: bool,
    /// Changes of state.
    pub changes: bool,
}

impl Needs {
    /// Requests only.
    pub const REQUESTS: Needs = Needs {
        requests: true,
        sessions: false,
        changes: false,
    };
    /// Sessions only.
    pub const SESSIONS: Needs = Needs {
        requests: false,
        sessions: true,
        changes: false,
    };
    /// Changes only.
    pub const CHANGES: Needs = Needs {
        requests: false,
        sessions: false,
        changes: true,
    };
    /// Both of two.
    pub const fn and(self, other: Needs) -> Needs {
        Needs {
            requests: self.requests || other.requests,
            sessions: self.sessions || other.sessions,
            changes: self.changes || other.changes,
        }
    }
}

/// One use of a metric, watching one run.
pub trait Metric: Send {
    /// Which facts it has to see; the others do not reach it.
    fn needs(&self) -> Needs;
    /// Sees a request, with the phase of its birth.
    fn request(&mut self, _seen: &RequestSeen, _phase: Phase, _scope: &Scope) {}
    /// Sees a session, with the phase of its birth.
    fn session(&mut self, _seen: &SessionSeen, _phase: Phase, _scope: &Scope) {}
    /// Sees a change of state.
    fn change(&mut self, _change: &Change, _scope: &Scope) {}
    /// Its value, at the end of the run. The run's own list of measurements is not filled yet.
    fn measure(&self, run: &Run) -> Measure;
}

/// A use that the run's tallies answer.
struct FromTallies(MetricUse);

impl Metric for FromTallies {
    fn needs(&self) -> Needs {
        Needs::default()
    }

    fn measure(&self, run: &Run) -> Measure {
        self.0.of_tallies(run)
    }
}

/// A metric with the part of the run it is asked about.
#[derive(Clone)]
pub struct MetricUse {
    /// The metric.
    pub entry: &'static Entry,
    /// The part.
    pub selection: Selection,
}

/// Why a metric cannot be asked about a selection.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum UseProblem {
    /// The metric does not know the filter.
    #[error("`{metric}` cannot be filtered by `{}`", .filter.name())]
    Unknown {
        /// The metric.
        metric: &'static str,
        /// The filter.
        filter: Filter,
    },
    /// The metric means nothing without the filter.
    #[error("`{metric}` needs the filter `{}`", .filter.name())]
    Needed {
        /// The metric.
        metric: &'static str,
        /// The filter.
        filter: Filter,
    },
    /// The metric is about one thing, and none is named.
    #[error("`{metric}` needs a filter that names what it is about")]
    OfNothing {
        /// The metric.
        metric: &'static str,
    },
}

impl MetricUse {
    /// A metric asked about a selection.
    ///
    /// # Errors
    /// When the metric does not understand a filter that is set, or needs one that is not.
    pub fn new(entry: &'static Entry, selection: Selection) -> Result<MetricUse, UseProblem> {
        let metric = entry.name;
        if let Some(filter) = selection
            .filters()
            .find(|filter| !entry.filters.contains(filter))
        {
            return Err(UseProblem::Unknown { metric, filter });
        }
        let is_set = |filter: &Filter| selection.filters().any(|set| set == *filter);
        if let Some(&filter) = entry.required.iter().find(|&filter| !is_set(filter)) {
            return Err(UseProblem::Needed { metric, filter });
        }
        if matches!(entry.kind, Kind::OfOne(_)) && selection.filters().next().is_none() {
            return Err(UseProblem::OfNothing { metric });
        }
        Ok(MetricUse { entry, selection })
    }

    /// Whether every run can answer it afterwards, without having been asked before.
    pub fn is_tallied(&self) -> bool {
        let selection = &self.selection;
        match self.entry.kind {
            Kind::Counts(_) => selection.without(Filter::Cause).uses_only(LEDGER_FILTERS),
            Kind::PartOf(filter) => {
                LEDGER_FILTERS.contains(&filter) && selection.uses_only(LEDGER_FILTERS)
            }
            Kind::Waits(_) => selection.uses_only(LATENCY_FILTERS),
            Kind::Sessions(_) => selection.uses_only(SESSION_FILTERS),
            Kind::Tallies(_) | Kind::OfOne(_) => true,
            Kind::Watch(_) => false,
        }
    }

    /// A metric that watches one run for this use.
    pub(crate) fn build(&self, scope: &Scope) -> Box<dyn Metric> {
        if self.is_tallied() {
            return Box::new(FromTallies(self.clone()));
        }
        let selection = self.selection.clone();
        match self.entry.kind {
            Kind::Counts(measure) => Box::new(Counting::new(selection, measure)),
            Kind::PartOf(filter) => Box::new(PartOfAll::new(selection, filter, scope)),
            Kind::Waits(measure) => Box::new(Waiting::new(selection, measure)),
            Kind::Sessions(measure) => Box::new(SessionCounting::new(selection, measure)),
            Kind::Watch(build) => build(&selection, scope),
            Kind::Tallies(_) | Kind::OfOne(_) => unreachable!("tallied, see above"),
        }
    }

    /// The value from the tallies that every run keeps; missing if they do not suffice.
    pub(crate) fn of_tallies(&self, run: &Run) -> Measure {
        if !self.is_tallied() {
            return Measure::Missing;
        }
        let (selection, scope) = (&self.selection, &run.scope);
        match self.entry.kind {
            Kind::Counts(measure) => {
                let counts = run.ledger.select(&selection.without(Filter::Cause), scope);
                measure(&counts, selection, scope)
            }
            Kind::PartOf(filter) => PartOfAll::from_ledger(selection, filter, run),
            Kind::Waits(measure) => measure(&run.latency.select(selection)),
            Kind::Sessions(measure) => measure(&run.sessions.select(selection)),
            Kind::Tallies(measure) | Kind::OfOne(measure) => measure(run, selection),
            Kind::Watch(_) => Measure::Missing,
        }
    }
}

impl PartialEq for MetricUse {
    fn eq(&self, other: &MetricUse) -> bool {
        self.entry.name == other.entry.name && self.selection == other.selection
    }
}

impl fmt::Debug for MetricUse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MetricUse")
            .field("metric", &self.entry.name)
            .field("selection", &self.selection)
            .finish()
    }
}
