//! What requests of the same names share, found at one look.

use super::digest;
use super::ledger::{Ledger, RowKey};
use super::observation::RequestSeen;
use super::scope::Scope;
use crate::kernel::hash::GOLDEN;
use crate::world::ids::Position;

/// What all requests share that have group, hostname, entry, replica, container and endpoint in common.
#[derive(Clone, Copy, Debug)]
pub struct Lane {
    key: [u64; 2],
    /// Their row of the ledger.
    pub row: u32,
    /// What their names add to the words of the fingerprint.
    pub names: u64,
}

/// Slots at first, as a power of two.
const FEWEST_BITS: u32 = 7;

/// Slots for each row of the ledger, at least.
const SLOTS_PER_ROW: usize = 2;

/// No key is packed into words without a bit of zero.
const NOBODY: Lane = Lane {
    key: [u64::MAX; 2],
    row: 0,
    names: 0,
};

/// The last lane seen in each slot: most requests find theirs here.
#[derive(Clone, Debug)]
pub struct Lanes {
    slots: Vec<Lane>,
    /// How many slots there are, as a power of two.
    bits: u32,
}

impl Lanes {
    /// Lanes of which none is known.
    pub fn new() -> Lanes {
        Lanes {
            slots: vec![NOBODY; 1 << FEWEST_BITS],
            bits: FEWEST_BITS,
        }
    }

    /// The lane of a request.
    #[inline]
    pub fn of(&mut self, seen: &RequestSeen, ledger: &mut Ledger, scope: &Scope) -> Lane {
        let key = packed(seen);
        let lane = self.slots[slot(key, self.bits)];
        if lane.key == key {
            return lane;
        }
        self.learn(key, seen, ledger, scope)
    }

    #[cold]
    fn learn(
        &mut self,
        key: [u64; 2],
        seen: &RequestSeen,
        ledger: &mut Ledger,
        scope: &Scope,
    ) -> Lane {
        let lane = Lane {
            key,
            row: ledger.row(RowKey::of(seen)),
            names: digest::names_of_request(seen, scope),
        };
        if SLOTS_PER_ROW * lane.row as usize > self.slots.len() {
            self.bits += 1;
            self.slots = vec![NOBODY; 1 << self.bits];
        }
        self.slots[slot(key, self.bits)] = lane;
        lane
    }
}

impl Default for Lanes {
    fn default() -> Lanes {
        Lanes::new()
    }
}

/// What makes a lane as two words, which are compared and hashed faster.
#[inline]
fn packed(seen: &RequestSeen) -> [u64; 2] {
    let optional = |index: Option<usize>| index.map_or(0, |index| index as u64 + 1);
    let asked = u64::from(seen.id.group.0) << 32
        | u64::from(seen.hostname.0) << 16
        | u64::from(seen.entry.0);
    let replica = seen.connection.map(|it| it.replica.index());
    let served = optional(replica) << 34
        | optional(seen.container.map(Position::index)) << 17
        | optional(seen.endpoint.map(Position::index));
    [asked, served]
}

/// The slot of a packed key.
#[inline]
fn slot(key: [u64; 2], bits: u32) -> usize {
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
        let seen = request(Time::ZERO, Span::from_millis(1));
        for replica in [0, 1, 0] {
            let seen = through(seen, replica, 0);
            let lane = lanes.of(&seen, &mut ledger, &scope);
            assert_eq!(lane.row, u32::from(replica));
            assert_eq!(lane.names, digest::names_of_request(&seen, &scope));
            lanes.slots.fill(lane);
        }
    }
}
