//! The hold model: take out the next entry and put in a new one, at a constant number pending.
//!
//! Run with `cargo bench --bench calendar`. The increments are exponential, drawn beforehand so
//! that only the lists are compared. The bare standard heap is the limit to aim at; the calendar
//! adds the clock, the check of the past and the look at the other lane.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::hint::black_box;

use criterion::{Bencher, BenchmarkId, Criterion, criterion_group, criterion_main};
use tunnelsim::kernel::calendar::{Calendar, Fired};
use tunnelsim::kernel::heap::{Heap, Key};
use tunnelsim::kernel::random::Keyed;
use tunnelsim::kernel::time::Span;
use tunnelsim::kernel::variate::Distribution;

/// Increments in nanoseconds, handed out in a circle.
struct Increments {
    values: Vec<u64>,
    next: usize,
}

impl Increments {
    fn new() -> Self {
        let law = Distribution::Exponential {
            mean: Span::from_millis(5),
        };
        let mut source = Keyed::new(1, 0, 0, 0);
        let values = (0..65_536)
            .map(|_| law.sample(&mut source).as_nanos())
            .collect();
        Increments { values, next: 0 }
    }

    fn draw(&mut self) -> u64 {
        self.next = (self.next + 1) % self.values.len();
        self.values[self.next]
    }
}

fn four_ary_heap(bencher: &mut Bencher, pending: u64) {
    let mut increments = Increments::new();
    let mut heap = Heap::new();
    let mut sequence = 0;
    let mut push = |heap: &mut Heap<u64>, now: u64, event| {
        heap.push(
            Key {
                time: now + increments.draw(),
                order: event,
                sequence,
            },
            event,
        );
        sequence += 1;
    };
    (0..pending).for_each(|event| push(&mut heap, 0, event));
    bencher.iter(|| {
        let (key, event) = heap.pop().expect("the number pending is constant");
        push(&mut heap, key.time, black_box(event));
    });
}

fn standard_heap(bencher: &mut Bencher, pending: u64) {
    let mut increments = Increments::new();
    let mut heap: BinaryHeap<_> = (0..pending)
        .map(|event| Reverse((increments.draw(), event)))
        .collect();
    bencher.iter(|| {
        let Reverse((now, event)) = heap.pop().expect("the number pending is constant");
        heap.push(Reverse((now + increments.draw(), black_box(event))));
    });
}

fn calendar_of_events(bencher: &mut Bencher, pending: u64) {
    let mut increments = Increments::new();
    let mut calendar: Calendar<u64, u64> = Calendar::new();
    for event in 0..pending {
        calendar.schedule(
            calendar.now() + Span::from_nanos(increments.draw()),
            event,
            event,
        );
    }
    bencher.iter(|| {
        if let Some((now, Fired::Event(event))) = calendar.next() {
            calendar.schedule(
                now + Span::from_nanos(increments.draw()),
                event,
                black_box(event),
            );
        }
    });
}

fn calendar_of_timers(bencher: &mut Bencher, pending: u64) {
    let mut increments = Increments::new();
    let mut calendar: Calendar<u64, u64> = Calendar::new();
    for timer in 0..pending {
        calendar.set_timer(
            timer,
            calendar.now() + Span::from_nanos(increments.draw()),
            timer,
        );
    }
    bencher.iter(|| {
        if let Some((now, Fired::Timer(timer))) = calendar.next() {
            calendar.set_timer(
                black_box(timer),
                now + Span::from_nanos(increments.draw()),
                timer,
            );
        }
    });
}

/// Runs the model on one kind of list with so many entries pending.
type Hold = fn(&mut Bencher, u64);

fn hold(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hold");
    let lists: [(&str, Hold); 4] = [
        ("standard heap", standard_heap),
        ("four-ary heap", four_ary_heap),
        ("calendar, events", calendar_of_events),
        ("calendar, timers", calendar_of_timers),
    ];
    for pending in [100, 1_000, 10_000, 100_000] {
        for (name, list) in lists {
            let id = BenchmarkId::new(name, pending);
            group.bench_with_input(id, &pending, |bencher, &pending| list(bencher, pending));
        }
    }
    group.finish();
}

criterion_group! {
    name = benches;
    config = Criterion::default()
        .warm_up_time(std::time::Duration::from_millis(200))
        .measurement_time(std::time::Duration::from_millis(500));
    targets = hold
}
criterion_main!(benches);
