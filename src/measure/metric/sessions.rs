//! What became of sessions, carts and log-ins.

use super::{Entry, Kind, Measure, OF_SESSIONS, Unit};
use crate::measure::sessions::SessionCounts;

const fn sessions(
    name: &'static str,
    unit: Unit,
    help: &'static str,
    measure: fn(&SessionCounts) -> Measure,
) -> Entry {
    Entry {
        name,
        unit,
        help,
        filters: OF_SESSIONS,
        required: &[],
        kind: Kind::Sessions(measure),
    }
}

pub(super) static ENTRIES: &[Entry] = &[
    sessions("sessions", Unit::Count, "Sessions.", |s| {
        Measure::count(s.sessions())
    }),
    sessions(
        "sessions_intact_share",
        Unit::Share,
        "Share of sessions whose state was always found whole.",
        |s| Measure::ratio(s.intact, s.sessions()),
    ),
    sessions(
        "sessions_broken_share",
        Unit::Share,
        "Share of sessions that found their state gone or old.",
        |s| Measure::ratio(s.broken(), s.sessions()),
    ),
    sessions(
        "sessions_abandoned_share",
        Unit::Share,
        "Share of sessions whose client left after an error.",
        |s| Measure::ratio(s.abandoned, s.sessions()),
    ),
    sessions(
        "carts",
        Unit::Count,
        "Carts that were ever acknowledged.",
        |s| Measure::count(s.carts),
    ),
    sessions(
        "carts_lost",
        Unit::Count,
        "Carts that were acknowledged and then not found whole.",
        |s| Measure::count(s.carts_lost),
    ),
    sessions(
        "carts_lost_share",
        Unit::Share,
        "Share of the acknowledged carts that were then not found whole.",
        |s| Measure::ratio(s.carts_lost, s.carts),
    ),
    sessions(
        "logins_lost",
        Unit::Count,
        "Log-ins that were acknowledged and then not found.",
        |s| Measure::count(s.logins_lost),
    ),
    sessions(
        "logins_lost_share",
        Unit::Share,
        "Share of the acknowledged log-ins that were then not found.",
        |s| Measure::ratio(s.logins_lost, s.logins),
    ),
    sessions(
        "checkouts_lost",
        Unit::Count,
        "Cart sessions that did not check out their whole cart.",
        |s| Measure::count(s.checkouts_lost),
    ),
    sessions(
        "checkouts_lost_share",
        Unit::Share,
        "Share of cart sessions that did not check out their whole cart.",
        |s| Measure::ratio(s.checkouts_lost, s.cart_sessions),
    ),
    sessions(
        "hops_per_session",
        Unit::Count,
        "Answers from another replica than the one before, per session.",
        |s| Measure::mean(s.hops as f64, s.sessions() as f64),
    ),
    sessions(
        "sessions_hopped_share",
        Unit::Share,
        "Share of sessions answered by more than one replica.",
        |s| Measure::ratio(s.hopped, s.sessions()),
    ),
    sessions(
        "requests_per_session",
        Unit::Count,
        "Requests per session.",
        |s| Measure::mean(s.requests as f64, s.sessions() as f64),
    ),
];
