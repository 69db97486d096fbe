//! W1 beside the limit oracle: `cargo bench --bench w1`. The ratio, from interleaved rounds, is the last line.

#[allow(dead_code)]
mod support;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use support::rounds::beside;
use support::{limit, product, w1};

const SECONDS: u64 = 30;
const REQUESTS: u64 = 10_000 * SECONDS;

fn benches_of_w1(criterion: &mut Criterion) {
    let scenario = w1(SECONDS);
    let mut group = criterion.benchmark_group("w1");
    group.throughput(Throughput::Elements(REQUESTS));
    group.sample_size(10);
    group.bench_function("product", |bencher| bencher.iter(|| product(&scenario, 0)));
    group.bench_function("limit", |bencher| bencher.iter(|| limit::run(SECONDS, 1)));
    group.finish();
    println!("{}", beside());
}

criterion_group!(benches, benches_of_w1);
criterion_main!(benches);
