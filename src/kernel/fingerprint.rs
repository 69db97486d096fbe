//! A running hash by which two runs are compared.

use std::fmt;

use crate::kernel::hash::{GOLDEN, mix};

/// A running 64-bit hash of a sequence of words, the same on every platform.
///
/// Each step is a bijection of the state for a given word, and of the word for a given state: two
/// sequences of one length that differ in exactly one word never share a fingerprint, and others
/// do so once in 2^64. It guards against accidents, not against forgers.
///
/// ```
/// use tunnelsim::kernel::fingerprint::Fingerprint;
/// let mut fingerprint = Fingerprint::default();
/// fingerprint.absorb(200);
/// fingerprint.absorb_bytes(b"shop.example.com");
/// assert_eq!(fingerprint.to_string().len(), 16);
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Fingerprint {
    state: u64,
    words: u64,
}

impl Fingerprint {
    /// Takes in one word.
    #[inline]
    pub fn absorb(&mut self, word: u64) {
        let product = (self.state ^ word)
            .wrapping_add(GOLDEN)
            .wrapping_mul(MULTIPLIER);
        self.state = product ^ (product >> 32);
        self.words = self.words.wrapping_add(1);
    }

    /// Takes in a text or other bytes: its length, then its bytes eight by eight, little end first.
    pub fn absorb_bytes(&mut self, bytes: &[u8]) {
        self.absorb(bytes.len() as u64);
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.absorb(u64::from_le_bytes(word));
        }
    }

    /// The hash of everything taken in so far; more can follow.
    ///
    /// ```
    /// use tunnelsim::kernel::fingerprint::Fingerprint;
    /// let mut fingerprint = Fingerprint::default();
    /// let before = fingerprint.value();
    /// fingerprint.absorb(0);
    /// assert_ne!(fingerprint.value(), before);
    /// ```
    pub fn value(&self) -> u64 {
        mix(self.state ^ mix(self.words))
    }
}

/// An odd number with a good spread of bits (Steele & Vigna 2021, for 64-bit multiplication).
const MULTIPLIER: u64 = 0xd134_2543_de82_ef95;

impl fmt::Display for Fingerprint {
    /// Writes the value as 16 hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.value())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(words: &[u64]) -> u64 {
        let mut fingerprint = Fingerprint::default();
        words.iter().for_each(|&word| fingerprint.absorb(word));
        fingerprint.value()
    }

    #[test]
    fn the_fingerprint_has_these_very_digits() {
        let mut fingerprint = Fingerprint::default();
        assert_eq!(fingerprint.to_string(), "0000000000000000");
        fingerprint.absorb(1);
        fingerprint.absorb(2);
        assert_eq!(fingerprint.to_string(), "43f954cd70dd9a08");
        fingerprint.absorb_bytes(b"shop.example.com");
        assert_eq!(fingerprint.to_string(), "43659ce78adf4916");
    }

    #[test]
    fn order_length_and_zeros_count() {
        assert_ne!(of(&[1, 2]), of(&[2, 1]));
        assert_ne!(of(&[0]), of(&[0, 0]));
        assert_ne!(of(&[]), of(&[0]));
        let texts = |texts: &[&str]| {
            let mut fingerprint = Fingerprint::default();
            texts
                .iter()
                .for_each(|text| fingerprint.absorb_bytes(text.as_bytes()));
            fingerprint.value()
        };
        assert_ne!(texts(&["ab", "c"]), texts(&["a", "bc"]));
        assert_ne!(texts(&["a"]), texts(&["a\0"]));
    }

    #[test]
    fn one_changed_bit_flips_half_of_the_digits() {
        let base: Vec<u64> = (0..8).collect();
        let mut flipped = 0;
        for bit in 0..512 {
            let mut changed = base.clone();
            changed[bit / 64] ^= 1 << (bit % 64);
            flipped += (of(&base) ^ of(&changed)).count_ones();
        }
        // 512 * 64 fair coins: 16,384 heads, standard deviation 90.
        assert!(
            (16_384 - 450..=16_384 + 450).contains(&flipped),
            "{flipped}"
        );
    }
}
