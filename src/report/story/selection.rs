//! A metric and the part of the run it is about, in words.

use crate::measure::metric::MetricUse;
use crate::measure::scope::{Named, Scope};
use crate::measure::selection::{Ended, Filter, Selection};
use crate::report::wording::clock;
use crate::world::ids::Position;

/// A metric with its filters as a scenario file would name them: `share_502 (hostname app.example.com, phase during)`.
pub fn metric_in_words(metric: &MetricUse, scope: &Scope) -> String {
    let filters: Vec<String> = metric
        .selection
        .filters()
        .map(|filter| {
            format!(
                "{} {}",
                filter.name(),
                value(filter, &metric.selection, scope)
            )
        })
        .collect();
    match filters.is_empty() {
        true => metric.entry.name.to_owned(),
        false => format!("{} ({})", metric.entry.name, filters.join(", ")),
    }
}

/// What a metric is about, in short: the values of its filters, times aside.
pub(super) fn part_in_words(metric: &MetricUse, scope: &Scope) -> String {
    let is_told = |filter: &Filter| !matches!(filter, Filter::From | Filter::Until);
    let filters = metric.selection.filters().filter(is_told);
    let values = filters.map(|filter| {
        let value = value(filter, &metric.selection, scope);
        // A name speaks for itself; a number or a yes does not.
        match filter {
            Filter::Connection
            | Filter::Status
            | Filter::Write
            | Filter::Hopped
            | Filter::Moved => {
                format!("{} {value}", filter.name())
            }
            _ => value,
        }
    });
    values.collect::<Vec<_>>().join(" ")
}

fn name_of<I: Position>(names: &[Named], id: Option<I>) -> Option<String> {
    id.and_then(|id| names.get(id.index()))
        .map(|named| named.name.clone())
}

/// The value of a filter that is set.
fn value(filter: Filter, selection: &Selection, scope: &Scope) -> String {
    let it = selection;
    let text = match filter {
        Filter::Hostname => name_of(&scope.hostnames, it.hostname),
        Filter::Group => name_of(&scope.groups, it.group),
        Filter::Entry => it.entry.map(|metro| Scope::metro_code(metro).to_owned()),
        Filter::Tunnel => name_of(&scope.tunnels, it.tunnel),
        Filter::Replica => name_of(&scope.replicas, it.replica),
        Filter::Connection => it.connection.map(|index| index.to_string()),
        Filter::Host => name_of(&scope.hosts, it.host),
        Filter::Hosts => Some(hosts(selection, scope)),
        Filter::Container => name_of(&scope.containers, it.container),
        Filter::Store => name_of(&scope.stores, it.store),
        Filter::Dataset => name_of(&scope.datasets, it.dataset),
        Filter::Pool => name_of(&scope.pools, it.pool),
        Filter::Endpoint => name_of(&scope.endpoints, it.endpoint),
        Filter::Cause => it.cause.map(|cause| cause.name().to_owned()),
        Filter::Outcome => it.outcome.map(|ended| ended_in_words(ended).to_owned()),
        Filter::Status => it.status.map(|status| status.to_string()),
        Filter::Write => it.write.map(|write| write.to_string()),
        Filter::Hopped => it.hopped.map(|hopped| hopped.to_string()),
        Filter::Moved => it.moved.map(|moved| moved.to_string()),
        Filter::Phase => it.phase.map(|phase| phase.name().to_owned()),
        Filter::TunnelStatus => it.tunnel_status.map(|status| status.name().to_owned()),
        Filter::Fault => name_of(&scope.faults, it.fault),
        Filter::Stage => it.stage.map(|stage| stage.name().to_owned()),
        Filter::From => it.from.map(clock),
        Filter::Until => it.until.map(clock),
    };
    text.unwrap_or_else(|| "unknown".to_owned())
}

fn hosts(selection: &Selection, scope: &Scope) -> String {
    let names = selection
        .hosts
        .iter()
        .filter_map(|&id| name_of(&scope.hosts, Some(id)));
    names.collect::<Vec<_>>().join(" and ")
}

fn ended_in_words(ended: Ended) -> &'static str {
    match ended {
        Ended::Success => "success",
        Ended::Failed => "failed",
        Ended::Any => "any",
    }
}
