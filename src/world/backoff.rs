//! cloudflared's two stages of waiting before it dials again.
//!
//! Source: cloudflared, retry/backoffhandler.go, supervisor/tunnel.go and supervisor/supervisor.go.

use crate::kernel::random::Source;
use crate::kernel::time::{Span, Time};

/// The default of `--retries`: the exponent stops growing here.
pub const RETRIES_MAX: u32 = 5;

/// Base of stage A, which every connection passes alone.
pub const STAGE_A_BASE: Span = Span::from_secs(1);

/// Base of stage B, whose one timer the supervisor shares among all waiting connections.
pub const STAGE_B_BASE: Span = Span::from_secs(10);

/// A wait that is uniform below a bound that doubles with every failure in a row.
#[derive(Clone, Copy, Debug)]
pub struct Backoff {
    base: Span,
    retries: u32,
    reset_deadline: Option<Time>,
}

impl Backoff {
    /// No failure yet.
    pub fn new(base: Span) -> Self {
        Backoff {
            base,
            retries: 0,
            reset_deadline: None,
        }
    }

    /// The wait after one more failure: uniform in [0, base x 2^failures), the exponent being at most five.
    pub fn wait(&mut self, now: Time, source: &mut impl Source) -> Span {
        if self.reset_deadline.is_some_and(|deadline| now > deadline) {
            self.reset();
        }
        self.retries = (self.retries + 1).min(RETRIES_MAX);
        Span::from_nanos(source.below((self.base * (1 << self.retries)).as_nanos()))
    }

    /// Forgets all failures.
    pub fn reset(&mut self) {
        self.retries = 0;
        self.reset_deadline = None;
    }

    /// Forgets all failures after a random while of peace: uniform in [0, base x 2^(failures + 2)).
    pub fn reset_after_grace(&mut self, now: Time, source: &mut impl Source) {
        let bound = (self.base * (1 << (self.retries + 2))).as_nanos();
        self.reset_deadline = Some(now + Span::from_nanos(source.below(bound)));
    }

    /// Whether the exponent has stopped growing.
    pub fn is_at_maximum(&self) -> bool {
        self.retries >= RETRIES_MAX
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::random::Keyed;

    /// A source whose every draw is the largest possible.
    struct Largest;

    impl Source for Largest {
        fn bits(&mut self) -> u64 {
            u64::MAX
        }
    }

    #[test]
    fn the_bound_doubles_five_times_and_then_stays() {
        let mut backoff = Backoff::new(STAGE_A_BASE);
        let bounds: Vec<u64> = (0..7)
            .map(|_| backoff.wait(Time::ZERO, &mut Largest).as_nanos() + 1)
            .map(|ns| ns / 1_000_000_000)
            .collect();
        assert_eq!(bounds, [2, 4, 8, 16, 32, 32, 32]);
    }

    #[test]
    fn failures_are_forgotten_only_after_the_grace_period() {
        let mut backoff = Backoff::new(STAGE_B_BASE);
        backoff.wait(Time::ZERO, &mut Largest);
        backoff.reset_after_grace(Time::ZERO, &mut Largest);
        let early = Time::ZERO + Span::from_secs(79);
        let mut kept = backoff;
        assert_eq!(
            kept.wait(early, &mut Largest),
            Span::from_secs(40) - Span::from_nanos(1)
        );
        let late = Time::ZERO + Span::from_secs(81);
        assert_eq!(
            backoff.wait(late, &mut Largest),
            Span::from_secs(20) - Span::from_nanos(1)
        );
    }

    #[test]
    fn at_the_end_of_the_grace_period_itself_nothing_is_forgotten_yet() {
        let mut backoff = Backoff::new(STAGE_B_BASE);
        backoff.wait(Time::ZERO, &mut Largest);
        backoff.reset_after_grace(Time::ZERO, &mut Largest);
        let end = Time::from_nanos(80_000_000_000 - 1);
        let (mut at_the_end, mut after) = (backoff, backoff);
        assert_eq!(
            at_the_end.wait(end, &mut Largest).as_nanos() / 1_000_000_000,
            39
        );
        let later = end + Span::from_nanos(1);
        assert_eq!(
            after.wait(later, &mut Largest).as_nanos() / 1_000_000_000,
            19
        );
    }

    #[test]
    fn the_exponent_stops_growing_with_the_fifth_failure() {
        let mut backoff = Backoff::new(STAGE_A_BASE);
        let mut is_at_maximum = || {
            backoff.wait(Time::ZERO, &mut Largest);
            backoff.is_at_maximum()
        };
        let after_each: Vec<bool> = (0..6).map(|_| is_at_maximum()).collect();
        assert_eq!(after_each, [false, false, false, false, true, true]);
    }

    #[test]
    fn nine_dial_failures_take_95_s_of_waiting_on_average() {
        let n = 20_000;
        let total: u64 = (0..n)
            .map(|i| {
                let mut backoff = Backoff::new(STAGE_A_BASE);
                let mut source = Keyed::new(i, 0, 0, 0);
                (0..9)
                    .map(|_| backoff.wait(Time::ZERO, &mut source).as_nanos())
                    .sum::<u64>()
            })
            .sum();
        let mean_s = total as f64 / n as f64 / 1e9;
        // Standard deviation of one sum is 21.33 s; six standard errors are allowed.
        assert!(
            (mean_s - 95.0).abs() < 6.0 * 21.33 / (n as f64).sqrt(),
            "{mean_s}"
        );
    }
}
