//! Values under numbers, found in constant time.

use crate::kernel::hash::GOLDEN;

/// A map from keys to values that is gone through in the order of its places, which depends on nothing but the calls.
///
/// Keys and values stand side by side in one table (open addressing with linear probing, Knuth 1973, 6.4), so that
/// finding a value takes one look at memory that is not in the processor's cache, and not one for each of key, place
/// and value.
///
/// ```
/// use tunnelsim::kernel::directory::Directory;
/// let mut carts = Directory::default();
/// *carts.get_or_insert_with(7, || 0) += 2;
/// assert_eq!(carts.get(7), Some(&2));
/// assert_eq!(carts.remove(7), Some(2));
/// ```
#[derive(Clone, Debug)]
pub struct Directory<T> {
    /// None, or a power of two of places, of which at most half are taken. An entry stands at its key's home or, with
    /// no free place in between, after it.
    places: Vec<Option<(u64, T)>>,
    /// How far a hashed key is shifted to make a place.
    shift: u32,
    len: usize,
}

/// Places of the first table.
const FEWEST: usize = 16;

impl<T> Default for Directory<T> {
    fn default() -> Self {
        Directory {
            places: Vec::new(),
            shift: u64::BITS - 1,
            len: 0,
        }
    }
}

impl<T> Directory<T> {
    /// The value under a key.
    #[inline]
    pub fn get(&self, key: u64) -> Option<&T> {
        let (_, value) = self.places.get(self.find(key))?.as_ref()?;
        Some(value)
    }

    /// The value under a key, to be changed.
    #[inline]
    pub fn get_mut(&mut self, key: u64) -> Option<&mut T> {
        let place = self.find(key);
        let (_, value) = self.places.get_mut(place)?.as_mut()?;
        Some(value)
    }

    /// The value under a key, made if there is none.
    pub fn get_or_insert_with(&mut self, key: u64, make: impl FnOnce() -> T) -> &mut T {
        if 2 * self.len >= self.places.len() {
            self.grow();
        }
        let place = self.find(key);
        let entry = &mut self.places[place];
        self.len += usize::from(entry.is_none());
        &mut entry.get_or_insert_with(|| (key, make())).1
    }

    /// Takes out the value under a key.
    pub fn remove(&mut self, key: u64) -> Option<T> {
        let mut hole = self.find(key);
        let (_, value) = self.places.get_mut(hole)?.take()?;
        self.len -= 1;
        // Whoever stands behind the hole and could stand in it moves up, or would not be found again.
        let mut place = hole;
        loop {
            place = self.after(place);
            let Some((key, _)) = &self.places[place] else {
                return Some(value);
            };
            let from_home = self.distance(self.home(*key), place);
            if from_home >= self.distance(hole, place) {
                self.places.swap(hole, place);
                hole = place;
            }
        }
    }

    /// All values, in the order of their places.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.places.iter().flatten().map(|(_, value)| value)
    }

    /// All values, to be changed, in the order of their places.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.places.iter_mut().flatten().map(|(_, value)| value)
    }

    /// Where the entry of a key stands or would stand.
    #[inline]
    fn find(&self, key: u64) -> usize {
        let mut place = self.home(key);
        while let Some(Some((other, _))) = self.places.get(place)
            && *other != key
        {
            place = self.after(place);
        }
        place
    }

    /// The first place that a key may stand at: the highest bits of a product, which all bits of the key reach.
    #[inline]
    fn home(&self, key: u64) -> usize {
        (key.wrapping_mul(GOLDEN) >> self.shift) as usize
    }

    #[inline]
    fn after(&self, place: usize) -> usize {
        (place + 1) & (self.places.len() - 1)
    }

    /// How many places lie between one and a later one, around the end.
    fn distance(&self, from: usize, to: usize) -> usize {
        to.wrapping_sub(from) & (self.places.len() - 1)
    }

    #[cold]
    fn grow(&mut self) {
        let places = (2 * self.places.len()).max(FEWEST);
        self.shift = u64::BITS - places.ilog2();
        let mut larger = Vec::new();
        larger.resize_with(places, || None);
        let entries = std::mem::replace(&mut self.places, larger);
        for (key, value) in entries.into_iter().flatten() {
            let place = self.find(key);
            self.places[place] = Some((key, value));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn the_directory_agrees_with_a_tree(
            steps in proptest::collection::vec((0..3_u8, 0..64_u64, any::<bool>()), 0..600),
        ) {
            let mut ours = Directory::default();
            let mut theirs = BTreeMap::new();
            for (step, (action, key, is_spread)) in steps.into_iter().enumerate() {
                // Keys of one home, and keys of homes far apart.
                let key = if is_spread { key.wrapping_mul(GOLDEN) } else { key };
                match action {
                    0 => prop_assert_eq!(ours.remove(key), theirs.remove(&key)),
                    1 => prop_assert_eq!(ours.get(key), theirs.get(&key)),
                    _ => prop_assert_eq!(ours.get_or_insert_with(key, || step), theirs.entry(key).or_insert(step)),
                }
                let mut values: Vec<usize> = ours.values().copied().collect();
                values.sort_unstable();
                let mut expected: Vec<usize> = theirs.values().copied().collect();
                expected.sort_unstable();
                prop_assert_eq!(values, expected);
            }
        }
    }

    #[test]
    fn an_empty_directory_gives_nothing() {
        let mut directory: Directory<u8> = Directory::default();
        assert_eq!(directory.get(0), None);
        assert_eq!(directory.get_mut(u64::MAX), None);
        assert_eq!(directory.remove(1), None);
    }
}
