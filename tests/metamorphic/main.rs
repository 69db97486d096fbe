//! Relations between two runs that must hold exactly, over random small worlds (Chen et al., 1998).
//!
//! `METAMORPHIC_CASES` says over how many worlds each relation is tried: 24 if it is not set.
//!
//! Two relations that other simulators offer are left out. *Twice as slow everywhere*: distances between places and
//! the timers of the vendor's programs are no settings, so a world cannot be stretched as a whole. *Half a run and
//! then the other half*: no run can be taken up in the middle; that the future changes nothing in the past, which is
//! what the relation would show, is tested instead. That one group split in two of half the rate follows the same law
//! is a statement about probabilities, and has no exact form.

#[path = "../support/dice.rs"]
mod dice;
mod future;
mod invariance;
mod queues;
mod replicas;
mod run;
mod surroundings;
mod world;

use dice::{Dice, first_case};
use world::World;

/// Over how many worlds a relation is tried if nobody says otherwise.
const CASES: u64 = 24;

/// Tries a relation over many worlds; `purpose` keeps the worlds of different relations apart.
fn over_worlds(purpose: u64, relation: impl Fn(World, &mut Dice)) {
    let cases = match std::env::var("METAMORPHIC_CASES") {
        Ok(text) => text.parse().expect("METAMORPHIC_CASES is a number"),
        Err(_) => CASES,
    };
    let first = first_case();
    for case in first..first + cases {
        let mut dice = Dice::new(purpose, case);
        let world = World::random(&mut dice);
        let _told = ToldOnPanic(format!("world {case}:\n{world}"));
        relation(world, &mut dice);
    }
    println!("checked: {cases} worlds from number {first} on for one relation");
}

/// Words that are printed only if a relation breaks while they are held.
struct ToldOnPanic(String);

impl Drop for ToldOnPanic {
    fn drop(&mut self) {
        if std::thread::panicking() {
            println!("{}", self.0);
        }
    }
}
