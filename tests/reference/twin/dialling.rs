//! How a connector gets its circuits, and gets them back.

use super::events::*;
use super::process::Doing;
use super::*;

pub const SECOND: u64 = 1_000_000_000;

impl Twin<'_> {
    pub fn dial_at(&mut self, time: u64, replica: usize, line: usize) {
        let life = self.replicas[replica].life;
        self.at(
            time,
            CONNECTOR,
            (replica, line as u64, 0),
            Event::Dials {
                replica,
                line,
                life,
            },
        );
    }

    pub fn dials(&mut self, replica: usize, line: usize, life: u64) {
        if !self.is_running(replica, life) {
            return;
        }
        self.note(format!(
            "{}/{line}: Dials {{ http2: false }}",
            self.replicas[replica].name
        ));
        self.replicas[replica].lines[line].doing = Doing::Dials { since: self.now };
        self.picks_server(replica, line);
        let answered = self.hosts[self.replicas[replica].host].line;
        let length = if answered {
            self.dial_time(replica, line)
        } else {
            nanos(self.plan.settings.dial_timeout)
        };
        self.dial_ends_at(self.now + length, replica, line, answered);
    }

    /// How long a dial takes that is answered.
    pub fn dial_time(&self, replica: usize, line: usize) -> u64 {
        let server = self.replicas[replica].lines[line].server.unwrap();
        2 * self.leg(replica, server.data_centre) + nanos(self.plan.settings.dial_overhead)
    }

    /// A free server of the data centre where the address group is, else of a new one.
    pub fn picks_server(&mut self, replica: usize, line: usize) {
        let open = self
            .circuits
            .iter()
            .filter(|it| it.replica == replica && it.edge_open);
        let taken: Vec<EdgeServer> = open.clone().map(|it| it.server).collect();
        let present = open
            .filter(|it| it.index % 2 == line % 2)
            .map(|it| it.centre)
            .next();
        let it = &mut self.replicas[replica];
        let pinned = it.plan.edges.get(line % 2).map(|edge| DataCentre {
            metro: edge.metro,
            number: edge.number.unwrap_or(1 + (line % 2) as u8),
        });
        let places = &mut it.lines[line].places;
        let group = AddressGroup::ALL[line % 2];
        let centre = pinned
            .or(present)
            .or_else(|| it.catchment.data_centre(group, |_| true, places))
            .unwrap();
        it.lines[line].server = free_server(centre, &taken, places);
    }

    pub fn dial_ends_at(&mut self, time: u64, replica: usize, line: usize, answered: bool) {
        let life = self.replicas[replica].life;
        let event = Event::DialEnds {
            replica,
            line,
            life,
            answered,
        };
        self.calendar.retain(|it| {
            !matches!(it.event, Event::DialEnds { replica: r, line: l, .. } if (r, l) == (replica, line))
        });
        self.at(time, CONNECTOR, (replica, line as u64, 0), event);
    }

    pub fn dial_ends(&mut self, replica: usize, line: usize, life: u64, answered: bool) {
        if !self.is_running(replica, life) {
            return;
        }
        if !answered {
            return self.waits(replica, line);
        }
        let circuit = self.registers(replica, line);
        self.listing_changes(circuit, true);
        self.tell_status(self.tunnel_of(replica));
        let it = &mut self.replicas[replica];
        it.lines[line].failures = 0;
        let by_supervisor = std::mem::take(&mut it.lines[line].by_supervisor);
        if by_supervisor && it.lines.iter().all(|line| line.doing != Doing::Queues) {
            let peace = it
                .supervisor
                .below((10 * SECOND) << (it.supervisor_failures + 2));
            it.supervisor_forgets_at = Some(self.now + peace);
        }
        if !it.others_started {
            it.others_started = true;
            for other in 1..self.replicas[replica].lines.len() {
                self.dial_at(self.now + (other as u64 - 1) * SECOND, replica, other);
            }
        }
    }

    pub fn registers(&mut self, replica: usize, line: usize) -> usize {
        let circuit = self.circuits.len();
        let server = self.replicas[replica].lines[line].server.unwrap();
        let it = &mut self.replicas[replica].lines[line];
        it.doing = Doing::Holds { circuit };
        it.registrations += 1;
        self.replicas[replica].ever_connected = true;
        self.circuits.push(Circuit {
            replica,
            index: line,
            connector: self.replicas[replica].connector,
            centre: server.data_centre,
            server,
            registered: true,
            listed: false,
            edge_open: true,
            connector_open: true,
            last_exchange: self.now,
            silent_since: None,
            asked: false,
            answered: false,
            registration: self.replicas[replica].lines[line].registrations,
        });
        self.note(format!(
            "{}: Registers {} http2: false",
            self.circuit_name(circuit),
            self.circuits[circuit].centre
        ));
        circuit
    }

    /// A connection failed: it waits alone (stage A).
    pub fn waits(&mut self, replica: usize, line: usize) {
        let it = &mut self.replicas[replica].lines[line];
        it.failures = (it.failures + 1).min(5);
        it.doing = Doing::Waits;
        let wait = it.waits.below(SECOND << it.failures);
        let life = self.replicas[replica].life;
        self.at(
            self.now + wait,
            CONNECTOR,
            (replica, line as u64, 0),
            Event::Queues {
                replica,
                line,
                life,
            },
        );
    }

    /// Its wait is over: connection 0 dials, the others wait for the supervisor (stage B).
    pub fn queues(&mut self, replica: usize, line: usize, life: u64) {
        if !self.is_running(replica, life) {
            return;
        }
        if line == 0 {
            return self.dials(replica, line, life);
        }
        let now = self.now;
        let it = &mut self.replicas[replica];
        it.lines[line].doing = Doing::Queues;
        if !it.supervisor_armed {
            it.supervisor_armed = true;
            if it
                .supervisor_forgets_at
                .is_some_and(|deadline| now > deadline)
            {
                (it.supervisor_failures, it.supervisor_forgets_at) = (0, None);
            }
            it.supervisor_failures = (it.supervisor_failures + 1).min(5);
            let wait = it.supervisor.below((10 * SECOND) << it.supervisor_failures);
            self.at(
                now + wait,
                CONNECTOR,
                (replica, 0, 0),
                Event::SupervisorFires { replica, life },
            );
        }
    }

    pub fn supervisor_fires(&mut self, replica: usize, life: u64) {
        if !self.is_running(replica, life) {
            return;
        }
        self.replicas[replica].supervisor_armed = false;
        for line in 0..self.replicas[replica].lines.len() {
            if self.replicas[replica].lines[line].doing == Doing::Queues {
                self.replicas[replica].lines[line].by_supervisor = true;
                self.dials(replica, line, life);
            }
        }
    }
}
