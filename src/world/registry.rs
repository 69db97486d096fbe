//! Which connections of a tunnel the edges believe alive, and in which order they try them.

use std::collections::BTreeMap;

use super::geography::MetroId;
use super::routing;
use crate::world::circuit::CircuitId;
use crate::world::ids::*;

/// A connection the edges know of.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Listed {
    /// The registered connection.
    pub circuit: CircuitId,
    /// Which of the replica's connections it is.
    pub connection: ConnectionRef,
    /// The metro it ends in.
    pub metro: MetroId,
}

/// A listed connection with the preference the tunnel's belief has for it at one entry metro.
#[derive(Clone, Copy, Debug)]
struct Ranked {
    preference: u64,
    listed: Listed,
}

/// The registry of one tunnel.
///
/// Rankings are kept per entry metro until the list changes.
#[derive(Debug)]
pub struct Registry {
    belief: &'static routing::Entry,
    listed: Vec<Listed>,
    rankings: BTreeMap<MetroId, Vec<Ranked>>,
    turn: u64,
}

/// What a ranking needs to know of the world: the candidate's distances, seen from an entry metro.
pub trait Distances {
    /// The candidate as the belief sees it; `turn` is filled in by the registry.
    fn candidate(&mut self, entry: MetroId, listed: &Listed) -> routing::Candidate;
    /// Whether requests from the entry metro can be sent to the connection's metro at all.
    fn is_reachable(&self, entry: MetroId, metro: MetroId) -> bool;
}

impl Registry {
    /// An empty registry under a belief.
    pub fn new(belief: &'static routing::Entry) -> Self {
        Registry {
            belief,
            listed: Vec::new(),
            rankings: BTreeMap::new(),
            turn: 0,
        }
    }

    /// The connections the edges know of, ordered by replica name and connection index.
    pub fn listed(&self) -> &[Listed] {
        &self.listed
    }

    /// Adds a connection.
    pub fn add(&mut self, listed: Listed, rank: impl Fn(ReplicaId) -> u16) {
        self.listed.push(listed);
        self.listed.sort_by_key(|l| {
            let connection = l.connection;
            (rank(connection.replica), connection.index, l.circuit)
        });
        self.rankings.clear();
    }

    /// Removes a connection; false if it was not listed.
    pub fn remove(&mut self, circuit: CircuitId) -> bool {
        let before = self.listed.len();
        self.listed.retain(|l| l.circuit != circuit);
        self.rankings.clear();
        self.listed.len() < before
    }

    /// Forgets the rankings, because distances or reachability changed.
    pub fn forget_rankings(&mut self) {
        self.rankings.clear();
    }

    /// Counts a first attempt, for beliefs that take turns.
    pub fn take_turn(&mut self) {
        self.turn += 1;
        if self.belief.takes_turns {
            self.rankings.clear();
        }
    }

    /// The best connection for a request from an entry metro that passes `may_try`; `draw` decides between equals.
    pub fn choose(
        &mut self,
        entry: MetroId,
        draw: f64,
        distances: &mut impl Distances,
        may_try: impl Fn(&Listed) -> bool,
    ) -> Option<Listed> {
        let ranked = self.ranking(entry, distances);
        let best = ranked.iter().find(|r| may_try(&r.listed))?.preference;
        let equal = || {
            ranked
                .iter()
                .filter(|r| r.preference == best && may_try(&r.listed))
        };
        let index = (draw * equal().count() as f64) as usize;
        equal().nth(index).map(|r| r.listed)
    }

    /// Every candidate from an entry metro with its preference, best first.
    pub fn preferences(
        &mut self,
        entry: MetroId,
        distances: &mut impl Distances,
    ) -> Vec<(Listed, u64)> {
        self.ranking(entry, distances)
            .iter()
            .map(|r| (r.listed, r.preference))
            .collect()
    }

    fn ranking(&mut self, entry: MetroId, distances: &mut impl Distances) -> &[Ranked] {
        self.rankings.entry(entry).or_insert_with(|| {
            let mut ranked: Vec<Ranked> = Vec::with_capacity(self.listed.len());
            for listed in &self.listed {
                if distances.is_reachable(entry, listed.metro) {
                    let mut candidate = distances.candidate(entry, listed);
                    candidate.turn = self.turn;
                    ranked.push(Ranked {
                        preference: (self.belief.preference)(&candidate),
                        listed: *listed,
                    });
                }
            }
            ranked.sort_by_key(|r| r.preference);
            ranked
        })
    }
}
