//! Workers that are reserved for services to come.
//!
//! Time is cut into slots, and for each slot the services are counted that touch it. While no slot counts more services
//! than there are workers, each service finds a free worker whenever it starts and whoever else comes. A slot may
//! count services that are not in progress at the same time, so it happens that nothing can be reserved though a
//! worker would be free; never the other way round.
//!
//! Wide slots are enough for a container with little to do, and need little memory where there are thousands of them.

use crate::kernel::time::Time;

/// How time is cut.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Grid {
    /// The width of a slot, as a power of two in nanoseconds.
    bits: u32,
    /// How many slots there are: a power of two.
    slots: u64,
}

/// 512 slots of about 67 milliseconds: who thinks for half a minute reserves ahead.
const WIDE: Grid = Grid {
    bits: 26,
    slots: 512,
};

/// 4,096 slots of about 2 milliseconds.
const FINE: Grid = Grid {
    bits: 21,
    slots: 4096,
};

/// Services of one container, by slot. They are kept only for the next seconds.
#[derive(Clone, Debug)]
pub(super) struct Reservations {
    grid: Grid,
    /// By slot modulo their number; empty before the first reservation.
    counts: Vec<u32>,
    /// The slots before this one are over, and count nothing.
    present: u64,
    workers: u64,
}

impl Reservations {
    /// No reservations of so many workers, in wide slots.
    pub(super) fn new(workers: u64) -> Reservations {
        Reservations {
            grid: WIDE,
            counts: Vec::new(),
            present: 0,
            workers,
        }
    }

    /// Reserves a worker from one moment to another, neither before `now`; false if that is not possible.
    #[inline(always)] // See `Recorder::request_in`.
    pub(super) fn reserve(&mut self, now: Time, from: Time, to: Time) -> bool {
        let [now, first, last] = [now, from, to].map(|it| it.as_nanos() >> self.grid.bits);
        self.move_on(now);
        if last >= self.present + self.grid.slots {
            return false;
        }
        let counts = self.counts.as_mut_slice();
        let around = counts.len() - 1;
        let mut most = 0;
        for slot in first..last + 1 {
            let count = &mut counts[slot as usize & around];
            *count += 1;
            most = most.max(*count);
        }
        let is_possible = u64::from(most) <= self.workers;
        if !is_possible {
            self.take_back(first, last);
        }
        is_possible
    }

    #[cold]
    fn take_back(&mut self, first: u64, last: u64) {
        for slot in first..=last {
            self.counts[(slot % self.grid.slots) as usize] -= 1;
        }
    }

    /// Nothing is reserved any more, and slots are fine from now on.
    pub(super) fn refine(&mut self) {
        self.grid = FINE;
        self.clear();
    }

    /// Whether slots are fine.
    pub(super) fn is_fine(&self) -> bool {
        self.grid == FINE
    }

    /// Nothing is reserved any more.
    pub(super) fn clear(&mut self) {
        self.counts.clear();
    }

    /// Slots that are over are used again for those to come.
    #[inline]
    fn move_on(&mut self, present: u64) {
        let slots = self.grid.slots;
        if self.counts.is_empty() || present >= self.present + slots {
            self.counts.clear();
            self.counts.resize(slots as usize, 0);
            self.present = present;
        }
        while self.present < present {
            self.counts[(self.present % slots) as usize] = 0;
            self.present += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The slots of a grid, by the times at which they begin.
    fn times(grid: Grid) -> (u64, impl Fn(u64) -> Time) {
        (grid.slots, move |slot| Time::from_nanos(slot << grid.bits))
    }

    fn of(workers: u64, grid: Grid) -> Reservations {
        let mut reservations = Reservations::new(workers);
        if grid == FINE {
            reservations.refine();
        }
        assert_eq!(reservations.is_fine(), grid == FINE);
        reservations
    }

    #[test]
    fn no_slot_takes_more_services_than_there_are_workers() {
        for grid in [WIDE, FINE] {
            let (_, at) = times(grid);
            let mut reservations = of(2, grid);
            let mut reserve = |from, to| reservations.reserve(at(0), at(from), at(to));
            assert!(reserve(1, 5));
            assert!(reserve(5, 9));
            assert!(!reserve(3, 6));
            assert!(reserve(3, 4));
            assert!(!reserve(4, 4));
            // What was refused has taken nothing.
            assert!(reserve(6, 9));
        }
    }

    #[test]
    fn slots_that_are_over_are_used_again() {
        for grid in [WIDE, FINE] {
            let (slots, at) = times(grid);
            let mut reservations = of(1, grid);
            assert!(reservations.reserve(at(0), at(0), at(3)));
            assert!(!reservations.reserve(at(3), at(3), at(4)));
            assert!(!reservations.reserve(at(3), at(slots), at(slots + 3)));
            assert!(reservations.reserve(at(4), at(slots), at(slots + 3)));
            assert!(reservations.reserve(at(3 * slots), at(3 * slots), at(3 * slots + 3)));
            reservations.clear();
            assert!(reservations.reserve(at(3 * slots), at(3 * slots), at(3 * slots + 3)));
        }
    }
}
