//! A copy that follows the primary of an asynchronous store.

use std::collections::{BTreeMap, VecDeque};

use super::record::Version;
use crate::kernel::time::{Span, Time};

/// A write on its way to a copy.
#[derive(Clone, Copy, Debug)]
struct Pending {
    key: u64,
    version: Version,
    arrives: Time,
    acknowledged: bool,
}

/// What a copy has of a key while it is behind.
#[derive(Clone, Copy, Debug)]
struct Behind {
    version: Version,
    pending: u32,
}

/// A copy: only what it lacks is kept, the rest is as on the primary.
///
/// Writes arrive in the order in which the primary took them, so one that has drawn a short lag
/// waits for those before it.
#[derive(Clone, Debug, Default)]
pub(super) struct Follower {
    pending: VecDeque<Pending>,
    behind: BTreeMap<u64, Behind>,
    cut_off: bool,
    /// Nothing that was due before arrives earlier than this.
    not_before: Time,
}

/// A write that the primary took and no copy will ever have.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Dropped {
    /// Its key.
    pub(super) key: u64,
    /// The version that is left of the key.
    pub(super) left: Version,
    /// Acknowledged writes that are lost.
    pub(super) lost: u32,
}

impl Follower {
    /// The primary replaced `before` by `version`, and the write takes `lag` to arrive.
    pub(super) fn send(
        &mut self,
        key: u64,
        before: Version,
        version: Version,
        lag: Span,
        now: Time,
    ) {
        self.catch_up(now);
        let last = self
            .pending
            .back()
            .map_or(Time::ZERO, |pending| pending.arrives);
        let arrives = (now + lag).max(last);
        self.pending.push_back(Pending {
            key,
            version,
            arrives,
            acknowledged: false,
        });
        let behind = self.behind.entry(key).or_insert(Behind {
            version: before,
            pending: 0,
        });
        behind.pending += 1;
    }

    /// A client was told of a write.
    pub(super) fn acknowledge(&mut self, version: Version) {
        if let Ok(position) = self
            .pending
            .binary_search_by_key(&version, |write| write.version)
        {
            self.pending[position].acknowledged = true;
        }
    }

    /// The copy's version of a key, which the primary has in version `primary`.
    pub(super) fn version(&mut self, key: u64, primary: Version, now: Time) -> Version {
        self.catch_up(now);
        self.behind
            .get(&key)
            .map_or(primary, |behind| behind.version)
    }

    /// Takes in what has arrived.
    fn catch_up(&mut self, now: Time) {
        if self.cut_off || now < self.not_before {
            return;
        }
        while let Some(write) = self
            .pending
            .front()
            .copied()
            .filter(|write| write.arrives <= now)
        {
            self.pending.pop_front();
            let behind = self
                .behind
                .get_mut(&write.key)
                .expect("a pending write has an entry");
            behind.version = write.version;
            behind.pending -= 1;
            if behind.pending == 0 {
                self.behind.remove(&write.key);
            }
        }
    }

    /// Cuts the copy off from the primary, or joins them again: what was held up arrives at once.
    pub(super) fn cut_off(&mut self, cut_off: bool, now: Time) {
        self.catch_up(now);
        if self.cut_off && !cut_off {
            self.not_before = now;
        }
        self.cut_off = cut_off;
    }

    /// Gives up what has not arrived, in order of keys.
    pub(super) fn drop_pending(&mut self) -> Vec<Dropped> {
        let mut dropped: BTreeMap<u64, Dropped> = BTreeMap::new();
        for write in self.pending.drain(..) {
            let left = self.behind[&write.key].version;
            let entry = dropped.entry(write.key).or_insert(Dropped {
                key: write.key,
                left,
                lost: 0,
            });
            entry.lost += u32::from(write.acknowledged);
        }
        self.behind.clear();
        dropped.into_values().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(secs: u64) -> Time {
        Time::ZERO + Span::from_secs(secs)
    }

    fn follower_with_two_writes() -> Follower {
        let mut follower = Follower::default();
        follower.send(7, Version::NONE, Version(1), Span::from_secs(5), at(0));
        follower.send(7, Version(1), Version(2), Span::from_secs(1), at(1));
        follower
    }

    #[test]
    fn writes_arrive_after_their_lag_and_in_order() {
        let mut follower = follower_with_two_writes();
        assert_eq!(follower.version(7, Version(2), at(4)), Version::NONE);
        assert_eq!(follower.version(7, Version(2), at(5)), Version(2));
        assert_eq!(follower.version(8, Version(9), at(5)), Version(9));
    }

    #[test]
    fn a_copy_that_is_cut_off_stays_behind_until_it_is_joined() {
        let mut follower = follower_with_two_writes();
        follower.cut_off(true, at(2));
        assert_eq!(follower.version(7, Version(2), at(60)), Version::NONE);
        follower.cut_off(false, at(60));
        assert_eq!(follower.version(7, Version(2), at(60)), Version(2));
    }

    #[test]
    fn what_has_not_arrived_is_dropped_with_its_acknowledged_writes() {
        let mut follower = follower_with_two_writes();
        follower.acknowledge(Version(2));
        follower.acknowledge(Version(3));
        let dropped = Dropped {
            key: 7,
            left: Version::NONE,
            lost: 1,
        };
        assert_eq!(follower.drop_pending(), [dropped]);
        assert_eq!(follower.drop_pending(), []);
    }
}
