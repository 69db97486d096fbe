//! All 2^12 ways in which 2 replicas, their 8 connections and 2 data centres can be up or down, under every belief.

use tunnelsim::kernel::slab::Slab;
use tunnelsim::kernel::time::{Span, Time};
use tunnelsim::world::circuit::{Circuit, CircuitId};
use tunnelsim::world::geography::{Atlas, DataCentre, EdgeServer, MetroId};
use tunnelsim::world::ids::{ConnectionRef, ReplicaId};
use tunnelsim::world::registry::{Distances, Listed, Registry};
use tunnelsim::world::routing::{self, Candidate};

use crate::suite::{Group, Log};

pub const GROUPS: &[Group] = &[(
    "every_belief_chooses_rightly_in_all_4096_patterns",
    all_patterns,
)];

/// Metres from the two entry metros to the two metros, of which the first entry is beside the first metro.
const METRES: [[u64; 2]; 2] = [[0, 364_000], [900_000, 800_000]];

/// Microseconds from the two entry metros to the hosts of the two replicas over the two metros: by time the second
/// replica is better for the first entry, although its host is nearer to nobody.
const MICROSECONDS: [[[u64; 2]; 2]; 2] = [
    [[9_000, 9_500], [7_000, 8_000]],
    [[30_000, 21_000], [30_000, 40_000]],
];

struct World {
    metros: [MetroId; 2],
    entries: [MetroId; 2],
}

impl World {
    fn position(of: &[MetroId; 2], metro: MetroId) -> usize {
        usize::from(of[1] == metro)
    }
}

impl Distances for &World {
    fn candidate(&mut self, entry: MetroId, listed: &Listed) -> Candidate {
        let (from, to) = (
            World::position(&self.entries, entry),
            World::position(&self.metros, listed.metro),
        );
        let replica = usize::from(listed.connection.replica.0);
        Candidate {
            distance_m: METRES[from][to],
            round_trip_us: MICROSECONDS[from][to][replica],
            declared: replica as u32,
            n_replicas: 2,
            turn: 0,
        }
    }

    fn is_reachable(&self, _: MetroId, _: MetroId) -> bool {
        true
    }
}

/// A connection: replica, index, and the data centre it is in, by the index as address groups are.
type Connection = (usize, usize, usize);

/// What is up in a pattern: 8 bits for connections, 2 for replicas, 2 for data centres.
fn up(pattern: u32) -> Vec<Connection> {
    let bit = |position: usize| pattern >> position & 1 == 1;
    let all = (0..2).flat_map(|replica| (0..4).map(move |index| (replica, index, index % 2)));
    all.filter(|&(replica, index, centre)| {
        bit(4 * replica + index) && bit(8 + replica) && bit(10 + centre)
    })
    .collect()
}

/// What section 3 of the semantics says: the best by the belief, in the order of replica and index.
fn equals(belief: &str, entry: usize, turn: usize, candidates: &[Connection]) -> Vec<Connection> {
    let preference = |&(replica, _, centre): &Connection| match belief {
        "any" => 0,
        "closest" => METRES[entry][centre],
        "local-first" => u64::from(METRES[entry][centre] > 0),
        "fastest" => MICROSECONDS[entry][centre][replica],
        "primary-standby" => replica as u64,
        "alternating" => ((replica + turn) % 2) as u64,
        other => panic!("{other} is a new belief: say here what it chooses"),
    };
    let best = candidates.iter().map(preference).min();
    let is_best = |connection: &&Connection| Some(preference(connection)) == best;
    candidates.iter().filter(is_best).copied().collect()
}

/// All eight connections as an engine would have them.
fn circuits(world: &World) -> Vec<Listed> {
    let mut slab: Slab<Circuit> = Slab::new();
    let listed = |slab: &mut Slab<Circuit>, replica: usize, index: usize| {
        let metro = world.metros[index % 2];
        let connection = ConnectionRef {
            replica: ReplicaId(replica as u16),
            index: index as u8,
        };
        let server = EdgeServer {
            data_centre: DataCentre {
                metro,
                number: 1 + (index % 2) as u8,
            },
            number: 1,
        };
        let circuit: CircuitId = slab.insert(Circuit::new(
            connection,
            1,
            server,
            false,
            Span::ZERO,
            Time::ZERO,
        ));
        Listed {
            circuit,
            connection,
            metro,
        }
    };
    (0..2)
        .flat_map(|r| (0..4).map(move |i| (r, i)))
        .map(|(r, i)| listed(&mut slab, r, i))
        .collect()
}

fn all_patterns(log: &mut Log) {
    let metro = |code| Atlas::shipped().metro(code).unwrap();
    let world = World {
        metros: [metro("FRA"), metro("AMS")],
        entries: [metro("FRA"), metro("MAD")],
    };
    let all = circuits(&world);
    let place = |listed: &Listed| {
        let (replica, index) = (
            usize::from(listed.connection.replica.0),
            usize::from(listed.connection.index),
        );
        (replica, index, index % 2)
    };
    let mut compared = 0;
    for belief in routing::ENTRIES {
        for pattern in 0..1 << 12 {
            let expected = up(pattern);
            let turn = (pattern % 3) as usize;
            let mut registry = Registry::new(belief);
            // In an order of no meaning, all at first, and then those that are down removed.
            for step in 0..8 {
                registry.add(all[(5 * step + 3) % 8], |replica| replica.0);
            }
            for listed in all
                .iter()
                .filter(|listed| !expected.contains(&place(listed)))
            {
                assert!(registry.remove(listed.circuit) && !registry.remove(listed.circuit));
            }
            assert_eq!(
                registry.listed().iter().map(place).collect::<Vec<_>>(),
                expected
            );
            (0..turn).for_each(|_| registry.take_turn());
            for (from, entry) in world.entries.iter().enumerate() {
                compared += tries(
                    &mut registry,
                    &world,
                    *entry,
                    |left| equals(belief.name, from, turn, left),
                    &expected,
                    place,
                );
            }
        }
    }
    log.passed(
        compared,
        format!(
            "{} beliefs, 4,096 patterns, 2 entries: {compared} choices",
            routing::ENTRIES.len()
        ),
    );
}

/// Every choice of the first try, and all further tries until none is left.
fn tries(
    registry: &mut Registry,
    world: &World,
    entry: MetroId,
    equals: impl Fn(&[Connection]) -> Vec<Connection>,
    expected: &[Connection],
    place: impl Fn(&Listed) -> Connection,
) -> u64 {
    let mut compared = 0;
    let best = equals(expected);
    for step in 0..8 {
        let draw = (f64::from(step) + 0.5) / 8.0;
        let chosen = registry.choose(entry, || draw, &mut { world });
        let index = (draw * best.len() as f64) as usize;
        assert_eq!(chosen.as_ref().map(&place), best.get(index).copied());
        compared += 1;
    }
    let mut left = expected.to_vec();
    loop {
        let chosen = registry.choose_again(entry, 0.999, &mut { world }, |listed| {
            left.contains(&place(listed))
        });
        compared += 1;
        let best = equals(&left);
        assert_eq!(chosen.as_ref().map(&place), best.last().copied());
        match best.last() {
            Some(tried) => left.retain(|connection| connection != tried),
            None => return compared,
        }
    }
}
