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
use crate::world::ids::*;

/// What all requests share that have group, hostname, entry, connection, container and endpoint in common.
///
/// Who knows that many requests share a lane may keep one of its own and [hand it over](super::recorder::Recorder::take_in) later.
#[derive(Clone, Copy, Debug)]
pub struct Lane {
    /// What their names add to the words of the fingerprint.
    pub(super) names: u64,
    /// Their row of the ledger.
    pub(super) row: u32,
    connection: Option<ConnectionRef>,
    endpoint: Option<EndpointId>,
    /// How many of them went as most do, and are in no other tally yet: those that read, and those that write.
    usual: [u64; 2],
}

/// What names a lane, packed into words, which are compared and hashed faster.
type Key = [u64; 2];

/// Slots at first, as a power of two.
const FEWEST_BITS: u32 = 7;

/// No lane: no key is packed into words without a bit of zero.
const NOBODY: (Key, Lane) = (
    [u64::MAX; 2],
    Lane {
        names: 0,
        row: 0,
        connection: None,
        endpoint: None,
        usual: [0; 2],
    },
);

/// The last lane seen in each slot: most requests find theirs here.
#[derive(Clone, Debug)]
pub struct Lanes {
    slots: Vec<(Key, Lane)>,
    /// How many slots there are, as a power of two.
    bits: u32,
    /// How many of them hold a lane: at most half.
    filled: usize,
}

impl Lane {
    /// A lane like that of a request, in which nothing is counted.
    pub(super) fn new(seen: &RequestSeen, ledger: &mut Ledger, scope: &Scope) -> Lane {
        Lane {
            names: digest::names_of_request(seen, scope),
            row: ledger.row(RowKey::of(seen)),
            connection: seen.connection,
            endpoint: seen.endpoint,
            usual: [0; 2],
        }
    }

    /// Counts a request of the lane that went as most do.
    #[inline]
    pub(super) fn count_usual(&mut self, seen: &RequestSeen) {
        self.usual[usize::from(seen.is_write)] += 1;
    }

    /// Hands over what was counted here.
    pub(super) fn hand_over(&mut self, ledger: &mut Ledger, shares: &mut Shares) {
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

    /// The slot of the lane of a request, which is made if it is not known.
    pub(super) fn slot(
        &mut self,
        seen: &RequestSeen,
        ledger: &mut Ledger,
        shares: &mut Shares,
        scope: &Scope,
    ) -> usize {
        let key = packed(seen);
        let slot = slot(key, self.bits);
        if self.slots[slot].0 == key {
            return slot;
        }
        if 2 * self.filled >= self.slots.len() {
            self.hand_over(ledger, shares);
            self.bits += 1;
            self.slots = vec![NOBODY; 1 << self.bits];
            self.filled = 0;
        }
        self.learn(key, Lane::new(seen, ledger, scope), ledger, shares)
    }

    /// Keeps a lane, and says in which slot; what was there before hands over what it counted.
    #[cold]
    fn learn(&mut self, key: Key, lane: Lane, ledger: &mut Ledger, shares: &mut Shares) -> usize {
        let place = slot(key, self.bits);
        let (before, old) = &mut self.slots[place];
        old.hand_over(ledger, shares);
        self.filled += usize::from(*before == NOBODY.0);
        (*before, *old) = (key, lane);
        place
    }

    /// The lane of a slot.
    pub(super) fn at(&mut self, slot: usize) -> &mut Lane {
        &mut self.slots[slot].1
    }

    /// Hands over all that was counted in lanes.
    pub fn hand_over(&mut self, ledger: &mut Ledger, shares: &mut Shares) {
        for (_, lane) in &mut self.slots {
            lane.hand_over(ledger, shares);
        }
    }
}

impl Default for Lanes {
    fn default() -> Lanes {
        Lanes::new()
    }
}

/// The key of a request's lane.
#[inline]
fn packed(seen: &RequestSeen) -> Key {
    let optional = |index: Option<usize>| index.map_or(0, |index| index as u64 + 1);
    let asked = u64::from(seen.id.group.0) << 32
        | u64::from(seen.hostname.0) << 16
        | u64::from(seen.entry.0);
    let connection = seen.connection.map_or(0, |it| {
        u64::from(it.index) << 17 | (u64::from(it.replica.0) + 1)
    });
    let served = connection << 34
        | optional(seen.container.map(Position::index)) << 17
        | optional(seen.endpoint.map(Position::index));
    [asked, served]
}

/// The slot of a packed key.
#[inline]
fn slot(key: Key, bits: u32) -> usize {
    ((key[0].wrapping_mul(GOLDEN) ^ key[1]).wrapping_mul(GOLDEN) >> (u64::BITS - bits)) as usize
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
            let slot = lanes.slot(&seen, &mut ledger, &mut shares, &scope);
            let lane = *lanes.at(slot);
            assert_eq!(lane.row, u32::from(replica));
            assert_eq!(lane.names, digest::names_of_request(&seen, &scope));
            let kept = lanes.slots[slot];
            lanes.slots.fill(kept);
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
            let slot = lanes.slot(&seen, &mut ledger, &mut shares, &scope);
            lanes.at(slot).count_usual(&seen);
            expected.record(&seen);
            expected_shares.record(&seen);
        }
        lanes.hand_over(&mut ledger, &mut shares);
        assert_eq!((ledger, shares), (expected, expected_shares));
    }
}
