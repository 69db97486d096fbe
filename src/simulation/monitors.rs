//! The load balancer at work: requests ask it, probes feed it, alerts tell of it.

use super::Simulation;
use super::arrivals::blank_session;
use super::event::{AlertSubject, Class, Event, order};
use super::session::{Asker, Draw, Session, SessionId, visitor_of};
use crate::kernel::random::{Indexed, Keyed, Source, stream_id};
use crate::kernel::time::{Span, Time};
use crate::measure::observation::{Entity, Happening};
use crate::measure::outcome::{Cause, Outcome};
use crate::world::balancer::{self, Choice, HealthFlip, Probe, ProbeResult, Watched};
use crate::world::blueprint::{DnsTarget, EndpointAddress};
use crate::world::ids::*;

/// One data centre's probes of one endpoint.
#[derive(Clone, Copy, Debug)]
pub struct ProbePlan {
    probe: Probe,
    host_header: Option<HostnameId>,
}

impl Simulation<'_> {
    /// Draws the phase of every probe: each data centre probes on its own, once per interval.
    pub(super) fn plan_probes(&mut self) {
        let monitors = self.plan.monitors.ids();
        let probes = monitors.flat_map(|monitor| self.balancers.probe_plan(monitor));
        let mut named: Vec<(String, Probe)> = probes.map(|it| (self.probe_name(it), it)).collect();
        named.sort_by(|(one, _), (other, _)| one.cmp(other));
        for (index, (name, probe)) in (0..).zip(named) {
            let host_header = self.probe_hostname(probe);
            self.probes.push(ProbePlan { probe, host_header });
            let interval = self.plan.monitors[probe.monitor].interval;
            let mut phase = Keyed::new(self.change_key, stream_id("monitor", &name), 0, 0);
            let at = Time::ZERO + Span::from_nanos(phase.below(interval.as_nanos()));
            self.probe_at(index, at);
        }
    }

    fn probe_name(&self, probe: Probe) -> String {
        let monitor = &self.plan.monitors[probe.monitor].name;
        let endpoint = &self.names.endpoints[probe.endpoint];
        format!("{monitor}/{endpoint}/{}", probe.from())
    }

    /// The Host header of a probe: the monitor's, the endpoint's, or the name of the balancer that uses the pool; of
    /// several names the first in the order of names.
    fn probe_hostname(&self, probe: Probe) -> Option<HostnameId> {
        let plan = self.plan;
        let endpoint = &plan.endpoints[probe.endpoint];
        let declared = plan.monitors[probe.monitor].host_header;
        declared.or(endpoint.host_header).or_else(|| {
            let leads_here = |target| match target {
                DnsTarget::Balancer(balancer) => plan.balancers[balancer].uses(endpoint.pool),
                DnsTarget::Tunnel(_) | DnsTarget::Nowhere => false,
            };
            let records = plan.records.values().iter();
            let names = records.filter(|record| leads_here(record.target));
            names
                .map(|record| record.hostname)
                .min_by_key(|hostname| &plan.hostnames[*hostname])
        })
    }

    fn probe_at(&mut self, index: u32, at: Time) {
        if at < self.horizon {
            let order = order(Class::Arrivals, u16::MAX, u64::from(index));
            self.calendar.schedule(at, order, Event::ProbeStarts(index));
        }
    }

    /// A probe goes out, and the next one of its data centre is due an interval later.
    pub(super) fn probe_starts(&mut self, index: u32) {
        let plan = self.probes[index as usize];
        let interval = self.plan.monitors[plan.probe.monitor].interval;
        self.probe_at(index, self.now() + interval);
        self.send_probe(index);
    }

    fn send_probe(&mut self, index: u32) {
        let now = self.now();
        let ProbePlan { probe, host_header } = self.probes[index as usize];
        let monitor = &self.plan.monitors[probe.monitor];
        let name = format!("{}/{}", self.names.endpoints[probe.endpoint], probe.from());
        let key = Keyed::new(
            self.change_key ^ stream_id("probe", &name),
            now.as_nanos(),
            0,
            0,
        )
        .bits();
        let id = self.sessions.insert(Session {
            asker: Asker::Probe(index),
            number: u64::from(index),
            key,
            ..blank_session(now)
        });
        let timeout = monitor.timeout;
        let session = &mut self.sessions[id];
        session.sent.draws = Indexed::new(key, 0);
        session.open.host_header = host_header;
        session.open.entry = probe.from().metro;
        session.open.patience_limit = now + timeout;
        if self.edge.is_metro_up(probe.from().metro) {
            self.reaches_edge(id);
        } else {
            self.sessions.remove(id);
        }
    }

    /// What a probe goes to: the endpoint it watches.
    pub(super) fn probe_address(&self, index: u32) -> EndpointAddress {
        let endpoint = self.probes[index as usize].probe.endpoint;
        self.plan.endpoints[endpoint].address
    }

    /// The path a probe asks for.
    pub(super) fn probe_path(&self, index: u32) -> &str {
        &self.plan.monitors[self.probes[index as usize].probe.monitor].path
    }

    /// A probe has its answer, or none in time.
    pub(super) fn probe_ends(&mut self, id: SessionId, index: u32) {
        let now = self.now();
        let session = self
            .sessions
            .remove(id)
            .expect("the probe was open until now");
        let plan = self.probes[index as usize];
        let monitor = &self.plan.monitors[plan.probe.monitor];
        let accepted = monitor.expected_codes.is_empty() && session.open.outcome.is_success()
            || monitor
                .expected_codes
                .iter()
                .any(|code| code.accepts(session.open.status));
        let result = match session.open.outcome {
            Outcome::Failed(Cause::ClientGaveUp) => ProbeResult::TimedOut,
            _ if accepted => ProbeResult::Passed {
                round_trip: now.since(session.sent.born),
            },
            _ => ProbeResult::Failed,
        };
        let follow_up = self.balancers.probe_result(plan.probe, result);
        if follow_up.retry_now {
            self.send_probe(index);
        }
        for flip in follow_up.flips {
            self.health_flips(flip);
        }
    }

    fn health_flips(&mut self, flip: HealthFlip) {
        let healthy = flip.healthy;
        match flip.what {
            Watched::Endpoint(endpoint) => {
                self.change(Entity::Endpoint(endpoint), Happening::Health { healthy });
            }
            Watched::Pool(pool) => {
                self.change(Entity::Pool(pool), Happening::Health { healthy });
                self.alert_later(AlertSubject::Pool(pool), healthy);
            }
        }
    }

    /// An alert follows a change of state after its delay.
    pub(super) fn alert_later(&mut self, subject: AlertSubject, healthy: bool) {
        let at = self.now() + self.plan.settings.alert_delay;
        let rank = match subject {
            AlertSubject::Tunnel(tunnel) => self.ranks_of.tunnels[tunnel],
            AlertSubject::Pool(pool) => self.ranks_of.pools[pool],
        };
        let order = order(Class::Deadlines, rank, self.alerts_planned);
        self.alerts_planned += 1;
        self.calendar
            .schedule(at, order, Event::AlertDue(subject, healthy));
    }

    /// An alert is sent.
    pub(super) fn alert_due(&mut self, subject: AlertSubject, healthy: bool) {
        let entity = match subject {
            AlertSubject::Tunnel(tunnel) => Entity::Tunnel(tunnel),
            AlertSubject::Pool(pool) => Entity::Pool(pool),
        };
        self.change(entity, Happening::Alert { healthy });
    }

    /// A visitor's request asks a balancer where to go.
    pub(super) fn balance(
        &mut self,
        id: SessionId,
        balancer: BalancerId,
    ) -> Option<EndpointAddress> {
        let choice = self.ask_balancer(id, balancer, &[])?;
        Some(self.plan.endpoints[choice.endpoint].address)
    }

    fn ask_balancer(
        &mut self,
        id: SessionId,
        balancer: BalancerId,
        tried: &[EndpointId],
    ) -> Option<Choice> {
        let session = &self.sessions[id];
        let mut draw = session.draw(Draw::Balancer, 0);
        let asker = balancer::Asker {
            now: self.calendar.now(),
            entry: session.open.entry,
            client: self.client_address(session),
            cookie: session.cookie.as_deref().copied(),
            draw: [draw.bits(), draw.bits()],
            tried,
        };
        let choice = self.balancers.choose(balancer, &asker)?;
        self.balancers.request_opened(choice.endpoint);
        let host_header = self.plan.endpoints[choice.endpoint].host_header;
        let session = &mut self.sessions[id];
        session.open.host_header = host_header.or(Some(session.hostname));
        session.open.endpoint = Some(choice.endpoint);
        let aside = session.open.aside_mut();
        aside.balancer = Some(balancer);
        aside.new_cookie = choice.cookie;
        Some(choice)
    }

    /// The address of the device behind a session: a visitor who comes again has the same one.
    fn client_address(&self, session: &Session) -> u64 {
        let group = &self.plan.groups[session.group];
        let (key, visitor) = match group.visitors {
            Some(pool) => (
                self.world_key ^ stream_id("client", &group.name),
                visitor_of(session.key, pool),
            ),
            None => (session.key, 0),
        };
        Keyed::new(key, visitor, Draw::Balancer as u32, u32::MAX).bits()
    }

    /// Zero-downtime failover: one more try at another endpoint, for the 52x codes only. True if it was made.
    pub(super) fn fails_over(&mut self, id: SessionId, status: u16) -> bool {
        let session = &self.sessions[id];
        let open = &session.open;
        let (Some(aside), Some(endpoint)) = (open.aside(), open.endpoint) else {
            return false;
        };
        let Some(balancer) = aside.balancer else {
            return false;
        };
        if aside.failed_over || session.sent.is_write || !balancer::retries_elsewhere(status) {
            return false;
        }
        self.balancers.request_closed(endpoint);
        let choice = self.ask_balancer(id, balancer, &[endpoint]);
        let now = self.now();
        let session = &mut self.sessions[id];
        session.lose_attempt(now);
        session.open.aside_mut().failed_over = true;
        let Some(choice) = choice else {
            self.balancers.request_opened(endpoint);
            return false;
        };
        self.goes_to(id, self.plan.endpoints[choice.endpoint].address);
        true
    }
}
