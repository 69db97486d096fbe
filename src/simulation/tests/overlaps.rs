//! Faults that overlap: what clears first ends nothing.

use super::*;
use crate::fault::StoreEffect;
use crate::measure::outcome::{Cause, Outcome};

const HOST: HostId = HostId(0);
const WEB: ContainerId = ContainerId(0);

fn whole(plan: &Blueprint, faults: &[FaultPlan], entity: Entity) -> Vec<u64> {
    moments(&changes(plan, faults), entity, |what| what == Happening::Up)
}

fn power_cut(at_ms: u64, lasts_ms: u64) -> FaultPlan {
    let off = Effect::HostPower(HOST, false);
    fault(at_ms, off, Some((lasts_ms, Effect::HostPower(HOST, true))))
}

fn host_shutdown(at_ms: u64, lasts_ms: u64) -> FaultPlan {
    let stop = Effect::HostShutdown(HOST);
    fault(at_ms, stop, Some((lasts_ms, Effect::HostPower(HOST, true))))
}

/// A world of ten minutes.
fn long_world() -> Blueprint {
    let mut plan = world();
    plan.horizon = Span::from_secs(600);
    plan
}

#[test]
fn power_is_back_when_the_last_cut_has_cleared() {
    let faults = [power_cut(10_000, 60_000), power_cut(30_000, 5_000)];
    // Back at 70 s, booted 30 s later.
    assert_eq!(whole(&long_world(), &faults, Entity::Host(HOST)), [100_000]);
}

#[test]
fn a_shutdown_during_a_power_cut_does_not_bring_the_power_back_early() {
    let faults = [power_cut(10_000, 60_000), host_shutdown(20_000, 10_000)];
    assert_eq!(whole(&long_world(), &faults, Entity::Host(HOST)), [100_000]);
}

#[test]
fn a_shutdown_that_clears_while_the_host_still_drains_is_a_reboot() {
    // The drain ends at 40 s, and the host boots for 30 s.
    let faults = [host_shutdown(10_000, 5_000)];
    assert_eq!(whole(&long_world(), &faults, Entity::Host(HOST)), [70_000]);
}

#[test]
fn a_line_is_whole_when_the_last_cut_has_cleared() {
    let cut = |at, lasts| {
        let down = Effect::HostLine(HOST, false);
        fault(at, down, Some((lasts, Effect::HostLine(HOST, true))))
    };
    let seen = changes(&long_world(), &[cut(10_000, 60_000), cut(30_000, 5_000)]);
    let ups = moments(&seen, Entity::Host(HOST), |what| what == Happening::LineUp);
    assert_eq!(ups, [70_000]);
}

#[test]
fn the_slower_of_two_brownouts_counts() {
    let slow = |at, lasts, factor| {
        let normal = Effect::ContainerSlow(WEB, 1_000);
        fault(
            at,
            Effect::ContainerSlow(WEB, factor),
            Some((lasts, normal)),
        )
    };
    let faults = [slow(1_500, 30_000, 3_000), slow(10_000, 5_000, 9_000)];
    let mut plan = world();
    asked_at(&mut plan, &[1_000, 5_000, 12_000, 20_000, 40_000]);
    let service = |seen: &RequestSeen| ms(seen.parts.service);
    let seen: Vec<f64> = requests(&plan, &faults).iter().map(service).collect();
    assert_eq!(seen, [7.0, 21.0, 63.0, 21.0, 7.0]);
}

#[test]
fn a_hang_shows_while_it_lasts_also_after_a_restart() {
    let hang = Effect::ContainerHang(WEB, true);
    let faults = [
        fault(
            10_000,
            hang,
            Some((100_000, Effect::ContainerHang(WEB, false))),
        ),
        fault(15_000, Effect::ContainerCrash(WEB), None),
    ];
    let late = requests(&long_world(), &faults)[1];
    assert_eq!(late.outcome, Outcome::Failed(Cause::OriginHung));
    let web = Entity::Container(WEB);
    let hangs = moments(&changes(&long_world(), &faults), web, |w| {
        w == Happening::Hangs
    });
    assert_eq!(hangs, [10_000, 15_100]);
    assert_eq!(whole(&long_world(), &faults, web), [110_000]);
}

#[test]
fn a_health_check_reports_what_lasts_longer_than_its_probes() {
    let mut plan = long_world();
    plan.containers[WEB].health_check = Some(HealthCheck {
        interval: Span::from_secs(10),
        timeout: Span::from_secs(3),
        retries: 3,
        start_period: Span::ZERO,
    });
    let reports = |effect: fn(ContainerId, bool) -> Effect, lasts| {
        let faults = [fault(
            15_000,
            effect(WEB, true),
            Some((lasts, effect(WEB, false))),
        )];
        let is = |what| matches!(what, Happening::Health { healthy: false });
        moments(&changes(&plan, &faults), Entity::Container(WEB), is)
    };
    // Probes at 20, 30 and 40 s; one into a hang takes its 3 s.
    assert_eq!(reports(Effect::ContainerHang, 60_000), [43_000]);
    assert_eq!(reports(Effect::ContainerRefuses, 60_000), [40_000]);
    assert!(reports(Effect::ContainerHang, 20_000).is_empty());
}

#[test]
fn a_health_check_reports_once_what_hangs_and_refuses() {
    let mut plan = long_world();
    plan.containers[WEB].health_check = Some(HealthCheck {
        interval: Span::from_secs(10),
        timeout: Span::from_secs(3),
        retries: 3,
        start_period: Span::ZERO,
    });
    let reports = |refuses_from| {
        let lasting = |at, effect: fn(ContainerId, bool) -> Effect| {
            fault(at, effect(WEB, true), Some((60_000, effect(WEB, false))))
        };
        let faults = [
            lasting(15_000, Effect::ContainerHang),
            lasting(refuses_from, Effect::ContainerRefuses),
        ];
        let is = |what| matches!(what, Happening::Health { healthy: false });
        moments(&changes(&plan, &faults), Entity::Container(WEB), is)
    };
    // The third probe begins at 40 s and fails with the port that closes, or when its time is up at 43 s.
    assert_eq!(reports(30_000), [40_000]);
    assert_eq!(reports(41_000), [41_000]);
    assert_eq!(reports(50_000), [43_000]);
}

#[test]
fn a_store_is_back_when_nothing_keeps_it_from_answering() {
    let mut plan = long_world();
    let store = add_store(&mut plan, Holds::Content, StoreKind::OnHost { host: HOST });
    let during = |at, lasts, effect: fn(bool) -> StoreEffect| {
        let strike = Effect::Store(store, effect(true));
        fault(
            at,
            strike,
            Some((lasts, Effect::Store(store, effect(false)))),
        )
    };
    let faults = [
        during(10_000, 60_000, StoreEffect::Refuses),
        during(20_000, 20_000, StoreEffect::Silent),
        during(30_000, 5_000, StoreEffect::Refuses),
    ];
    assert_eq!(whole(&plan, &faults, Entity::Store(store)), [70_000]);
}

#[test]
fn maintenance_withdraws_connections_before_it_closes_them() {
    let mut plan = world();
    asked_at(&mut plan, &[10_000]);
    let fra = plan.groups[GroupId(0)].entry.unwrap();
    let data_centre = crate::world::geography::DataCentre {
        metro: fra,
        number: 1,
    };
    let maintenance = |begins| Effect::DataCentreMaintenance(data_centre, begins);
    let faults = [fault(
        20_000,
        maintenance(true),
        Some((20_000, maintenance(false))),
    )];
    let seen = changes(&plan, &faults);
    let connection = Entity::Connection(ConnectionRef {
        replica: ReplicaId(0),
        index: 0,
    });
    let at = |is: fn(Happening) -> bool| moments(&seen, connection, is);
    assert_eq!(
        at(|what| matches!(what, Happening::Severed { .. })),
        [20_000]
    );
    assert_eq!(at(|what| what == Happening::Withdrawn), [20_500]);
    assert_eq!(
        at(|what| matches!(what, Happening::EdgeCloses { .. })),
        [20_500]
    );
    // It dials again and finds a place in the other data centre, or in its own when the maintenance is over.
    assert_eq!(
        at(|what| matches!(what, Happening::Registers { .. })).len(),
        2
    );
}
