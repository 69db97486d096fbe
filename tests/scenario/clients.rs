//! Who asks.

use crate::support::{BASE, accepted, read_files, refused, warned};
use tunnelsim::kernel::time::Span;
use tunnelsim::kernel::variate::{Count, Distribution};
use tunnelsim::world::blueprint::*;
use tunnelsim::world::geography::Access;
use tunnelsim::world::ids::*;

#[test]
fn the_smallest_scenario_is_a_whole_world() {
    let scenario = accepted(&[]);
    let world = &scenario.blueprint;
    assert_eq!(scenario.name, "story");
    assert_eq!(
        (
            world.hosts.len(),
            world.containers.len(),
            world.replicas.len()
        ),
        (2, 2, 2)
    );
    assert_eq!(world.horizon, Span::from_secs(3_600));
    assert_eq!(
        world.records.values()[0].target,
        DnsTarget::Tunnel(TunnelId(0))
    );
    assert_eq!(world.replicas.values()[1].name, "vps2");
    assert_eq!(scenario.expected_requests, 18_000.0);
    assert_eq!(warned(&[]), [""; 0]);
}

#[test]
fn sessions_have_laws_and_state() {
    let scenario = accepted(&[
        "clients.spain.requests={geometric: 8}",
        "clients.spain.think=250ms",
        "clients.spain.state=cart",
        "clients.spain.access=5g",
        "hosts.vps1.containers.web.store=memory",
    ]);
    let group = &scenario.blueprint.groups.values()[0];
    assert_eq!(group.requests, Count::Geometric { mean: 8.0 });
    assert_eq!(group.think, Distribution::Constant(Span::from_millis(250)));
    assert_eq!(
        (group.carries, group.access),
        (Carries::Cart, Access::FiveG)
    );
    assert_eq!(scenario.expected_requests, 8.0 * 18_000.0);
}

#[test]
fn clients_may_be_anywhere_or_everywhere_but_not_both() {
    let site = |overrides: &[&str]| accepted(overrides).blueprint.groups.values()[0].site;
    assert_eq!(
        site(&["clients.spain={mix: world, hostname: a.example, sessions: 1/s}"]),
        ClientSite::World
    );
    let point =
        "clients.spain={latitude: 40.4, longitude: -3.7, hostname: a.example, sessions: 1/s}";
    assert!(matches!(site(&[point]), ClientSite::At(Site::Point(_))));
    assert_eq!(
        refused(&["clients.spain.mix=world"]),
        ["clients are in one place or all over the world, not both"]
    );
}

#[test]
fn hostnames_have_weights_of_which_one_is_above_nothing() {
    let scenario = accepted(&["clients.spain.hostname={a.example: 3, B.example: 1}"]);
    let group = &scenario.blueprint.groups.values()[0];
    assert_eq!(
        group.hostnames,
        [(HostnameId(0), 3.0), (HostnameId(1), 1.0)]
    );
    assert_eq!(
        scenario.blueprint.hostnames.values(),
        ["a.example", "b.example"]
    );
    assert_eq!(
        refused(&["clients.spain.hostname={a.example: 0}"]),
        ["at least one hostname needs a weight above 0"]
    );
}

#[test]
fn a_profile_has_24_hours() {
    let profile = |hours: usize| {
        format!(
            "clients.spain.sessions={{hourly: [{}]}}",
            vec!["1/s"; hours].join(", ")
        )
    };
    assert_eq!(accepted(&[&profile(24)]).expected_requests, 3_600.0);
    assert_eq!(
        refused(&[&profile(23)]),
        ["a profile has a rate for each of the 24 hours"]
    );
}

#[test]
fn a_trace_is_read_with_its_clients_and_hostnames() {
    let text = BASE.replace("sessions: 5/s", "sessions: {trace: day.csv}");
    let csv =
        "at_s,client,hostname\n0.5,anna,app.example.com\n1,ben,app.example.com\n2,anna,x.example\n";
    let scenario = read_files(&text, &[("day.csv", csv)]).unwrap_or_else(|found| panic!("{found}"));
    let Arrivals::Trace(entries) = &scenario.blueprint.groups.values()[0].arrivals else {
        panic!("no trace")
    };
    assert_eq!(
        entries.iter().map(|entry| entry.client).collect::<Vec<_>>(),
        [0, 1, 0]
    );
    assert_eq!(entries[0].at, Span::from_millis(500));
    assert_eq!(
        scenario.blueprint.hostnames.values(),
        ["app.example.com", "x.example"]
    );
    let missing = read_files(&text, &[]).unwrap_err().to_string();
    assert!(missing.contains("`day.csv` does not exist"), "{missing}");
}

#[test]
fn a_session_has_at_least_one_request() {
    assert_eq!(
        refused(&["clients.spain.requests=0"]),
        ["a session has at least one request"]
    );
    assert_eq!(
        refused(&["clients.spain.requests={uniform: [0, 3]}"]),
        ["a session has at least one request"]
    );
}
