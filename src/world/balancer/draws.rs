//! Picking one of several by weight.

use crate::kernel::math::ln;
use crate::kernel::random::{Keyed, Source};

/// What a random number of the balancer decides; keeps the numbers of one request apart.
#[derive(Clone, Copy, Debug)]
#[repr(u32)]
pub(super) enum Purpose {
    /// Which pool.
    Pool,
    /// Which endpoint.
    Endpoint,
    /// Whether a pool sheds the request.
    Shedding,
    /// Where an address hashes to.
    Hash,
}

/// A number in [0, 1) computed from a key for one purpose, and one try or entity.
pub(super) fn unit(key: u64, purpose: Purpose, number: usize) -> f64 {
    Keyed::new(key, number as u64, purpose as u32, 0).unit()
}

/// The position that `unit` hits when each weight takes up its share of [0, 1).
///
/// Weights must not be negative. If all are zero they count as equal: the vendor does not say what
/// a pool does whose healthy endpoints all have weight 0 (assumed). `None` if there is none.
pub(super) fn weighted(weights: &[f64], unit: f64) -> Option<usize> {
    let total: f64 = weights.iter().sum();
    if total <= 0.0 {
        let position = (unit * weights.len() as f64) as usize;
        return (!weights.is_empty()).then(|| position.min(weights.len() - 1));
    }
    let mut rest = unit * total;
    for (position, weight) in weights.iter().enumerate() {
        if rest < *weight {
            return Some(position);
        }
        rest -= weight;
    }
    // Rounding can carry the largest units past the last share.
    weights.iter().rposition(|weight| *weight > 0.0)
}

/// The position that an address hashes to: the same for the same address, a weight's share of all
/// addresses, and when one goes away only its own addresses move.
///
/// The vendor does not publish its hash. This is rendezvous hashing with weights: the first arrival
/// of exponential variables, one per address and entity, with the weights as their rates.
pub(super) fn hashed(entities: &[(usize, f64)], address: u64) -> Option<usize> {
    let all_zero = entities.iter().all(|(_, weight)| *weight <= 0.0);
    let arrival = |&(entity, weight): &(usize, f64)| {
        let weight = if all_zero { 1.0 } else { weight };
        -ln(Keyed::new(address, entity as u64, Purpose::Hash as u32, 0).unit_open()) / weight
    };
    let arrivals = entities.iter().map(arrival).enumerate();
    arrivals
        .min_by(|one, other| one.1.total_cmp(&other.1))
        .map(|(position, _)| position)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_weight_takes_up_its_share_of_the_unit() {
        let weights = [1.0, 0.0, 3.0];
        assert_eq!(weighted(&weights, 0.0), Some(0));
        assert_eq!(weighted(&weights, 0.249), Some(0));
        assert_eq!(weighted(&weights, 0.25), Some(2));
        assert_eq!(weighted(&weights, 1.0 - 1e-16), Some(2));
    }

    #[test]
    fn zero_weights_count_as_equal_and_nothing_gives_nothing() {
        assert_eq!(weighted(&[0.0, 0.0], 0.49), Some(0));
        assert_eq!(weighted(&[0.0, 0.0], 0.51), Some(1));
        assert_eq!(weighted(&[], 0.5), None);
        assert_eq!(hashed(&[], 5), None);
        assert!(hashed(&[(0, 0.0), (1, 0.0)], 5).is_some());
    }

    #[test]
    fn addresses_hash_by_weight_and_only_those_of_a_lost_entity_move() {
        const ADDRESSES: u64 = 40_000;
        let all = [(0, 0.1), (1, 0.2), (2, 0.7)];
        let mut counts = [0_u32; 3];
        for address in 0..ADDRESSES {
            let chosen = hashed(&all, address).unwrap();
            counts[chosen] += 1;
            let without_first = hashed(&all[1..], address).unwrap() + 1;
            assert!(chosen == 0 || chosen == without_first);
        }
        // Standard deviations of the binomial law: 60, 80 and 92.
        for (count, expected) in counts.into_iter().zip([4_000, 8_000, 28_000]) {
            assert!(
                count.abs_diff(expected) < 400,
                "{count} instead of {expected}"
            );
        }
    }
}
