//! What services keep: the store is asked, and the client hears of it with the answer.

use super::Simulation;
use super::course::Reads;
use super::event::{Class, Event, order};
use super::outage::Thing;
use super::service::{Errand, Job};
use super::session::{Draw, Open, Session, visitor_of};
use crate::fault::StoreEffect;
use crate::kernel::random::Source;
use crate::kernel::time::{Span, Time};
use crate::measure::observation::{BreakCause, Entity, Happening, StateFound};
use crate::world::blueprint::{Carries, Holds, StoreKind};
use crate::world::held::StrikeId;
use crate::world::ids::*;
use crate::world::store::{Answer, Lookup, Operation, Server, Stores, Written};
use crate::world::travel::place_of;

/// A store, and what is wanted of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    store: StoreId,
    operation: Operation,
    holds: Holds,
    /// How the store answers at this moment.
    answer: Answer,
}

impl Simulation<'_> {
    /// How long a job waits for its store; zero when the store is inside the container, or none is asked.
    pub(super) fn store_delay(&mut self, container: ContainerId, asked: &Option<Asked>) -> Span {
        let Some(asked) = asked else {
            return Span::ZERO;
        };
        let patience = self.plan.stores[asked.store].timeout;
        self.answer_time(container, asked).min(patience)
    }

    /// Whether the store answers, and before the job has waited for its time-out.
    fn answers(&mut self, container: ContainerId, asked: &Asked) -> bool {
        let Answer::Serves { slower_by, .. } = asked.answer else {
            return false;
        };
        slower_by == Span::ZERO
            || self.answer_time(container, asked) <= self.plan.stores[asked.store].timeout
    }

    /// How long the store takes to answer, as things are.
    fn answer_time(&mut self, container: ContainerId, asked: &Asked) -> Span {
        let (store, operation) = (asked.store, asked.operation);
        let host = self.plan.containers[container].host;
        match asked.answer {
            Answer::Refuses => self.refusal_time(store, host),
            Answer::Silent => self.plan.stores[store].timeout,
            Answer::Serves { by, slower_by } => {
                let way = match by {
                    Server::Container => Span::ZERO,
                    Server::Host(member) => {
                        let commit = match operation {
                            Operation::Read => Span::ZERO,
                            Operation::Write => self.commit_time(store, member),
                        };
                        self.side_round_trip(host, member) + commit
                    }
                    Server::Site => self.site_round_trip(store, host),
                };
                way + slower_by
            }
        }
    }

    /// A synchronous write waits for one round trip to the farthest member in reach.
    fn commit_time(&mut self, store: StoreId, member: HostId) -> Span {
        let others = self.stores.commit_members(store, member);
        let trips = others
            .into_iter()
            .map(|other| self.side_round_trip(member, other));
        trips.max().unwrap_or(Span::ZERO)
    }

    /// A refusal takes the round trip to whoever refuses.
    fn refusal_time(&mut self, store: StoreId, host: HostId) -> Span {
        match &self.plan.stores[store].kind {
            StoreKind::Shared { .. } => self.site_round_trip(store, host),
            StoreKind::OnHost { host: far } => self.side_round_trip(host, *far),
            StoreKind::Asynchronous { members, .. } | StoreKind::Synchronous { members } => {
                self.side_round_trip(host, members[0])
            }
            StoreKind::Memory | StoreKind::Disk => Span::ZERO,
        }
    }

    fn site_round_trip(&self, store: StoreId, host: HostId) -> Span {
        use crate::world::blueprint::LinkEnd;
        let ends = (LinkEnd::Host(host), LinkEnd::Store(store));
        if let Some(round_trip) = self.travel.measured(ends.0, ends.1) {
            return round_trip;
        }
        let plan = &self.plan.stores[store];
        let StoreKind::Shared { site, access } = &plan.kind else {
            return Span::ZERO;
        };
        let line = self.travel.named_access(*access, &plan.name);
        self.travel
            .host_place(host, &plan.name, place_of(*site), line)
            .round_trip()
    }

    /// Which store a job asks, and for what; none when its session keeps nothing there.
    pub(super) fn store_use(&self, container: ContainerId, errand: &Errand) -> Option<Asked> {
        let store = self.plan.containers[container].store?;
        let carries = match errand.group {
            Some(group) => self.plan.groups[group].carries,
            None => Carries::Nothing,
        };
        let is_write = errand.is_write;
        // A login is written once (`uses_own_state`).
        let is_written = carries == Carries::Login && errand.request > 0;
        let holds = self.plan.datasets[self.plan.stores[store].dataset].holds;
        let operation = match holds {
            Holds::Sessions if carries == Carries::Nothing => return None,
            _ if errand.group.is_none() => Operation::Read,
            Holds::Visits => Operation::Write,
            Holds::Content => Operation::Read,
            Holds::Sessions if is_written => Operation::Read,
            Holds::Sessions | Holds::Records { .. } if is_write => Operation::Write,
            Holds::Sessions | Holds::Records { .. } => Operation::Read,
        };
        let host = self.plan.containers[container].host;
        Some(Asked {
            store,
            operation,
            holds,
            answer: self.stores.answer(store, host, operation),
        })
    }

    /// The job reads and writes, and its request hears of it if it is still current; false when the store could not be
    /// reached.
    ///
    /// Simplification: a store is asked and answers at one instant, the one at which its answer is back.
    /// Simplification: what a session's own state gets after the session ended is not written, for nobody asks for it.
    pub(super) fn use_store(
        &mut self,
        container: ContainerId,
        job: &Job,
        asked: Option<Asked>,
        current: bool,
    ) -> bool {
        let Some(asked) = asked else {
            return true;
        };
        if !self.answers(container, &asked) {
            return false;
        }
        let now = self.now();
        let (store, operation) = (asked.store, asked.operation);
        let host = self.plan.containers[container].host;
        let errand = &job.errand;
        let Some(group) = errand.group else {
            return true;
        };
        let key = match asked.holds {
            Holds::Visits => {
                // Groups number their visitors from 0, and are different people.
                let of_group = u64::from(group.0) << 48;
                let pool = self.plan.groups[group].visitors;
                let visitor = pool.map(|pool| of_group | visitor_of(errand.session_key, pool));
                self.stores.visit(store, errand.session_key, visitor);
                return true;
            }
            Holds::Sessions if self.sessions.get(job.session).is_none() => return true,
            Holds::Sessions => errand.session_key,
            Holds::Records { keys } => {
                super::session::draw_of(errand.session_key, errand.request, Draw::Record, 0)
                    .below(u64::from(keys))
            }
            Holds::Content => crate::world::store::CONTENT,
        };
        let reads = operation == Operation::Read || asked.holds == Holds::Sessions;
        if reads {
            let lookup = self.stores.read(store, host, key, now);
            if current {
                let session = &mut self.sessions[job.session];
                let found = Found::of(session, &self.stores, (store, key), lookup);
                session.open.finds(found.state, found.break_cause);
            }
        }
        if operation == Operation::Write {
            let written = self.stores.write(store, key, now);
            if current {
                let open = &mut self.sessions[job.session].open;
                open.aside_mut().written = Some(written);
            }
        }
        true
    }

    /// What requests of a group ask the store of a container for, as things are.
    pub(super) fn reads_of(&self, group: GroupId, container: ContainerId) -> Reads {
        let reading = Errand {
            group: Some(group),
            request: 1,
            ..Errand::default()
        };
        let here = Answer::Serves {
            by: Server::Container,
            slower_by: Span::ZERO,
        };
        match self.store_use(container, &reading) {
            None => Reads::Nothing,
            Some(asked)
                if asked.operation == Operation::Read
                    && asked.holds == Holds::Sessions
                    && asked.answer == here =>
            {
                Reads::Session(asked.store, self.plan.containers[container].host)
            }
            Some(_) => Reads::Other,
        }
    }

    /// A session that ended needs no state any more.
    pub(super) fn forget_state(&mut self, session: &Session) {
        self.stores.session_ended(session.key);
    }

    /// The host of some stores' members changed: a primary may be out of reach for too long.
    pub(super) fn promote_later(&mut self, candidates: Vec<(StoreId, Span)>) {
        for (store, after) in candidates {
            let order = order(Class::Services, self.ranks_of.stores[store], u64::MAX - 2);
            self.calendar
                .schedule(self.now() + after, order, Event::StorePromotes(store));
        }
    }

    /// The time without a primary is over.
    pub(super) fn store_promotes(&mut self, store: StoreId) {
        let now = self.now();
        if self.stores.promote(store, now).is_some() {
            self.change(Entity::Store(store), Happening::Promoted);
        }
    }

    /// A fault of a store.
    pub(super) fn apply_to_store(&mut self, store: StoreId, effect: StoreEffect, by: StrikeId) {
        let now = self.now();
        match effect {
            StoreEffect::Refuses(refuses) => {
                let open = self.is_free_after(Thing::StoreOpen(store), by, !refuses);
                let was_up = self.stores.is_up(store);
                self.stores.refuse(store, !open);
                self.note_store(store, was_up);
            }
            StoreEffect::Silent(silent) => {
                let answers = self.is_free_after(Thing::StoreAnswers(store), by, !silent);
                let was_up = self.stores.is_up(store);
                self.stores.silence(store, !answers);
                self.note_store(store, was_up);
            }
            StoreEffect::Slow(added) => {
                let added = Some(added).filter(|added| *added > Span::ZERO);
                self.holds.slow_stores.set(store, by, added);
                let slowest = self.holds.slow_stores.asked(store).max();
                self.stores.slow_down(store, slowest.unwrap_or(Span::ZERO));
            }
            StoreEffect::Lost => {
                self.stores.lose(store);
                self.change(Entity::Store(store), Happening::Down);
            }
            StoreEffect::Partitioned(partitioned) => {
                let whole = self.is_free_after(Thing::StoreWhole(store), by, !partitioned);
                self.stores.partition(store, !whole, now);
            }
        }
    }

    /// New content on the stores of some containers.
    pub(super) fn deploy(&mut self, containers: &[ContainerId]) {
        let stores: Vec<StoreId> = containers
            .iter()
            .filter_map(|c| self.plan.containers[*c].store)
            .collect();
        let version = self.stores.deploy(&stores, self.now());
        for store in stores {
            self.change(Entity::Store(store), Happening::Deployed { version });
        }
    }

    fn note_store(&mut self, store: StoreId, was_up: bool) {
        let is_up = self.stores.is_up(store);
        if is_up != was_up {
            let what = if is_up {
                Happening::Up
            } else {
                Happening::Down
            };
            self.change(Entity::Store(store), what);
        }
    }
}

/// What a request finds of a key.
#[derive(Clone, Copy, Debug)]
struct Found {
    state: StateFound,
    /// Why that breaks its session, if it does.
    break_cause: Option<BreakCause>,
}

impl Found {
    /// What a lookup in a store means for a session.
    #[inline]
    fn of(
        session: &Session,
        stores: &Stores,
        (store, key): (StoreId, u64),
        lookup: Lookup,
    ) -> Self {
        // A session breaks once.
        let breaks = lookup.is_loss() && session.broken.is_none();
        Found {
            state: state_found(lookup),
            break_cause: breaks.then(|| stores.why_missing(store, key)),
        }
    }
}

/// What a request found of the state of its session in its own container, and what it wrote of it.
#[derive(Clone, Copy, Debug)]
pub(super) struct OwnState {
    found: Found,
    written: Option<Written>,
}

impl OwnState {
    /// The state of a session that keeps none there.
    pub(super) const NONE: OwnState = OwnState {
        found: Found {
            state: StateFound::NotAsked,
            break_cause: None,
        },
        written: None,
    };

    /// A request reads, and may write, the state of its session in its container on a host, as of a moment before.
    #[inline(always)] // See `Recorder::request_in`.
    pub(super) fn used(
        session: &Session,
        carries: Carries,
        stores: &mut Stores,
        (store, host): (StoreId, HostId),
        then: Time,
    ) -> OwnState {
        let key = session.key;
        let lookup = stores.read(store, host, key, then);
        let found = Found::of(session, stores, (store, key), lookup);
        // A login is written once.
        let is_written = carries == Carries::Login && session.request > 0;
        let writes = session.sent.is_write && !is_written;
        OwnState {
            found,
            written: writes.then(|| stores.write(store, key, then)),
        }
    }

    /// The answer of a success is with the client at once; says what the request found.
    #[inline]
    pub(super) fn is_told(
        self,
        session: &mut Session,
        carries: Carries,
        stores: &mut Stores,
    ) -> StateFound {
        misses(session, carries, self.found);
        if let Some(written) = self.written {
            acknowledge(session, carries, stores, written);
        }
        self.found.state
    }

    /// The answer is on its way to the client.
    pub(super) fn is_kept(self, open: &mut Open) {
        open.finds(self.found.state, self.found.break_cause);
        if let Some(written) = self.written {
            open.aside_mut().written = Some(written);
        }
    }
}

/// The answer is with the client: what it wrote is acknowledged, and what it missed breaks the session.
#[inline]
pub(super) fn settle_state(session: &mut Session, carries: Carries, stores: &mut Stores) {
    if !session.open.outcome.is_success() {
        return;
    }
    let aside = session.open.aside();
    let written = aside.and_then(|aside| aside.written);
    let found = Found {
        state: session.open.state,
        break_cause: aside.and_then(|aside| aside.break_cause),
    };
    misses(session, carries, found);
    if let Some(written) = written {
        acknowledge(session, carries, stores, written);
    }
}

/// A session whose request has succeeded is broken if that missed something of its state.
#[inline]
fn misses(session: &mut Session, carries: Carries, found: Found) {
    let is_broken = matches!(found.state, StateFound::Stale | StateFound::Missing);
    if carries != Carries::Nothing && is_broken {
        let cause = found.break_cause.unwrap_or(BreakCause::ReplicaSwitch);
        session.broken.get_or_insert(cause);
    }
}

/// The client learns that its request was written.
#[inline]
fn acknowledge(session: &mut Session, carries: Carries, stores: &mut Stores, written: Written) {
    session.acknowledged |= carries != Carries::Nothing;
    stores.acknowledge(written);
}

#[inline]
fn state_found(lookup: Lookup) -> StateFound {
    match lookup {
        Lookup::Fresh => StateFound::Fresh,
        Lookup::Found => StateFound::Found,
        Lookup::Stale => StateFound::Stale,
        Lookup::Missing => StateFound::Missing,
    }
}
