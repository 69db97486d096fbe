//! The Docker daemon of a host restarts.

use super::entry::{Damage, Entry, Kind, Lasting, joined};
use crate::fault::{Effect, Names, References};
use crate::notation::block;
use crate::world::blueprint::RestartPolicy;

/// The kind's entry in the registry.
pub const ENTRY: Entry = Entry::of::<DockerRestart>();

block! {
    /// The Docker daemon of a host goes down, as for an update, and takes all containers with it, a connector in a
    /// container among them. When it is back, after `for`, it starts those whose restart policy is `always` or
    /// `unless-stopped`.
    pub struct DockerRestart as "docker-restart" {
        /// The host, or several.
        host: References = required,
    }
}

impl Kind for DockerRestart {
    const LASTING: Lasting = Lasting::Briefly;

    fn resolve(&self, names: &mut Names<'_>) -> Option<Damage> {
        let hosts = names.hosts(&self.host);
        let mut damage = Damage {
            target: joined(
                hosts
                    .iter()
                    .map(|&id| names.blueprint.hosts[id].name.clone()),
            ),
            ..Damage::default()
        };
        for id in names.containers_on(&hosts) {
            damage.strike.push(Effect::ContainerStop(id));
            let restart = names.blueprint.containers[id].restart;
            let start = started_by_docker(restart).then_some(Effect::ContainerStart(id));
            damage.clear.extend(start);
        }
        for id in names.replicas_on(&hosts) {
            let replica = &names.blueprint.replicas[id];
            if !replica.networks.is_empty() {
                damage.strike.push(Effect::ConnectorStop(id));
                let start =
                    started_by_docker(replica.restart).then_some(Effect::ConnectorStart(id));
                damage.clear.extend(start);
            }
        }
        Some(damage)
    }
}

/// Whether the daemon starts such a container when it starts itself: `on-failure` does not look beyond the daemon's
/// life (docs.docker.com, "Start containers automatically").
fn started_by_docker(policy: RestartPolicy) -> bool {
    matches!(policy, RestartPolicy::Always | RestartPolicy::UnlessStopped)
}
