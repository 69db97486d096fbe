//! Who got the traffic.

use super::{Entry, Kind, OF_REQUESTS, Unit};
use crate::measure::selection::Filter;

const fn part(
    name: &'static str,
    help: &'static str,
    required: &'static [Filter],
    filter: Filter,
) -> Entry {
    Entry {
        name,
        unit: Unit::Share,
        help,
        filters: OF_REQUESTS,
        required,
        kind: Kind::PartOf(filter),
    }
}

pub(super) static ENTRIES: &[Entry] = &[
    part(
        "replica_share",
        "Share of the requests of its tunnel whose last attempt went to a replica.",
        &[Filter::Replica],
        Filter::Replica,
    ),
    part(
        "connection_share",
        "Share of the requests of its tunnel whose last attempt went over one connection of a replica.",
        &[Filter::Replica, Filter::Connection],
        Filter::Connection,
    ),
    part(
        "host_share",
        "Share of the requests that reached some host which went to this one.",
        &[Filter::Host],
        Filter::Host,
    ),
    part(
        "container_share",
        "Share of the requests that reached some container which reached this one.",
        &[Filter::Container],
        Filter::Container,
    ),
    part(
        "endpoint_share",
        "Share of the requests through a balancer that it sent to an endpoint.",
        &[Filter::Endpoint],
        Filter::Endpoint,
    ),
    part(
        "pool_share",
        "Share of the requests through a balancer that it sent to a pool.",
        &[Filter::Pool],
        Filter::Pool,
    ),
    part(
        "entry_share",
        "Share of requests that entered the edge by a metro.",
        &[Filter::Entry],
        Filter::Entry,
    ),
    part(
        "tunnel_share",
        "Share of the requests that reached some connection which reached one of this tunnel.",
        &[Filter::Tunnel],
        Filter::Tunnel,
    ),
];
