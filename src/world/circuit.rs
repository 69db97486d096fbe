//! A circuit: one registered connection between a connector and an edge server, with its two ends and the rule
//! by which each end notices silence.

use super::geography::EdgeServer;
use super::ids::ConnectionRef;
use crate::kernel::slab::Id;
use crate::kernel::time::{Span, Time};

/// Names a circuit; a stale one finds nothing.
pub type CircuitId = Id<Circuit>;

/// Why packets do not pass.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Silence {
    /// The host's side fell silent: no power, no line, UDP blocked, process gone without a word.
    Near,
    /// The edge's side is gone: server, data centre or metro.
    Edge,
}

/// One registered connection.
#[derive(Clone, Debug)]
pub struct Circuit {
    /// Which of the replica's connections it is.
    pub connection: ConnectionRef,
    /// The connector id of the process that dialled it.
    pub connector: u64,
    /// The edge server that holds it.
    pub server: EdgeServer,
    /// Whether it runs over HTTP/2 instead of QUIC.
    pub http2: bool,
    /// Mean travel time between data centre and host, one way.
    pub leg: Span,
    /// Whether the edge's end is open, by the edge's own knowledge.
    pub edge_open: bool,
    /// Whether the connector's end is open, by the connector's own knowledge.
    pub near_open: bool,
    /// Whether the edge closes it as soon as no edge lists it any more.
    pub closes_when_withdrawn: bool,
    /// How often its connection had registered with it.
    pub registration: u32,
    /// Whether the edge has been told that the connector goes.
    pub unregistered: bool,
    /// Since when packets do not pass, and on whose side.
    pub silent: Option<(Time, Silence)>,
    /// The last moment at which packets were exchanged, before any pings since.
    last_exchange: Time,
    /// First packet the edge sent into the silence that asks for an answer.
    edge_first_sent: Option<Time>,
    /// First packet the connector sent into the silence that asks for an answer.
    near_first_sent: Option<Time>,
}

/// The rule of silence (RFC 9000, section 10.1, with cloudflared's keep-alive).
///
/// Simplification: an exchange counts at the same instant at both ends, and the ping's period is counted from the
/// last exchange without its own round trip.
#[derive(Clone, Copy, Debug)]
pub struct IdleRule {
    /// Silence after which an end gives up.
    pub idle_timeout: Span,
    /// Time after the last packet received until the connector pings.
    ///
    /// Simplification: a transport without pings gives up when the time is over since packets stopped passing,
    /// whatever was sent meanwhile; whose timer that is, the edge's or a kernel's, is not modelled.
    pub ping: Option<Span>,
}

impl IdleRule {
    /// The time between pings, if there are any: never more than half the time-out.
    fn period(&self) -> Option<Span> {
        let longest = self.idle_timeout.half().max(Span::from_nanos(1));
        self.ping.map(|ping| ping.min(longest))
    }
}

impl Circuit {
    /// A circuit registered at a moment.
    pub fn new(
        connection: ConnectionRef,
        connector: u64,
        server: EdgeServer,
        http2: bool,
        leg: Span,
        now: Time,
    ) -> Self {
        Circuit {
            connection,
            connector,
            server,
            http2,
            leg,
            edge_open: true,
            near_open: true,
            closes_when_withdrawn: false,
            registration: 0,
            unregistered: false,
            silent: None,
            last_exchange: now,
            edge_first_sent: None,
            near_first_sent: None,
        }
    }

    /// Whether the edge holds it and packets pass.
    pub fn works(&self) -> bool {
        self.edge_open && self.silent.is_none()
    }

    /// Notes that packets passed at a moment; the latest counts.
    #[inline]
    pub fn exchange(&mut self, at: Time) {
        self.last_exchange = self.last_exchange.max(at);
    }

    /// Packets stop passing.
    pub fn fall_silent(&mut self, now: Time, side: Silence, rule: IdleRule) {
        if let Some(period) = rule.period() {
            // A ping of this very instant comes too late: faults strike before timers end.
            let before = now.since(self.last_exchange).as_nanos().saturating_sub(1);
            self.last_exchange += period * (before / period.as_nanos());
        }
        self.edge_first_sent = None;
        self.near_first_sent = None;
        self.silent = Some((now, side));
    }

    /// Packets pass again.
    pub fn speak_again(&mut self, now: Time) {
        self.silent = None;
        self.last_exchange = now;
    }

    /// The edge sends a request into the silence; returns whether its expiry moved.
    pub fn edge_sends(&mut self, sent: Time) -> bool {
        first_since(&mut self.edge_first_sent, sent, self.last_exchange)
    }

    /// The connector sends an answer into the silence; returns whether its expiry moved.
    pub fn near_sends(&mut self, sent: Time) -> bool {
        first_since(&mut self.near_first_sent, sent, self.last_exchange)
    }

    /// When the edge gives the silent circuit up.
    pub fn edge_expiry(&self, rule: IdleRule) -> Time {
        let counts_from = match rule.ping {
            Some(_) => self.edge_first_sent.unwrap_or(self.last_exchange),
            None => self.silent_since(),
        };
        counts_from + rule.idle_timeout
    }

    /// When the connector gives the silent circuit up: its next ping is the first packet it sends, unless an
    /// answer goes out before.
    pub fn near_expiry(&self, rule: IdleRule) -> Time {
        let counts_from = match rule.period() {
            Some(period) => {
                let ping = self.last_exchange + period;
                self.near_first_sent.map_or(ping, |sent| sent.min(ping))
            }
            None => self.silent_since(),
        };
        counts_from + rule.idle_timeout
    }

    fn silent_since(&self) -> Time {
        self.silent.map_or(self.last_exchange, |(since, _)| since)
    }
}

/// Keeps the earliest packet sent after the last one received.
fn first_since(first: &mut Option<Time>, sent: Time, last_received: Time) -> bool {
    let is_first = sent > last_received && first.is_none_or(|earlier| sent < earlier);
    if is_first {
        *first = Some(sent);
    }
    is_first
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::world::geography::{DataCentre, MetroId};
    use crate::world::ids::ReplicaId;

    const RULE: IdleRule = IdleRule {
        idle_timeout: Span::from_secs(5),
        ping: Some(Span::from_secs(1)),
    };

    fn silent_circuit(last_exchange_ms: u64, strike_ms: u64) -> Circuit {
        let server = EdgeServer {
            data_centre: DataCentre {
                metro: MetroId(0),
                number: 1,
            },
            number: 1,
        };
        let connection = ConnectionRef {
            replica: ReplicaId(0),
            index: 0,
        };
        let mut circuit = Circuit::new(connection, 1, server, false, Span::ZERO, Time::ZERO);
        circuit.exchange(at(last_exchange_ms));
        circuit.fall_silent(at(strike_ms), Silence::Near, RULE);
        circuit
    }

    fn at(ms: u64) -> Time {
        Time::ZERO + Span::from_millis(ms)
    }

    #[test]
    fn without_requests_the_edge_counts_from_the_last_ping() {
        assert_eq!(silent_circuit(200, 3_700).edge_expiry(RULE), at(8_200));
    }

    #[test]
    fn a_ping_of_the_instant_of_the_strike_comes_too_late() {
        assert_eq!(silent_circuit(1_000, 3_000).edge_expiry(RULE), at(7_000));
    }

    #[test]
    fn the_first_request_into_the_silence_restarts_the_clock_and_later_ones_do_not() {
        let mut circuit = silent_circuit(3_600, 3_700);
        assert!(circuit.edge_sends(at(5_000)));
        assert!(!circuit.edge_sends(at(6_000)));
        assert_eq!(circuit.edge_expiry(RULE), at(10_000));
    }

    #[test]
    fn a_request_on_its_way_at_the_strike_counts_from_when_it_was_sent() {
        let mut circuit = silent_circuit(3_600, 3_700);
        assert!(circuit.edge_sends(at(3_699)));
        assert_eq!(circuit.edge_expiry(RULE), at(8_699));
    }

    #[test]
    fn without_pings_both_ends_give_up_when_the_time_is_over_since_the_strike() {
        let rule = IdleRule {
            idle_timeout: Span::from_secs(30),
            ping: None,
        };
        let mut circuit = silent_circuit(200, 3_700);
        circuit.edge_sends(at(20_000));
        circuit.near_sends(at(20_000));
        assert_eq!(circuit.edge_expiry(rule), at(33_700));
        assert_eq!(circuit.near_expiry(rule), at(33_700));
    }

    #[test]
    fn a_time_out_of_one_nanosecond_still_has_a_period() {
        let rule = IdleRule {
            idle_timeout: Span::from_nanos(1),
            ping: Some(Span::from_secs(1)),
        };
        assert_eq!(rule.period(), Some(Span::from_nanos(1)));
    }

    #[test]
    fn the_connector_gives_up_five_seconds_after_its_unanswered_ping() {
        assert_eq!(silent_circuit(3_600, 3_700).near_expiry(RULE), at(9_600));
    }
}
