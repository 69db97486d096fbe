//! More workers, or a lighter brownout, keep nobody waiting for longer: the vectors of Kiefer and Wolfowitz are
//! monotone in the number of servers and in every demand.
//!
//! This holds for open arrivals at one queue: sessions of one request, one host, no failures. A brownout must last to
//! the end: a request's demand is fixed when its service begins, so whoever waits until a brownout is over is served
//! faster than who was served in it.

use std::collections::BTreeMap;

use tunnelsim::kernel::time::Time;
use tunnelsim::measure::observation::RequestSeen;

use super::dice::Dice;
use super::over_worlds;
use super::run::run;
use super::world::{Host, World};

/// A world with one queue under some load.
fn one_queue(world: &World, workers: usize, faults: &[String], dice: &mut Dice) -> World {
    let mut world = world.clone();
    let service = 20 + dice.below(100);
    world.clients =
        vec!["g0: {city: Madrid, hostname: app.example.com, sessions: 30/s}".to_owned()];
    world.hosts = vec![Host {
        name: "h0".to_owned(),
        city: "Paris",
        service: format!(
            "workers: {workers}, queue: 100000, service_time: {{exponential: {service}ms}}"
        ),
        store: None,
    }];
    world.replicas = vec!["r0: {host: h0}".to_owned()];
    world.stores.clear();
    world.faults = faults.to_vec();
    world
}

/// Something about every request that succeeded, by session.
fn by_session<T>(world: &World, of: impl Fn(&RequestSeen) -> T) -> BTreeMap<u64, T> {
    let seen = run(world);
    let good = seen.requests.iter().filter(|r| r.outcome.is_success());
    good.map(|r| (r.id.session, of(r))).collect()
}

/// Asserts that nobody fares worse in the second world than in the first; says how many fare better.
fn better_off<T: Copy + Ord>(before: &BTreeMap<u64, T>, after: &BTreeMap<u64, T>) -> usize {
    assert!(before.keys().all(|session| after.contains_key(session)));
    let compared = before
        .iter()
        .map(|(session, before)| (before, &after[session]));
    compared
        .inspect(|(before, after)| assert!(after <= before, "somebody fares worse"))
        .filter(|(before, after)| after < before)
        .count()
}

#[test]
fn with_more_workers_nobody_waits_longer() {
    let better = std::cell::Cell::new(0);
    over_worlds(21, |world, dice| {
        let (workers, seed) = (1 + dice.below(4), dice.below(1_000) as u64);
        let waits = |workers| {
            let world = one_queue(&world, workers, &[], &mut Dice::new(seed, 0));
            by_session(&world, |r| r.parts.waiting)
        };
        let more = 1 + dice.below(3);
        better.set(better.get() + better_off(&waits(workers), &waits(workers + more)));
    });
    assert!(
        better.get() > 100,
        "only {} requests ever waited",
        better.get()
    );
}

#[test]
fn under_a_lighter_brownout_nobody_is_answered_later() {
    let better = std::cell::Cell::new(0);
    over_worlds(22, |world, dice| {
        let (workers, seed) = (2 + dice.below(4), dice.below(1_000) as u64);
        let factor = 2 + dice.below(4);
        let answered = |factor: usize| -> BTreeMap<u64, Time> {
            let slow = format!("brownout: {{container: h0/web, factor: {factor}, at: 3s}}");
            let world = one_queue(&world, workers, &[slow], &mut Dice::new(seed, 0));
            by_session(&world, |r| r.closed)
        };
        let steeper = factor + 1 + dice.below(3);
        better.set(better.get() + better_off(&answered(steeper), &answered(factor)));
    });
    assert!(
        better.get() > 100,
        "the brownouts hardly mattered: {}",
        better.get()
    );
}
