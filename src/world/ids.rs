//! Typed positions in the blueprint's lists, so that a host is never looked up among containers.

use std::marker::PhantomData;
use std::ops::{Index, IndexMut};

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default, serde::Serialize)]
        pub struct $name(pub u16);

        impl Position for $name {
            fn index(self) -> usize {
                usize::from(self.0)
            }
            fn at(index: usize) -> Self {
                $name(u16::try_from(index).expect("a scenario has at most 65,536 entities of one kind"))
            }
        }
    )+};
}

/// A position in one kind of list.
pub trait Position: Copy {
    /// The position as a plain index.
    fn index(self) -> usize;
    /// The position with that plain index.
    ///
    /// # Panics
    /// When the index does not fit 16 bits; the limits of the scenario file keep it far below.
    fn at(index: usize) -> Self;
}

ids! {
    /// A client group.
    GroupId,
    /// A public hostname.
    HostnameId,
    /// A host: a machine with everything on it.
    HostId,
    /// A container network.
    NetworkId,
    /// A container on one host.
    ContainerId,
    /// A store of data.
    StoreId,
    /// The data that several stores are supposed to agree on.
    DatasetId,
    /// A tunnel.
    TunnelId,
    /// A replica: one cloudflared process of a tunnel, over its restarts.
    ReplicaId,
    /// A DNS record of the scenario, in declared order.
    RecordId,
    /// A load balancer.
    BalancerId,
    /// A pool of a load balancer.
    PoolId,
    /// An endpoint of a pool.
    EndpointId,
    /// A health monitor.
    MonitorId,
    /// A fault of the scenario.
    FaultId,
}

/// A list that is indexed by its own kind of id.
#[derive(Clone, Debug)]
pub struct Arena<I, T> {
    items: Vec<T>,
    kind: PhantomData<I>,
}

impl<I, T> Default for Arena<I, T> {
    fn default() -> Self {
        Arena {
            items: Vec::new(),
            kind: PhantomData,
        }
    }
}

impl<I: Position, T> Arena<I, T> {
    /// Appends an item and returns its id.
    pub fn push(&mut self, item: T) -> I {
        self.items.push(item);
        I::at(self.items.len() - 1)
    }

    /// The items with their ids, in order.
    pub fn iter(&self) -> impl DoubleEndedIterator<Item = (I, &T)> {
        self.items.iter().enumerate().map(|(i, t)| (I::at(i), t))
    }

    /// The items with their ids, changeable, in order.
    pub fn iter_mut(&mut self) -> impl Iterator<Item = (I, &mut T)> {
        self.items
            .iter_mut()
            .enumerate()
            .map(|(i, t)| (I::at(i), t))
    }

    /// The ids, in order.
    pub fn ids(&self) -> impl DoubleEndedIterator<Item = I> + use<I, T> {
        (0..self.items.len()).map(I::at)
    }

    /// The items alone, in order.
    pub fn values(&self) -> &[T] {
        &self.items
    }

    /// How many items there are.
    pub fn len(&self) -> usize {
        self.items.len()
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// A list of the same shape with another item at every id.
    pub fn map<U>(&self, make: impl FnMut((I, &T)) -> U) -> Arena<I, U> {
        self.iter().map(make).collect()
    }
}

impl<I, T> FromIterator<T> for Arena<I, T> {
    fn from_iter<A: IntoIterator<Item = T>>(items: A) -> Self {
        Arena {
            items: items.into_iter().collect(),
            kind: PhantomData,
        }
    }
}

impl<I: Position, T> Index<I> for Arena<I, T> {
    type Output = T;
    fn index(&self, id: I) -> &T {
        &self.items[id.index()]
    }
}

impl<I: Position, T> IndexMut<I> for Arena<I, T> {
    fn index_mut(&mut self, id: I) -> &mut T {
        &mut self.items[id.index()]
    }
}

/// One of a replica's connections.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, serde::Serialize)]
pub struct ConnectionRef {
    /// The replica.
    pub replica: ReplicaId,
    /// The connection's index, from 0.
    pub index: u8,
}
