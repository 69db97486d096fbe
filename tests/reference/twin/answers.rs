//! At the connector: the rule, the service it means, and the answer.

use super::attempts::Way;
use super::containers::State;
use super::events::*;
use super::*;
use tunnelsim::measure::outcome::Cause;
use tunnelsim::world::blueprint::{HostPattern, Service};

#[derive(Clone, Copy, PartialEq)]
pub struct Answer {
    pub cause: Option<Cause>,
    pub status: u16,
}

impl Answer {
    pub fn failure(cause: Cause) -> Answer {
        Answer {
            cause: Some(cause),
            status: cause.status().unwrap_or(0),
        }
    }

    pub fn of_the_service() -> Answer {
        Answer {
            cause: None,
            status: 200,
        }
    }
}

impl Twin<'_> {
    pub fn at_host(&mut self, token: Token) {
        if !self.is_current(token) {
            return;
        }
        let circuit = self.sessions[token.session].circuit.unwrap();
        let it = &mut self.sessions[token.session];
        let Way::Down { .. } = it.way else { return };
        it.way = Way::There;
        self.circuits[circuit].last_exchange = self.now;
        let replica = &self.replicas[self.circuits[circuit].replica];
        let rules = replica.plan.local_rules.as_ref();
        let rules = rules
            .or(self.plan.tunnels[replica.plan.tunnel].remote_rules.as_ref())
            .unwrap();
        let path = &self.groups[it.group].plan.path;
        let rule = rules.iter().find(|rule| {
            rule.hostname.as_ref().is_none_or(|pattern| match pattern {
                HostPattern::Exact(name) => *name == it.hostname,
                HostPattern::Suffix(suffix) => it.hostname.ends_with(suffix),
            }) && rule.path.as_ref().is_none_or(|part| path.contains(part))
        });
        let (name, port) = match &rule.unwrap().service {
            Service::Status(status) => {
                let cause = (*status >= 400).then_some(Cause::ConfiguredStatus);
                return self.replies(
                    token,
                    Answer {
                        cause,
                        status: *status,
                    },
                );
            }
            Service::Origin { host, port, .. } => (host, port),
            Service::HelloWorld => panic!("the twin has no test page"),
        };
        let host = replica.host;
        let found = self
            .containers
            .iter()
            .position(|it| it.host == host && it.plan.name == *name);
        match found.filter(|&container| self.containers[container].state != State::Exited) {
            None => {
                let delay = nanos(self.plan.settings.no_such_host_delay);
                self.fails_there(token, Cause::NoSuchHost, delay);
            }
            Some(container) => {
                let service = &self.containers[container];
                if service.plan.port == *port {
                    self.sessions[token.session].container = Some(container);
                }
                if service.plan.port != *port || service.state == State::Starting {
                    return self.fails_there(token, Cause::OriginRefused, 0);
                }
                self.admits(container, token);
            }
        }
    }

    /// What fails on the connector's host is answered by an event of its own.
    pub fn fails_there(&mut self, token: Token, cause: Cause, delay: u64) {
        self.later(
            delay,
            CONTAINER,
            token,
            Event::Replies(token, Answer::failure(cause)),
        );
    }

    /// An answer is ready at the connector.
    pub fn replies(&mut self, token: Token, answer: Answer) {
        if !self.is_current(token) {
            return;
        }
        let it = &mut self.sessions[token.session];
        let of_a_service = [
            Some(Cause::ConfiguredStatus),
            Some(Cause::StoreUnreachable),
            None,
        ];
        if !of_a_service.contains(&answer.cause) {
            it.loses_attempt(self.now);
        }
        let circuit = it.circuit.unwrap();
        if !self.circuits[circuit].connector_open {
            return it.is_held(self.now, None);
        }
        if self.circuits[circuit].silent_since.is_some() {
            it.is_held(self.now, Some(answer));
            return self.connector_asks(circuit);
        }
        self.goes_up(token, answer);
    }

    pub fn goes_up(&mut self, token: Token, answer: Answer) {
        let way = self.down(token.session) + self.backbone(token.session);
        let it = &mut self.sessions[token.session];
        self.circuits[it.circuit.unwrap()].last_exchange = self.now;
        it.way = Way::Back;
        self.later(way, ANSWER, token, Event::AnswerAtEdge(token, answer));
    }
}
