//! Which part of a run is worth looking at, and the faults in it.

use super::axis::time_step;
use crate::kernel::time::{Span, Time};
use crate::measure::failover::{Milestone, Strike};
use crate::measure::outcome::Outcome;
use crate::measure::timeline::Bucket;
use crate::report::gathered::Gathered;
use crate::report::wording::clock;
use crate::world::ids::Position;

/// Faults that are shaded, at most; a picture with more has none.
const BANDS: usize = 12;

/// A picture shows the whole run unless everything that happened fits into this part of it.
const PART: u64 = 3;

/// The least time before and after what happened.
const LEAST_MARGIN: Span = Span::from_secs(10);

/// Round moments that a window has, at most.
const TICKS: u64 = 8;

/// A stretch of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Window {
    /// Its beginning.
    pub from: Time,
    /// Its end.
    pub until: Time,
    /// Whether it is less than the whole run.
    pub is_part: bool,
}

/// The time of a fault.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Band {
    /// The fault.
    pub name: String,
    /// Its times, in words.
    pub times: String,
    /// The strike.
    pub from: Time,
    /// The clearing; the repair of what happened at one moment; or the end of the run.
    pub until: Time,
}

/// A moment in the course of a failover.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Mark {
    /// What happened.
    pub name: &'static str,
    /// When.
    pub at: Time,
}

impl Window {
    /// The part of the runs in which requests failed or were delayed, with some time before and after.
    pub fn of_harm(variants: &[&Gathered]) -> Window {
        Window::around(variants, harmed)
    }

    /// The part of the runs in which requests were harmed or a fault lasted, with some time before and after.
    pub fn of_faults(variants: &[&Gathered]) -> Window {
        Window::around(variants, |runs| {
            let mut times = harmed(runs);
            let strikes = runs.first.failover.strikes().iter();
            times.extend(strikes.map(|strike| (strike.struck(), end_of(strike, runs))));
            times
        })
    }

    /// The part of the runs that holds all of some stretches, or the whole if they take up much of it.
    fn around(variants: &[&Gathered], stretches: fn(&Gathered) -> Vec<(Time, Time)>) -> Window {
        let end = variants.iter().map(|runs| runs.first.scope.horizon).max();
        let end = end.unwrap_or_default().max(Time::ZERO + Span::from_secs(1));
        let whole = Window {
            from: Time::ZERO,
            until: end,
            is_part: false,
        };
        let all = variants.iter().flat_map(|runs| stretches(runs));
        let Some((from, until)) = all.reduce(|all, one| (all.0.min(one.0), all.1.max(one.1)))
        else {
            return whole;
        };
        let margin = (until.saturating_since(from) / 2).max(LEAST_MARGIN);
        let from = from.as_nanos().saturating_sub(margin.as_nanos());
        let part = rounded(Time::from_nanos(from), until + margin);
        let is_part = part.1.since(part.0) * PART <= end.since(Time::ZERO);
        if is_part {
            Window {
                from: part.0,
                until: part.1.min(end),
                is_part,
            }
        } else {
            whole
        }
    }
}

/// Both moments moved outwards to the next ones that are read easily.
fn rounded(from: Time, until: Time) -> (Time, Time) {
    let step = time_step(until.saturating_since(from), TICKS).as_nanos();
    let down = from.as_nanos() / step * step;
    let up = until.as_nanos().div_ceil(step) * step;
    (Time::from_nanos(down), Time::from_nanos(up))
}

/// Whether requests failed or were delayed.
pub fn is_harmed(runs: &Gathered) -> bool {
    !harmed(runs).is_empty()
}

/// The times in which requests failed or were delayed.
fn harmed(runs: &Gathered) -> Vec<(Time, Time)> {
    let Some(timeline) = &runs.timeline else {
        return Vec::new();
    };
    let is_harmed = |it: &Bucket| it.requests() > it.of(Outcome::Success) || it.delayed > 0;
    let harmed = timeline.counts().filter(|(_, it)| is_harmed(it));
    harmed
        .map(|(start, _)| (start, start + timeline.step()))
        .collect()
}

/// When a strike was over, or the end of the run.
fn end_of(strike: &Strike, runs: &Gathered) -> Time {
    let horizon = runs.first.scope.horizon;
    let over = strike
        .at(Milestone::Recovered)
        .max(strike.at(Milestone::Cleared));
    over.unwrap_or(horizon).min(horizon)
}

/// The moments of the only strike, if there is only one and it came at the same time in every run.
pub fn marks(runs: &Gathered) -> Vec<Mark> {
    let named = [
        (Milestone::Noticed, "noticed"),
        (Milestone::Rerouted, "rerouted"),
        (Milestone::Recovered, "recovered"),
    ];
    match runs.first.failover.strikes() {
        [only] if runs.replications() == 1 => {
            let mark = |(milestone, name)| only.at(milestone).map(|at| Mark { name, at });
            named.into_iter().filter_map(mark).collect()
        }
        _ => Vec::new(),
    }
}

/// The faults of a variant, if they are few and struck at the same times in every run.
pub fn bands(runs: &Gathered) -> Vec<Band> {
    let strikes = runs.first.failover.strikes();
    if strikes.len() > BANDS || !runs.strikes_agree {
        return Vec::new();
    }
    strikes.iter().map(|strike| band(strike, runs)).collect()
}

/// The time of one strike. What happens at one moment is shaded until it is repaired, where that is the same in every
/// run because there is one only.
fn band(strike: &Strike, runs: &Gathered) -> Band {
    let scope = &runs.first.scope;
    let (fault, horizon) = (strike.fault.index(), scope.horizon);
    let struck = clock(strike.struck());
    let reached = |milestone| strike.at(milestone).filter(|&at| at <= horizon);
    let (times, until) = match reached(Milestone::Cleared) {
        _ if scope.fault_is_momentary[fault] => {
            let until = match reached(Milestone::Recovered) {
                _ if runs.replications() > 1 => strike.struck(),
                Some(at) => at,
                None if strike.disturbs() => horizon,
                None => strike.struck(),
            };
            (format!("at {struck}"), until)
        }
        Some(at) => (format!("{struck} to {}", clock(at)), at),
        None => (format!("from {struck}"), horizon),
    };
    Band {
        name: scope.faults[fault].name.clone(),
        times,
        from: strike.struck().min(horizon),
        until: until.min(horizon),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::testing::{Story, report, variant};

    /// The only band of some runs of a small story, if the fault happens at one moment or not.
    fn only_band(is_momentary: bool, replications: u64) -> Band {
        let mut report = report(vec![variant(None, Story::small(), replications)]);
        let runs = &mut report.variants[0].runs;
        runs.first.scope.fault_is_momentary = vec![is_momentary];
        bands(runs).swap_remove(0)
    }

    #[test]
    fn what_happens_at_one_moment_is_shaded_until_it_is_repaired() {
        let lasting = only_band(false, 1);
        assert!(lasting.times.contains(" to "), "{}", lasting.times);
        let momentary = only_band(true, 1);
        assert!(momentary.times.starts_with("at "), "{}", momentary.times);
        assert!(momentary.until > lasting.until);
        let in_many = only_band(true, 3);
        assert_eq!(in_many.from, in_many.until);
    }
}
