//! What the simulation adds up itself and hands over at the end.

use super::Simulation;
use crate::kernel::integral::TimeWeighted;
use crate::kernel::time::Span;
use crate::measure::finals::{ContainerUse, Finals, UpTime};
use crate::measure::observation::Entity;

impl Simulation<'_> {
    /// Integrals and divergences up to the horizon; up and down times add up to it exactly.
    pub(super) fn finals(&mut self) -> Finals {
        let now = self.reached.max(self.horizon);
        let up = |entity, level: &TimeWeighted| {
            let up = Span::from_nanos(level.area(now) as u64);
            UpTime {
                entity,
                up,
                down: self.plan.horizon - up,
            }
        };
        let hosts = self.hosts.iter().map(|(id, h)| up(Entity::Host(id), &h.up));
        let replicas = self
            .connectors
            .iter()
            .map(|(id, c)| up(Entity::Replica(id), &c.up));
        let containers = self
            .containers
            .iter()
            .map(|(id, c)| up(Entity::Container(id), &c.up));
        let uptimes = hosts.chain(replicas).chain(containers).collect();
        let containers = self
            .containers
            .iter()
            .map(|(container, state)| ContainerUse {
                container,
                busy: state.busy_area(now),
                waiting: state.waiting.area(now),
                waiting_max: state.waiting_max,
                admitted: state.admitted,
                refused: state.refused,
                restarts: state.restarts,
            });
        Finals {
            ended_at: self.reached,
            events: self.events,
            containers: containers.collect(),
            uptimes,
            divergences: self.stores.divergences(),
            records_refused: self.records_refused,
        }
    }
}
