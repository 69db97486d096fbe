//! Conservation, checked at every opening and closing, in released programs too.

use crate::kernel::time::{Span, Time};
use crate::measure::observation::{RequestSeen, SessionSeen};
use crate::measure::run::Run;

/// A rule that never breaks has broken: a defect of the program.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{rule}, at {at} in event {event}")]
pub struct Violation {
    /// The rule, in words, with the numbers that break it.
    pub rule: String,
    /// When.
    pub at: Time,
    /// In which event of the run.
    pub event: u64,
}

/// The books of one run.
#[derive(Debug)]
pub struct Ledger {
    opened: u64,
    succeeded: u64,
    failed: u64,
    open: u64,
    /// The sum of the moments at which requests were closed, less that of those at which they were opened; all sums of
    /// time go round at 2^64 ns, which hides no error but one of exactly 584 years.
    area: u64,
    time_spent: u64,
    sessions_started: u64,
    sessions_ended: u64,
    broken_rule: Option<String>,
}

impl Ledger {
    /// Empty books.
    pub fn new() -> Self {
        Ledger {
            opened: 0,
            succeeded: 0,
            failed: 0,
            open: 0,
            area: 0,
            time_spent: 0,
            sessions_started: 0,
            sessions_ended: 0,
            broken_rule: None,
        }
    }

    /// A request was born.
    #[inline]
    pub fn opens(&mut self, born: Time) {
        self.opened += 1;
        self.open += 1;
        self.area = self.area.wrapping_sub(born.as_nanos());
        self.check_requests();
    }

    /// A request has ended.
    pub fn closes(&mut self, seen: &RequestSeen) {
        match self.open.checked_sub(1) {
            Some(open) => self.open = open,
            None => self.breaks("a request ended that was not open".to_owned()),
        }
        self.counts(seen);
        self.area = self.area.wrapping_add(seen.closed.as_nanos());
        self.check_requests();
    }

    /// A request was born and has ended since the last look.
    #[inline(always)] // See `Recorder::request_in`.
    pub fn passes(&mut self, seen: &RequestSeen) {
        self.opened += 1;
        self.counts(seen);
        let area = seen.closed.as_nanos().wrapping_sub(seen.born.as_nanos());
        self.area = self.area.wrapping_add(area);
        self.check_requests();
    }

    /// Counts how a request has ended and how long it was open, in all and by parts.
    #[inline(always)] // See `Recorder::request_in`.
    fn counts(&mut self, seen: &RequestSeen) {
        if seen.outcome.is_success() {
            self.succeeded += 1;
        } else {
            self.failed += 1;
        }
        self.time_spent = self.time_spent.wrapping_add(seen.latency().as_nanos());
        let parts = seen.parts;
        let sum = parts.network + parts.waiting + parts.service + parts.store + parts.stalled;
        if sum != seen.latency() {
            self.parts_do_not_add_up(sum, seen.latency());
        }
    }

    #[cold]
    fn parts_do_not_add_up(&mut self, sum: Span, latency: Span) {
        self.breaks(format!(
            "the parts of a request add up to {sum}, not to {latency}"
        ));
    }

    /// A session has started.
    pub fn starts(&mut self) {
        self.sessions_started += 1;
    }

    /// A session has ended.
    pub fn ends(&mut self, seen: &SessionSeen) {
        self.sessions_ended += 1;
        if self.sessions_ended > self.sessions_started {
            self.breaks("a session ended that had not started".to_owned());
        }
        if seen.failed > seen.requests {
            self.breaks(format!(
                "{} of {} requests of a session failed",
                seen.failed, seen.requests
            ));
        }
    }

    /// Sessions that have started and not ended.
    pub fn sessions_open(&self) -> u64 {
        self.sessions_started.saturating_sub(self.sessions_ended)
    }

    /// The rule that broke, if one did, and when.
    #[inline]
    pub fn violation(&self, at: Time, event: u64) -> Option<Violation> {
        let rule = self.broken_rule.as_ref()?;
        Some(Violation {
            rule: rule.clone(),
            at,
            event,
        })
    }

    /// At the end nothing is open, and Little's law holds on the sample path, in integers: the integral of the open
    /// requests over time is the sum of the times they were open (El-Taha and Stidham, 1999). The integral of a level
    /// that began at zero and is back there is the sum of the moments at which it fell, less that of those at which it rose.
    pub fn check_end(&mut self) {
        let area = self.area;
        if self.open != 0 {
            self.breaks(format!("{} requests are still open at the end", self.open));
        } else if area != self.time_spent {
            self.breaks(format!(
                "requests were open for {area} ns by the level and {} ns by their sum",
                self.time_spent
            ));
        } else if self.sessions_started != self.sessions_ended {
            self.breaks(format!(
                "{} sessions started and {} ended",
                self.sessions_started, self.sessions_ended
            ));
        }
    }

    /// What is reported must be what the books say: every request once, every failure with one cause, and every
    /// thing either up or down all the time.
    pub fn check_report(&mut self, run: &Run) {
        let total = run.ledger.total();
        let by_cause: u64 = total.causes().map(|(_, failures)| failures).sum();
        if (total.successes(), total.failures(), by_cause)
            != (self.succeeded, self.failed, self.failed)
        {
            self.breaks(format!(
                "{} successes and {} failures, {by_cause} of them by cause, are reported of {} and {}",
                total.successes(),
                total.failures(),
                self.succeeded,
                self.failed
            ));
        }
        let length = run.scope.length();
        for it in run
            .finals
            .uptimes
            .iter()
            .filter(|it| it.up + it.down != length)
        {
            self.breaks(format!(
                "{:?} was up for {} and down for {}",
                it.entity, it.up, it.down
            ));
        }
    }

    /// Something added up wrongly.
    pub fn breaks(&mut self, rule: String) {
        self.broken_rule.get_or_insert(rule);
    }

    #[inline]
    fn check_requests(&mut self) {
        let accounted = self.succeeded + self.failed + self.open;
        if self.opened != accounted {
            self.requests_are_missing(accounted);
        }
    }

    #[cold]
    fn requests_are_missing(&mut self, accounted: u64) {
        self.breaks(format!(
            "{} requests were born and {accounted} are accounted for",
            self.opened
        ));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: u64) -> Time {
        Time::from_nanos(seconds * 1_000_000_000)
    }

    /// What is wrong with books after some entries.
    fn wrong(enter: impl FnOnce(&mut Ledger)) -> String {
        let mut ledger = Ledger::new();
        enter(&mut ledger);
        let violation = ledger.violation(at(9), 7);
        violation.map_or(String::new(), |violation| violation.to_string())
    }

    #[test]
    fn books_that_close_are_not_complained_about() {
        assert_eq!(wrong(|ledger| ledger.check_end()), "");
    }

    #[test]
    fn a_request_left_open_breaks_the_rule_at_the_end() {
        let said = wrong(|ledger| {
            ledger.opens(at(1));
            ledger.check_end();
        });
        assert!(
            said.starts_with("1 requests are still open at the end"),
            "{said}"
        );
        assert!(said.ends_with("in event 7"), "{said}");
    }

    #[test]
    fn a_session_left_open_breaks_the_rule_at_the_end() {
        let said = wrong(|ledger| {
            ledger.starts();
            ledger.check_end();
        });
        assert!(said.starts_with("1 sessions started and 0 ended"), "{said}");
    }

    #[test]
    fn the_first_rule_that_breaks_is_the_one_that_is_told() {
        let said = wrong(|ledger| {
            ledger.breaks("one".to_owned());
            ledger.breaks("two".to_owned());
        });
        assert!(said.starts_with("one, at"), "{said}");
    }
}
