//! Settled requests: while the world stays as it is, a request's way in is known before it is sent, and is one event.
//!
//! Whatever decides where a request goes changes in events of its own: faults, notices, registrations, moves. Between
//! two of them all requests of one network for one hostname meet the same. So that is looked up once and kept as a
//! [`Course`], and a request on a course gets one event, that of its arrival at the connector, instead of one for each
//! hop. Before anything happens that is no step of a request, every such request gets back the steps that are still
//! to come ([`Simulation::unsettle`]), and the courses are forgotten. The outcome is the same to the nanosecond, and
//! of one instant in the same order.

use super::Simulation;
use super::event::{Class, Event};
use super::journey::client_way;
use super::map::Map;
use super::session::{Asker, Draw, Session, SessionId, Stage};
use super::unattended::promised;
use crate::kernel::directory::Directory;
use crate::kernel::random::Source;
use crate::kernel::time::{Span, Time};
use crate::measure::lanes::Lane;
use crate::world::blueprint::DnsTarget;
use crate::world::geography::MetroId;
use crate::world::ids::*;
use crate::world::naming::Meaning;
use crate::world::networks::NetworkIndex;
use crate::world::registry::{Listed, pick};

/// How long nothing but requests must have happened until requests are settled again: what happens seldom comes alone.
const QUIET: Span = Span::from_millis(20);

/// What every request of a network for a hostname meets on its way in.
#[derive(Debug)]
struct Course {
    entry: MetroId,
    tunnel: TunnelId,
    /// One way between the clients' network and the entry metro, if nothing there jitters.
    path: Option<Span>,
    /// Whether that is the whole way, last mile included.
    path_is_whole: bool,
    /// The equally good connections, one of which each request takes: where the first is, and how many they are.
    first: u32,
    n_ends: u32,
}

/// A connection at the end of a course.
#[derive(Clone, Copy, Debug)]
pub(super) struct End {
    /// Where the requests enter.
    pub(super) entry: MetroId,
    pub(super) listed: Listed,
    host: HostId,
    /// Over the backbone, and between the data centre and the connector, if nothing there jitters.
    legs: Option<[Span; 2]>,
    /// Where the requests go from the connector at once.
    pub(super) origin: Option<Origin>,
    /// When packets passed last on the connection, as far as settled requests know.
    pub(super) last_exchange: Time,
    /// Where the settled requests are counted; none before the first.
    pub(super) lane: Option<Lane>,
}

/// Until when a request has to be answered.
#[derive(Clone, Copy, Debug)]
pub(super) struct Limits {
    /// The edge's time-out for the attempt.
    attempt: Time,
    /// The client's patience.
    patience: Time,
}

/// A settled request is on its first attempt.
const ATTEMPT: u32 = 1;

/// Why the course of a settled request is known.
const ON_COURSE: &str = "a settled request is on its course";

/// The only container, on the connector's own host, that a rule can mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct Origin {
    pub(super) container: ContainerId,
    /// Whether it is another one than the rule means.
    pub(super) is_wrong: bool,
    /// What the requests ask its store for.
    pub(super) reads: Reads,
}

/// What requests ask a store for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Reads {
    /// Nothing.
    Nothing,
    /// The state of their session, read or written, which is in the container on a host and concerns nobody else.
    Session(StoreId, HostId),
    /// Something else.
    Other,
}

/// Which course a request is on.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct OnCourse {
    /// The generation of the course; none has number zero.
    generation: u32,
    course: u32,
    end: u32,
}

/// The courses known since the world last changed.
#[derive(Debug, Default)]
pub(super) struct Courses {
    /// By network and hostname.
    known: Vec<Vec<Known>>,
    made: Vec<Course>,
    /// The ends of all courses.
    ends: Vec<End>,
    /// Those of requests of one group for one hostname that enter by one metro, whatever their network: where the first
    /// is, and how many they are.
    ends_known: Directory<(u32, u32)>,
    /// Counts the changes of the world.
    generation: u32,
    /// Until when requests are not settled.
    unsettled_until: Time,
    /// Whether a request may be settled.
    is_used: bool,
}

/// What is known of a network's requests for a hostname.
#[derive(Clone, Copy, Debug, Default)]
struct Known {
    /// The generation it was found in; there is none of zero.
    generation: u32,
    /// The position of the course; none if their way is not settled.
    course: Option<u32>,
}

impl Limits {
    /// What ends first.
    #[inline]
    fn first(&self) -> Time {
        self.attempt.min(self.patience)
    }

    /// Whether an answer that passes the edge at one moment, and is with the client at another, comes in time.
    #[inline]
    pub(super) fn allow(&self, passes_edge: Time, arrives: Time) -> bool {
        passes_edge <= self.attempt && arrives <= self.patience
    }
}

impl Origin {
    /// Whether nobody but the open request of a session has to do with what that asks its store for.
    #[inline]
    pub(super) fn concerns_only(&self, session: &Session) -> bool {
        match self.reads {
            Reads::Nothing => true,
            Reads::Session(..) => !session.has_strays,
            Reads::Other => false,
        }
    }

    /// A request is at the container, or will be.
    #[inline]
    pub(super) fn is_met_by(&self, session: &mut Session) {
        session.open.container = Some(self.container);
        session.open.wrong_service = self.is_wrong;
    }
}

impl Courses {
    pub(super) fn new() -> Courses {
        Courses {
            generation: 1,
            ..Courses::default()
        }
    }

    /// The course and the end that a request is on, if the world has not changed since.
    #[inline]
    fn of(&self, on: OnCourse) -> Option<(&Course, &End)> {
        if on.generation != self.generation {
            return None;
        }
        Some((&self.made[on.course as usize], &self.ends[on.end as usize]))
    }

    /// The end of the course of a request that is settled.
    ///
    /// # Panics
    /// If the world has changed since it was settled: then it is settled no more.
    #[inline]
    pub(super) fn end(&self, on: OnCourse) -> &End {
        assert!(on.generation == self.generation, "{ON_COURSE}");
        &self.ends[on.end as usize]
    }

    /// The same, to be changed.
    #[inline]
    pub(super) fn end_mut(&mut self, on: OnCourse) -> &mut End {
        assert!(on.generation == self.generation, "{ON_COURSE}");
        &mut self.ends[on.end as usize]
    }

    /// Something of the course and the end that a request is on, if they are known ([`Simulation::look_ahead`]).
    #[inline]
    pub(super) fn glance(&self, on: OnCourse) -> Option<u64> {
        let (course, end) = self.of(on)?;
        let lane = end.lane.is_some();
        Some(end.last_exchange.as_nanos() ^ u64::from(course.n_ends) ^ u64::from(lane))
    }

    /// The course of the requests of a session, if it is known; none in it if their way is not settled.
    #[inline]
    fn course(&self, session: &Session) -> Option<Option<u32>> {
        // That of the request before, most of the time.
        if session.on_course.generation == self.generation {
            return Some(Some(session.on_course.course));
        }
        let row = self.known.get(session.network.0 as usize)?;
        let known = row.get(session.hostname.index())?;
        (known.generation == self.generation).then_some(known.course)
    }

    fn keep(&mut self, network: NetworkIndex, hostname: HostnameId, course: Option<Course>) {
        let network = network.0 as usize;
        if self.known.len() <= network {
            self.known.resize_with(network + 1, Vec::new);
        }
        let row = &mut self.known[network];
        if row.len() <= hostname.index() {
            row.resize(hostname.index() + 1, Known::default());
        }
        let place = self.made.len() as u32;
        let known = Known {
            generation: self.generation,
            course: course.is_some().then_some(place),
        };
        self.made.extend(course);
        row[hostname.index()] = known;
    }
}

impl Course {
    /// One way between a session of the network and the entry metro, if nothing there jitters.
    #[inline]
    fn client_way(&self, session: &Session) -> Option<Span> {
        if self.path_is_whole {
            return self.path;
        }
        Some(self.path? + session.access.steady()?)
    }

    /// The ways of an answer from the connector to the data centre, to the entry metro and to the client, if nothing
    /// there jitters.
    #[inline]
    fn ways_out(&self, end: &End, session: &Session) -> Option<[Span; 3]> {
        let [across, down] = end.legs?;
        Some([down, across, self.client_way(session)?])
    }
}

impl Simulation<'_> {
    /// Settles the request that a session will send at a moment, if its way is known and no time-out ends it; false if
    /// it has to go step by step.
    #[inline(always)] // As it is called by `opens_at` alone, but for the few requests that were not settled at first.
    pub(super) fn settles(&mut self, id: SessionId, born: Time) -> bool {
        if self.now() < self.courses.unsettled_until || self.focus.is_some() {
            return false;
        }
        // One look at the session for all of it: this is the hottest path of a run.
        let session = &mut self.sessions[id];
        let place = match self.courses.course(session) {
            Some(Some(place)) => place,
            Some(None) => return false,
            None => {
                self.find_course(id);
                return self.settles(id, born);
            }
        };
        let course = &self.courses.made[place as usize];
        let group = &self.plan.groups[session.group];
        session.prepare(group, born);
        let index = match course.n_ends {
            1 => 0,
            several => pick(session.draw(Draw::Tie, 0).unit(), several as usize),
        };
        let place_of_end = course.first + index as u32;
        let end = &self.courses.ends[place_of_end as usize];
        let way = course.client_way(session).unwrap_or_else(|| {
            let (networks, entry) = (&mut self.networks, course.entry);
            client_way(session, entry, networks, &self.travel, Draw::JitterIn)
        });
        let reaches_edge = born + way;
        let limits = Limits {
            attempt: reaches_edge + self.plan.settings.attempt_deadline,
            patience: born + group.patience,
        };
        session.serial += 1;
        session.on_course = OnCourse {
            generation: self.courses.generation,
            course: place,
            end: place_of_end,
        };
        let [across, down] = end.legs.unwrap_or_else(|| {
            let backbone = self.travel.metro_metro(course.entry, end.listed.metro);
            let across = backbone.one_way(&mut session.draw(Draw::JitterBackbone, ATTEMPT));
            let leg = self.travel.host_metro(end.host, end.listed.metro);
            let down = leg.one_way(&mut session.draw(Draw::JitterDown, ATTEMPT));
            [across, down]
        });
        let passes_edge = reaches_edge + across;
        let arrives = passes_edge + down;
        if arrives > limits.first() {
            return false;
        }
        self.courses.is_used = true;
        let promised = end.origin.and_then(|origin| {
            let container = &mut self.containers[origin.container];
            let law = &self.plan.containers[origin.container].service_time;
            let moments = [self.calendar.now(), arrives];
            let ways = course.ways_out(end, session);
            promised(session, &origin, container, law, moments, ways?, limits)
        });
        let (at, class, event) = match promised {
            Some(answered) => {
                let event = Event::SettledAnswers(session.next_step(id));
                (answered, Class::Answers, event)
            }
            None => {
                session.stage = Stage::Settled {
                    passes_edge,
                    arrives,
                };
                let event = Event::SettledArrives(session.next_step(id));
                (arrives, Class::Arrivals, event)
            }
        };
        self.calendar.schedule(at, session.order(class), event);
        true
    }

    /// Finds out where the requests of a session's network for its hostname go.
    #[cold]
    fn find_course(&mut self, id: SessionId) {
        let session = &self.sessions[id];
        let (network, hostname) = (session.network, session.hostname);
        let course = match session.asker {
            Asker::Visitor => self.course(network, hostname),
            Asker::Probe(_) => None,
        };
        self.courses.keep(network, hostname, course);
    }

    /// The course of a network's requests for a hostname; none if it depends on more than that, or leads into a silence.
    fn course(&mut self, network: NetworkIndex, hostname: HostnameId) -> Option<Course> {
        let Some(DnsTarget::Tunnel(tunnel)) = self.dns.target(hostname) else {
            return None;
        };
        let entry = self.networks.get(network).metro?;
        let registry = &self.tunnels[tunnel].registry;
        if self.edge.incident_share > 0.0 || registry.takes_turns() {
            return None;
        }
        let group = self.networks.get(network).group;
        let (first, n_ends) = self.ends(tunnel, (group, hostname, entry))?;
        let (path, path_is_whole) = self.networks.path(network, entry, &self.travel);
        Some(Course {
            entry,
            tunnel,
            path: path.steady(),
            path_is_whole,
            first,
            n_ends,
        })
    }

    /// The ends of the requests of a group for a hostname that enter by a metro: where the first is, and how many they
    /// are; none unless all are sound.
    fn ends(
        &mut self,
        tunnel: TunnelId,
        (group, hostname, entry): (GroupId, HostnameId, MetroId),
    ) -> Option<(u32, u32)> {
        let key = u64::from(group.0) << 32 | u64::from(hostname.0) << 16 | u64::from(entry.0);
        if let Some(known) = self.courses.ends_known.get(key) {
            return Some(*known);
        }
        let mut map = Map {
            plan: self.plan,
            travel: &mut self.travel,
            now: self.calendar.now(),
        };
        let equal = self.tunnels[tunnel].registry.equally_good(entry, &mut map);
        let end = |listed| self.end(entry, listed, group, hostname);
        let ends: Option<Vec<End>> = equal.into_iter().map(end).collect();
        let ends = ends.filter(|ends| !ends.is_empty())?;
        let made = &mut self.courses.ends;
        let known = (made.len() as u32, ends.len() as u32);
        made.extend(ends);
        self.courses.ends_known.get_or_insert_with(key, || known);
        Some(known)
    }

    /// The end of a course over a connection, if it is sound.
    fn end(
        &mut self,
        entry: MetroId,
        listed: Listed,
        group: GroupId,
        hostname: HostnameId,
    ) -> Option<End> {
        let circuit = self.circuits.get(listed.circuit)?;
        let is_cut = |pair: crate::world::travel::BackbonePair| pair.cut_since.is_some();
        if !circuit.works() || is_cut(self.travel.backbone_pair(entry, listed.metro)) {
            return None;
        }
        let answers_leave = circuit.near_open;
        let replica = listed.connection.replica;
        let host = self.plan.replicas[replica].host;
        let origin = self.only_origin(replica, group, hostname);
        let across = self.travel.metro_metro(entry, listed.metro).steady();
        let down = self.travel.host_metro(host, listed.metro).steady();
        Some(End {
            entry,
            listed,
            host,
            legs: across.zip(down).map(|(across, down)| [across, down]),
            origin: origin.filter(|_| answers_leave),
            last_exchange: Time::ZERO,
            lane: None,
        })
    }

    /// The container that a connector hands a group's requests for a hostname to, if it has no choice and no way to go.
    fn only_origin(
        &self,
        replica: ReplicaId,
        group: GroupId,
        hostname: HostnameId,
    ) -> Option<Origin> {
        let connector = &self.connectors[replica];
        let path = &self.plan.groups[group].path;
        let (rule, _) = connector
            .rules
            .as_ref()?
            .first_match(&self.plan.hostnames[hostname], path)?;
        let container = match connector.meanings[rule] {
            Meaning::At(container, _) => container,
            Meaning::Containers(ref named) if named.len() == 1 => named[0],
            _ => return None,
        };
        let is_near = self.plan.containers[container].host == self.plan.replicas[replica].host;
        (is_near && self.resolves(container)).then(|| Origin {
            container,
            is_wrong: self.is_wrong_service(replica, rule, container),
            reads: self.reads_of(group, container),
        })
    }

    /// A settled request is at its connector: all that was to come on its way has come.
    pub(super) fn settled_arrives(&mut self, id: SessionId) {
        let now = self.now();
        self.reached = now;
        let session = &self.sessions[id];
        let (course, end) = self.courses.of(session.on_course).expect(ON_COURSE);
        let (origin, ways) = (end.origin, course.ways_out(end, session));
        if let (Some(origin), Some(ways)) = (origin, ways)
            && self.is_served_unattended(id, &origin, ways)
        {
            return;
        }
        self.unfold(id);
        self.is_born(id);
        let session = &mut self.sessions[id];
        session.stage = Stage::Approaching { passes_edge: now };
        let Some(origin) = origin else {
            return self.reaches_connector(id);
        };
        origin.is_met_by(session);
        let circuit = session.circuit();
        self.circuits[circuit].exchange(now);
        self.reaches_container(id);
    }

    /// The limits of a settled request that is at its connector now, by the ways of its answer.
    #[inline]
    pub(super) fn limits_of(&self, session: &Session, [down, across, _]: [Span; 3]) -> Limits {
        let settings = &self.plan.settings;
        let patience = self.plan.groups[session.group].patience;
        Limits {
            attempt: self.now() - down - across + settings.attempt_deadline,
            patience: session.sent.born + patience,
        }
    }

    /// A settled request goes step by step from here on, and what it has of its way so far is written out.
    pub(super) fn unfold(&mut self, id: SessionId) {
        let session = &mut self.sessions[id];
        let (course, end) = self.courses.of(session.on_course).expect(ON_COURSE);
        session.opens(&self.plan.groups[session.group]);
        session.open.entry = course.entry;
        session.open.tunnel = Some(course.tunnel);
        let (networks, entry) = (&mut self.networks, course.entry);
        let way = client_way(session, entry, networks, &self.travel, Draw::JitterIn);
        let reaches_edge = session.sent.born + way;
        let limit = reaches_edge + self.plan.settings.attempt_deadline;
        session.open.begins_attempt(reaches_edge, limit);
        session.open.takes(&end.listed);
        if let Stage::Served { service, .. } = session.stage {
            let origin = end.origin.expect("it is served there");
            origin.is_met_by(session);
            session.open.service = service;
        }
    }

    /// The ways of an answer from the connector to the data centre, to the entry metro and to the client, if its
    /// connection is as sound as when the request was settled and nothing jitters.
    #[inline]
    pub(super) fn settled_way_out(&self, session: &Session) -> Option<[Span; 3]> {
        let (course, end) = self.courses.of(session.on_course)?;
        end.origin?;
        course.ways_out(end, session)
    }

    /// Something happens that is no step of a request: requests that are settled go step by step from here on.
    pub(super) fn unsettle(&mut self) {
        let now = self.now();
        if std::mem::take(&mut self.courses.is_used) {
            self.attend_all();
            self.unsettle_all();
        }
        self.hand_over_courses();
        self.courses.generation += 1;
        self.courses.made.clear();
        self.courses.ends_known = Directory::default();
        self.courses.unsettled_until = now + QUIET;
    }

    /// What settled requests did to their connections and tallies is done.
    pub(super) fn hand_over_courses(&mut self) {
        for mut end in self.courses.ends.drain(..) {
            if end.last_exchange > Time::ZERO {
                self.circuits[end.listed.circuit].exchange(end.last_exchange);
            }
            if let Some(lane) = &mut end.lane {
                self.recorder.take_in(lane);
            }
        }
    }

    fn unsettle_all(&mut self) {
        let settled = self.sessions.iter().filter_map(|(id, s)| match s.stage {
            Stage::Settled {
                passes_edge,
                arrives,
            } => Some((id, passes_edge, arrives)),
            _ => None,
        });
        let settled: Vec<(SessionId, Time, Time)> = settled.collect();
        for (id, passes_edge, arrives) in settled {
            self.unsettle_one(id, passes_edge, arrives);
        }
    }

    /// Brings a settled request to where it is by now, and gives it its next step.
    fn unsettle_one(&mut self, id: SessionId, passes_edge: Time, arrives: Time) {
        self.unfold(id);
        let present = (self.now(), self.calendar.order());
        let session = &mut self.sessions[id];
        let order = session.order(Class::Arrivals);
        let is_past = |moment: Time| (moment, order) < present;
        let (born, reaches_edge) = (session.sent.born, session.open.attempt_started);
        let step = session.next_step(id);
        let (at, event) = if !is_past(born) {
            session.stage = Stage::Thinking;
            (born, Event::Sends(step))
        } else if !is_past(reaches_edge) {
            let entry = session.open.entry;
            session.opens(&self.plan.groups[session.group]);
            session.stage = Stage::Sending;
            session.open.entry = entry;
            self.is_born(id);
            (reaches_edge, Event::ReachesEdge(step))
        } else {
            session.stage = Stage::Approaching { passes_edge };
            self.is_born(id);
            (arrives, Event::ReachesConnector(step))
        };
        self.calendar.schedule(at, order, event);
    }
}
