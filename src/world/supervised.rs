//! A process that Docker (or systemd) looks after: who ended it, how often, and whether it comes back.
//!
//! Source: moby, daemon/internal/restartmanager/restartmanager.go and daemon/start.go.

use super::blueprint::RestartPolicy;
use crate::kernel::time::{Span, Time};

/// The first restart delay; it doubles with every exit.
const RESTART_DELAY_MIN: Span = Span::from_millis(100);

/// The restart delay grows no further.
const RESTART_DELAY_MAX: Span = Span::from_secs(60);

/// A run this long brings the restart delay back to its start.
const RESTART_RESET_AFTER: Span = Span::from_secs(10);

/// One process and its successors, under a restart policy.
#[derive(Debug)]
pub struct Supervised {
    policy: RestartPolicy,
    life: u32,
    started_at: Option<Time>,
    stopped_by_hand: bool,
    exits: u32,
    restart_delay: Span,
}

impl Supervised {
    /// A process that has not started.
    pub fn new(policy: RestartPolicy) -> Self {
        Supervised {
            policy,
            life: 0,
            started_at: None,
            stopped_by_hand: false,
            exits: 0,
            restart_delay: Span::ZERO,
        }
    }

    /// Counts lives: events of an earlier one are stale.
    pub fn life(&self) -> u32 {
        self.life
    }

    /// When the present or last life started; none: it never did.
    pub fn started_at(&self) -> Option<Time> {
        self.started_at
    }

    /// The process starts.
    pub fn starts(&mut self, now: Time) {
        self.started_at = Some(now);
    }

    /// The process is gone, or a start that was due is off: what was planned for this life no longer happens.
    pub fn ends(&mut self) {
        self.life += 1;
    }

    /// Somebody stops it: unless its policy is `always`, it stays down until somebody starts it.
    pub fn stops_by_hand(&mut self) {
        self.stopped_by_hand = true;
    }

    /// Somebody starts it, or the daemon does after a boot: Docker forgets what was before.
    pub fn begins_anew(&mut self) {
        self.stopped_by_hand = false;
        self.exits = 0;
        self.restart_delay = Span::ZERO;
    }

    /// The delay before the next start after an exit; none: it stays down. All exits count as failures.
    pub fn restart_delay(&mut self, now: Time) -> Option<Span> {
        match self.policy {
            _ if self.stopped_by_hand => return None,
            RestartPolicy::No => return None,
            RestartPolicy::OnFailure { max: Some(max) } if self.exits >= max => return None,
            _ => {}
        }
        self.exits += 1;
        let ran = self.started_at.map_or(Span::ZERO, |since| now.since(since));
        let is_first = self.restart_delay == Span::ZERO;
        self.restart_delay = if is_first || ran >= RESTART_RESET_AFTER {
            RESTART_DELAY_MIN
        } else {
            (self.restart_delay * 2).min(RESTART_DELAY_MAX)
        };
        Some(self.restart_delay)
    }

    /// Whether Docker starts it after its host has booted.
    pub fn starts_after_boot(&self) -> bool {
        match self.policy {
            RestartPolicy::Always => true,
            RestartPolicy::UnlessStopped => !self.stopped_by_hand,
            RestartPolicy::No | RestartPolicy::OnFailure { .. } => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delays(policy: RestartPolicy, run: Span, exits: usize) -> Vec<Option<u64>> {
        let mut process = Supervised::new(policy);
        let mut now = Time::ZERO;
        let mut delay_ms = || {
            process.starts(now);
            now += run;
            process.restart_delay(now).map(|d| d.as_nanos() / 1_000_000)
        };
        (0..exits).map(|_| delay_ms()).collect()
    }

    #[test]
    fn a_crash_loop_waits_twice_as_long_each_time_up_to_a_minute() {
        let expected = [
            100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000,
        ];
        let found = delays(RestartPolicy::Always, Span::from_secs(1), 12);
        assert_eq!(found, expected.map(Some));
    }

    #[test]
    fn a_run_of_ten_seconds_brings_the_delay_back_to_its_start() {
        let found = delays(RestartPolicy::Always, Span::from_secs(10), 3);
        assert_eq!(found, [Some(100); 3]);
    }

    #[test]
    fn on_failure_counts_every_exit_until_somebody_starts_it() {
        let policy = RestartPolicy::OnFailure { max: Some(2) };
        let found = delays(policy, Span::from_secs(100), 3);
        assert_eq!(found, [Some(100), Some(100), None]);
        let mut process = Supervised::new(RestartPolicy::OnFailure { max: Some(1) });
        assert!(process.restart_delay(Time::ZERO).is_some());
        assert!(process.restart_delay(Time::ZERO).is_none());
        process.begins_anew();
        assert!(process.restart_delay(Time::ZERO).is_some());
    }

    #[test]
    fn what_somebody_stopped_comes_back_after_a_boot_only_under_always() {
        let comes_back = |policy| {
            let mut process = Supervised::new(policy);
            process.stops_by_hand();
            process.starts_after_boot()
        };
        assert!(comes_back(RestartPolicy::Always));
        assert!(!comes_back(RestartPolicy::UnlessStopped));
        assert!(!comes_back(RestartPolicy::No));
    }
}
