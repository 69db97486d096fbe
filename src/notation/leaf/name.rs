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
