//! Floor 5: the verbs. A request's journey in, at the origin, and out; connectors, containers, faults.
//!
//! In suggested reading order: [`event`] lists what can happen; `arrivals`, `journey`, `service`, `state` and
//! `answer` follow a request; `detection` says who notices silence, and when; `connectors` and `docker` are the
//! lives of processes; `outage` applies faults; `monitors` is the load balancer at work; `ledger` keeps the books.

mod answer;
mod arrivals;
mod configuration;
mod connectors;
mod course;
mod detection;
mod docker;
pub mod event;
mod finals;
mod journey;
mod ledger;
mod map;
mod monitors;
mod outage;
mod service;
mod session;
mod state;
mod story;
#[cfg(test)]
mod tests;
mod unattended;

use std::collections::BTreeMap;
use std::hint::black_box;
use std::rc::Rc;

pub use ledger::Violation;
pub use service::Job;
pub use story::{Focus, Line, Moment};

use crate::fault::FaultPlan;
use crate::kernel::calendar::{Calendar, Fired};
use crate::kernel::random::{Source, Stream, Streams};
use crate::kernel::slab::Slab;
use crate::kernel::time::Time;
use crate::measure::observation::{Change, Entity, Happening, TunnelStatus};
use crate::measure::recorder::{Recorder, RecorderOptions};
use crate::measure::run::Run;
use crate::world::balancer::Balancers;
use crate::world::blueprint::Blueprint;
use crate::world::circuit::{Circuit, CircuitId};
use crate::world::connector::Connector;
use crate::world::container::ContainerState;
use crate::world::dns::Dns;
use crate::world::edge::Edge;
use crate::world::geography::EdgeServer;
use crate::world::held::StrikeId;
use crate::world::host::HostState;
use crate::world::ids::*;
use crate::world::ingress::Rules;
use crate::world::networks::Networks;
use crate::world::registry::Registry;
use crate::world::routing;
use crate::world::store::Stores;
use crate::world::travel::Travel;
use arrivals::ArrivalStream;
use course::Courses;
use event::{Class, Event, Step, Timer, order};
use ledger::Ledger;
use session::{Session, SessionId};

/// The changing part of a tunnel.
#[derive(Debug)]
struct TunnelState {
    registry: Registry,
    status: TunnelStatus,
    version: u32,
    remote: Option<Rc<Rules>>,
}

/// Full names of entities: their draws hang on them, so that positions in the file do not matter.
#[derive(Debug)]
struct Names {
    replicas: Arena<ReplicaId, String>,
    containers: Arena<ContainerId, String>,
    endpoints: Arena<EndpointId, String>,
}

/// Positions in the order of names, which decide between events of one instant.
#[derive(Debug)]
struct Ranks {
    groups: Arena<GroupId, u16>,
    hosts: Arena<HostId, u16>,
    containers: Arena<ContainerId, u16>,
    stores: Arena<StoreId, u16>,
    tunnels: Arena<TunnelId, u16>,
    pools: Arena<PoolId, u16>,
}

/// So many sessions are more than what a processor keeps near itself. Tests have few, and look ahead all the same.
const MANY_SESSIONS: usize = if cfg!(test) { 1 } else { 1 << 14 };

/// One replication of one scenario.
pub struct Simulation<'a> {
    plan: &'a Blueprint,
    faults: &'a [FaultPlan],
    horizon: Time,
    calendar: Calendar<Event, Timer>,
    events: u64,
    /// When something last happened.
    reached: Time,
    names: Names,
    ranks: Arena<ReplicaId, u16>,
    ranks_of: Ranks,
    world_key: u64,
    change_key: u64,
    fault_streams: Vec<Stream>,
    arrivals: Arena<GroupId, ArrivalStream>,
    sessions: Slab<Session>,
    courses: Courses,
    networks: Networks,
    travel: Travel,
    edge: Edge,
    dns: Dns,
    tunnels: Arena<TunnelId, TunnelState>,
    connectors: Arena<ReplicaId, Connector>,
    circuits: Slab<Circuit>,
    /// The circuits of each replica, in the order in which they registered.
    circuits_by_replica: Arena<ReplicaId, Vec<CircuitId>>,
    hosts: Arena<HostId, HostState>,
    containers: Arena<ContainerId, ContainerState<Job, SessionId>>,
    stores: Stores,
    balancers: Balancers,
    probes: Vec<monitors::ProbePlan>,
    alerts_planned: u64,
    struck_by: Option<FaultId>,
    struck_servers: BTreeMap<(StrikeId, ConnectionRef), EdgeServer>,
    holds: outage::Holds,
    records_refused: u64,
    ledger: Ledger,
    recorder: Recorder<'a>,
    focus: Option<Focus>,
    story: Vec<Line>,
}

/// Which run of a scenario to make.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct RunKey {
    /// The scenario's seed.
    pub seed: u64,
    /// The replication's number, from 0.
    pub replication: u64,
}

impl<'a> Simulation<'a> {
    /// A world at time zero, with everything scheduled that has a time.
    pub fn new(
        plan: &'a Blueprint,
        faults: &'a [FaultPlan],
        key: RunKey,
        options: RecorderOptions<'a>,
    ) -> Self {
        let horizon = Time::ZERO + plan.horizon;
        let streams = Streams::new(key.seed, key.replication);
        let world_replication = if plan.settings.worlds_fixed {
            0
        } else {
            key.replication
        };
        let world_streams = Streams::new(key.seed, world_replication);
        let world_key = world_streams.stream("world", "paths").bits();
        let change_key = streams.stream("world", "changes").bits();
        let names = Names::of(plan);
        let mut simulation = Simulation {
            plan,
            faults,
            horizon,
            calendar: Calendar::new(),
            events: 0,
            reached: Time::ZERO,
            ranks: ranks_by_name(plan.replicas.ids(), |id| &names.replicas[id]),
            ranks_of: Ranks::of(plan, &names),
            world_key,
            change_key,
            fault_streams: faults
                .iter()
                .map(|f| streams.stream("faults", &f.name))
                .collect(),
            arrivals: plan
                .groups
                .map(|(id, _)| ArrivalStream::new(plan, id, &streams)),
            sessions: Slab::new(),
            courses: Courses::new(),
            networks: Networks::new(plan, world_key),
            travel: Travel::new(plan, world_key),
            edge: Edge::default(),
            dns: Dns::new(plan),
            tunnels: plan.tunnels.map(|(_, tunnel)| TunnelState {
                registry: Registry::new(
                    routing::find(&tunnel.routing)
                        .expect("the scenario's check knows every belief"),
                ),
                status: TunnelStatus::Inactive,
                version: 0,
                remote: tunnel
                    .remote_rules
                    .clone()
                    .map(|rules| Rc::new(Rules::new(rules))),
            }),
            connectors: configuration::connectors(plan, &names.replicas, &world_streams, &streams),
            circuits: Slab::new(),
            circuits_by_replica: plan.replicas.map(|_| Vec::new()),
            hosts: plan.hosts.map(|_| HostState::new(horizon)),
            containers: plan
                .containers
                .map(|(_, c)| ContainerState::new(c, horizon)),
            stores: Stores::new(plan, &streams),
            balancers: Balancers::new(plan),
            probes: Vec::new(),
            alerts_planned: 0,
            struck_by: None,
            struck_servers: BTreeMap::new(),
            holds: outage::Holds::default(),
            records_refused: 0,
            ledger: Ledger::new(),
            recorder: Recorder::new(plan, faults, options),
            focus: None,
            story: Vec::new(),
            names,
        };
        simulation.begin();
        simulation
    }

    /// Everything that happens at time zero or has its time already.
    fn begin(&mut self) {
        for record in self.plan.records.ids() {
            self.plan_record(record);
        }
        let mut replicas: Vec<ReplicaId> = self.plan.replicas.ids().collect();
        replicas.sort_by_key(|id| self.ranks[*id]);
        for replica in replicas {
            let at = Time::ZERO + self.plan.replicas[replica].starts_at;
            if at == Time::ZERO {
                self.connected_from_the_start(replica);
            } else {
                self.connector_event(replica, at, event::ConnectorEvent::FirstStarts);
            }
        }
        self.plan_faults();
        self.plan_probes();
        for group in self.plan.groups.ids() {
            self.await_session(group);
        }
    }

    /// Runs to the end: no session starts after the horizon, and those that run finish.
    ///
    /// # Errors
    /// When a rule that never breaks has broken: a defect of the program.
    pub fn run(mut self) -> Result<(Run, Vec<Line>), Violation> {
        while self.step()? {}
        let now = self.now();
        self.hand_over_courses();
        self.ledger.check_end();
        self.verify()?;
        let finals = self.finals();
        let story = std::mem::take(&mut self.story);
        let run = self.recorder.finish(finals);
        self.ledger.check_report(&run);
        match self.ledger.violation(now, self.events) {
            None => Ok((run, story)),
            Some(violation) => Err(violation),
        }
    }

    /// Handles the next event; false when none is left that matters.
    ///
    /// # Errors
    /// As [`Simulation::run`].
    pub fn step(&mut self) -> Result<bool, Violation> {
        self.steps(1)
    }

    /// Handles so many events; false when none is left that matters.
    ///
    /// # Errors
    /// As [`Simulation::run`].
    pub fn steps(&mut self, most: u64) -> Result<bool, Violation> {
        for _ in 0..most {
            if !self.advance() {
                return Ok(false);
            }
            self.verify()?;
        }
        Ok(true)
    }

    /// Handles the next event, if one is left that matters.
    #[inline]
    fn advance(&mut self) -> bool {
        let is_over = |next| next >= self.horizon;
        if self.ledger.sessions_open() == 0 && self.calendar.peek_time().is_none_or(is_over) {
            return false;
        }
        if self.calendar.prepare() && self.sessions.len() >= MANY_SESSIONS {
            self.look_ahead();
        }
        let Some((now, fired)) = self.calendar.next() else {
            return false;
        };
        self.events += 1;
        match fired {
            Fired::Event(Event::SettledArrives(step)) => {
                self.on_step(step, Self::settled_arrives);
            }
            Fired::Event(Event::SettledAnswers(step)) => {
                self.on_step(step, Self::settled_answers);
            }
            Fired::Event(event) => {
                self.reached = now;
                if !event.leaves_world_as_it_is() {
                    self.unsettle();
                }
                self.handle(event);
            }
            Fired::Timer(timer) => {
                self.reached = now;
                self.unsettle();
                self.silence_noticed(timer);
            }
        }
        true
    }

    /// Looks at what the next few answers need, which are far apart in memory.
    ///
    /// Nothing comes of it but that the processor fetches for all of them at a time what it would else fetch for one after
    /// the other, and wait for each time.
    fn look_ahead(&self) {
        for event in self.calendar.prepared() {
            if let Event::SettledAnswers(step) = event
                && let Some(session) = self.sessions.get(step.session)
            {
                black_box(session.glance());
                black_box(self.courses.glance(session.on_course));
            }
        }
    }

    /// How many events it has handled, or begun to.
    pub fn events(&self) -> u64 {
        self.events
    }

    /// How far the run has come, as simulated time.
    pub fn now(&self) -> Time {
        self.calendar.now()
    }

    /// Breaks a rule on purpose, so that tests see what happens then.
    #[doc(hidden)]
    pub fn plant_defect(&mut self) {
        self.ledger
            .breaks("a rule that a test broke on purpose".to_owned());
    }

    #[inline]
    fn verify(&self) -> Result<(), Violation> {
        self.ledger
            .violation(self.now(), self.events)
            .map_or(Ok(()), Err)
    }

    /// The one table of what can happen and who handles it.
    #[inline]
    fn handle(&mut self, event: Event) {
        match event {
            Event::SessionStarts(group) => self.session_starts(group),
            Event::Sends(step) => self.on_step(step, Self::sends_or_opens),
            Event::ReachesEdge(step) => self.on_step(step, Self::reaches_edge),
            Event::ReachesDataCentre(step) => self.on_step(step, Self::reaches_data_centre),
            Event::ReachesConnector(step) => self.on_step(step, Self::reaches_connector),
            Event::SettledArrives(step) => self.on_step(step, Self::settled_arrives),
            Event::SettledAnswers(step) => self.on_step(step, Self::settled_answers),
            Event::ReachesContainer(step) => self.on_step(step, Self::reaches_container),
            Event::OriginFails(step) => self.on_step(step, Self::origin_fails),
            Event::ServiceEnds(container, job) => self.service_ends(container, job),
            Event::StoreAnswers(container, job) => self.store_answers(container, job),
            Event::Departs(step) => self.on_step(step, Self::departs),
            Event::AttemptFails(step) => self.on_step(step, Self::attempt_fails),
            Event::AnswerArrives(step) => self.on_step(step, Self::close),
            Event::TimeUp(step) => self.on_step(step, Self::time_up),
            Event::ListingChanges(circuit, listed) => self.listing_changes(circuit, listed),
            Event::EdgeLossNoticed(circuit) => self.edge_loss_noticed(circuit),
            Event::BackboneNoticed => self.forget_rankings(),
            Event::Connector(replica, life, event) => self.connector_happens(replica, life, event),
            Event::Dialler(connection, step, event) => self.dial_happens(connection, step, event),
            Event::Container(container, life, event) => {
                self.container_happens(container, life, event)
            }
            Event::Host(host, life, event) => self.host_happens(host, life, event),
            Event::NetworkMoves(network) => self.network_moves(network),
            Event::FaultStrikes(fault, count) => self.fault_strikes(fault, count),
            Event::FaultClears(fault, count) => self.fault_clears(fault, count),
            Event::RecordAsked(record) => self.record_asked(record),
            Event::RecordInForce(record) => self.record_in_force(record),
            Event::ProbeStarts(index) => self.probe_starts(index),
            Event::AlertDue(subject, healthy) => self.alert_due(subject, healthy),
            Event::StorePromotes(store) => self.store_promotes(store),
        }
    }

    /// Takes a step of a session's journey, unless the session has taken another since.
    #[inline]
    fn on_step(&mut self, step: Step, act: impl FnOnce(&mut Self, SessionId)) {
        if self
            .sessions
            .get(step.session)
            .is_some_and(|s| s.hop == step.hop)
        {
            act(self, step.session);
        }
    }

    /// A request that is sent for the first time is born at that moment, and may be settled by then.
    fn sends_or_opens(&mut self, id: SessionId) {
        if self.sessions[id].stage == session::Stage::Thinking {
            let now = self.now();
            if self.settles(id, now) {
                return;
            }
            self.opens(id);
        }
        self.sends(id);
    }

    fn group_rank(&self, group: GroupId) -> u16 {
        self.ranks_of.groups[group]
    }

    fn connection_order(&self, class: Class, connection: ConnectionRef) -> u64 {
        order(
            class,
            self.ranks[connection.replica],
            u64::from(connection.index),
        )
    }

    /// Reports a change of state.
    fn change(&mut self, entity: Entity, what: Happening) {
        let at = self.now();
        self.recorder.change(&Change { at, entity, what });
    }
}

impl Names {
    fn of(plan: &Blueprint) -> Self {
        Names {
            replicas: plan
                .replicas
                .map(|(_, r)| format!("{}/{}", plan.tunnels[r.tunnel].name, r.name)),
            containers: plan
                .containers
                .map(|(_, c)| format!("{}/{}", plan.hosts[c.host].name, c.name)),
            endpoints: plan
                .endpoints
                .map(|(_, e)| format!("{}/{}", plan.pools[e.pool].name, e.name)),
        }
    }
}

impl Ranks {
    fn of(plan: &Blueprint, names: &Names) -> Self {
        Ranks {
            groups: ranks_by_name(plan.groups.ids(), |id| &plan.groups[id].name),
            hosts: ranks_by_name(plan.hosts.ids(), |id| &plan.hosts[id].name),
            containers: ranks_by_name(plan.containers.ids(), |id| &names.containers[id]),
            stores: ranks_by_name(plan.stores.ids(), |id| &plan.stores[id].name),
            tunnels: ranks_by_name(plan.tunnels.ids(), |id| &plan.tunnels[id].name),
            pools: ranks_by_name(plan.pools.ids(), |id| &plan.pools[id].name),
        }
    }
}

/// Each entity's position in the order of names.
fn ranks_by_name<'n, I: Position>(
    ids: impl Iterator<Item = I>,
    name: impl Fn(I) -> &'n String,
) -> Arena<I, u16> {
    let ids: Vec<I> = ids.collect();
    let mut sorted = ids.clone();
    sorted.sort_by_key(|id| name(*id));
    let mut ranks = vec![0; ids.len()];
    for (rank, id) in sorted.into_iter().enumerate() {
        ranks[id.index()] = rank as u16;
    }
    ranks.into_iter().collect()
}
