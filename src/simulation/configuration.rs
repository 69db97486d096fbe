//! What connectors know: their rules, what those mean on their host, and where hostnames lead.

use std::rc::Rc;

use super::Simulation;
use super::event::{Class, Event, order};
use crate::kernel::random::Streams;
use crate::kernel::time::Time;
use crate::measure::observation::{Entity, Happening};
use crate::world::blueprint::{Blueprint, Service};
use crate::world::connector::{Connector, Dialler};
use crate::world::dns::Answer;
use crate::world::geography::{ConnectorCatchment, Vicinity};
use crate::world::ids::*;
use crate::world::ingress::Rules;
use crate::world::naming::{Meaning, resolve};
use crate::world::travel::place_of;

/// The connectors of a blueprint, none of them started.
pub(super) fn connectors(
    plan: &Blueprint,
    names: &Arena<ReplicaId, String>,
    world_streams: &Streams,
    streams: &Streams,
) -> Arena<ReplicaId, Connector> {
    let horizon = Time::ZERO + plan.horizon;
    plan.replicas.map(|(id, replica)| {
        let name = &names[id];
        let exact = !plan.settings.path_factors;
        let vicinity = Vicinity::of(place_of(plan.hosts[replica.host].site));
        let mut placement = world_streams.stream("placement", name);
        let catchment = match replica.edges.as_slice() {
            [] => ConnectorCatchment::drawn(exact, &vicinity, &mut placement),
            pinned => ConnectorCatchment::pinned(
                [pinned[0].metro, pinned[pinned.len().min(2) - 1].metro],
                &vicinity,
            ),
        };
        let diallers = (0..replica.connections)
            .map(|index| {
                let connection = format!("{name}/{index}");
                let waits = streams.stream("backoff", &connection);
                let places = world_streams.stream("placement", &connection);
                Dialler::new(replica.protocol, waits, places)
            })
            .collect();
        let supervisor = streams.stream("backoff", &format!("{name}/supervisor"));
        Connector::new(replica, catchment, supervisor, diallers, horizon)
    })
}

impl Simulation<'_> {
    /// A connector takes the rules it should have: the newest pushed, or those of its own file.
    pub(super) fn load_rules(&mut self, replica: ReplicaId) {
        let plan = &self.plan.replicas[replica];
        let tunnel = &self.tunnels[plan.tunnel];
        let version = tunnel.version;
        let rules = match &tunnel.remote {
            Some(remote) => Some(Rc::clone(remote)),
            None => plan
                .local_rules
                .clone()
                .map(|rules| Rc::new(Rules::new(rules))),
        };
        let is_known =
            self.connectors[replica].rules.is_some() && self.connectors[replica].version == version;
        if !is_known {
            self.set_rules(replica, rules, version);
        }
    }

    /// A push has arrived at a connector, which ignores versions it has passed.
    pub(super) fn configured(&mut self, replica: ReplicaId, version: u32) {
        if version <= self.connectors[replica].version {
            return;
        }
        self.load_rules(replica);
        let version = self.connectors[replica].version;
        self.change(Entity::Replica(replica), Happening::Configured { version });
    }

    fn set_rules(&mut self, replica: ReplicaId, rules: Option<Rc<Rules>>, version: u32) {
        let plan = &self.plan.replicas[replica];
        let meanings =
            rules
                .iter()
                .flat_map(|rules| rules.rules())
                .map(|rule| match &rule.service {
                    Service::Origin { host, port, .. } => resolve(self.plan, plan, host, *port),
                    Service::Status(_) | Service::HelloWorld => Meaning::Unknown,
                });
        let meanings = meanings.collect();
        let connector = &mut self.connectors[replica];
        connector.meanings = meanings;
        connector.rules = rules;
        connector.version = version;
    }

    /// A DNS record is asked for at its time; at time zero at once, in declared order.
    pub(super) fn plan_record(&mut self, record: RecordId) {
        let at = Time::ZERO + self.plan.records[record].at;
        if at == Time::ZERO {
            self.record_asked(record);
        } else if at < self.horizon {
            let order = order(Class::Faults, u16::MAX, u64::from(record.0));
            self.calendar
                .schedule(at, order, Event::RecordAsked(record));
        }
    }

    /// The provider answers a request for a record.
    pub(super) fn record_asked(&mut self, record: RecordId) {
        let what = match self.dns.ask(&self.plan.records[record]) {
            Answer::Created => Happening::RecordCreated,
            Answer::Refused => {
                self.records_refused += 1;
                Happening::RecordRefused
            }
            Answer::Replaces => {
                let at = self.now() + self.plan.settings.dns_overwrite_delay;
                let order = order(Class::Detection, u16::MAX - 1, u64::from(record.0));
                self.calendar
                    .schedule(at, order, Event::RecordInForce(record));
                return;
            }
        };
        self.change(Entity::Record(record), what);
    }

    /// An overwritten record is in force at the edge.
    pub(super) fn record_in_force(&mut self, record: RecordId) {
        self.dns.replace(&self.plan.records[record]);
        self.change(Entity::Record(record), Happening::RecordReplaced);
    }

    /// Distances or reachability changed for all.
    pub(super) fn forget_rankings(&mut self) {
        for tunnel in self.plan.tunnels.ids() {
            self.tunnels[tunnel].registry.forget_rankings();
        }
    }
}
