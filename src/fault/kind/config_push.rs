//! New rules for a remotely managed tunnel.

use super::entry::{Damage, Entry, Kind, Lasting};
use crate::fault::{Effect, Names, Reference};
use crate::notation::{Problem, block};
use crate::world::cloudflared_config::Ingress;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<ConfigPush>();

block! {
    /// New rules for a remotely managed tunnel, which each connector has after the roll-out delay.
    /// The old rules are pushed again when the fault clears.
    pub struct ConfigPush as "config-push" {
        /// The tunnel.
        tunnel: Reference = required,
        /// The new rules, as in cloudflared's configuration.
        ingress: Ingress = required,
    }
}

impl Kind for ConfigPush {
    const LASTING: Lasting = Lasting::While;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let id = names.tunnel(&self.tunnel)?;
        let tunnel = &names.blueprint.tunnels[id];
        let Some(old) = &tunnel.remote_rules else {
            let problem = Problem::error(
                self.tunnel.position,
                "only a remotely managed tunnel can be given new rules",
            )
            .label("each replica of this one reads its own file")
            .help(
                "set `config: remote`, or start a replica with the new rules and stop the old one",
            );
            names.context.report(problem);
            return None;
        };
        Some(Damage {
            target: tunnel.name.clone(),
            strike: vec![Effect::ConfigPush(
                id,
                self.ingress.rules_for(names.blueprint),
            )],
            clear: vec![Effect::ConfigPush(id, old.clone())],
        })
    }
}
