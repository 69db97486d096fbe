//! Which parts of the edge are up.

use std::collections::{BTreeMap, BTreeSet};

use super::geography::{DataCentre, EdgeServer, MetroId};
use super::networks::RETURN_DELAY;
use crate::kernel::time::Time;

/// The outages of a metro so far.
#[derive(Clone, Copy, Debug)]
struct Outages {
    count: u32,
    /// When the latest began.
    since: Time,
    /// From when the networks know that it is over; none while it lasts.
    announced_from: Option<Time>,
}

/// The state of metros, data centres and servers.
#[derive(Debug, Default)]
pub struct Edge {
    /// Of the metros that were ever out.
    outages: BTreeMap<MetroId, Outages>,
    data_centres_down: BTreeSet<DataCentre>,
    servers_down: BTreeSet<EdgeServer>,
    /// Whether connectors can register.
    pub registrations_frozen: bool,
    /// The share of all requests that fail at the provider.
    pub incident_share: f64,
}

impl Edge {
    /// Whether a metro takes traffic.
    pub fn is_metro_up(&self, metro: MetroId) -> bool {
        self.metro_down_since(metro).is_none()
    }

    /// Since when a metro is down.
    pub fn metro_down_since(&self, metro: MetroId) -> Option<Time> {
        let outages = self.outages.get(&metro)?;
        outages.announced_from.is_none().then_some(outages.since)
    }

    /// Since when networks can no longer find a metro, if they cannot: it is down, or only just back.
    pub fn unknown_since(&self, metro: MetroId, now: Time) -> Option<Time> {
        let outages = self.outages.get(&metro)?;
        let is_known = outages.announced_from.is_some_and(|from| from <= now);
        (!is_known).then_some(outages.since)
    }

    /// Whether it was announced since a moment that a metro is back.
    pub fn is_announced_since(&self, metro: MetroId, since: Time) -> bool {
        let outages = self.outages.get(&metro);
        let announced_from = outages.and_then(|outages| outages.announced_from);
        announced_from.is_some_and(|from| from >= since)
    }

    /// When networks will hear of metros that are back.
    pub fn announcements_after(&self, now: Time) -> Vec<Time> {
        let announced = self.outages.values().filter_map(|it| it.announced_from);
        announced.filter(|from| *from > now).collect()
    }

    /// How many outages a metro has had.
    pub fn outages(&self, metro: MetroId) -> u32 {
        self.outages.get(&metro).map_or(0, |outages| outages.count)
    }

    /// Whether a data centre and its metro are up.
    pub fn is_data_centre_up(&self, data_centre: DataCentre) -> bool {
        self.is_metro_up(data_centre.metro) && !self.data_centres_down.contains(&data_centre)
    }

    /// Whether a server, its data centre and its metro are up.
    pub fn is_server_up(&self, server: EdgeServer) -> bool {
        self.is_data_centre_up(server.data_centre) && !self.servers_down.contains(&server)
    }

    /// A metro goes down or comes back.
    pub fn set_metro(&mut self, metro: MetroId, up: bool, now: Time) {
        let outages = self.outages.entry(metro).or_insert(Outages {
            count: 0,
            since: now,
            announced_from: Some(Time::ZERO),
        });
        if up {
            outages.announced_from.get_or_insert(now + RETURN_DELAY);
        } else if outages.announced_from.take().is_some() {
            outages.since = now;
            outages.count += 1;
        }
    }

    /// A data centre goes down or comes back; false if it was so before.
    pub fn set_data_centre(&mut self, data_centre: DataCentre, up: bool) -> bool {
        if up {
            self.data_centres_down.remove(&data_centre)
        } else {
            self.data_centres_down.insert(data_centre)
        }
    }

    /// A server goes down or comes back.
    pub fn set_server(&mut self, server: EdgeServer, up: bool) {
        if up {
            self.servers_down.remove(&server);
        } else {
            self.servers_down.insert(server);
        }
    }
}
