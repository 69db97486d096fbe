//! The naive twin: a second simulator, written from `docs/semantics.md` and not from the engine.
//!
//! It shares with the engine the scenario it is given, the random streams, the map and the laws of latency; not a line
//! of what happens in the world. It is slow and plain: the calendar is a sorted list, nothing is cached, and entities
//! stand in the order of their names, so that an entity's position is its rank.

mod answers;
mod attempts;
mod circuits;
mod containers;
mod dialling;
mod events;
mod faults;
mod process;
mod sessions;
mod silence;
mod stores;

use std::collections::BTreeMap;

use answers::Answer;
use attempts::Token;
use circuits::Circuit;
use containers::Container;
use events::{Entry, Event, FAULT};
use process::Replica;
use sessions::Session;
use tunnelsim::fault::{FaultPlan, Occurrence};
use tunnelsim::kernel::random::{Keyed, Source, Stream, Streams};
use tunnelsim::kernel::time::Span;
use tunnelsim::kernel::variate::Distribution;
use tunnelsim::measure::observation::{StateFound, TunnelStatus};
use tunnelsim::scenario::Scenario;
use tunnelsim::world::blueprint::{self, Blueprint, ClientSite, Site};
use tunnelsim::world::geography::*;

use crate::log::Record;

struct Group<'a> {
    plan: &'a blueprint::Group,
    place: Place,
    entry: MetroId,
    gaps: Stream,
    births: Stream,
    started: u64,
}

struct Host<'a> {
    plan: &'a blueprint::Host,
    place: Place,
    last_mile: u64,
    power: bool,
    line: bool,
    /// The faults that hold its power, and its line.
    power_held: Vec<usize>,
    line_held: Vec<usize>,
    booted: bool,
    changes_of_power: u64,
}

struct Tunnel<'a> {
    plan: &'a blueprint::Tunnel,
    status: TunnelStatus,
    turns: usize,
}

/// A store of versions by group and session.
struct Store<'a> {
    plan: &'a blueprint::Store,
    versions: BTreeMap<(String, u64), Version>,
}

#[derive(Clone, Copy)]
struct Version {
    number: u64,
    /// What was missing where it was written, until the client is told.
    grown_on: Option<StateFound>,
}

pub struct Twin<'a> {
    plan: &'a Blueprint,
    faults: &'a [FaultPlan],
    now: u64,
    calendar: Vec<Entry>,
    log: Vec<Record>,
    world_key: u64,
    change_key: u64,
    fault_streams: Vec<Stream>,
    groups: Vec<Group<'a>>,
    hosts: Vec<Host<'a>>,
    containers: Vec<Container<'a>>,
    stores: Vec<Store<'a>>,
    tunnels: Vec<Tunnel<'a>>,
    replicas: Vec<Replica<'a>>,
    circuits: Vec<Circuit>,
    sessions: Vec<Session>,
    jobs: u64,
}

/// Everything the twin records in the first run of a scenario.
pub fn log(scenario: &Scenario) -> Vec<Record> {
    let mut twin = Twin::new(scenario);
    twin.begin();
    while !twin.calendar.is_empty() {
        let Entry { key, event } = twin.calendar.remove(0);
        if key.0 >= nanos(twin.plan.horizon) && twin.sessions.iter().all(|it| it.ended) {
            break;
        }
        twin.now = key.0;
        twin.happens(event);
    }
    twin.log.sort();
    twin.log
}

fn nanos(span: Span) -> u64 {
    span.as_nanos()
}

fn place(site: Site) -> Place {
    match site {
        Site::City(city) => Atlas::shipped()[city].place,
        Site::Point(point) => point,
    }
}

/// The round trip of the mean model between two places.
fn round_trip(class: PathClass, a: Place, b: Place) -> u64 {
    nanos(model_round_trip(class, a, b))
}

fn metro(id: MetroId) -> Place {
    Atlas::shipped()[id].place
}

/// A last mile without chance; only the mix of clients draws its kind.
fn last_mile(access: Access, mut source: Keyed) -> u64 {
    nanos(access.line(false, true, &mut source).round_trip())
}

/// A draw from a law by a key of the world's changes.
fn sample(law: &Distribution, mut source: Keyed) -> u64 {
    nanos(law.sample(&mut source))
}

fn by_name<T>(mut items: Vec<T>, name: impl Fn(&T) -> String) -> Vec<T> {
    items.sort_by_key(name);
    items
}

impl<'a> Twin<'a> {
    fn new(scenario: &'a Scenario) -> Self {
        let plan = &scenario.blueprint;
        let streams = Streams::new(scenario.seed, 0);
        let key = |name| streams.stream("world", name).bits();
        let group = |plan: &'a blueprint::Group| {
            let place = match plan.site {
                ClientSite::At(site) => place(site),
                ClientSite::World => panic!("the twin has no clients all over the world"),
            };
            Group {
                plan,
                place,
                entry: plan.entry.unwrap_or_else(|| Vicinity::of(place).nearest()),
                gaps: streams.stream("arrivals", &plan.name),
                births: streams.stream("sessions", &plan.name),
                started: 0,
            }
        };
        let host = |plan: &'a blueprint::Host| Host {
            plan,
            place: place(plan.site),
            last_mile: last_mile(plan.access, Keyed::new(0, 0, 0, 0)),
            power: true,
            line: true,
            power_held: Vec::new(),
            line_held: Vec::new(),
            booted: true,
            changes_of_power: 0,
        };
        let hosts = by_name(plan.hosts.values().iter().map(host).collect(), |it| {
            it.plan.name.clone()
        });
        let containers = plan
            .containers
            .values()
            .iter()
            .map(|it| Container::new(it, plan, &hosts));
        let replicas = plan
            .replicas
            .values()
            .iter()
            .map(|it| Replica::new(it, plan, &hosts, &streams));
        Twin {
            plan,
            faults: &scenario.faults,
            now: 0,
            calendar: Vec::new(),
            log: Vec::new(),
            world_key: key("paths"),
            change_key: key("changes"),
            fault_streams: scenario
                .faults
                .iter()
                .map(|it| streams.stream("faults", &it.name))
                .collect(),
            groups: by_name(plan.groups.values().iter().map(group).collect(), |it| {
                it.plan.name.clone()
            }),
            containers: by_name(containers.collect(), |it| it.name.clone()),
            stores: by_name(
                plan.stores
                    .values()
                    .iter()
                    .map(|plan| Store {
                        plan,
                        versions: BTreeMap::new(),
                    })
                    .collect(),
                |it| it.plan.name.clone(),
            ),
            tunnels: by_name(
                plan.tunnels
                    .values()
                    .iter()
                    .map(|plan| Tunnel {
                        plan,
                        status: TunnelStatus::Inactive,
                        turns: 0,
                    })
                    .collect(),
                |it| it.plan.name.clone(),
            ),
            replicas: by_name(replicas.collect(), |it| it.name.clone()),
            hosts,
            circuits: Vec::new(),
            sessions: Vec::new(),
            jobs: 0,
        }
    }

    fn begin(&mut self) {
        for replica in 0..self.replicas.len() {
            self.connected_from_the_start(replica);
        }
        for record in self.plan.records.values() {
            self.note(format!(
                "{}: RecordCreated",
                self.plan.hostnames[record.hostname]
            ));
        }
        for group in 0..self.groups.len() {
            self.next_arrival(group);
        }
        for (fault, plan) in self.faults.iter().enumerate() {
            let Occurrence::Scheduled { at, .. } = plan.occurrence else {
                panic!("the twin has no random faults")
            };
            self.at(nanos(at), FAULT, (fault, 0, 0), Event::Strikes(fault));
        }
    }

    /// Puts an event on the calendar, behind those of the same instant, class, rank and count.
    fn at(&mut self, time: u64, class: u8, rank: (usize, u64, u64), event: Event) {
        let key = (time, class, rank);
        let position = self.calendar.partition_point(|it| it.key <= key);
        self.calendar.insert(position, Entry { key, event });
    }

    fn note(&mut self, text: String) {
        self.log.push((self.now, text));
    }
}
