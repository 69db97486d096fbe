//! What a registry needs to know of the world to rank its connections.

use crate::kernel::time::Time;
use crate::world::blueprint::Blueprint;
use crate::world::geography::MetroId;
use crate::world::registry::{Distances, Listed};
use crate::world::routing::Candidate;
use crate::world::travel::Travel;

/// The world as the registry sees it for one ranking.
pub struct Map<'a> {
    pub(super) plan: &'a Blueprint,
    pub(super) travel: &'a mut Travel,
    pub(super) now: Time,
}

impl Distances for Map<'_> {
    fn candidate(&mut self, entry: MetroId, listed: &Listed) -> Candidate {
        let replica = &self.plan.replicas[listed.connection.replica];
        let backbone = self.travel.metro_metro(entry, listed.metro).round_trip();
        let down = self
            .travel
            .host_metro(replica.host, listed.metro)
            .round_trip();
        let siblings = &self.plan.tunnels[replica.tunnel].replicas;
        let declared = siblings
            .iter()
            .position(|r| *r == listed.connection.replica);
        Candidate {
            distance_m: self.travel.distance_m(entry, listed.metro),
            round_trip_us: (backbone + down).as_nanos() / 1000,
            declared: declared.expect("a replica is declared in its tunnel") as u32,
            n_replicas: siblings.len() as u32,
            turn: 0,
        }
    }

    fn is_reachable(&self, entry: MetroId, metro: MetroId) -> bool {
        let notice = self.plan.settings.edge_death_notice;
        let pair = self.travel.backbone_pair(entry, metro);
        pair.cut_since.is_none_or(|since| self.now < since + notice)
    }
}
