//! Instants and lengths of time in whole nanoseconds.
//!
//! [`Time`] says when, [`Span`] says how long; the types keep the two apart. Both are integers,
//! so that a sum does not depend on the order of its terms and every platform agrees to the last
//! digit. All arithmetic is checked: an overflow or a negative result is a bug and panics, in
//! every build profile.

use std::fmt;
use std::ops::{Add, AddAssign, Div, Mul, Sub};

use serde::Serialize;

const NANOS_PER_MICRO: u64 = 1_000;
const NANOS_PER_MILLI: u64 = 1_000_000;
const NANOS_PER_SEC: u64 = 1_000_000_000;
const NANOS_PER_MINUTE: u64 = 60 * NANOS_PER_SEC;
const NANOS_PER_HOUR: u64 = 60 * NANOS_PER_MINUTE;
const NANOS_PER_DAY: u64 = 24 * NANOS_PER_HOUR;

/// An instant of simulated time: nanoseconds since the start of the run.
///
/// Serialised as an integer of nanoseconds.
///
/// ```
/// use tunnelsim::kernel::time::{Span, Time};
/// let lunch = Time::ZERO + Span::from_secs(1_200);
/// assert_eq!(lunch.to_string(), "20:00.000");
/// assert_eq!(lunch.since(Time::ZERO), Span::from_secs(1_200));
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Time(u64);

impl Time {
    /// The start of the run.
    pub const ZERO: Time = Time(0);
    /// The last representable instant, about 584 years after the start.
    pub const MAX: Time = Time(u64::MAX);

    /// The instant so many nanoseconds after the start.
    ///
    /// ```
    /// use tunnelsim::kernel::time::Time;
    /// assert_eq!(Time::from_nanos(7).as_nanos(), 7);
    /// ```
    pub const fn from_nanos(nanos: u64) -> Time {
        Time(nanos)
    }

    /// Nanoseconds since the start.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// How long ago `earlier` was at this instant.
    ///
    /// # Panics
    /// If `earlier` is later than this instant.
    ///
    /// ```
    /// use tunnelsim::kernel::time::{Span, Time};
    /// assert_eq!(Time::from_nanos(9).since(Time::from_nanos(4)), Span::from_nanos(5));
    /// ```
    #[track_caller]
    pub const fn since(self, earlier: Time) -> Span {
        match self.0.checked_sub(earlier.0) {
            Some(nanos) => Span(nanos),
            None => panic!("time ran backwards: the earlier instant is the later one"),
        }
    }

    /// How long ago `earlier` was at this instant, or zero if it is still to come.
    ///
    /// ```
    /// use tunnelsim::kernel::time::{Span, Time};
    /// assert_eq!(Time::ZERO.saturating_since(Time::from_nanos(4)), Span::ZERO);
    /// ```
    pub const fn saturating_since(self, earlier: Time) -> Span {
        Span(self.0.saturating_sub(earlier.0))
    }
}

impl Add<Span> for Time {
    type Output = Time;

    #[inline]
    #[track_caller]
    fn add(self, span: Span) -> Time {
        Time(
            self.0
                .checked_add(span.0)
                .expect("a time beyond the 584 years that fit"),
        )
    }
}

impl Sub<Span> for Time {
    type Output = Time;

    #[inline]
    #[track_caller]
    fn sub(self, span: Span) -> Time {
        Time(self.0.checked_sub(span.0).expect("a time before the start"))
    }
}

impl AddAssign<Span> for Time {
    #[track_caller]
    fn add_assign(&mut self, span: Span) {
        *self = *self + span;
    }
}

impl fmt::Display for Time {
    /// Writes a clock, cut off at the millisecond: `20:00.000`, `1:20:00.000`, `2d 01:20:00.000`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (days, hours) = (self.0 / NANOS_PER_DAY, self.0 / NANOS_PER_HOUR % 24);
        if days > 0 {
            write!(f, "{days}d {hours:02}:")?;
        } else if hours > 0 {
            write!(f, "{hours}:")?;
        }
        let minutes = self.0 / NANOS_PER_MINUTE % 60;
        let seconds = self.0 / NANOS_PER_SEC % 60;
        let millis = self.0 / NANOS_PER_MILLI % 1_000;
        write!(f, "{minutes:02}:{seconds:02}.{millis:03}")
    }
}

/// A length of time in nanoseconds, never negative.
///
/// Serialised as an integer of nanoseconds.
///
/// ```
/// use tunnelsim::kernel::time::Span;
/// let patience = Span::from_secs(90) + Span::from_millis(500);
/// assert_eq!(patience.to_string(), "1m30.5s");
/// assert_eq!((patience / 2).as_nanos(), 45_250_000_000);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span(u64);

impl Span {
    /// No time at all.
    pub const ZERO: Span = Span(0);
    /// The longest representable length, about 584 years.
    pub const MAX: Span = Span(u64::MAX);
    /// A hundred years of 365.25 days: no draw is longer, so that adding a few never overflows.
    pub const LONGEST_DRAW: Span = Span(36_525 * NANOS_PER_DAY);

    /// So many nanoseconds.
    pub const fn from_nanos(nanos: u64) -> Span {
        Span(nanos)
    }

    /// So many microseconds.
    ///
    /// # Panics
    /// On overflow, as do the other constructors.
    #[track_caller]
    pub const fn from_micros(micros: u64) -> Span {
        Span::of(micros, NANOS_PER_MICRO)
    }

    /// So many milliseconds.
    #[track_caller]
    pub const fn from_millis(millis: u64) -> Span {
        Span::of(millis, NANOS_PER_MILLI)
    }

    /// So many seconds.
    ///
    /// ```
    /// use tunnelsim::kernel::time::Span;
    /// assert_eq!(Span::from_secs(2), Span::from_millis(2_000));
    /// ```
    #[track_caller]
    pub const fn from_secs(secs: u64) -> Span {
        Span::of(secs, NANOS_PER_SEC)
    }

    #[track_caller]
    const fn of(count: u64, unit: u64) -> Span {
        match count.checked_mul(unit) {
            Some(nanos) => Span(nanos),
            None => panic!("a span beyond the 584 years that fit"),
        }
    }

    /// Seconds cut off to whole nanoseconds: at least 1 ns, at most [`Span::LONGEST_DRAW`].
    ///
    /// Meant for random draws and computed delays, which must move time forward.
    ///
    /// # Panics
    /// If `secs` is not a number.
    ///
    /// ```
    /// use tunnelsim::kernel::time::Span;
    /// assert_eq!(Span::from_secs_f64_truncated(0.25), Span::from_millis(250));
    /// assert_eq!(Span::from_secs_f64_truncated(0.0), Span::from_nanos(1));
    /// ```
    #[track_caller]
    pub fn from_secs_f64_truncated(secs: f64) -> Span {
        Span::from_nanos_f64_truncated(secs * NANOS_PER_SEC as f64)
    }

    /// The same from nanoseconds: cut off, at least 1 ns, at most [`Span::LONGEST_DRAW`].
    ///
    /// # Panics
    /// If `nanos` is not a number.
    #[inline]
    #[track_caller]
    pub fn from_nanos_f64_truncated(nanos: f64) -> Span {
        assert!(!nanos.is_nan(), "a span that is not a number");
        // The cast cuts off, and saturates at both ends. The longest draw fits a signed word, to which processors cast
        // in one instruction.
        Span((nanos as i64).clamp(1, Span::LONGEST_DRAW.0 as i64) as u64)
    }

    /// Whole nanoseconds.
    pub const fn as_nanos(self) -> u64 {
        self.0
    }

    /// Seconds as a float, for reports and formulas; never for adding up.
    ///
    /// ```
    /// use tunnelsim::kernel::time::Span;
    /// assert_eq!(Span::from_millis(1_500).as_secs_f64(), 1.5);
    /// ```
    pub fn as_secs_f64(self) -> f64 {
        self.0 as f64 / NANOS_PER_SEC as f64
    }

    /// Milliseconds as a float, for reports and formulas; never for adding up.
    pub fn as_millis_f64(self) -> f64 {
        self.0 as f64 / NANOS_PER_MILLI as f64
    }

    /// Half of it, cut off to whole nanoseconds: one way of a round trip.
    ///
    /// ```
    /// use tunnelsim::kernel::time::Span;
    /// assert_eq!(Span::from_nanos(7).half(), Span::from_nanos(3));
    /// ```
    pub const fn half(self) -> Span {
        Span(self.0 / 2)
    }
}

impl Add for Span {
    type Output = Span;

    #[inline]
    #[track_caller]
    fn add(self, other: Span) -> Span {
        Span(
            self.0
                .checked_add(other.0)
                .expect("a span beyond the 584 years that fit"),
        )
    }
}

impl AddAssign for Span {
    #[track_caller]
    fn add_assign(&mut self, other: Span) {
        *self = *self + other;
    }
}

impl Sub for Span {
    type Output = Span;

    #[inline]
    #[track_caller]
    fn sub(self, other: Span) -> Span {
        Span(
            self.0
                .checked_sub(other.0)
                .expect("a span shorter than nothing"),
        )
    }
}

impl Mul<u64> for Span {
    type Output = Span;

    #[track_caller]
    fn mul(self, factor: u64) -> Span {
        Span::of(self.0, factor)
    }
}

impl Div<u64> for Span {
    type Output = Span;

    #[track_caller]
    fn div(self, divisor: u64) -> Span {
        Span(self.0.checked_div(divisor).expect("a span divided by zero"))
    }
}

impl fmt::Display for Span {
    /// Writes a short form for people: `250ms`, `5.4s`, `1m30s`, `2d1h`.
    ///
    /// Rounded: below a minute to four significant digits, from there on to the millisecond.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let nanos = rounded_for_people(self.0);
        if nanos < NANOS_PER_MINUTE {
            return match nanos {
                0 => write!(f, "0s"),
                1..NANOS_PER_MICRO => write!(f, "{nanos}ns"),
                NANOS_PER_MICRO..NANOS_PER_MILLI => decimal(f, nanos, NANOS_PER_MICRO, "us"),
                NANOS_PER_MILLI..NANOS_PER_SEC => decimal(f, nanos, NANOS_PER_MILLI, "ms"),
                _ => decimal(f, nanos, NANOS_PER_SEC, "s"),
            };
        }
        let mut rest = nanos;
        for (unit, name) in [
            (NANOS_PER_DAY, "d"),
            (NANOS_PER_HOUR, "h"),
            (NANOS_PER_MINUTE, "m"),
        ] {
            if rest >= unit {
                write!(f, "{}{name}", rest / unit)?;
                rest %= unit;
            }
        }
        if rest > 0 {
            decimal(f, rest, NANOS_PER_SEC, "s")
        } else {
            Ok(())
        }
    }
}

/// Rounds half up, to four significant digits below a minute and to the millisecond above.
fn rounded_for_people(nanos: u64) -> u64 {
    let quantum = if nanos >= NANOS_PER_MINUTE {
        NANOS_PER_MILLI
    } else {
        10_u64.pow(nanos.checked_ilog10().unwrap_or(0).saturating_sub(3))
    };
    nanos.saturating_add(quantum / 2) / quantum * quantum
}

/// Writes `nanos` in `unit` (a power of ten) as a decimal without trailing zeros.
fn decimal(f: &mut fmt::Formatter<'_>, nanos: u64, unit: u64, name: &str) -> fmt::Result {
    let (whole, fraction) = (nanos / unit, nanos % unit);
    if fraction == 0 {
        return write!(f, "{whole}{name}");
    }
    let width = unit.ilog10() as usize;
    let digits = format!("{fraction:0width$}");
    write!(f, "{whole}.{}{name}", digits.trim_end_matches('0'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_is_printed_as_a_clock() {
        for (nanos, expected) in [
            (0, "00:00.000"),
            (1_200_000_000_000, "20:00.000"),
            (61_999_999_999, "01:01.999"),
            (3_600_000_000_000, "1:00:00.000"),
            (86_399_999_999_999, "23:59:59.999"),
            (86_400_000_000_000, "1d 00:00:00.000"),
            (93_784_005_000_000, "1d 02:03:04.005"),
            (u64::MAX, "213503d 23:34:33.709"),
        ] {
            assert_eq!(Time::from_nanos(nanos).to_string(), expected);
        }
    }

    #[test]
    fn a_span_is_printed_short() {
        for (nanos, expected) in [
            (0, "0s"),
            (1, "1ns"),
            (999, "999ns"),
            (1_500, "1.5us"),
            (28_071_499, "28.07ms"),
            (28_075_000, "28.08ms"),
            (250_000_000, "250ms"),
            (999_949_999, "999.9ms"),
            (999_950_000, "1s"),
            (5_400_000_000, "5.4s"),
            (1_000_400_000, "1s"),
            (1_001_000_000, "1.001s"),
            (59_994_999_999, "59.99s"),
            (59_995_000_000, "1m"),
            (90_000_000_000, "1m30s"),
            (90_500_000_000, "1m30.5s"),
            (3_600_000_000_000, "1h"),
            (3_605_000_000_000, "1h5s"),
            (93_784_005_000_000, "1d2h3m4.005s"),
            (u64::MAX, "213503d23h34m33.709s"),
        ] {
            assert_eq!(Span::from_nanos(nanos).to_string(), expected);
        }
    }

    #[test]
    fn both_are_serialised_as_integers() {
        let pair = (Time::from_nanos(5), Span::from_micros(2));
        assert_eq!(serde_json::to_string(&pair).unwrap(), "[5,2000]");
    }

    #[test]
    fn seconds_are_cut_off_and_kept_in_bounds() {
        let nanos = |secs| Span::from_secs_f64_truncated(secs).as_nanos();
        assert_eq!(nanos(1.999_999_999_9), 1_999_999_999);
        assert_eq!(nanos(0.0), 1);
        assert_eq!(nanos(-3.0), 1);
        assert_eq!(nanos(f64::INFINITY), Span::LONGEST_DRAW.as_nanos());
        assert_eq!(nanos(1e30), 3_155_760_000_000_000_000);
    }

    #[test]
    #[should_panic(expected = "not a number")]
    fn seconds_that_are_no_number_are_refused() {
        Span::from_secs_f64_truncated(f64::NAN);
    }

    #[test]
    #[should_panic(expected = "time ran backwards")]
    fn a_later_instant_is_not_earlier() {
        Time::ZERO.since(Time::from_nanos(1));
    }

    #[test]
    #[should_panic(expected = "a time beyond")]
    fn a_time_does_not_wrap_around() {
        let _ = Time::MAX + Span::from_nanos(1);
    }

    #[test]
    #[should_panic(expected = "a time before the start")]
    fn no_time_comes_before_the_start() {
        let _ = Time::ZERO - Span::from_nanos(1);
    }

    #[test]
    #[should_panic(expected = "a span beyond")]
    fn a_product_does_not_wrap_around() {
        let _ = Span::MAX * 2;
    }

    #[test]
    #[should_panic(expected = "a span beyond")]
    fn a_sum_does_not_wrap_around() {
        let _ = Span::MAX + Span::from_nanos(1);
    }

    #[test]
    #[should_panic(expected = "shorter than nothing")]
    fn a_difference_is_not_negative() {
        let _ = Span::ZERO - Span::from_nanos(1);
    }

    #[test]
    fn sums_and_products_are_exact() {
        let mut span = Span::from_secs(3) * 4 - Span::from_millis(2);
        span += Span::from_micros(2);
        assert_eq!(span.as_nanos(), 11_998_002_000);
        let mut time = Time::ZERO;
        time += span / 3;
        assert_eq!(time.as_nanos(), 3_999_334_000);
        assert_eq!(Span::from_micros(1_500).as_millis_f64(), 1.5);
    }
}
