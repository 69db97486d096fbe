//! How bad it was at its worst.

use std::collections::BTreeMap;

use super::{Entry, Kind, Measure, Metric, Needs, OF_REQUESTS_BY_CAUSE, Unit};
use crate::measure::observation::RequestSeen;
use crate::measure::outcome::Outcome;
use crate::measure::phase::Phase;
use crate::measure::run::Run;
use crate::measure::scope::Scope;
use crate::measure::selection::Selection;

pub(super) static ENTRIES: &[Entry] = &[Entry {
    name: "failed_share_worst_minute",
    unit: Unit::Share,
    help: "Share of requests that failed among those born in the worst minute of the run.",
    filters: OF_REQUESTS_BY_CAUSE,
    required: &[],
    kind: Kind::Watch(|selection, _| {
        Box::new(WorstMinute {
            selection: selection.clone(),
            minutes: BTreeMap::new(),
        })
    }),
}];

const MINUTE_NANOS: u64 = 60_000_000_000;

struct WorstMinute {
    selection: Selection,
    /// Failures and requests of each minute that had any, by its number.
    minutes: BTreeMap<u64, (u64, u64)>,
}

impl Metric for WorstMinute {
    fn needs(&self) -> Needs {
        Needs::REQUESTS
    }

    fn request(&mut self, seen: &RequestSeen, phase: Phase, scope: &Scope) {
        if !self.selection.holds(seen, phase, scope) {
            return;
        }
        let minute = seen.born.as_nanos() / MINUTE_NANOS;
        let (failures, requests) = self.minutes.entry(minute).or_default();
        *requests += 1;
        if let Outcome::Failed(cause) = seen.outcome {
            *failures += u64::from(self.selection.cause.is_none_or(|asked| asked == cause));
        }
    }

    fn measure(&self, _run: &Run) -> Measure {
        // Shares are compared crosswise, in integers; of equal shares the one of more requests says more.
        let worse = |a: &(u64, u64), b: &(u64, u64)| {
            let share_a = u128::from(a.0) * u128::from(b.1);
            let share_b = u128::from(b.0) * u128::from(a.1);
            share_a.cmp(&share_b).then(a.1.cmp(&b.1))
        };
        let worst = self.minutes.values().copied().max_by(worse);
        worst.map_or(Measure::Missing, |(failures, requests)| {
            Measure::ratio(failures, requests)
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::measure::metric::{MetricUse, find};
    use crate::measure::selection::Selection;
    use crate::measure::testing;

    #[test]
    fn the_worst_minute_is_at_least_as_bad_as_the_run() {
        let of = |name| MetricUse::new(find(name).unwrap(), Selection::default()).unwrap();
        let worst = of("failed_share_worst_minute");
        let run = testing::small_run(std::slice::from_ref(&worst));
        let whole = run.measure(&of("failed_share")).value().unwrap();
        assert!(run.measure(&worst).value().unwrap() >= whole && whole > 0.0);
    }
}
