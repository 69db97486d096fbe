//! What services keep: the store is asked, and the client hears of it with the answer.

use super::Simulation;
use super::event::{Class, Event, order};
use super::outage::Thing;
use super::service::Job;
use super::session::{Draw, Session};
use crate::fault::StoreEffect;
use crate::kernel::random::Source;
use crate::kernel::time::Span;
use crate::measure::observation::{Entity, Happening, StateFound};
use crate::world::blueprint::{Carries, Holds, StoreKind};
use crate::world::held::StrikeId;
use crate::world::ids::*;
use crate::world::store::{Answer, Lookup, Operation, Server, Stores};
use crate::world::travel::place_of;

/// A store, and what is wanted of it.
pub(super) type Asked = (StoreId, Operation);

impl Simulation<'_> {
    /// How long a job waits for its store; zero when the store is inside the container, or none is asked.
    pub(super) fn store_delay(&mut self, container: ContainerId, asked: Option<Asked>) -> Span {
        let Some((store, operation)) = asked else {
            return Span::ZERO;
        };
        let host = self.plan.containers[container].host;
        match self.stores.answer(store, host, operation) {
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
    pub(super) fn store_use(&self, container: ContainerId, job: &Job) -> Option<Asked> {
        let store = self.plan.containers[container].store?;
        let carries = match job.errand.group {
            Some(group) => self.plan.groups[group].carries,
            None => Carries::Nothing,
        };
        let is_write = job.errand.is_write;
        // A login is written once.
        let is_written = carries == Carries::Login && job.errand.request > 0;
        let operation = match self.holds(store) {
            Holds::Sessions if carries == Carries::Nothing => return None,
            _ if job.errand.group.is_none() => Operation::Read,
            Holds::Visits => Operation::Write,
            Holds::Content => Operation::Read,
            Holds::Sessions if is_written => Operation::Read,
            Holds::Sessions | Holds::Records { .. } if is_write => Operation::Write,
            Holds::Sessions | Holds::Records { .. } => Operation::Read,
        };
        Some((store, operation))
    }

    fn holds(&self, store: StoreId) -> Holds {
        self.plan.datasets[self.plan.stores[store].dataset].holds
    }

    /// The job reads and writes; false when the store could not be reached.
    ///
    /// Simplification: a store is asked and answers at one instant, the one at which its answer is back.
    /// Simplification: what a session's own state gets after the session ended is not written, for nobody asks for it.
    pub(super) fn use_store(
        &mut self,
        container: ContainerId,
        job: &Job,
        asked: Option<Asked>,
    ) -> bool {
        let Some((store, operation)) = asked else {
            return true;
        };
        let now = self.now();
        let host = self.plan.containers[container].host;
        if !matches!(
            self.stores.answer(store, host, operation),
            Answer::Serves { .. }
        ) {
            return false;
        }
        let errand = job.errand;
        let Some(group) = errand.group else {
            return true;
        };
        let current = self.is_current(job);
        let key = match self.holds(store) {
            Holds::Visits => {
                // Groups number their visitors from 0, and are different people.
                let of_group = u64::from(group.0) << 48;
                let is_known = self.plan.groups[group].visitors.is_some();
                let visitor = is_known.then_some(of_group | errand.visitor);
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
        let reads = operation == Operation::Read || self.holds(store) == Holds::Sessions;
        if reads {
            let found = self.stores.read(store, host, key, now);
            if current {
                let open = &mut self.sessions[job.session].open;
                open.state = state_found(found);
                if found.is_loss() {
                    open.break_cause = self.stores.why_missing(store, key);
                }
            }
        }
        if operation == Operation::Write {
            let written = self.stores.write(store, key, now);
            if current {
                self.sessions[job.session].open.written = Some(written);
            }
        }
        true
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

/// The answer is with the client: what it wrote is acknowledged, and what it missed breaks the session.
pub(super) fn settle_state(session: &mut Session, carries: Carries, stores: &mut Stores) {
    if !session.open.outcome.is_success() {
        return;
    }
    let is_broken = matches!(session.open.state, StateFound::Stale | StateFound::Missing);
    if carries != Carries::Nothing && is_broken {
        session.broken.get_or_insert(session.open.break_cause);
    }
    if let Some(written) = session.open.written.take() {
        session.acknowledged |= carries != Carries::Nothing;
        stores.acknowledge(written);
    }
}

fn state_found(lookup: Lookup) -> StateFound {
    match lookup {
        Lookup::Fresh => StateFound::Fresh,
        Lookup::Found => StateFound::Found,
        Lookup::Stale => StateFound::Stale,
        Lookup::Missing => StateFound::Missing,
    }
}
