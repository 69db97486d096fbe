//! Text without a grammar of its own.

use std::borrow::Cow;
use std::ops::Deref;

use serde_json::json;

use crate::notation::decode::{Leaf, Refusal};
use crate::notation::limits::{PROSE_BYTES_MAX, STRING_BYTES_MAX};
use crate::notation::tree::Scalar;

/// One line of text, such as the name of a city. Dereferences to `str`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Text(String);

/// Free text of several lines, such as a claim. Dereferences to `str`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Prose(String);

impl Deref for Text {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Deref for Prose {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Leaf for Text {
    const EXAMPLES: &'static [&'static str] = &["Madrid"];

    fn name() -> Cow<'static, str> {
        "text".into()
    }

    fn expected() -> Cow<'static, str> {
        "one line of text".into()
    }

    fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
        if scalar.text.is_empty() {
            return Err(Refusal::because("a text cannot be empty here"));
        }
        if scalar.text.contains(char::is_control) {
            return Err(
                Refusal::unexpected().help("write it without line breaks and control characters")
            );
        }
        Ok(Self(scalar.text.clone()))
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "minLength": 1, "maxLength": STRING_BYTES_MAX})
    }
}

impl Leaf for Prose {
    const EXAMPLES: &'static [&'static str] = &["Two servers, one tunnel."];
    const BYTES_MAX: usize = PROSE_BYTES_MAX;

    fn name() -> Cow<'static, str> {
        "prose".into()
    }

    fn expected() -> Cow<'static, str> {
        "text".into()
    }

    fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
        if scalar
            .text
            .contains(|character: char| character.is_control() && character != '\n')
        {
            return Err(Refusal::unexpected().help("write it without control characters"));
        }
        Ok(Self(scalar.text.clone()))
    }

    fn schema() -> serde_json::Value {
        json!({"type": "string", "maxLength": PROSE_BYTES_MAX})
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::testing::{decoded, refused};

    #[test]
    fn a_text_is_kept_as_it_was_written() {
        assert_eq!(&*decoded::<Text>("Querétaro, MX"), "Querétaro, MX");
        assert_eq!(&*decoded::<Text>("007"), "007");
        assert_eq!(&*decoded::<Prose>("|\n  two\n  lines\n"), "two\nlines\n");
    }

    #[test]
    fn a_text_may_have_256_bytes_and_prose_4096() {
        decoded::<Text>(&"x".repeat(STRING_BYTES_MAX));
        assert!(
            refused::<Text>(&"x".repeat(STRING_BYTES_MAX + 1))[0].contains("at most 256 bytes")
        );
        decoded::<Prose>(&"x".repeat(PROSE_BYTES_MAX));
        assert!(
            refused::<Prose>(&"x".repeat(PROSE_BYTES_MAX + 1))[0].contains("at most 4096 bytes")
        );
    }

    #[test]
    fn control_characters_are_refused() {
        assert_eq!(refused::<Text>("\"a\\tb\""), ["expected one line of text"]);
        assert_eq!(refused::<Prose>("\"a\\eb\""), ["expected text"]);
        assert_eq!(refused::<Text>("''"), ["a text cannot be empty here"]);
        assert_eq!(refused::<Text>("[a]"), ["expected one line of text"]);
    }
}
