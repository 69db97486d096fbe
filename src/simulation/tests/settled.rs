//! Requests whose course is settled end as those that go step by step: to the nanosecond, in the same order, with the
//! same tallies. Somebody who listens to stories makes all requests go step by step.
//!
//! All times of this world are whole milliseconds, so that much of it happens at one instant.

use proptest::prelude::*;

use super::*;
use crate::fault::StoreEffect;
use crate::measure::finals::Finals;

/// Everything that a run tells, with its requests settled or not.
fn told_if(
    plan: &Blueprint,
    faults: &[FaultPlan],
    listens: bool,
) -> (Vec<Observation>, Finals, u64) {
    let (seen, run) = match listens {
        true => told(plan, faults, step_by_step),
        false => told(plan, faults, |_| {}),
    };
    let events = run.finals.events;
    let finals = Finals {
        events: 0,
        ..run.finals
    };
    (seen, finals, events)
}

/// What can strike, with what clears it.
fn effects() -> Vec<(Effect, Effect)> {
    let fra = Atlas::shipped().metro("FRA").unwrap();
    let ams = Atlas::shipped().metro("AMS").unwrap();
    let (host, web, replica) = (HostId(0), ContainerId(0), ReplicaId(0));
    let connection = ConnectionRef { replica, index: 1 };
    let group = GroupId(0);
    let flip = |to| Effect::CatchmentFlip {
        group,
        share: 1.0,
        to,
    };
    let store = |effect| Effect::Store(StoreId(0), effect);
    let both = |effect: fn(bool) -> StoreEffect| (store(effect(true)), store(effect(false)));
    vec![
        (
            Effect::HostPower(host, false),
            Effect::HostPower(host, true),
        ),
        (Effect::HostLine(host, false), Effect::HostLine(host, true)),
        (Effect::HostShutdown(host), Effect::HostPower(host, true)),
        (
            Effect::ConnectorKill(replica),
            Effect::ConnectorStart(replica),
        ),
        (
            Effect::ConnectorRestart(replica),
            Effect::ConnectionDrop(connection),
        ),
        (
            Effect::ServerOfConnection(connection, false),
            Effect::ServerOfConnection(connection, true),
        ),
        (Effect::MetroUp(fra, false), Effect::MetroUp(fra, true)),
        (Effect::ContainerStop(web), Effect::ContainerStart(web)),
        (Effect::ContainerCrash(web), Effect::ContainerCrash(web)),
        (
            Effect::ContainerHang(web, true),
            Effect::ContainerHang(web, false),
        ),
        (
            Effect::ContainerRefuses(web, true),
            Effect::ContainerRefuses(web, false),
        ),
        (
            Effect::ContainerSlow(web, 3_000),
            Effect::ContainerSlow(web, 1_000),
        ),
        both(StoreEffect::Refuses),
        both(StoreEffect::Silent),
        (
            store(StoreEffect::Lost),
            store(StoreEffect::Slow(Span::ZERO)),
        ),
        (
            Effect::PathCut(fra, fra, true),
            Effect::PathCut(fra, fra, false),
        ),
        (flip(Some(ams)), flip(None)),
        (Effect::ProviderIncident(0.5), Effect::ProviderIncident(0.0)),
    ]
}

/// The small world with two connections that are equally good, sessions that think, and a login in memory.
/// Who is in a hurry gives requests up whose service goes on, and asks again at once.
fn busy_world(
    arrivals_ms: &[u64],
    workers: u32,
    requests: u64,
    belief: usize,
    is_hurried: bool,
) -> Blueprint {
    let mut plan = world();
    plan.horizon = Span::from_secs(20);
    let dataset = plan.datasets.push(Dataset {
        name: "logins".to_owned(),
        holds: Holds::Sessions,
        stores: vec![StoreId(0), StoreId(1)],
    });
    for container in [ContainerId(0), ContainerId(1)] {
        let store = plan.stores.push(Store {
            name: format!("memory {}", container.0),
            dataset,
            kind: StoreKind::Memory,
            timeout: Span::from_secs(1),
        });
        plan.containers[container].store = Some(store);
        plan.containers[container].workers = workers;
        plan.containers[container].queue_limit = 3;
    }
    plan.tunnels[TunnelId(0)].routing = ["any", "closest", "alternating"][belief].to_owned();
    let group = &mut plan.groups[GroupId(0)];
    group.carries = Carries::Login;
    group.think = Distribution::Constant(Span::from_millis(250));
    group.patience = Span::from_secs(3);
    asked_at(&mut plan, arrivals_ms);
    // A second group, whose sessions have several requests.
    let mut second = plan.groups[GroupId(0)].clone();
    second.name = "others".to_owned();
    second.arrivals = Arrivals::Poisson { per_second: 20.0 };
    second.requests = Count::Constant(requests);
    plan.groups.push(second);
    if is_hurried {
        plan.settings.attempt_deadline = Span::from_millis(40);
        for (_, group) in plan.groups.iter_mut() {
            group.carries = Carries::Cart;
            group.writes_share = 0.5;
            group.think = Distribution::Constant(Span::from_millis(1));
        }
        for (_, container) in plan.containers.iter_mut() {
            container.service_time = Distribution::Uniform {
                low: Span::from_millis(1),
                high: Span::from_millis(80),
            };
        }
    }
    plan
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn settled_requests_end_as_those_that_go_step_by_step(
        arrivals in proptest::collection::vec(0..18_000_u64, 1..80),
        strikes in proptest::collection::vec((0..18_000_u64, 0..18_usize, 1..6_000_u64), 0..5),
        workers in 1..4_u32,
        requests in 1..9_u64,
        belief in 0..3_usize,
        is_hurried in any::<bool>(),
    ) {
        let plan = busy_world(&arrivals, workers, requests, belief, is_hurried);
        let effects = effects();
        let faults: Vec<FaultPlan> = strikes
            .into_iter()
            .map(|(at, index, lasts)| {
                let (strike, clear) = effects[index].clone();
                fault(at, strike, Some((lasts, clear)))
            })
            .collect();
        let (settled, settled_finals, _) = told_if(&plan, &faults, false);
        let (stepped, stepped_finals, _) = told_if(&plan, &faults, true);
        prop_assert_eq!(settled, stepped);
        prop_assert_eq!(settled_finals, stepped_finals);
    }
}

#[test]
fn a_settled_request_takes_two_events_less_an_unattended_service_one_and_a_reserved_worker_another()
{
    let plan = busy_world(&[10_000], 4, 8, 1, false);
    let [settled, stepped] = [false, true].map(|listens| told_if(&plan, &[], listens));
    let is_request = |seen: &&Observation| matches!(seen, Observation::Request(_));
    let requests = settled.0.iter().filter(is_request).count();
    let (settled, stepped) = (settled.2, stepped.2);
    let saved = (stepped - settled) as f64 / requests as f64;
    assert!((3.5..4.0).contains(&saved), "{saved} events a request");
}
