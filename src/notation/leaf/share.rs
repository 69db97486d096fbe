//! Parts of a whole, probabilities included.

use std::borrow::Cow;
use std::ops::Deref;

use serde_json::json;

use super::decimal::decimal;
use crate::notation::decode::{Leaf, Refusal};
use crate::notation::tree::Scalar;

/// A part of a whole, from 0 to 1: `99.9%` or `0.999`. Dereferences to the nearest `f64`.
#[derive(Debug, Clone, PartialEq)]
pub struct Share {
    value: f64,
}

impl Share {
    /// The share as a number from 0 to 1: the `f64` nearest to what was written.
    pub fn get(&self) -> f64 {
        self.value
    }
}

impl Deref for Share {
    type Target = f64;

    fn deref(&self) -> &f64 {
        &self.value
    }
}

impl Leaf for Share {
    const UNIT: &'static str = "share";
    const EXAMPLES: &'static [&'static str] = &["99.9%", "5%", "0.05"];

    fn name() -> Cow<'static, str> {
        "share".into()
    }

    fn expected() -> Cow<'static, str> {
        "a share such as 5%, 99.9% or 0.05".into()
    }

    fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
        let text = scalar.text.trim();
        let value = match text.strip_suffix('%') {
            Some(percent) => hundredth(percent.trim_end())?,
            None => decimal(text)?,
        };
        if (0.0..=1.0).contains(&value) {
            return Ok(Self { value });
        }
        let refusal = Refusal::because("a share lies between 0% and 100%");
        let without_sign = !text.contains('%') && (1.0..=100.0).contains(&value);
        Err(if without_sign {
            refusal.did_you_mean(format!("{text}%"))
        } else {
            refusal
        })
    }

    fn schema() -> serde_json::Value {
        json!({"anyOf": [
            {"type": "number", "minimum": 0, "maximum": 1},
            {"type": "string", "pattern": r"^((0|[1-9][0-9]?)(\.[0-9]+)?|100) ?%$"},
        ]})
    }
}

/// The `f64` nearest to a hundredth of a decimal number.
///
/// Dividing the nearest `f64` by 100 would round twice: 0.07 and 7.0 / 100.0 need not be the same number.
fn hundredth(percent: &str) -> Result<f64, Refusal> {
    let number = decimal(percent)?;
    if percent.contains(['e', 'E']) {
        return Ok(number / 100.0);
    }
    decimal(&format!("{percent}e-2"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::testing::{decoded, help, refused};

    #[test]
    fn per_cent_and_fractions_are_the_same_number() {
        assert_eq!(decoded::<Share>("7%").get(), 0.07);
        assert_eq!(decoded::<Share>("99.9%").get(), 0.999);
        assert_eq!(decoded::<Share>("0.999").get(), 0.999);
        assert_eq!(decoded::<Share>("\"5 %\"").get(), 0.05);
    }

    #[test]
    fn nothing_and_everything_are_shares() {
        assert_eq!(decoded::<Share>("0%").get(), 0.0);
        assert_eq!(decoded::<Share>("100%").get(), 1.0);
        assert_eq!(decoded::<Share>("1").get(), 1.0);
    }

    #[test]
    fn shares_outside_of_the_whole_are_refused() {
        for text in ["100.1%", "-1%", "1.5", "-0.5", "5"] {
            assert_eq!(
                refused::<Share>(text),
                ["a share lies between 0% and 100%"],
                "{text}"
            );
        }
        assert_eq!(help::<Share>("5"), "did you mean `5%`?");
        assert_eq!(help::<Share>("500"), "");
    }

    #[test]
    fn what_is_not_a_number_is_no_share() {
        for text in ["half", "'%'", "5%%", "~", "[1]"] {
            assert_eq!(
                refused::<Share>(text),
                ["expected a share such as 5%, 99.9% or 0.05"]
            );
        }
        assert_eq!(refused::<Share>("NaN%"), ["not-a-number (NaN) is refused"]);
        assert_eq!(refused::<Share>("-0%"), ["negative zero is refused"]);
        assert_eq!(refused::<Share>("1e400%"), ["this number is too large"]);
    }
}
