//! Whole numbers within bounds.

use std::borrow::Cow;
use std::ops::Deref;

use serde_json::json;

use crate::notation::decode::{Leaf, Refusal};
use crate::notation::tree::Scalar;

/// A whole number from `MIN` to `MAX`, both included. Dereferences to the number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Whole<const MIN: u64, const MAX: u64>(u64);

/// A whole number without bounds of its own, such as a seed.
pub type AnyWhole = Whole<0, { u64::MAX }>;

impl<const MIN: u64, const MAX: u64> Whole<MIN, MAX> {
    /// The number.
    pub fn get(self) -> u64 {
        self.0
    }

    /// The number, for indices and capacities.
    pub fn as_usize(self) -> usize {
        self.0 as usize
    }
}

impl<const MIN: u64, const MAX: u64> Deref for Whole<MIN, MAX> {
    type Target = u64;

    fn deref(&self) -> &u64 {
        &self.0
    }
}

impl<const MIN: u64, const MAX: u64> Leaf for Whole<MIN, MAX> {
    const EXAMPLES: &'static [&'static str] = &[];

    fn name() -> Cow<'static, str> {
        match (MIN, MAX) {
            (0, u64::MAX) => "whole number".into(),
            (_, u64::MAX) => format!("whole number from {MIN}").into(),
            _ => format!("whole number {MIN} to {MAX}").into(),
        }
    }

    fn expected() -> Cow<'static, str> {
        match MAX {
            u64::MAX => format!("a whole number, {MIN} or more").into(),
            _ => format!("a whole number from {MIN} to {MAX}").into(),
        }
    }

    fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
        let text = scalar.text.as_str();
        if scalar.quoted && digits(text) {
            return Err(Refusal::unexpected().help("take the quotes off"));
        }
        if digits(text) && text.len() > 1 && text.starts_with('0') {
            return Err(Refusal::because(
                "a number does not begin with 0, which some would read as octal",
            ));
        }
        if !digits(text) {
            return Err(refusal(text));
        }
        match text.parse() {
            Ok(number) if (MIN..=MAX).contains(&number) => Ok(Self(number)),
            _ => Err(Refusal::unexpected()),
        }
    }

    fn schema() -> serde_json::Value {
        json!({"type": "integer", "minimum": MIN, "maximum": MAX})
    }
}

fn digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Spellings of a whole number that are close, such as `1_000` or `8.0`, get a hint.
fn refusal(text: &str) -> Refusal {
    let bare = text.replace(['_', ' '], "");
    let bare = bare.strip_suffix(".0").unwrap_or(&bare);
    if digits(bare) && !bare.starts_with('0') {
        Refusal::unexpected().did_you_mean(bare)
    } else {
        Refusal::unexpected()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::testing::{decoded, help, refused};

    #[test]
    fn bounds_are_included() {
        assert_eq!(decoded::<Whole<1, 64>>("1").get(), 1);
        assert_eq!(decoded::<Whole<1, 64>>("64").get(), 64);
        for text in ["0", "65", "18446744073709551616", "-1"] {
            assert_eq!(
                refused::<Whole<1, 64>>(text),
                ["expected a whole number from 1 to 64"]
            );
        }
    }

    #[test]
    fn every_number_of_64_bits_fits_where_there_are_no_bounds() {
        assert_eq!(decoded::<AnyWhole>("18446744073709551615").get(), u64::MAX);
    }

    #[test]
    fn only_plain_digits_are_whole_numbers() {
        let texts = [
            "forty-two",
            "0x10",
            "1e3",
            "1.5",
            "+5",
            "NaN",
            "1_000",
            "\"5\"",
            "[5]",
            "{}",
            "~",
        ];
        for text in texts {
            assert_eq!(
                refused::<AnyWhole>(text),
                ["expected a whole number, 0 or more"],
                "{text}"
            );
        }
        assert!(refused::<AnyWhole>("010")[0].contains("octal"));
    }

    #[test]
    fn close_spellings_get_a_hint() {
        assert_eq!(help::<AnyWhole>("1_000"), "did you mean `1000`?");
        assert_eq!(help::<AnyWhole>("8.0"), "did you mean `8`?");
        assert_eq!(help::<AnyWhole>("\"5\""), "take the quotes off");
    }
}
