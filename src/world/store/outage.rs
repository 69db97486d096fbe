//! What faults do to stores.

use super::Stores;
use super::access::HostState;
use super::state::StoreState;
use crate::kernel::time::{Span, Time};
use crate::world::blueprint::StoreKind;
use crate::world::ids::{Arena, ContainerId, HostId, StoreId};

/// A copy that became the primary.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Promotion {
    /// Its host.
    pub to: HostId,
    /// Acknowledged writes that it did not have, and that are lost.
    pub lost_writes: u64,
}

impl Stores {
    /// A store refuses connections, or stops doing so.
    pub fn refuse(&mut self, store: StoreId, refuses: bool) {
        self.stores[store].condition.refuses = refuses;
    }

    /// Whether no fault keeps a store from answering.
    pub fn is_up(&self, store: StoreId) -> bool {
        let condition = self.stores[store].condition;
        !condition.refuses && !condition.silent
    }

    /// A store falls silent, or speaks again.
    pub fn silence(&mut self, store: StoreId, silent: bool) {
        self.stores[store].condition.silent = silent;
    }

    /// A store takes this much longer for each answer; zero: no longer.
    pub fn slow_down(&mut self, store: StoreId, by: Span) {
        self.stores[store].condition.slower_by = by;
    }

    /// The copies of a store are cut off from each other, or see each other again.
    ///
    /// Simplification: a partition promotes no copy, so there are never two primaries; a store
    /// without copies does not notice.
    pub fn partition(&mut self, store: StoreId, partitioned: bool, now: Time) {
        self.stores[store].condition.partitioned = partitioned;
        self.stores[store].join_followers(&self.hosts, now);
    }

    /// A store loses all it has, on all members, and goes on empty.
    pub fn lose(&mut self, store: StoreId) {
        let state = &mut self.stores[store];
        for follower in &mut state.followers {
            follower.drop_pending();
        }
        self.datasets[state.dataset].lose(state.side);
    }

    /// The process of a container ended: what it kept in memory is gone.
    pub fn process_ended(&mut self, container: ContainerId) {
        if let Some(store) = self.memory_of[container] {
            self.lose(store);
        }
    }

    /// A host has power, or none. Returns the stores without a primary that now have a member to
    /// [promote](Stores::promote), each with the time until then.
    ///
    /// Simplification: a host's disk survives a power cut, and a member of a store that returns has caught up at once.
    pub fn host_powered(&mut self, host: HostId, powered: bool, now: Time) -> Vec<(StoreId, Span)> {
        self.hosts[host].powered = powered;
        self.host_changed(host, now)
    }

    /// A host's line is up, or cut. Returns the same as `host_powered`.
    pub fn host_line(&mut self, host: HostId, up: bool, now: Time) -> Vec<(StoreId, Span)> {
        self.hosts[host].line = up;
        self.host_changed(host, now)
    }

    /// Whether the primary of a store was out of reach all this time; the next member in declared
    /// order that is in reach then takes over. To be called when the time that `host_powered` or
    /// `host_line` gave with the store has passed; does nothing if the primary is back, or was.
    ///
    /// What had not reached the new primary when the old one went is lost, on all members.
    pub fn promote(&mut self, store: StoreId, now: Time) -> Option<Promotion> {
        let state = &mut self.stores[store];
        let StoreKind::Asynchronous {
            members,
            promote_after,
            ..
        } = &state.kind
        else {
            return None;
        };
        let waited = now.since(state.primary_lost?);
        promote_after.filter(|after| waited >= *after)?;
        let others = (1..members.len()).map(|step| (state.primary + step) % members.len());
        let connected = |member: &usize| self.hosts[members[*member]].is_connected();
        let new_primary = others.clone().find(connected)?;

        let mut lost_writes = 0;
        for dropped in state.followers[new_primary].drop_pending() {
            lost_writes += u64::from(dropped.lost);
            let dataset = &mut self.datasets[state.dataset];
            dataset.roll_back(state.side, dropped.key, dropped.left, dropped.lost);
        }
        // Simplification: when a copy of a store is promoted the other copies take over its data without delay.
        for follower in &mut state.followers {
            follower.drop_pending();
        }
        state.primary = new_primary;
        state.primary_lost = None;
        let to = members[new_primary];
        state.join_followers(&self.hosts, now);
        Some(Promotion { to, lost_writes })
    }

    fn host_changed(&mut self, host: HostId, now: Time) -> Vec<(StoreId, Span)> {
        let Stores { stores, hosts, .. } = self;
        let lost = |(id, state): (StoreId, &mut StoreState)| {
            let after = state.host_changed(host, hosts, now)?;
            Some((id, after))
        };
        stores.iter_mut().filter_map(lost).collect()
    }
}

impl StoreState {
    /// Takes in that a host changed; the time until a promotion if the primary was lost with it, or
    /// if a member came back while it is lost.
    fn host_changed(
        &mut self,
        host: HostId,
        hosts: &Arena<HostId, HostState>,
        now: Time,
    ) -> Option<Span> {
        let StoreKind::Asynchronous {
            members,
            promote_after,
            ..
        } = &self.kind
        else {
            return None;
        };
        let promote_after = *promote_after;
        if !members.contains(&host) {
            return None;
        }
        let is_lost = !hosts[members[self.primary]].is_connected();
        let since = self.primary_lost.unwrap_or(now);
        let is_news = self.primary_lost.is_none() || hosts[host].is_connected();
        self.primary_lost = is_lost.then_some(since);
        self.join_followers(hosts, now);
        let waited = now.since(since).as_nanos();
        let left = |after: Span| Span::from_nanos(after.as_nanos().saturating_sub(waited));
        promote_after.filter(|_| is_lost && is_news).map(left)
    }

    /// Cuts off the copies that the primary does not reach, and joins the others.
    fn join_followers(&mut self, hosts: &Arena<HostId, HostState>, now: Time) {
        let StoreKind::Asynchronous { members, .. } = &self.kind else {
            return;
        };
        let primary_connected = hosts[members[self.primary]].is_connected();
        for (follower, host) in self.followers.iter_mut().zip(members) {
            let joined = primary_connected && hosts[*host].is_connected();
            follower.cut_off(self.condition.partitioned || !joined, now);
        }
    }
}
