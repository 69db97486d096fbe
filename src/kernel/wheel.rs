//! A hierarchical wheel: the fast lane of the calendar.
//!
//! A heap pays for its depth at every step, though most of what it holds lies far in the future. The wheel sorts only
//! the near future and hangs everything later into slots, in no order. The bits of a time are cut into levels: an entry
//! hangs at the level of the highest bit in which its time differs from the end of the near future, in the slot of
//! that level's bits (Varghese and Lauck 1987; as the near future only moves on, it is also the radix heap of Ahuja and
//! others 1990). When the near future is used up, the first slot of the lowest level is taken: a few entries are
//! sorted, many are spread over the levels below. So each entry moves a few times in its life, whatever the number of
//! entries: `benches/hold.rs`. What comes into the near future after that goes to a heap, so that nothing gets slower
//! than with a heap alone.
//!
//! The middle level is as wide as two seconds in slots of 0.26 milliseconds, because that is what a busy run needs: a
//! slot holds a few events, and most answers are hung once. Busier runs go down to finer levels, calmer ones take
//! whole slots of the coarser ones.

use std::cmp::Reverse;

use super::heap::{Heap, Key};

/// The width of each level's slots, as a power of two in nanoseconds; a level ends where the next one begins.
const SHIFTS: [u32; LEVELS] = [1, 9, 18, 31, 41, 51, 58];

/// How many levels there are.
const LEVELS: usize = 7;

/// The level of each highest bit in which two times differ.
const LEVEL_OF_BIT: [u8; 64] = {
    let mut levels = [0; 64];
    let mut bit = 0;
    while bit < 64 {
        let mut level = LEVELS - 1;
        while level > 0 && SHIFTS[level] > bit {
            level -= 1;
        }
        levels[bit as usize] = level as u8;
        bit += 1;
    }
    levels
};

/// How many slots a level has.
const fn slots(level: usize) -> usize {
    let end = if level + 1 < LEVELS {
        SHIFTS[level + 1]
    } else {
        u64::BITS
    };
    1 << (end - SHIFTS[level])
}

/// The first of the far levels, whose slots hold their entries side by side: they wait long and move together, so that
/// they are read one after the other and not all over memory.
const FAR: usize = 3;

/// A slot with no more entries than this is sorted as it is.
const FEW: usize = 16;

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
    run: Vec<Next>,
    /// What came in after that, and not later than `reach`.
    near: Heap<E>,
    /// The end of the near future: no slot holds anything up to here.
    reach: u64,
    levels: Levels,
    /// By far level, then by slot: what the slot holds.
    far: [Box<[Vec<Entry<E>>]>; LEVELS - FAR],
    /// The entries of the run and of the slots of other levels, and places to use again.
    nodes: Vec<Node<E>>,
    vacant: u32,
}

/// An entry of the run: sorting moves these and not whole entries.
#[derive(Clone, Copy, Debug)]
struct Next {
    time: u64,
    place: u32,
}

#[derive(Clone, Debug)]
struct Levels {
    each: [Level; LEVELS],
    /// The levels that hold something, as bits.
    filled: u32,
}

#[derive(Clone, Debug)]
struct Level {
    shift: u32,
    /// The number of the last slot, which is one less than a power of two.
    last: usize,
    /// By slot: the first of a chain of nodes; none in a far level.
    slots: Box<[u32]>,
    /// The slots that hold something, as bits.
    filled: Box<[u64]>,
    /// The words of `filled` that are not zero, as bits.
    words: [u64; 2],
}

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

impl Level {
    fn new(level: usize) -> Level {
        Level {
            shift: SHIFTS[level],
            last: slots(level) - 1,
            slots: vec![NOBODY; if level < FAR { slots(level) } else { 0 }].into_boxed_slice(),
            filled: vec![0; slots(level).div_ceil(64)].into_boxed_slice(),
            words: [0; 2],
        }
    }

    /// The slot of a time, which holds something from now on.
    #[inline]
    fn mark(&mut self, time: u64) -> usize {
        let index = time.wrapping_shr(self.shift) as usize & self.last;
        let word = index / 64;
        self.filled[word] |= 1 << (index % 64);
        self.words[word / 64] |= 1 << (word % 64);
        index
    }

    /// Hangs a node into the slot of its time, and says which one it hangs before.
    #[inline]
    fn hang(&mut self, time: u64, place: u32) -> u32 {
        let index = self.mark(time);
        std::mem::replace(&mut self.slots[index], place)
    }

    /// Takes the mark off the first slot that holds something; there is one.
    #[inline]
    fn unmark_first(&mut self) -> usize {
        let half = usize::from(self.words[0] == 0);
        let word = 64 * half + self.words[half].trailing_zeros() as usize;
        let bits = &mut self.filled[word];
        let index = 64 * word + bits.trailing_zeros() as usize;
        *bits &= *bits - 1;
        if *bits == 0 {
            self.words[half] &= self.words[half] - 1;
        }
        index
    }

    /// Empties a slot, and says which node was the first.
    #[inline]
    fn empty(&mut self, index: usize) -> u32 {
        std::mem::replace(&mut self.slots[index], NOBODY)
    }

    #[inline]
    fn is_empty(&self) -> bool {
        self.words == [0; 2]
    }
}

impl Levels {
    fn new() -> Levels {
        Levels {
            each: std::array::from_fn(Level::new),
            filled: 0,
        }
    }

    /// The level of a time that lies beyond the reach, which holds something from now on.
    #[inline(always)] // Half of what putting in an entry costs was calling this.
    fn mark(&mut self, reach: u64, time: u64) -> usize {
        let level = usize::from(LEVEL_OF_BIT[(time ^ reach).ilog2() as usize]);
        self.filled |= 1 << level;
        level
    }

    /// Takes the mark off the first slot that holds something in the lowest level that does; says level and slot.
    #[inline]
    fn unmark_first(&mut self) -> Option<(usize, usize)> {
        if self.filled == 0 {
            return None;
        }
        let lowest = self.filled.trailing_zeros() as usize;
        let level = &mut self.each[lowest];
        let index = level.unmark_first();
        if level.is_empty() {
            self.filled &= self.filled - 1;
        }
        Some((lowest, index))
    }
}

impl<E: Copy> Wheel<E> {
    /// An empty wheel.
    pub fn new() -> Wheel<E> {
        Wheel {
            run: Vec::new(),
            near: Heap::new(),
            reach: 0,
            levels: Levels::new(),
            far: std::array::from_fn(|far| vec![Vec::new(); slots(FAR + far)].into()),
            nodes: Vec::new(),
            vacant: NOBODY,
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
        let entry = Entry { key, event };
        let level = self.levels.mark(self.reach, key.time);
        if level >= FAR {
            let index = self.levels.each[level].mark(key.time);
            return self.far[level - FAR][index].push(entry);
        }
        let place = self.place(entry);
        self.nodes[place as usize].next = self.levels.each[level].hang(key.time, place);
    }

    /// Puts an entry into a place of its own.
    #[inline]
    fn place(&mut self, entry: Entry<E>) -> u32 {
        let place = self.vacant;
        let Some(node) = self.nodes.get_mut(place as usize) else {
            return self.place_new(entry);
        };
        self.vacant = node.next;
        *node = Node {
            entry,
            next: NOBODY,
        };
        place
    }

    #[cold]
    fn place_new(&mut self, entry: Entry<E>) -> u32 {
        let place = u32::try_from(self.nodes.len()).expect("fewer than 2^32 entries");
        self.nodes.push(Node {
            entry,
            next: NOBODY,
        });
        place
    }

    /// The key that comes out next.
    #[inline]
    pub fn peek(&mut self) -> Option<Key> {
        self.prepare();
        let run = self.run.last().map(|next| self.key(next));
        match (run, self.near.peek()) {
            (Some(run), Some(near)) => Some(run.min(near)),
            (run, near) => run.or(near),
        }
    }

    /// Brings the next entries into order, if none are; says whether it did.
    #[inline]
    pub fn prepare(&mut self) -> bool {
        let is_used_up = self.run.is_empty() && self.near.is_empty();
        if is_used_up {
            self.reach_out();
        }
        is_used_up
    }

    /// The events of the entries that are in order and come next, the last one first; those that came in since are
    /// left out.
    pub fn prepared(&self) -> impl Iterator<Item = E> {
        self.run
            .iter()
            .map(|next| self.nodes[next.place as usize].entry.event)
    }

    /// Takes out the entry of the least key.
    #[inline]
    pub fn pop(&mut self) -> Option<(Key, E)> {
        if !self.near.is_empty() {
            return self.pop_near();
        }
        self.prepare();
        let place = self.run.pop()?.place;
        Some(self.vacate(place))
    }

    /// Takes out the entry of the least key while something came into the near future.
    fn pop_near(&mut self) -> Option<(Key, E)> {
        let near = self.near.peek()?;
        match self.run.last() {
            Some(&run) if self.key(&run) < near => {
                self.run.pop();
                Some(self.vacate(run.place))
            }
            _ => self.near.pop(),
        }
    }

    /// What stands at a place, which can be used again.
    #[inline]
    fn vacate(&mut self, place: u32) -> (Key, E) {
        let node = &mut self.nodes[place as usize];
        node.next = self.vacant;
        self.vacant = place;
        (node.entry.key, node.entry.event)
    }

    #[inline]
    fn key(&self, next: &Next) -> Key {
        self.nodes[next.place as usize].entry.key
    }

    /// Moves the end of the near future on until it has something again.
    fn reach_out(&mut self) {
        while self.run.is_empty()
            && let Some((level, index)) = self.levels.unmark_first()
        {
            if level >= FAR {
                self.take_far(level, index);
                continue;
            }
            let first = self.levels.each[level].empty(index);
            if !self.take_in(first, level) {
                self.reach_slot(level, index);
                self.spread(first);
            }
        }
        self.sort_run();
    }

    /// Moves the end of the near future to the first moment of a slot: from there all its times are at lower levels, or
    /// now.
    fn reach_slot(&mut self, level: usize, index: usize) {
        let shift = SHIFTS[level];
        let above = self.reach >> shift & !(slots(level) as u64 - 1);
        self.reach = (above | index as u64) << shift;
    }

    /// Empties a slot of a far level: few entries go to the run, which is sorted afterwards, and many to lower levels.
    #[inline(never)]
    fn take_far(&mut self, level: usize, index: usize) {
        let mut entries = std::mem::take(&mut self.far[level - FAR][index]);
        let are_few = entries.len() <= FEW;
        if !are_few {
            self.reach_slot(level, index);
        }
        for entry in entries.drain(..) {
            if !are_few && entry.key.time > self.reach {
                self.push(entry.key, entry.event);
            } else {
                let (time, place) = (entry.key.time, self.place(entry));
                self.run.push(Next { time, place });
            }
        }
        if are_few {
            self.far[level - FAR][index] = entries;
        }
    }

    /// Notes a chain of nodes in the run, which is sorted afterwards; false, and nothing done, if there are too many for
    /// that.
    #[inline]
    fn take_in(&mut self, first: u32, level: usize) -> bool {
        let mut place = first;
        while let Some(node) = self.nodes.get(place as usize) {
            if self.run.len() == FEW && level > 0 {
                self.run.clear();
                return false;
            }
            let time = node.entry.key.time;
            self.run.push(Next { time, place });
            place = node.next;
        }
        true
    }

    /// Hangs a chain of nodes into lower levels; what is due at the very end of the near future goes to the run.
    fn spread(&mut self, first: u32) {
        let mut place = first;
        while let Some(node) = self.nodes.get_mut(place as usize) {
            let (next, time) = (node.next, node.entry.key.time);
            if time > self.reach {
                let level = self.levels.mark(self.reach, time);
                node.next = self.levels.each[level].hang(time, place);
            } else {
                self.run.push(Next { time, place });
            }
            place = next;
        }
    }

    /// Brings the run into order; equal times are rare, and looked up.
    fn sort_run(&mut self) {
        if self.run.len() <= FEW {
            (1..self.run.len()).for_each(|index| self.sink(index));
        } else {
            let nodes = &self.nodes;
            let key = |next: &Next| nodes[next.place as usize].entry.key;
            self.run.sort_unstable_by_key(|next| Reverse(key(next)));
        }
        self.reach = self.run.first().map_or(self.reach, |last| last.time);
    }

    /// Moves an entry of the run, behind which nothing is sorted yet, to its place: most runs are of two or three.
    #[inline]
    fn sink(&mut self, index: usize) {
        let sinking = self.run[index];
        let mut hole = index;
        while hole > 0 && self.is_before(&self.run[hole - 1], &sinking) {
            self.run[hole] = self.run[hole - 1];
            hole -= 1;
        }
        self.run[hole] = sinking;
    }

    #[inline]
    fn is_before(&self, one: &Next, other: &Next) -> bool {
        if one.time == other.time {
            return self.key(one) < self.key(other);
        }
        one.time < other.time
    }

    /// How many entries are inside; it takes a walk over the vacant places.
    pub fn len(&self) -> usize {
        let next = |place: &u32| Some(self.nodes.get(*place as usize)?.next);
        let chain = std::iter::successors(Some(self.vacant), next);
        let vacant = chain.take_while(|place| *place != NOBODY).count();
        let far: usize = self.far.iter().flatten().map(Vec::len).sum();
        self.near.len() + self.nodes.len() + far - vacant
    }

    /// Whether no entry is inside.
    pub fn is_empty(&self) -> bool {
        self.run.is_empty() && self.near.is_empty() && self.levels.filled == 0
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
                    if ours.prepare() {
                        let next = ours.peek().map(|key| key.sequence);
                        prop_assert_eq!(ours.prepared().last(), next);
                        prop_assert!(ours.is_empty() || !ours.prepare());
                    }
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
        for round in 0..62 {
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
