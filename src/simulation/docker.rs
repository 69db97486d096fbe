//! What Docker does: containers start, crash, come back; a host boots and stops.

use super::Simulation;
use super::connectors::Stop;
use super::event::{Class, ContainerEvent, Event, HostEvent, order};
use super::service::Job;
use super::session::{Draw, SessionId};
use crate::kernel::random::{Keyed, stream_id};
use crate::kernel::time::{Span, Time};
use crate::measure::observation::{Entity, Happening};
use crate::world::blueprint::StopOrder;
use crate::world::container::{ContainerState, ProcessState, Status};
use crate::world::ids::*;

impl Simulation<'_> {
    /// What happens to a container's process, unless it is another one by now.
    pub(super) fn container_happens(
        &mut self,
        container: ContainerId,
        life: u32,
        event: ContainerEvent,
    ) {
        if self.containers[container].process.life() != life {
            return;
        }
        match event {
            ContainerEvent::Starts => self.container_starts(container),
            ContainerEvent::Listens => self.container_listens(container),
            ContainerEvent::Dies => {
                if self.containers[container].crash_loop.is_some() {
                    self.container_dies(container);
                }
            }
            ContainerEvent::Unhealthy => self.unhealthy_due(container),
        }
    }

    /// The process starts; it refuses connections until it listens.
    pub(super) fn container_starts(&mut self, container: ContainerId) {
        let now = self.now();
        let host = self.plan.containers[container].host;
        if !self.hosts[host].starts_processes()
            || self.containers[container].status() != Status::Exited
        {
            return;
        }
        self.container_becomes(container, |state| {
            state.process_state = ProcessState::Starts;
            state.restarts += 1;
            state.process.starts(now);
        });
        let life = self.containers[container].process.life();
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
        self.container_becomes(container, |state| {
            state.process_state = ProcessState::Listens;
        });
    }

    /// The process ends without being asked; the restart policy decides what follows.
    pub(super) fn container_dies(&mut self, container: ContainerId) {
        let now = self.now();
        if self.containers[container].status() == Status::Exited {
            return;
        }
        self.container_gone(container);
        let host = self.plan.containers[container].host;
        if !self.hosts[host].starts_processes() {
            return;
        }
        if let Some(delay) = self.containers[container].process.restart_delay(now) {
            self.container_event(container, now + delay, ContainerEvent::Starts);
        }
    }

    /// `docker stop`: by hand, so that `unless-stopped` leaves it down.
    ///
    /// Simplification: a container that is told to stop refuses new requests at once and loses those it has.
    pub(super) fn container_stops(&mut self, container: ContainerId) {
        self.containers[container].process.stops_by_hand();
        self.container_ends(container);
    }

    /// The process ends if it runs, and a start that was due is off.
    fn container_ends(&mut self, container: ContainerId) {
        if self.containers[container].status() == Status::Exited {
            self.containers[container].process.ends();
        } else {
            self.container_gone(container);
        }
    }

    /// The process is gone, with all it had in memory.
    fn container_gone(&mut self, container: ContainerId) {
        self.container_becomes(container, |state| {
            state.process.ends();
            state.process_state = ProcessState::Exited;
        });
        self.stores.process_ended(container);
    }

    /// Somebody starts it.
    pub(super) fn container_started_by_hand(&mut self, container: ContainerId) {
        self.containers[container].process.begins_anew();
        self.container_starts(container);
    }

    /// The host is back: what its restart policy brings back.
    fn container_after_boot(&mut self, container: ContainerId) {
        if self.containers[container].process.starts_after_boot() {
            self.container_started_by_hand(container);
        }
    }

    /// A hang begins or ends. What met it gets no answer.
    ///
    /// Simplification: requests in service when the hang begins are lost to it, also if it ends before their time-out.
    pub(super) fn container_hangs(&mut self, container: ContainerId, hangs: bool) {
        self.container_becomes(container, |state| state.hangs = hangs);
    }

    /// The container is up but its port is closed, or open again.
    pub(super) fn container_refuses(&mut self, container: ContainerId, refuses: bool) {
        self.container_becomes(container, |state| state.refuses = refuses);
    }

    /// Something of a container changes; what others see of it decides what becomes of its jobs.
    fn container_becomes(
        &mut self,
        container: ContainerId,
        change: impl FnOnce(&mut ContainerState<Job, SessionId>),
    ) {
        let now = self.now();
        let state = &mut self.containers[container];
        let before = state.status();
        change(state);
        let after = state.status();
        state.up.set(now, u64::from(after == Status::Running));
        let listens = state.process_state == ProcessState::Listens;
        if !listens || after == Status::Running {
            state.unwell_since = None;
            state.is_reported_unwell = false;
        } else {
            state.unwell_since.get_or_insert(now);
        }
        if before == after {
            return;
        }
        match after {
            Status::Running => self.change(Entity::Container(container), Happening::Up),
            Status::Hung => {
                self.hang_jobs(container);
                self.change(Entity::Container(container), Happening::Hangs);
            }
            // A process that has started was down before, and still is.
            Status::Refusing if before == Status::Exited => {}
            Status::Refusing | Status::Exited => {
                self.drop_jobs(container);
                self.change(Entity::Container(container), Happening::Down);
            }
        }
        self.await_unhealthy(container);
    }

    /// What a container has when it hangs gets no answer any more.
    fn hang_jobs(&mut self, container: ContainerId) {
        let now = self.now();
        for job in self.containers[container].drop_all(now) {
            if self.is_current(&job) {
                self.sessions[job.session].stall(now, super::session::Stage::Hung);
                self.await_limit(job.session);
            }
        }
    }

    /// Docker's health check looks whether it has failed often enough by then.
    fn await_unhealthy(&mut self, container: ContainerId) {
        // What hung until now and refuses from now on may have failed often enough already.
        if let Some(at) = self.unhealthy_at(container) {
            let at = at.max(self.now());
            self.container_event(container, at, ContainerEvent::Unhealthy);
        }
    }

    /// Docker's health check reports a container that is unwell for so many probes in a row, and does nothing else.
    fn unhealthy_due(&mut self, container: ContainerId) {
        let is_due = self
            .unhealthy_at(container)
            .is_some_and(|at| at <= self.now());
        let state = &mut self.containers[container];
        if is_due && !std::mem::replace(&mut state.is_reported_unwell, is_due) {
            let what = Happening::Health { healthy: false };
            self.change(Entity::Container(container), what);
        }
    }

    /// When the health check of a container that is unwell now will have failed often enough.
    fn unhealthy_at(&self, container: ContainerId) -> Option<Time> {
        let check = self.plan.containers[container].health_check?;
        let state = &self.containers[container];
        let since = state.unwell_since?;
        let started = state.process.started_at()? + check.start_period;
        let elapsed = since.saturating_since(started).as_nanos();
        let probes = elapsed / check.interval.as_nanos() + 1;
        let further = u64::from(check.retries.saturating_sub(1));
        let last = started + check.interval * (probes + further);
        // A closed port is seen at once, a hang when the probe's time is up.
        Some(match state.status() {
            Status::Hung => last + check.timeout,
            _ => last,
        })
    }

    fn container_event(&mut self, container: ContainerId, at: Time, event: ContainerEvent) {
        let life = self.containers[container].process.life();
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
            HostEvent::Off => {
                self.host_power(host, false);
                // What was to be back before it was off starts again at once.
                self.host_power(host, self.has_power(host));
            }
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
        state.stopping = false;
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
            self.connector_vanishes(replica);
        }
        for container in self.containers_on(host) {
            self.lose_jobs(container);
            self.container_ends(container);
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
            return self.host_power(host, false);
        }
        if self.hosts[host].stopping {
            return;
        }
        self.hosts[host].stopping = true;
        self.change(Entity::Host(host), Happening::Drains);
        let mut longest = Span::ZERO;
        for replica in self.replicas_on(host) {
            let plan = &self.plan.replicas[replica];
            longest = longest.max(plan.grace_period.min(plan.stop_grace));
            self.connector_stops(replica, Stop::OfHost);
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
            self.container_ends(container);
        }
    }

    fn host_event(&mut self, host: HostId, at: Time, event: HostEvent) {
        let life = self.hosts[host].life;
        let order = order(Class::Services, self.ranks_of.hosts[host], u64::MAX - 1);
        self.calendar
            .schedule(at, order, Event::Host(host, life, event));
    }

    /// The replicas on a host, in the order of names.
    pub(super) fn replicas_on(&self, host: HostId) -> Vec<ReplicaId> {
        let is_here = |id: &ReplicaId| self.plan.replicas[*id].host == host;
        let mut found: Vec<ReplicaId> = self.plan.replicas.ids().filter(is_here).collect();
        found.sort_by_key(|id| self.ranks[*id]);
        found
    }

    /// The containers on a host, in the order of names.
    fn containers_on(&self, host: HostId) -> Vec<ContainerId> {
        let is_here = |id: &ContainerId| self.plan.containers[*id].host == host;
        let mut found: Vec<ContainerId> = self.plan.containers.ids().filter(is_here).collect();
        found.sort_by_key(|id| self.ranks_of.containers[*id]);
        found
    }
}
