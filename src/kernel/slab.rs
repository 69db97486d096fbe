//! Storage for things that come and go, with ids that notice when they are out of date.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::num::NonZeroU32;

/// Names one `T` that was put into a [`Slab`]; stays harmless after that one is gone.
///
/// Ids are ordered by place, then by generation.
pub struct Id<T> {
    index: u32,
    /// Never zero, so that an `Option<Id>` takes no more space than an `Id`.
    generation: NonZeroU32,
    kind: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// The place in the slab; places are used again.
    pub const fn index(self) -> usize {
        self.index as usize
    }

    /// How many were at this place before.
    pub const fn generation(self) -> u32 {
        self.generation.get() - 1
    }

    const fn key(self) -> (u32, u32) {
        (self.index, self.generation())
    }
}

// Written out because deriving would ask the same of `T`, which the id does not contain.
impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Id<T> {}

impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl<T> Eq for Id<T> {}

impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(u64::from(self.index) << 32 | u64::from(self.generation()));
    }
}

impl<T> fmt::Debug for Id<T> {
    /// Writes place and generation: `#3.0`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "#{}.{}", self.index, self.generation())
    }
}

/// A collection that hands out an [`Id`] for each thing it takes in.
///
/// Inserting, looking up and removing take constant time. The place freed last is used first, so
/// the same sequence of calls gives the same ids.
///
/// ```
/// use tunnelsim::kernel::slab::Slab;
/// let mut requests = Slab::default();
/// let first = requests.insert("GET /");
/// assert_eq!(requests.remove(first), Some("GET /"));
/// let second = requests.insert("GET /cart");
/// assert_eq!(requests.get(first), None);
/// assert_eq!(requests.get(second), Some(&"GET /cart"));
/// ```
#[derive(Clone, Debug)]
pub struct Slab<T> {
    places: Vec<Place<T>>,
    free: Vec<u32>,
    len: usize,
}

#[derive(Clone, Debug)]
struct Place<T> {
    generation: NonZeroU32,
    content: Option<T>,
}

impl<T> Default for Slab<T> {
    fn default() -> Self {
        Slab {
            places: Vec::new(),
            free: Vec::new(),
            len: 0,
        }
    }
}

impl<T> Slab<T> {
    /// An empty slab.
    pub fn new() -> Self {
        Slab::default()
    }

    /// Takes in a value and names it.
    ///
    /// # Panics
    /// When 2^32 places are in use.
    #[inline]
    pub fn insert(&mut self, value: T) -> Id<T> {
        let index = self.free.pop().unwrap_or_else(|| {
            self.places.push(Place {
                generation: NonZeroU32::MIN,
                content: None,
            });
            u32::try_from(self.places.len() - 1).expect("a slab of more than 2^32 places")
        });
        let place = &mut self.places[index as usize];
        place.content = Some(value);
        self.len += 1;
        Id {
            index,
            generation: place.generation,
            kind: PhantomData,
        }
    }

    /// The value of this name, or nothing if it was removed.
    #[inline]
    pub fn get(&self, id: Id<T>) -> Option<&T> {
        let place = self.places.get(id.index())?;
        if place.generation == id.generation {
            place.content.as_ref()
        } else {
            None
        }
    }

    /// The value of this name, to be changed, or nothing if it was removed.
    ///
    /// ```
    /// use tunnelsim::kernel::slab::Slab;
    /// let mut counters = Slab::default();
    /// let id = counters.insert(1);
    /// *counters.get_mut(id).unwrap() += 1;
    /// assert_eq!(counters.remove(id), Some(2));
    /// assert_eq!(counters.get_mut(id), None);
    /// ```
    #[inline]
    pub fn get_mut(&mut self, id: Id<T>) -> Option<&mut T> {
        let place = self.places.get_mut(id.index())?;
        if place.generation == id.generation {
            place.content.as_mut()
        } else {
            None
        }
    }

    /// Takes out the value of this name, or nothing if that was done before.
    #[inline]
    pub fn remove(&mut self, id: Id<T>) -> Option<T> {
        let place = self.places.get_mut(id.index())?;
        if place.generation != id.generation {
            return None;
        }
        let value = place.content.take()?;
        self.len -= 1;
        // A place whose generations are used up is given up, so that no old id can come true again.
        if let Some(next) = place.generation.checked_add(1) {
            place.generation = next;
            self.free.push(id.index);
        }
        Some(value)
    }

    /// All values with their names, in order of their places.
    ///
    /// ```
    /// use tunnelsim::kernel::slab::Slab;
    /// let mut letters = Slab::default();
    /// letters.insert('a');
    /// letters.insert('b');
    /// assert_eq!(letters.iter().map(|(_, letter)| *letter).collect::<String>(), "ab");
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = (Id<T>, &T)> {
        self.places.iter().enumerate().filter_map(|(index, place)| {
            let (index, generation) = (index as u32, place.generation);
            let id = Id {
                index,
                generation,
                kind: PhantomData,
            };
            place.content.as_ref().map(|value| (id, value))
        })
    }

    /// All values, to be changed, in order of their places.
    pub fn values_mut(&mut self) -> impl Iterator<Item = &mut T> {
        self.places.iter_mut().flat_map(|place| &mut place.content)
    }

    /// How many values are inside.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether no value is inside.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl<T> std::ops::Index<Id<T>> for Slab<T> {
    type Output = T;

    /// # Panics
    /// When the value was removed: use [`Slab::get`] where that can be.
    #[inline]
    fn index(&self, id: Id<T>) -> &T {
        self.get(id).expect("the id of a value that was removed")
    }
}

impl<T> std::ops::IndexMut<Id<T>> for Slab<T> {
    /// # Panics
    /// When the value was removed: use [`Slab::get_mut`] where that can be.
    #[inline]
    fn index_mut(&mut self, id: Id<T>) -> &mut T {
        self.get_mut(id)
            .expect("the id of a value that was removed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_of_a_removed_value_finds_nothing() {
        let mut slab = Slab::new();
        let old = slab.insert(1);
        slab.remove(old);
        let new = slab.insert(2);
        assert_eq!((old.index(), new.index()), (0, 0));
        assert_eq!((old.generation(), new.generation()), (0, 1));
        assert_eq!(slab.get(old), None);
        assert_eq!(slab.get_mut(old), None);
        assert_eq!(slab.remove(old), None);
        assert_eq!(slab.get(new), Some(&2));
    }

    #[test]
    fn the_place_freed_last_is_used_first() {
        let mut slab = Slab::new();
        let ids: Vec<_> = (0..3).map(|value| slab.insert(value)).collect();
        slab.remove(ids[2]);
        slab.remove(ids[0]);
        assert_eq!(
            format!("{:?} {:?}", slab.insert(3), slab.insert(4)),
            "#0.1 #2.1"
        );
        assert_eq!(format!("{:?}", slab.insert(5)), "#3.0");
        let values: Vec<_> = slab
            .iter()
            .map(|(id, value)| (id.index(), *value))
            .collect();
        assert_eq!(values, [(0, 3), (1, 1), (2, 4), (3, 5)]);
        assert_eq!(slab.len(), 4);
    }

    #[test]
    fn a_place_whose_generations_are_used_up_is_given_up() {
        let mut slab = Slab::new();
        slab.insert('a');
        slab.places[0].generation = NonZeroU32::MAX;
        let (last, _) = slab.iter().next().unwrap();
        assert_eq!(slab.remove(last), Some('a'));
        assert_eq!(slab.get(last), None);
        assert_eq!(slab.insert('b').index(), 1);
        assert_eq!(slab.remove(last), None);
        assert_eq!(slab.len(), 1);
    }

    #[test]
    fn ids_are_ordered_by_place_then_generation() {
        let mut slab = Slab::new();
        let (a, b) = (slab.insert(()), slab.insert(()));
        slab.remove(a);
        let again = slab.insert(());
        assert!(a < again && again < b);
        assert!(!slab.is_empty());
    }
}
