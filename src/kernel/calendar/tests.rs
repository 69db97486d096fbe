use super::*;
use crate::kernel::time::Span;

fn at(nanos: u64) -> Time {
    Time::from_nanos(nanos)
}

/// Turns a combination lock one step on; false when it is back at zero.
fn turn(wheels: &mut [u64], digits: u64) -> bool {
    for wheel in wheels {
        *wheel += 1;
        if *wheel < digits {
            return true;
        }
        *wheel = 0;
    }
    false
}

/// Checks an empty calendar, as from its present time, against a stable sort. Bit i of `timers` says whether entry i is a
/// timer, bit i of `orders` is its order.
fn check(calendar: &mut Calendar<usize, usize>, times: &[u64], timers: u32, orders: u32) {
    let mut expected = Vec::new();
    let from = calendar.now();
    for (index, &time) in times.iter().enumerate() {
        let order = u64::from(orders >> index & 1);
        let time = from + Span::from_nanos(time);
        if timers >> index & 1 == 1 {
            calendar.set_timer(index, time, order);
            expected.push((time, order, Fired::Timer(index)));
        } else {
            calendar.schedule(time, order, index);
            expected.push((time, order, Fired::Event(index)));
        }
    }
    expected.sort_by_key(|&(time, order, _)| (time, order));
    for (time, order, fired) in expected {
        assert!(!calendar.is_empty());
        assert_eq!(calendar.peek_time(), Some(time));
        assert_eq!(calendar.next(), Some((time, fired)));
        assert_eq!((calendar.now(), calendar.order()), (time, order));
    }
    assert!(calendar.is_empty());
    assert_eq!(calendar.next(), None);
}

#[test]
fn all_orders_of_up_to_seven_entries_at_three_times_are_those_of_a_stable_sort() {
    for length in 0..=7 {
        let mut times = vec![0; length];
        let mut calendar = Calendar::new();
        loop {
            // Each entry in either lane, first with equal orders, then with two of them.
            for timers in 0..1 << length {
                check(&mut calendar, &times, timers, 0);
                check(
                    &mut calendar,
                    &times,
                    timers,
                    timers.rotate_left(1) ^ 0b101_0011,
                );
            }
            if !turn(&mut times, 3) {
                break;
            }
        }
    }
}

#[test]
fn order_decides_between_equal_times_in_and_across_lanes() {
    let mut calendar = Calendar::new();
    calendar.schedule(at(5), 3, 'd');
    calendar.set_timer('c', at(5), 2);
    calendar.schedule(at(5), 1, 'b');
    calendar.set_timer('a', at(5), 0);
    let letter = |(_, fired)| match fired {
        Fired::Event(letter) | Fired::Timer(letter) => letter,
    };
    assert_eq!(calendar.map(letter).collect::<String>(), "abcd");
}

#[test]
fn a_timer_set_again_counts_as_made_again() {
    let mut calendar = Calendar::new();
    calendar.set_timer('t', at(5), 0);
    calendar.schedule(at(5), 0, 'e');
    calendar.set_timer('t', at(5), 0);
    assert_eq!(calendar.len(), 2);
    assert_eq!(calendar.next(), Some((at(5), Fired::Event('e'))));
    assert_eq!(calendar.next(), Some((at(5), Fired::Timer('t'))));
    assert!(calendar.is_empty());
}

#[test]
fn a_timer_can_be_moved_both_ways_and_cancelled() {
    let mut calendar: Calendar<(), u32> = Calendar::default();
    for timer in 0..100 {
        calendar.set_timer(timer, at(1_000 + u64::from(timer)), 0);
    }
    calendar.set_timer(50, at(10), 0);
    calendar.set_timer(0, at(9_999), 0);
    assert_eq!(calendar.timer_at(&50), Some(at(10)));
    assert!(calendar.cancel_timer(&1));
    assert_eq!(calendar.timer_at(&1), None);
    let fired: Vec<_> = calendar.map(|(_, fired)| fired).collect();
    let expected = [50].into_iter().chain(2..50).chain(51..100).chain([0]);
    assert_eq!(fired, expected.map(Fired::Timer).collect::<Vec<_>>());
}

#[test]
fn a_timer_that_went_off_is_no_longer_set() {
    let mut calendar: Calendar<(), u32> = Calendar::new();
    calendar.set_timer(1, at(5), 0);
    calendar.next();
    assert_eq!(calendar.timer_at(&1), None);
    assert!(!calendar.cancel_timer(&1));
}

#[test]
fn entries_for_the_present_are_welcome_while_iterating() {
    let mut calendar: Calendar<u32, ()> = Calendar::new();
    calendar.schedule(at(3), 0, 0);
    let mut seen = Vec::new();
    while let Some((now, Fired::Event(event))) = calendar.next() {
        seen.push(event);
        if event < 3 {
            calendar.schedule(now, 0, event + 1);
        }
    }
    assert_eq!(seen, [0, 1, 2, 3]);
    assert_eq!(calendar.now(), at(3));
}

#[test]
#[should_panic(expected = "an entry for 00:00.000, but it is 00:01.000 already")]
fn the_past_is_closed() {
    let mut calendar: Calendar<(), ()> = Calendar::new();
    calendar.schedule(at(1_000_000_000), 0, ());
    calendar.next();
    calendar.schedule(at(5), 0, ());
}
