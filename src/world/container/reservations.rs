//! Workers that are reserved for services to come.
//!
//! Time is cut into slots, and for each slot the services are counted that touch it. While no slot counts more services
//! than there are workers, each service finds a free worker whenever it starts and whoever else comes. A slot may
//! count services that are not in progress at the same time, so it happens that nothing can be reserved though a
//! worker would be free; never the other way round.

use crate::kernel::time::Time;

/// The width of a slot, as a power of two in nanoseconds: about two milliseconds.
const SLOT_BITS: u32 = 21;

/// How many slots there are: a little more than eight seconds.
const SLOTS: u64 = 4096;

/// Services of one container, by slot. They are kept only for the next few seconds.
#[derive(Clone, Debug)]
pub(super) struct Reservations {
    /// By slot modulo [`SLOTS`]; empty before the first reservation.
    counts: Vec<u32>,
    /// The slots before this one are over, and count nothing.
    present: u64,
    workers: u64,
}

impl Reservations {
    /// No reservations of so many workers.
    pub(super) fn new(workers: u64) -> Reservations {
        Reservations {
            counts: Vec::new(),
            present: 0,
            workers,
        }
    }

    /// Reserves a worker from one moment to another, neither before `now`; false if that is not possible.
    #[inline(always)] // A third of what it costs would be the call.
    pub(super) fn reserve(&mut self, now: Time, from: Time, to: Time) -> bool {
        self.move_on(slot(now));
        let (first, last) = (slot(from), slot(to));
        if last >= self.present + SLOTS {
            return false;
        }
        let counts = self.counts.as_mut_slice();
        let counts: &mut [u32; SLOTS as usize] = counts.try_into().expect("one for each slot");
        let mut most = 0;
        for slot in first..last + 1 {
            let count = &mut counts[(slot % SLOTS) as usize];
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
            self.counts[(slot % SLOTS) as usize] -= 1;
        }
    }

    /// Nothing is reserved any more.
    pub(super) fn clear(&mut self) {
        self.counts.clear();
    }

    /// Slots that are over are used again for those to come.
    #[inline]
    fn move_on(&mut self, present: u64) {
        if self.counts.is_empty() || present >= self.present + SLOTS {
            self.counts.clear();
            self.counts.resize(SLOTS as usize, 0);
            self.present = present;
        }
        while self.present < present {
            self.counts[(self.present % SLOTS) as usize] = 0;
            self.present += 1;
        }
    }
}

#[inline]
fn slot(moment: Time) -> u64 {
    moment.as_nanos() >> SLOT_BITS
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(slots: u64) -> Time {
        Time::from_nanos(slots << SLOT_BITS)
    }

    #[test]
    fn no_slot_takes_more_services_than_there_are_workers() {
        let mut reservations = Reservations::new(2);
        let mut reserve = |from, to| reservations.reserve(at(0), at(from), at(to));
        assert!(reserve(1, 5));
        assert!(reserve(5, 9));
        assert!(!reserve(3, 6));
        assert!(reserve(3, 4));
        assert!(!reserve(4, 4));
        // What was refused has taken nothing.
        assert!(reserve(6, 9));
    }

    #[test]
    fn slots_that_are_over_are_used_again() {
        let mut reservations = Reservations::new(1);
        assert!(reservations.reserve(at(0), at(0), at(3)));
        assert!(!reservations.reserve(at(3), at(3), at(4)));
        assert!(!reservations.reserve(at(3), at(SLOTS), at(SLOTS + 3)));
        assert!(reservations.reserve(at(4), at(SLOTS), at(SLOTS + 3)));
        assert!(reservations.reserve(at(3 * SLOTS), at(3 * SLOTS), at(3 * SLOTS + 3)));
        reservations.clear();
        assert!(reservations.reserve(at(3 * SLOTS), at(3 * SLOTS), at(3 * SLOTS + 3)));
    }
}
