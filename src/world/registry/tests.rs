use super::*;
use crate::kernel::slab::Slab;
use crate::kernel::time::{Span, Time};
use crate::world::circuit::Circuit;
use crate::world::geography::{DataCentre, EdgeServer};
use crate::world::routing::Candidate;

const ENTRY: MetroId = MetroId(0);

/// A world on a line: so many kilometres lie between metros as between their numbers; some metros are out of reach.
#[derive(Default)]
struct Line {
    cut_off: Vec<MetroId>,
    /// How often somebody asked.
    asked: usize,
}

impl Distances for Line {
    fn candidate(&mut self, entry: MetroId, listed: &Listed) -> Candidate {
        self.asked += 1;
        Candidate {
            distance_m: 1_000 * u64::from(entry.0.abs_diff(listed.metro.0)),
            round_trip_us: 0,
            declared: u32::from(listed.connection.replica.0),
            n_replicas: 2,
            turn: 0,
        }
    }

    fn is_reachable(&self, _: MetroId, metro: MetroId) -> bool {
        !self.cut_off.contains(&metro)
    }
}

/// Connections of these replicas, indices and metros.
fn connections(all: &[(u16, u8, u16)]) -> Vec<Listed> {
    let mut slab: Slab<Circuit> = Slab::new();
    let mut listed = |&(replica, index, metro): &(u16, u8, u16)| {
        let connection = ConnectionRef {
            replica: ReplicaId(replica),
            index,
        };
        let metro = MetroId(metro);
        let data_centre = DataCentre { metro, number: 1 };
        let server = EdgeServer {
            data_centre,
            number: 1,
        };
        let circuit = Circuit::new(connection, 1, server, false, Span::ZERO, Time::ZERO);
        Listed {
            circuit: slab.insert(circuit),
            connection,
            metro,
        }
    };
    all.iter().map(&mut listed).collect()
}

/// A registry under a belief, and what it lists; a replica's rank is its number.
fn registry(belief: &str, all: &[(u16, u8, u16)]) -> (Registry, Vec<Listed>) {
    let mut registry = Registry::new(routing::find(belief).unwrap());
    let listed = connections(all);
    for it in &listed {
        registry.add(*it, |replica| replica.0);
    }
    (registry, listed)
}

#[test]
fn connections_stand_in_the_order_of_ranks_and_indices_and_of_one_listed_twice_the_first_comes_first()
 {
    let (registry, made) = registry("any", &[(1, 0, 0), (0, 1, 0), (0, 0, 0), (0, 1, 5)]);
    assert_eq!(registry.listed(), [made[2], made[1], made[3], made[0]]);
}

#[test]
fn who_is_removed_is_listed_no_more_and_was_listed_once() {
    let (mut registry, made) = registry("any", &[(0, 0, 0), (1, 0, 0)]);
    assert!(registry.remove(made[0].circuit));
    assert!(!registry.remove(made[0].circuit));
    assert_eq!(registry.listed(), [made[1]]);
}

#[test]
fn equals_share_by_the_draw_and_worse_ones_get_nothing() {
    let (mut registry, made) = registry("closest", &[(0, 0, 3), (0, 1, 7), (1, 0, 3), (1, 1, 3)]);
    let mut chosen = |draw| registry.choose(ENTRY, || draw, &mut Line::default());
    assert_eq!(chosen(0.0), Some(made[0]));
    assert_eq!(chosen(0.34), Some(made[2]));
    assert_eq!(chosen(0.999), Some(made[3]));
    let equals = registry.equally_good(ENTRY, &mut Line::default());
    assert_eq!(equals, [made[0], made[2], made[3]]);
}

#[test]
fn nobody_draws_for_a_choice_of_one_or_none() {
    let nobody = || panic!("there is nothing to decide");
    let (mut registry, made) = registry("closest", &[(0, 0, 3), (1, 0, 1)]);
    let mut line = Line::default();
    assert_eq!(registry.choose(ENTRY, nobody, &mut line), Some(made[1]));
    line.cut_off = vec![MetroId(1), MetroId(3)];
    registry.forget_rankings();
    assert_eq!(registry.choose(ENTRY, nobody, &mut line), None);
}

#[test]
fn a_retry_takes_the_best_of_those_it_may_and_equals_share_again() {
    let all = [(0, 0, 1), (0, 1, 2), (1, 0, 2), (1, 1, 9)];
    let (mut registry, made) = registry("closest", &all);
    let mut again = |draw, may_not: &[Listed]| {
        let may_try = |listed: &Listed| !may_not.contains(listed);
        registry.choose_again(ENTRY, draw, &mut Line::default(), may_try)
    };
    assert_eq!(again(0.9, &[]), Some(made[0]));
    assert_eq!(again(0.4, &made[..1]), Some(made[1]));
    assert_eq!(again(0.6, &made[..1]), Some(made[2]));
    // Of the two equals one was tried: no draw leads past the other.
    assert_eq!(again(0.9, &made[..2]), Some(made[2]));
    assert_eq!(again(0.9, &made[..3]), Some(made[3]));
    assert_eq!(again(0.9, &made), None);
}

#[test]
fn preferences_are_told_best_first_without_who_is_out_of_reach() {
    let (mut registry, made) = registry("closest", &[(0, 0, 4), (0, 1, 2), (1, 0, 6)]);
    let mut line = Line {
        cut_off: vec![MetroId(4)],
        ..Line::default()
    };
    let told = registry.preferences(ENTRY, &mut line);
    assert_eq!(told, [(made[1], 2_000), (made[2], 6_000)]);
}

#[test]
fn a_ranking_is_kept_for_its_entry_until_something_changes() {
    let (mut registry, made) = registry("closest", &[(0, 0, 1), (0, 1, 5)]);
    let mut line = Line::default();
    let mut ask = |registry: &mut Registry, entry| {
        let chosen = registry.choose(MetroId(entry), || 0.0, &mut line);
        (chosen, line.asked)
    };
    assert_eq!(ask(&mut registry, 0), (Some(made[0]), 2));
    assert_eq!(ask(&mut registry, 0), (Some(made[0]), 2));
    // Another entry is ranked apart, and by its own distances.
    assert_eq!(ask(&mut registry, 9), (Some(made[1]), 4));
    assert_eq!(ask(&mut registry, 0), (Some(made[0]), 4));
    registry.take_turn();
    assert_eq!(ask(&mut registry, 0), (Some(made[0]), 4));
    registry.remove(made[0].circuit);
    assert_eq!(ask(&mut registry, 0), (Some(made[1]), 5));
    registry.add(made[0], |replica| replica.0);
    assert_eq!(ask(&mut registry, 0), (Some(made[0]), 7));
    registry.forget_rankings();
    assert_eq!(ask(&mut registry, 0), (Some(made[0]), 9));
}

#[test]
fn who_takes_turns_goes_to_the_next_replica_with_every_turn() {
    assert!(!registry("closest", &[]).0.takes_turns());
    let (mut registry, made) = registry("alternating", &[(0, 0, 0), (1, 0, 0)]);
    assert!(registry.takes_turns());
    let chosen: Vec<Listed> = (0..4)
        .filter_map(|_| {
            let chosen = registry.choose(ENTRY, || 0.0, &mut Line::default());
            registry.take_turn();
            chosen
        })
        .collect();
    assert_eq!(chosen, [made[0], made[1], made[0], made[1]]);
}
