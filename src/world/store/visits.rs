//! Page views, and how many visitors each store believes it has seen.

use std::collections::BTreeSet;

use super::divergence::Divergence;

/// Visitors that can be told apart, and which of them each store has seen.
#[derive(Clone, Debug, Default)]
struct Seen {
    anywhere: BTreeSet<u64>,
    /// Pairs of store and visitor.
    by_store: BTreeSet<(usize, u64)>,
}

impl Seen {
    /// Whether the visitor is new to the world, and to the store.
    fn note(&mut self, side: usize, visitor: u64) -> (bool, bool) {
        (
            self.anywhere.insert(visitor),
            self.by_store.insert((side, visitor)),
        )
    }
}

/// The views of one data set.
///
/// Exact: every visitor counts once per store. A session without a visitor of its own is one, and
/// is forgotten when it ends, so that memory grows with open sessions and known visitors only.
///
/// Simplification: the copies of a replicated store show the same dashboard, without a lag.
#[derive(Clone, Debug)]
pub(super) struct Visits {
    sessions: Seen,
    visitors: Seen,
    total_visitors: u64,
    visitors_by_store: Vec<u64>,
    views_by_store: Vec<u64>,
}

impl Visits {
    pub(super) fn new(stores: usize) -> Visits {
        Visits {
            sessions: Seen::default(),
            visitors: Seen::default(),
            total_visitors: 0,
            visitors_by_store: vec![0; stores],
            views_by_store: vec![0; stores],
        }
    }

    /// A page view of a session, by a known visitor or by nobody known.
    pub(super) fn note(&mut self, side: usize, session: u64, visitor: Option<u64>) {
        let (new_anywhere, new_here) = match visitor {
            Some(visitor) => self.visitors.note(side, visitor),
            None => self.sessions.note(side, session),
        };
        self.total_visitors += u64::from(new_anywhere);
        self.visitors_by_store[side] += u64::from(new_here);
        self.views_by_store[side] += 1;
    }

    /// No view of this session will follow.
    pub(super) fn session_ended(&mut self, session: u64) {
        if self.sessions.anywhere.remove(&session) {
            for side in 0..self.views_by_store.len() {
                self.sessions.by_store.remove(&(side, session));
            }
        }
    }

    /// A store loses its views; how many.
    pub(super) fn lose(&mut self, side: usize) -> u64 {
        for seen in [&mut self.sessions, &mut self.visitors] {
            seen.by_store.retain(|(store, _)| *store != side);
        }
        self.visitors_by_store[side] = 0;
        std::mem::take(&mut self.views_by_store[side])
    }

    /// Writes down what the dashboards show.
    pub(super) fn report(&self, divergence: &mut Divergence) {
        divergence.views = self.views_by_store.iter().sum();
        divergence.views_by_store.clone_from(&self.views_by_store);
        divergence
            .visitors_by_store
            .clone_from(&self.visitors_by_store);
        divergence.visitors = self.total_visitors;
    }
}
