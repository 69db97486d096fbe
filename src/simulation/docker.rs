//! What Docker does: containers start, crash, come back; a host boots and stops.
//!
//! Source: moby, daemon/internal/restartmanager/restartmanager.go.

use super::Simulation;
use super::event::{Class, ContainerEvent, Event, HostEvent, order};
use super::session::Draw;
use crate::kernel::random::{Keyed, stream_id};
use crate::kernel::time::{Span, Time};
use crate::measure::observation::{Entity, Happening};
use crate::world::blueprint::{RestartPolicy, StopOrder};
use crate::world::container::Status;
use crate::world::ids::*;

/// The first restart delay; it doubles with every exit.
const RESTART_DELAY_MIN: Span = Span::from_millis(100);

/// The restart delay grows no further.
const RESTART_DELAY_MAX: Span = Span::from_secs(60);

/// A run this long brings the restart delay back to its start.
const RESTART_RESET_AFTER: Span = Span::from_secs(10);

/// The delay before the next start after an exit; none: it stays down. All exits count as failures.
pub(super) fn restart_delay(
    policy: RestartPolicy,
    ran: Span,
    exits: &mut u32,
    last: &mut Span,
) -> Option<Span> {
    match policy {
        RestartPolicy::No => return None,
        RestartPolicy::OnFailure { max: Some(max) } if *exits >= max => return None,
        _ => {}
    }
    *exits += 1;
    *last = if *last == Span::ZERO || ran >= RESTART_RESET_AFTER {
        RESTART_DELAY_MIN
    } else {
        (*last * 2).min(RESTART_DELAY_MAX)
    };
    Some(*last)
}

impl Simulation<'_> {
    /// What happens to a container's process, unless it is another one by now.
    pub(super) fn container_happens(
        &mut self,
        container: ContainerId,
        life: u32,
        event: ContainerEvent,
    ) {
        if self.containers[container].life != life {
            return;
        }
        match event {
            ContainerEvent::Starts => self.container_starts(container),
            ContainerEvent::Listens => self.container_listens(container),
            ContainerEvent::Dies => self.container_dies(container),
            ContainerEvent::Unhealthy => {
                self.change(
                    Entity::Container(container),
                    Happening::Health { healthy: false },
                );
            }
        }
    }

    /// The process starts; it refuses connections until it listens.
    pub(super) fn container_starts(&mut self, container: ContainerId) {
        let now = self.now();
        let host = self.plan.containers[container].host;
        if !self.hosts[host].is_running() || self.containers[container].status != Status::Exited {
            return;
        }
        let state = &mut self.containers[container];
        state.status = Status::Refusing;
        state.restarts += 1;
        state.started_at = now;
        let life = state.life;
        let name = &self.names.containers[container];
        let mut source = Keyed::new(
            self.change_key,
            stream_id("start-up", name),
            u32::from(Draw::Demand as u8),
            life,
        );
        let start_up = self.plan.containers[container].start_up.sample(&mut source);
        if let Some(run_time) = self.containers[container].crash_loop {
            self.container_event(container, now + run_time, ContainerEvent::Dies);
        }
        if start_up == Span::ZERO {
            self.container_listens(container);
        } else {
            self.container_event(container, now + start_up, ContainerEvent::Listens);
        }
    }

    fn container_listens(&mut self, container: ContainerId) {
        self.set_status(container, Status::Running);
        self.change(Entity::Container(container), Happening::Up);
    }

    /// The process ends without being asked; the restart policy decides what follows.
    pub(super) fn container_dies(&mut self, container: ContainerId) {
        let now = self.now();
        if self.containers[container].status == Status::Exited {
            return;
        }
        self.container_gone(container);
        if self.containers[container].stopped_by_hand {
            return;
        }
        let state = &mut self.containers[container];
        let ran = now.since(state.started_at);
        let policy = self.plan.containers[container].restart;
        if let Some(delay) = restart_delay(policy, ran, &mut state.exits, &mut state.restart_delay)
        {
            self.container_event(container, now + delay, ContainerEvent::Starts);
        }
    }

    /// `docker stop`: by hand, so that `unless-stopped` leaves it down.
    ///
    /// Simplification: a container that is told to stop refuses new requests at once and loses those it has.
    pub(super) fn container_stops(&mut self, container: ContainerId) {
        self.containers[container].stopped_by_hand = true;
        if self.containers[container].status != Status::Exited {
            self.container_gone(container);
        }
    }

    /// The process is gone, with all it had in memory.
    pub(super) fn container_gone(&mut self, container: ContainerId) {
        self.containers[container].life += 1;
        self.set_status(container, Status::Exited);
        self.drop_jobs(container);
        self.stores.process_ended(container);
        self.change(Entity::Container(container), Happening::Down);
    }

    /// Somebody starts it.
    pub(super) fn container_started_by_hand(&mut self, container: ContainerId) {
        self.containers[container].stopped_by_hand = false;
        self.container_starts(container);
    }

    /// The host is back: what its restart policy brings back.
    fn container_after_boot(&mut self, container: ContainerId) {
        let by_hand = self.containers[container].stopped_by_hand;
        let starts = match self.plan.containers[container].restart {
            RestartPolicy::Always => true,
            RestartPolicy::UnlessStopped => !by_hand,
            RestartPolicy::No | RestartPolicy::OnFailure { .. } => false,
        };
        if starts {
            self.container_starts(container);
        }
    }

    /// A hang begins or ends. What met it gets no answer.
    ///
    /// Simplification: requests in service when the hang begins are lost to it, also if it ends before their time-out.
    pub(super) fn container_hangs(&mut self, container: ContainerId, hangs: bool) {
        let now = self.now();
        match (hangs, self.containers[container].status) {
            (true, Status::Running) => {
                self.set_status(container, Status::Hung);
                let jobs = self.containers[container].drop_all(now);
                for job in jobs {
                    if self.is_current(&job) {
                        self.sessions[job.session].stall(now, super::session::Stage::Hung);
                        self.await_limit(job.session);
                    }
                }
                self.change(Entity::Container(container), Happening::Hangs);
                self.await_unhealthy(container);
            }
            (false, Status::Hung) => self.container_listens(container),
            _ => {}
        }
    }

    /// Docker's health check reports after so many failed probes, and does nothing else.
    fn await_unhealthy(&mut self, container: ContainerId) {
        let Some(check) = self.plan.containers[container].health_check else {
            return;
        };
        let now = self.now();
        let started = self.containers[container].started_at + check.start_period;
        let elapsed = now.saturating_since(started).as_nanos();
        let probes = elapsed / check.interval.as_nanos() + 1;
        let first = started + check.interval * probes;
        let at =
            first + check.interval * u64::from(check.retries.saturating_sub(1)) + check.timeout;
        self.container_event(container, at, ContainerEvent::Unhealthy);
    }

    /// The container is up but its port is closed, or open again.
    pub(super) fn container_refuses(&mut self, container: ContainerId, refuses: bool) {
        match (refuses, self.containers[container].status) {
            (true, Status::Running) => {
                self.set_status(container, Status::Refusing);
                self.drop_jobs(container);
                self.change(Entity::Container(container), Happening::Down);
            }
            (false, Status::Refusing) => self.container_listens(container),
            _ => {}
        }
    }

    fn set_status(&mut self, container: ContainerId, status: Status) {
        let now = self.now();
        let state = &mut self.containers[container];
        state.status = status;
        state.up.set(now, u64::from(status == Status::Running));
    }

    fn container_event(&mut self, container: ContainerId, at: Time, event: ContainerEvent) {
        let life = self.containers[container].life;
        let order = order(
            Class::Services,
            self.ranks_of.containers[container],
            u64::MAX,
        );
        self.calendar
            .schedule(at, order, Event::Container(container, life, event));
    }

    /// What happens to a host, unless it has had another life since.
    pub(super) fn host_happens(&mut self, host: HostId, life: u32, event: HostEvent) {
        if self.hosts[host].life != life {
            return;
        }
        match event {
            HostEvent::Booted => self.host_booted(host),
            HostEvent::Off => self.host_power(host, false),
            HostEvent::StopsContainers => {
                self.stop_containers(host);
                self.host_event(host, self.now(), HostEvent::Off);
            }
        }
    }

    /// Power goes or comes back.
    pub(super) fn host_power(&mut self, host: HostId, on: bool) {
        let now = self.now();
        if self.hosts[host].powered == on {
            return;
        }
        let state = &mut self.hosts[host];
        state.powered = on;
        state.booted = false;
        state.life += 1;
        state.note(now);
        if on {
            let name = &self.plan.hosts[host].name;
            let mut source = Keyed::new(
                self.change_key,
                stream_id("boot", name),
                0,
                self.hosts[host].life,
            );
            let boot = self.plan.hosts[host].boot.sample(&mut source);
            return self.host_event(host, now + boot, HostEvent::Booted);
        }
        self.change(Entity::Host(host), Happening::Down);
        self.vanish(host);
    }

    /// Everything on a host without power is gone; answers past its uplink survive.
    fn vanish(&mut self, host: HostId) {
        for replica in self.replicas_on(host) {
            self.connector_killed(replica);
        }
        for container in self.containers_on(host) {
            self.lose_jobs(container);
            if self.containers[container].status != Status::Exited {
                self.container_gone(container);
            }
        }
        let candidates = self.stores.host_powered(host, false, self.now());
        self.promote_later(candidates);
    }

    /// Requests on a host that vanished: nobody is left to say 502.
    fn lose_jobs(&mut self, container: ContainerId) {
        let now = self.now();
        for job in self.containers[container].drop_all(now) {
            if self.is_current(&job) {
                self.wait_in_silence(
                    job.session,
                    super::session::Stage::Lost,
                    crate::measure::outcome::Cause::StreamCut,
                );
            }
        }
    }

    fn host_booted(&mut self, host: HostId) {
        let now = self.now();
        let state = &mut self.hosts[host];
        state.booted = true;
        state.note(now);
        self.change(Entity::Host(host), Happening::Up);
        let candidates = self.stores.host_powered(host, true, now);
        self.promote_later(candidates);
        for container in self.containers_on(host) {
            self.container_after_boot(container);
        }
        for replica in self.replicas_on(host) {
            self.connector_after_boot(replica);
        }
    }

    /// A graceful stop: SIGTERM to all together, or cloudflared first.
    pub(super) fn host_shutdown(&mut self, host: HostId) {
        let now = self.now();
        if !self.hosts[host].is_running() {
            return;
        }
        self.change(Entity::Host(host), Happening::Drains);
        let mut longest = Span::ZERO;
        for replica in self.replicas_on(host) {
            let plan = &self.plan.replicas[replica];
            longest = longest.max(plan.grace_period.min(plan.stop_grace));
            self.connector_stops(replica, false);
            // The host's stop is not a stop by hand: after a boot the process comes back.
            self.connectors[replica].stopped_by_hand = false;
        }
        match self.plan.hosts[host].stop_order {
            StopOrder::Together => {
                self.stop_containers(host);
                self.host_event(host, now + longest, HostEvent::Off);
            }
            StopOrder::ConnectorFirst => {
                self.host_event(host, now + longest, HostEvent::StopsContainers);
            }
        }
    }

    fn stop_containers(&mut self, host: HostId) {
        for container in self.containers_on(host) {
            if self.containers[container].status != Status::Exited {
                self.container_gone(container);
            }
        }
    }

    fn host_event(&mut self, host: HostId, at: Time, event: HostEvent) {
        let life = self.hosts[host].life;
        let order = order(Class::Services, self.ranks_of.hosts[host], u64::MAX - 1);
        self.calendar
            .schedule(at, order, Event::Host(host, life, event));
    }

    pub(super) fn replicas_on(&self, host: HostId) -> Vec<ReplicaId> {
        let replicas = self.plan.replicas.iter();
        replicas
            .filter(|(_, r)| r.host == host)
            .map(|(id, _)| id)
            .collect()
    }

    pub(super) fn containers_on(&self, host: HostId) -> Vec<ContainerId> {
        let containers = self.plan.containers.iter();
        containers
            .filter(|(_, c)| c.host == host)
            .map(|(id, _)| id)
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_crash_loop_waits_twice_as_long_each_time_up_to_a_minute() {
        let (mut exits, mut last) = (0, Span::ZERO);
        let delays: Vec<u64> = (0..12)
            .map(|_| {
                restart_delay(
                    RestartPolicy::Always,
                    Span::from_secs(1),
                    &mut exits,
                    &mut last,
                )
            })
            .map(|delay| delay.unwrap().as_nanos() / 1_000_000)
            .collect();
        assert_eq!(
            delays,
            [
                100, 200, 400, 800, 1600, 3200, 6400, 12800, 25600, 51200, 60000, 60000
            ]
        );
        let calm = restart_delay(
            RestartPolicy::Always,
            Span::from_secs(10),
            &mut exits,
            &mut last,
        );
        assert_eq!(calm, Some(RESTART_DELAY_MIN));
    }

    #[test]
    fn on_failure_counts_every_exit() {
        let (mut exits, mut last) = (0, Span::ZERO);
        let policy = RestartPolicy::OnFailure { max: Some(2) };
        let mut next = || restart_delay(policy, Span::from_secs(100), &mut exits, &mut last);
        assert!(next().is_some() && next().is_some() && next().is_none());
        assert_eq!(
            restart_delay(RestartPolicy::No, Span::ZERO, &mut 0, &mut Span::default()),
            None
        );
    }
}
