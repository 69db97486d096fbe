//! Whether a store answers, and from where.

use super::Stores;
use crate::kernel::time::Span;
use crate::world::blueprint::StoreKind;
use crate::world::ids::{HostId, StoreId};

/// What a service wants of a store.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Operation {
    /// To read.
    Read,
    /// To write.
    Write,
}

/// Where the copy is that answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Server {
    /// In the container itself.
    Container,
    /// On a host.
    Host(HostId),
    /// At the store's own site.
    Site,
}

/// How a store answers.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    /// It does.
    Serves {
        /// Where.
        by: Server,
        /// How much longer than usual it takes.
        slower_by: Span,
    },
    /// It says no at once: one round trip.
    Refuses,
    /// It says nothing: the service waits for its time-out.
    Silent,
}

/// What a fault has done to a store.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Condition {
    pub(super) refuses: bool,
    pub(super) silent: bool,
    pub(super) partitioned: bool,
    pub(super) slower_by: Span,
}

/// Whether a host has power and a line.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct HostState {
    pub(super) powered: bool,
    pub(super) line: bool,
}

impl HostState {
    /// Whether other hosts can reach it.
    pub(super) fn is_connected(self) -> bool {
        self.powered && self.line
    }
}

impl Stores {
    /// How a store answers a service on host `at`.
    ///
    /// An asynchronous store is read on the service's own host if that has a copy, else at the
    /// primary, and written at the primary. A synchronous one is used on the own host if it is a
    /// member, else at the first member in reach, and only by a side with a majority: the rest
    /// refuses reads too, as Galera does.
    pub fn answer(&self, store: StoreId, at: HostId, operation: Operation) -> Answer {
        let state = &self.stores[store];
        let by = match &state.kind {
            _ if state.condition.silent => Err(Answer::Silent),
            _ if state.condition.refuses => Err(Answer::Refuses),
            StoreKind::Memory | StoreKind::Disk => Ok(Server::Container),
            StoreKind::OnHost { host } => self.reached(at, *host),
            StoreKind::Shared { .. } if self.hosts[at].line => Ok(Server::Site),
            StoreKind::Shared { .. } => Err(Answer::Silent),
            StoreKind::Asynchronous { members, .. } => {
                let primary = members[state.primary];
                let has_copy = members.contains(&at);
                if operation == Operation::Read && has_copy {
                    Ok(Server::Host(at))
                } else if state.condition.partitioned && has_copy && at != primary {
                    Err(Answer::Silent)
                } else {
                    self.reached(at, primary)
                }
            }
            StoreKind::Synchronous { .. } => self.synchronous_member(store, at),
        };
        let slower_by = state.condition.slower_by;
        by.map_or_else(|refusal| refusal, |by| Answer::Serves { by, slower_by })
    }

    /// The other members of a synchronous store that a write through `member` waits for: all that
    /// it reaches. Empty for other kinds.
    pub fn commit_members(&self, store: StoreId, member: HostId) -> Vec<HostId> {
        let state = &self.stores[store];
        let StoreKind::Synchronous { members } = &state.kind else {
            return Vec::new();
        };
        let partitioned = state.condition.partitioned;
        let joined =
            |other: &HostId| *other != member && !partitioned && self.can_reach(member, *other);
        members.iter().copied().filter(joined).collect()
    }

    /// The member of a synchronous store that serves a host.
    ///
    /// Simplification: the majority of a synchronous store is counted among all declared members; Galera counts
    /// among the members of the last majority, which matters from five members on.
    fn synchronous_member(&self, store: StoreId, at: HostId) -> Result<Server, Answer> {
        let StoreKind::Synchronous { members } = &self.stores[store].kind else {
            return Err(Answer::Refuses);
        };
        let has_majority =
            |member: &HostId| 2 * (self.commit_members(store, *member).len() + 1) > members.len();
        // A service beside a member uses that one alone.
        let candidates = if members.contains(&at) {
            vec![at]
        } else {
            members.clone()
        };
        let mut reached = candidates
            .into_iter()
            .filter(|member| self.can_reach(at, *member))
            .peekable();
        if reached.peek().is_none() {
            return Err(Answer::Silent);
        }
        reached
            .find(has_majority)
            .map(Server::Host)
            .ok_or(Answer::Refuses)
    }

    fn reached(&self, at: HostId, host: HostId) -> Result<Server, Answer> {
        let reached = self.can_reach(at, host);
        if reached {
            Ok(Server::Host(host))
        } else {
            Err(Answer::Silent)
        }
    }

    /// Whether a process on one host can talk to one on the other.
    fn can_reach(&self, from: HostId, to: HostId) -> bool {
        let powered = self.hosts[from].powered && self.hosts[to].powered;
        powered && (from == to || (self.hosts[from].line && self.hosts[to].line))
    }
}
