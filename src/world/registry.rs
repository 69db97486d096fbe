//! Which connections of a tunnel the edges believe alive, and in which order they try them.

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

/// All listed connections in reach of one entry metro, best first.
#[derive(Debug, Default)]
struct Ranking {
    /// Which version of the registry it ranks.
    version: u64,
    ranked: Vec<Ranked>,
    /// How many of them, from the first, are equally good.
    equal: usize,
}

/// The registry of one tunnel.
///
/// Rankings are kept per entry metro until the list changes.
#[derive(Debug)]
pub struct Registry {
    belief: &'static routing::Entry,
    listed: Vec<Listed>,
    /// By metro, as far as asked for.
    rankings: Vec<Ranking>,
    /// Counts the changes after which no ranking holds any more; a ranking that was never made has version 0.
    version: u64,
    turn: u64,
}

/// Which of so many, by a number in [0, 1).
#[inline]
pub fn pick(draw: f64, of: usize) -> usize {
    // A signed number of 32 bits is what processors cast to and from in one instruction.
    (draw * f64::from(of as i32)) as i32 as usize
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
            rankings: Vec::new(),
            version: 1,
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
        // Of two circuits of one connection the one that was listed first comes first: the sort is stable.
        self.listed
            .sort_by_key(|l| (rank(l.connection.replica), l.connection.index));
        self.forget_rankings();
    }

    /// Removes a connection; false if it was not listed.
    pub fn remove(&mut self, circuit: CircuitId) -> bool {
        let before = self.listed.len();
        self.listed.retain(|l| l.circuit != circuit);
        self.forget_rankings();
        self.listed.len() < before
    }

    /// Forgets the rankings, because distances or reachability changed.
    pub fn forget_rankings(&mut self) {
        self.version += 1;
    }

    /// Counts a first attempt, for beliefs that take turns.
    pub fn take_turn(&mut self) {
        self.turn += 1;
        if self.belief.takes_turns {
            self.forget_rankings();
        }
    }

    /// The best connection for a request from an entry metro; `draw` decides between equals.
    #[inline]
    pub fn choose(
        &mut self,
        entry: MetroId,
        draw: impl FnOnce() -> f64,
        distances: &mut impl Distances,
    ) -> Option<Listed> {
        let Ranking { ranked, equal, .. } = self.ranking(entry, distances);
        let index = match equal {
            0 | 1 => 0,
            _ => pick(draw(), *equal),
        };
        ranked.get(index).map(|r| r.listed)
    }

    /// The connections among which [`Registry::choose`] lets chance decide.
    pub fn equally_good(&mut self, entry: MetroId, distances: &mut impl Distances) -> Vec<Listed> {
        let Ranking { ranked, equal, .. } = self.ranking(entry, distances);
        ranked[..*equal].iter().map(|r| r.listed).collect()
    }

    /// Whether its choice depends on the requests before.
    pub fn takes_turns(&self) -> bool {
        self.belief.takes_turns
    }

    /// The best connection for a further attempt: among those that pass `may_try`.
    pub fn choose_again(
        &mut self,
        entry: MetroId,
        draw: f64,
        distances: &mut impl Distances,
        may_try: impl Fn(&Listed) -> bool,
    ) -> Option<Listed> {
        let ranked = &self.ranking(entry, distances).ranked;
        let best = ranked.iter().find(|r| may_try(&r.listed))?.preference;
        let equal = || {
            ranked
                .iter()
                .filter(|r| r.preference == best && may_try(&r.listed))
        };
        let index = pick(draw, equal().count());
        equal().nth(index).map(|r| r.listed)
    }

    /// Every candidate from an entry metro with its preference, best first.
    pub fn preferences(
        &mut self,
        entry: MetroId,
        distances: &mut impl Distances,
    ) -> Vec<(Listed, u64)> {
        let ranked = self.ranking(entry, distances).ranked.iter();
        ranked.map(|r| (r.listed, r.preference)).collect()
    }

    #[inline]
    fn ranking(&mut self, entry: MetroId, distances: &mut impl Distances) -> &Ranking {
        let metro = usize::from(entry.0);
        let known = self.rankings.get(metro);
        if known.is_none_or(|ranking| ranking.version != self.version) {
            self.rank(entry, distances);
        }
        &self.rankings[metro]
    }

    #[cold]
    fn rank(&mut self, entry: MetroId, distances: &mut impl Distances) {
        let metro = usize::from(entry.0);
        if self.rankings.len() <= metro {
            self.rankings.resize_with(metro + 1, Ranking::default);
        }
        let ranking = &mut self.rankings[metro];
        let ranked = &mut ranking.ranked;
        ranked.clear();
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
        let best = ranked.first().map(|first| first.preference);
        ranking.equal = ranked
            .iter()
            .take_while(|r| Some(r.preference) == best)
            .count();
        ranking.version = self.version;
    }
}

#[cfg(test)]
mod tests;
