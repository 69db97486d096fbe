//! The registry of metrics: one file per metric or small family, with its entries.
//!
//! To add a metric, write its file and add two lines here: `mod ...;` and `...::ENTRIES,`. The scenario file, the
//! help text, the tables and the property tests read the registry.

mod collect;
mod delay;
mod entry;
mod measure;

mod alert_delay;
mod availability;
mod capacity;
mod data;
mod dns;
mod failing_time;
mod failover;
mod health;
mod in_flight;
mod joint_downtime;
mod latency;
mod outcomes;
mod reconnection;
mod registrations;
mod roll_out;
mod sessions;
mod stale_sessions;
mod status_share;
mod traffic;
mod tunnel_status;
mod uptime;
mod worst_minute;

pub use entry::{Entry, Kind, Metric, MetricUse, Needs, UseProblem};
pub use measure::{Measure, Unit, digits};

use crate::measure::selection::Filter;

/// All metrics, in the order in which they are listed.
static REGISTRY: &[&[Entry]] = &[
    outcomes::ENTRIES,
    status_share::ENTRIES,
    failing_time::ENTRIES,
    worst_minute::ENTRIES,
    in_flight::ENTRIES,
    traffic::ENTRIES,
    latency::ENTRIES,
    sessions::ENTRIES,
    stale_sessions::ENTRIES,
    availability::ENTRIES,
    uptime::ENTRIES,
    joint_downtime::ENTRIES,
    capacity::ENTRIES,
    data::ENTRIES,
    failover::ENTRIES,
    health::ENTRIES,
    alert_delay::ENTRIES,
    reconnection::ENTRIES,
    registrations::ENTRIES,
    tunnel_status::ENTRIES,
    roll_out::ENTRIES,
    dns::ENTRIES,
];

/// Every metric, in the order of the lists.
pub fn all() -> impl Iterator<Item = &'static Entry> {
    REGISTRY.iter().copied().flatten()
}

/// The metric of that name.
pub fn find(name: &str) -> Option<&'static Entry> {
    all().find(|entry| entry.name == name)
}

/// The filters of metrics that count requests.
const OF_REQUESTS: &[Filter] = &[
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

/// The same, for metrics that can be asked about one cause.
const OF_REQUESTS_BY_CAUSE: &[Filter] = &[
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

/// The filters of metrics that count sessions.
const OF_SESSIONS: &[Filter] = &[
    Filter::Group,
    Filter::Hopped,
    Filter::Moved,
    Filter::Phase,
    Filter::From,
    Filter::Until,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::selection::Selection;
    use crate::measure::testing;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_unique_snake_case_and_found() {
        let mut names = BTreeSet::new();
        for entry in all() {
            let is_snake = entry
                .name
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
            assert!(is_snake && names.insert(entry.name), "{}", entry.name);
            assert_eq!(find(entry.name).map(|found| found.name), Some(entry.name));
            assert!(entry.help.ends_with('.'), "{}", entry.name);
        }
    }

    #[test]
    fn a_metric_knows_the_filters_that_it_needs() {
        for entry in all() {
            assert!(
                entry
                    .required
                    .iter()
                    .all(|filter| entry.filters.contains(filter)),
                "{}",
                entry.name
            );
        }
    }

    #[test]
    fn the_last_word_of_a_name_is_its_unit() {
        for entry in all() {
            let ends = |suffix| entry.name.contains(suffix);
            match entry.unit {
                Unit::Milliseconds => assert!(ends("_ms_"), "{}", entry.name),
                Unit::Seconds => assert!(entry.name.ends_with("_s"), "{}", entry.name),
                Unit::PerSecond => assert!(entry.name.ends_with("_per_s"), "{}", entry.name),
                Unit::Share | Unit::Count => assert!(
                    !ends("_ms") && !entry.name.ends_with("_s"),
                    "{}",
                    entry.name
                ),
            }
        }
    }

    #[test]
    fn every_metric_can_be_asked_about_an_empty_run_and_one_with_traffic() {
        for run in [testing::empty_run(), testing::small_run(&[])] {
            for entry in all() {
                for selection in testing::selections_for(entry) {
                    let asked = MetricUse::new(entry, selection).unwrap();
                    let measure = asked.of_tallies(&run);
                    assert!(
                        asked.is_tallied() || measure == Measure::Missing,
                        "{asked:?}"
                    );
                    assert!(measure.value().is_none_or(f64::is_finite), "{asked:?}");
                }
            }
        }
    }

    #[test]
    fn watching_a_run_and_asking_its_tallies_give_the_same_value() {
        // A window that covers everything forces the metric to watch for itself.
        for entry in all().filter(|entry| entry.filters.contains(&Filter::From)) {
            for selection in testing::selections_for(entry) {
                let windowed = Selection {
                    from: Some(crate::kernel::time::Time::ZERO),
                    ..selection.clone()
                };
                let tallied = MetricUse::new(entry, selection).unwrap();
                let watched = MetricUse::new(entry, windowed).unwrap();
                if tallied.is_tallied() {
                    let run = testing::small_run(std::slice::from_ref(&watched));
                    assert_eq!(run.measure(&tallied), run.measure(&watched), "{tallied:?}");
                }
            }
        }
    }

    #[test]
    fn a_filter_that_means_nothing_to_a_metric_is_refused() {
        let store = Selection {
            store: Some(crate::world::ids::StoreId(0)),
            ..Selection::default()
        };
        let problem = MetricUse::new(find("share_502").unwrap(), store).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "`share_502` cannot be filtered by `store`"
        );
        let problem =
            MetricUse::new(find("cause_share").unwrap(), Selection::default()).unwrap_err();
        assert_eq!(
            problem.to_string(),
            "`cause_share` needs the filter `cause`"
        );
    }
}
