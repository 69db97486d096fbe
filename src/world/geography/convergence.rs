//! How long client networks keep sending to a metro that has withdrawn its routes.

use crate::kernel::random::Source;
use crate::kernel::time::Span;
use crate::kernel::variate::Distribution;

/// How long the routers of a lost metro take to notice.
const NOTICED: Distribution = Distribution::Uniform {
    low: Span::from_secs(1),
    high: Span::from_secs(3),
};

/// How long the rest of the Internet then takes to follow: 80 % of networks within 10 s, as measured.
const CONVERGED: Distribution = Distribution::Lognormal {
    median: Span::from_millis(4_500),
    sigma: 0.95,
    cap: Some(Span::from_secs(180)),
};

/// Time from the loss of a metro until one network's packets reach another: uniform over 1 to 3 s, plus a lognormal
/// of median 4.5 s and sigma 0.95 capped at 180 s. Takes two words.
pub fn withdrawal_delay(source: &mut impl Source) -> Span {
    NOTICED.sample(source) + CONVERGED.sample(source)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::Keyed;

    #[test]
    fn half_of_the_networks_move_within_six_and_a_half_seconds_and_eighty_percent_within_twelve() {
        let n = 10_000;
        let mut delays: Vec<f64> = (0..n)
            .map(|i| withdrawal_delay(&mut Keyed::new(1, i, 0, 0)).as_secs_f64())
            .collect();
        delays.sort_by(f64::total_cmp);
        // The median and the 80th percentile of the lognormal are 4.5 and 10.0 s; noticing adds 2 s on average.
        assert!(
            (delays[n as usize / 2] - 6.6).abs() < 0.3,
            "{}",
            delays[n as usize / 2]
        );
        assert!(
            (delays[n as usize * 8 / 10] - 12.1).abs() < 0.5,
            "{}",
            delays[n as usize * 8 / 10]
        );
        assert!(delays[0] >= 1.0 && delays[n as usize - 1] <= 183.0);
    }
}
