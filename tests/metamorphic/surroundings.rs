//! What is added beside a world, the order in which it is written, and who watches, change nothing.

use tunnelsim::measure::metric::{self, MetricUse};
use tunnelsim::measure::recorder::RecorderOptions;
use tunnelsim::measure::selection::Selection;

use super::dice::Dice;
use super::over_worlds;
use super::run::{read, run, run_with};
use super::world::Host;

fn shuffle<T>(list: &mut [T], dice: &mut Dice) {
    for place in (1..list.len()).rev() {
        list.swap(place, dice.below(place + 1));
    }
}

#[test]
fn the_order_in_the_file_changes_nothing() {
    over_worlds(1, |world, dice| {
        let mut other = world.clone();
        shuffle(&mut other.hosts, dice);
        shuffle(&mut other.clients, dice);
        // Two beliefs are about the declared order of replicas, and faults of one instant strike in theirs.
        if !["alternating", "primary-standby"].contains(&world.belief) {
            shuffle(&mut other.replicas, dice);
        }
        let (one, two) = (run(&world), run(&other));
        one.assert_same(&two);
        assert_eq!(one.run.fingerprint, two.run.fingerprint, "{other}");
    });
}

#[test]
fn a_tunnel_that_nobody_uses_changes_nothing() {
    over_worlds(2, |world, _| {
        let mut other = world.clone();
        other.tunnels.push(
            "aside: {replicas: {z: {host: h0}}, ingress: [{service: http_status:204}]}".to_owned(),
        );
        run(&world).assert_same(&run(&other));
    });
}

#[test]
fn a_host_that_nobody_uses_changes_nothing_and_its_faults_neither() {
    over_worlds(3, |world, _| {
        let mut other = world.clone();
        let aside = Host {
            name: "aside".to_owned(),
            city: "Tokyo",
            service: String::new(),
            store: None,
        };
        other.hosts.insert(0, aside);
        other.faults.insert(
            0,
            "power-cut: {host: aside, at: 3s, for: 4s, every: 9s}".to_owned(),
        );
        other
            .faults
            .push("container-hang: {container: aside/web, at: 5s, for: 2s}".to_owned());
        run(&world).assert_same(&run(&other));
    });
}

#[test]
fn a_metro_that_nobody_reaches_can_fail_and_nothing_changes() {
    over_worlds(4, |world, _| {
        let mut other = world.clone();
        other
            .faults
            .push("metro-down: {metro: SYD, at: 3s, for: 20s}".to_owned());
        other
            .faults
            .push("data-centre-down: {data_centre: PER1, at: 5s}".to_owned());
        run(&world).assert_same(&run(&other));
    });
}

#[test]
fn who_watches_changes_nothing() {
    over_worlds(5, |world, _| {
        let scenario = read(&world);
        let everything =
            metric::all().filter_map(|entry| MetricUse::new(entry, Selection::default()).ok());
        let mut facts = 0;
        let watched = RecorderOptions {
            measurements: everything.collect(),
            observer: Some(Box::new(|_| facts += 1)),
            ..RecorderOptions::default()
        };
        let unwatched = RecorderOptions {
            series: false,
            changes_kept: 0,
            ..RecorderOptions::default()
        };
        let (one, two) = (run_with(&scenario, watched), run_with(&scenario, unwatched));
        assert!(facts > 0);
        assert_eq!(one.fingerprint, two.fingerprint);
        assert_eq!((one.ledger, one.finals), (two.ledger, two.finals));
    });
}
