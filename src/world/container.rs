//! A container: its process, its workers and its queue.

mod reservations;

use std::collections::VecDeque;

use reservations::Reservations;

use super::blueprint;
use super::supervised::Supervised;
use crate::kernel::integral::TimeWeighted;
use crate::kernel::slab::{Id, Slab};
use crate::kernel::time::{Span, Time};

/// How far the process of a container is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ProcessState {
    /// It has ended.
    Exited,
    /// It has started and does not listen yet.
    Starts,
    /// It listens.
    Listens,
}

/// What others see of a container.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Status {
    /// It listens and answers.
    Running,
    /// It has started and does not listen yet, or a fault keeps its port closed: connections are refused.
    Refusing,
    /// It accepts and never answers.
    Hung,
    /// It has ended; its name is gone from the resolver.
    Exited,
}

/// Names a job; a stale one finds nothing.
pub type JobId<J> = Id<InService<J>>;

/// A job in service.
#[derive(Clone, Debug)]
pub struct InService<J> {
    /// The job.
    pub job: J,
    /// When its service started.
    pub started: Time,
}

/// What happens to a job that arrives.
#[derive(Clone, Copy, PartialEq, Debug)]
pub enum Admission<J> {
    /// A worker takes it.
    Starts(JobId<J>),
    /// It waits.
    Waits,
    /// The queue is full.
    Refused,
}

/// The changing part of a container. `J` is what a job is to the simulation, `U` what names an unattended one.
#[derive(Debug)]
pub struct ContainerState<J, U> {
    /// What the process does by itself.
    pub process_state: ProcessState,
    /// Whether a fault keeps its port closed.
    pub refuses: bool,
    /// Whether a fault keeps it from answering.
    pub hangs: bool,
    /// Since when a fault keeps the listening process from serving.
    pub unwell_since: Option<Time>,
    /// Whether Docker's health check has reported that.
    pub is_reported_unwell: bool,
    /// Service takes this many thousandths of its normal time.
    pub slow_factor_milli: u32,
    /// Its lives, and whether it comes back after one.
    pub process: Supervised,
    /// How often it was started again.
    pub restarts: u32,
    /// While a crash loop lasts: how long each life is.
    pub crash_loop: Option<Span>,
    /// Workers that are busy with jobs, unattended ones aside.
    busy: TimeWeighted,
    /// Waiting jobs.
    pub waiting: TimeWeighted,
    /// The longest queue so far.
    pub waiting_max: u32,
    /// Jobs that were taken or queued.
    pub admitted: u64,
    /// Jobs that found the queue full.
    pub refused: u64,
    /// Time listening.
    pub up: TimeWeighted,
    workers: u64,
    queue_limit: u64,
    queue: VecDeque<J>,
    in_service: Slab<InService<J>>,
    /// Services whose ends nobody has to see, because there is a worker for whoever comes, and some that have ended;
    /// while workers are reserved they are not listed.
    unattended: Vec<Unattended<U>>,
    /// At how many of them it is worth looking for those that have ended.
    look_at: usize,
    /// How many services in a row were unattended.
    unattended_in_a_row: u64,
    reservations: Reservations,
    /// Whether every service has reserved its worker.
    reserves: bool,
    /// What unattended services add to the integral of the busy workers.
    unattended_area: u128,
    horizon: Time,
}

/// A service whose end nobody has to see.
#[derive(Clone, Copy, Debug)]
struct Unattended<U> {
    ends: Time,
    /// The order of its end among what happens at that moment.
    order: u64,
    job: U,
}

/// A service that takes longer than a century ends after one: nobody waits for it, and time itself has an end.
const LONGEST_SERVICE: Span = Span::from_secs(100 * 365 * 86_400);

/// So few unattended services are not looked through.
const FEW: usize = 32;

impl<J: Copy, U: Copy> ContainerState<J, U> {
    /// A container that listens from time zero.
    pub fn new(blueprint: &blueprint::Container, horizon: Time) -> Self {
        let mut process = Supervised::new(blueprint.restart);
        process.starts(Time::ZERO);
        ContainerState {
            process_state: ProcessState::Listens,
            refuses: false,
            hangs: false,
            unwell_since: None,
            is_reported_unwell: false,
            slow_factor_milli: 1000,
            process,
            restarts: 0,
            crash_loop: None,
            busy: TimeWeighted::new(0, horizon),
            waiting: TimeWeighted::new(0, horizon),
            waiting_max: 0,
            admitted: 0,
            refused: 0,
            up: TimeWeighted::new(1, horizon),
            workers: u64::from(blueprint.workers),
            queue_limit: u64::from(blueprint.queue_limit),
            queue: VecDeque::new(),
            in_service: Slab::new(),
            unattended: Vec::new(),
            look_at: FEW,
            unattended_in_a_row: 0,
            reservations: Reservations::new(u64::from(blueprint.workers)),
            reserves: false,
            unattended_area: 0,
            horizon,
        }
    }

    /// What others see of it: faults of a process that lasts longer than they do show when it listens.
    #[inline]
    pub fn status(&self) -> Status {
        match self.process_state {
            ProcessState::Exited => Status::Exited,
            ProcessState::Starts => Status::Refusing,
            ProcessState::Listens if self.refuses => Status::Refusing,
            ProcessState::Listens if self.hangs => Status::Hung,
            ProcessState::Listens => Status::Running,
        }
    }

    /// How long it takes for what takes a normal one so long.
    #[inline]
    pub fn stretched(&self, demand: Span) -> Span {
        if self.slow_factor_milli == 1000 {
            return demand.min(LONGEST_SERVICE);
        }
        let demand = u128::from(demand.as_nanos()) * u128::from(self.slow_factor_milli) / 1000;
        let demand = demand.min(u128::from(LONGEST_SERVICE.as_nanos()));
        Span::from_nanos(demand as u64)
    }

    /// Whether a job that arrives at a moment, and with this order in it, is served at once; not while workers are
    /// [reserved](ContainerState::reserves).
    #[inline]
    pub fn has_free_worker(&mut self, now: Time, order: u64) -> bool {
        let is_free = |state: &Self| {
            let unattended = state.unattended.len() as u64;
            state.busy.level() + unattended < state.workers
        };
        if self.has_few_unattended() && is_free(self) {
            return true;
        }
        self.forget_ended(now, order);
        is_free(self)
    }

    /// Whether forgetting those that have ended can wait, which decides about speed alone.
    #[inline]
    fn has_few_unattended(&self) -> bool {
        self.unattended.len() < self.look_at
    }

    fn forget_ended(&mut self, now: Time, order: u64) {
        let mut index = 0;
        while let Some(it) = self.unattended.get(index) {
            if (it.ends, it.order) < (now, order) {
                self.unattended.swap_remove(index);
            } else {
                index += 1;
            }
        }
        self.look_at = FEW.max(2 * self.unattended.len());
    }

    /// A free worker serves a job until a moment, and nobody has to see how it ends.
    #[inline]
    pub fn start_unattended(&mut self, ends: Time, order: u64, job: U) {
        self.unattended_in_a_row += 1;
        self.unattended.push(Unattended { ends, order, job });
    }

    /// Of the services that go on unattended, of which none has ended, the one that ends first is like others from now
    /// on; says what it is and when it ends. The caller makes it a [job](ContainerState::attend).
    pub fn take_first_unattended(&mut self) -> Option<(Time, U)> {
        let ends = |index: &usize| (self.unattended[*index].ends, self.unattended[*index].order);
        let first = (0..self.unattended.len()).min_by_key(ends)?;
        let it = self.unattended.swap_remove(first);
        Some((it.ends, it.job))
    }

    /// A service that started at a moment, unattended, is a job as others are from now on.
    pub fn attend(&mut self, now: Time, job: J, started: Time) -> JobId<J> {
        self.count_unattended(started, now);
        self.busy.set(now, self.busy.level() + 1);
        self.in_service.insert(InService { job, started })
    }

    /// Counts the service of a job that was unattended from one moment to another.
    #[inline]
    pub fn count_unattended(&mut self, from: Time, to: Time) {
        self.admitted += 1;
        let counted = to.min(self.horizon).since(from.min(self.horizon));
        self.unattended_area += u128::from(counted.as_nanos());
    }

    /// Whether every service has reserved its worker, so that one can be [reserved](ContainerState::reserve) for a
    /// service to come.
    #[inline]
    pub fn reserves(&self) -> bool {
        self.reserves
    }

    /// Reserves a worker from one moment to another; false if that is not possible.
    #[inline]
    pub fn reserve(&mut self, now: Time, from: Time, to: Time) -> bool {
        self.reservations.reserve(now, from, to)
    }

    /// Services reserve their workers from now on if none is attended and at most half of the workers are busy; once
    /// reservations were [broken](ContainerState::break_reservations), only after so many unattended ones in a row.
    #[inline]
    pub fn reserves_after(&mut self, in_a_row: usize, now: Time) {
        let was_calm = !self.reservations.is_fine() || self.unattended_in_a_row >= in_a_row as u64;
        let is_calm =
            was_calm && self.busy.level() == 0 && 2 * self.unattended.len() as u64 <= self.workers;
        if is_calm {
            self.start_reserving(now);
        }
    }

    fn start_reserving(&mut self, now: Time) {
        let reservations = &mut self.reservations;
        self.reserves = self
            .unattended
            .iter()
            .filter(|it| it.ends >= now)
            .all(|it| reservations.reserve(now, now, it.ends));
        if self.reserves {
            self.unattended.clear();
        } else {
            reservations.clear();
        }
    }

    /// Reservations are broken: they need finer slots, and a time of calm before the next ones, for this is dear.
    pub fn break_reservations(&mut self) {
        self.stop_reserving();
        self.reservations.refine();
    }

    /// Nothing is reserved, and no service is listed as unattended.
    pub fn stop_reserving(&mut self) {
        self.reserves = false;
        self.reservations.clear();
        self.unattended.clear();
        self.unattended_in_a_row = 0;
    }

    /// The integral of the busy workers up to a moment at which nothing is unattended any more.
    pub fn busy_area(&self, now: Time) -> u128 {
        self.busy.area(now) + self.unattended_area
    }

    /// Whether a job is in the queue, be it one that was given up.
    pub fn has_queue(&self) -> bool {
        !self.queue.is_empty()
    }

    /// Takes a job, queues it or refuses it. If no worker is free, no unattended service may have ended.
    #[inline]
    pub fn admit(&mut self, now: Time, job: J) -> Admission<J> {
        self.unattended_in_a_row = 0;
        if self.busy.level() + (self.unattended.len() as u64) < self.workers {
            self.admitted += 1;
            return Admission::Starts(self.start(now, job));
        }
        if self.waiting.level() >= self.queue_limit {
            self.refused += 1;
            return Admission::Refused;
        }
        self.admitted += 1;
        self.queue.push_back(job);
        self.waiting.set(now, self.waiting.level() + 1);
        self.waiting_max = self.waiting_max.max(self.waiting.level() as u32);
        Admission::Waits
    }

    /// The job in service, if it still is.
    #[inline]
    pub fn job(&self, id: JobId<J>) -> Option<&InService<J>> {
        self.in_service.get(id)
    }

    /// A worker has done its job and takes the next one that still waits.
    #[inline]
    pub fn finish(
        &mut self,
        now: Time,
        id: JobId<J>,
        still_waits: impl Fn(&J) -> bool,
    ) -> Option<(JobId<J>, J)> {
        self.in_service.remove(id)?;
        self.busy.set(now, self.busy.level() - 1);
        while let Some(next) = self.queue.pop_front() {
            if still_waits(&next) {
                self.waiting.set(now, self.waiting.level() - 1);
                return Some((self.start(now, next), next));
            }
        }
        None
    }

    /// A waiting job's client has left: the job no longer counts and will be passed over.
    pub fn leaves_queue(&mut self, now: Time) {
        self.waiting.set(now, self.waiting.level() - 1);
    }

    /// Everything waiting and in service is lost; returns the jobs, those in service first.
    pub fn drop_all(&mut self, now: Time) -> Vec<J> {
        let running: Vec<JobId<J>> = self.in_service.iter().map(|(id, _)| id).collect();
        let mut jobs: Vec<J> = Vec::with_capacity(running.len() + self.queue.len());
        jobs.extend(
            running
                .into_iter()
                .filter_map(|id| self.in_service.remove(id))
                .map(|s| s.job),
        );
        jobs.extend(self.queue.drain(..));
        self.busy.set(now, 0);
        self.waiting.set(now, 0);
        jobs
    }

    #[inline]
    fn start(&mut self, now: Time, job: J) -> JobId<J> {
        self.busy.set(now, self.busy.level() + 1);
        self.in_service.insert(InService { job, started: now })
    }
}

#[cfg(test)]
mod tests;
