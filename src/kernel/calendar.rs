//! What is still to happen, handed out in one reproducible order.
//!
//! # Order
//!
//! Entries come out by `(time, order)`. The order is the caller's: class of the event, then rank
//! of the entity, then the entity's own count, packed into 64 bits. These pairs alone decide the
//! sequence; no data structure, thread count or file order may change it. Entries whose sequence
//! matters must therefore differ in their pairs. Where two pairs are equal all the same, in one lane
//! or across the two, the entry made first comes out first (a timer counts as made when it was last
//! set), so that even then no data structure's shape decides anything.
//!
//! # Two lanes
//!
//! Events go into a wheel and cannot be taken back; most things are events. Timers are kept
//! under a key and can be set again and cancelled, which costs some three times as much
//! (`benches/hold.rs`): they are for deadlines that usually move.

use std::cmp::Reverse;
use std::hash::Hash;

use priority_queue::PriorityQueue;

use crate::kernel::hash::FixedState;
use crate::kernel::heap::Key;
use crate::kernel::time::Time;
use crate::kernel::wheel::Wheel;

/// What came out of the [`Calendar`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fired<E, T> {
    /// An event that was scheduled.
    Event(E),
    /// A timer that was set, and was not cancelled or set again.
    Timer(T),
}

/// The list of future events `E` and timers `T`, and the clock that follows them.
///
/// Iterating hands out the entries one by one and moves the clock; entries made meanwhile join in.
///
/// ```
/// use tunnelsim::kernel::calendar::{Calendar, Fired};
/// use tunnelsim::kernel::time::Time;
/// let mut calendar = Calendar::new();
/// calendar.schedule(Time::from_nanos(20), 0, "request");
/// calendar.set_timer("deadline", Time::from_nanos(10), 0);
/// calendar.set_timer("deadline", Time::from_nanos(30), 0);
/// assert_eq!(calendar.next(), Some((Time::from_nanos(20), Fired::Event("request"))));
/// assert_eq!(calendar.next(), Some((Time::from_nanos(30), Fired::Timer("deadline"))));
/// assert_eq!(calendar.next(), None);
/// ```
#[derive(Clone, Debug)]
pub struct Calendar<E: Copy, T: Copy + Eq + Hash> {
    now: Time,
    order: u64,
    entries_made: u64,
    events: Wheel<E>,
    timers: PriorityQueue<T, Reverse<(Time, u64, u64)>, FixedState>,
}

impl<E: Copy, T: Copy + Eq + Hash> Calendar<E, T> {
    /// An empty calendar whose clock stands at [`Time::ZERO`].
    pub fn new() -> Self {
        Calendar {
            now: Time::ZERO,
            order: 0,
            entries_made: 0,
            events: Wheel::new(),
            timers: PriorityQueue::with_hasher(FixedState),
        }
    }

    /// The time of the entry handed out last.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The order of the entry handed out last: what has the same time and a greater order is still to come.
    pub fn order(&self) -> u64 {
        self.order
    }

    /// Enters an event, which cannot be taken back.
    ///
    /// # Panics
    /// If `at` lies in the past.
    #[inline]
    #[track_caller]
    pub fn schedule(&mut self, at: Time, order: u64, event: E) {
        let sequence = self.enter(at);
        self.events.push(
            Key {
                time: at.as_nanos(),
                order,
                sequence,
            },
            event,
        );
    }

    /// Sets a timer, or moves it if it is set already.
    ///
    /// # Panics
    /// If `at` lies in the past.
    #[track_caller]
    pub fn set_timer(&mut self, timer: T, at: Time, order: u64) {
        let sequence = self.enter(at);
        self.timers.push(timer, Reverse((at, order, sequence)));
    }

    /// Checks the time of a new entry and counts the entry.
    #[inline]
    #[track_caller]
    fn enter(&mut self, at: Time) -> u64 {
        assert!(
            at >= self.now,
            "an entry for {at}, but it is {} already",
            self.now
        );
        let sequence = self.entries_made;
        self.entries_made += 1;
        sequence
    }

    /// Cancels a timer; says whether it was set.
    ///
    /// ```
    /// use tunnelsim::kernel::calendar::Calendar;
    /// use tunnelsim::kernel::time::Time;
    /// let mut calendar: Calendar<(), _> = Calendar::new();
    /// calendar.set_timer("probe", Time::from_nanos(10), 0);
    /// assert!(calendar.cancel_timer(&"probe"));
    /// assert!(!calendar.cancel_timer(&"probe"));
    /// ```
    pub fn cancel_timer(&mut self, timer: &T) -> bool {
        self.timers.remove(timer).is_some()
    }

    /// When this timer goes off, if it is set.
    pub fn timer_at(&self, timer: &T) -> Option<Time> {
        self.timers
            .get_priority(timer)
            .map(|&Reverse((time, ..))| time)
    }

    /// The time of the entry that comes next.
    #[inline]
    pub fn peek_time(&mut self) -> Option<Time> {
        let event = self.events.peek().map(|key| Time::from_nanos(key.time));
        let timer = self.timers.peek().map(|(_, &Reverse((time, ..)))| time);
        event.into_iter().chain(timer).min()
    }

    /// Brings the next events into order, if none are; says whether it did.
    #[inline]
    pub fn prepare(&mut self) -> bool {
        self.events.prepare()
    }

    /// The events that were brought into order and come next, in no order. Who knows what they need can look at it for
    /// all of them before it is needed.
    pub fn prepared(&self) -> impl Iterator<Item = E> {
        self.events.prepared()
    }

    /// How many events and timers are still to come.
    pub fn len(&self) -> usize {
        self.events.len() + self.timers.len()
    }

    /// Whether nothing is still to come.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Whether the next entry is a timer.
    #[inline]
    fn timer_is_next(&mut self) -> bool {
        // Timers are set only while something is silent.
        if self.timers.is_empty() {
            return false;
        }
        let Some((_, &Reverse((time, order, sequence)))) = self.timers.peek() else {
            return false;
        };
        let timer = Key {
            time: time.as_nanos(),
            order,
            sequence,
        };
        self.events
            .peek()
            .is_none_or(|event| timer.is_before(&event))
    }
}

impl<E: Copy, T: Copy + Eq + Hash> Default for Calendar<E, T> {
    fn default() -> Self {
        Calendar::new()
    }
}

impl<E: Copy, T: Copy + Eq + Hash> Iterator for Calendar<E, T> {
    type Item = (Time, Fired<E, T>);

    /// Takes out the next entry and moves the clock to its time.
    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let (time, order, fired) = if self.timer_is_next() {
            let (timer, Reverse((time, order, _))) = self.timers.pop()?;
            (time, order, Fired::Timer(timer))
        } else {
            let (key, event) = self.events.pop()?;
            (Time::from_nanos(key.time), key.order, Fired::Event(event))
        };
        (self.now, self.order) = (time, order);
        Some((time, fired))
    }
}

#[cfg(test)]
mod tests;
