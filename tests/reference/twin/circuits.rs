//! Circuits, and who is believed alive.

use super::events::*;
use super::*;
use tunnelsim::kernel::random::stream_id;

/// One registered connection, which may outlive its process.
pub struct Circuit {
    pub replica: usize,
    pub index: usize,
    pub connector: u64,
    pub centre: DataCentre,
    pub server: EdgeServer,
    /// Counts as a connection of the tunnel.
    pub registered: bool,
    /// The edges may choose it.
    pub listed: bool,
    /// Its data centre takes requests for it.
    pub edge_open: bool,
    /// Its process lives and has not given it up.
    pub connector_open: bool,
    pub last_exchange: u64,
    /// Since when nothing gets through.
    pub silent_since: Option<u64>,
    /// Whether the edge has sent a request into the silence.
    pub asked: bool,
    /// Whether the connector has sent an answer into the silence.
    pub answered: bool,
    pub registration: u32,
}

impl Twin<'_> {
    pub fn circuit_name(&self, circuit: usize) -> String {
        let it = &self.circuits[circuit];
        format!("{}/{}", self.replicas[it.replica].name, it.index)
    }

    pub fn circuits_of(&self, replica: usize) -> Vec<usize> {
        let is_open = |it: &Circuit| it.replica == replica && (it.edge_open || it.connector_open);
        (0..self.circuits.len())
            .filter(|&circuit| is_open(&self.circuits[circuit]))
            .collect()
    }

    /// All edges learn of a change after one propagation time.
    pub fn listing_changes(&mut self, circuit: usize, listed: bool) {
        let it = &self.circuits[circuit];
        let id = stream_id("propagation", &self.circuit_name(circuit));
        let source = Keyed::new(self.change_key, id, u32::from(listed), it.registration);
        let delay = sample(&self.plan.settings.propagation, source);
        let rank = (it.replica, it.index as u64, 0);
        self.at(
            self.now + delay,
            DETECTION,
            rank,
            Event::Listing { circuit, listed },
        );
    }

    pub fn listing(&mut self, circuit: usize, listed: bool) {
        if self.circuits[circuit].listed == listed || listed && !self.circuits[circuit].registered {
            return;
        }
        self.circuits[circuit].listed = listed;
        let what = if listed { "Listed" } else { "Withdrawn" };
        self.note(format!("{}: {what}", self.circuit_name(circuit)));
    }

    /// The edges are to know that it is no connection of the tunnel any more.
    pub fn unregisters(&mut self, circuit: usize) {
        if std::mem::replace(&mut self.circuits[circuit].registered, false) {
            self.listing_changes(circuit, false);
        }
    }

    pub fn edge_closes(&mut self, circuit: usize, noticed: bool) {
        if !self.circuits[circuit].edge_open {
            return;
        }
        self.circuits[circuit].edge_open = false;
        self.note(format!(
            "{}: EdgeCloses {{ noticed: {noticed} }}",
            self.circuit_name(circuit)
        ));
        self.unregisters(circuit);
        self.tell_status(self.tunnel_of(self.circuits[circuit].replica));
        self.streams_end(circuit);
    }

    pub fn connector_closes(&mut self, circuit: usize) {
        let it = &mut self.circuits[circuit];
        if !std::mem::replace(&mut it.connector_open, false) {
            return;
        }
        let (replica, line) = (it.replica, it.index);
        self.note(format!("{}: ConnectorCloses", self.circuit_name(circuit)));
        if !self.replicas[replica].draining {
            self.waits(replica, line);
        }
    }

    pub fn tell_status(&mut self, tunnel: usize) {
        let open: Vec<&Circuit> = self
            .circuits
            .iter()
            .filter(|it| it.registered && self.tunnel_of(it.replica) == tunnel)
            .collect();
        let n_open = |connector| open.iter().filter(|it| it.connector == connector).count();
        let connected = open.len();
        let mut all_whole = open
            .iter()
            .all(|it| n_open(it.connector) == self.replicas[it.replica].lines.len());
        for (number, it) in self.replicas.iter().enumerate() {
            let was_connected = it.running && !it.draining && it.ever_connected;
            if self.tunnel_of(number) == tunnel && was_connected {
                all_whole &= n_open(it.connector) > 0;
            }
        }
        let status = match (connected, all_whole) {
            (0, _) if self.tunnels[tunnel].status == TunnelStatus::Inactive => {
                TunnelStatus::Inactive
            }
            (0, _) => TunnelStatus::Down,
            (_, true) => TunnelStatus::Healthy,
            (_, false) => TunnelStatus::Degraded,
        };
        if status == self.tunnels[tunnel].status {
            return;
        }
        self.tunnels[tunnel].status = status;
        self.note(format!(
            "{}: Status({status:?})",
            self.tunnels[tunnel].plan.name
        ));
        if self.now > 0 {
            let time = self.now + nanos(self.plan.settings.alert_delay);
            self.at(
                time,
                DEADLINE,
                (tunnel, 0, 0),
                Event::Alert { tunnel, status },
            );
        }
    }

    pub fn alert(&mut self, tunnel: usize, status: TunnelStatus) {
        let healthy = status == TunnelStatus::Healthy;
        self.note(format!(
            "{}: Alert {{ healthy: {healthy} }}",
            self.tunnels[tunnel].plan.name
        ));
    }
}
