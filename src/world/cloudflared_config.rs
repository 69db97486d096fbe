//! cloudflared's own configuration: ingress rules as people have them in `config.yml`.
//!
//! The checks and their texts are cloudflared's (ingress/ingress.go, `cloudflared tunnel ingress validate`),
//! except that all problems are found and not only the first.

use serde_json::json;

use super::blueprint::{Blueprint, HostPattern, IngressRule, RuleSet, Service};
use super::ingress::path_pattern;
use crate::kernel::time::Span;
use crate::notation::{
    Context, Decode, Duration, Node, Position, Problem, Shape, Spanned, Text, TypeDescription,
    Value, block,
};

const NO_RULES: &str = "The config file doesn't contain any ingress rules";
const LAST_RULE: &str =
    "The last ingress rule must match all URLs (i.e. it should not have a hostname or path filter)";
const BAD_WILDCARD: &str = "Hostname patterns can have at most one wildcard character (\"*\") and it can only be \
                            used for subdomains, e.g. \"*.example.com\"";
const HOSTNAME_WITH_PORT: &str = "Hostname cannot contain a port";

block! {
    /// How cloudflared talks to a service. Only `connectTimeout` matters to the model; the rest is read and left alone.
    pub struct OriginRequestFile as "originRequest" {
        /// How long a connection to the service may take.
        connect_timeout as "connectTimeout": Duration = optional,
        /// Not modelled.
        tls_timeout as "tlsTimeout": Node = optional,
        /// Not modelled.
        tcp_keep_alive as "tcpKeepAlive": Node = optional,
        /// Not modelled.
        no_happy_eyeballs as "noHappyEyeballs": Node = optional,
        /// Not modelled.
        keep_alive_connections as "keepAliveConnections": Node = optional,
        /// Not modelled.
        keep_alive_timeout as "keepAliveTimeout": Node = optional,
        /// Not modelled.
        http_host_header as "httpHostHeader": Node = optional,
        /// Not modelled.
        origin_server_name as "originServerName": Node = optional,
        /// Not modelled.
        match_sni_to_host as "matchSNItoHost": Node = optional,
        /// Not modelled.
        ca_pool as "caPool": Node = optional,
        /// Not modelled.
        no_tls_verify as "noTLSVerify": Node = optional,
        /// Not modelled.
        disable_chunked_encoding as "disableChunkedEncoding": Node = optional,
        /// Not modelled.
        http2_origin as "http2Origin": Node = optional,
        /// Not modelled.
        bastion_mode as "bastionMode": Node = optional,
        /// Not modelled.
        proxy_address as "proxyAddress": Node = optional,
        /// Not modelled.
        proxy_port as "proxyPort": Node = optional,
        /// Not modelled.
        proxy_type as "proxyType": Node = optional,
        /// Not modelled.
        ip_rules as "ipRules": Node = optional,
        /// Not modelled.
        access: Node = optional,
    }
}

block! {
    /// An ingress rule. The first one that matches a request decides, and there is no second try.
    pub struct RuleFile as "ingress-rule" {
        /// The hostname it matches; `*.example.com` matches every name below; left out, it matches all.
        hostname: Text = optional,
        /// A regular expression that the path must contain; left out, it matches every path.
        path: Text = optional,
        /// What answers: `http://name:port`, `http_status:404`, `hello_world`.
        service: Text = required,
        /// How cloudflared talks to it.
        origin_request as "originRequest": OriginRequestFile = optional,
    }
}

/// Ingress rules, checked as cloudflared checks them.
#[derive(Clone, Debug)]
pub struct Ingress {
    rules: RuleSet,
    /// Where each rule's service is written.
    positions: Vec<Position>,
}

impl Ingress {
    /// The rules. One that points at an address means the first container that was given this address.
    pub fn rules_for(&self, blueprint: &Blueprint) -> RuleSet {
        let mut rules = self.rules.clone();
        for rule in &mut rules {
            if let Service::Origin {
                host, meant_for, ..
            } = &mut rule.service
            {
                *meant_for = holder_of(blueprint, host);
            }
        }
        rules
    }

    /// Where the service of a rule is written.
    pub fn position(&self, rule: usize) -> Position {
        self.positions[rule]
    }

    /// The rules as written.
    pub fn rules(&self) -> &RuleSet {
        &self.rules
    }
}

fn holder_of(blueprint: &Blueprint, address: &str) -> Option<String> {
    let has = |attachments: &[super::blueprint::Attachment]| {
        attachments
            .iter()
            .any(|attachment| attachment.address.as_deref() == Some(address))
    };
    let containers = blueprint.containers.values();
    containers
        .iter()
        .find(|container| has(&container.attachments))
        .map(|container| container.name.clone())
}

impl Decode for Ingress {
    /// Reads a list of rules, or a whole `config.yml`, of which only `ingress` and `originRequest` are used.
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        let rules = match &node.value {
            Value::Map(_) => node
                .get("ingress")
                .cloned()
                .unwrap_or_else(|| Node::null(node.position)),
            _ => node.clone(),
        };
        let shared = match node.get("originRequest") {
            Some(shared) => Some(OriginRequestFile::decode(shared, context)?),
            None => None,
        };
        let is_empty = matches!(&rules.value, Value::Null)
            || matches!(&rules.value, Value::List(list) if list.is_empty());
        if is_empty {
            context.report(Problem::error(node.position, NO_RULES).label("no rules"));
        }
        let rules: Vec<Spanned<RuleFile>> = Decode::decode(&rules, context)?;
        let connect_timeout = timeout(shared.as_ref()).unwrap_or(CONNECT_TIMEOUT);
        let n_rules = rules.len();
        let mut ingress = Ingress {
            rules: Vec::new(),
            positions: Vec::new(),
        };
        for (index, rule) in rules.into_iter().enumerate() {
            if let Some(built) = checked(
                &rule.value,
                (index, n_rules),
                rule.position,
                connect_timeout,
                context,
            ) {
                ingress.positions.push(rule.value.service.position);
                ingress.rules.push(built);
            }
        }
        Some(ingress)
    }

    fn describe() -> TypeDescription {
        TypeDescription {
            name: "ingress".into(),
            doc: "Ingress rules exactly as in cloudflared's configuration, or the name of a `config.yml`.".into(),
            unit: "",
            shape: Shape::OneOf(vec![Vec::<RuleFile>::describe, file_name]),
        }
    }
}

fn file_name() -> TypeDescription {
    TypeDescription {
        name: "config-file".into(),
        doc: "The name of a cloudflared configuration file, next to the scenario.".into(),
        unit: "",
        shape: Shape::Leaf {
            schema: json!({"type": "string"}),
            examples: &["config.yml"],
        },
    }
}

/// cloudflared's default for `connectTimeout` (ingress/config.go).
const CONNECT_TIMEOUT: Span = Span::from_secs(30);

fn timeout(origin_request: Option<&OriginRequestFile>) -> Option<Span> {
    origin_request?
        .connect_timeout
        .as_ref()
        .map(|timeout| timeout.span())
}

fn checked(
    rule: &RuleFile,
    (index, n_rules): (usize, usize),
    position: Position,
    connect_timeout: Span,
    context: &mut Context,
) -> Option<IngressRule> {
    let service = service(&rule.service, context);
    check_hostname(rule, (index, n_rules), position, context);
    if let Some(path) = &rule.path
        && path_pattern(path).is_err()
    {
        context.report(Problem::error(
            path.position,
            format!("Rule #{} has an invalid regex", index + 1),
        ));
    }
    let own = timeout(rule.origin_request.as_ref().map(|spanned| &spanned.value));
    Some(IngressRule {
        hostname: pattern(rule.hostname.as_ref().map_or("", |hostname| hostname)),
        path: rule.path.as_ref().map(|path| path.to_string()),
        service: service?,
        connect_timeout: own.unwrap_or(connect_timeout),
    })
}

fn check_hostname(
    rule: &RuleFile,
    (index, n_rules): (usize, usize),
    position: Position,
    context: &mut Context,
) {
    let hostname = rule.hostname.as_ref().map_or("", |hostname| hostname);
    let here = rule
        .hostname
        .as_ref()
        .map_or(position, |hostname| hostname.position);
    let is_catch_all = matches!(hostname, "" | "*") && rule.path.is_none();
    let is_last = index + 1 == n_rules;
    if hostname.contains(':') {
        context.report(Problem::error(here, HOSTNAME_WITH_PORT));
    } else if hostname.rfind('*').is_some_and(|last| last > 0) {
        context.report(Problem::error(here, BAD_WILDCARD));
    } else if is_last && !is_catch_all {
        let problem = Problem::error(here, LAST_RULE)
            .help("add a last rule such as `- service: http_status:404`; cloudflared refuses to start without it");
        context.report(problem);
    } else if is_catch_all && !is_last {
        let message = format!(
            "Rule #{} is matching the hostname '{hostname}', but this will match every hostname, meaning the rules \
             which follow it will never be triggered.",
            index + 1
        );
        context.report(Problem::error(here, message));
    }
    if hostname.contains(|letter: char| letter.is_ascii_uppercase()) {
        let problem = Problem::warning(
            here,
            "this hostname never matches: browsers ask in lower case",
        )
        .label("cloudflared compares with regard to case")
        .did_you_mean(hostname.to_ascii_lowercase());
        context.report(problem);
    }
}

fn pattern(hostname: &str) -> Option<HostPattern> {
    match hostname {
        "" | "*" => None,
        _ => Some(match hostname.strip_prefix("*.") {
            Some(suffix) => HostPattern::Suffix(format!(".{suffix}")),
            None => HostPattern::Exact(hostname.to_owned()),
        }),
    }
}

fn service(written: &Spanned<Text>, context: &mut Context) -> Option<Service> {
    let text: &str = written;
    if let Some(code) = text.strip_prefix("http_status:") {
        return match code.parse::<u16>() {
            Ok(code) if (100..=999).contains(&code) => Some(Service::Status(code)),
            _ => {
                let message = format!("invalid HTTP status code: {code}");
                context.report(
                    Problem::error(written.position, message).label("accepted: 100 to 999"),
                );
                None
            }
        };
    }
    if matches!(text, "hello_world" | "hello-world") {
        return Some(Service::HelloWorld);
    }
    let special = ["unix:", "unix+tls:"]
        .iter()
        .any(|scheme| text.starts_with(scheme));
    if special || matches!(text, "bastion" | "socks-proxy") {
        let problem = Problem::warning(
            written.position,
            "this kind of service is not modelled: its requests get a 502",
        )
        .label("it never answers in a run");
        context.report(problem);
        return Some(Service::Origin {
            host: text.to_owned(),
            port: 0,
            meant_for: None,
        });
    }
    url(written, context)
}

/// A service written as an address: `scheme://name:port`.
fn url(written: &Spanned<Text>, context: &mut Context) -> Option<Service> {
    let text: &str = written;
    let invalid = |rest: &str| {
        Problem::error(
            written.position,
            format!("{text} is an invalid address, {rest}"),
        )
    };
    let Some((scheme, rest)) = text
        .split_once("://")
        .filter(|(scheme, _)| !scheme.is_empty())
    else {
        let problem = invalid("please make sure it has a scheme and a hostname");
        context.report(problem.did_you_mean(format!("http://{text}")));
        return None;
    };
    let (authority, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
    let (host, port) = split_port(authority);
    if host.is_empty() {
        context.report(invalid("please make sure it has a scheme and a hostname"));
        return None;
    }
    if !path.is_empty() {
        let problem = invalid(
            "ingress rules don't support proxying to a different path on the origin service. The path will be the \
             same as the eyeball request's path",
        );
        context.report(problem.did_you_mean(format!("{scheme}://{authority}")));
        return None;
    }
    let port = match port.map(str::parse::<u16>) {
        None => default_port(scheme),
        Some(Ok(port)) if port > 0 => port,
        Some(_) => {
            context.report(invalid("its port must be a number from 1 to 65535"));
            return None;
        }
    };
    Some(Service::Origin {
        host: host.to_ascii_lowercase(),
        port,
        meant_for: None,
    })
}

/// `name:port`, `[address]:port` or a name alone.
fn split_port(authority: &str) -> (&str, Option<&str>) {
    if let Some((address, rest)) = authority
        .strip_prefix('[')
        .and_then(|inner| inner.split_once(']'))
    {
        return (address, rest.strip_prefix(':'));
    }
    match authority.rsplit_once(':') {
        Some((host, port)) => (host, Some(port)),
        None => (authority, None),
    }
}

/// The port of a scheme where none is written (ingress/origin_service.go).
fn default_port(scheme: &str) -> u16 {
    match scheme {
        "http" | "ws" => 80,
        "https" | "wss" => 443,
        "ssh" => 22,
        "rdp" => 3389,
        "smb" => 445,
        _ => 7864,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::{self, Sources};

    fn read(yaml: &str) -> (Option<Ingress>, Vec<String>) {
        let (mut sources, mut context) = (Sources::default(), Context::default());
        let node = notation::read(
            "config.yml",
            yaml.as_bytes(),
            &mut sources,
            &mut context.problems,
        )
        .unwrap();
        let ingress = Ingress::decode(&node, &mut context);
        let messages = context
            .problems
            .sorted()
            .iter()
            .map(|problem| problem.message.clone())
            .collect();
        (ingress, messages)
    }

    #[test]
    fn a_whole_configuration_is_read_and_its_secrets_are_left_alone() {
        let (ingress, messages) = read(
            "tunnel: 6ff42ae2\ncredentials-file: /secret.json\noriginRequest: {connectTimeout: 10s}\ningress:\n\
             - hostname: app.example.com\n  service: http://express:3000\n  originRequest: {noTLSVerify: true}\n\
             - hostname: '*.example.com'\n  service: https://web\n  originRequest: {connectTimeout: 3s}\n\
             - service: http_status:404\n",
        );
        assert_eq!(messages, [""; 0]);
        let rules = ingress.unwrap().rules;
        assert_eq!(rules[0].connect_timeout, Span::from_secs(10));
        assert_eq!(rules[1].connect_timeout, Span::from_secs(3));
        assert_eq!(
            rules[1].hostname,
            Some(HostPattern::Suffix(".example.com".to_owned()))
        );
        assert_eq!(
            rules[1].service,
            Service::Origin {
                host: "web".to_owned(),
                port: 443,
                meant_for: None
            }
        );
        assert_eq!(rules[2].service, Service::Status(404));
    }

    #[test]
    fn every_complaint_of_cloudflared_is_ours_too() {
        for (yaml, complaint) in [
            ("[]", NO_RULES),
            ("[{hostname: a.example, service: http://a}]", LAST_RULE),
            (
                "[{hostname: 'a.*.example', service: http://a}, {service: http://b}]",
                BAD_WILDCARD,
            ),
            (
                "[{hostname: 'a.example:80', service: http://a}, {service: http://b}]",
                HOSTNAME_WITH_PORT,
            ),
            (
                "[{service: http://a}, {service: http://b}]",
                "Rule #1 is matching the hostname '', but this will match every hostname, meaning the rules which \
                 follow it will never be triggered.",
            ),
            (
                "[{service: express}]",
                "express is an invalid address, please make sure it has a scheme and a hostname",
            ),
            (
                "[{service: 'http_status:99'}]",
                "invalid HTTP status code: 99",
            ),
            (
                "[{path: '(', service: http://a}, {service: http://b}]",
                "Rule #1 has an invalid regex",
            ),
        ] {
            assert_eq!(read(yaml).1, [complaint], "{yaml}");
        }
        assert!(
            read("[{service: 'http://a:80/'}]").1[0]
                .contains("don't support proxying to a different path")
        );
    }

    #[test]
    fn several_problems_come_at_once() {
        let (_, messages) =
            read("[{hostname: 'a:1', service: b}, {hostname: c, service: 'http_status:x'}]");
        assert_eq!(messages.len(), 4, "{messages:?}");
    }
}
