//! A data centre is lost with both of its connections: the whole course of the replica, worked out by hand.

use tunnelsim::kernel::time::Time;
use tunnelsim::measure::observation::{
    Change, Entity, Happening, Observation, RequestSeen, TunnelStatus,
};
use tunnelsim::measure::outcome::Outcome;
use tunnelsim::simulation::RunKey;
use tunnelsim::world::geography::{Atlas, DataCentre};

use crate::suite::{Group, Log};
use crate::worlds::{observe, read};

pub const GROUPS: &[Group] = &[(
    "a_data_centre_is_lost_with_both_its_connections",
    data_centre_lost,
)];

/// One replica with two connections in Frankfurt and two in Amsterdam, 4 ms away; visitors enter in Frankfurt.
const WORLD: &str = "
title: a data centre is lost
exact: true
horizon: 60s
clients: {visitors: {city: Frankfurt, access: none, entry: FRA, sessions: {trace: it.csv}}}
hosts:
  vps: {city: Frankfurt, containers: {web: {service_time: 7ms}}}
tunnels:
  prod:
    replicas: {a: {host: vps, edges: [FRA, AMS]}}
    ingress: [{service: 'http://web:80'}]
links:
  - {between: [visitors, FRA], round_trip: 11500us}
  - {between: [FRA, AMS], round_trip: 8ms}
  - {between: [vps, FRA], round_trip: 4ms}
  - {between: [vps, AMS], round_trip: 10ms}
faults:
  - data-centre-down: {data_centre: FRA1, at: 19500ms}
";

/// The edges notice after 1 s. A request of 20.000 is at the dead data centre at 20.006 and lost there until 20.500; the
/// entry edge knows at 20.50025. Both connections were noticed together, so the retry goes to Amsterdam:
/// 4 + 5 + 7 of service + 5 + 4 + 5.75 ms, answered at 20.531. One of 21.000 goes there at once: 36.5 ms. The connector
/// hears nothing since its ping of 19 and gives up 5 s after that of 20, at 25. The status changes at 20.5, when two of
/// four are missing.
fn data_centre_lost(log: &mut Log) {
    let trace = "at_s,client,hostname\n20,x,app.example.com\n21,y,app.example.com\n";
    let (mut requests, mut changes): (Vec<RequestSeen>, Vec<Change>) = Default::default();
    let key = RunKey {
        seed: 1,
        replication: 0,
    };
    observe(&read(WORLD, trace), key, |observation| match observation {
        Observation::Request(request) => requests.push(*request),
        Observation::Change(change) => changes.push(*change),
        Observation::Session(_) => {}
    });
    let went: Vec<(Outcome, f64, u16)> = requests
        .iter()
        .map(|r| (r.outcome, r.latency().as_millis_f64(), r.attempts))
        .collect();
    let success = Outcome::Success;
    assert_eq!(went, [(success, 531.0, 2), (success, 36.5, 1)]);

    // Connections 0 and 2 are the ones in FRA1; what happens to them, and when, in milliseconds.
    let of = |index: u8| {
        let mine = changes.iter().filter(move |change| match change.entity {
            Entity::Connection(connection) => connection.index == index && change.at > Time::ZERO,
            _ => false,
        });
        mine.collect::<Vec<&Change>>()
    };
    for index in [0, 2] {
        let course = of(index);
        let moments: Vec<f64> = course
            .iter()
            .take(4)
            .map(|change| change.at.as_nanos() as f64 / 1e6)
            .collect();
        assert_eq!(
            moments,
            [19_500.0, 20_500.0, 20_500.0, 25_000.0],
            "connection {index}"
        );
        assert!(matches!(course[0].what, Happening::Severed { .. }));
        assert_eq!(course[1].what, Happening::EdgeCloses { noticed: true });
        assert_eq!(course[2].what, Happening::Withdrawn);
        assert_eq!(course[3].what, Happening::ConnectorCloses);
    }
    for index in [1, 3] {
        assert!(of(index).is_empty(), "connection {index}: {:?}", of(index));
    }
    // Both come back in one other data centre of their address group, which has odd numbers.
    let registered: Vec<DataCentre> = [0, 2]
        .iter()
        .flat_map(|index| of(*index))
        .filter_map(|change| match change.what {
            Happening::Registers { at, .. } => Some(at),
            _ => None,
        })
        .collect();
    assert_eq!(registered.len(), 2, "{registered:?}");
    assert_eq!(registered[0], registered[1]);
    let [again, ..] = registered[..] else {
        unreachable!("there are two")
    };
    assert_eq!(again.metro, Atlas::shipped().metro("FRA").unwrap());
    assert!(again.number % 2 == 1 && again.number != 1, "{again}");
    let degraded: Vec<u64> = changes
        .iter()
        .filter(|change| change.what == Happening::Status(TunnelStatus::Degraded))
        // At the first instant the connections are registered one after the other.
        .filter(|change| change.at > Time::ZERO)
        .map(|change| change.at.as_nanos() / 1_000_000)
        .collect();
    assert_eq!(degraded, [20_500]);
    log.passed(13, "531 and 36.5 ms; noticed at 20.5 s at the edge and 25 s at the host; back together in another data centre");
}
