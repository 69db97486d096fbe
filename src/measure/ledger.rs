//! The outcome ledger: every request once, split by who asked, for what, and what answered.

use std::collections::BTreeMap;

use serde::Serialize;

use super::observation::RequestSeen;
use super::outcome::{Cause, Outcome};
use super::scope::Scope;
use super::selection::{Filter, Selection};
use crate::world::geography::MetroId;
use crate::world::ids::*;

/// The statuses that are counted one by one; 0 is no answer. All others share one count.
pub const STATUSES: [u16; 8] = [0, 200, 404, 500, 502, 503, 524, 530];

/// Counts of requests: by outcome, by status, and by what else deserves a count.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// By [`Outcome::index`].
    by_outcome: [u64; Outcome::COUNT],
    /// By position in [`STATUSES`]; the last one holds all other statuses.
    by_status: [u64; STATUSES.len() + 1],
    /// Requests that succeeded and yet lost time on attempts or silence that came to nothing.
    pub delayed: u64,
    /// Requests that may not be replayed.
    pub writes: u64,
    /// Requests that a container answered for which they were not meant.
    pub wrong_service: u64,
    /// Requests that a service executed more than once.
    pub executed_twice: u64,
    /// Attempts at connections.
    pub attempts: u64,
}

impl Counts {
    /// Adds one request.
    #[inline]
    pub fn record(&mut self, seen: &RequestSeen) {
        self.by_outcome[seen.outcome.index()] += 1;
        self.by_status[status_index(seen.status)] += 1;
        self.delayed += u64::from(seen.outcome.is_success() && seen.is_delayed());
        self.writes += u64::from(seen.is_write);
        self.wrong_service += u64::from(seen.wrong_service);
        self.executed_twice += u64::from(seen.executions > 1);
        self.attempts += u64::from(seen.attempts);
    }

    /// Adds [usual](RequestSeen::is_usual) requests.
    fn record_usual(&mut self, reads: u64, writes: u64) {
        let requests = reads + writes;
        self.by_outcome[Outcome::Success.index()] += requests;
        self.by_status[status_index(200)] += requests;
        self.writes += writes;
        self.attempts += requests;
    }

    /// Adds all requests of other counts.
    pub fn merge(&mut self, other: &Counts) {
        let add = |mine: &mut [u64], theirs: &[u64]| {
            mine.iter_mut()
                .zip(theirs)
                .for_each(|(mine, theirs)| *mine += theirs);
        };
        add(&mut self.by_outcome, &other.by_outcome);
        add(&mut self.by_status, &other.by_status);
        self.delayed += other.delayed;
        self.writes += other.writes;
        self.wrong_service += other.wrong_service;
        self.executed_twice += other.executed_twice;
        self.attempts += other.attempts;
    }

    /// All requests.
    pub fn requests(&self) -> u64 {
        self.by_outcome.iter().sum()
    }

    /// Requests that the service answered.
    pub fn successes(&self) -> u64 {
        self.by_outcome[Outcome::Success.index()]
    }

    /// Requests that it did not.
    pub fn failures(&self) -> u64 {
        self.requests() - self.successes()
    }

    /// Requests that ended so.
    pub fn of(&self, outcome: Outcome) -> u64 {
        self.by_outcome[outcome.index()]
    }

    /// Requests whose client saw this status; none for a status that is not in [`STATUSES`].
    pub fn with_status(&self, status: u16) -> Option<u64> {
        let index = status_index(status);
        (index < STATUSES.len()).then(|| self.by_status[index])
    }

    /// Failures by cause, without those that did not occur, in the order of [`Cause::ALL`].
    pub fn causes(&self) -> impl Iterator<Item = (Cause, u64)> + '_ {
        let count = |&cause: &Cause| (cause, self.of(Outcome::Failed(cause)));
        Cause::ALL.iter().map(count).filter(|&(_, n)| n > 0)
    }
}

#[inline]
fn status_index(status: u16) -> usize {
    match status {
        200 => 1,
        0 => 0,
        404 => 2,
        500 => 3,
        502 => 4,
        503 => 5,
        524 => 6,
        530 => 7,
        _ => STATUSES.len(),
    }
}

/// What the requests of one row of the ledger have in common.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct RowKey {
    /// Who asked.
    pub group: GroupId,
    /// For what.
    pub hostname: HostnameId,
    /// Where they entered the edge last.
    pub entry: MetroId,
    /// The last replica tried; none: no connection was found.
    pub replica: Option<ReplicaId>,
    /// The container last reached; none: they got to no container.
    pub container: Option<ContainerId>,
}

impl RowKey {
    /// The row of a request.
    pub fn of(seen: &RequestSeen) -> RowKey {
        RowKey {
            group: seen.id.group,
            hostname: seen.hostname,
            entry: seen.entry,
            replica: seen.connection.map(|connection| connection.replica),
            container: seen.container,
        }
    }

    /// Whether the edge dialled the container itself: then there is a container and no replica.
    fn is_dialled_by_edge(&self) -> bool {
        self.replica.is_none() && self.container.is_some()
    }

    /// Whether a selection of [`LEDGER_FILTERS`] holds the row.
    pub fn is_in(&self, selection: &Selection, scope: &Scope) -> bool {
        let host = || scope.host_of(self.replica, self.container);
        let tunnel = || self.replica.map(|id| scope.tunnel_of(id));
        selection.group.is_none_or(|id| id == self.group)
            && selection.hostname.is_none_or(|id| id == self.hostname)
            && selection.entry.is_none_or(|id| id == self.entry)
            && selection.replica.is_none_or(|id| Some(id) == self.replica)
            && selection
                .container
                .is_none_or(|id| Some(id) == self.container)
            && selection.host.is_none_or(|id| Some(id) == host())
            && selection.tunnel.is_none_or(|id| Some(id) == tunnel())
    }
}

/// The filters that the ledger can answer; others need a count of their own during the run.
pub const LEDGER_FILTERS: &[Filter] = &[
    Filter::Group,
    Filter::Hostname,
    Filter::Entry,
    Filter::Tunnel,
    Filter::Replica,
    Filter::Host,
    Filter::Container,
];

/// Counts of all requests of a run, row by row. The rows add up to the total exactly.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Ledger {
    /// Where the counts of a row stand.
    rows: BTreeMap<RowKey, u32>,
    counts: Vec<Counts>,
}

impl Ledger {
    /// Adds one request.
    pub fn record(&mut self, seen: &RequestSeen) {
        let row = self.row(RowKey::of(seen));
        self.record_in(row, seen);
    }

    /// Adds one request to the row of its key.
    #[inline]
    pub fn record_in(&mut self, row: u32, seen: &RequestSeen) {
        self.counts[row as usize].record(seen);
    }

    /// Adds so many [usual](RequestSeen::is_usual) requests that read, and that write, to a row.
    pub fn record_usual(&mut self, row: u32, reads: u64, writes: u64) {
        self.counts[row as usize].record_usual(reads, writes);
    }

    /// The position of a key's row, which is made if there is none.
    pub fn row(&mut self, key: RowKey) -> u32 {
        let next = self.counts.len() as u32;
        let row = *self.rows.entry(key).or_insert(next);
        if row == next {
            self.counts.push(Counts::default());
        }
        row
    }

    /// The rows in order of their keys.
    pub fn rows(&self) -> impl Iterator<Item = (&RowKey, &Counts)> {
        self.rows
            .iter()
            .map(|(key, &row)| (key, &self.counts[row as usize]))
    }

    /// The counts of all requests.
    pub fn total(&self) -> Counts {
        let mut total = Counts::default();
        self.counts.iter().for_each(|counts| total.merge(counts));
        total
    }

    /// The counts of the rows that a selection of [`LEDGER_FILTERS`] holds.
    pub fn select(&self, selection: &Selection, scope: &Scope) -> Counts {
        debug_assert!(selection.uses_only(LEDGER_FILTERS));
        self.sum_where(|key| key.is_in(selection, scope))
    }

    /// The counts of the rows whose key passes.
    pub fn sum_where(&self, passes: impl Fn(&RowKey) -> bool) -> Counts {
        let mut total = Counts::default();
        self.rows()
            .filter(|(key, _)| passes(key))
            .for_each(|(_, counts)| total.merge(counts));
        total
    }

    /// The statuses that the clients of a cause saw, in order; empty if they saw none, or one that a rule set.
    pub fn statuses(&self, cause: Cause) -> Vec<u16> {
        let failed = |row: &(&RowKey, &Counts)| row.1.of(Outcome::Failed(cause)) > 0;
        let status = |(key, _): (&RowKey, &Counts)| match key.is_dialled_by_edge() {
            true => cause.status_dialled_by_edge(),
            false => cause.status(),
        };
        let mut statuses: Vec<u16> = self.rows().filter(failed).filter_map(status).collect();
        statuses.sort_unstable();
        statuses.dedup();
        statuses
    }

    /// The counts split by something that every row has or lacks, in order.
    pub fn split_by<K: Ord>(
        &self,
        part: impl Fn(&RowKey) -> Option<K>,
    ) -> BTreeMap<Option<K>, Counts> {
        let mut parts = BTreeMap::<_, Counts>::new();
        self.rows()
            .for_each(|(key, counts)| parts.entry(part(key)).or_default().merge(counts));
        parts
    }

    /// Adds the ledger of another replication of the same scenario.
    pub fn merge(&mut self, other: &Ledger) {
        for (key, counts) in other.rows() {
            let row = self.row(*key);
            self.counts[row as usize].merge(counts);
        }
    }
}

/// Counts as they are written to files.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct CountsSummary {
    /// All requests.
    pub requests: u64,
    /// Requests that the service answered.
    pub successes: u64,
    /// Requests that it did not.
    pub failures: u64,
    /// Successes that lost time on the way.
    pub delayed: u64,
    /// Requests that may not be replayed.
    pub writes: u64,
    /// Requests that the wrong container answered.
    pub wrong_service: u64,
    /// Requests that were executed more than once.
    pub executed_twice: u64,
    /// Attempts at connections.
    pub attempts: u64,
    /// Failures by cause, without zeros.
    pub causes: BTreeMap<&'static str, u64>,
    /// Requests by status, without zeros; `0`: no answer.
    pub statuses: BTreeMap<String, u64>,
}

impl From<&Counts> for CountsSummary {
    fn from(counts: &Counts) -> CountsSummary {
        let name = |index: usize| {
            STATUSES
                .get(index)
                .map_or("other".to_owned(), u16::to_string)
        };
        let statuses = counts.by_status.iter().enumerate().filter(|&(_, &n)| n > 0);
        CountsSummary {
            requests: counts.requests(),
            successes: counts.successes(),
            failures: counts.failures(),
            delayed: counts.delayed,
            writes: counts.writes,
            wrong_service: counts.wrong_service,
            executed_twice: counts.executed_twice,
            attempts: counts.attempts,
            causes: counts
                .causes()
                .map(|(cause, n)| (cause.name(), n))
                .collect(),
            statuses: statuses.map(|(index, &n)| (name(index), n)).collect(),
        }
    }
}

/// A row of the ledger as it is written to files.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct LedgerRow {
    /// The client group.
    pub group: String,
    /// The hostname.
    pub hostname: String,
    /// The metro of entry.
    pub entry: &'static str,
    /// The last replica tried.
    pub replica: Option<String>,
    /// The container last reached.
    pub container: Option<String>,
    /// The counts.
    #[serde(flatten)]
    pub counts: CountsSummary,
}

impl Ledger {
    /// The rows with names instead of ids.
    pub fn summary(&self, scope: &Scope) -> Vec<LedgerRow> {
        let row = |(key, counts): (&RowKey, &Counts)| LedgerRow {
            group: scope.groups[key.group.index()].name.clone(),
            hostname: scope.hostnames[key.hostname.index()].name.clone(),
            entry: Scope::metro_code(key.entry),
            replica: key
                .replica
                .map(|id| scope.replicas[id.index()].name.clone()),
            container: key
                .container
                .map(|id| scope.containers[id.index()].name.clone()),
            counts: counts.into(),
        };
        self.rows().map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::time::{Span, Time};
    use crate::measure::observation::{Parts, RequestId};
    use crate::measure::testing::{failed, metro, request, scope, through};
    use proptest::prelude::*;

    /// Any request of the small world.
    fn requests() -> impl Strategy<Value = Vec<RequestSeen>> {
        let cause = prop::option::of(prop::sample::select(Cause::ALL));
        let entry = prop::sample::select(vec!["FRA", "LAX", "QRO"]);
        let one = (
            0..2_u16,
            0..2_u16,
            entry,
            prop::option::of(0..2_u16),
            cause,
            any::<[bool; 3]>(),
        );
        let build = |(group, hostname, entry, replica, cause, flags): (
            u16,
            u16,
            &str,
            Option<u16>,
            Option<Cause>,
            [bool; 3],
        )| {
            let mut seen = match cause {
                None => request(Time::ZERO, Span::from_millis(1)),
                Some(cause) => failed(Time::ZERO, cause),
            };
            seen = replica.map_or(
                RequestSeen {
                    connection: None,
                    ..seen
                },
                |id| through(seen, id, 0),
            );
            seen.id.group = GroupId(group);
            seen.hostname = HostnameId(hostname);
            seen.entry = metro(entry);
            seen.parts.stalled = Span::from_millis(u64::from(flags[0]));
            seen.is_write = flags[1];
            seen.wrong_service = flags[2];
            seen
        };
        prop::collection::vec(one.prop_map(build), 0..200)
    }

    fn ledger_of(requests: &[RequestSeen]) -> Ledger {
        let mut ledger = Ledger::default();
        requests.iter().for_each(|seen| ledger.record(seen));
        ledger
    }

    #[test]
    fn only_what_ran_again_was_executed_twice() {
        for (executions, counted) in [(0, 0), (1, 0), (2, 1), (3, 1)] {
            let seen = RequestSeen {
                executions,
                ..request(Time::ZERO, Span::from_millis(1))
            };
            assert_eq!(ledger_of(&[seen]).total().executed_twice, counted);
        }
    }

    fn sum<'a>(parts: impl IntoIterator<Item = &'a Counts>) -> Counts {
        let mut total = Counts::default();
        parts.into_iter().for_each(|part| total.merge(part));
        total
    }

    proptest! {
        #[test]
        fn the_ledger_closes_whichever_way_it_is_split(requests in requests()) {
            let (ledger, scope) = (ledger_of(&requests), scope());
            let total = ledger.total();
            prop_assert_eq!(total.requests(), requests.len() as u64);
            prop_assert_eq!(total.failures(), total.causes().map(|(_, n)| n).sum::<u64>());
            prop_assert_eq!(total.successes() + total.causes().map(|(_, n)| n).sum::<u64>(), total.requests());
            prop_assert_eq!(total.by_status.iter().sum::<u64>(), total.requests());
            prop_assert_eq!(sum(ledger.split_by(|row| Some(row.hostname)).values()), total);
            prop_assert_eq!(sum(ledger.split_by(|row| row.replica).values()), total);
            prop_assert_eq!(sum(ledger.split_by(|row| Some(row.entry)).values()), total);
            let by_group = [0, 1].map(|id| Selection { group: Some(GroupId(id)), ..Selection::default() });
            prop_assert_eq!(sum(&by_group.map(|selection| ledger.select(&selection, &scope))), total);
            let failures: u64 = ledger.summary(&scope).iter().map(|row| row.counts.failures).sum();
            prop_assert_eq!(failures, total.failures());
        }

        #[test]
        fn neither_order_nor_merging_changes_the_ledger(mut requests in requests(), cut in 0..200_usize) {
            let ledger = ledger_of(&requests);
            let (left, right) = requests.split_at(cut.min(requests.len()));
            let mut merged = ledger_of(left);
            merged.merge(&ledger_of(right));
            requests.reverse();
            let rows = |ledger: &Ledger| ledger.rows().map(|(key, counts)| (*key, *counts)).collect::<Vec<_>>();
            prop_assert_eq!(rows(&merged), rows(&ledger));
            prop_assert_eq!(rows(&ledger_of(&requests)), rows(&ledger));
        }
    }

    #[test]
    fn every_request_is_counted_under_each_of_its_properties() {
        let mut seen = request(Time::ZERO, Span::from_millis(1));
        let mut counts = Counts::default();
        counts.record(&seen);
        (
            seen.is_write,
            seen.wrong_service,
            seen.executions,
            seen.attempts,
        ) = (true, true, 2, 3);
        seen.parts.stalled = Span::from_secs(1);
        counts.record(&seen);
        // Whoever fails is not late.
        let late = RequestSeen {
            parts: seen.parts,
            ..failed(Time::ZERO, Cause::OriginHung)
        };
        counts.record(&late);
        let found = |counts: &Counts| {
            let properties = [counts.delayed, counts.writes, counts.wrong_service];
            (
                properties,
                counts.executed_twice,
                counts.attempts - u64::from(late.attempts),
            )
        };
        assert_eq!(found(&counts), ([1, 1, 1], 1, 4));
        let mut twice = counts;
        twice.merge(&counts);
        assert_eq!(twice.executed_twice, 2);
        assert_eq!(twice.wrong_service, 2);
        assert_eq!(
            [counts.requests(), counts.by_status[status_index(200)]],
            [3, 2]
        );
    }

    #[test]
    fn usual_requests_are_counted_together_as_they_are_one_by_one() {
        let read = request(Time::ZERO, Span::from_millis(1));
        let write = RequestSeen {
            is_write: true,
            ..read
        };
        assert!(read.is_usual() && write.is_usual());
        let (mut one_by_one, mut together) = (Counts::default(), Counts::default());
        [read, read, read, write, write]
            .iter()
            .for_each(|seen| one_by_one.record(seen));
        together.record_usual(1, 1);
        together.record_usual(2, 1);
        assert_eq!(together, one_by_one);
    }

    #[test]
    fn a_host_owns_what_its_replica_was_tried_for_and_what_its_container_answered() {
        let scope = scope();
        let direct = RequestSeen {
            connection: None,
            ..request(Time::ZERO, Span::from_millis(1))
        };
        let ledger = ledger_of(&[
            direct,
            failed(Time::ZERO, Cause::OriginRefused),
            through(direct, 1, 0),
        ]);
        let on = |host| Selection {
            host: Some(HostId(host)),
            ..Selection::default()
        };
        assert_eq!(
            [0, 1].map(|host| ledger.select(&on(host), &scope).requests()),
            [2, 1]
        );
    }

    #[test]
    fn a_cause_has_the_statuses_of_who_dialled() {
        let tunnelled = failed(Time::ZERO, Cause::OriginRefused);
        let direct = RequestSeen {
            connection: None,
            container: Some(ContainerId(0)),
            status: 521,
            ..tunnelled
        };
        let statuses = |seen: &[RequestSeen]| ledger_of(seen).statuses(Cause::OriginRefused);
        assert_eq!(statuses(&[direct]), [521]);
        // Neither a container behind a connection nor nobody at all is dialled by the edge.
        assert_eq!(statuses(&[through(tunnelled, 0, 0)]), [502]);
        let nobody = RequestSeen {
            connection: None,
            ..tunnelled
        };
        assert_eq!(statuses(&[nobody]), [502]);
        assert_eq!(statuses(&[tunnelled, direct]), [502, 521]);
        assert!(statuses(&[]).is_empty());
        // Who succeeded saw the status of no cause.
        let success = RequestSeen {
            connection: None,
            ..request(Time::ZERO, Span::from_millis(1))
        };
        assert_eq!(statuses(&[tunnelled, success]), [502]);
    }

    #[test]
    fn every_listed_status_has_a_count_of_its_own() {
        for (index, &status) in STATUSES.iter().enumerate() {
            assert_eq!(status_index(status), index);
            let seen = RequestSeen {
                status,
                ..request(Time::ZERO, Span::from_millis(1))
            };
            let counts = ledger_of(&[seen]).total();
            let by_status = STATUSES.map(|it| counts.with_status(it));
            assert_eq!(by_status.iter().flatten().sum::<u64>(), 1);
            assert_eq!(by_status[index], Some(1));
        }
        assert_eq!(Counts::default().with_status(418), None);
    }

    #[test]
    fn each_filter_holds_the_rows_of_its_own_and_no_others() {
        let (scope, all) = (scope(), Selection::default);
        let here = RequestSeen {
            hostname: HostnameId(1),
            ..through(request(Time::ZERO, Span::from_millis(1)), 1, 0)
        };
        let nowhere = RequestSeen {
            id: RequestId {
                group: GroupId(1),
                ..here.id
            },
            hostname: HostnameId(0),
            entry: metro("LAX"),
            connection: None,
            container: None,
            ..here
        };
        let ledger = ledger_of(&[here, nowhere, nowhere]);
        let selections = [
            Selection {
                group: Some(GroupId(0)),
                ..all()
            },
            Selection {
                hostname: Some(HostnameId(1)),
                ..all()
            },
            Selection {
                entry: Some(metro("FRA")),
                ..all()
            },
            Selection {
                tunnel: Some(TunnelId(0)),
                ..all()
            },
            Selection {
                replica: Some(ReplicaId(1)),
                ..all()
            },
            Selection {
                host: Some(HostId(1)),
                ..all()
            },
            Selection {
                container: Some(ContainerId(1)),
                ..all()
            },
        ];
        assert_eq!(selections.len(), LEDGER_FILTERS.len());
        for selection in selections {
            assert_eq!(
                ledger.select(&selection, &scope).requests(),
                1,
                "{selection:?}"
            );
        }
        assert_eq!(ledger.select(&all(), &scope).requests(), 3);
    }

    #[test]
    fn a_summary_has_names_and_lists_no_cause_or_status_of_nobody() {
        let late = RequestSeen {
            is_write: true,
            wrong_service: true,
            executions: 2,
            attempts: 2,
            parts: Parts {
                stalled: Span::from_secs(1),
                ..Parts::default()
            },
            ..request(Time::ZERO, Span::from_millis(1))
        };
        let refused = failed(Time::ZERO, Cause::OriginRefused);
        let rows = ledger_of(&[late, refused, refused]).summary(&scope());
        let shown: Vec<serde_json::Value> = rows
            .iter()
            .map(|row| serde_json::to_value(row).unwrap())
            .collect();
        let row = |container: Option<&str>, counts: serde_json::Value| {
            let mut row = serde_json::json!({
                "group": "spain", "hostname": "app.example.com", "entry": "FRA", "replica": "prod/a",
                "container": container, "delayed": 0, "writes": 0, "wrong_service": 0, "executed_twice": 0,
                "successes": 0, "failures": 0,
            });
            let row_map = row.as_object_mut().unwrap();
            row_map.extend(counts.as_object().unwrap().clone());
            row
        };
        let refusals = serde_json::json!({
            "requests": 2, "failures": 2, "attempts": 2, "causes": {"origin-refused": 2}, "statuses": {"502": 2},
        });
        let success = serde_json::json!({
            "requests": 1, "successes": 1, "attempts": 2, "delayed": 1, "writes": 1, "wrong_service": 1,
            "executed_twice": 1, "causes": {}, "statuses": {"200": 1},
        });
        let wanted = [row(None, refusals), row(Some("vps1/app"), success)];
        assert_eq!(shown, wanted);
    }
}
