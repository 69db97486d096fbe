//! The future changes nothing in the past.

use tunnelsim::kernel::time::{Span, Time};

use super::over_worlds;
use super::run::run;

#[test]
fn a_fault_changes_nothing_before_it_strikes() {
    over_worlds(11, |world, dice| {
        let at = 5 + dice.below(12) as u64;
        let mut other = world.clone();
        other
            .faults
            .push(format!("power-cut: {{host: h0, at: {at}s, for: 5s}}"));
        let moment = Time::ZERO + Span::from_secs(at);
        run(&world).assert_same_before(&run(&other), moment);
    });
}

#[test]
fn a_longer_run_begins_like_the_shorter_one() {
    over_worlds(12, |mut world, dice| {
        let horizon = 15 + dice.below(10) as u64;
        world.settings[1] = format!("horizon: {horizon}s");
        let mut other = world.clone();
        other.settings[1] = format!("horizon: {}s", 2 * horizon);
        let moment = Time::ZERO + Span::from_secs(horizon);
        run(&world).assert_same_before(&run(&other), moment);
    });
}

#[test]
fn another_group_of_clients_changes_no_arrival() {
    over_worlds(13, |world, _| {
        let mut other = world.clone();
        other
            .clients
            .push("more: {city: Paris, hostname: app.example.com, sessions: 3/s}".to_owned());
        let births = |world| -> Vec<(u64, Time)> {
            let seen = run(world);
            let is_old = |group: usize| seen.run.scope.groups[group].name == "g0";
            let firsts = seen.requests.iter().filter(|r| r.id.request == 0);
            let mut births: Vec<_> = firsts
                .filter(|r| is_old(usize::from(r.id.group.0)))
                .map(|r| (r.id.session, r.born))
                .collect();
            births.sort_unstable();
            births
        };
        assert_eq!(births(&world), births(&other));
    });
}
