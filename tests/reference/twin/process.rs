//! cloudflared's life.

use super::events::*;
use super::faults::{Docker, starts_at_boot};
use super::*;
use tunnelsim::kernel::random::stream_id;

/// What one of a replica's connections is doing.
#[derive(Clone, Copy, PartialEq)]
pub enum Doing {
    Nothing,
    Waits,
    Queues,
    Dials { since: u64 },
    Holds { circuit: usize },
}

pub struct Line {
    pub waits: Stream,
    pub failures: u32,
    pub doing: Doing,
    pub by_supervisor: bool,
    pub places: Stream,
    /// The server it dialled last.
    pub server: Option<EdgeServer>,
    pub registrations: u32,
}

/// A cloudflared process and its successors.
pub struct Replica<'a> {
    pub name: String,
    pub plan: &'a blueprint::Replica,
    pub host: usize,
    /// Position among the tunnel's replicas in the file.
    pub declared: usize,
    pub running: bool,
    pub draining: bool,
    pub by_hand: bool,
    pub starts_again: bool,
    pub ever_connected: bool,
    /// Counts starts and ends, so that what an earlier process planned is not done.
    pub life: u64,
    pub ends: u64,
    pub connector: u64,
    pub others_started: bool,
    pub catchment: ConnectorCatchment,
    pub lines: Vec<Line>,
    pub supervisor: Stream,
    pub supervisor_failures: u32,
    pub supervisor_armed: bool,
    pub supervisor_forgets_at: Option<u64>,
    pub docker: Docker,
}

impl<'a> Replica<'a> {
    pub fn new(
        plan: &'a blueprint::Replica,
        world: &'a Blueprint,
        hosts: &[Host],
        streams: &Streams,
    ) -> Self {
        let tunnel = &world.tunnels[plan.tunnel];
        let name = format!("{}/{}", tunnel.name, plan.name);
        let host = hosts
            .iter()
            .position(|it| it.plan.name == world.hosts[plan.host].name)
            .unwrap();
        let vicinity = Vicinity::of(hosts[host].place);
        let catchment =
            ConnectorCatchment::drawn(true, &vicinity, &mut streams.stream("placement", &name));
        let lines = (0..usize::from(plan.connections)).map(|index| Line {
            waits: streams.stream("backoff", &format!("{name}/{index}")),
            places: streams.stream("placement", &format!("{name}/{index}")),
            failures: 0,
            doing: Doing::Nothing,
            by_supervisor: false,
            server: None,
            registrations: 0,
        });
        Replica {
            plan,
            host,
            declared: tunnel
                .replicas
                .iter()
                .position(|&id| std::ptr::eq(&world.replicas[id], plan))
                .unwrap(),
            running: false,
            draining: false,
            by_hand: false,
            starts_again: false,
            ever_connected: false,
            life: 0,
            ends: 0,
            connector: 0,
            others_started: false,
            catchment,
            lines: lines.collect(),
            supervisor: streams.stream("backoff", &format!("{name}/supervisor")),
            supervisor_failures: 0,
            supervisor_armed: false,
            supervisor_forgets_at: None,
            docker: Docker::default(),
            name,
        }
    }
}

/// The process itself comes after its connections.
const AFTER_LINES: u64 = u64::MAX;

impl Twin<'_> {
    pub fn tunnel_of(&self, replica: usize) -> usize {
        let name = &self.plan.tunnels[self.replicas[replica].plan.tunnel].name;
        self.tunnels
            .iter()
            .position(|it| &it.plan.name == name)
            .unwrap()
    }

    pub fn tunnel_plan(&self, replica: usize) -> &blueprint::Tunnel {
        &self.plan.tunnels[self.replicas[replica].plan.tunnel]
    }

    /// The round trip between a connector and a data centre.
    pub fn leg(&self, replica: usize, at: DataCentre) -> u64 {
        let host = &self.hosts[self.replicas[replica].host];
        round_trip(PathClass::Public, metro(at.metro), host.place) + host.last_mile
    }

    pub fn connected_from_the_start(&mut self, replica: usize) {
        self.new_process(replica);
        self.replicas[replica].others_started = true;
        for line in 0..self.replicas[replica].lines.len() {
            self.picks_server(replica, line);
            let circuit = self.registers(replica, line);
            self.listing(circuit, true);
            self.tell_status(self.tunnel_of(replica));
        }
    }

    pub fn new_process(&mut self, replica: usize) {
        let name = &self.replicas[replica].name;
        let id = Keyed::new(
            self.world_key,
            stream_id("connector", name),
            self.replicas[replica].ends as u32,
            0,
        )
        .bits();
        self.note(format!("{name}: Starts {{ connector: {id} }}"));
        let it = &mut self.replicas[replica];
        (it.running, it.draining, it.others_started, it.connector) = (true, false, false, id);
        (it.starts_again, it.ever_connected) = (false, false);
        (
            it.supervisor_failures,
            it.supervisor_armed,
            it.supervisor_forgets_at,
        ) = (0, false, None);
        it.life += 1;
        it.docker.started_at = self.now;
        for line in &mut it.lines {
            (line.failures, line.doing, line.by_supervisor) = (0, Doing::Nothing, false);
        }
    }

    pub fn starts(&mut self, replica: usize) {
        if self.replicas[replica].running || !self.hosts[self.replicas[replica].host].booted {
            return;
        }
        self.new_process(replica);
        self.tell_status(self.tunnel_of(replica));
        let first_dial = self.now + nanos(self.plan.settings.process_start);
        self.dial_at(first_dial, replica, 0);
    }

    pub fn is_running(&self, replica: usize, life: u64) -> bool {
        let it = &self.replicas[replica];
        it.running && !it.draining && it.life == life
    }

    /// A process is gone without a word: what it held lives on at the edge until the silence is noticed.
    pub fn process_vanishes(&mut self, replica: usize, fault: usize) {
        for circuit in self.circuits_of(replica) {
            let (is_mine, works) = self.state_of(circuit);
            if is_mine && works {
                self.falls_silent(circuit, fault);
            }
            if is_mine {
                self.circuits[circuit].connector_open = false;
            }
        }
        self.process_ends(replica);
    }

    pub fn process_ends(&mut self, replica: usize) {
        let it = &mut self.replicas[replica];
        it.life += 1;
        it.ends += 1;
        if std::mem::replace(&mut it.running, false) {
            let name = it.name.clone();
            self.note(format!("{name}: Down"));
        }
        self.replicas[replica].draining = false;
        self.tell_status(self.tunnel_of(replica));
        if std::mem::take(&mut self.replicas[replica].starts_again) {
            let life = self.replicas[replica].life;
            self.at(
                self.now,
                CONNECTOR,
                (replica, AFTER_LINES, 0),
                Event::Restarts { replica, life },
            );
        }
    }

    /// Whether a circuit belongs to its replica's present process, and whether packets pass on it.
    pub fn state_of(&self, circuit: usize) -> (bool, bool) {
        let it = &self.circuits[circuit];
        let replica = &self.replicas[it.replica];
        let is_mine = replica.running && it.connector == replica.connector;
        (is_mine, it.edge_open && it.silent_since.is_none())
    }

    pub fn killed(&mut self, replica: usize, fault: usize) {
        if !self.replicas[replica].running {
            return;
        }
        let starts_again = self.replicas[replica].starts_again;
        self.process_vanishes(replica, fault);
        let it = &mut self.replicas[replica];
        if it.by_hand || starts_again {
            return;
        }
        let life = it.life;
        if let Some(time) = it.docker.restart_after_failure(it.plan.restart, self.now) {
            self.at(
                time,
                CONNECTOR,
                (replica, AFTER_LINES, 0),
                Event::Restarts { replica, life },
            );
        }
    }

    pub fn restarts(&mut self, replica: usize, life: u64) {
        if self.replicas[replica].life == life {
            self.starts(replica);
        }
    }

    pub fn told_to_stop(&mut self, replica: usize, fault: usize) {
        let it = &mut self.replicas[replica];
        it.by_hand = true;
        it.starts_again = false;
        if !it.running {
            // A start that was due is off.
            it.life += 1;
            it.ends += 1;
            return;
        }
        if it.draining {
            return;
        }
        it.draining = true;
        let (life, name) = (it.life, it.name.clone());
        let drain = nanos(it.plan.grace_period.min(it.plan.stop_grace));
        self.note(format!("{name}: Drains"));
        for circuit in self.circuits_of(replica) {
            let (is_mine, works) = self.state_of(circuit);
            if is_mine && works {
                self.note(format!(
                    "{}: Severed by {}",
                    self.circuit_name(circuit),
                    self.faults[fault].name
                ));
                self.unregisters(circuit);
            }
        }
        self.tell_status(self.tunnel_of(replica));
        self.at(
            self.now + drain,
            CONNECTOR,
            (replica, AFTER_LINES, 0),
            Event::Drained { replica, life },
        );
    }

    pub fn drained(&mut self, replica: usize, life: u64) {
        if self.replicas[replica].life != life {
            return;
        }
        for circuit in self.circuits_of(replica) {
            if self.circuits[circuit].connector_open
                && self.circuits[circuit].silent_since.is_none()
            {
                self.edge_closes(circuit, false);
            }
            self.circuits[circuit].connector_open = false;
        }
        self.process_ends(replica);
    }

    pub fn started_by_hand(&mut self, replica: usize) {
        let it = &mut self.replicas[replica];
        it.by_hand = false;
        it.docker.forgets();
        // What is still on its way out starts again when it has gone.
        it.starts_again = it.draining;
        self.starts(replica);
    }

    pub fn process_boots(&mut self, replica: usize) {
        let it = &self.replicas[replica];
        if starts_at_boot(it.plan.restart, it.by_hand) {
            self.started_by_hand(replica);
        }
    }
}
