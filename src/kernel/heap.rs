//! A four-ary heap: what the calendar's fast lane keeps in order while it grows.
//!
//! Four children a node instead of two halve the depth, and the four stand side by side in
//! memory: see `benches/hold.rs` for the comparison with the standard library's heap.

/// When an entry comes out: by time, then by order, then by sequence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// Nanoseconds since the start of the run.
    pub time: u64,
    /// The caller's rank among entries of the same time.
    pub order: u64,
    /// The count of entries made before, which decides between equal times and orders.
    pub sequence: u64,
}

impl Key {
    /// Whether this key comes out before the other.
    ///
    /// Times decide nearly always: one comparison of 64 bits, whose result is used as a number and
    /// not to branch. Comparing all three fields at once is up to twice as slow.
    #[inline]
    pub fn is_before(&self, other: &Key) -> bool {
        if self.time == other.time {
            self.wins_tie(other)
        } else {
            self.time < other.time
        }
    }

    #[cold]
    fn wins_tie(&self, other: &Key) -> bool {
        (self.order, self.sequence) < (other.order, other.sequence)
    }
}

/// A priority queue that hands out the entry of the least [`Key`].
///
/// ```
/// use tunnelsim::kernel::heap::{Heap, Key};
/// let mut heap = Heap::new();
/// heap.push(Key { time: 5, order: 0, sequence: 0 }, "late");
/// heap.push(Key { time: 2, order: 0, sequence: 1 }, "early");
/// assert_eq!(heap.pop().map(|(_, event)| event), Some("early"));
/// ```
#[derive(Clone, Debug)]
pub struct Heap<E> {
    entries: Vec<Entry<E>>,
}

#[derive(Clone, Copy, Debug)]
struct Entry<E> {
    key: Key,
    event: E,
}

/// Children of each node.
const ARITY: usize = 4;

impl<E: Copy> Heap<E> {
    /// An empty heap.
    pub const fn new() -> Heap<E> {
        Heap {
            entries: Vec::new(),
        }
    }

    /// Puts in an entry.
    #[inline]
    pub fn push(&mut self, key: Key, event: E) {
        let mut hole = self.entries.len();
        self.entries.push(Entry { key, event });
        while hole > 0 {
            let parent = (hole - 1) / ARITY;
            if !key.is_before(&self.entries[parent].key) {
                break;
            }
            self.entries[hole] = self.entries[parent];
            hole = parent;
        }
        self.entries[hole] = Entry { key, event };
    }

    /// The key that comes out next.
    #[inline]
    pub fn peek(&self) -> Option<Key> {
        self.entries.first().map(|entry| entry.key)
    }

    /// Takes out the entry of the least key.
    #[inline]
    pub fn pop(&mut self) -> Option<(Key, E)> {
        let last = self.entries.pop()?;
        let Some(&least) = self.entries.first() else {
            return Some((last.key, last.event));
        };
        self.sink(last);
        Some((least.key, least.event))
    }

    /// Lets an entry sink from the vacant root to its place.
    #[inline]
    fn sink(&mut self, entry: Entry<E>) {
        let entries = self.entries.as_mut_slice();
        let mut hole = 0;
        while let Some(child) = least_child(entries, hole) {
            if !entries[child].key.is_before(&entry.key) {
                break;
            }
            entries[hole] = entries[child];
            hole = child;
        }
        entries[hole] = entry;
    }

    /// How many entries are inside.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether no entry is inside.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<E: Copy> Default for Heap<E> {
    fn default() -> Self {
        Heap::new()
    }
}

/// The child of `node` that comes out first.
#[inline]
fn least_child<E>(entries: &[Entry<E>], node: usize) -> Option<usize> {
    let first = node * ARITY + 1;
    let children = entries.get(first..)?;
    let is_before = |a: usize, b: usize| children[a].key.is_before(&children[b].key);
    if children.len() < ARITY {
        return (0..children.len())
            .reduce(|a, b| if is_before(b, a) { b } else { a })
            .map(|child| first + child);
    }
    // A knockout among the four; the outcomes are random, so they are added up and not branched on.
    let left = usize::from(is_before(1, 0));
    let right = 2 + usize::from(is_before(3, 2));
    let step = right - left;
    Some(first + left + step * usize::from(is_before(right, left)))
}

#[cfg(test)]
mod tests {
    use std::cmp::Reverse;
    use std::collections::BinaryHeap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_heap_agrees_with_that_of_the_standard_library(
            steps in proptest::collection::vec(proptest::option::weighted(0.6, (0..20_u64, 0..4_u64)), 0..400),
        ) {
            let mut ours = Heap::new();
            let mut theirs = BinaryHeap::new();
            for (sequence, step) in steps.into_iter().enumerate() {
                let sequence = sequence as u64;
                if let Some((time, order)) = step {
                    ours.push(Key { time, order, sequence }, sequence);
                    theirs.push(Reverse((time, order, sequence)));
                } else {
                    let popped = ours.pop().map(|(key, event)| (key.time, key.order, event));
                    prop_assert_eq!(popped, theirs.pop().map(|Reverse(entry)| entry));
                }
                let first = ours.peek().map(|key| (key.time, key.order, key.sequence));
                prop_assert_eq!(first, theirs.peek().map(|Reverse(entry)| *entry));
                prop_assert_eq!(ours.len(), theirs.len());
            }
        }
    }

    #[test]
    fn no_key_comes_before_itself() {
        let key = Key {
            time: 1,
            order: 2,
            sequence: 3,
        };
        assert!(!key.is_before(&key));
        let mut heap = Heap::new();
        heap.push(key, ());
        assert!(!heap.is_empty());
    }

    #[test]
    fn an_empty_heap_gives_nothing() {
        let mut heap: Heap<()> = Heap::default();
        assert!(heap.is_empty());
        assert_eq!(heap.peek(), None);
        assert_eq!(heap.pop(), None);
    }
}
