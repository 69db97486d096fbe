//! The kinds of fault, one file per kind. To add one, write its file, then add its `mod` and its `ENTRY` here.

mod backbone_cut;
mod backbone_slow;
mod bad_config_push;
mod brownout;
mod catchment_flip;
mod config_push;
mod connection_drop;
mod connector_kill;
mod connector_restart;
mod connector_start;
mod connector_stop;
mod container_crash;
mod container_hang;
mod container_refuses;
mod container_stop;
mod content_deploy;
mod crash_loop;
mod data_centre_down;
mod docker_restart;
mod edge_maintenance;
mod endpoint_disable;
mod entry;
mod host_shutdown;
mod line_cut;
mod metro_down;
mod on_connection;
mod pool_switch;
mod power_cut;
mod provider_incident;
mod regional_partition;
mod registrations_frozen;
mod server_down;
mod store_down;
mod store_lost;
mod store_partition;
mod store_slow;
mod udp_blocked;

pub use entry::{Damage, Entry, Kind, Lasting, Random, Resolve, Scheduled, Written};

/// Every kind of fault, from the edge to the data.
pub const ENTRIES: &[&Entry] = &[
    &connection_drop::ENTRY,
    &server_down::ENTRY,
    &data_centre_down::ENTRY,
    &metro_down::ENTRY,
    &edge_maintenance::ENTRY,
    &registrations_frozen::ENTRY,
    &provider_incident::ENTRY,
    &catchment_flip::ENTRY,
    &backbone_cut::ENTRY,
    &backbone_slow::ENTRY,
    &regional_partition::ENTRY,
    &power_cut::ENTRY,
    &line_cut::ENTRY,
    &udp_blocked::ENTRY,
    &host_shutdown::ENTRY,
    &docker_restart::ENTRY,
    &connector_kill::ENTRY,
    &connector_stop::ENTRY,
    &connector_start::ENTRY,
    &connector_restart::ENTRY,
    &config_push::ENTRY,
    &bad_config_push::ENTRY,
    &container_stop::ENTRY,
    &container_crash::ENTRY,
    &crash_loop::ENTRY,
    &container_hang::ENTRY,
    &container_refuses::ENTRY,
    &brownout::ENTRY,
    &content_deploy::ENTRY,
    &store_down::ENTRY,
    &store_slow::ENTRY,
    &store_lost::ENTRY,
    &store_partition::ENTRY,
    &endpoint_disable::ENTRY,
    &pool_switch::ENTRY,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::notation::{Severity, check_declaration};

    #[test]
    fn every_kind_has_its_own_kebab_case_name_and_a_summary() {
        let mut names: Vec<&str> = ENTRIES.iter().map(|entry| entry.name).collect();
        assert!(
            names
                .iter()
                .all(|name| name.bytes().all(|b| b.is_ascii_lowercase() || b == b'-'))
        );
        assert!(ENTRIES.iter().all(|entry| entry.summary().ends_with('.')));
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), ENTRIES.len());
    }

    #[test]
    fn the_defaults_of_every_kind_are_legal() {
        let problems = check_declaration::<Vec<Scheduled>>();
        assert!(
            problems
                .sorted()
                .iter()
                .all(|p| p.severity != Severity::Error),
            "{problems:?}"
        );
    }
}
