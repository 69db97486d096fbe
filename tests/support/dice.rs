//! Choices that are the same in every run of the tests (SplitMix64; Steele, Lea and Flood, 2014).

use tunnelsim::kernel::random::stream_id;

/// The number of the first case: 0, unless the variable `TUNNELSIM_SEED` names another (a number, or any text).
pub fn first_case() -> u64 {
    let number = |text: String| {
        text.parse()
            .unwrap_or_else(|_| stream_id("seed", &text) >> 32)
    };
    std::env::var("TUNNELSIM_SEED").map_or(0, number)
}

/// A source of choices.
pub struct Dice(u64);

impl Dice {
    /// The dice of one case.
    pub fn new(seed: u64, case: u64) -> Dice {
        let mut dice = Dice(seed ^ case.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        dice.word();
        dice
    }

    fn word(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below `limit`, which is above 0.
    pub fn below(&mut self, limit: usize) -> usize {
        (self.word() % limit as u64) as usize
    }

    /// One of several.
    pub fn one_of<'a, T>(&mut self, all: &'a [T]) -> &'a T {
        &all[self.below(all.len())]
    }

    /// Whether it happens, once in `n` times.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == 0
    }
}
