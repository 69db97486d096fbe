//! Names of things: identifiers and host names.

use std::borrow::Cow;
use std::ops::Deref;

use serde_json::json;

use crate::notation::decode::{Leaf, Refusal};
use crate::notation::limits::{HOSTNAME_BYTES_MAX, ID_BYTES_MAX};
use crate::notation::tree::Scalar;

/// The name of a thing of the scenario: a host, a container, a client group. Dereferences to `str`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Id(String);

impl Deref for Id {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Leaf for Id {
    const EXAMPLES: &'static [&'static str] = &["vps1", "home-server"];

    fn name() -> Cow<'static, str> {
        "id".into()
    }

    fn expected() -> Cow<'static, str> {
        "a name of letters, digits, `-`, `_` and `.`, at most 64".into()
    }

    fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
        let text = scalar.text.as_str();
        let first_fits = text.starts_with(|first: char| first.is_ascii_alphanumeric());
        let rest_fits = text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte));
        if first_fits && rest_fits && text.len() <= ID_BYTES_MAX {
            Ok(Self(text.to_owned()))
        } else {
            Err(Refusal::unexpected())
        }
    }

    fn schema() -> serde_json::Value {
        json!({"type": ["string", "integer"], "pattern": "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"})
    }
}

/// A DNS name, in lower case: `app.example.com`. Dereferences to `str`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hostname(String);

impl Deref for Hostname {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Leaf for Hostname {
    const EXAMPLES: &'static [&'static str] = &["app.example.com"];

    fn name() -> Cow<'static, str> {
        "hostname".into()
    }

    fn expected() -> Cow<'static, str> {
        "a host name such as app.example.com".into()
    }

    fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
        let text = scalar.text.to_ascii_lowercase();
        if let Some((_, rest)) = text.split_once("://") {
            let host = rest.split(['/', ':']).next().unwrap_or("");
            return Err(
                Refusal::because("a host name has no scheme and no path").did_you_mean(host)
            );
        }
        if text.len() <= HOSTNAME_BYTES_MAX && text.split('.').all(is_label) {
            Ok(Self(text))
        } else {
            Err(Refusal::unexpected())
        }
    }

    fn schema() -> serde_json::Value {
        let label = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";
        let pattern = format!(r"^{label}(\.{label})*$");
        json!({"type": "string", "pattern": pattern, "maxLength": HOSTNAME_BYTES_MAX})
    }
}

/// Whether a text is one part of a host name: at most 63 letters, digits, `-` and `_`, no `-` at its ends.
fn is_label(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    let ends_fit = !text.starts_with('-') && !text.ends_with('-');
    (1..=63).contains(&text.len()) && ends_fit && text.bytes().all(fits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::testing::{decoded, help, refused};

    #[test]
    fn names_are_made_of_letters_digits_and_three_signs() {
        for text in [
            "vps1",
            "home-server",
            "a_b.c",
            "7",
            &"x".repeat(ID_BYTES_MAX),
        ] {
            assert_eq!(&*decoded::<Id>(text), text);
        }
        for text in [
            "-a",
            "a b",
            "a/b",
            "ä",
            "''",
            "../x",
            &"x".repeat(ID_BYTES_MAX + 1),
        ] {
            assert_eq!(
                refused::<Id>(text),
                ["expected a name of letters, digits, `-`, `_` and `.`, at most 64"],
                "{text}"
            );
        }
    }

    #[test]
    fn host_names_do_not_care_for_case() {
        assert_eq!(&*decoded::<Hostname>("App.Example.com"), "app.example.com");
        assert_eq!(
            &*decoded::<Hostname>("_dmarc.example.com"),
            "_dmarc.example.com"
        );
    }

    #[test]
    fn what_no_resolver_would_take_is_refused() {
        let long_label = format!("{}.com", "x".repeat(64));
        let long_name = format!("{}.xxx", vec!["x".repeat(62); 4].join("."));
        let texts = [
            "a..b",
            ".a",
            "a.",
            "-a.com",
            "a-.com",
            "\"*.com\"",
            "a b",
            &long_label,
            &long_name,
        ];
        for text in texts {
            assert_eq!(
                refused::<Hostname>(text),
                ["expected a host name such as app.example.com"],
                "{text}"
            );
        }
        assert_eq!(help::<Hostname>("https://a.com/x"), "did you mean `a.com`?");
    }

    #[test]
    fn a_host_name_may_have_253_bytes() {
        let longest = format!("{}.x", vec!["x".repeat(62); 4].join("."));
        assert_eq!(longest.len(), HOSTNAME_BYTES_MAX);
        decoded::<Hostname>(&longest);
        assert_eq!(refused::<Hostname>(&format!("{longest}x")).len(), 1);
    }
}
