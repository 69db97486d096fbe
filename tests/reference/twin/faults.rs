//! Faults, power, lines, and what Docker makes of them.

use super::events::*;
use super::process::Doing;
use super::*;
use tunnelsim::fault::{Duration, Effect};
use tunnelsim::kernel::random::stream_id;
use tunnelsim::world::blueprint::RestartPolicy;

/// A strike takes hold of something, or lets go of it; whether any strike still holds it.
fn holds_still(held: &mut Vec<usize>, fault: usize, lets_go: bool) -> bool {
    held.retain(|other| *other != fault);
    if !lets_go {
        held.push(fault);
    }
    !held.is_empty()
}

/// Whether Docker starts a process of this policy when its daemon starts.
pub fn starts_at_boot(policy: RestartPolicy, stopped_by_hand: bool) -> bool {
    match policy {
        RestartPolicy::Always => true,
        RestartPolicy::UnlessStopped => !stopped_by_hand,
        RestartPolicy::No | RestartPolicy::OnFailure { .. } => false,
    }
}

/// Docker's waits between an exit and the next start.
#[derive(Default)]
pub struct Docker {
    pub started_at: u64,
    pub waits: u32,
    pub restarts: u32,
}

impl Docker {
    /// Somebody starts the process, or the daemon does after a boot.
    pub fn forgets(&mut self) {
        (self.waits, self.restarts) = (0, 0);
    }

    /// When Docker starts a process that has failed, if it does.
    pub fn restart_after_failure(&mut self, policy: RestartPolicy, now: u64) -> Option<u64> {
        let goes_on = match policy {
            RestartPolicy::No => false,
            RestartPolicy::OnFailure { max } => max.is_none_or(|max| self.restarts < max),
            RestartPolicy::Always | RestartPolicy::UnlessStopped => true,
        };
        if !goes_on {
            return None;
        }
        if now - self.started_at >= 10_000_000_000 {
            self.waits = 0;
        }
        let wait = (100_000_000_u64 << self.waits).min(60_000_000_000);
        self.waits += 1;
        self.restarts += 1;
        Some(now + wait)
    }
}

impl Twin<'_> {
    pub fn strikes(&mut self, fault: usize) {
        let plan = &self.faults[fault];
        self.note(format!("{}: Strikes", plan.name));
        for effect in &plan.strike {
            self.takes_effect(effect, fault);
        }
        if let Duration::Lasts(law) = &plan.duration {
            let length = nanos(law.sample(&mut self.fault_streams[fault]));
            self.at(
                self.now + length,
                FAULT,
                (fault, 0, 0),
                Event::Clears(fault),
            );
        }
    }

    pub fn clears(&mut self, fault: usize) {
        let plan = &self.faults[fault];
        self.note(format!("{}: Clears", plan.name));
        for effect in &plan.clear {
            self.takes_effect(effect, fault);
        }
    }

    pub fn takes_effect(&mut self, effect: &Effect, fault: usize) {
        let host = |id| {
            self.hosts
                .iter()
                .position(|it| it.plan.name == self.plan.hosts[id].name)
                .unwrap()
        };
        let replica = |id| {
            let plan: &blueprint::Replica = &self.plan.replicas[id];
            self.replicas
                .iter()
                .position(|it| std::ptr::eq(it.plan, plan))
                .unwrap()
        };
        let container = |id| {
            let plan: &blueprint::Container = &self.plan.containers[id];
            self.containers
                .iter()
                .position(|it| std::ptr::eq(it.plan, plan))
                .unwrap()
        };
        match *effect {
            Effect::HostPower(id, on) => {
                let host = host(id);
                match holds_still(&mut self.hosts[host].power_held, fault, on) {
                    true => self.power_fails(host, fault),
                    false => self.power_returns(host),
                }
            }
            Effect::HostLine(id, up) => {
                let host = host(id);
                match holds_still(&mut self.hosts[host].line_held, fault, up) {
                    true => self.line_fails(host, fault),
                    false => self.line_returns(host),
                }
            }
            Effect::ConnectorKill(id) => self.killed(replica(id), fault),
            Effect::ConnectorStop(id) => self.told_to_stop(replica(id), fault),
            Effect::ConnectorStart(id) => self.started_by_hand(replica(id)),
            Effect::ContainerCrash(id) => self.crashes(container(id)),
            Effect::ContainerStop(id) => self.stopped_by_hand(container(id)),
            Effect::ContainerStart(id) => self.container_started_by_hand(container(id)),
            _ => panic!("the twin has no such fault: {effect:?}"),
        }
    }

    pub fn power_fails(&mut self, host: usize, fault: usize) {
        if !self.hosts[host].power {
            return;
        }
        (self.hosts[host].power, self.hosts[host].booted) = (false, false);
        self.hosts[host].changes_of_power += 1;
        self.note(format!("{}: Down", self.hosts[host].plan.name));
        for container in 0..self.containers.len() {
            if self.containers[container].host == host {
                self.container_vanishes(container);
            }
        }
        for replica in 0..self.replicas.len() {
            if self.replicas[replica].host == host {
                self.process_vanishes(replica, fault);
            }
        }
    }

    pub fn power_returns(&mut self, host: usize) {
        if self.hosts[host].power {
            return;
        }
        self.hosts[host].power = true;
        self.hosts[host].changes_of_power += 1;
        let life = self.hosts[host].changes_of_power;
        let plan = self.hosts[host].plan;
        let mut source = Keyed::new(
            self.change_key,
            stream_id("boot", &plan.name),
            0,
            life as u32,
        );
        let boot = nanos(plan.boot.sample(&mut source));
        self.at(
            self.now + boot,
            CONTAINER,
            (host, 0, 0),
            Event::Booted { host, life },
        );
    }

    pub fn booted(&mut self, host: usize, life: u64) {
        if self.hosts[host].changes_of_power != life {
            return;
        }
        self.hosts[host].booted = true;
        self.note(format!("{}: Up", self.hosts[host].plan.name));
        for container in 0..self.containers.len() {
            if self.containers[container].host == host {
                self.container_boots(container);
            }
        }
        for replica in 0..self.replicas.len() {
            if self.replicas[replica].host == host {
                self.process_boots(replica);
            }
        }
    }

    pub fn line_fails(&mut self, host: usize, fault: usize) {
        if !self.hosts[host].line {
            return;
        }
        self.hosts[host].line = false;
        self.note(format!("{}: LineDown", self.hosts[host].plan.name));
        for replica in 0..self.replicas.len() {
            if self.replicas[replica].host != host {
                continue;
            }
            for circuit in self.circuits_of(replica) {
                if self.state_of(circuit).1 {
                    self.falls_silent(circuit, fault);
                }
            }
            for line in 0..self.replicas[replica].lines.len() {
                if let Doing::Dials { since } = self.replicas[replica].lines[line].doing {
                    let end = since + nanos(self.plan.settings.dial_timeout);
                    self.dial_ends_at(end.max(self.now), replica, line, false);
                }
            }
        }
    }

    pub fn line_returns(&mut self, host: usize) {
        if self.hosts[host].line {
            return;
        }
        self.hosts[host].line = true;
        self.note(format!("{}: LineUp", self.hosts[host].plan.name));
        for replica in 0..self.replicas.len() {
            if self.replicas[replica].host != host {
                continue;
            }
            for circuit in self.circuits_of(replica) {
                match (
                    self.circuits[circuit].edge_open,
                    self.circuits[circuit].connector_open,
                ) {
                    (true, true) => self.speaks_again(circuit),
                    (false, true) => self.connector_closes(circuit),
                    _ => {}
                }
            }
            for line in 0..self.replicas[replica].lines.len() {
                if let Doing::Dials { .. } = self.replicas[replica].lines[line].doing {
                    let time = self.now + self.dial_time(replica, line);
                    self.dial_ends_at(time, replica, line, true);
                }
            }
        }
    }
}
