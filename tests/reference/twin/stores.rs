//! Stores, and what a request finds there.

use super::*;
use tunnelsim::measure::observation::BreakCause;
use tunnelsim::world::blueprint::{Carries, StoreKind};

impl Twin<'_> {
    /// The store that a request's session keeps something in.
    pub fn store_of(&self, container: usize, token: Token) -> Option<usize> {
        let session = &self.sessions[token.session];
        let keeps = self.groups[session.group].plan.carries != Carries::Nothing;
        let name = self.containers[container]
            .store
            .as_ref()
            .filter(|_| keeps)?;
        self.stores.iter().position(|it| it.plan.name == *name)
    }

    pub fn way_to_store(&self, container: usize, store: usize) -> u64 {
        let StoreKind::Shared { site, access } = self.stores[store].plan.kind else {
            return 0;
        };
        let host = &self.hosts[self.containers[container].host];
        let path = round_trip(PathClass::Public, host.place, place(site));
        path + host.last_mile + last_mile(access, Keyed::new(0, 0, 0, 0))
    }

    /// A store in a place of its own is silent behind a cut line.
    pub fn reaches(&self, container: usize, store: usize) -> bool {
        let is_away = matches!(self.stores[store].plan.kind, StoreKind::Shared { .. });
        !is_away || self.hosts[self.containers[container].host].line
    }

    /// The service has its store's answer: a version is found, and perhaps a new one made.
    pub fn looks_up(&mut self, token: Token, store: usize) {
        let is_current = self.is_current(token);
        let it = &self.sessions[token.session];
        let plan = self.groups[it.group].plan;
        if it.ended {
            return;
        }
        let key = (plan.name.clone(), it.number);
        let here = self.stores[store].versions.get(&key).copied();
        let found = match (here, it.acknowledged) {
            (
                Some(Version {
                    grown_on: Some(gap),
                    ..
                }),
                _,
            ) => gap,
            (None, None) => StateFound::Fresh,
            (None, Some(_)) => StateFound::Missing,
            (Some(mine), Some((newest, _))) if mine.number < newest => StateFound::Stale,
            (Some(_), _) => StateFound::Found,
        };
        // The store that took the newest acknowledged version has lost it, or it is another store.
        let cause = match it.acknowledged {
            Some((_, home)) if home == store => BreakCause::StoreLost,
            _ => BreakCause::ReplicaSwitch,
        };
        let writes = token.is_write && (plan.carries == Carries::Cart || token.request == 0);
        let is_loss = matches!(found, StateFound::Stale | StateFound::Missing);
        let it = &mut self.sessions[token.session];
        if is_current {
            (it.found, it.break_cause) = (found, is_loss.then_some(cause));
        }
        if writes {
            it.versions += 1;
            let number = it.versions;
            if is_current {
                it.written = Some((number, store));
            }
            // What is added to a cart that is not whole does not make it whole.
            let version = Version {
                number,
                grown_on: is_loss.then_some(found),
            };
            self.stores[store].versions.insert(key, version);
        }
    }
}
