//! Hash functions of our own: fixed, unseeded, and the same on every platform.
//!
//! The standard library's hash maps are seeded at random, and its hashers may change between
//! releases; names of random streams and keyed random numbers must never change.

use std::hash::{BuildHasher, Hasher};

/// 2^64 divided by the golden ratio, odd: the step of SplitMix64.
pub(crate) const GOLDEN: u64 = 0x9e37_79b9_7f4a_7c15;

/// Scrambles 64 bits so that each bit of the argument flips each bit of the result half the time.
///
/// A bijection: different arguments never meet. This is the output function of SplitMix64
/// (Steele, Lea & Flood 2014) with the constants of Stafford's variant 13.
///
/// ```
/// use tunnelsim::kernel::hash::mix;
/// assert_ne!(mix(1), mix(2));
/// ```
#[inline]
pub const fn mix(word: u64) -> u64 {
    let word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

/// The 64-bit FNV-1a hash of the bytes, going on from `state`.
///
/// Good enough before [`mix`], and short enough to be written down in a document.
pub(crate) const fn fnv1a(mut state: u64, bytes: &[u8]) -> u64 {
    let mut index = 0;
    while index < bytes.len() {
        state = (state ^ bytes[index] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        index += 1;
    }
    state
}

/// The state from which [`fnv1a`] starts.
pub(crate) const FNV_START: u64 = 0xcbf2_9ce4_8422_2325;

/// Builds [`FixedHasher`]s: for hash maps that only look up. Iterating one is still forbidden.
///
/// ```
/// use std::hash::BuildHasher;
/// use tunnelsim::kernel::hash::FixedState;
/// assert_eq!(FixedState.hash_one(5_u32), FixedState.hash_one(5_u32));
/// ```
#[derive(Clone, Copy, Debug, Default)]
pub struct FixedState;

impl BuildHasher for FixedState {
    type Hasher = FixedHasher;

    fn build_hasher(&self) -> FixedHasher {
        FixedHasher(0)
    }
}

/// A fast hasher for small keys such as ids and enums of ids.
///
/// Simplification: this hasher does not resist keys chosen to collide; ids are numbered by us.
#[derive(Clone, Copy, Debug)]
pub struct FixedHasher(u64);

impl Hasher for FixedHasher {
    #[inline]
    fn finish(&self) -> u64 {
        // The multiplications leave the low bits poor, and a hash table starts from those.
        self.0 ^ (self.0 >> 32)
    }

    #[inline]
    fn write_u64(&mut self, word: u64) {
        self.0 = (self.0.rotate_left(5) ^ word).wrapping_mul(GOLDEN);
    }

    #[inline]
    fn write_u8(&mut self, word: u8) {
        self.write_u64(word.into());
    }

    #[inline]
    fn write_u16(&mut self, word: u16) {
        self.write_u64(word.into());
    }

    #[inline]
    fn write_u32(&mut self, word: u32) {
        self.write_u64(word.into());
    }

    #[inline]
    fn write_usize(&mut self, word: usize) {
        self.write_u64(word as u64);
    }

    fn write(&mut self, bytes: &[u8]) {
        self.write_u64(fnv1a(FNV_START, bytes));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_fnv_vectors_hold() {
        assert_eq!(fnv1a(FNV_START, b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv1a(FNV_START, b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv1a(FNV_START, b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn mixing_steps_of_the_golden_ratio_is_splitmix64() {
        // The first outputs of the reference implementation for the seed 1234567.
        let seed = 1_234_567_u64;
        let word = |step: u64| mix(seed.wrapping_add(GOLDEN.wrapping_mul(step)));
        assert_eq!(word(1), 6_457_827_717_110_365_317);
        assert_eq!(word(2), 3_203_168_211_198_807_973);
        assert_eq!(word(3), 9_817_491_932_198_370_423);
    }

    #[test]
    fn small_keys_spread_over_both_ends_of_the_word() {
        let mut low = [0_u32; 64];
        let mut high = [0_u32; 64];
        for key in 0_u64..6_400 {
            let hash = FixedState.hash_one(key);
            low[(hash % 64) as usize] += 1;
            high[(hash >> 58) as usize] += 1;
        }
        for count in low.into_iter().chain(high) {
            assert!((40..=180).contains(&count), "{count} of 100 expected");
        }
    }
}
