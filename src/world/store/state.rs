//! All stores of a world.

use super::access::{Condition, HostState};
use super::dataset::{CONTENT, DatasetState, side_of};
use super::divergence::{BreakCause, Divergence};
use super::follower::Follower;
use super::record::{Lookup, Version};
use crate::kernel::random::{Keyed, Source, Streams};
use crate::kernel::time::{Span, Time};
use crate::world::blueprint::{Blueprint, StoreKind};
use crate::world::ids::*;

/// All stores, and the data sets they keep.
#[derive(Clone, Debug)]
pub struct Stores {
    pub(super) stores: Arena<StoreId, StoreState>,
    pub(super) datasets: Arena<DatasetId, DatasetState>,
    pub(super) hosts: Arena<HostId, HostState>,
    /// The store in the memory of each container, if there is one.
    pub(super) memory_of: Arena<ContainerId, Option<StoreId>>,
}

/// One store.
#[derive(Clone, Debug)]
pub(super) struct StoreState {
    pub(super) kind: StoreKind,
    pub(super) dataset: DatasetId,
    /// Its position among the stores of its data set.
    pub(super) side: usize,
    pub(super) condition: Condition,
    /// Asynchronous: which member is the primary.
    pub(super) primary: usize,
    /// Asynchronous: one per member; that of the primary is idle.
    pub(super) followers: Vec<Follower>,
    /// Asynchronous: since when the primary is out of reach.
    pub(super) primary_lost: Option<Time>,
    /// Where the lags come from.
    lag_key: u64,
}

/// A write that was executed, until its client is told.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Written {
    /// The store it went to.
    pub store: StoreId,
    /// The key.
    pub key: u64,
    /// The version it made.
    pub version: Version,
}

impl Stores {
    /// The stores of a blueprint at time 0: empty but for content, of which all have one version.
    ///
    /// # Panics
    /// If a data set does not list a store that names it.
    pub fn new(blueprint: &Blueprint, streams: &Streams) -> Stores {
        let stores = blueprint.stores.map(|(id, store)| {
            let members = match &store.kind {
                StoreKind::Asynchronous { members, .. } => members.len(),
                _ => 0,
            };
            StoreState {
                kind: store.kind.clone(),
                dataset: store.dataset,
                side: side_of(&blueprint.datasets[store.dataset], id),
                condition: Condition::default(),
                primary: 0,
                followers: vec![Follower::default(); members],
                primary_lost: None,
                lag_key: streams.stream("lag", &store.name).bits(),
            }
        });
        let is_memory =
            |store: &StoreId| matches!(blueprint.stores[*store].kind, StoreKind::Memory);
        Stores {
            stores,
            datasets: blueprint
                .datasets
                .map(|(id, declared)| DatasetState::new(id, declared)),
            hosts: blueprint.hosts.map(|_| HostState {
                powered: true,
                line: true,
            }),
            memory_of: blueprint.containers.map(|(_, c)| c.store.filter(is_memory)),
        }
    }

    /// What a service on host `at` finds of a key, if the store [answers](Stores::answer).
    #[inline(always)] // See `Recorder::request_in`.
    pub fn read(&mut self, store: StoreId, at: HostId, key: u64, now: Time) -> Lookup {
        let state = &mut self.stores[store];
        let dataset = &mut self.datasets[state.dataset];
        if let StoreKind::Asynchronous { members, .. } = &state.kind
            && let Some(member) = members.iter().position(|member| *member == at)
            && member != state.primary
        {
            let copy = &mut state.followers[member];
            return dataset.read(state.side, key, |version| copy.version(key, version, now));
        }
        dataset.read(state.side, key, |version| version)
    }

    /// Executes a write, if the store [answers](Stores::answer). It counts for others once it is
    /// [acknowledged](Stores::acknowledge).
    pub fn write(&mut self, store: StoreId, key: u64, now: Time) -> Written {
        let dataset = self.stores[store].dataset;
        let version = self.datasets[dataset].next_version();
        self.put(store, key, version, now);
        self.datasets[dataset].note_difference(key, now);
        Written {
            store,
            key,
            version,
        }
    }

    /// The client was told of a write.
    pub fn acknowledge(&mut self, written: Written) {
        let state = &mut self.stores[written.store];
        for follower in &mut state.followers {
            follower.acknowledge(written.version);
        }
        self.datasets[state.dataset].acknowledge(state.side, written.key, written.version);
    }

    /// New content on these stores, known to all at once; one new version per data set.
    ///
    /// # Panics
    /// If there are more than 2^32 versions.
    pub fn deploy(&mut self, stores: &[StoreId], now: Time) -> u32 {
        let mut versions: Arena<DatasetId, Option<Version>> = self.datasets.map(|_| None);
        let mut newest = Version::NONE;
        for &store in stores {
            let dataset = self.stores[store].dataset;
            let next = || self.datasets[dataset].next_version();
            let version = *versions[dataset].get_or_insert_with(next);
            newest = newest.max(version);
            self.put(store, CONTENT, version, now);
            self.acknowledge(Written {
                store,
                key: CONTENT,
                version,
            });
        }
        for &store in stores {
            self.datasets[self.stores[store].dataset].note_difference(CONTENT, now);
        }
        u32::try_from(newest.0).expect("fewer than 2^32 versions")
    }

    /// Counts a page view of a session; `visitor` is the visitor behind it, if it comes from a
    /// known number of visitors, else the session is a visitor of its own.
    pub fn visit(&mut self, store: StoreId, session: u64, visitor: Option<u64>) {
        let state = &self.stores[store];
        self.datasets[state.dataset]
            .visits
            .note(state.side, session, visitor);
    }

    /// Why a read of a store did not find what had been acknowledged.
    pub fn why_missing(&self, store: StoreId, key: u64) -> BreakCause {
        let state = &self.stores[store];
        self.datasets[state.dataset].why_missing(state.side, key)
    }

    /// A session ended: what it left behind is counted and forgotten.
    ///
    /// Simplification: what happens to a store later no longer counts for an ended session.
    pub fn session_ended(&mut self, key: u64) {
        for (_, dataset) in self.datasets.iter_mut() {
            dataset.session_ended(key);
        }
    }

    /// How far the stores of each data set have come apart.
    pub fn divergences(&self) -> Vec<Divergence> {
        self.datasets
            .iter()
            .map(|(_, dataset)| dataset.divergence())
            .collect()
    }

    /// Puts a version into a store and sends it to its copies.
    fn put(&mut self, store: StoreId, key: u64, version: Version, now: Time) {
        let state = &mut self.stores[store];
        let dataset = &mut self.datasets[state.dataset];
        let before = dataset.write(state.side, key, version);
        let StoreKind::Asynchronous { lag, .. } = &state.kind else {
            return;
        };
        for (member, follower) in state.followers.iter_mut().enumerate() {
            if member != state.primary {
                let mut words = Keyed::new(state.lag_key, version.0, 0, member as u32);
                let lag: Span = lag.sample(&mut words);
                follower.send(key, before, version, lag, now);
            }
        }
    }
}
