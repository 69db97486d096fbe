//! The cheapest good random numbers: xoshiro256++ (Blackman and Vigna 2018), and the ziggurat for exponentials
//! (Marsaglia and Tsang 2000; tables of 256 layers).

use std::sync::LazyLock;

use tunnelsim::kernel::hash::mix;
use tunnelsim::kernel::math::{exp, ln};

/// xoshiro256++.
pub struct Words([u64; 4]);

impl Words {
    pub fn new(seed: u64) -> Words {
        Words([1, 2, 3, 4].map(|part| mix(seed ^ part)))
    }

    #[inline]
    pub fn next(&mut self) -> u64 {
        let state = &mut self.0;
        let word = state[0]
            .wrapping_add(state[3])
            .rotate_left(23)
            .wrapping_add(state[0]);
        let shifted = state[1] << 17;
        state[2] ^= state[0];
        state[3] ^= state[1];
        state[1] ^= state[2];
        state[0] ^= state[3];
        state[2] ^= shifted;
        state[3] = state[3].rotate_left(45);
        word
    }

    #[inline]
    pub fn below(&mut self, n: u64) -> u64 {
        ((u128::from(self.next()) * u128::from(n)) >> 64) as u64
    }
}

const LAYERS: usize = 256;
/// Where the tail begins, and the area of a layer.
const TAIL: f64 = 7.697_117_470_131_05;
const AREA: f64 = 0.003_949_659_822_581_557;

/// Right edges of the layers, and the density at them.
static TABLES: LazyLock<([f64; LAYERS + 1], [f64; LAYERS + 1])> = LazyLock::new(|| {
    let mut edges = [0.0; LAYERS + 1];
    edges[0] = AREA / exp(-TAIL);
    edges[1] = TAIL;
    for layer in 2..LAYERS {
        let above: f64 = edges[layer - 1];
        edges[layer] = -ln(exp(-above) + AREA / above);
    }
    (edges, edges.map(|edge| exp(-edge)))
});

/// An exponential length of this mean, in whole units.
#[inline]
pub fn exponential(words: &mut Words, mean: f64) -> u64 {
    (standard(words, &TABLES) * mean) as u64
}

#[inline]
fn standard(words: &mut Words, (edges, heights): &([f64; LAYERS + 1], [f64; LAYERS + 1])) -> f64 {
    loop {
        let word = words.next();
        let layer = (word & 255) as usize;
        let unit = (word >> 11) as f64 * (1.0 / (1_u64 << 53) as f64);
        let x = unit * edges[layer];
        if x < edges[layer + 1] {
            return x;
        }
        let unit = (words.next() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64);
        if layer == 0 {
            return TAIL - ln(1.0 - unit);
        }
        if heights[layer] + unit * (heights[layer + 1] - heights[layer]) < exp(-x) {
            return x;
        }
    }
}
