//! What ties a session to an endpoint.

use super::Balancers;
use super::question::Asker;
use super::state::{BalancerState, EndpointState};
use crate::kernel::time::Time;
use crate::world::blueprint::{Affinity, Balancer, ZeroDowntimeFailover};
use crate::world::ids::{BalancerId, EndpointId};

/// A session's tie to an endpoint: the vendor's `__cflb` cookie, or its entry for a header.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct AffinityCookie {
    /// The balancer that made it, and alone can read it.
    pub balancer: BalancerId,
    /// The endpoint.
    pub endpoint: EndpointId,
    /// When it was made; with affinity by header, when it was last used.
    pub since: Time,
}

/// What a session's tie means for one request.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Tie {
    /// There is none: any endpoint, and a new tie to it.
    Free,
    /// The request goes where its session is tied to.
    Holds(EndpointId),
    /// The request goes elsewhere for once.
    Loose(EndpointId),
    /// The request fails where it failed: no second endpoint is tried.
    Fails,
}

impl Balancers {
    /// What the session's tie means for a request.
    pub(super) fn tie(&self, balancer: BalancerId, asker: &Asker<'_>) -> Tie {
        let BalancerState { declared, .. } = &self.balancers[balancer];
        let cookie = asker.cookie.filter(|cookie| {
            declared.affinity != Affinity::None
                && cookie.balancer == balancer
                && asker.now.since(cookie.since) < declared.affinity_ttl
        });
        let Some(AffinityCookie { endpoint, .. }) = cookie else {
            return Tie::Free;
        };
        if asker.tried.contains(&endpoint) {
            return retried(declared, endpoint);
        }
        let state = &self.endpoints[endpoint];
        if !self.keeps_sessions(declared, state, asker.now) {
            Tie::Free
        } else if state.is_healthy() {
            Tie::Holds(endpoint)
        } else if declared.zero_downtime_failover == ZeroDowntimeFailover::Temporary {
            Tie::Loose(endpoint)
        } else {
            Tie::Free
        }
    }

    /// Whether an endpoint, if it is healthy, serves the sessions tied to it.
    ///
    /// Simplification: only a disabled endpoint drains; the sessions of a disabled pool move at
    /// once, since the vendor documents a drain for endpoints alone.
    fn keeps_sessions(&self, balancer: &Balancer, endpoint: &EndpointState, now: Time) -> bool {
        let drains = || now.since(endpoint.disabled_at) < balancer.drain;
        self.pools[endpoint.declared.pool].enabled && (endpoint.declared.enabled || drains())
    }

    /// The tie that the session carries on after an answer from `chosen`; none: as before.
    ///
    /// The life of a cookie counts from its making, that of a header's entry from its last use.
    pub(super) fn renewed(
        &self,
        balancer: BalancerId,
        tie: Tie,
        chosen: EndpointId,
        now: Time,
    ) -> Option<AffinityCookie> {
        let affinity = self.balancers[balancer].declared.affinity;
        let made = |endpoint| {
            Some(AffinityCookie {
                balancer,
                endpoint,
                since: now,
            })
        };
        match (affinity, tie) {
            (Affinity::None, _) => None,
            (_, Tie::Free | Tie::Fails) => made(chosen),
            (Affinity::Header, Tie::Holds(endpoint) | Tie::Loose(endpoint)) => made(endpoint),
            (_, Tie::Holds(_) | Tie::Loose(_)) => None,
        }
    }
}

/// What the tie means once a request has failed at its endpoint.
fn retried(balancer: &Balancer, endpoint: EndpointId) -> Tie {
    match balancer.zero_downtime_failover {
        ZeroDowntimeFailover::None => Tie::Fails,
        ZeroDowntimeFailover::Temporary => Tie::Loose(endpoint),
        // The vendor does not support it by header, so there it acts as none.
        ZeroDowntimeFailover::Sticky if balancer.affinity == Affinity::Header => Tie::Fails,
        ZeroDowntimeFailover::Sticky => Tie::Free,
    }
}

#[cfg(test)]
mod tests;
