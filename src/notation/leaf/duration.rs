//! Lengths of time, always with a unit.

use std::borrow::Cow;

use serde_json::json;

use crate::notation::decode::{Leaf, Refusal};
use crate::notation::limits::DURATION_NANOS_MAX;
use crate::notation::tree::Scalar;

/// The units a length of time may have, longest spelling first within each.
const PATTERN: &str = r"^([0-9]{1,15}(\.[0-9]{1,9})? ?(ns|us|ms|s|min|m|h|d|w) ?)+$";

/// A length of time from nothing to ten years, in whole nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Duration(u64);

impl Duration {
    /// The length in nanoseconds.
    pub fn as_nanos(self) -> u64 {
        self.0
    }
}

impl Leaf for Duration {
    const UNIT: &'static str = "time";
    const EXAMPLES: &'static [&'static str] = &["250ms", "30s", "1m30s", "2h", "7d"];
    const BYTES_MAX: usize = 64;

    fn name() -> Cow<'static, str> {
        "duration".into()
    }

    fn expected() -> Cow<'static, str> {
        "a length of time such as 250ms, 30s or 1m30s".into()
    }

    fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
        nanoseconds(scalar.text.trim()).map(Self)
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "pattern": PATTERN, "maxLength": Self::BYTES_MAX})
    }
}

/// A length of time of at least one nanosecond.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PositiveDuration(u64);

impl PositiveDuration {
    /// The length in nanoseconds.
    pub fn as_nanos(self) -> u64 {
        self.0
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
        if span == 0 {
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
    let finer_than_nanoseconds = text.contains('.');
    match error {
        humantime::DurationError::NumberOverflow if finer_than_nanoseconds => {
            Refusal::because("a length of time is a whole number of nanoseconds")
        }
        humantime::DurationError::NumberOverflow => too_long(),
        _ => Refusal::unexpected(),
    }
}
