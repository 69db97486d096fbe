//! The session and cart ledger: what became of what visitors had with them.

use serde::Serialize;

use super::observation::{BreakCause, Checkout, SessionFate, SessionSeen};
use super::scope::Scope;
use super::selection::{Filter, Selection};

/// Counts of sessions.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct SessionCounts {
    /// Sessions whose every lookup found what had been acknowledged.
    pub intact: u64,
    /// Sessions that broke, by [`BreakCause`].
    broken: [u64; 3],
    /// Sessions whose client left after an error.
    pub abandoned: u64,
    /// Requests they sent.
    pub requests: u64,
    /// How often two successive answers came from different replicas.
    pub hops: u64,
    /// Sessions with at least one hop.
    pub hopped: u64,
    /// Sessions without a failed request.
    pub unharmed: u64,
    /// Carts that were ever acknowledged.
    pub carts: u64,
    /// Of these, carts that broke.
    pub carts_lost: u64,
    /// Log-ins that were ever acknowledged.
    pub logins: u64,
    /// Of these, log-ins that broke.
    pub logins_lost: u64,
    /// Cart sessions.
    pub cart_sessions: u64,
    /// Cart sessions that did not check out their whole cart.
    pub checkouts_lost: u64,
}

impl SessionCounts {
    /// Adds one session.
    pub fn record(&mut self, seen: &SessionSeen) {
        let broke = matches!(seen.fate, SessionFate::Broken(_));
        match seen.fate {
            SessionFate::Intact => self.intact += 1,
            SessionFate::Broken(cause) => self.broken[cause as usize] += 1,
            SessionFate::Abandoned => self.abandoned += 1,
        }
        self.requests += u64::from(seen.requests);
        self.hops += u64::from(seen.hops);
        self.hopped += u64::from(seen.hops > 0);
        self.unharmed += u64::from(seen.failed == 0);
        let (kept, lost) = match seen.checkout {
            Some(_) => (&mut self.carts, &mut self.carts_lost),
            None => (&mut self.logins, &mut self.logins_lost),
        };
        *kept += u64::from(seen.acknowledged);
        *lost += u64::from(seen.acknowledged && broke);
        self.cart_sessions += u64::from(seen.checkout.is_some());
        self.checkouts_lost += u64::from(seen.checkout == Some(Checkout::Lost));
    }

    /// Adds all sessions of other counts.
    pub fn merge(&mut self, other: &SessionCounts) {
        self.intact += other.intact;
        self.broken
            .iter_mut()
            .zip(other.broken)
            .for_each(|(mine, theirs)| *mine += theirs);
        self.abandoned += other.abandoned;
        self.requests += other.requests;
        self.hops += other.hops;
        self.hopped += other.hopped;
        self.unharmed += other.unharmed;
        self.carts += other.carts;
        self.carts_lost += other.carts_lost;
        self.logins += other.logins;
        self.logins_lost += other.logins_lost;
        self.cart_sessions += other.cart_sessions;
        self.checkouts_lost += other.checkouts_lost;
    }

    /// All sessions.
    pub fn sessions(&self) -> u64 {
        self.intact + self.broken() + self.abandoned
    }

    /// Sessions that broke.
    pub fn broken(&self) -> u64 {
        self.broken.iter().sum()
    }

    /// Sessions that broke for this cause.
    pub fn broken_by(&self, cause: BreakCause) -> u64 {
        self.broken[cause as usize]
    }
}

/// The filters that the run's own tally of sessions can answer.
pub const SESSION_FILTERS: &[Filter] = &[Filter::Group];

/// Counts of all sessions of a run, by client group.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct SessionLedger {
    by_group: Vec<SessionCounts>,
}

impl SessionLedger {
    /// Empty counts of so many groups.
    pub fn new(groups: usize) -> SessionLedger {
        SessionLedger {
            by_group: vec![SessionCounts::default(); groups],
        }
    }

    /// Adds one session.
    pub fn record(&mut self, seen: &SessionSeen) {
        self.by_group[usize::from(seen.group.0)].record(seen);
    }

    /// The counts of each group, in declared order.
    pub fn by_group(&self) -> &[SessionCounts] {
        &self.by_group
    }

    /// The counts that a selection of [`SESSION_FILTERS`] holds.
    pub fn select(&self, selection: &Selection) -> SessionCounts {
        debug_assert!(selection.uses_only(SESSION_FILTERS));
        let mut total = SessionCounts::default();
        let wanted = |index: usize| selection.group.is_none_or(|id| usize::from(id.0) == index);
        let rows = self
            .by_group
            .iter()
            .enumerate()
            .filter(|&(index, _)| wanted(index));
        rows.for_each(|(_, counts)| total.merge(counts));
        total
    }

    /// Adds the sessions of another replication of the same scenario.
    pub fn merge(&mut self, other: &SessionLedger) {
        let pairs = self.by_group.iter_mut().zip(&other.by_group);
        pairs.for_each(|(mine, theirs)| mine.merge(theirs));
    }

    /// The counts of every group with its name.
    pub fn summary(&self, scope: &Scope) -> Vec<SessionSummary> {
        let row = |(counts, named): (&SessionCounts, &super::scope::Named)| SessionSummary {
            group: named.name.clone(),
            sessions: counts.sessions(),
            intact: counts.intact,
            broken_by_replica_switch: counts.broken_by(BreakCause::ReplicaSwitch),
            broken_by_store_lost: counts.broken_by(BreakCause::StoreLost),
            broken_by_stale_copy: counts.broken_by(BreakCause::StaleCopy),
            abandoned: counts.abandoned,
            requests: counts.requests,
            hops: counts.hops,
            hopped: counts.hopped,
            unharmed: counts.unharmed,
            carts: counts.carts,
            carts_lost: counts.carts_lost,
            logins: counts.logins,
            logins_lost: counts.logins_lost,
            checkouts_lost: counts.checkouts_lost,
        };
        self.by_group.iter().zip(&scope.groups).map(row).collect()
    }
}

/// The sessions of one group, as they are written to files.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct SessionSummary {
    /// The client group.
    pub group: String,
    /// All sessions.
    pub sessions: u64,
    /// Sessions whose state was always found whole.
    pub intact: u64,
    /// Sessions that were answered from another store than their own.
    pub broken_by_replica_switch: u64,
    /// Sessions whose store lost what it had.
    pub broken_by_store_lost: u64,
    /// Sessions that met a copy that was behind.
    pub broken_by_stale_copy: u64,
    /// Sessions whose client left after an error.
    pub abandoned: u64,
    /// Requests they sent.
    pub requests: u64,
    /// Answers from another replica than the one before.
    pub hops: u64,
    /// Sessions with at least one hop.
    pub hopped: u64,
    /// Sessions without a failed request.
    pub unharmed: u64,
    /// Carts ever acknowledged.
    pub carts: u64,
    /// Carts lost.
    pub carts_lost: u64,
    /// Log-ins ever acknowledged.
    pub logins: u64,
    /// Log-ins lost.
    pub logins_lost: u64,
    /// Cart sessions without a checkout of the whole cart.
    pub checkouts_lost: u64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::testing::session;

    #[test]
    fn a_broken_cart_is_lost_only_if_it_existed() {
        let mut counts = SessionCounts::default();
        let cart = SessionSeen {
            checkout: Some(Checkout::Lost),
            ..session(0)
        };
        let broken = SessionFate::Broken(BreakCause::StoreLost);
        counts.record(&SessionSeen {
            fate: broken,
            acknowledged: true,
            ..cart
        });
        counts.record(&SessionSeen {
            fate: SessionFate::Abandoned,
            ..cart
        });
        counts.record(&SessionSeen {
            acknowledged: true,
            ..session(1)
        });
        assert_eq!(
            (counts.carts, counts.carts_lost, counts.checkouts_lost),
            (1, 1, 2)
        );
        assert_eq!((counts.logins, counts.logins_lost), (1, 0));
        assert_eq!(
            (
                counts.sessions(),
                counts.broken(),
                counts.abandoned,
                counts.intact
            ),
            (3, 1, 1, 1)
        );
    }
}
