//! Values that are one word out of a closed list.

use std::borrow::Cow;

use serde_json::json;

use crate::measure::expectation::ErrorModel;
use crate::measure::failover::Stage;
use crate::measure::observation::TunnelStatus;
use crate::measure::outcome::Cause;
use crate::measure::phase::Phase;
use crate::measure::selection::Ended;
use crate::notation::{Leaf, Refusal, Scalar, nearest, quoted_list};
use crate::world::balancer::{endpoint_steering, steering};
use crate::world::blueprint::{
    Affinity, Carries, OnError, Protocol, Reach, StopOrder, ZeroDowntimeFailover,
};
use crate::world::geography::{Access, CatchmentPreset, ProbeRegion};
use crate::world::routing;

/// Finds a word among the allowed ones, or refuses it with the nearest.
fn pick<T: Copy>(text: &str, words: &[(&'static str, T)]) -> Result<T, Refusal> {
    let names = || words.iter().map(|(name, _)| *name);
    let found = words.iter().find(|(name, _)| *name == text);
    found
        .map(|(_, value)| *value)
        .ok_or_else(|| match nearest(text, names()) {
            Some(near) => Refusal::unexpected().did_you_mean(near),
            None => Refusal::unexpected().help(format!("it can be: {}", quoted_list(names()))),
        })
}

/// The words, and for those that YAML reads as something else what it reads them as: `true` without quotes.
fn schema_of<T>(words: &[(&'static str, T)]) -> serde_json::Value {
    let as_yaml = words
        .iter()
        .filter_map(|(name, _)| serde_json::from_str(name).ok());
    let texts = words.iter().map(|(name, _)| json!(name));
    json!({"enum": as_yaml.chain(texts).collect::<Vec<serde_json::Value>>()})
}

/// Makes types that are written as one word.
macro_rules! words {
    ($($type:ty as $name:literal, $expected:literal: $words:expr;)+) => {$(
        impl Leaf for $type {
            const EXAMPLES: &'static [&'static str] = &[];

            fn name() -> Cow<'static, str> {
                $name.into()
            }

            fn expected() -> Cow<'static, str> {
                $expected.into()
            }

            fn parse(scalar: &Scalar) -> Result<Self, Refusal> {
                let words: &[(&'static str, Self)] = &$words;
                pick(&scalar.text, words)
            }

            fn schema() -> serde_json::Value {
                let words: &[(&'static str, Self)] = &$words;
                schema_of(words)
            }
        }
    )+};
}

/// Who carries the routing belief of a tunnel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Routing(pub &'static str);

/// How a load balancer picks a pool.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Steering(pub &'static str);

/// How an endpoint of a pool is picked.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct EndpointSteering(pub &'static str);

/// Who manages the rules of a tunnel.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Managed {
    /// The edge pushes one set of rules to every connector.
    Remotely,
    /// Each connector reads a file of its own.
    Locally,
}

/// Where all clients of a group are, if not in one place.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct World;

/// Whether the drawn parts of the world differ between replications.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Worlds {
    /// Placement and path factors are drawn anew for each replication.
    Drawn,
    /// All replications have those of the first.
    Fixed,
}

/// Which of several runs is meant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Extreme {
    /// The run with the least value.
    Least,
    /// The run with the greatest value.
    Greatest,
}

/// What a claim turns out to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Verdict {
    /// It holds.
    True,
    /// It does not.
    False,
    /// It holds for some variants and not for others.
    OnlyIf,
}

impl Verdict {
    /// The word in scenario files and results.
    pub fn word(self) -> &'static str {
        match self {
            Verdict::True => "true",
            Verdict::False => "false",
            Verdict::OnlyIf => "only-if",
        }
    }
}

words! {
    Access as "access", "a kind of last mile such as datacentre, fibre or home": Access::ALL.map(|access| (access.name(), access));
    CatchmentPreset as "catchment", "a quality of routing such as ideal or default":
        CatchmentPreset::ALL.map(|preset| (preset.name(), preset));
    Carries as "state", "none, login or cart":
        [("none", Carries::Nothing), ("login", Carries::Login), ("cart", Carries::Cart)];
    OnError as "on-error", "continue or leave": [("continue", OnError::Continue), ("leave", OnError::Leave)];
    StopOrder as "stop-order", "together or connector-first":
        [("together", StopOrder::Together), ("connector-first", StopOrder::ConnectorFirst)];
    Reach as "network-kind", "bridge, default-bridge, overlay, wireguard or tailscale": [
        ("bridge", Reach::Bridge),
        ("default-bridge", Reach::DefaultBridge),
        ("overlay", Reach::Overlay),
        ("wireguard", Reach::Mesh),
        ("tailscale", Reach::Mesh),
    ];
    Protocol as "protocol", "auto, quic or http2":
        [("auto", Protocol::Auto), ("quic", Protocol::Quic), ("http2", Protocol::Http2)];
    Managed as "managed", "remote or local": [("remote", Managed::Remotely), ("local", Managed::Locally)];
    World as "world", "world": [("world", World)];
    Worlds as "worlds", "drawn or fixed": [("drawn", Worlds::Drawn), ("fixed", Worlds::Fixed)];
    Verdict as "verdict", "true, false or only-if":
        [("true", Verdict::True), ("false", Verdict::False), ("only-if", Verdict::OnlyIf)];
    Extreme as "of-runs", "least or greatest": [("least", Extreme::Least), ("greatest", Extreme::Greatest)];
    ErrorModel as "error-model", "binomial or replications":
        [("binomial", ErrorModel::Binomial), ("replications", ErrorModel::Replications)];
    Cause as "cause", "a cause of failure such as no-such-host": Cause::ALL.iter().map(|it| (it.name(), *it)).collect::<Vec<_>>();
    Ended as "outcome", "success, failed or any":
        [("success", Ended::Success), ("failed", Ended::Failed), ("any", Ended::Any)];
    Phase as "phase", "before, during or after": Phase::ALL.map(|it| (it.name(), it));
    Stage as "stage", "a stage of a strike such as unnoticed": Stage::ALL.map(|it| (it.name(), it));
    TunnelStatus as "tunnel-status", "inactive, healthy, degraded or down": TunnelStatus::ALL.map(|it| (it.name(), it));
    Affinity as "session_affinity", "none, cookie, ip_cookie or header": [
        ("none", Affinity::None),
        ("cookie", Affinity::Cookie),
        ("ip_cookie", Affinity::IpCookie),
        ("header", Affinity::Header),
    ];
    ZeroDowntimeFailover as "zero_downtime_failover", "none, temporary or sticky": [
        ("none", ZeroDowntimeFailover::None),
        ("temporary", ZeroDowntimeFailover::Temporary),
        ("sticky", ZeroDowntimeFailover::Sticky),
    ];
    ProbeRegion as "probe-region", "a probe region such as WEU": ProbeRegion::ALL.map(|region| (region.code(), region));
    Steering as "steering_policy", "a steering policy such as off, random or geo": steering::POLICIES.iter().map(|it| (it.name(), Steering(it.name()))).collect::<Vec<_>>();
    EndpointSteering as "origin_steering_policy", "random, hash, least_outstanding_requests or least_connections":
        endpoint_steering::POLICIES.iter().map(|it| (it.name(), EndpointSteering(it.name()))).collect::<Vec<_>>();
    Routing as "routing", "a routing belief such as closest":
        routing::ENTRIES.iter().map(|entry| (entry.name, Routing(entry.name))).collect::<Vec<_>>();
}
