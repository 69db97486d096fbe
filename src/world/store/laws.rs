//! The closed forms of data that several replicas keep apart, on all routings of few requests.

use super::example::*;
use super::*;
use crate::world::blueprint::{Holds, StoreKind};
use crate::world::ids::StoreId;

/// Whether a session whose requests go to these stores finds its state each time.
///
/// `writes` says which of its requests write; the first one does in any case.
fn is_intact(stores: &mut Stores, key: u64, routing: &[StoreId], writes: u32) -> bool {
    let mut intact = true;
    for (request, &store) in routing.iter().enumerate() {
        let now = at(request as u64);
        intact &= !stores.read(store, HOST, key, now).is_loss();
        if request == 0 || writes >> request & 1 == 1 {
            put(stores, store, key, now);
        }
    }
    stores.session_ended(key);
    intact
}

#[test]
fn a_local_cart_of_n_requests_stays_whole_with_two_to_the_minus_n_minus_one() {
    for n in 1..=8 {
        let mut stores = two_stores(Holds::Sessions);
        // It makes no difference which of the later requests write.
        for writes in [0, 0b0010_1100, u32::MAX] {
            let sessions = routings(n).enumerate();
            let intact = sessions.filter(|(number, routing)| {
                is_intact(&mut stores, *number as u64, routing, writes)
            });
            // 2^n routings, of which two never change sides: 2 / 2^n.
            assert_eq!(intact.count(), 2, "{n} requests");
        }
    }
}

#[test]
fn a_cart_in_a_shared_store_is_always_found() {
    let mut stores = stores(Holds::Sessions, 2, &[StoreKind::Disk]);
    for (number, routing) in routings(6).enumerate() {
        let shared = vec![SIDES[0]; routing.len()];
        assert!(is_intact(
            &mut stores,
            number as u64,
            &shared,
            number as u32
        ));
    }
    let divergence = stores.divergences().remove(0);
    assert_eq!(
        (divergence.keys, divergence.differing, divergence.missing),
        (64, 0, 0)
    );
    assert_eq!(divergence.first_at, None);
}

#[test]
fn after_m_writes_a_key_differs_and_conflicts_unless_one_side_took_them_all() {
    for m in 1..=7 {
        let mut stores = two_stores(Holds::Records { keys: 1 << m });
        for (key, routing) in routings(m).enumerate() {
            for store in routing {
                put(&mut stores, store, key as u64, at(3));
            }
        }
        let divergence = stores.divergences().remove(0);
        assert_eq!((divergence.keys, divergence.differing), (1 << m, 1 << m));
        assert_eq!(divergence.conflicting, (1 << m) - 2, "{m} writes");
        assert_eq!(divergence.missing, 2, "{m} writes");
        assert_eq!(divergence.first_at, Some(at(3)));
    }
}

#[test]
fn a_reader_misses_the_latest_write_half_of_the_time() {
    for m in 1..=6 {
        let mut stores = two_stores(Holds::Records { keys: 1 << m });
        for (key, routing) in routings(m).enumerate() {
            let key = key as u64;
            for store in &routing {
                put(&mut stores, *store, key, at(1));
            }
            let wrote_last = *routing.last().unwrap();
            for store in SIDES {
                let misses = stores.read(store, HOST, key, at(2)).is_loss();
                assert_eq!(misses, store != wrote_last);
            }
        }
        let divergence = stores.divergences().remove(0);
        assert_eq!((divergence.reads, divergence.stale_reads), (2 << m, 1 << m));
    }
}

#[test]
fn a_visitor_of_n_views_is_seen_on_both_sides_unless_one_side_has_them_all() {
    for n in 1..=7 {
        for known in [false, true] {
            let mut stores = two_stores(Holds::Visits);
            for (number, routing) in routings(n).enumerate() {
                let number = number as u64;
                for store in routing {
                    stores.visit(store, number, known.then_some(number));
                }
                stores.session_ended(number);
            }
            let divergence = stores.divergences().remove(0);
            let visitors = 1 << n;
            assert_eq!(divergence.visitors, visitors);
            assert_eq!(divergence.views, u64::from(n) * visitors);
            assert_eq!(divergence.views_by_store[0], divergence.views_by_store[1]);
            // Seen on both with 1 - 2^(1 - n): all but two of 2^n.
            let counted: u64 = divergence.visitors_by_store.iter().sum();
            assert_eq!(counted, visitors + visitors - 2, "{n} views");
        }
    }
}

#[test]
fn the_same_visitor_counts_once_over_many_sessions() {
    let mut stores = two_stores(Holds::Visits);
    for session in 0..10 {
        stores.visit(SIDES[0], session, Some(session % 3));
        stores.session_ended(session);
    }
    let divergence = stores.divergences().remove(0);
    assert_eq!((divergence.views, divergence.visitors), (10, 3));
    assert_eq!(divergence.visitors_by_store, [3, 0]);
}

#[test]
fn content_on_one_side_only_is_stale_for_half_of_the_views_and_most_sessions() {
    for n in 1..=6 {
        let mut stores = two_stores(Holds::Content);
        assert_eq!(stores.read(SIDES[1], HOST, CONTENT, at(0)), Lookup::Found);
        assert_eq!(stores.deploy(&SIDES, at(1)), 2);
        assert_eq!(stores.divergences()[0].first_at, None);
        assert_eq!(stores.deploy(&SIDES[..1], at(2)), 3);
        assert_eq!(stores.divergences()[0].first_at, Some(at(2)));
        let mut untouched = 0;
        for routing in routings(n) {
            let stale = routing
                .iter()
                .filter(|store| stores.read(**store, HOST, CONTENT, at(3)) == Lookup::Stale);
            untouched += u32::from(stale.count() == 0);
        }
        // A session sees nothing stale with 2^-n.
        assert_eq!(untouched, 1, "{n} views");
        let divergence = stores.divergences().remove(0);
        assert_eq!(divergence.stale_reads, u64::from(n) << (n - 1));
        assert_eq!(divergence.differing, 1);
    }
}
