//! For how long visitors met failures.

use super::{Entry, Kind, Measure, Metric, Needs, OF_REQUESTS_BY_CAUSE, Unit};
use crate::kernel::time::Time;
use crate::measure::observation::RequestSeen;
use crate::measure::outcome::Outcome;
use crate::measure::phase::Phase;
use crate::measure::run::Run;
use crate::measure::scope::Scope;
use crate::measure::selection::Selection;

pub(super) static ENTRIES: &[Entry] = &[Entry {
    name: "failing_s",
    unit: Unit::Seconds,
    help: "Time from the birth of the first request that failed to that of the last.",
    filters: OF_REQUESTS_BY_CAUSE,
    required: &[],
    kind: Kind::Watch(|selection, _| {
        Box::new(FailingTime {
            selection: selection.clone(),
            born: None,
        })
    }),
}];

struct FailingTime {
    selection: Selection,
    /// First and last birth.
    born: Option<(Time, Time)>,
}

impl Metric for FailingTime {
    fn needs(&self) -> Needs {
        Needs::REQUESTS
    }

    fn request(&mut self, seen: &RequestSeen, phase: Phase, scope: &Scope) {
        let Outcome::Failed(cause) = seen.outcome else {
            return;
        };
        let is_asked = self.selection.cause.is_none_or(|wanted| wanted == cause);
        if is_asked && self.selection.holds(seen, phase, scope) {
            let (first, last) = self.born.unwrap_or((seen.born, seen.born));
            self.born = Some((first.min(seen.born), last.max(seen.born)));
        }
    }

    fn measure(&self, _run: &Run) -> Measure {
        Measure::Value(
            self.born
                .map_or(0.0, |(first, last)| last.since(first).as_nanos() as f64),
        )
    }
}
