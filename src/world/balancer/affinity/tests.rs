use super::super::example::*;
use super::super::{Choice, Probe, ProbeResult};
use super::*;
use crate::kernel::time::Span;
use crate::world::blueprint::Blueprint;
use crate::world::geography::ProbeRegion;
use crate::world::ids::{MonitorId, PoolId};

const WEU: ProbeRegion = ProbeRegion::WesternEurope;
const MINUTE: Span = Span::from_secs(60);

fn world(affinity: Affinity, failover: ZeroDowntimeFailover) -> Blueprint {
    let (mut blueprint, _) = monitored(&[&["a", "b", "c", "d"]], &[WEU]);
    let balancer = &mut blueprint.balancers[BALANCER];
    balancer.affinity = affinity;
    balancer.affinity_ttl = MINUTE * 10;
    balancer.zero_downtime_failover = failover;
    blueprint
}

fn set_health(balancers: &mut Balancers, endpoint: EndpointId, healthy: bool) {
    for data_centre in 0..3 {
        let probe = Probe {
            monitor: MonitorId(0),
            endpoint,
            region: WEU,
            data_centre,
        };
        let passed = ProbeResult::Passed { round_trip: MINUTE };
        balancers.probe_result(probe, if healthy { passed } else { ProbeResult::Failed });
    }
}

/// Request number `number` of a session that carries `cookie`, at `now`.
fn ask(
    balancers: &Balancers,
    number: u64,
    now: Time,
    cookie: Option<AffinityCookie>,
    tried: &[EndpointId],
) -> Option<Choice> {
    let client = request(0).client;
    let asker = Asker {
        now,
        cookie,
        client,
        tried,
        ..request(number)
    };
    balancers.choose(BALANCER, &asker)
}

/// The endpoint and the cookie of a session's first request, at time 0.
fn first(balancers: &Balancers) -> (EndpointId, Option<AffinityCookie>) {
    let choice = ask(balancers, 0, at(0), None, &[]).unwrap();
    (choice.endpoint, choice.cookie)
}

#[test]
fn without_affinity_nothing_is_tied() {
    let balancers = Balancers::new(&world(Affinity::None, ZeroDowntimeFailover::None));
    let (_, cookie) = first(&balancers);
    assert_eq!(cookie, None);
}

#[test]
fn a_cookie_holds_from_its_making_until_its_time_is_over() {
    for affinity in [Affinity::Cookie, Affinity::IpCookie] {
        let balancers = Balancers::new(&world(affinity, ZeroDowntimeFailover::None));
        let (endpoint, cookie) = first(&balancers);
        for number in 1..100 {
            let choice = ask(&balancers, number, at(599), cookie, &[]).unwrap();
            assert_eq!((choice.endpoint, choice.cookie), (endpoint, None));
        }
        let renewed = ask(&balancers, 1, at(600), cookie, &[]).unwrap();
        assert_eq!(renewed.cookie.unwrap().since, at(600));
    }
}

#[test]
fn affinity_by_header_lives_as_long_as_it_is_used() {
    let balancers = Balancers::new(&world(Affinity::Header, ZeroDowntimeFailover::None));
    let (endpoint, mut cookie) = first(&balancers);
    for number in 1..20 {
        let now = at(599 * number);
        let choice = ask(&balancers, number, now, cookie, &[]).unwrap();
        assert_eq!(choice.endpoint, endpoint);
        cookie = choice.cookie;
        assert_eq!(cookie.unwrap().since, now);
    }
}

#[test]
fn an_ip_cookie_starts_where_the_address_says() {
    let balancers = Balancers::new(&world(Affinity::IpCookie, ZeroDowntimeFailover::None));
    let (endpoint, _) = first(&balancers);
    for number in 1..50 {
        assert_eq!(
            ask(&balancers, number, at(0), None, &[]).unwrap().endpoint,
            endpoint
        );
    }
}

#[test]
fn a_session_whose_endpoint_goes_down_moves_for_good() {
    let mut balancers = Balancers::new(&world(Affinity::Cookie, ZeroDowntimeFailover::None));
    let (endpoint, cookie) = first(&balancers);
    set_health(&mut balancers, endpoint, false);
    let moved = ask(&balancers, 1, at(60), cookie, &[]).unwrap();
    assert_ne!(moved.endpoint, endpoint);
    assert_eq!(moved.cookie.unwrap().endpoint, moved.endpoint);
    set_health(&mut balancers, endpoint, true);
    let later = ask(&balancers, 2, at(120), moved.cookie, &[]).unwrap();
    assert_eq!(later.endpoint, moved.endpoint);
}

#[test]
fn with_temporary_failover_a_session_returns() {
    let mut balancers = Balancers::new(&world(Affinity::Cookie, ZeroDowntimeFailover::Temporary));
    let (endpoint, cookie) = first(&balancers);
    set_health(&mut balancers, endpoint, false);
    let away = ask(&balancers, 1, at(60), cookie, &[]).unwrap();
    assert_ne!(away.endpoint, endpoint);
    assert_eq!(away.cookie, None);
    set_health(&mut balancers, endpoint, true);
    assert_eq!(
        ask(&balancers, 2, at(120), cookie, &[]).unwrap().endpoint,
        endpoint
    );
}

#[test]
fn a_failed_request_of_a_tied_session_is_retried_as_the_balancer_says() {
    use ZeroDowntimeFailover::{None as Never, Sticky, Temporary};
    for (affinity, failover, retries, moves) in [
        (Affinity::Cookie, Never, false, false),
        (Affinity::Cookie, Temporary, true, false),
        (Affinity::Cookie, Sticky, true, true),
        (Affinity::Header, Sticky, false, false),
    ] {
        let balancers = Balancers::new(&world(affinity, failover));
        let (endpoint, cookie) = first(&balancers);
        let retry = ask(&balancers, 0, at(1), cookie, &[endpoint]);
        assert_eq!(retry.is_some(), retries, "{affinity:?} {failover:?}");
        if let Some(retry) = retry {
            assert_ne!(retry.endpoint, endpoint);
            assert_eq!(
                retry
                    .cookie
                    .is_some_and(|new| new.endpoint == retry.endpoint),
                moves
            );
        }
        // The session's first request is not tied yet.
        assert!(ask(&balancers, 0, at(1), None, &[endpoint]).is_some());
    }
}

#[test]
fn a_disabled_endpoint_keeps_its_sessions_while_it_drains() {
    let mut blueprint = world(Affinity::Cookie, ZeroDowntimeFailover::None);
    blueprint.balancers[BALANCER].drain = MINUTE;
    let mut balancers = Balancers::new(&blueprint);
    let (endpoint, cookie) = first(&balancers);
    balancers.enable_endpoint(endpoint, false, at(30));
    for number in 1..50 {
        assert_ne!(
            ask(&balancers, number, at(40), None, &[]).unwrap().endpoint,
            endpoint
        );
        assert_eq!(
            ask(&balancers, number, at(89), cookie, &[])
                .unwrap()
                .endpoint,
            endpoint
        );
    }
    assert_ne!(
        ask(&balancers, 1, at(90), cookie, &[]).unwrap().endpoint,
        endpoint
    );
}

#[test]
fn a_disabled_pool_and_a_foreign_balancer_hold_nothing() {
    let mut blueprint = world(Affinity::Cookie, ZeroDowntimeFailover::None);
    let green = blueprint.pools.push(blueprint.pools[PoolId(0)].clone());
    let endpoint = crate::world::blueprint::Endpoint {
        pool: green,
        ..blueprint.endpoints[EndpointId(0)].clone()
    };
    let in_green = blueprint.endpoints.push(endpoint);
    blueprint.pools[green].endpoints = vec![in_green];
    blueprint.balancers[BALANCER].default_pools.push(green);
    let mut balancers = Balancers::new(&blueprint);
    let (_, cookie) = first(&balancers);
    let foreign = cookie.map(|cookie| AffinityCookie {
        balancer: BalancerId(1),
        ..cookie
    });
    assert!(
        ask(&balancers, 1, at(1), foreign, &[])
            .unwrap()
            .cookie
            .is_some()
    );
    balancers.enable_pool(PoolId(0), false);
    assert_eq!(
        ask(&balancers, 1, at(1), cookie, &[]).unwrap().endpoint,
        in_green
    );
}
