//! More workers, or a lighter brownout, keep nobody waiting for longer: the vectors of Kiefer and Wolfowitz are
//! monotone in the number of servers and in every demand.
//!
//! This holds for open arrivals at one queue: sessions of one request, one host, no failures, and nobody who gives up
//! waiting, which would let those behind advance. So the load stays near what the slower of the two queues can serve,
//! and that everybody was answered is asserted. A brownout must last to the end: a request's demand is fixed when its
//! service begins, so whoever waits until a brownout is over is served faster than who was served in it.

use std::collections::BTreeMap;

use tunnelsim::kernel::time::Time;
use tunnelsim::measure::observation::RequestSeen;

use super::dice::Dice;
use super::over_worlds;
use super::run::run;
use super::world::{Host, World};

/// The queue of one container, and who comes to it.
struct Queue {
    service_ms: usize,
    sessions_per_minute: usize,
}

impl Queue {
    /// A queue of which the given number of workers, each so many times slower than they should be, are busy for
    /// 70 % to 110 % of the time.
    fn random(workers: usize, slower: usize, dice: &mut Dice) -> Queue {
        let (service_ms, busy_percent) = (20 + dice.below(100), 70 + dice.below(41));
        Queue {
            service_ms,
            sessions_per_minute: 600 * busy_percent * workers / (service_ms * slower),
        }
    }

    /// A world with this queue alone.
    fn within(&self, world: &World, workers: usize, faults: &[String]) -> World {
        let (service, rate) = (self.service_ms, self.sessions_per_minute);
        let mut world = world.clone();
        world.clients = vec![format!(
            "g0: {{city: Madrid, hostname: app.example.com, sessions: {rate}/min}}"
        )];
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
}

/// Something about every request, by session.
fn by_session<T>(world: &World, of: impl Fn(&RequestSeen) -> T) -> BTreeMap<u64, T> {
    let seen = run(world);
    let all = seen.requests.iter();
    all.inspect(|r| assert!(r.outcome.is_success(), "somebody gave up"))
        .map(|r| (r.id.session, of(r)))
        .collect()
}

/// Asserts that nobody fares worse in the second world than in the first; says how many fare better.
fn better_off<T: Copy + Ord>(before: &BTreeMap<u64, T>, after: &BTreeMap<u64, T>) -> usize {
    assert!(before.keys().eq(after.keys()), "others came");
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
        let workers = 1 + dice.below(4);
        let queue = Queue::random(workers, 1, dice);
        let waits = |workers| by_session(&queue.within(&world, workers, &[]), |r| r.parts.waiting);
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
        let (workers, factor) = (2 + dice.below(4), 2 + dice.below(4));
        let steeper = factor + 1 + dice.below(3);
        let queue = Queue::random(workers, steeper, dice);
        let answered = |factor: usize| -> BTreeMap<u64, Time> {
            let slow = format!("brownout: {{container: h0/web, factor: {factor}, at: 3s}}");
            by_session(&queue.within(&world, workers, &[slow]), |r| r.closed)
        };
        better.set(better.get() + better_off(&answered(steeper), &answered(factor)));
    });
    assert!(
        better.get() > 100,
        "the brownouts hardly mattered: {}",
        better.get()
    );
}
