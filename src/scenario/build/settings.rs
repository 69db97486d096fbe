//! `internet:`, `edge:` and `cloudflared:`.

use crate::notation::Spanned;
use crate::scenario::file::{ScenarioFile, Worlds};
use crate::world::blueprint::Settings;
use crate::world::geography::CatchmentPreset;

/// The settings of a file. `exact: true` changes the defaults of what chance does in the network, so that what is
/// written beside it still holds.
pub fn settings(file: &ScenarioFile) -> Settings {
    let (internet, edge, cloudflared) = (&file.internet, &file.edge, &file.cloudflared);
    let chance = |field: &Spanned<bool>| {
        if *file.exact && !field.given {
            false
        } else {
            **field
        }
    };
    Settings {
        catchment: match *file.exact && !internet.catchment.given {
            true => CatchmentPreset::Ideal,
            false => *internet.catchment,
        },
        networks_per_city: internet.networks_per_city.get() as u32,
        jitter: chance(&internet.jitter),
        path_factors: chance(&internet.path_factors),
        access_spread: chance(&internet.access_spread),
        worlds_fixed: *internet.worlds == Worlds::Fixed,
        propagation: edge.propagation.0.clone(),
        edge_death_notice: edge.death_notice.span(),
        attempt_deadline: edge.attempt_deadline.span(),
        process_start: cloudflared.process_start.span(),
        dial_overhead: cloudflared.dial_overhead.span(),
        dial_timeout: cloudflared.dial_timeout.span(),
        dns_overwrite_delay: edge.dns_overwrite_delay.span(),
        replica_limit: edge.replica_limit.get() as u32,
        connection_limit: edge.connection_limit.get() as u32,
        alert_delay: edge.alert_delay.span(),
        no_such_host_delay: cloudflared.no_such_host_delay.span(),
        origin_keep_alive: cloudflared.keep_alive_timeout.span(),
    }
}
