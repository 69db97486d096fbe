//! `tunnels:`, with their rules.

use super::Builder;
use crate::scenario::file::{Managed, ScenarioFile};
use crate::scenario::limits::TUNNELS_MAX;
use crate::world::blueprint::Tunnel;

impl Builder<'_> {
    pub(super) fn tunnels(&mut self, file: &ScenarioFile) {
        let Some(tunnels) = &file.tunnels else {
            return;
        };
        self.note_unreadable(tunnels);
        if !self.limit(tunnels.len(), TUNNELS_MAX, "tunnels", tunnels.position) {
            return;
        }
        for (name, tunnel) in tunnels.iter() {
            let remote = *tunnel.config == Managed::Remotely;
            let rules = tunnel
                .ingress
                .as_ref()
                .map(|ingress| ingress.rules_for(&self.blueprint));
            let id = self.blueprint.tunnels.push(Tunnel {
                name: name.to_string(),
                replicas: Vec::new(),
                routing: tunnel.routing.0.to_owned(),
                remote_rules: remote.then(|| rules.clone().unwrap_or_default()),
                rollout: tunnel.rollout.0.clone(),
                retry_others: tunnel.retry.others.get() as u32,
                retry_skips_connector: *tunnel.retry.skip_same_connector,
                retry_writes: *tunnel.retry.writes,
                idle_timeout: tunnel.idle_timeout.span(),
                ping: tunnel.ping.span(),
                http2_silence: tunnel.http2_silence.span(),
            });
            self.replicas(file, id, tunnel, rules.as_ref(), name.position);
        }
    }
}
