//! The hold model on every list of the calendar: `cargo bench --bench hold`.
//!
//! The bare standard heap is the limit to aim at; the calendar adds the clock, the check of the past and the look at
//! the other lane.

#[allow(dead_code)]
mod support;

use criterion::{BenchmarkId, Criterion, criterion_group, criterion_main};
use support::hold::LISTS;

fn hold(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("hold");
    for pending in [100, 4_000, 100_000, 1_000_000] {
        for (name, list) in LISTS {
            let mut step = list(pending);
            let id = BenchmarkId::new(name, pending);
            group.bench_function(id, |bencher| bencher.iter(&mut step));
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
