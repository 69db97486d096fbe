//! The series over time: what the pictures of the same names show.

use super::{Csv, each};
use crate::kernel::time::Time;
use crate::measure::outcome::{Cause, Outcome};
use crate::report::input::ScenarioReport;
use crate::report::wording::{millis, seconds};

fn start_s(start: Time) -> String {
    seconds(start.as_nanos())
}

/// timeline.csv: how the requests born in each stretch of time ended, one row an outcome that occurred; all runs
/// added up. `delayed` are successes that lost time, `success` those that did not.
pub fn timeline(report: &ScenarioReport) -> Csv {
    let mut csv = Csv::new(["variant", "start_s", "length_s", "outcome", "requests"]);
    for (variant, runs) in each(report) {
        let Some(timeline) = &runs.timeline else {
            continue;
        };
        let length = seconds(timeline.step().as_nanos());
        for (start, bucket) in timeline.counts() {
            let in_time = bucket.of(Outcome::Success) - bucket.delayed;
            let causes = Cause::ALL
                .iter()
                .map(|&cause| (cause.name(), bucket.of(Outcome::Failed(cause))));
            let ends = [("success", in_time), ("delayed", bucket.delayed)]
                .into_iter()
                .chain(causes);
            for (outcome, requests) in ends.filter(|&(_, requests)| requests > 0) {
                csv.row([
                    variant,
                    &start_s(start),
                    &length,
                    outcome,
                    &requests.to_string(),
                ]);
            }
        }
    }
    csv
}

/// latency-over-time.csv: percentiles of the successes born in each stretch of time, over all runs.
pub fn latency_over_time(report: &ScenarioReport) -> Csv {
    let mut csv = Csv::new([
        "variant",
        "start_s",
        "length_s",
        "requests",
        "latency_ms_p50",
        "latency_ms_p90",
        "latency_ms_p99",
        "latency_ms_max",
    ]);
    for (variant, runs) in each(report) {
        let Some(timeline) = &runs.timeline else {
            continue;
        };
        let length = seconds(timeline.latency_step().as_nanos());
        for (start, latencies) in timeline.latencies().filter(|(_, it)| it.count() > 0) {
            let quantile = |q| latencies.quantile(q).map(millis).unwrap_or_default();
            let requests = latencies.count().to_string();
            csv.row([
                variant,
                &start_s(start),
                &length,
                &requests,
                &quantile(0.5),
                &quantile(0.9),
                &quantile(0.99),
                &millis(latencies.max()),
            ]);
        }
    }
    csv
}
