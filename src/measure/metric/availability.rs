//! Availability as requests and as visitors see it.

use super::{Entry, Kind, Measure, OF_REQUESTS, OF_SESSIONS, Unit};

pub(super) static ENTRIES: &[Entry] = &[
    Entry {
        name: "request_availability",
        unit: Unit::Share,
        help: "Share of requests that the service answered.",
        filters: OF_REQUESTS,
        required: &[],
        kind: Kind::Counts(|counts, _, _| Measure::ratio(counts.successes(), counts.requests())),
    },
    Entry {
        name: "user_availability",
        unit: Unit::Share,
        help: "Share of sessions without a single failed request.",
        filters: OF_SESSIONS,
        required: &[],
        kind: Kind::Sessions(|sessions| Measure::ratio(sessions.unharmed, sessions.sessions())),
    },
];
