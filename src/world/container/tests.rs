use super::*;
use crate::kernel::variate::Distribution;
use crate::world::blueprint::RestartPolicy;
use crate::world::ids::HostId;

fn at(nanos: u64) -> Time {
    Time::from_nanos(nanos)
}

/// A container with two workers and room for two more; jobs are numbers.
fn container() -> ContainerState<u32, u32> {
    let blueprint = blueprint::Container {
        name: "web".to_owned(),
        host: HostId(0),
        aliases: Vec::new(),
        attachments: Vec::new(),
        port: 80,
        published: false,
        workers: 2,
        queue_limit: 2,
        service_time: Distribution::Constant(Span::ZERO),
        start_up: Distribution::Constant(Span::ZERO),
        restart: RestartPolicy::No,
        health_check: None,
        store: None,
    };
    ContainerState::new(&blueprint, at(1_000))
}

/// The container after five jobs came at 10 ns, and the names of the two in service.
fn full() -> (ContainerState<u32, u32>, [JobId<u32>; 2]) {
    let mut container = container();
    let Admission::Starts(first) = container.admit(at(10), 1) else {
        panic!("a worker is free");
    };
    let Admission::Starts(second) = container.admit(at(10), 2) else {
        panic!("another worker is free");
    };
    assert_eq!(container.admit(at(10), 3), Admission::Waits);
    assert_eq!(container.admit(at(10), 4), Admission::Waits);
    assert_eq!(container.admit(at(10), 5), Admission::Refused);
    (container, [first, second])
}

fn levels(container: &ContainerState<u32, u32>) -> [u64; 2] {
    [container.busy.level(), container.waiting.level()]
}

#[test]
fn workers_take_jobs_then_the_queue_and_then_nobody() {
    let (container, [first, second]) = full();
    assert_eq!(levels(&container), [2, 2]);
    assert_eq!((container.admitted, container.refused), (4, 1));
    assert_eq!(container.waiting_max, 2);
    let started = |id| container.job(id).map(|it| (it.job, it.started));
    assert_eq!(
        [first, second].map(started),
        [Some((1, at(10))), Some((2, at(10)))]
    );
}

#[test]
fn a_worker_that_is_done_takes_the_job_that_has_waited_longest() {
    let (mut container, [first, second]) = full();
    let (id, job) = container.finish(at(30), second, |_| true).unwrap();
    assert_eq!((job, levels(&container)), (3, [2, 1]));
    assert_eq!(container.job(id).map(|it| it.started), Some(at(30)));
    assert!(container.job(second).is_none());
    assert_eq!(
        container.finish(at(30), first, |_| true).map(|it| it.1),
        Some(4)
    );
    // The queue is empty: the next worker that is done rests.
    assert_eq!(container.finish(at(40), id, |_| true), None);
    assert_eq!(levels(&container), [1, 0]);
    // Two waited from 10 to 30, and two were busy until 40.
    assert_eq!(container.waiting.area(at(50)), 40);
    assert_eq!(container.busy.area(at(50)), 70);
}

#[test]
fn a_job_is_done_once() {
    let (mut container, [first, _]) = full();
    container.finish(at(30), first, |_| true);
    assert_eq!(container.finish(at(30), first, |_| true), None);
    assert_eq!(levels(&container), [2, 1]);
}

#[test]
fn who_has_left_the_queue_is_passed_over_and_makes_room() {
    let (mut container, [first, _]) = full();
    container.leaves_queue(at(20));
    assert_eq!(levels(&container), [2, 1]);
    assert_eq!(container.admit(at(20), 6), Admission::Waits);
    let next = container.finish(at(30), first, |job| *job != 3);
    assert_eq!(next.map(|it| it.1), Some(4));
    assert_eq!(levels(&container), [2, 1]);
    assert_eq!(container.waiting_max, 2);
}

#[test]
fn a_crash_drops_everything_those_in_service_first() {
    let (mut container, [first, _]) = full();
    assert_eq!(container.drop_all(at(30)), [1, 2, 3, 4]);
    assert_eq!(levels(&container), [0, 0]);
    assert!(container.job(first).is_none());
    assert!(matches!(container.admit(at(40), 7), Admission::Starts(_)));
    assert_eq!(container.drop_all(at(50)), [7]);
}

#[test]
fn faults_show_in_a_process_that_listens() {
    let mut container = container();
    let mut seen = |state, refuses, hangs| {
        container.process_state = state;
        (container.refuses, container.hangs) = (refuses, hangs);
        container.status()
    };
    assert_eq!(seen(ProcessState::Listens, false, false), Status::Running);
    assert_eq!(seen(ProcessState::Listens, false, true), Status::Hung);
    assert_eq!(seen(ProcessState::Listens, true, true), Status::Refusing);
    assert_eq!(seen(ProcessState::Starts, false, true), Status::Refusing);
    assert_eq!(seen(ProcessState::Exited, true, true), Status::Exited);
}

#[test]
fn a_service_that_goes_on_unattended_holds_a_worker_until_it_ends() {
    let mut container = container();
    assert!(container.has_free_worker(at(10), 0));
    container.start_unattended(at(50), 7, 1);
    assert!(container.has_free_worker(at(10), 0));
    container.start_unattended(at(60), 8, 2);
    assert!(!container.has_free_worker(at(49), 9));
    // At the moment of its end the order says what comes first.
    assert!(!container.has_free_worker(at(50), 7));
    assert!(container.has_free_worker(at(50), 8));
    container.count_unattended(at(10), at(50));
    container.count_unattended(at(10), at(60));
    assert_eq!(container.admitted, 2);
    assert_eq!(container.busy_area(at(70)), 40 + 50);
}

#[test]
fn a_service_that_goes_on_unattended_can_be_attended_and_is_counted_once() {
    let mut container = container();
    container.start_unattended(at(50), 7, 1);
    container.start_unattended(at(60), 8, 2);
    assert!(container.has_free_worker(at(50), 8));
    container.count_unattended(at(10), at(50));
    assert_eq!(container.take_first_unattended(), Some((at(60), 2)));
    // The other one has ended.
    assert_eq!(container.take_first_unattended(), None);
    let id = container.attend(at(50), 5, at(10));
    let started = container.job(id).map(|it| (it.job, it.started));
    assert_eq!(started, Some((5, at(10))));
    assert_eq!(levels(&container), [1, 0]);
    container.finish(at(60), id, |_| true);
    assert_eq!(container.admitted, 2);
    assert_eq!(container.busy_area(at(70)), 40 + 50);
}

#[test]
fn of_services_that_go_on_unattended_the_first_to_end_is_attended_first() {
    let mut container = container();
    container.start_unattended(at(60), 7, 1);
    container.start_unattended(at(50), 9, 2);
    container.start_unattended(at(50), 8, 3);
    let taken = [(); 3].map(|()| container.take_first_unattended());
    assert_eq!(
        taken,
        [(at(50), 3), (at(50), 2), (at(60), 1)].map(Option::Some)
    );
}

#[test]
fn what_goes_on_unattended_behind_the_horizon_does_not_count() {
    let mut container = container();
    container.count_unattended(at(990), at(1_010));
    container.count_unattended(at(1_020), at(1_030));
    assert_eq!(container.busy_area(at(1_100)), 10);
}

#[test]
fn an_unattended_service_and_an_attended_one_share_the_workers() {
    let mut container = container();
    container.start_unattended(at(50), 7, 1);
    assert!(matches!(container.admit(at(10), 1), Admission::Starts(_)));
    assert!(!container.has_free_worker(at(20), 0));
    assert_eq!(container.admit(at(20), 2), Admission::Waits);
}

#[test]
fn workers_are_reserved_from_the_first_service_on_until_somebody_is_served_otherwise() {
    let mut container = container();
    assert!(!container.reserves());
    container.start_unattended(at(50), 7, 1);
    container.reserves_after(2, at(10));
    // One of two workers is reserved until the service that goes on has ended.
    assert!(container.reserves());
    assert!(container.reserve(at(10), at(20), at(30)));
    assert!(!container.reserve(at(10), at(20), at(30)));
    container.stop_reserving();
    assert!(!container.reserves());
    container.start_unattended(at(50), 7, 1);
    assert!(matches!(container.admit(at(10), 1), Admission::Starts(_)));
    container.reserves_after(0, at(10));
    assert!(!container.reserves());
}

#[test]
fn after_reservations_were_broken_workers_are_reserved_after_so_many_unattended_services_in_a_row()
{
    let mut container = container();
    container.start_unattended(at(50), 7, 1);
    container.reserves_after(2, at(10));
    container.break_reservations();
    assert!(!container.reserves());
    container.start_unattended(at(50), 7, 1);
    container.reserves_after(2, at(10));
    assert!(!container.reserves());
    container.reserves_after(1, at(10));
    assert!(container.reserves());
}

#[test]
fn a_slow_service_takes_so_many_times_longer_and_no_longer_than_a_century() {
    let mut container = container();
    let century = Span::from_nanos(36_500 * 86_400 * 1_000_000_000);
    assert_eq!(
        container.stretched(Span::from_nanos(7_001)).as_nanos(),
        7_001
    );
    assert_eq!(container.stretched(Span::MAX), century);
    container.slow_factor_milli = 2_500;
    assert_eq!(
        container.stretched(Span::from_nanos(7_001)).as_nanos(),
        17_502
    );
    assert_eq!(container.stretched(Span::MAX), century);
}

#[test]
fn a_queue_is_there_as_long_as_somebody_waits() {
    let (mut container, [first, second]) = full();
    assert!(container.has_queue());
    for id in [first, second] {
        container.finish(at(20), id, |_| true);
    }
    assert!(!container.has_queue());
}
