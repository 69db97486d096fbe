//! A hierarchical wheel: the fast lane of the calendar.
//!
//! A heap pays for its depth at every step, though most of what it holds lies far in the future. The wheel sorts only
//! the near future and hangs everything later into slots, in no order. Eight levels of 256 slots stand for the eight
//! bytes of a time (shifted by a bit): an entry hangs at the level of the highest byte in which its time differs from
//! the end of the near future, in the slot of that byte (Varghese and Lauck 1987; as the near future only moves on, it is also the radix
//! heap of Ahuja and others 1990). When the near future is used up, the first slot of the lowest level is taken: a few
//! entries are sorted, many are spread over the levels below. So each entry moves a few times in its life, whatever
//! the number of entries, and nothing has to be tuned: `benches/hold.rs`. What comes into the near future after that
//! goes to a heap, so that nothing gets slower than with a heap alone.

use std::cmp::Reverse;

use super::heap::{Heap, Key};

/// Slots of one level: the values of a byte.
const SLOTS: usize = 256;

/// Levels: the bytes of a time.
const LEVELS: usize = 8;

/// The lowest slots are so many bits wide: the finest ones that hold several entries in a busy run.
const GRAIN: u32 = 1;

/// A slot with no more entries than this is sorted as it is.
const FEW: u32 = 16;

/// No entry.
const NOBODY: u32 = u32::MAX;

/// A priority queue that hands out the entry of the least [`Key`], whose time must not lie before the last one's.
///
/// ```
/// use tunnelsim::kernel::heap::Key;
/// use tunnelsim::kernel::wheel::Wheel;
/// let mut wheel = Wheel::new();
/// wheel.push(Key { time: 5_000_000, order: 0, sequence: 0 }, "late");
/// wheel.push(Key { time: 2, order: 0, sequence: 1 }, "early");
/// assert_eq!(wheel.pop().map(|(_, event)| event), Some("early"));
/// ```
#[derive(Clone, Debug)]
pub struct Wheel<E> {
    /// The slot taken last, the next entry at the end.
    run: Vec<Entry<E>>,
    /// What came in after that, and not later than `reach`.
    near: Heap<E>,
    /// The end of the near future: no slot holds anything up to here.
    reach: u64,
    levels: Box<[Level; LEVELS]>,
    /// The levels that hold something, as bits.
    filled: u32,
    /// The entries of the slots, and places to use again.
    nodes: Vec<Node<E>>,
    vacant: u32,
    later: usize,
}

#[derive(Clone, Debug)]
struct Level {
    slots: [Slot; SLOTS],
    /// The slots that hold something, as bits.
    filled: [u64; SLOTS / 64],
}

/// A chain of entries.
#[derive(Clone, Copy, Debug)]
struct Slot {
    first: u32,
    count: u32,
}

const EMPTY: Slot = Slot {
    first: NOBODY,
    count: 0,
};

#[derive(Clone, Copy, Debug)]
struct Entry<E> {
    key: Key,
    event: E,
}

#[derive(Clone, Copy, Debug)]
struct Node<E> {
    entry: Entry<E>,
    next: u32,
}

/// How many bits of a time lie below the index of a level's slots.
#[inline]
fn shift(level: usize) -> u32 {
    8 * level as u32 + GRAIN
}

impl<E: Copy> Wheel<E> {
    /// An empty wheel.
    pub fn new() -> Wheel<E> {
        const LEVEL: Level = Level {
            slots: [EMPTY; SLOTS],
            filled: [0; SLOTS / 64],
        };
        Wheel {
            run: Vec::new(),
            near: Heap::new(),
            reach: 0,
            levels: Box::new([LEVEL; LEVELS]),
            filled: 0,
            nodes: Vec::new(),
            vacant: NOBODY,
            later: 0,
        }
    }

    /// Puts in an entry.
    ///
    /// # Panics
    /// When 2^32 entries are inside.
    #[inline]
    pub fn push(&mut self, key: Key, event: E) {
        if key.time <= self.reach {
            return self.near.push(key, event);
        }
        let node = Node {
            entry: Entry { key, event },
            next: NOBODY,
        };
        let place = self.vacant;
        if let Some(vacant) = self.nodes.get_mut(place as usize) {
            self.vacant = vacant.next;
            *vacant = node;
            self.hang(place);
        } else {
            let place = u32::try_from(self.nodes.len()).expect("fewer than 2^32 entries");
            self.nodes.push(node);
            self.hang(place);
        }
        self.later += 1;
    }

    /// Hangs a node that lies beyond the reach into its slot.
    #[inline]
    fn hang(&mut self, place: u32) {
        let node = &mut self.nodes[place as usize];
        let time = node.entry.key.time;
        let level = ((time ^ self.reach).ilog2().saturating_sub(GRAIN) / 8) as usize;
        let index = (time >> shift(level)) as usize % SLOTS;
        let Level { slots, filled } = &mut self.levels[level];
        let slot = &mut slots[index];
        node.next = slot.first;
        slot.first = place;
        slot.count += 1;
        filled[index / 64] |= 1 << (index % 64);
        self.filled |= 1 << level;
    }

    /// The key that comes out next.
    #[inline]
    pub fn peek(&mut self) -> Option<Key> {
        self.reach_out_if_needed();
        let run = self.run.last().map(|entry| entry.key);
        match (run, self.near.peek()) {
            (Some(run), Some(near)) => Some(run.min(near)),
            (run, near) => run.or(near),
        }
    }

    /// Takes out the entry of the least key.
    #[inline]
    pub fn pop(&mut self) -> Option<(Key, E)> {
        self.reach_out_if_needed();
        let next = self.run.last().map(|entry| entry.key);
        match (next, self.near.peek()) {
            (None, _) => self.near.pop(),
            (Some(run), Some(near)) if near < run => self.near.pop(),
            _ => self.run.pop().map(|entry| (entry.key, entry.event)),
        }
    }

    #[inline]
    fn reach_out_if_needed(&mut self) {
        if self.run.is_empty() && self.near.is_empty() {
            self.reach_out();
        }
    }

    /// Moves the end of the near future on until it has something again.
    fn reach_out(&mut self) {
        while self.run.is_empty() && self.filled != 0 {
            let level = self.filled.trailing_zeros() as usize;
            let (index, slot) = self.take_first_slot(level);
            if slot.count > FEW && level > 0 {
                // From the first moment of the slot all its times are at lower levels, or now.
                let above = self.reach >> shift(level) >> 8 << 8;
                self.reach = (above | index as u64) << shift(level);
                self.each(slot, Self::hang_or_take_in);
            } else {
                self.each(slot, Self::take_in);
            }
        }
        self.run.sort_unstable_by_key(|entry| Reverse(entry.key));
        self.reach = self.run.first().map_or(self.reach, |last| last.key.time);
    }

    /// Empties the first filled slot of a level that has one.
    fn take_first_slot(&mut self, level: usize) -> (usize, Slot) {
        let Level { slots, filled } = &mut self.levels[level];
        let word = filled.iter().position(|word| *word != 0);
        let word = word.expect("the level holds something");
        let index = word * 64 + filled[word].trailing_zeros() as usize;
        filled[word] &= filled[word] - 1;
        if *filled == [0; SLOTS / 64] {
            self.filled &= !(1 << level);
        }
        (index, std::mem::replace(&mut slots[index], EMPTY))
    }

    /// Does something with each node of a chain.
    #[inline]
    fn each(&mut self, slot: Slot, act: impl Fn(&mut Self, u32)) {
        let mut place = slot.first;
        while let Some(node) = self.nodes.get(place as usize) {
            let next = node.next;
            act(self, place);
            place = next;
        }
    }

    #[inline]
    fn hang_or_take_in(&mut self, place: u32) {
        if self.nodes[place as usize].entry.key.time > self.reach {
            self.hang(place);
        } else {
            self.take_in(place);
        }
    }

    /// Moves a node's entry to the run, which is sorted afterwards.
    #[inline]
    fn take_in(&mut self, place: u32) {
        let node = &mut self.nodes[place as usize];
        self.run.push(node.entry);
        node.next = self.vacant;
        self.vacant = place;
        self.later -= 1;
    }

    /// How many entries are inside.
    pub fn len(&self) -> usize {
        self.run.len() + self.near.len() + self.later
    }

    /// Whether no entry is inside.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<E: Copy> Default for Wheel<E> {
    fn default() -> Self {
        Wheel::new()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BinaryHeap;

    use proptest::prelude::*;

    use super::*;

    /// Steps into the future of all sizes, with ties.
    fn steps() -> impl Strategy<Value = Vec<Option<(u64, u64)>>> {
        let ahead = (0..40_u32, 0..4_u64).prop_map(|(bits, more)| more << bits);
        proptest::collection::vec(proptest::option::weighted(0.6, (ahead, 0..4_u64)), 0..600)
    }

    proptest! {
        #[test]
        fn the_wheel_agrees_with_the_heap_of_the_standard_library(steps in steps()) {
            let mut ours = Wheel::new();
            let mut theirs = BinaryHeap::new();
            let mut now = 0;
            for (sequence, step) in steps.into_iter().enumerate() {
                let sequence = sequence as u64;
                if let Some((ahead, order)) = step {
                    let time = now + ahead;
                    ours.push(Key { time, order, sequence }, sequence);
                    theirs.push(Reverse((time, order, sequence)));
                } else {
                    let popped = ours.pop().map(|(key, event)| (key.time, key.order, event));
                    now = popped.map_or(now, |(time, ..)| time);
                    prop_assert_eq!(popped, theirs.pop().map(|Reverse(entry)| entry));
                }
                prop_assert_eq!(ours.len(), theirs.len());
            }
            while let Some(Reverse(entry)) = theirs.pop() {
                let first = ours.peek().map(|key| (key.time, key.order, key.sequence));
                prop_assert_eq!(first, Some(entry));
                prop_assert_eq!(ours.pop().map(|(key, event)| (key.time, key.order, event)), Some(entry));
            }
            prop_assert!(ours.is_empty());
        }
    }

    #[test]
    fn a_burst_into_the_near_future_comes_out_in_order() {
        let key = |time, sequence| Key {
            time,
            order: 0,
            sequence,
        };
        let mut wheel = Wheel::new();
        wheel.push(key(10, 0), 0);
        wheel.push(key(1 << 30, 1), 1);
        assert_eq!(wheel.pop().map(|(_, event)| event), Some(0));
        assert_eq!(wheel.peek().map(|key| key.time), Some(1 << 30));
        (2..1_000).for_each(|sequence| {
            wheel.push(key(sequence * 7_919 % 1_000 + 10, sequence), sequence)
        });
        let times: Vec<u64> = std::iter::from_fn(|| wheel.pop())
            .map(|(key, _)| key.time)
            .collect();
        assert!(times.is_sorted() && times.len() == 999);
    }

    #[test]
    fn a_crowded_slot_is_spread_and_comes_out_in_order() {
        let mut wheel = Wheel::new();
        for sequence in 0..10_000_u64 {
            let time = 1 << 40 | (sequence.wrapping_mul(0x9e37_79b9) & 0xffff);
            wheel.push(
                Key {
                    time,
                    order: 0,
                    sequence,
                },
                sequence,
            );
        }
        let times: Vec<u64> = std::iter::from_fn(|| wheel.pop())
            .map(|(key, _)| key.time)
            .collect();
        assert_eq!(times.len(), 10_000);
        assert!(times.is_sorted());
    }

    #[test]
    fn crowds_that_follow_each_other_come_out_in_order() {
        // Each crowd lies beyond the last one, at another distance, and a few of each stay for the next.
        let mut ours = Wheel::new();
        let mut theirs = BinaryHeap::new();
        let (mut sequence, mut now) = (0_u64, 0);
        for round in 0..48 {
            let (ahead, wide) = (1 << round, (1 << (round % 24 + 2)) - 1);
            for _ in 0..100 {
                let time = now + ahead + (sequence.wrapping_mul(0x9e37_79b9) & wide);
                let order = sequence % 3;
                ours.push(
                    Key {
                        time,
                        order,
                        sequence,
                    },
                    sequence,
                );
                theirs.push(Reverse((time, order, sequence)));
                sequence += 1;
            }
            while theirs.len() > 7 {
                let popped = ours.pop().map(|(key, event)| (key.time, key.order, event));
                now = popped.map_or(now, |(time, ..)| time);
                assert_eq!(popped, theirs.pop().map(|Reverse(entry)| entry));
            }
            assert!(ours.len() == 7 && !ours.is_empty());
        }
    }

    #[test]
    fn an_empty_wheel_gives_nothing() {
        let mut wheel: Wheel<()> = Wheel::default();
        assert!(wheel.is_empty());
        assert_eq!(wheel.peek(), None);
        assert_eq!(wheel.pop(), None);
    }
}
