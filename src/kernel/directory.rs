//! Values under numbers, found in constant time.

// Only looked up, never iterated.
#[allow(clippy::disallowed_types)]
use std::collections::HashMap;

use crate::kernel::hash::FixedState;
use crate::kernel::slab::{Id, Slab};

/// A map from keys to values that is gone through in the order of its places, which depends on nothing but the calls.
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
    #[allow(clippy::disallowed_types)]
    places: HashMap<u64, Id<T>, FixedState>,
    values: Slab<T>,
}

impl<T> Default for Directory<T> {
    fn default() -> Self {
        Directory {
            places: Default::default(),
            values: Slab::new(),
        }
    }
}

impl<T> Directory<T> {
    /// The value under a key.
    #[inline]
    pub fn get(&self, key: u64) -> Option<&T> {
        self.values.get(*self.places.get(&key)?)
    }

    /// The value under a key, to be changed.
    #[inline]
    pub fn get_mut(&mut self, key: u64) -> Option<&mut T> {
        self.values.get_mut(*self.places.get(&key)?)
    }

    /// The value under a key, made if there is none.
    pub fn get_or_insert_with(&mut self, key: u64, make: impl FnOnce() -> T) -> &mut T {
        let values = &mut self.values;
        let place = *self
            .places
            .entry(key)
            .or_insert_with(|| values.insert(make()));
        &mut values[place]
    }

    /// Takes out the value under a key.
    pub fn remove(&mut self, key: u64) -> Option<T> {
        self.values.remove(self.places.remove(&key)?)
    }

    /// All values, in the order of their places.
    pub fn values(&self) -> impl Iterator<Item = &T> {
        self.values.iter().map(|(_, value)| value)
    }

    /// All values, to be changed, in the order of their places.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.values.values_mut()
    }
}
