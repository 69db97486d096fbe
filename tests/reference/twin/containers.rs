//! Containers: one queue, some workers.

use std::collections::VecDeque;

use super::events::*;
use super::faults::{Docker, starts_at_boot};
use super::sessions::Busy;
use super::*;
use tunnelsim::kernel::random::stream_id;
use tunnelsim::measure::outcome::Cause;
use tunnelsim::world::blueprint::StoreKind;

#[derive(Clone, Copy, PartialEq)]
pub enum State {
    Exited,
    Starting,
    Listening,
}

/// A request's work at a service, which may outlive the request.
pub struct Job {
    pub number: u64,
    pub token: Token,
    pub demand: u64,
}

pub struct Container<'a> {
    pub name: String,
    pub plan: &'a blueprint::Container,
    pub host: usize,
    pub state: State,
    pub life: u64,
    pub by_hand: bool,
    pub waiting: VecDeque<Job>,
    pub serving: Vec<Job>,
    pub store: Option<String>,
    pub docker: Docker,
}

impl<'a> Container<'a> {
    pub fn new(plan: &'a blueprint::Container, world: &Blueprint, hosts: &[Host]) -> Self {
        let host = &world.hosts[plan.host].name;
        Container {
            name: format!("{host}/{}", plan.name),
            plan,
            host: hosts.iter().position(|it| &it.plan.name == host).unwrap(),
            state: State::Listening,
            life: 0,
            by_hand: false,
            waiting: VecDeque::new(),
            serving: Vec::new(),
            store: plan.store.map(|id| world.stores[id].name.clone()),
            docker: Docker::default(),
        }
    }
}

impl Twin<'_> {
    /// A request arrives at a listening container.
    pub fn admits(&mut self, container: usize, token: Token) {
        let session = &mut self.sessions[token.session];
        let demand = sample(
            &self.containers[container].plan.service_time,
            session.keyed(1, 0),
        );
        self.jobs += 1;
        let job = Job {
            number: self.jobs,
            token,
            demand,
        };
        session.busy = Some((Busy::Waiting, self.now));
        let it = &mut self.containers[container];
        if it.serving.len() < it.plan.workers as usize {
            self.serves(container, job);
        } else if it.waiting.len() < it.plan.queue_limit as usize {
            it.waiting.push_back(job);
        } else {
            self.fails_there(token, Cause::QueueFull, 0);
        }
    }

    pub fn serves(&mut self, container: usize, job: Job) {
        let number = job.number;
        if self.is_current(job.token) {
            let session = &mut self.sessions[job.token.session];
            if let Some((Busy::Waiting, since)) = session.busy {
                session.waiting = self.now - since;
            }
            session.busy = Some((Busy::Serving, self.now));
        }
        self.at(
            self.now + job.demand,
            CONTAINER,
            (container, number, 0),
            Event::Served {
                container,
                job: number,
            },
        );
        self.containers[container].serving.push(job);
    }

    /// The work is done; the store is asked where there is something to ask.
    pub fn served(&mut self, container: usize, job: u64) {
        let Some(it) = self.containers[container]
            .serving
            .iter()
            .find(|it| it.number == job)
        else {
            return;
        };
        let (token, demand) = (it.token, it.demand);
        if self.is_open(token) {
            self.sessions[token.session].executions += 1;
        }
        if self.is_current(token) {
            let session = &mut self.sessions[token.session];
            session.service = demand;
            session.busy = Some((Busy::Storing, self.now));
        }
        let length = match self.store_of(container, token) {
            None => 0,
            Some(store) if self.reaches(container, store) => self.way_to_store(container, store),
            Some(store) => nanos(self.stores[store].plan.timeout),
        };
        if length == 0 {
            return self.stored(container, job);
        }

        self.at(
            self.now + length,
            CONTAINER,
            (container, job, 0),
            Event::Stored { container, job },
        );
    }

    /// The store has answered, or will not: the answer leaves, and the worker takes the next request.
    pub fn stored(&mut self, container: usize, job: u64) {
        let it = &mut self.containers[container];
        let Some(position) = it.serving.iter().position(|it| it.number == job) else {
            return;
        };
        let job = it.serving.remove(position);
        if self.is_current(job.token) {
            let session = &mut self.sessions[job.token.session];
            if let Some((Busy::Storing, since)) = session.busy.take() {
                session.store = self.now - since;
            }
        }
        let answer = match self.store_of(container, job.token) {
            Some(store) if !self.reaches(container, store) => {
                Answer::failure(Cause::StoreUnreachable)
            }
            store => {
                if let Some(store) = store {
                    self.looks_up(job.token, store);
                }
                Answer::of_the_service()
            }
        };
        if let Some(next) = self.containers[container].waiting.pop_front() {
            self.serves(container, next);
        }
        self.replies(job.token, answer);
    }

    /// A client that left waits no longer.
    pub fn leaves_queue(&mut self, token: Token) {
        for container in &mut self.containers {
            container.waiting.retain(|job| job.token != token);
        }
    }

    /// The process is gone; `what_was_there` is everything it had not answered.
    pub fn exits(&mut self, container: usize) -> Vec<Token> {
        let it = &mut self.containers[container];
        if it.state == State::Exited {
            return Vec::new();
        }
        it.life += 1;
        it.state = State::Exited;
        let what_was_there = it
            .serving
            .drain(..)
            .chain(it.waiting.drain(..))
            .map(|job| job.token)
            .collect();
        let (name, store) = (it.name.clone(), it.store.clone());
        self.note(format!("{name}: Down"));
        for it in &mut self.stores {
            if Some(&it.plan.name) == store.as_ref() && matches!(it.plan.kind, StoreKind::Memory) {
                it.versions.clear();
            }
        }
        what_was_there
    }

    pub fn container_vanishes(&mut self, container: usize) {
        if self.containers[container].state == State::Exited {
            self.containers[container].life += 1;
        }
        // Nobody is left to say 502.
        for token in self.exits(container) {
            if self.is_current(token) {
                self.sessions[token.session].is_held(self.now, None);
            }
        }
    }

    pub fn resets(&mut self, container: usize) {
        for token in self.exits(container) {
            self.fails_there(token, Cause::OriginReset, 0);
        }
    }

    pub fn crashes(&mut self, container: usize) {
        if self.containers[container].state == State::Exited {
            return;
        }
        self.resets(container);
        let it = &mut self.containers[container];
        let life = it.life;
        if let Some(time) = it.docker.restart_after_failure(it.plan.restart, self.now) {
            self.at(
                time,
                CONTAINER,
                (container, 0, 0),
                Event::DockerStarts { container, life },
            );
        }
    }

    pub fn stopped_by_hand(&mut self, container: usize) {
        let it = &mut self.containers[container];
        it.by_hand = true;
        if it.state == State::Exited {
            // A start that was due is off.
            it.life += 1;
        }
        self.resets(container);
    }

    pub fn docker_starts(&mut self, container: usize, life: u64) {
        let it = &self.containers[container];
        if it.life == life {
            self.container_starts(container);
        }
    }

    pub fn container_starts(&mut self, container: usize) {
        let it = &mut self.containers[container];
        if it.state != State::Exited || !self.hosts[it.host].booted {
            return;
        }
        it.state = State::Starting;
        it.docker.started_at = self.now;
        let life = it.life;
        let source = Keyed::new(
            self.change_key,
            stream_id("start-up", &it.name),
            1,
            life as u32,
        );
        let start_up = sample(&it.plan.start_up, source);
        if start_up == 0 {
            return self.listens(container, life);
        }
        self.at(
            self.now + start_up,
            CONTAINER,
            (container, 0, 0),
            Event::Listens { container, life },
        );
    }

    pub fn listens(&mut self, container: usize, life: u64) {
        if self.containers[container].life == life {
            self.containers[container].state = State::Listening;
            self.note(format!("{}: Up", self.containers[container].name));
        }
    }

    pub fn container_started_by_hand(&mut self, container: usize) {
        let it = &mut self.containers[container];
        it.by_hand = false;
        it.docker.forgets();
        self.container_starts(container);
    }

    pub fn container_boots(&mut self, container: usize) {
        let it = &self.containers[container];
        if starts_at_boot(it.plan.restart, it.by_hand) {
            self.container_started_by_hand(container);
        }
    }
}
