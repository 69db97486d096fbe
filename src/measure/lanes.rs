//! What requests of the same names share, found at one look.
//!
//! Most requests go as most do: they add one to the same few counts as others of their names. So these are only
//! counted here, and the ledger and the shares get them in bulk.

use super::digest;
use super::ledger::{Ledger, RowKey};
use super::observation::RequestSeen;
use super::scope::Scope;
use super::shares::Shares;
use crate::kernel::hash::GOLDEN;
use crate::world::geography::MetroId;
use crate::world::ids::*;

/// What names a lane: group, hostname, entry, connection, container and endpoint, packed, and a hash of them.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LaneKey {
    names: [u64; 2],
    hash: u64,
}

/// What all requests share that have group, hostname, entry, connection, container and endpoint in common.
#[derive(Clone, Copy, Debug)]
pub struct Lane {
    key: [u64; 2],
    /// What their names add to the words of the fingerprint.
    pub names: u64,
    /// Their row of the ledger.
    pub row: u32,
    connection: Option<ConnectionRef>,
    endpoint: Option<EndpointId>,
    /// How many of them went as most do, and are in no other tally yet: those that read, and those that write.
    usual: [u64; 2],
}

/// Slots at first, as a power of two.
const FEWEST_BITS: u32 = 7;

/// No key is packed into words without a bit of zero.
const NOBODY: Lane = Lane {
    key: [u64::MAX; 2],
    names: 0,
    row: 0,
    connection: None,
    endpoint: None,
    usual: [0; 2],
};

/// The last lane seen in each slot: most requests find theirs here.
#[derive(Clone, Debug)]
pub struct Lanes {
    slots: Vec<Lane>,
    /// How many slots there are, as a power of two.
    bits: u32,
    /// How many of them hold a lane: at most half.
    filled: usize,
}

impl Lane {
    /// Counts a request of the lane that went as most do.
    #[inline]
    pub fn count_usual(&mut self, seen: &RequestSeen) {
        self.usual[usize::from(seen.is_write)] += 1;
    }

    /// Hands over what was counted here.
    fn hand_over(&mut self, ledger: &mut Ledger, shares: &mut Shares) {
        let [reads, writes] = std::mem::take(&mut self.usual);
        if reads + writes > 0 {
            ledger.record_usual(self.row, reads, writes);
            shares.record_usual(self.connection, self.endpoint, reads + writes);
        }
    }
}

impl Lanes {
    /// Lanes of which none is known.
    pub fn new() -> Lanes {
        Lanes {
            slots: vec![NOBODY; 1 << FEWEST_BITS],
            bits: FEWEST_BITS,
            filled: 0,
        }
    }

    /// The lane of a request, by its key.
    #[inline(always)] // See `Recorder::request_in`.
    pub fn of(
        &mut self,
        key: LaneKey,
        seen: &RequestSeen,
        ledger: &mut Ledger,
        shares: &mut Shares,
        scope: &Scope,
    ) -> &mut Lane {
        let mut slot = self.slot(key);
        if self.slots[slot].key != key.names {
            slot = self.learn(key, *seen, ledger, shares, scope);
        }
        &mut self.slots[slot]
    }

    /// Makes the lane of a request, and says in which slot.
    #[cold]
    fn learn(
        &mut self,
        key: LaneKey,
        seen: RequestSeen,
        ledger: &mut Ledger,
        shares: &mut Shares,
        scope: &Scope,
    ) -> usize {
        if 2 * self.filled >= self.slots.len() {
            self.hand_over(ledger, shares);
            self.bits += 1;
            self.slots = vec![NOBODY; 1 << self.bits];
            self.filled = 0;
        }
        let place = self.slot(key);
        let lane = &mut self.slots[place];
        lane.hand_over(ledger, shares);
        self.filled += usize::from(lane.key == NOBODY.key);
        *lane = Lane {
            key: key.names,
            names: digest::names_of_request(&seen, scope),
            row: ledger.row(RowKey::of(&seen)),
            connection: seen.connection,
            endpoint: seen.endpoint,
            usual: [0; 2],
        };
        place
    }

    /// Where the lane of a key is, if it is known.
    #[inline]
    fn slot(&self, key: LaneKey) -> usize {
        (key.hash >> (u64::BITS - self.bits)) as usize
    }

    /// Hands over all that was counted in lanes.
    pub fn hand_over(&mut self, ledger: &mut Ledger, shares: &mut Shares) {
        for lane in &mut self.slots {
            lane.hand_over(ledger, shares);
        }
    }
}

impl Default for Lanes {
    fn default() -> Lanes {
        Lanes::new()
    }
}

impl LaneKey {
    /// The key of a request's lane.
    #[inline]
    pub fn of(seen: &RequestSeen) -> LaneKey {
        let asked = (seen.id.group, seen.hostname, seen.entry);
        LaneKey::new(asked, seen.connection, seen.container, seen.endpoint)
    }

    /// The key of the lane of requests that share all this.
    #[inline]
    pub fn new(
        (group, hostname, entry): (GroupId, HostnameId, MetroId),
        connection: Option<ConnectionRef>,
        container: Option<ContainerId>,
        endpoint: Option<EndpointId>,
    ) -> LaneKey {
        let optional = |index: Option<usize>| index.map_or(0, |index| index as u64 + 1);
        let asked = u64::from(group.0) << 32 | u64::from(hostname.0) << 16 | u64::from(entry.0);
        let connection = connection.map_or(0, |it| {
            u64::from(it.index) << 17 | (u64::from(it.replica.0) + 1)
        });
        let served = connection << 34
            | optional(container.map(Position::index)) << 17
            | optional(endpoint.map(Position::index));
        LaneKey {
            names: [asked, served],
            hash: (asked.wrapping_mul(GOLDEN) ^ served).wrapping_mul(GOLDEN),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kernel::time::{Span, Time};
    use crate::measure::testing::{request, scope, through};

    #[test]
    fn requests_of_one_slot_do_not_share_a_lane() {
        let (scope, mut ledger, mut lanes) = (scope(), Ledger::default(), Lanes::new());
        let mut shares = Shares::new(&scope);
        let seen = request(Time::ZERO, Span::from_millis(1));
        for replica in [0, 1, 0] {
            let seen = through(seen, replica, 0);
            let lane = *lanes.of(LaneKey::of(&seen), &seen, &mut ledger, &mut shares, &scope);
            assert_eq!(lane.row, u32::from(replica));
            assert_eq!(lane.names, digest::names_of_request(&seen, &scope));
            lanes.slots.fill(lane);
        }
    }

    #[test]
    fn usual_requests_count_like_others_whatever_becomes_of_their_lane() {
        let scope = Scope {
            hostnames: vec![scope().hostnames[0].clone(); 400],
            ..scope()
        };
        let [mut ledger, mut expected] = [Ledger::default(), Ledger::default()];
        let [mut shares, mut expected_shares] = [Shares::new(&scope), Shares::new(&scope)];
        let mut lanes = Lanes::new();
        let seen = request(Time::ZERO, Span::from_millis(1));
        assert!(seen.is_usual());
        // More lanes than slots, several times over.
        for hostname in (0..400).cycle().take(1_000) {
            let seen = RequestSeen {
                hostname: HostnameId(hostname),
                is_write: hostname % 3 == 0,
                ..through(seen, 0, (hostname % 2) as u8)
            };
            lanes
                .of(LaneKey::of(&seen), &seen, &mut ledger, &mut shares, &scope)
                .count_usual(&seen);
            expected.record(&seen);
            expected_shares.record(&seen);
        }
        lanes.hand_over(&mut ledger, &mut shares);
        assert_eq!((ledger, shares), (expected, expected_shares));
    }
}
