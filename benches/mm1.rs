//! M/M/1 at a load of 0.9, beside a bare loop over the standard library's heap: `cargo bench --bench mm1`.
//!
//! The loop knows arrivals, services and nothing else; a request of the product also travels to the edge, to a
//! connection, to a connector and back, and is booked in every ledger.

#[allow(dead_code)]
mod support;

use std::cmp::Reverse;
use std::collections::{BinaryHeap, VecDeque};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use support::{product, scenario};
use tunnelsim::kernel::random::Streams;
use tunnelsim::kernel::time::Span;
use tunnelsim::kernel::variate::Distribution;

const SECONDS: u64 = 1_000;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Arrives,
    IsServed,
}

/// The bare loop; how many requests were served, and how long they took together.
fn bare(seconds: u64) -> (u64, u64) {
    let mut stream = Streams::new(1, 0).stream("mm1", "bare");
    let mut draw = |mean| {
        Distribution::Exponential { mean }
            .sample(&mut stream)
            .as_nanos()
    };
    let (gap, service) = (Span::from_nanos(5_555_555), Span::from_millis(5));
    let end = seconds * 1_000_000_000;
    let mut events = BinaryHeap::from([Reverse((draw(gap), Event::Arrives))]);
    let mut queue = VecDeque::new();
    let (mut served, mut spent) = (0, 0);
    while let Some(Reverse((now, event))) = events.pop() {
        match event {
            Event::Arrives => {
                if queue.is_empty() {
                    events.push(Reverse((now + draw(service), Event::IsServed)));
                }
                queue.push_back(now);
                let next = now + draw(gap);
                if next < end {
                    events.push(Reverse((next, Event::Arrives)));
                }
            }
            Event::IsServed => {
                spent += queue.pop_front().map_or(0, |born| now - born);
                served += 1;
                if !queue.is_empty() {
                    events.push(Reverse((now + draw(service), Event::IsServed)));
                }
            }
        }
    }
    (served, spent)
}

fn mm1(criterion: &mut Criterion) {
    let scenario = scenario("mm1", include_bytes!("mm1.yaml"), &[]);
    let mut group = criterion.benchmark_group("mm1");
    group.throughput(Throughput::Elements(180 * SECONDS));
    group.sample_size(10);
    group.bench_function("product", |bencher| bencher.iter(|| product(&scenario, 0)));
    group.bench_function("bare heap", |bencher| bencher.iter(|| bare(SECONDS)));
    group.finish();
}

criterion_group!(benches, mm1);
criterion_main!(benches);
