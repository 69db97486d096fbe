//! Which parts of the edge are up.

use std::collections::{BTreeMap, BTreeSet};

use super::geography::{DataCentre, EdgeServer, MetroId};
use super::networks::RETURN_DELAY;
use crate::kernel::time::Time;

/// The state of metros, data centres and servers.
#[derive(Debug, Default)]
pub struct Edge {
    metros_down: BTreeMap<MetroId, Time>,
    /// From when the networks know again of a metro that came back.
    announced_from: BTreeMap<MetroId, Time>,
    data_centres_down: BTreeSet<DataCentre>,
    servers_down: BTreeSet<EdgeServer>,
    outages: BTreeMap<MetroId, u32>,
    /// Whether connectors can register.
    pub registrations_frozen: bool,
    /// The share of all requests that fail at the provider.
    pub incident_share: f64,
}

impl Edge {
    /// Whether a metro takes traffic.
    pub fn is_metro_up(&self, metro: MetroId) -> bool {
        !self.metros_down.contains_key(&metro)
    }

    /// Since when a metro is down.
    pub fn metro_down_since(&self, metro: MetroId) -> Option<Time> {
        self.metros_down.get(&metro).copied()
    }

    /// From when the networks know again of a metro that came back, if it is not too late to matter.
    pub fn announced_later(&self, metro: MetroId, now: Time) -> Option<Time> {
        let from = self.announced_from.get(&metro).copied();
        from.filter(|from| *from > now)
    }

    /// Whether the packets of clients can find a metro.
    pub fn is_announced(&self, metro: MetroId, now: Time) -> bool {
        self.is_metro_up(metro) && self.announced_later(metro, now).is_none()
    }

    /// How many outages a metro has had.
    pub fn outages(&self, metro: MetroId) -> u32 {
        self.outages.get(&metro).copied().unwrap_or(0)
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
        if up {
            self.metros_down.remove(&metro);
            self.announced_from.insert(metro, now + RETURN_DELAY);
        } else if self.metros_down.insert(metro, now).is_none() {
            *self.outages.entry(metro).or_default() += 1;
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
