//! Sessions and carts: table 2.4 of the plan. A cart lives where the first request went, unless the store is shared.

use tunnelsim::kernel::math::{exp, pow};
use tunnelsim::kernel::random::{Keyed, Source};
use tunnelsim::measure::observation::{Observation, RequestSeen, SessionFate, StateFound};
use tunnelsim::simulation::RunKey;

use crate::judge::check_share;
use crate::suite::{Group, Log, seed, sized};
use crate::worlds::{observe, read};

pub const GROUPS: &[Group] = &[
    (
        "carts_survive_random_routing_with_k_to_the_minus_n_less_one",
        at_random,
    ),
    (
        "carts_survive_uneven_routing_with_the_sum_of_powers",
        unevenly,
    ),
    ("carts_survive_turns_with_the_power_of_staying", by_turns),
    ("carts_survive_where_nothing_moves_or_all_is_shared", always),
    ("carts_in_memory_survive_until_the_first_loss", in_memory),
    (
        "carts_on_disk_survive_unless_a_request_finds_its_home_away",
        home_away,
    ),
    (
        "copies_that_follow_are_stale_if_a_write_was_within_the_lag",
        stale_copies,
    ),
];

/// A shop with a cart in each session; `tunnel` are the settings of its tunnel, `rest` further blocks.
fn shop(replicas: &str, store: &str, requests: &str, horizon_s: u64, rest: &str) -> String {
    format!(
        "
title: carts
exact: true
horizon: {horizon_s}s
edge: {{propagation: 0s}}
clients:
  shoppers:
    city: Frankfurt
    access: none
    entry: FRA
    hostname: a.example.com
    sessions: 20/s
    requests: {requests}
    think: {{exponential: 3s}}
    state: cart
hosts:
  vps: {{copies: 3, city: Frankfurt, containers: {{web: {{workers: 1000, service_time: 1us, store: {store}}}}}}}
tunnels: {{t: {{replicas: {{{replicas}}}, ingress: [{{service: 'http://web:80'}}]}}}}
links:
  - {{between: [shoppers, FRA], round_trip: 20us}}
{rest}
"
    )
}

const TWO: &str = "a: {host: vps-1, edges: [FRA, FRA]}, b: {host: vps-2, edges: [FRA, FRA]}";
const THREE: &str = "a: {host: vps-1, edges: [FRA, FRA]}, b: {host: vps-2, edges: [FRA, FRA]}, c: {host: vps-3, edges: [FRA, FRA]}";

/// Sessions of the shoppers that ended, and those of them whose cart was always found whole.
fn intact(text: &str) -> (u64, u64) {
    let (mut all, mut whole) = (0, 0);
    let key = RunKey {
        seed: seed(),
        replication: 0,
    };
    observe(&read(text, ""), key, |observation| {
        if let Observation::Session(session) = observation
            && session.group.0 == 0
        {
            all += 1;
            whole += u64::from(session.fate == SessionFate::Intact);
        }
    });
    (whole, all)
}

fn check_intact(log: &mut Log, name: &str, text: &str, probability: f64) {
    let (whole, all) = intact(text);
    check_share(log, name, whole, all, probability);
}

/// k^-(n-1); and for a geometric number of requests of mean m: (1/m) / (1 - (1 - 1/m) / k).
fn at_random(log: &mut Log) {
    let seconds = sized(300, 3_000);
    let text = |replicas, n| {
        shop(replicas, "memory", n, seconds, "").replace("{replicas:", "{routing: any, replicas:")
    };
    check_intact(log, "k = 2, n = 2", &text(TWO, "2"), 0.5);
    check_intact(log, "k = 2, n = 6", &text(TWO, "6"), 0.031_25);
    check_intact(log, "k = 3, n = 3", &text(THREE, "3"), 1.0 / 9.0);
    check_intact(
        log,
        "k = 2, geometric of mean 8",
        &text(TWO, "{geometric: 8}"),
        2.0 / 9.0,
    );
    check_intact(
        log,
        "k = 3, geometric of mean 4",
        &text(THREE, "{geometric: 4}"),
        0.25 / (1.0 - 0.75 / 3.0),
    );
}

/// The sum of p^n over the replicas, whose connections are their weights: 4 against 1, and 4 to 3 to 1.
fn unevenly(log: &mut Log) {
    let seconds = sized(300, 3_000);
    let replica =
        |name, host, n| format!("{name}: {{host: {host}, connections: {n}, edges: [FRA, FRA]}}");
    let two = [replica("a", "vps-1", 4), replica("b", "vps-2", 1)].join(", ");
    let three = [
        replica("a", "vps-1", 4),
        replica("b", "vps-2", 3),
        replica("c", "vps-3", 1),
    ]
    .join(", ");
    let text = |replicas: &str, n| {
        shop(replicas, "memory", n, seconds, "").replace("{replicas:", "{routing: any, replicas:")
    };
    check_intact(log, "0.8 and 0.2, n = 3", &text(&two, "3"), 0.512 + 0.008);
    let sum = [4.0, 3.0, 1.0].iter().map(|c| pow(c / 8.0, 4.0)).sum();
    check_intact(log, "4/8, 3/8 and 1/8, n = 4", &text(&three, "4"), sum);
}

/// Under strict turns a click stays if an odd number of others comes in between: s = (1 - E[e^(-2 rate gap)]) / 2, click by
/// click independently, so s^(n-1). The gap is a think time of 3 s and a round trip of 3.3 ms; two shoppers an hour are
/// too rare to meet.
fn by_turns(log: &mut Log) {
    let others = "    state: cart\n  others: {city: Frankfurt, access: none, entry: FRA, hostname: a.example.com, sessions: 0.1/s}\n";
    let text = shop(TWO, "memory", "3", sized(500, 10_000) * 3_600, "")
        .replace("{replicas:", "{routing: alternating, replicas:")
        .replace("20/s", "2/h")
        .replace("    state: cart\n", others);
    let stays = (1.0 - exp(-2.0 * 0.1 * 0.0033) / (1.0 + 2.0 * 0.1 * 3.0)) / 2.0;
    check_intact(log, "n = 3", &text, stays * stays);
}

/// Exactly all of them: nearest without faults, and a shared store under any routing.
fn always(log: &mut Log) {
    let seconds = sized(200, 2_000);
    let far = "a: {host: vps-1, edges: [FRA, FRA]}, b: {host: vps-2, edges: [LHR, LHR]}";
    let nearest = shop(far, "memory", "6", seconds, "");
    let shared = shop(
        TWO,
        "redis",
        "6",
        seconds,
        "stores: {redis: {city: Frankfurt}}\n",
    )
    .replace("{replicas:", "{routing: any, replicas:");
    for (name, text) in [("nearest", nearest), ("shared store", shared)] {
        let (whole, all) = intact(&text);
        assert_eq!(whole, all, "{name}");
        log.passed(all, format!("{name}: all of {all}"));
    }
}

/// Losses at rate f against thinking that ends at rate theta: (theta / (theta + f))^(n-1). A session of geometric length,
/// which ends with probability p after each request, breaks with (1 - p) f / (f + p theta).
fn in_memory(log: &mut Log) {
    let seconds = sized(1_500, 20_000);
    let lost = "failures: [store-lost: {store: vps-1/web, mtbf: {exponential: 12s}}]\n";
    let one = "a: {host: vps-1, edges: [FRA, FRA]}";
    // Sessions that are open at one loss break together, so each is followed alone: one every 40 s or so.
    let text = |n| shop(one, "memory", n, seconds * 40, lost).replace("20/s", "0.025/s");
    let stays: f64 = 12.0 / (12.0 + 3.0);
    check_intact(log, "n = 2", &text("2"), stays);
    check_intact(log, "n = 4", &text("4"), stays * stays * stays);
    let p = 0.25;
    let breaks = (1.0 - p) * (1.0 / 12.0) / (1.0 / 12.0 + p / 3.0);
    check_intact(
        log,
        "geometric of mean 4",
        &text("{geometric: 4}"),
        1.0 - breaks,
    );
}

/// The nearest replica leaves and comes back at rates f and r, its disk survives: each further request finds it with
/// A + (1 - A) theta / (theta + f + r), given that the one before did. Edges know both at once.
fn home_away(log: &mut Log) {
    let replicas = "a: {host: vps-1, connections: 1, edges: [FRA, FRA], grace_period: 0s, stop_grace: 0s}, b: {host: vps-2, edges: [LHR, LHR]}";
    let rest = "cloudflared: {process_start: 0s, dial_overhead: 0s}
failures: [connector-stop: {replica: a, mtbf: {exponential: 30s}, mttr: {exponential: 10s}}]
";
    let hours = sized(40, 800);
    let text = shop(replicas, "disk", "3", hours * 3_600, rest)
        .replace("20/s", "0.01/s")
        .replace(
            "links:",
            "links:\n  - {between: [vps-1, FRA], round_trip: 2us}",
        );
    let (mut began_home, mut whole) = (0, 0);
    let mut of_session: Vec<RequestSeen> = Vec::new();
    let key = RunKey {
        seed: seed(),
        replication: 0,
    };
    observe(&read(&text, ""), key, |observation| match observation {
        Observation::Request(request) => of_session.push(*request),
        Observation::Session(session) => {
            let mine = |r: &&RequestSeen| r.id.session == session.session;
            let states: Vec<(u16, StateFound)> = of_session
                .iter()
                .filter(mine)
                .map(|r| (r.connection.unwrap().replica.0, r.state))
                .collect();
            assert_eq!(states.len(), 3, "nothing fails here: {states:?}");
            if states[0].0 == 0 {
                began_home += 1;
                let found = states[1..]
                    .iter()
                    .all(|state| *state == (0, StateFound::Found));
                assert_eq!(found, session.fate == SessionFate::Intact);
                whole += u64::from(found);
            }
            of_session.retain(|r| r.id.session != session.session);
        }
        Observation::Change(_) => {}
    });
    let (theta, f, r) = (1.0 / 3.0, 1.0 / 30.0, 1.0 / 10.0);
    let available = r / (f + r);
    let finds = available + (1.0 - available) * theta / (theta + f + r);
    assert!(
        (found_at_home(theta, f, r) - finds).abs() < 0.005,
        "{finds}"
    );
    check_share(log, "n = 3", whole, began_home, finds * finds);
}

/// The same by drawing: whether the home that was there is there after a think time.
fn found_at_home(theta: f64, f: f64, r: f64) -> f64 {
    let trials = 200_000;
    let mut source = Keyed::new(8, 0, 0, 0);
    let mut exponential = |rate: f64| -tunnelsim::kernel::math::ln(source.unit_open()) / rate;
    let found = (0..trials).filter(|_| {
        let mut left = exponential(theta);
        let mut is_up = true;
        loop {
            left -= exponential(if is_up { f } else { r });
            if left < 0.0 {
                return is_up;
            }
            is_up = !is_up;
        }
    });
    found.count() as f64 / f64::from(trials)
}

/// One record, written at rate w at the primary, whose copy is a lag behind. When the primary is lost the copy lacks the
/// last write if that was less than the lag before: 1 - e^(-w lag).
fn stale_copies(log: &mut Log) {
    let (w, lag) = (0.5, 2.0);
    let text = "
title: a copy that follows
exact: true
horizon: 40s
edge: {propagation: 0s}
clients:
  readers: {city: London, access: none, entry: LHR, hostname: a.example.com, sessions: {trace: reads.csv}}
  writers: {city: Frankfurt, access: none, entry: FRA, hostname: a.example.com, sessions: 0.5/s, writes: 100%}
hosts:
  first: {city: Frankfurt, containers: {web: {service_time: 1us, store: db}}}
  second: {city: London, containers: {web: {service_time: 1us, store: db}}}
stores:
  db:
    asynchronous: {members: [first, second], lag: {constant: 2s}, promote_after: 1ms}
    holds: {records: {keys: 1}}
tunnels:
  t:
    replicas: {a: {host: first, edges: [FRA, FRA]}, b: {host: second, edges: [LHR, LHR]}}
    ingress: [{service: 'http://web:80'}]
links:
  - {between: [writers, FRA], round_trip: 2us}
  - {between: [first, FRA], round_trip: 2us}
faults:
  - power-cut: {host: first, at: 30s}
";
    let scenario = read(text, "at_s,client,hostname\n30.5,x,a.example.com\n");
    let runs = sized(1_000, 10_000);
    let (mut stale, mut seen) = (0, 0);
    for replication in 0..runs {
        let key = RunKey {
            seed: seed(),
            replication,
        };
        observe(&scenario, key, |observation| {
            if let Observation::Request(request) = observation
                && request.id.group.0 == 0
            {
                assert!(request.outcome.is_success(), "{request:?}");
                seen += 1;
                stale += u64::from(matches!(
                    request.state,
                    StateFound::Stale | StateFound::Missing
                ));
            }
        });
    }
    assert_eq!(seen, runs);
    check_share(log, "w = 0.5/s, lag 2 s", stale, runs, 1.0 - exp(-w * lag));
}
