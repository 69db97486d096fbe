//! `failures:`, what goes wrong by itself.

use crate::fault::MetroCode;
use crate::fault::References;
use crate::fault::kind::{ENTRIES, Random};
use crate::notation::{
    Block, Context, Decode, Node, OneOrMany, Share, TypeDescription, Value, Variant, block,
    decode_choice, describe_choice,
};

/// A preset, or a kind of fault with its own rates.
#[derive(Clone, Debug)]
pub enum FailureFile {
    /// A kind of fault that happens at random.
    Kind(Random),
    /// A rented server.
    Vps(HostPresetFile),
    /// A server at home.
    Home(HomePresetFile),
    /// Service processes.
    Container(ContainerPresetFile),
    /// cloudflared processes and their connections.
    Connector(ConnectorPresetFile),
    /// Edge metros.
    Edge(EdgePresetFile),
    /// The provider as a whole.
    Provider(ProviderPresetFile),
}

block! {
    /// A rented server: crashes, network faults, site outages, pauses for maintenance; 99.984 % available.
    pub struct HostPresetFile as "vps-preset" {
        /// The host, or several.
        host: References = required,
    }
}

block! {
    /// A server at home: line outages and drops, power, reboots, hardware; 99.57 % available.
    pub struct HomePresetFile as "home-preset" {
        /// The host, or several.
        host: References = required,
    }
}

block! {
    /// Service processes: a crash a month, a hang every four months, a crash loop after a bad deployment twice a year.
    pub struct ContainerPresetFile as "container-preset" {
        /// The container, or several.
        container: References = required,
        /// Share of the crash loops that hit all of these containers at once, because they are deployed together.
        correlation: Share = "50%" (assumed: "half of bad deployments go to all servers"),
    }
}

block! {
    /// cloudflared processes: a crash a month, and a dropped connection every three days.
    pub struct ConnectorPresetFile as "connector-preset" {
        /// The replica, or several.
        replica: References = required,
    }
}

block! {
    /// Edge metros: each data centre is in planned maintenance or fails six times a year; the whole metro once
    /// every five years, a small one every year.
    pub struct EdgePresetFile as "edge-preset" {
        /// The metro, or several.
        metro: OneOrMany<MetroCode> = required,
    }
}

block! {
    /// The provider as a whole: three serious incidents in two years.
    pub struct ProviderPresetFile as "provider-preset" {
        /// Share of requests that fail meanwhile.
        share: Share = "50%" (assumed: "incidents of 2019 to 2025 hit between 28 % and all of the traffic"),
    }
}

/// A preset as one of the kinds of failure.
macro_rules! preset {
    ($name:literal, $block:ty, $variant:ident) => {
        Variant {
            name: $name,
            doc: <$block as Block>::DOC,
            payload: Some(<$block as Decode>::describe),
            decode: |node, context| {
                <$block as Decode>::decode(node, context).map(FailureFile::$variant)
            },
        }
    };
}

fn presets() -> Vec<Variant<FailureFile>> {
    vec![
        preset!("vps", HostPresetFile, Vps),
        preset!("home", HomePresetFile, Home),
        preset!("container", ContainerPresetFile, Container),
        preset!("connector", ConnectorPresetFile, Connector),
        preset!("edge", EdgePresetFile, Edge),
        preset!("provider", ProviderPresetFile, Provider),
    ]
}

fn kinds() -> Vec<Variant<Random>> {
    ENTRIES.iter().map(|entry| entry.random()).collect()
}

/// All that may be written, to find out whether it is a preset or a kind.
fn known() -> Vec<Variant<()>> {
    let preset = |preset: Variant<FailureFile>| (preset.name, preset.doc, preset.payload);
    let kind = |kind: Variant<Random>| (kind.name, kind.doc, kind.payload);
    let all = presets()
        .into_iter()
        .map(preset)
        .chain(kinds().into_iter().map(kind));
    all.map(|(known, doc, payload)| Variant {
        name: known,
        doc,
        payload,
        decode: |_, _| Some(()),
    })
    .collect()
}

impl Decode for FailureFile {
    fn decode(node: &Node, context: &mut Context) -> Option<Self> {
        decode_choice("failure", &known(), node, context)?;
        let written = match &node.value {
            Value::Map(entries) => entries[0].0.text.as_str(),
            Value::Scalar(scalar) => scalar.text.as_str(),
            _ => return None,
        };
        match presets().iter().any(|preset| preset.name == written) {
            true => decode_choice("failure", &presets(), node, context),
            false => decode_choice("failure", &kinds(), node, context).map(FailureFile::Kind),
        }
    }

    fn describe() -> TypeDescription {
        describe_choice(
            "failure",
            "What goes wrong by itself, and how often.",
            &known(),
        )
    }
}
