//! Everything that can happen, and the order in which it does.

use super::*;

/// Classes of events, in the order in which they happen within one instant.
pub const FAULT: u8 = 0;

pub const DETECTION: u8 = 1;

pub const CONNECTOR: u8 = 2;

pub const CONTAINER: u8 = 3;

pub const ANSWER: u8 = 4;

pub const ATTEMPT: u8 = 5;

pub const DEADLINE: u8 = 6;

pub enum Event {
    Strikes(usize),
    Clears(usize),
    Booted {
        host: usize,
        life: u64,
    },
    Dials {
        replica: usize,
        line: usize,
        life: u64,
    },
    DialEnds {
        replica: usize,
        line: usize,
        life: u64,
        answered: bool,
    },
    Queues {
        replica: usize,
        line: usize,
        life: u64,
    },
    SupervisorFires {
        replica: usize,
        life: u64,
    },
    Restarts {
        replica: usize,
        life: u64,
    },
    Drained {
        replica: usize,
        life: u64,
    },
    EdgeNotices(usize),
    ConnectorNotices(usize),
    Listing {
        circuit: usize,
        listed: bool,
    },
    Alert {
        tunnel: usize,
        status: TunnelStatus,
    },
    DockerStarts {
        container: usize,
        life: u64,
    },
    Listens {
        container: usize,
        life: u64,
    },
    Served {
        container: usize,
        job: u64,
    },
    Stored {
        container: usize,
        job: u64,
    },
    Arrives {
        group: usize,
    },
    Opens {
        session: usize,
    },
    AtEdge(Token),
    AtCentre(Token),
    AtHost(Token),
    Fails(Token),
    Replies(Token, Answer),
    AnswerAtEdge(Token, Answer),
    AnswerAtClient(Token, Answer),
    NoAnswer(Token),
    GivesUp(Token),
}

pub struct Entry {
    pub key: (u64, u8, (usize, u64, u64)),
    pub event: Event,
}

impl Twin<'_> {
    pub fn happens(&mut self, event: Event) {
        match event {
            Event::Strikes(fault) => self.strikes(fault),
            Event::Clears(fault) => self.clears(fault),
            Event::Booted { host, life } => self.booted(host, life),
            Event::Dials {
                replica,
                line,
                life,
            } => self.dials(replica, line, life),
            Event::DialEnds {
                replica,
                line,
                life,
                answered,
            } => self.dial_ends(replica, line, life, answered),
            Event::Queues {
                replica,
                line,
                life,
            } => self.queues(replica, line, life),
            Event::SupervisorFires { replica, life } => self.supervisor_fires(replica, life),
            Event::Restarts { replica, life } => self.restarts(replica, life),
            Event::Drained { replica, life } => self.drained(replica, life),
            Event::EdgeNotices(circuit) => self.edge_closes(circuit, true),
            Event::ConnectorNotices(circuit) => self.connector_closes(circuit),
            Event::Listing { circuit, listed } => self.listing(circuit, listed),
            Event::Alert { tunnel, status } => self.alert(tunnel, status),
            Event::DockerStarts { container, life } => self.docker_starts(container, life),
            Event::Listens { container, life } => self.listens(container, life),
            Event::Served { container, job } => self.served(container, job),
            Event::Stored { container, job } => self.stored(container, job),
            Event::Arrives { group } => self.arrives(group),
            Event::Opens { session } => self.opens(session),
            Event::AtEdge(token) => self.at_edge(token),
            Event::AtCentre(token) => self.at_centre(token),
            Event::AtHost(token) => self.at_host(token),
            Event::Fails(token) => self.fails(token),
            Event::Replies(token, answer) => self.replies(token, answer),
            Event::AnswerAtEdge(token, answer) => self.answer_at_edge(token, answer),
            Event::AnswerAtClient(token, answer) => self.answer_at_client(token, answer),
            Event::NoAnswer(token) => self.no_answer(token),
            Event::GivesUp(token) => self.gives_up(token),
        }
    }
}
