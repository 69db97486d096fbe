//! Which ingress rule decides a request: from top to bottom, the first match wins.
//!
//! Source: cloudflared, ingress/ingress.go and rule.go.

use regex_lite::{Regex, RegexBuilder};

use super::blueprint::{HostPattern, IngressRule, RuleSet, Service};

/// A rule set whose patterns are ready to match.
#[derive(Debug)]
pub struct Rules {
    rules: RuleSet,
    paths: Vec<Option<Regex>>,
}

impl Rules {
    /// Prepares a checked rule set.
    ///
    /// # Panics
    /// When a path is no regular expression, which the scenario's check refuses.
    pub fn new(rules: RuleSet) -> Self {
        let paths = rules
            .iter()
            .map(|rule| {
                rule.path.as_deref().map(|path| {
                    path_pattern(path).expect("paths are checked when the scenario is read")
                })
            })
            .collect();
        Rules { rules, paths }
    }

    /// The rule for a hostname and a path; none when nothing matches.
    pub fn first_match(&self, hostname: &str, path: &str) -> Option<(usize, &IngressRule)> {
        self.rules
            .iter()
            .zip(&self.paths)
            .position(|(rule, pattern)| {
                rule.hostname.as_ref().is_none_or(|h| h.matches(hostname))
                    && pattern.as_ref().is_none_or(|p| p.is_match(path))
            })
            .map(|index| (index, &self.rules[index]))
    }

    /// The rules in order.
    pub fn rules(&self) -> &[IngressRule] {
        &self.rules
    }
}

/// Largest compiled pattern of a path, in bytes: repetitions of repetitions could take megabytes each.
pub const PATH_PATTERN_BYTES_MAX: usize = 16 << 10;

/// A path's regular expression, ready to match.
///
/// # Errors
/// When it is none, or would take more than [`PATH_PATTERN_BYTES_MAX`].
pub fn path_pattern(path: &str) -> Result<Regex, regex_lite::Error> {
    RegexBuilder::new(path)
        .size_limit(PATH_PATTERN_BYTES_MAX)
        .build()
}

impl HostPattern {
    /// Whether a lower-case hostname matches: a suffix matches at any depth, but not the apex.
    pub fn matches(&self, hostname: &str) -> bool {
        match self {
            HostPattern::Exact(exact) => exact == hostname,
            HostPattern::Suffix(suffix) => hostname.ends_with(suffix.as_str()),
        }
    }
}

impl Service {
    /// How the service is written in a rule.
    pub fn describe(&self) -> String {
        match self {
            Service::Origin { host, port, .. } => format!("http://{host}:{port}"),
            Service::Status(status) => format!("http_status:{status}"),
            Service::HelloWorld => "hello_world".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::time::Span;

    fn rule(hostname: Option<HostPattern>, path: Option<&str>, status: u16) -> IngressRule {
        IngressRule {
            hostname,
            path: path.map(str::to_owned),
            service: Service::Status(status),
            connect_timeout: Span::from_secs(30),
        }
    }

    #[test]
    fn a_pattern_may_be_long_but_not_huge() {
        assert!(path_pattern(&format!("^/({}|b)$", "a".repeat(200))).is_ok());
        let repeated = |times: usize| path_pattern(&format!("a{{{times}}}"));
        assert!(repeated(PATH_PATTERN_BYTES_MAX / 64).is_ok());
        assert!(repeated(PATH_PATTERN_BYTES_MAX).is_err());
    }

    #[test]
    fn the_first_match_wins_and_a_suffix_spares_the_apex() {
        let rules = Rules::new(vec![
            rule(
                Some(HostPattern::Exact("a.example".into())),
                Some("/api"),
                201,
            ),
            rule(Some(HostPattern::Suffix(".example".into())), None, 202),
            rule(None, None, 404),
        ]);
        let status = |host, path| match rules.first_match(host, path).unwrap().1.service {
            Service::Status(status) => status,
            _ => unreachable!("all rules have a status"),
        };
        assert_eq!(status("a.example", "/v2/api"), 201);
        assert_eq!(status("a.example", "/"), 202);
        assert_eq!(status("x.b.example", "/"), 202);
        assert_eq!(status("example", "/"), 404);
    }
}
