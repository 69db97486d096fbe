//! The product and the limit oracle in turn, so that whatever else the machine does weighs on both.

use super::{limit, processor_seconds, product, w1};

/// Processor nanoseconds for one request, in rounds.
#[derive(Clone, Debug)]
pub struct Rounds {
    /// Of the product and of the oracle, round by round.
    pub nanos: Vec<[f64; 2]>,
    /// Requests of the product in each round.
    pub requests: u64,
}

const ROUNDS: usize = 5;
/// Long enough for a clock that ticks a hundred times a second, and for the outage to weigh as it does in an hour: the
/// half minute in which the host starts again is no longer in a longer run.
const PRODUCT_SECONDS: u64 = 1_200;
const LIMIT_SECONDS: u64 = 3_000;

/// Runs both in turn; none where the system does not tell the processor time.
pub fn rounds() -> Option<Rounds> {
    let scenario = w1(PRODUCT_SECONDS);
    let mut requests = 0;
    let round = |_| {
        let start = processor_seconds()?;
        requests = product(&scenario, 0).ledger.total().requests();
        let between = processor_seconds()?;
        let limit = limit::run(LIMIT_SECONDS, 1);
        let end = processor_seconds()?;
        assert!(
            limit.failed > 0 && limit.broken > 0,
            "the oracle has an outage"
        );
        assert_eq!(
            limit.histograms.iter().flatten().sum::<u64>() + limit.failed,
            limit.requests
        );
        let each = |seconds: f64, requests: u64| seconds * 1e9 / requests as f64;
        Some([
            each(between - start, requests),
            each(end - between, limit.requests),
        ])
    };
    let nanos: Option<Vec<[f64; 2]>> = (0..ROUNDS).map(round).collect();
    nanos.map(|nanos| Rounds { nanos, requests })
}

impl Rounds {
    /// The median over the rounds of something of a round.
    pub fn median(&self, of: impl Fn(&[f64; 2]) -> f64) -> f64 {
        median(self.nanos.iter().map(of).collect())
    }

    /// How many times the oracle's time the product takes.
    pub fn ratio(&self) -> f64 {
        self.median(|[product, limit]| product / limit)
    }
}

/// The middle one of an odd number of values.
pub fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// One line with the headline.
pub fn beside() -> String {
    let Some(rounds) = rounds() else {
        return "w1: no processor time on this system".to_owned();
    };
    let product = rounds.median(|round| round[0]);
    let limit = rounds.median(|round| round[1]);
    format!(
        "w1: {} requests in {:.2} CPU s: product {product:.0} ns a request ({:.2} million requests/s), \
         limit {limit:.1} ns, ratio {:.1}",
        rounds.requests,
        product * rounds.requests as f64 / 1e9,
        1e3 / product,
        rounds.ratio()
    )
}
