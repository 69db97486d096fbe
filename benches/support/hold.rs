//! The hold model: take out the next entry and put in a new one, at a constant number pending.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use tunnelsim::kernel::calendar::{Calendar, Fired};
use tunnelsim::kernel::heap::{Heap, Key};
use tunnelsim::kernel::random::Keyed;
use tunnelsim::kernel::time::{Span, Time};
use tunnelsim::kernel::variate::Distribution;
use tunnelsim::kernel::wheel::Wheel;

/// Increments in nanoseconds, exponential, drawn beforehand and handed out in a circle.
struct Increments {
    values: Vec<u64>,
    next: usize,
}

impl Increments {
    /// On average one entry comes out in 20 microseconds, as in W1, whatever the number pending.
    fn new(pending: u64) -> Self {
        let mean = Span::from_micros(20) * pending;
        let law = Distribution::Exponential { mean };
        let mut source = Keyed::new(1, 0, 0, 0);
        let values = (0..65_536)
            .map(|_| law.sample(&mut source).as_nanos())
            .collect();
        Increments { values, next: 0 }
    }

    #[inline]
    fn draw(&mut self) -> u64 {
        self.next = (self.next + 1) % self.values.len();
        self.values[self.next]
    }
}

/// One step of the model on a list of its own.
pub type Step = Box<dyn FnMut()>;

/// A kind of list, and how it is made with so many entries pending.
pub type List = (&'static str, fn(u64) -> Step);

/// The lists that are compared.
pub const LISTS: [List; 5] = [
    ("standard heap", standard_heap),
    ("four-ary heap", four_ary_heap),
    ("wheel", wheel),
    ("calendar, events", calendar_of_events),
    ("calendar, timers", calendar_of_timers),
];

/// The standard library's heap, bare: the limit to aim at.
fn standard_heap(pending: u64) -> Step {
    let mut increments = Increments::new(pending);
    let mut heap: BinaryHeap<_> = (0..pending)
        .map(|event| Reverse((increments.draw(), event)))
        .collect();
    Box::new(move || {
        if let Some(Reverse((now, event))) = heap.pop() {
            heap.push(Reverse((now + increments.draw(), event)));
        }
    })
}

fn key(time: u64, event: u64) -> Key {
    Key {
        time,
        order: event,
        sequence: event,
    }
}

fn four_ary_heap(pending: u64) -> Step {
    let mut increments = Increments::new(pending);
    let mut heap = Heap::new();
    for event in 0..pending {
        heap.push(key(increments.draw(), event), event);
    }
    Box::new(move || {
        if let Some((now, event)) = heap.pop() {
            heap.push(key(now.time + increments.draw(), event), event);
        }
    })
}

fn wheel(pending: u64) -> Step {
    let mut increments = Increments::new(pending);
    let mut wheel = Wheel::new();
    for event in 0..pending {
        wheel.push(key(increments.draw(), event), event);
    }
    Box::new(move || {
        if let Some((now, event)) = wheel.pop() {
            wheel.push(key(now.time + increments.draw(), event), event);
        }
    })
}

fn calendar_of_events(pending: u64) -> Step {
    let mut increments = Increments::new(pending);
    let mut calendar: Calendar<u64, u64> = Calendar::new();
    for event in 0..pending {
        calendar.schedule(Time::from_nanos(increments.draw()), event, event);
    }
    Box::new(move || {
        if let Some((now, Fired::Event(event))) = calendar.next() {
            let at = now + Span::from_nanos(increments.draw());
            calendar.schedule(at, event, event);
        }
    })
}

fn calendar_of_timers(pending: u64) -> Step {
    let mut increments = Increments::new(pending);
    let mut calendar: Calendar<u64, u64> = Calendar::new();
    for timer in 0..pending {
        calendar.set_timer(timer, Time::from_nanos(increments.draw()), timer);
    }
    Box::new(move || {
        if let Some((now, Fired::Timer(timer))) = calendar.next() {
            let at = now + Span::from_nanos(increments.draw());
            calendar.set_timer(timer, at, timer);
        }
    })
}
