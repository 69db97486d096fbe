//! Lengths of time, always with a unit.

use std::borrow::Cow;
use std::ops::Deref;

use serde_json::json;

use crate::kernel::time::Span;
use crate::notation::decode::{Leaf, Refusal};
use crate::notation::limits::{DURATION_BYTES_MAX, DURATION_NANOS_MAX};
use crate::notation::tree::Scalar;

/// What the schema accepts. Fractions are only as fine as the decoder takes them for sure.
const PATTERN: &str = "^([0-9]{1,12}( ?(ns|us|ms|s|min|m|h|d|w)|\\.[0-9]{1,3} ?us|\\.[0-9]{1,6} ?ms|\
    \\.[0-9]{1,9} ?s|\\.[0-9]{1,8} ?(min|m)|\\.[0-9]{1,2} ?(h|d|w)) ?)+$";

/// A length of time from nothing to ten years, in whole nanoseconds. Dereferences to the [`Span`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(Span);

impl Duration {
    /// The length.
    pub fn span(self) -> Span {
        self.0
    }
}

impl Deref for Duration {
    type Target = Span;

    fn deref(&self) -> &Span {
        &self.0
    }
}

impl Leaf for Duration {
    const UNIT: &'static str = "time";
    const EXAMPLES: &'static [&'static str] = &["250ms", "30s", "1m30s", "2h", "7d"];
    const BYTES_MAX: usize = DURATION_BYTES_MAX;

    fn name() -> Cow<'static, str> {
        "duration".into()
    }

    fn expected() -> Cow<'static, str> {
        "a length of time such as 250ms, 30s or 1m30s".into()
    }

    fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
        nanoseconds(scalar.text.trim()).map(|nanos| Self(Span::from_nanos(nanos)))
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "pattern": PATTERN, "maxLength": Self::BYTES_MAX})
    }
}

/// A length of time of at least one nanosecond. Dereferences to the [`Span`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PositiveDuration(Span);

impl PositiveDuration {
    /// The length.
    pub fn span(self) -> Span {
        self.0
    }
}

impl Deref for PositiveDuration {
    type Target = Span;

    fn deref(&self) -> &Span {
        &self.0
    }
}

impl Leaf for PositiveDuration {
    const UNIT: &'static str = Duration::UNIT;
    const EXAMPLES: &'static [&'static str] = Duration::EXAMPLES;
    const BYTES_MAX: usize = Duration::BYTES_MAX;

    fn name() -> Cow<'static, str> {
        "duration above 0".into()
    }

    fn expected() -> Cow<'static, str> {
        "a length of time above 0, such as 250ms, 30s or 1m30s".into()
    }

    fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
        let Duration(span) = Duration::parse(scalar)?;
        if span == Span::ZERO {
            return Err(Refusal::unexpected());
        }
        Ok(Self(span))
    }

    fn schema() -> serde_json::Value {
        Duration::schema()
    }
}

fn nanoseconds(text: &str) -> Result<u64, Refusal> {
    if let Some(refusal) = refused_by_name(text) {
        return Err(refusal);
    }
    let duration = humantime::parse_duration(text).map_err(|error| from_humantime(text, &error))?;
    match u64::try_from(duration.as_nanos()) {
        Ok(nanos) if nanos <= DURATION_NANOS_MAX => Ok(nanos),
        _ => Err(too_long()),
    }
}

fn too_long() -> Refusal {
    Refusal::because("a length of time may be 10 years (3653d) at most")
}

/// What the duration grammar accepts or misreads, but a scenario does not.
fn refused_by_name(text: &str) -> Option<Refusal> {
    let number = text.strip_prefix(['-', '+']).unwrap_or(text).trim_start();
    let bare = !number.is_empty()
        && number
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    if text.starts_with('-') && number.starts_with(|first: char| first.is_ascii_digit()) {
        return Some(Refusal::because("a length of time cannot be negative"));
    }
    if bare {
        let refusal = Refusal::because("a length of time needs a unit");
        return Some(refusal.help(format!("write `{number}s`, `{number}ms` or `{number}m`")));
    }
    for unit in text.split(|character: char| !character.is_alphabetic()) {
        match unit {
            "M" => {
                let refusal = Refusal::because("`M` is not a unit: it could be minutes or months");
                return Some(refusal.help("write `m` or `min` for minutes"));
            }
            "month" | "months" | "y" | "year" | "years" | "yr" | "yrs" => {
                let refusal = Refusal::because("months and years have no fixed length");
                return Some(refusal.help("write days, such as `30d` or `365d`"));
            }
            _ => {}
        }
    }
    // Longer numbers are beyond ten years in any unit; sums of them could overflow inside the library.
    let longest_number = text
        .split(|character: char| !character.is_ascii_digit())
        .map(str::len)
        .max();
    (longest_number > Some(18)).then(too_long)
}

fn from_humantime(text: &str, error: &humantime::DurationError) -> Refusal {
    match error {
        humantime::DurationError::NumberOverflow if text.contains('.') => {
            Refusal::because("this fraction is too fine for its unit")
                .help("write it in a smaller unit")
        }
        humantime::DurationError::NumberOverflow => too_long(),
        humantime::DurationError::UnknownUnit { .. } => {
            Refusal::unexpected().help("units are `ms`, `s`, `m`, `h` and `d`, among others")
        }
        _ => Refusal::unexpected(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::testing::{decoded, help, refused};

    fn nanos(text: &str) -> u64 {
        decoded::<Duration>(text).as_nanos()
    }

    #[test]
    fn an_unknown_unit_is_answered_with_those_there_are() {
        assert_eq!(
            help::<Duration>("1 fortnight"),
            "units are `ms`, `s`, `m`, `h` and `d`, among others"
        );
    }

    #[test]
    fn lengths_of_time_are_whole_nanoseconds() {
        const SECOND: u64 = 1_000_000_000;
        assert_eq!(nanos("1ns"), 1);
        assert_eq!(nanos("250ms"), 250_000_000);
        assert_eq!(nanos("1m30s"), 90 * SECOND);
        assert_eq!(nanos("1min 30s"), 90 * SECOND);
        assert_eq!(nanos("1.5h"), 5_400 * SECOND);
        assert_eq!(nanos("0.5ms"), 500_000);
        assert_eq!(nanos("\"30s\""), 30 * SECOND);
        assert_eq!(nanos("2w"), 14 * 86_400 * SECOND);
        assert_eq!(nanos("0s"), 0);
    }

    #[test]
    fn ten_years_fit_and_a_nanosecond_more_does_not() {
        assert_eq!(nanos("3653d"), DURATION_NANOS_MAX);
        let too_long = ["a length of time may be 10 years (3653d) at most"];
        assert_eq!(refused::<Duration>("3653d 1ns"), too_long);
        assert_eq!(refused::<Duration>("99999999999999999999999s"), too_long);
        assert_eq!(refused::<Duration>("999999999999999999w"), too_long);
        // The library panics at this sum.
        assert_eq!(refused::<Duration>("18446744073709551615s1000ms"), too_long);
    }

    #[test]
    fn a_length_of_time_may_be_written_in_64_bytes() {
        let padded = |spaces: usize| format!("'1s{}2ms'", " ".repeat(spaces));
        assert_eq!(nanos(&padded(DURATION_BYTES_MAX - 5)), 1_002_000_000);
        let message = &refused::<Duration>(&padded(DURATION_BYTES_MAX - 4))[0];
        assert!(message.contains("at most 64 bytes"), "{message}");
    }

    #[test]
    fn a_bare_number_is_refused_with_a_hint() {
        assert_eq!(refused::<Duration>("30"), ["a length of time needs a unit"]);
        assert_eq!(help::<Duration>("30"), "write `30s`, `30ms` or `30m`");
        assert_eq!(refused::<Duration>("0"), ["a length of time needs a unit"]);
        assert_eq!(
            refused::<Duration>("1.5"),
            ["a length of time needs a unit"]
        );
    }

    #[test]
    fn units_that_mislead_are_refused_by_name() {
        assert_eq!(
            refused::<Duration>("1M"),
            ["`M` is not a unit: it could be minutes or months"]
        );
        for text in ["1month", "2 months", "1y", "3years"] {
            assert_eq!(
                refused::<Duration>(text),
                ["months and years have no fixed length"]
            );
        }
        assert_eq!(
            refused::<Duration>("-5s"),
            ["a length of time cannot be negative"]
        );
        let too_fine = ["this fraction is too fine for its unit"];
        assert_eq!(refused::<Duration>("0.5ns"), too_fine);
        assert_eq!(refused::<Duration>("0.333h"), too_fine);
    }

    #[test]
    fn anything_else_is_told_what_belongs_there() {
        for text in [
            "30 sconds",
            "soon",
            "s",
            "''",
            "1s2",
            "[1s]",
            "{}",
            "~",
            "-s",
            "1e3s",
        ] {
            assert_eq!(
                refused::<Duration>(text),
                ["expected a length of time such as 250ms, 30s or 1m30s"],
                "{text}"
            );
        }
    }

    #[test]
    fn some_lengths_must_be_above_zero() {
        assert_eq!(decoded::<PositiveDuration>("1ns").as_nanos(), 1);
        assert_eq!(
            refused::<PositiveDuration>("0s"),
            ["expected a length of time above 0, such as 250ms, 30s or 1m30s"]
        );
    }
}
