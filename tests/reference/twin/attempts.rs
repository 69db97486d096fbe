//! One attempt after the other: the way in, the choice of a connection, and giving up.

use super::events::*;
use super::sessions::Busy;
use super::*;
use tunnelsim::measure::outcome::Cause;
use tunnelsim::world::blueprint::DnsTarget;

/// One attempt of one request.
#[derive(Clone, Copy, PartialEq)]
pub struct Token {
    pub session: usize,
    pub request: u64,
    pub attempt: usize,
    pub serial: u32,
    pub is_write: bool,
}

/// Where the present attempt is.
#[derive(Clone, Copy, PartialEq)]
pub enum Way {
    /// Before its circuit.
    Out,
    /// On its way down its circuit since then.
    Down { sent: u64 },
    /// At its connector, or behind it.
    There,
    /// Held back before or behind a silence.
    Held(Option<Answer>),
    /// Its answer has left the host, or its attempt has failed.
    Back,
}

impl Twin<'_> {
    pub fn token(&self, session: usize) -> Token {
        let it = &self.sessions[session];
        Token {
            session,
            request: it.request,
            attempt: it.tried.len(),
            serial: it.serial,
            is_write: it.is_write,
        }
    }

    pub fn later(&mut self, span: u64, class: u8, token: Token, event: Event) {
        let it = &self.sessions[token.session];
        self.at(
            self.now + span,
            class,
            (it.group, it.number, token.request),
            event,
        );
    }

    /// Whether the request is still open.
    pub fn is_open(&self, token: Token) -> bool {
        let it = &self.sessions[token.session];
        it.is_open && it.request == token.request
    }

    /// Whether this is still the request's last attempt.
    pub fn is_current(&self, token: Token) -> bool {
        self.is_open(token) && self.sessions[token.session].serial == token.serial
    }

    /// From the client to its edge, one way.
    pub fn way_in(&self, session: usize) -> u64 {
        let it = &self.sessions[session];
        let group = &self.groups[it.group];
        (round_trip(PathClass::Public, group.place, metro(group.entry)) + it.last_mile) / 2
    }

    /// From the edge to the data centre of the attempt's circuit, one way.
    pub fn backbone(&self, session: usize) -> u64 {
        let it = &self.sessions[session];
        let centre = self.circuits[it.circuit.unwrap()].centre;
        round_trip(
            PathClass::Private,
            metro(self.groups[it.group].entry),
            metro(centre.metro),
        ) / 2
    }

    /// From there to the connector, one way.
    pub fn down(&self, session: usize) -> u64 {
        let circuit = &self.circuits[self.sessions[session].circuit.unwrap()];
        self.leg(circuit.replica, circuit.centre) / 2
    }

    pub fn at_edge(&mut self, token: Token) {
        if self.is_current(token) {
            self.attempts(token.session, Cause::NoConnector);
        }
    }

    /// The edge picks a connection that was not tried, or says that there is none.
    pub fn attempts(&mut self, session: usize, failure: Cause) {
        let it = &self.sessions[session];
        let hostname = self
            .plan
            .hostnames
            .ids()
            .find(|&id| self.plan.hostnames[id] == it.hostname)
            .unwrap();
        let record = self
            .plan
            .records
            .values()
            .iter()
            .find(|it| it.hostname == hostname)
            .unwrap();
        let DnsTarget::Tunnel(id) = record.target else {
            panic!("the twin has no balancers")
        };
        let plan = &self.plan.tunnels[id];
        let listed: Vec<usize> = (0..self.circuits.len())
            .filter(|&circuit| {
                let it = &self.circuits[circuit];
                it.listed && self.replicas[it.replica].plan.tunnel == id
            })
            .collect();
        if listed.is_empty() {
            return self.edge_answers(session, Answer::failure(Cause::NoConnector));
        }
        let is_first = it.tried.is_empty();
        let may_retry =
            it.tried.len() <= plan.retry_others as usize && (!it.is_write || plan.retry_writes);
        let mut left: Vec<(u64, usize, usize, usize)> = listed
            .into_iter()
            .filter(|_| is_first || may_retry)
            .filter(|&circuit| {
                let (replica, index) =
                    (self.circuits[circuit].replica, self.circuits[circuit].index);
                let is_tried = |&(one, other)| {
                    one == replica && (other == index || plan.retry_skips_connector)
                };
                !it.tried.iter().any(is_tried)
            })
            .map(|circuit| {
                let place = &self.circuits[circuit];
                (
                    self.preference(it.group, &plan.routing, circuit),
                    place.replica,
                    place.index,
                    circuit,
                )
            })
            .collect();
        left.sort();
        left.retain({
            let best = left.first().map(|it| it.0);
            move |it| Some(it.0) == best
        });
        if left.is_empty() {
            return self.edge_answers(session, Answer::failure(failure));
        }
        if is_first {
            self.tunnels
                .iter_mut()
                .find(|it| it.plan.name == plan.name)
                .unwrap()
                .turns += 1;
        }
        let it = &mut self.sessions[session];
        let draw = it.keyed(4, it.tried.len() as u32).unit();
        let circuit = left[(draw * left.len() as f64) as usize].3;
        it.tried
            .push((self.circuits[circuit].replica, self.circuits[circuit].index));
        it.serial += 1;
        (it.attempt_since, it.lost_before) = (self.now, it.lost);
        it.circuit = Some(circuit);
        it.way = Way::Out;
        it.into_silence = false;
        let token = self.token(session);
        self.later(
            self.backbone(session),
            ATTEMPT,
            token,
            Event::AtCentre(token),
        );
        self.later(
            nanos(self.plan.settings.attempt_deadline),
            DEADLINE,
            token,
            Event::NoAnswer(token),
        );
    }

    pub fn preference(&self, group: usize, belief: &str, circuit: usize) -> u64 {
        let entry = metro(self.groups[group].entry);
        let circuit = &self.circuits[circuit];
        let there = metro(circuit.centre.metro);
        let replica = &self.replicas[circuit.replica];
        let n_replicas = self.plan.tunnels[replica.plan.tunnel].replicas.len();
        let turns = self.tunnels[self.tunnel_of(circuit.replica)].turns;
        match belief {
            "closest" => entry.distance_m(there),
            "fastest" => {
                (round_trip(PathClass::Private, entry, there)
                    + self.leg(circuit.replica, circuit.centre))
                    / 1_000
            }
            "any" => 0,
            "alternating" => {
                ((replica.declared + n_replicas - turns % n_replicas) % n_replicas) as u64
            }
            "primary-standby" => replica.declared as u64,
            other => panic!("the twin does not know how to go on: {other}"),
        }
    }

    pub fn at_centre(&mut self, token: Token) {
        if !self.is_current(token) {
            return;
        }
        let backbone = self.backbone(token.session);
        let circuit = self.sessions[token.session].circuit.unwrap();
        if !self.circuits[circuit].edge_open {
            self.sessions[token.session].into_silence = true;
            return self.later(backbone, ATTEMPT, token, Event::Fails(token));
        }
        if self.circuits[circuit].silent_since.is_some() {
            self.edge_asks(circuit, self.now);
            self.sessions[token.session].into_silence = true;
            self.sessions[token.session].is_held(self.now, None);
        } else {
            self.goes_down(token.session);
        }
    }

    pub fn goes_down(&mut self, session: usize) {
        // What waited for the end of a silence is sent now: another silence catches it on its way.
        self.sessions[session].into_silence = false;
        self.sessions[session].way = Way::Down { sent: self.now };
        let token = self.token(session);
        self.later(self.down(session), ATTEMPT, token, Event::AtHost(token));
    }

    /// The entry edge learns that an attempt failed.
    pub fn fails(&mut self, token: Token) {
        if !self.is_current(token) {
            return;
        }
        let it = &mut self.sessions[token.session];
        it.loses_attempt(self.now);
        let failure = if it.into_silence {
            Cause::DeadConnection
        } else {
            Cause::StreamCut
        };
        self.attempts(token.session, failure);
    }

    pub fn no_answer(&mut self, token: Token) {
        let it = &mut self.sessions[token.session];
        if !it.is_open
            || it.edge_has_answered
            || (it.request, it.tried.len()) != (token.request, token.attempt)
        {
            return;
        }
        it.loses_attempt(self.now);
        let current = self.token(token.session);
        self.leaves_queue(current);
        self.edge_answers(token.session, Answer::failure(Cause::OriginHung));
    }

    pub fn gives_up(&mut self, token: Token) {
        if !self.is_open(token) {
            return;
        }
        let current = self.token(token.session);
        self.leaves_queue(current);
        let it = &mut self.sessions[token.session];
        match it.busy {
            Some((Busy::Waiting, since)) => it.waiting = self.now - since,
            Some((Busy::Serving, since)) => it.service = self.now - since,
            Some((Busy::Storing, since)) => it.store = self.now - since,
            None => it.is_let_go(self.now),
        }
        self.closes(token.session, Answer::failure(Cause::ClientGaveUp));
    }

    /// The edge has an answer; nothing that happens behind it matters any more.
    pub fn edge_answers(&mut self, session: usize, answer: Answer) {
        let way = self.way_in(session);
        let it = &mut self.sessions[session];
        (it.edge_has_answered, it.way) = (true, Way::Back);
        it.serial += 1;
        let token = self.token(session);
        self.later(way, ANSWER, token, Event::AnswerAtClient(token, answer));
    }

    pub fn answer_at_edge(&mut self, token: Token, answer: Answer) {
        if self.is_current(token) {
            self.edge_answers(token.session, answer);
        }
    }

    pub fn answer_at_client(&mut self, token: Token, answer: Answer) {
        if self.is_current(token) {
            self.closes(token.session, answer);
        }
    }
}
