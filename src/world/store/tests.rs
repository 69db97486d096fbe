use super::example::*;
use super::*;
use crate::kernel::random::Streams;
use crate::kernel::time::Span;
use crate::world::blueprint::{Holds, Site, StoreKind};
use crate::world::geography::{Access, CityId};
use crate::world::ids::{HostId, StoreId};

const KEY: u64 = 7;
const STORE: StoreId = StoreId(0);
const ANY_RECORDS: Holds = Holds::Records { keys: 100 };

fn lost_writes(stores: &Stores) -> u64 {
    stores.divergences()[0].lost_writes
}

#[test]
fn nothing_is_missed_before_a_client_was_told_of_a_write() {
    let mut stores = two_stores(Holds::Sessions);
    assert_eq!(stores.read(SIDES[0], HOST, KEY, at(0)), Lookup::Fresh);
    let written = stores.write(SIDES[0], KEY, at(1));
    assert_eq!(stores.read(SIDES[0], HOST, KEY, at(2)), Lookup::Found);
    assert_eq!(stores.read(SIDES[1], HOST, KEY, at(2)), Lookup::Fresh);
    stores.acknowledge(written);
    assert_eq!(stores.read(SIDES[1], HOST, KEY, at(3)), Lookup::Missing);
    assert_eq!(stores.why_missing(SIDES[1], KEY), BreakCause::ReplicaSwitch);
}

#[test]
fn a_store_that_missed_later_writes_is_stale() {
    let mut stores = two_stores(Holds::Sessions);
    put(&mut stores, SIDES[0], KEY, at(1));
    put(&mut stores, SIDES[1], KEY, at(2));
    assert_eq!(stores.read(SIDES[0], HOST, KEY, at(3)), Lookup::Stale);
    assert_eq!(stores.read(SIDES[1], HOST, KEY, at(3)), Lookup::Found);
}

#[test]
fn a_write_nobody_was_told_of_leaves_its_store_ahead_and_nobody_behind() {
    let mut stores = two_stores(ANY_RECORDS);
    put(&mut stores, SIDES[0], KEY, at(1));
    put(&mut stores, SIDES[1], KEY, at(2));
    stores.write(SIDES[0], KEY, at(3));
    assert_eq!(stores.read(SIDES[0], HOST, KEY, at(4)), Lookup::Found);
    assert_eq!(stores.read(SIDES[1], HOST, KEY, at(4)), Lookup::Found);
    assert_eq!(stores.divergences()[0].differing, 1);
}

#[test]
fn a_lost_answer_does_not_make_a_cart_on_the_wrong_side_whole() {
    let mut stores = two_stores(Holds::Sessions);
    put(&mut stores, SIDES[0], KEY, at(1));
    let unanswered = stores.write(SIDES[1], KEY, at(2));
    assert_eq!(stores.read(SIDES[1], HOST, KEY, at(3)), Lookup::Missing);
    // Once the client has seen it, the session is broken, and goes on with what is there.
    stores.acknowledge(unanswered);
    assert_eq!(stores.read(SIDES[1], HOST, KEY, at(4)), Lookup::Found);
}

#[test]
fn an_ended_session_leaves_tallies_and_no_data() {
    let mut stores = two_stores(Holds::Sessions);
    put(&mut stores, SIDES[0], KEY, at(1));
    let unanswered = stores.write(SIDES[1], KEY, at(2));
    let before = stores.divergences();
    stores.session_ended(KEY);
    stores.session_ended(KEY);
    stores.acknowledge(unanswered);
    assert_eq!(stores.divergences(), before);
    assert_eq!((before[0].keys, before[0].conflicting), (1, 1));
    assert_eq!(stores.read(SIDES[0], HOST, KEY, at(3)), Lookup::Fresh);
}

#[test]
fn memory_ends_with_its_process_and_a_disk_does_not() {
    let mut blueprint = world(Holds::Sessions, 1, &[StoreKind::Memory, StoreKind::Disk]);
    let in_memory = blueprint.containers.push(container(SIDES[0]));
    let on_disk = blueprint.containers.push(container(SIDES[1]));
    let mut stores = Stores::new(&blueprint, &Streams::new(1, 0));
    for (key, store) in [(1, SIDES[0]), (2, SIDES[1])] {
        put(&mut stores, store, key, at(1));
        put(&mut stores, store, key, at(2));
    }
    stores.process_ended(in_memory);
    stores.process_ended(on_disk);
    assert_eq!(stores.read(SIDES[0], HOST, 1, at(3)), Lookup::Missing);
    assert_eq!(stores.why_missing(SIDES[0], 1), BreakCause::StoreLost);
    assert_eq!(stores.read(SIDES[1], HOST, 2, at(3)), Lookup::Found);
    assert_eq!(lost_writes(&stores), 2);
}

#[test]
fn a_write_lost_before_its_answer_arrives_counts_as_lost() {
    let mut stores = two_stores(Holds::Sessions);
    let written = stores.write(SIDES[0], KEY, at(1));
    stores.lose(SIDES[0]);
    assert_eq!(lost_writes(&stores), 0);
    stores.acknowledge(written);
    assert_eq!(lost_writes(&stores), 1);
    assert_eq!(stores.why_missing(SIDES[0], KEY), BreakCause::StoreLost);
}

#[test]
fn content_that_another_store_has_is_not_lost() {
    let mut stores = two_stores(Holds::Content);
    stores.deploy(&SIDES, at(1));
    stores.lose(SIDES[0]);
    assert_eq!(lost_writes(&stores), 0);
    stores.lose(SIDES[1]);
    assert_eq!(lost_writes(&stores), 1);
}

#[test]
fn a_store_that_lost_its_visits_starts_to_count_again() {
    let mut stores = two_stores(Holds::Visits);
    for store in [SIDES[0], SIDES[0], SIDES[1]] {
        stores.visit(store, 1, None);
    }
    stores.lose(SIDES[0]);
    stores.visit(SIDES[0], 1, None);
    let divergence = stores.divergences().remove(0);
    assert_eq!((divergence.lost_writes, divergence.visitors), (2, 1));
    assert_eq!(divergence.views_by_store, [1, 1]);
    assert_eq!(divergence.visitors_by_store, [1, 1]);
}

#[test]
fn a_copy_is_behind_by_its_lag_and_the_primary_never() {
    let mut stores = replicated(Holds::Sessions, Span::from_secs(5));
    put(&mut stores, STORE, KEY, at(10));
    let copy = HostId(1);
    assert_eq!(stores.read(STORE, copy, KEY, at(14)), Lookup::Missing);
    assert_eq!(stores.why_missing(STORE, KEY), BreakCause::StaleCopy);
    assert_eq!(stores.read(STORE, HOST, KEY, at(14)), Lookup::Found);
    // A host without a copy asks the primary.
    assert_eq!(stores.read(STORE, HostId(3), KEY, at(14)), Lookup::Found);
    assert_eq!(stores.read(STORE, copy, KEY, at(15)), Lookup::Found);
}

#[test]
fn a_promotion_loses_what_had_not_arrived() {
    let mut stores = replicated(ANY_RECORDS, Span::from_secs(5));
    put(&mut stores, STORE, 1, at(4));
    put(&mut stores, STORE, 1, at(8));
    put(&mut stores, STORE, 2, at(9));
    stores.write(STORE, 3, at(9));
    let candidates = stores.host_powered(HOST, false, at(10));
    assert_eq!(candidates, [(STORE, Span::from_secs(60))]);
    assert_eq!(
        stores.answer(STORE, HostId(3), Operation::Write),
        Answer::Silent
    );
    assert_eq!(stores.promote(STORE, at(69)), None);
    let promotion = Promotion {
        to: HostId(1),
        lost_writes: 2,
    };
    assert_eq!(stores.promote(STORE, at(70)), Some(promotion));
    assert_eq!(stores.promote(STORE, at(71)), None);
    assert_eq!(stores.read(STORE, HostId(1), 1, at(71)), Lookup::Stale);
    assert_eq!(stores.why_missing(STORE, 1), BreakCause::StoreLost);
    assert_eq!(stores.read(STORE, HostId(2), 2, at(71)), Lookup::Missing);
    assert_eq!(stores.read(STORE, HostId(1), 3, at(71)), Lookup::Fresh);
    assert_eq!(lost_writes(&stores), 2);
    assert_eq!(
        serving(&stores, HostId(3), Operation::Write),
        Some(HostId(1))
    );
}

#[test]
fn a_primary_that_returns_in_time_stays_primary_and_loses_nothing() {
    let mut stores = replicated(ANY_RECORDS, Span::from_secs(5));
    put(&mut stores, STORE, KEY, at(9));
    stores.host_line(HOST, false, at(10));
    assert_eq!(stores.read(STORE, HostId(1), KEY, at(60)), Lookup::Missing);
    assert_eq!(stores.host_line(HOST, true, at(65)), []);
    assert_eq!(stores.promote(STORE, at(70)), None);
    assert_eq!(stores.read(STORE, HostId(1), KEY, at(70)), Lookup::Found);
    assert_eq!(lost_writes(&stores), 0);
}

#[test]
fn a_member_that_returns_can_take_over_from_a_primary_lost_long_ago() {
    let mut stores = replicated(ANY_RECORDS, Span::from_secs(5));
    for host in [1, 2] {
        assert_eq!(stores.host_powered(HostId(host), false, at(1)), []);
    }
    stores.host_powered(HOST, false, at(10));
    assert_eq!(stores.promote(STORE, at(70)), None);
    assert_eq!(stores.host_line(HostId(1), false, at(80)), []);
    let candidates = stores.host_powered(HostId(2), true, at(90));
    assert_eq!(candidates, [(STORE, Span::ZERO)]);
    assert_eq!(stores.promote(STORE, at(90)).unwrap().to, HostId(2));
}

#[test]
fn copies_that_are_cut_off_go_on_reading_old_versions() {
    let mut stores = replicated(ANY_RECORDS, Span::from_secs(1));
    stores.partition(STORE, true, at(0));
    put(&mut stores, STORE, KEY, at(1));
    assert_eq!(stores.read(STORE, HostId(1), KEY, at(99)), Lookup::Missing);
    assert_eq!(
        stores.answer(STORE, HostId(1), Operation::Write),
        Answer::Silent
    );
    assert_eq!(serving(&stores, HOST, Operation::Write), Some(HOST));
    stores.partition(STORE, false, at(100));
    assert_eq!(stores.read(STORE, HostId(1), KEY, at(100)), Lookup::Found);
}

/// The host that serves, if one does.
fn serving(stores: &Stores, at: HostId, operation: Operation) -> Option<HostId> {
    match stores.answer(STORE, at, operation) {
        Answer::Serves {
            by: Server::Host(host),
            ..
        } => Some(host),
        _ => None,
    }
}

fn synchronous(members: u16) -> Stores {
    let members = (0..members).map(HostId).collect();
    stores(ANY_RECORDS, 6, &[StoreKind::Synchronous { members }])
}

#[test]
fn a_synchronous_store_waits_for_all_members_in_reach_and_works_with_a_majority() {
    let mut stores = synchronous(3);
    assert_eq!(stores.commit_members(STORE, HOST), [HostId(1), HostId(2)]);
    stores.host_line(HostId(2), false, at(1));
    assert_eq!(stores.commit_members(STORE, HOST), [HostId(1)]);
    assert_eq!(
        serving(&stores, HostId(1), Operation::Write),
        Some(HostId(1))
    );
    assert_eq!(serving(&stores, HostId(4), Operation::Read), Some(HOST));
    // The member that is cut off refuses even reads.
    assert_eq!(
        stores.answer(STORE, HostId(2), Operation::Read),
        Answer::Refuses
    );
    stores.host_powered(HOST, false, at(2));
    assert_eq!(
        stores.answer(STORE, HostId(1), Operation::Write),
        Answer::Refuses
    );
    stores.host_powered(HOST, true, at(3));
    assert_eq!(
        serving(&stores, HostId(1), Operation::Write),
        Some(HostId(1))
    );
}

#[test]
fn two_synchronous_members_stop_when_one_dies_and_three_stop_when_torn_apart() {
    let mut pair = synchronous(2);
    pair.host_powered(HostId(1), false, at(1));
    assert_eq!(pair.answer(STORE, HOST, Operation::Write), Answer::Refuses);
    let mut three = synchronous(3);
    three.partition(STORE, true, at(1));
    assert_eq!(three.answer(STORE, HOST, Operation::Write), Answer::Refuses);
    for host in 0..3 {
        three.host_powered(HostId(host), false, at(2));
    }
    assert_eq!(
        three.answer(STORE, HostId(4), Operation::Write),
        Answer::Silent
    );
}

#[test]
fn faults_make_a_store_refuse_fall_silent_or_slow() {
    let shared = StoreKind::Shared {
        site: Site::City(CityId(0)),
        access: Access::DataCentre,
    };
    let mut stores = stores(ANY_RECORDS, 1, &[shared]);
    let answer = |stores: &Stores| stores.answer(STORE, HOST, Operation::Read);
    let serves = |slower_by| Answer::Serves {
        by: Server::Site,
        slower_by,
    };
    assert_eq!(answer(&stores), serves(Span::ZERO));
    stores.slow_down(STORE, Span::from_millis(5));
    assert_eq!(answer(&stores), serves(Span::from_millis(5)));
    stores.refuse(STORE, true);
    assert_eq!(answer(&stores), Answer::Refuses);
    stores.silence(STORE, true);
    assert_eq!(answer(&stores), Answer::Silent);
    stores.refuse(STORE, false);
    stores.silence(STORE, false);
    stores.host_line(HOST, false, at(1));
    assert_eq!(answer(&stores), Answer::Silent);
}

#[test]
fn a_store_on_a_host_is_reached_from_there_even_without_a_line() {
    let mut stores = stores(ANY_RECORDS, 2, &[StoreKind::OnHost { host: HOST }]);
    stores.host_line(HOST, false, at(1));
    assert_eq!(serving(&stores, HOST, Operation::Write), Some(HOST));
    assert_eq!(
        stores.answer(STORE, HostId(1), Operation::Write),
        Answer::Silent
    );
}
