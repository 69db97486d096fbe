//! Numbers that say what their texts say.

use super::*;
use crate::fault::StoreEffect;
use crate::measure::metric::{MetricUse, find};
use crate::measure::observation::{Checkout, SessionSeen};
use crate::measure::outcome::{Cause, Outcome};
use crate::measure::selection::Selection;

const WEB: ContainerId = ContainerId(0);

fn measured(plan: &Blueprint, faults: &[FaultPlan], metric: &str) -> Option<f64> {
    let wanted = MetricUse::new(find(metric).unwrap(), Selection::default()).unwrap();
    let options = RecorderOptions {
        measurements: vec![wanted.clone()],
        ..RecorderOptions::default()
    };
    let key = RunKey {
        seed: 1,
        replication: 0,
    };
    let (run, _) = Simulation::new(plan, faults, key, options).run().unwrap();
    run.measure(&wanted).value()
}

#[test]
fn each_process_has_a_lifetime_of_its_own() {
    // One ends after 10 s, the other after 20 s, and both come back for the rest of the run.
    let kill = |at, replica| fault(at, Effect::ConnectorKill(ReplicaId(replica)), None);
    let faults = [kill(10_000, 0), kill(20_000, 1)];
    let mean_ns = measured(&world(), &faults, "connector_lifetime_s").unwrap();
    assert_eq!(mean_ns, 15e9);
}

#[test]
fn what_a_client_who_leaves_spent_in_a_queue_or_in_service_is_booked_there() {
    let mut plan = world();
    plan.groups[GroupId(0)].patience = Span::from_secs(10);
    asked_at(&mut plan, &[20_000, 21_000]);
    let slow = Effect::ContainerSlow(WEB, 10_000_000);
    let seen = requests(&plan, &[fault(10_000, slow, None)]);
    assert!(
        seen.iter()
            .all(|r| r.outcome == Outcome::Failed(Cause::ClientGaveUp))
    );
    // 8 ms to the container, the rest of the patience there.
    assert_eq!(ms(seen[0].parts.service), 9_992.0);
    assert_eq!(ms(seen[1].parts.waiting), 9_992.0);
    assert!(seen.iter().all(|r| ms(r.parts.network) == 8.0));
}

#[test]
fn nobody_waits_for_a_slow_store_longer_than_its_time_out() {
    let mut plan = world();
    let host = HostId(0);
    let store = add_store(&mut plan, Holds::Content, StoreKind::OnHost { host });
    plan.containers[WEB].store = Some(store);
    let slowed_by = |added| {
        let slow = Effect::Store(store, StoreEffect::Slow(Span::from_secs(added)));
        let seen = requests(&plan, &[fault(0, slow, None)])[0];
        (seen.outcome, ms(seen.parts.store))
    };
    assert_eq!(slowed_by(5), (Outcome::Success, 5_000.0));
    let (outcome, stored) = slowed_by(10);
    assert_eq!(outcome, Outcome::Failed(Cause::StoreUnreachable));
    assert_eq!(stored, 5_000.0);
}

#[test]
fn a_cart_that_was_never_created_is_not_checked_out() {
    // The first request, which creates the cart, meets a stopped container; the last one only reads.
    let mut plan = world();
    plan.containers[WEB].store = Some(add_store(&mut plan, Holds::Sessions, StoreKind::Memory));
    let group = &mut plan.groups[GroupId(0)];
    group.carries = Carries::Cart;
    let hostname = group.hostnames[0].0;
    // Of many clients some only read with their last request.
    let row = |client: u64, at_s: u64| TraceEntry {
        at: Span::from_secs(at_s),
        client,
        hostname,
    };
    let rows = (0..50).flat_map(|client| [row(client, 10), row(client, 30)]);
    group.arrivals = Arrivals::Trace(rows.collect());
    let stop = Effect::ContainerStop(WEB);
    let faults = [fault(
        5_000,
        stop,
        Some((15_000, Effect::ContainerStart(WEB))),
    )];
    let of_session = |observation| match observation {
        Observation::Session(session) => Some(session),
        _ => None,
    };
    let all = observations(&plan, &faults).into_iter();
    let sessions: Vec<SessionSeen> = all.filter_map(of_session).collect();
    assert_eq!(sessions.len(), 50);
    for session in sessions {
        let expected = if session.acknowledged {
            Checkout::Done
        } else {
            Checkout::Lost
        };
        assert_eq!(session.checkout, Some(expected));
    }
}

#[test]
fn a_service_of_centuries_in_a_brownout_ends_no_run() {
    let mut plan = world();
    plan.containers[WEB].service_time = Distribution::Constant(Span::from_secs(400 * 365 * 86_400));
    let seen = requests(&plan, &[fault(0, Effect::ContainerSlow(WEB, 5_000), None)]);
    assert_eq!(seen[0].outcome, Outcome::Failed(Cause::OriginHung));
}
