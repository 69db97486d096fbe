//! Numbers with a decimal point.

use std::borrow::Cow;
use std::ops::Deref;

use serde_json::json;

use crate::notation::decode::{Leaf, Refusal};
use crate::notation::tree::Scalar;

/// A finite number from `MIN` to `MAX`, both included. Dereferences to the number.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd)]
pub struct Decimal<const MIN: i64, const MAX: i64>(f64);

/// A number that is 0 or more.
pub type Number = Decimal<0, { i64::MAX }>;

impl<const MIN: i64, const MAX: i64> Decimal<MIN, MAX> {
    /// The number.
    pub fn get(self) -> f64 {
        self.0
    }
}

impl<const MIN: i64, const MAX: i64> Deref for Decimal<MIN, MAX> {
    type Target = f64;

    fn deref(&self) -> &f64 {
        &self.0
    }
}

impl<const MIN: i64, const MAX: i64> Leaf for Decimal<MIN, MAX> {
    const EXAMPLES: &'static [&'static str] = &[];

    fn name() -> Cow<'static, str> {
        match MAX {
            i64::MAX => format!("number from {MIN}").into(),
            _ => format!("number {MIN} to {MAX}").into(),
        }
    }

    fn expected() -> Cow<'static, str> {
        match MAX {
            i64::MAX => format!("a number, {MIN} or more").into(),
            _ => format!("a number from {MIN} to {MAX}").into(),
        }
    }

    fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
        let number = decimal(&scalar.text)?;
        if scalar.quoted {
            return Err(Refusal::unexpected().help("take the quotes off"));
        }
        if MIN as f64 <= number && number <= MAX as f64 {
            Ok(Self(number))
        } else {
            Err(Refusal::unexpected())
        }
    }

    fn schema() -> serde_json::Value {
        match MAX {
            i64::MAX => json!({"type": "number", "minimum": MIN}),
            _ => json!({"type": "number", "minimum": MIN, "maximum": MAX}),
        }
    }
}

/// Reads a decimal number: the nearest `f64` to `-12`, `0.5` or `1e6`.
///
/// # Errors
/// What cannot be computed with is refused by name: not-a-number, infinities, negative zero, and numbers
/// too large or too close to zero for an `f64` of full precision.
pub fn decimal(text: &str) -> Result<f64, Refusal> {
    if let Some(refusal) = refused_by_name(text) {
        return Err(refusal);
    }
    if !is_decimal(text) {
        return Err(Refusal::unexpected());
    }
    let number: f64 = text.parse().map_err(|_| Refusal::unexpected())?;
    let nothing = significant_digits(text).all(|digit| digit == b'0');
    if number.is_infinite() {
        Err(Refusal::because("this number is too large"))
    } else if nothing && number.is_sign_negative() {
        Err(Refusal::because("negative zero is refused").did_you_mean("0"))
    } else if !nothing && !number.is_normal() {
        Err(Refusal::because("this number is too close to zero"))
    } else {
        Ok(number)
    }
}

fn refused_by_name(text: &str) -> Option<Refusal> {
    let bare = text
        .trim_start_matches(['+', '-', '.'])
        .to_ascii_lowercase();
    match bare.as_str() {
        "nan" => Some(Refusal::because("not-a-number (NaN) is refused")),
        "inf" | "infinity" => Some(Refusal::because("an infinite number is refused")),
        _ => None,
    }
}

/// The digits of a number, without its exponent.
fn significant_digits(text: &str) -> impl Iterator<Item = u8> + '_ {
    text.bytes()
        .take_while(|byte| !matches!(byte, b'e' | b'E'))
        .filter(u8::is_ascii_digit)
}

/// Whether a text is a decimal number as JSON has them: `-?digits[.digits][e[+-]digits]`.
fn is_decimal(text: &str) -> bool {
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    let unsigned = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match unsigned.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (mantissa, Some(exponent)),
        None => (unsigned, None),
    };
    let exponent_fits = exponent
        .is_none_or(|exponent| digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)));
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let no_octal = whole.len() == 1 || !whole.starts_with('0');
    exponent_fits && digits(whole) && no_octal && fraction.is_none_or(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::testing::{decoded, refused};

    #[test]
    fn decimals_are_the_nearest_float() {
        for (text, number) in [
            ("0", 0.0),
            ("0.1", 0.1),
            ("12", 12.0),
            ("1e6", 1e6),
            ("2.5E-3", 0.0025),
        ] {
            assert_eq!(decoded::<Number>(text).get(), number);
        }
        assert_eq!(decoded::<Decimal<-90, 90>>("-33.45").get(), -33.45);
    }

    #[test]
    fn what_cannot_be_computed_with_is_refused_by_name() {
        let reason = |text| refused::<Number>(text).remove(0);
        assert_eq!(reason("NaN"), "not-a-number (NaN) is refused");
        assert_eq!(reason(".nan"), "not-a-number (NaN) is refused");
        assert_eq!(reason("-.inf"), "an infinite number is refused");
        assert_eq!(reason("Infinity"), "an infinite number is refused");
        assert_eq!(reason("-0"), "negative zero is refused");
        assert_eq!(reason("-0.0e5"), "negative zero is refused");
        assert_eq!(reason("1e400"), "this number is too large");
        assert_eq!(reason("1e-310"), "this number is too close to zero");
        assert_eq!(reason("1e-400"), "this number is too close to zero");
    }

    #[test]
    fn other_spellings_and_numbers_out_of_bounds_are_refused() {
        for text in [
            "-1", "0x10", "1_0", ".5", "5.", "1e", "01", "+1", "1,5", "\"1\"", "e5", "-",
        ] {
            assert_eq!(
                refused::<Number>(text),
                ["expected a number, 0 or more"],
                "{text}"
            );
        }
        for text in ["90.1", "-91"] {
            assert_eq!(
                refused::<Decimal<-90, 90>>(text),
                ["expected a number from -90 to 90"]
            );
        }
    }
}
