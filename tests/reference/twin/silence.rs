//! Silence: who notices it when, and what becomes of the requests in it.

use super::attempts::Way;
use super::events::*;
use super::*;

impl Twin<'_> {
    /// From now on nothing passes over a circuit; who notices, and when?
    pub fn falls_silent(&mut self, circuit: usize, fault: usize) {
        let plan = self.tunnel_plan(self.circuits[circuit].replica);
        let (idle, ping) = (
            nanos(plan.idle_timeout),
            nanos(plan.ping.min(plan.idle_timeout.half())),
        );
        let now = self.now;
        self.note(format!(
            "{}: Severed by {}",
            self.circuit_name(circuit),
            self.faults[fault].name
        ));
        let it = &mut self.circuits[circuit];
        it.silent_since = Some(now);
        (it.asked, it.answered) = (false, false);
        // A ping of this very instant comes too late.
        while it.last_exchange + ping < now {
            it.last_exchange += ping;
        }
        let (edge, connector) = (it.last_exchange + idle, it.last_exchange + ping + idle);
        let rank = (it.replica, it.index as u64, 0);
        self.at(edge, DETECTION, rank, Event::EdgeNotices(circuit));
        self.at(connector, CONNECTOR, rank, Event::ConnectorNotices(circuit));
        self.caught_on_the_way(circuit);
    }

    /// A request is sent into a silence: if it is the first, it starts the edge's clock anew.
    pub fn edge_asks(&mut self, circuit: usize, sent: u64) {
        if sent <= self.circuits[circuit].last_exchange {
            return;
        }
        if std::mem::replace(&mut self.circuits[circuit].asked, true) {
            return;
        }
        let idle = nanos(
            self.tunnel_plan(self.circuits[circuit].replica)
                .idle_timeout,
        );
        self.calendar
            .retain(|it| !matches!(it.event, Event::EdgeNotices(other) if other == circuit));
        let rank = (
            self.circuits[circuit].replica,
            self.circuits[circuit].index as u64,
            0,
        );
        self.at(sent + idle, DETECTION, rank, Event::EdgeNotices(circuit));
    }

    /// An answer is sent into a silence: if it comes before the ping, the connector counts from it.
    pub fn connector_asks(&mut self, circuit: usize) {
        if std::mem::replace(&mut self.circuits[circuit].answered, true) {
            return;
        }
        let plan = self.tunnel_plan(self.circuits[circuit].replica);
        let ping =
            self.circuits[circuit].last_exchange + nanos(plan.ping.min(plan.idle_timeout.half()));
        let notice = ping.min(self.now) + nanos(plan.idle_timeout);
        self.calendar
            .retain(|it| !matches!(it.event, Event::ConnectorNotices(other) if other == circuit));
        let rank = (
            self.circuits[circuit].replica,
            self.circuits[circuit].index as u64,
            0,
        );
        self.at(notice, CONNECTOR, rank, Event::ConnectorNotices(circuit));
    }

    /// A silence ends that nobody noticed.
    pub fn speaks_again(&mut self, circuit: usize) {
        self.calendar.retain(|it| {
            !matches!(it.event, Event::EdgeNotices(other) | Event::ConnectorNotices(other) if other == circuit)
        });
        self.circuits[circuit].silent_since = None;
        self.circuits[circuit].last_exchange = self.now;
        if self.replicas[self.circuits[circuit].replica].draining {
            self.unregisters(circuit);
            self.tell_status(self.tunnel_of(self.circuits[circuit].replica));
        }
        self.held_go_on(circuit);
    }

    /// A circuit falls silent: requests on their way down were sent into the silence.
    pub fn caught_on_the_way(&mut self, circuit: usize) {
        let mut sent = Vec::new();
        for it in &mut self.sessions {
            if let (Way::Down { sent: at }, true) =
                (it.way, it.is_open && it.circuit == Some(circuit))
            {
                it.is_held(self.now, None);
                sent.push(at);
            }
        }
        sent.sort();
        for sent in sent {
            self.edge_asks(circuit, sent);
        }
    }

    /// A silence has ended: what was held back on a circuit goes on.
    pub fn held_go_on(&mut self, circuit: usize) {
        for session in 0..self.sessions.len() {
            let (token, it) = (self.token(session), &mut self.sessions[session]);
            if !it.is_open || it.circuit != Some(circuit) {
                continue;
            }
            let Way::Held(answer) = it.way else { continue };
            it.is_let_go(self.now);
            match answer {
                None => self.goes_down(session),
                Some(answer) => self.goes_up(token, answer),
            }
        }
    }

    /// The edge has closed a circuit: what is under way on it comes to nothing.
    pub fn streams_end(&mut self, circuit: usize) {
        for session in 0..self.sessions.len() {
            let it = &self.sessions[session];
            if it.is_open && it.circuit == Some(circuit) && !matches!(it.way, Way::Out | Way::Back)
            {
                self.leaves_queue(self.token(session));
                let it = &mut self.sessions[session];
                (it.way, it.busy) = (Way::Back, None);
                it.serial += 1;
                let token = self.token(session);
                self.later(self.backbone(session), ATTEMPT, token, Event::Fails(token));
            }
        }
    }
}
