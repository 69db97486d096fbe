//! Bounds for independent samples: shares by Chernoff, whole distributions by Dvoretzky, Kiefer and Wolfowitz.
//!
//! Both hold for every sample size without any approximation, and alarm falsely with probability 10^-9.

use tunnelsim::kernel::math::{ln, sqrt};
use tunnelsim::measure::interval::{chernoff, count_fits};

use crate::suite::Log;

/// The probability of a false alarm.
const ALPHA: f64 = 1e-9;

/// Checks a number of hits among independent trials against their probability.
pub fn check_share(log: &mut Log, name: &str, hits: u64, trials: u64, probability: f64) {
    let fits = chernoff(hits, trials, ALPHA);
    let share = hits as f64 / trials as f64;
    let line = format!(
        "{name}: exact {probability:.6}, measured {share:.6} of {trials} [{:.6}, {:.6}]",
        fits.low, fits.high
    );
    assert!(count_fits(hits, trials, probability, ALPHA), "{line}");
    log.passed(trials, line);
}

/// Checks independent draws against a continuous distribution function (Massart 1990: the constant is 2).
pub fn check_law(log: &mut Log, name: &str, mut draws: Vec<f64>, cdf: impl Fn(f64) -> f64) {
    draws.sort_by(f64::total_cmp);
    let n = draws.len() as f64;
    let bound = sqrt(ln(2.0 / ALPHA) / (2.0 * n));
    let apart = draws
        .iter()
        .enumerate()
        .fold(0.0, |worst: f64, (below, draw)| {
            let exact = cdf(*draw);
            worst
                .max((exact - below as f64 / n).abs())
                .max((exact - (below + 1) as f64 / n).abs())
        });
    let line = format!(
        "{name}: {} draws at most {apart:.5} from the law, {bound:.5} allowed",
        draws.len()
    );
    assert!(apart <= bound, "{line}");
    log.passed(draws.len() as u64, line);
}
