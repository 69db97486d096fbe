//! `true` and `false`.

use std::borrow::Cow;

use serde_json::json;

use crate::notation::decode::{Leaf, Refusal};
use crate::notation::tree::Scalar;

impl Leaf for bool {
    const EXAMPLES: &'static [&'static str] = &["true", "false"];

    fn name() -> Cow<'static, str> {
        "boolean".into()
    }

    fn expected() -> Cow<'static, str> {
        "`true` or `false`".into()
    }

    fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
        match (scalar.text.as_str(), scalar.quoted) {
            ("true", false) => Ok(true),
            ("false", false) => Ok(false),
            (text, quoted) => Err(refusal(text, quoted)),
        }
    }

    fn schema() -> serde_json::Value {
        json!({"type": "boolean"})
    }
}

/// YAML 1.1 had many words for these two; one spelling is enough, so the others get a hint.
fn refusal(text: &str, quoted: bool) -> Refusal {
    match text.to_ascii_lowercase().as_str() {
        "true" | "yes" | "on" | "y" if !quoted => Refusal::unexpected().did_you_mean("true"),
        "false" | "no" | "off" | "n" if !quoted => Refusal::unexpected().did_you_mean("false"),
        "true" | "false" => Refusal::unexpected().help("take the quotes off"),
        _ => Refusal::unexpected(),
    }
}

#[cfg(test)]
mod tests {
    use crate::notation::testing::{decoded, help, refused};

    #[test]
    fn only_true_and_false_are_booleans() {
        assert!(decoded::<bool>("true"));
        assert!(!decoded::<bool>("false"));
        for text in ["yes", "True", "1", "\"true\"", "[true]", "~"] {
            assert_eq!(
                refused::<bool>(text),
                ["expected `true` or `false`"],
                "{text}"
            );
        }
    }

    #[test]
    fn other_words_for_them_get_a_hint() {
        assert_eq!(help::<bool>("Yes"), "did you mean `true`?");
        assert_eq!(help::<bool>("off"), "did you mean `false`?");
        assert_eq!(help::<bool>("'true'"), "take the quotes off");
    }
}
