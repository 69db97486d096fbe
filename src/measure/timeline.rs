//! What happened when: counts and latencies by time of birth, up to the horizon.

use serde::Serialize;

use super::histogram::{COARSE, Histogram};
use super::observation::RequestSeen;
use super::outcome::Outcome;
use crate::kernel::time::{Span, Time};

/// Buckets of the series of counts.
pub const MAX_BUCKETS: u64 = 3_600;

/// Buckets of the series of latencies.
pub const MAX_LATENCY_BUCKETS: u64 = 240;

/// Steps that people read easily, in seconds, up to 90 days.
const ROUND_STEPS: [u64; 24] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
    86_400, 172_800, 432_000, 864_000, 1_728_000, 2_592_000, 7_776_000,
];

/// The smallest round step, at least a second, that cuts a horizon into no more than so many buckets.
pub fn round_step(horizon: Span, most: u64) -> Span {
    let fits = |&step: &u64| {
        horizon
            .as_nanos()
            .div_ceil(Span::from_secs(step).as_nanos())
            <= most
    };
    let longest = ROUND_STEPS[ROUND_STEPS.len() - 1];
    Span::from_secs(ROUND_STEPS.into_iter().find(fits).unwrap_or(longest))
}

/// Counts of the requests born in one bucket of time.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Bucket {
    by_outcome: [u64; Outcome::COUNT],
    /// Successes that lost time on the way.
    pub delayed: u64,
}

impl Bucket {
    /// Requests that ended so.
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.by_outcome[outcome.index()]
    }

    /// All requests.
    pub fn requests(&self) -> u64 {
        self.by_outcome.iter().sum()
    }
}

/// Equal buckets of time from the start of the run.
#[derive(Clone, PartialEq, Eq, Debug)]
struct Series<T> {
    step: Span,
    buckets: Vec<T>,
    /// The bucket used last, and the nanosecond at which it starts: most requests need no division.
    last: (usize, u64),
}

impl<T: Clone + Default> Series<T> {
    fn new(horizon: Span, most: u64) -> Series<T> {
        let step = round_step(horizon, most);
        let buckets = horizon.as_nanos().div_ceil(step.as_nanos()).max(1) as usize;
        Series {
            step,
            buckets: vec![T::default(); buckets],
            last: (0, 0),
        }
    }

    /// The bucket of a moment before the horizon.
    #[inline]
    fn at(&mut self, moment: Time) -> &mut T {
        let nanos = moment.as_nanos();
        if nanos.wrapping_sub(self.last.1) >= self.step.as_nanos() {
            let bucket = nanos / self.step.as_nanos();
            self.last = (bucket as usize, bucket * self.step.as_nanos());
        }
        &mut self.buckets[self.last.0]
    }

    /// The buckets with their starts, in order of time.
    fn iter(&self) -> impl Iterator<Item = (Time, &T)> {
        (0..)
            .map(|index| Time::ZERO + self.step * index)
            .zip(&self.buckets)
    }
}

/// The series of one run.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Timeline {
    counts: Series<Bucket>,
    latencies: Series<Histogram<COARSE>>,
    /// The first moment that no bucket holds.
    end: Time,
    /// Requests of running sessions that were born after the horizon, where the series stop.
    pub beyond_horizon: u64,
}

impl Timeline {
    /// Empty series up to a horizon.
    pub fn new(horizon: Span) -> Timeline {
        Timeline {
            counts: Series::new(horizon, MAX_BUCKETS),
            latencies: Series::new(horizon, MAX_LATENCY_BUCKETS),
            end: Time::ZERO + horizon,
            beyond_horizon: 0,
        }
    }

    /// Adds one request.
    #[inline(always)] // See `Recorder::request_in`.
    pub fn record(&mut self, seen: &RequestSeen) {
        if seen.born >= self.end {
            self.beyond_horizon += 1;
            return;
        }
        let bucket = self.counts.at(seen.born);
        bucket.by_outcome[seen.outcome.index()] += 1;
        if seen.outcome.is_success() {
            bucket.delayed += u64::from(seen.is_delayed());
            self.latencies
                .at(seen.born)
                .record(seen.latency().as_nanos());
        }
    }

    /// The counts with the start of their bucket, in order of time.
    pub fn counts(&self) -> impl Iterator<Item = (Time, &Bucket)> {
        self.counts.iter()
    }

    /// The latencies of the successes with the start of their bucket, in order of time.
    pub fn latencies(&self) -> impl Iterator<Item = (Time, &Histogram<COARSE>)> {
        self.latencies.iter()
    }

    /// The length of a bucket of counts.
    pub fn step(&self) -> Span {
        self.counts.step
    }

    /// The length of a bucket of latencies.
    pub fn latency_step(&self) -> Span {
        self.latencies.step
    }

    /// Adds the series of another replication of the same scenario.
    pub fn merge(&mut self, other: &Timeline) {
        for (mine, theirs) in self.counts.buckets.iter_mut().zip(&other.counts.buckets) {
            let outcomes = mine.by_outcome.iter_mut().zip(&theirs.by_outcome);
            outcomes.for_each(|(mine, theirs)| *mine += theirs);
            mine.delayed += theirs.delayed;
        }
        for (mine, theirs) in self
            .latencies
            .buckets
            .iter_mut()
            .zip(&other.latencies.buckets)
        {
            mine.merge(theirs);
        }
        self.beyond_horizon += other.beyond_horizon;
    }

    /// What summary.json says of the series; the series themselves have files of their own.
    pub fn summary(&self) -> TimelineSummary {
        let failing = |bucket: &Bucket| bucket.requests() > bucket.of(Outcome::Success);
        let mut failing = self
            .counts()
            .filter(|(_, bucket)| failing(bucket))
            .map(|(start, _)| start);
        let first = failing.next();
        TimelineSummary {
            step_s: self.counts.step.as_secs_f64(),
            first_failure_bucket_s: first.map(|start| start.since(Time::ZERO).as_secs_f64()),
            last_failure_bucket_s: failing
                .last()
                .or(first)
                .map(|start| start.since(Time::ZERO).as_secs_f64()),
            beyond_horizon: self.beyond_horizon,
        }
    }
}

/// The series in short.
#[derive(Clone, PartialEq, Debug, Serialize)]
pub struct TimelineSummary {
    /// Length of a bucket in seconds.
    pub step_s: f64,
    /// Start of the first bucket with a failure.
    pub first_failure_bucket_s: Option<f64>,
    /// Start of the last bucket with a failure.
    pub last_failure_bucket_s: Option<f64>,
    /// Requests that were born after the horizon.
    pub beyond_horizon: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::outcome::Cause;
    use crate::measure::testing::{failed, request};

    #[test]
    fn an_hour_is_cut_into_seconds_and_longer_runs_into_round_steps() {
        let step = |secs| round_step(Span::from_secs(secs), MAX_BUCKETS).as_secs_f64();
        assert_eq!(
            [1, 3_600, 3_601, 86_400, 31_536_000].map(step),
            [1.0, 1.0, 2.0, 30.0, 10_800.0]
        );
        assert_eq!(
            round_step(Span::from_secs(3_600), MAX_LATENCY_BUCKETS),
            Span::from_secs(15)
        );
        let ten_years = Span::from_secs(3_653 * 86_400);
        assert!(ten_years.as_nanos() / round_step(ten_years, MAX_LATENCY_BUCKETS).as_nanos() < 240);
    }

    #[test]
    fn requests_count_where_they_were_born_and_not_beyond_the_horizon() {
        let mut timeline = Timeline::new(Span::from_millis(2_500));
        let ms = |millis| Time::ZERO + Span::from_millis(millis);
        timeline.record(&request(ms(999), Span::from_secs(5)));
        timeline.record(&failed(ms(1_000), Cause::OriginRefused));
        timeline.record(&failed(ms(2_499), Cause::OriginRefused));
        timeline.record(&request(ms(2_500), Span::from_millis(1)));
        let requests: Vec<u64> = timeline
            .counts()
            .map(|(_, bucket)| bucket.requests())
            .collect();
        assert_eq!((requests, timeline.beyond_horizon), (vec![1, 1, 1], 1));
        let summary = timeline.summary();
        assert_eq!(
            (
                summary.first_failure_bucket_s,
                summary.last_failure_bucket_s
            ),
            (Some(1.0), Some(2.0))
        );
    }
}
