//! How long requests took, and where the time went.

use super::{Entry, Kind, Measure, Unit};
use crate::measure::latency::Waits;
use crate::measure::selection::Filter;

const FILTERS: &[Filter] = &[
    Filter::Outcome,
    Filter::Cause,
    Filter::Hostname,
    Filter::Group,
    Filter::Entry,
    Filter::Tunnel,
    Filter::Replica,
    Filter::Connection,
    Filter::Host,
    Filter::Container,
    Filter::Pool,
    Filter::Endpoint,
    Filter::Write,
    Filter::Phase,
    Filter::From,
    Filter::Until,
];

const fn time(name: &'static str, help: &'static str, measure: fn(&Waits) -> Measure) -> Entry {
    Entry {
        name,
        unit: Unit::Milliseconds,
        help,
        filters: FILTERS,
        required: &[],
        kind: Kind::Waits(measure),
    }
}

fn mean(sum: u128, waits: &Waits) -> Measure {
    Measure::mean(sum as f64, waits.latency.count() as f64)
}

fn quantile(waits: &Waits, q: f64) -> Measure {
    waits.latency.quantile(q).map(|nanos| nanos as f64).into()
}

fn maximum(nanos: u64, of: u64) -> Measure {
    if of > 0 {
        Measure::Value(nanos as f64)
    } else {
        Measure::Missing
    }
}

pub(super) static ENTRIES: &[Entry] = &[
    time(
        "latency_ms_mean",
        "Mean time from sending to answer; of successes, unless another outcome is asked for.",
        |w| mean(w.latency.sum(), w),
    ),
    time(
        "latency_ms_p50",
        "Time that half of the answers took at most.",
        |w| quantile(w, 0.5),
    ),
    time(
        "latency_ms_p90",
        "Time that 90 % of the answers took at most.",
        |w| quantile(w, 0.9),
    ),
    time(
        "latency_ms_p99",
        "Time that 99 % of the answers took at most.",
        |w| quantile(w, 0.99),
    ),
    time(
        "latency_ms_p999",
        "Time that 99.9 % of the answers took at most.",
        |w| quantile(w, 0.999),
    ),
    time(
        "latency_ms_max",
        "Longest time from sending to answer.",
        |w| maximum(w.latency.max(), w.latency.count()),
    ),
    time("network_ms_mean", "Mean time travelling.", |w| {
        mean(w.parts.network, w)
    }),
    time("wait_ms_mean", "Mean time waiting for a worker.", |w| {
        mean(w.parts.waiting, w)
    }),
    time("service_ms_mean", "Mean time in service.", |w| {
        mean(w.parts.service, w)
    }),
    time("store_ms_mean", "Mean time waiting for a store.", |w| {
        mean(w.parts.store, w)
    }),
    time(
        "delay_ms_mean",
        "Mean time that delayed requests lost on silence and on attempts that came to nothing.",
        |w| Measure::mean(w.parts.stalled as f64, w.delayed as f64),
    ),
    time(
        "delay_ms_max",
        "Most time that a request lost on silence and on attempts that came to nothing.",
        |w| maximum(w.stalled_max, w.latency.count()),
    ),
];
