//! In whose name requests, jobs and probes ask.

use super::*;
use crate::measure::observation::StateFound;
use crate::measure::outcome::{Cause, Outcome};

const WEB: ContainerId = ContainerId(0);

#[test]
fn an_answer_of_a_lost_attempt_may_be_lost_too() {
    // The edge gives the attempt up 40 ms after it came; whenever the metro dies, the time until then is lost once.
    let mut plan = world();
    plan.settings.attempt_deadline = Span::from_millis(40);
    plan.containers[WEB].service_time = Distribution::Constant(Span::from_secs(1));
    asked_at(&mut plan, &[1_000]);
    let fra = plan.groups[GroupId(0)].entry.unwrap();
    let (mut cut, mut answered) = (0, 0);
    for at_ms in 1_001..1_080 {
        let down = fault(at_ms, Effect::MetroUp(fra, false), None);
        let seen = requests(&plan, &[down]).remove(0);
        match seen.outcome {
            Outcome::Failed(Cause::EdgeUnreachable) => cut += 1,
            Outcome::Failed(Cause::OriginHung) => answered += 1,
            other => panic!("{other:?}"),
        }
        assert!(seen.parts.stalled <= seen.latency(), "{at_ms} ms");
    }
    assert!(cut > 40 && answered > 0, "{cut} cut, {answered} answered");
}

#[test]
fn requests_of_one_recorded_client_ask_for_the_hostnames_of_their_own_rows() {
    let mut plan = world();
    let other = plan.hostnames.push("other.example.com".to_owned());
    let app = plan.groups[GroupId(0)].hostnames[0].0;
    let row = |ms, hostname| TraceEntry {
        at: Span::from_millis(ms),
        client: 1,
        hostname,
    };
    plan.groups[GroupId(0)].arrivals = Arrivals::Trace(vec![row(1_000, app), row(2_000, other)]);
    let seen = requests(&plan, &[]);
    assert_eq!(seen[0].hostname, app);
    assert_eq!(seen[1].hostname, other);
    assert_eq!(seen[1].outcome, Outcome::Failed(Cause::NoTunnel));
}

#[test]
fn a_job_that_outlives_its_request_writes_in_that_requests_name() {
    // The login's write takes 130 s and ends in a 524 after 120 s; the next request waits behind it for the worker,
    // and then finds what was executed all the same.
    let mut plan = world();
    plan.horizon = Span::from_secs(300);
    plan.containers[WEB].store = Some(add_store(&mut plan, Holds::Sessions, StoreKind::Memory));
    let group = &mut plan.groups[GroupId(0)];
    group.carries = Carries::Login;
    group.requests = Count::Constant(2);
    group.think = Distribution::Constant(Span::from_secs(3));
    group.arrivals = Arrivals::Poisson { per_second: 0.01 };
    let first = requests(&plan, &[])[0].born.as_nanos() / 1_000_000;
    let slow = Effect::ContainerSlow(WEB, 130_000_000 / 7);
    let normal = Effect::ContainerSlow(WEB, 1_000);
    let faults = [fault(0, slow, Some((first + 1_000, normal)))];
    let seen = requests(&plan, &faults);
    let of_first = |request| {
        seen.iter()
            .find(|r| r.id.session == 0 && r.id.request == request)
    };
    let (login, next) = (of_first(0).unwrap(), of_first(1).unwrap());
    assert_eq!(login.outcome, Outcome::Failed(Cause::OriginHung));
    assert_eq!(next.outcome, Outcome::Success);
    assert!(next.parts.waiting > Span::from_secs(6));
    assert_eq!(next.state, StateFound::Found);
}

/// The world behind a balancer called `www.example.com`, whose one rule knows one name.
fn balanced(known: &str) -> Blueprint {
    let mut plan = world();
    let www = plan.hostnames.push("www.example.com".to_owned());
    plan.groups[GroupId(0)].hostnames = vec![(www, 1.0)];
    asked_at(&mut plan, &[20_000, 50_000]);
    let rules = plan.tunnels[TunnelId(0)].remote_rules.as_mut().unwrap();
    rules[0].hostname = Some(HostPattern::Exact(known.to_owned()));
    rules.push(IngressRule {
        hostname: None,
        path: None,
        service: Service::Status(404),
        connect_timeout: Span::from_secs(30),
    });
    let monitor = plan.monitors.push(Monitor {
        name: "probe".to_owned(),
        interval: Span::from_secs(5),
        timeout: Span::from_secs(2),
        retries: 0,
        consecutive_up: 0,
        consecutive_down: 0,
        expected_codes: vec![CodePattern::Class(2)],
        host_header: None,
        path: "/".to_owned(),
        probe_regions: vec![crate::world::geography::ProbeRegion::ALL[0]],
        starts_unknown: false,
    });
    let endpoint = plan.endpoints.push(Endpoint {
        name: "tunnel".to_owned(),
        pool: PoolId(0),
        address: EndpointAddress::Tunnel(TunnelId(0)),
        weight: 1.0,
        enabled: true,
        host_header: None,
    });
    let pool = plan.pools.push(Pool {
        name: "pool".to_owned(),
        endpoints: vec![endpoint],
        minimum_healthy: 1,
        enabled: true,
        endpoint_steering: "random".to_owned(),
        load_shedding: 0.0,
        site: None,
        monitor: Some(monitor),
    });
    let balancer = plan.balancers.push(Balancer {
        name: "balancer".to_owned(),
        default_pools: vec![pool],
        fallback_pool: pool,
        steering: "off".to_owned(),
        region_pools: Vec::new(),
        country_pools: Vec::new(),
        metro_pools: Vec::new(),
        pool_weights: Vec::new(),
        default_weight: 1.0,
        affinity: Affinity::None,
        affinity_ttl: Span::from_secs(60),
        drain: Span::ZERO,
        zero_downtime_failover: ZeroDowntimeFailover::None,
        failover_across_pools: false,
    });
    plan.records.push(DnsRecord {
        hostname: www,
        target: DnsTarget::Balancer(balancer),
        at: Span::ZERO,
        overwrite: false,
    });
    plan
}

fn verdicts(plan: &Blueprint) -> Vec<u64> {
    let endpoint = Entity::Endpoint(EndpointId(0));
    let is = |what| matches!(what, Happening::Health { .. });
    moments(&changes(plan, &[]), endpoint, is)
}

#[test]
fn a_probe_without_a_host_header_asks_for_the_balancers_name() {
    let plan = balanced("www.example.com");
    assert!(verdicts(&plan).is_empty());
    assert_eq!(requests(&plan, &[])[0].outcome, Outcome::Success);
}

#[test]
fn the_host_header_of_an_endpoint_goes_with_visitors_requests_and_with_probes() {
    let mut plan = balanced("app.example.com");
    let refused = requests(&plan, &[])[0];
    assert_eq!(refused.status, 404);
    assert!(!verdicts(&plan).is_empty());
    plan.endpoints[EndpointId(0)].host_header = Some(HostnameId(0));
    let seen = requests(&plan, &[]);
    assert!(seen.iter().all(|r| r.outcome == Outcome::Success));
    assert!(verdicts(&plan).is_empty());
}

#[test]
fn probes_need_no_clients() {
    let mut plan = balanced("www.example.com");
    plan.groups = Arena::default();
    plan.links
        .retain(|link| !matches!(link.between.0, LinkEnd::Group(_)));
    assert!(verdicts(&plan).is_empty());
}

#[test]
fn a_story_of_a_session_leaves_out_probes_of_the_same_number() {
    let plan = balanced("www.example.com");
    let key = RunKey {
        seed: 1,
        replication: 0,
    };
    let mut simulation = Simulation::new(&plan, &[], key, RecorderOptions::default());
    simulation.listen(super::super::Focus::Session(GroupId(0), 0));
    let (_, story) = simulation.run().unwrap();
    assert!(
        story
            .iter()
            .all(|line| line.at >= Time::ZERO + Span::from_secs(20))
    );
}

#[test]
fn the_edge_hears_at_once_that_a_server_it_dials_itself_does_not_listen() {
    let mut plan = balanced("www.example.com");
    plan.endpoints[EndpointId(0)].address = EndpointAddress::Direct(WEB);
    let faults = [fault(1_000, Effect::ContainerStop(WEB), None)];
    let late = requests(&plan, &faults)[0];
    assert_eq!(
        (late.status, late.outcome),
        (521, Outcome::Failed(Cause::OriginRefused))
    );
    // Its "no" comes as long a way as an answer would: all but the service itself.
    let served = requests(&plan, &[])[0];
    assert_eq!(late.latency() + served.parts.service, served.latency());
}

#[test]
fn a_server_that_loses_its_power_says_nothing_to_what_is_on_its_way() {
    let mut plan = balanced("www.example.com");
    plan.endpoints[EndpointId(0)].address = EndpointAddress::Direct(WEB);
    let sent = requests(&plan, &[])[0];
    // The power fails a nanosecond before the request arrives: half of its network time after it was sent.
    let arrives = sent.born + sent.parts.network.half();
    let cut = Effect::HostPower(plan.containers[WEB].host, false);
    let mut fault = fault(1_000, cut, None);
    fault.occurrence = Occurrence::Scheduled {
        at: arrives.since(Time::ZERO) - Span::from_nanos(1),
        every: None,
    };
    let late = requests(&plan, &[fault])[0];
    assert_eq!(
        (late.status, late.outcome),
        (522, Outcome::Failed(Cause::OriginTimeout))
    );
}

#[test]
fn a_cookie_comes_with_an_answer_and_an_address_with_the_visitor() {
    // A visitor who comes again is hashed to the endpoint of the first visit, unless every session is someone new.
    let mut plan = balanced("www.example.com");
    let mut second = plan.tunnels[TunnelId(0)].clone();
    second.name = "second".to_owned();
    second.replicas = vec![ReplicaId(1)];
    plan.tunnels[TunnelId(0)].replicas = vec![ReplicaId(0)];
    let second = plan.tunnels.push(second);
    plan.replicas[ReplicaId(1)].tunnel = second;
    let mut endpoint = plan.endpoints[EndpointId(0)].clone();
    endpoint.name = "second".to_owned();
    endpoint.address = EndpointAddress::Tunnel(second);
    let endpoint = plan.endpoints.push(endpoint);
    plan.pools[PoolId(0)].endpoints.push(endpoint);
    plan.balancers[BalancerId(0)].affinity = Affinity::IpCookie;
    let moments_ms: Vec<u64> = (1..40).map(|n| n * 1_000).collect();
    asked_at(&mut plan, &moments_ms);
    let endpoints = |plan: &Blueprint| {
        let mut met: Vec<_> = requests(plan, &[]).iter().map(|r| r.endpoint).collect();
        met.sort_unstable();
        met.dedup();
        met.len()
    };
    assert_eq!(endpoints(&plan), 2);
    plan.groups[GroupId(0)].visitors = Some(1);
    assert_eq!(endpoints(&plan), 1);
}

#[test]
fn a_container_that_does_not_run_is_missed_by_the_way_it_was_reached() {
    // By a published port on the same host its host refuses; at a fixed address nobody answers.
    let late = |service: &str, plan: &mut Blueprint| {
        let rules = plan.tunnels[TunnelId(0)].remote_rules.as_mut().unwrap();
        rules[0].service = Service::Origin {
            host: service.to_owned(),
            port: 80,
            meant_for: None,
        };
        requests(plan, &[fault(10_000, Effect::ContainerStop(WEB), None)])[1]
    };
    let mut plan = world();
    plan.containers[WEB].published = true;
    plan.replicas[ReplicaId(0)].networks.clear();
    let refused = late("localhost", &mut plan);
    assert_eq!(refused.outcome, Outcome::Failed(Cause::OriginRefused));
    assert_eq!(ms(refused.latency()), 16.0);
    let mut plan = world();
    plan.containers[WEB].attachments[0].address = Some("172.18.0.3".to_owned());
    let silent = late("172.18.0.3", &mut plan);
    assert_eq!(silent.outcome, Outcome::Failed(Cause::OriginTimeout));
    assert_eq!(ms(silent.latency()), 30_016.0);
}
