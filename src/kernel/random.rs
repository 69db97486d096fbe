//! Random numbers: named streams, and numbers computed from a key.
//!
//! Each purpose of each entity has a stream of its own, found by *name*. Adding a replica or
//! reordering the file therefore leaves every other draw as it was, and two variants of a scenario
//! see the same arrivals (common random numbers). What belongs to one session is not drawn from a
//! stream at all but computed from the session's key ([`Keyed`]), so that it does not matter when,
//! or whether, somebody asks.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;

use crate::kernel::hash::{FNV_START, GOLDEN, fnv1a, mix};

/// A source of uniformly distributed random words, and what is made of one word.
pub trait Source {
    /// 64 random bits.
    fn bits(&mut self) -> u64;

    /// A number in [0, 1), a multiple of 2^-53. Takes one word and increases with it.
    ///
    /// ```
    /// use tunnelsim::kernel::random::{Keyed, Source};
    /// assert!((0.0..1.0).contains(&Keyed::new(1, 2, 3, 4).unit()));
    /// ```
    #[inline]
    fn unit(&mut self) -> f64 {
        // A signed word, because processors make a float of that in one instruction.
        (self.bits() >> 11) as i64 as f64 * TWO_TO_MINUS_53
    }

    /// A number in (0, 1], a multiple of 2^-53, fit for a logarithm. Takes one word.
    #[inline]
    fn unit_open(&mut self) -> f64 {
        ((self.bits() >> 11) + 1) as f64 * TWO_TO_MINUS_53
    }

    /// A whole number below `n`. Takes one word and increases with it.
    ///
    /// Simplification: a whole number below n may be too likely by n / 2^64, for no random word is rejected;
    /// in exchange every draw takes exactly one word.
    ///
    /// # Panics
    /// If `n` is 0.
    ///
    /// ```
    /// use tunnelsim::kernel::random::{Keyed, Source};
    /// assert!(Keyed::new(1, 2, 3, 4).below(6) < 6);
    /// ```
    #[inline]
    fn below(&mut self, n: u64) -> u64 {
        assert!(n > 0, "no whole number is below zero");
        ((u128::from(self.bits()) * u128::from(n)) >> 64) as u64
    }

    /// True with probability `p`: never for 0, always for 1. Takes one word.
    ///
    /// ```
    /// use tunnelsim::kernel::random::{Keyed, Source};
    /// let mut source = Keyed::new(1, 2, 3, 4);
    /// assert!(source.chance(1.0) && !source.chance(0.0));
    /// ```
    #[inline]
    fn chance(&mut self, p: f64) -> bool {
        self.unit() < p
    }
}

const TWO_TO_MINUS_53: f64 = 1.0 / (1_u64 << 53) as f64;

/// All random streams of one replication of one experiment.
///
/// ```
/// use tunnelsim::kernel::random::{Source, Streams};
/// let streams = Streams::new(42, 0);
/// let mut arrivals = streams.stream("arrivals", "berlin");
/// let mut faults = streams.stream("faults", "berlin");
/// assert_ne!(arrivals.bits(), faults.bits());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Streams {
    seed: u64,
    replication: u64,
}

impl Streams {
    /// The streams of this seed and replication.
    pub const fn new(seed: u64, replication: u64) -> Streams {
        Streams { seed, replication }
    }

    /// The stream of this purpose and entity, from its beginning.
    pub fn stream(&self, purpose: &str, entity: &str) -> Stream {
        let mut key = [0; 32];
        key[..8].copy_from_slice(&self.seed.to_le_bytes());
        key[8..16].copy_from_slice(&self.replication.to_le_bytes());
        let mut generator = ChaCha8Rng::from_seed(key);
        generator.set_stream(stream_id(purpose, entity));
        Stream(generator)
    }
}

/// The number of the stream for this purpose and entity: the same for ever and everywhere.
///
/// FNV-1a over the purpose, the byte 0xFF (which no text contains) and the entity, then
/// [`mix`]. Whoever names streams must check that no two names share a number.
///
/// ```
/// use tunnelsim::kernel::random::stream_id;
/// assert_ne!(stream_id("arrivals", "berlin"), stream_id("arrival", "sberlin"));
/// ```
pub const fn stream_id(purpose: &str, entity: &str) -> u64 {
    let state = fnv1a(FNV_START, purpose.as_bytes());
    let state = fnv1a(state, &[0xff]);
    mix(fnv1a(state, entity.as_bytes()))
}

/// One named random stream: the ChaCha8 generator, keyed by seed and replication.
#[derive(Clone, Debug)]
pub struct Stream(ChaCha8Rng);

impl Source for Stream {
    #[inline]
    fn bits(&mut self) -> u64 {
        self.0.next_u64()
    }
}

/// Random words computed from a key: stateless, so that asking costs nobody else a draw.
///
/// The four parts are hashed into the start of a SplitMix64 sequence. For one key and index, or
/// for one key, purpose and attempt, different arguments never share a start.
///
/// ```
/// use tunnelsim::kernel::random::{Keyed, Source};
/// const THINK: u32 = 3;
/// let (session, request) = (0xfeed, 5);
/// let first = Keyed::new(session, request, THINK, 0).bits();
/// assert_eq!(first, Keyed::new(session, request, THINK, 0).bits());
/// assert_ne!(first, Keyed::new(session, request, THINK, 1).bits());
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Keyed(u64);

impl Keyed {
    /// The words for this key (say, of a session), index (of a request), purpose and attempt.
    #[inline]
    pub const fn new(key: u64, index: u64, purpose: u32, attempt: u32) -> Keyed {
        Indexed::new(key, index).keyed(purpose, attempt)
    }
}

/// A key and an index of which several purposes or attempts draw: half of the hashing is done once for all.
#[derive(Clone, Copy, Debug)]
pub struct Indexed(u64);

impl Indexed {
    /// This key and index.
    #[inline]
    pub const fn new(key: u64, index: u64) -> Indexed {
        Indexed(mix(mix(key.wrapping_add(GOLDEN)) ^ index))
    }

    /// The words of a purpose and attempt: those of [`Keyed::new`].
    ///
    /// ```
    /// use tunnelsim::kernel::random::{Indexed, Keyed, Source};
    /// let request = Indexed::new(0xfeed, 5);
    /// assert_eq!(request.keyed(3, 1).bits(), Keyed::new(0xfeed, 5, 3, 1).bits());
    /// ```
    #[inline]
    pub const fn keyed(self, purpose: u32, attempt: u32) -> Keyed {
        Keyed(mix(self.0 ^ ((purpose as u64) << 32 | attempt as u64)))
    }
}

impl Source for Keyed {
    #[inline]
    fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &mut impl Source) -> [u64; 8] {
        std::array::from_fn(|_| source.bits())
    }

    #[test]
    fn the_named_streams_have_these_very_words() {
        let streams = Streams::new(42, 0);
        assert_eq!(
            words(&mut streams.stream("arrivals", "berlin")),
            [
                0x7c1a_8218_b73e_ab93,
                0x9360_f0af_f8bf_a05d,
                0x4882_c36c_c09e_eb00,
                0x9db3_f457_adde_b089,
                0x6202_783f_a6ec_6635,
                0xee65_272a_8098_61d4,
                0x3c59_efd1_c1b3_238f,
                0xb193_b444_d183_6dc8,
            ]
        );
        assert_eq!(
            words(&mut streams.stream("faults", "berlin")),
            [
                0x8c1d_92e0_ac6f_4a37,
                0x818f_50ab_2ed4_3a48,
                0x2b5d_6c24_4d7e_1dd9,
                0x38ad_e335_6279_9755,
                0xd6eb_4056_38ce_0642,
                0x18ac_7325_e334_61fd,
                0x8ad6_7ef9_0f72_2407,
                0xa1c7_ded9_236d_cd14,
            ]
        );
        assert_eq!(
            words(&mut Streams::new(42, 1).stream("arrivals", "berlin")),
            [
                0x13b6_224e_33ec_ed22,
                0x6b58_d018_536e_9bf7,
                0x01b6_3f7e_7a26_3765,
                0x7b81_deda_99a9_a8db,
                0x3cc2_3d63_99fd_d987,
                0xae4a_d0a3_7715_2bee,
                0xeb39_2eb4_0d3b_3b44,
                0xb0b1_9cef_baeb_05ba,
            ]
        );
    }

    #[test]
    fn the_keyed_words_are_these() {
        assert_eq!(
            words(&mut Keyed::new(0, 0, 0, 0)),
            [
                0x2ce8_09ae_01ca_b7d7,
                0x7924_ac0f_ed68_cb52,
                0xa76c_ddfb_84fb_eed0,
                0x2354_9ef1_f17e_6c63,
                0xe6d6_c2fe_932e_7a2f,
                0xdbc6_5b06_3970_9626,
                0xb15b_100d_101c_2d7f,
                0xc9ea_3a72_93e6_9737,
            ]
        );
        assert_eq!(
            words(&mut Keyed::new(0xfeed, 5, 3, 1)),
            [
                0xc5d2_8d1e_625e_6a49,
                0x4565_82ff_685b_b7c4,
                0x2b7d_34ee_b75d_66da,
                0x496b_3c4c_881a_6f77,
                0xb03b_4498_49bf_67ee,
                0x335d_2e89_6e02_9a4c,
                0xed32_c259_d379_ff3d,
                0x1c5d_18f5_a2b7_58d2,
            ]
        );
    }

    #[test]
    fn the_stream_numbers_are_these() {
        assert_eq!(stream_id("", ""), 0x4f2d_b50f_1240_40cd);
        assert_eq!(stream_id("arrivals", "berlin"), 0x49ef_94d5_6e27_7307);
    }

    #[test]
    fn a_stream_always_begins_at_its_beginning() {
        let streams = Streams::new(1, 2);
        let mut stream = streams.stream("a", "b");
        let first = words(&mut stream);
        assert_ne!(words(&mut stream), first);
        assert_eq!(words(&mut streams.stream("a", "b")), first);
    }

    /// A source that gives one word for ever.
    struct Always(u64);

    impl Source for Always {
        fn bits(&mut self) -> u64 {
            self.0
        }
    }

    #[test]
    fn the_ends_of_the_unit_interval_are_as_promised() {
        assert_eq!(Always(0).unit(), 0.0);
        assert_eq!(Always(u64::MAX).unit(), 1.0 - TWO_TO_MINUS_53);
        assert_eq!(Always(0).unit_open(), TWO_TO_MINUS_53);
        assert_eq!(Always(u64::MAX).unit_open(), 1.0);
        assert!(!Always(0).chance(0.0));
        assert!(Always(u64::MAX).chance(1.0));
    }

    #[test]
    fn below_covers_all_numbers_evenly() {
        assert_eq!(Always(0).below(3), 0);
        assert_eq!(Always(u64::MAX / 3).below(3), 0);
        assert_eq!(Always(u64::MAX / 3 + 1).below(3), 1);
        assert_eq!(Always(u64::MAX).below(3), 2);
        assert_eq!(Always(u64::MAX).below(u64::MAX), u64::MAX - 1);
    }

    #[test]
    #[should_panic(expected = "below zero")]
    fn nothing_is_below_zero() {
        Always(0).below(0);
    }

    #[test]
    fn each_part_of_a_key_spreads_over_all_bits() {
        let word = |part: usize, value: u32| {
            let mut parts = [0_u32; 4];
            parts[part] = value;
            Keyed::new(parts[0].into(), parts[1].into(), parts[2], parts[3]).bits()
        };
        for part in 0..4 {
            let mut ones = [0_i32; 64];
            for value in 0..4_000 {
                let flips = word(part, value) ^ word(part, value + 1);
                (0..64).for_each(|bit| ones[bit] += (flips >> bit & 1) as i32);
            }
            // Fair coins: the standard deviation is 32.
            assert!(
                ones.iter().all(|ones| (ones - 2_000).abs() < 180),
                "part {part}: {ones:?}"
            );
        }
    }
}
