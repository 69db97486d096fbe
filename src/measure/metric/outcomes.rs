//! How requests ended.

use super::{Entry, Kind, Measure, OF_REQUESTS, OF_REQUESTS_BY_CAUSE, Unit};
use crate::measure::ledger::Counts;
use crate::measure::outcome::Outcome;
use crate::measure::scope::Scope;
use crate::measure::selection::{Filter, Selection};

type OfCounts = fn(&Counts, &Selection, &Scope) -> Measure;

/// A metric of all requests that a selection holds.
const fn requests(name: &'static str, unit: Unit, help: &'static str, measure: OfCounts) -> Entry {
    Entry {
        name,
        unit,
        help,
        filters: OF_REQUESTS,
        required: &[],
        kind: Kind::Counts(measure),
    }
}

/// A metric of the failures that a selection holds, all or of one cause.
const fn failures(
    name: &'static str,
    unit: Unit,
    help: &'static str,
    required: &'static [Filter],
    measure: OfCounts,
) -> Entry {
    Entry {
        name,
        unit,
        help,
        filters: OF_REQUESTS_BY_CAUSE,
        required,
        kind: Kind::Counts(measure),
    }
}

fn failed(counts: &Counts, selection: &Selection) -> u64 {
    selection
        .cause
        .map_or(counts.failures(), |cause| counts.of(Outcome::Failed(cause)))
}

fn status(counts: &Counts, status: u16) -> Measure {
    counts.with_status(status).map_or(Measure::Missing, |hits| {
        Measure::ratio(hits, counts.requests())
    })
}

pub(super) static ENTRIES: &[Entry] = &[
    requests("requests", Unit::Count, "Requests.", |c, _, _| {
        Measure::count(c.requests())
    }),
    requests(
        "success_share",
        Unit::Share,
        "Share of requests that the service answered.",
        |c, _, _| Measure::ratio(c.successes(), c.requests()),
    ),
    requests(
        "failed_share",
        Unit::Share,
        "Share of requests that failed, whatever the client saw.",
        |c, _, _| Measure::ratio(c.failures(), c.requests()),
    ),
    requests(
        "share_404",
        Unit::Share,
        "Share of requests whose client saw 404.",
        |c, _, _| status(c, 404),
    ),
    requests(
        "share_500",
        Unit::Share,
        "Share of requests whose client saw 500.",
        |c, _, _| status(c, 500),
    ),
    requests(
        "share_502",
        Unit::Share,
        "Share of requests whose client saw 502.",
        |c, _, _| status(c, 502),
    ),
    requests(
        "share_503",
        Unit::Share,
        "Share of requests whose client saw 503.",
        |c, _, _| status(c, 503),
    ),
    requests(
        "share_524",
        Unit::Share,
        "Share of requests whose client saw 524.",
        |c, _, _| status(c, 524),
    ),
    requests(
        "share_530",
        Unit::Share,
        "Share of requests whose client saw 530.",
        |c, _, _| status(c, 530),
    ),
    requests(
        "no_answer_share",
        Unit::Share,
        "Share of requests whose client saw no status at all.",
        |c, _, _| status(c, 0),
    ),
    failures(
        "cause_share",
        Unit::Share,
        "Share of requests that failed for one cause.",
        &[Filter::Cause],
        |c, s, _| Measure::ratio(failed(c, s), c.requests()),
    ),
    failures(
        "lost_requests",
        Unit::Count,
        "Requests that failed.",
        &[],
        |c, s, _| Measure::count(failed(c, s)),
    ),
    requests(
        "delayed_requests",
        Unit::Count,
        "Requests that succeeded, but lost time on silence or on attempts that came to nothing.",
        |c, _, _| Measure::count(c.delayed),
    ),
    requests(
        "delayed_share",
        Unit::Share,
        "Share of requests that succeeded, but lost time on silence or on attempts that came to nothing.",
        |c, _, _| Measure::ratio(c.delayed, c.requests()),
    ),
    requests(
        "wrong_service_share",
        Unit::Share,
        "Share of requests answered by a container they were not meant for.",
        |c, _, _| Measure::ratio(c.wrong_service, c.requests()),
    ),
    requests(
        "executed_twice",
        Unit::Count,
        "Requests that a service executed more than once.",
        |c, _, _| Measure::count(c.executed_twice),
    ),
    requests(
        "attempts_per_request",
        Unit::Count,
        "Attempts at connections, per request.",
        |c, _, _| Measure::mean(c.attempts as f64, c.requests() as f64),
    ),
    requests(
        "write_share",
        Unit::Share,
        "Share of requests that may not be replayed.",
        |c, _, _| Measure::ratio(c.writes, c.requests()),
    ),
    requests(
        "throughput_per_s",
        Unit::PerSecond,
        "Successes per second of the run; those of requests born before the horizon count, whenever they ended.",
        |c, selection, scope| {
            Measure::mean(
                c.successes() as f64,
                selection.window_ns(scope.horizon) as f64 / 1e9,
            )
        },
    ),
];
