//! In which order a status list gives out its places: shuffled by the list's own seed.
//!
//! The n-th award of a list gets the n-th place of a permutation, so that a place is taken by counting,
//! no place is taken twice, and its number tells nothing of when it was given out (Bitstring Status
//! List 1.0 §5.1 asks for that). Never changes: a list goes on as it began.

use sha2::{Digest as _, Sha256};

/// Rounds of the Feistel network: eight, for so small a domain.
const ROUNDS: u8 = 8;

/// The place of award number `count` of a list with `size` places; `count` is below `size`.
pub(super) fn place(seed: &[u8; 32], count: u32, size: u32) -> u32 {
    // A Feistel network permutes numbers of twice `half` bits, which are enough for `size`.
    let bits = u32::BITS.saturating_sub(size.saturating_sub(1).leading_zeros());
    let half = bits.div_ceil(2).max(1);
    let mut number = count;
    // Walking the permutation's cycle until it is back among the places permutes the places.
    loop {
        number = permuted(seed, number, half);
        if number < size {
            return number;
        }
    }
}

fn permuted(seed: &[u8; 32], number: u32, half: u32) -> u32 {
    let mask = u32::MAX >> u32::BITS.saturating_sub(half);
    let (mut left, mut right) = ((number >> half) & mask, number & mask);
    for round in 0..ROUNDS {
        let mut hash = Sha256::new();
        hash.update(seed);
        hash.update([round]);
        hash.update(right.to_be_bytes());
        let [a, b, c, d, ..] = <[u8; 32]>::from(hash.finalize());
        (left, right) = (right, left ^ (u32::from_be_bytes([a, b, c, d]) & mask));
    }
    (left << half) | right
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn all(seed: u8, size: u32) -> Vec<u32> {
        (0..size)
            .map(|count| place(&[seed; 32], count, size))
            .collect()
    }

    #[test]
    fn every_place_is_given_out_once_whatever_the_size() {
        for size in [1, 2, 3, 7, 8, 9, 1000, 4096] {
            let places: BTreeSet<_> = all(1, size).into_iter().collect();
            assert!(places.into_iter().eq(0..size), "{size}");
        }
    }

    #[test]
    fn the_order_is_the_seeds_and_tells_nothing() {
        let (one, other) = (all(1, 4096), all(2, 4096));
        assert_ne!(one, other);
        assert_eq!(one, all(1, 4096));
        let ascending = one.windows(2).filter(|two| two[0] < two[1]).count();
        assert!((1900..2200).contains(&ascending), "{ascending}");
        let near = one.windows(2).filter(|two| two[0].abs_diff(two[1]) < 64);
        assert!(near.count() < 200);
    }

    #[test]
    fn a_list_goes_on_as_it_began() {
        let begun: Vec<_> = (0..6)
            .map(|count| place(&[7; 32], count, 131_072))
            .collect();
        assert_eq!(begun, [107_972, 79_468, 20_862, 24_678, 4_629, 48_995]);
    }
}
