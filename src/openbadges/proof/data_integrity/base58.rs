//! Base58btc of a signature (VC Data Integrity §2.4), as fast as the rest.
//!
//! `bs58` takes any length, byte by byte, and so a third of the time of the signature itself.

/// How many digits are made at once, and what they count: as many as 32 bits hold.
const DIGITS: usize = 5;
const BASE: u64 = 58 * 58 * 58 * 58 * 58;

const ALPHABET: &[u8; 58] = b"123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";

/// The signature as Multibase writes it: `z`, then base58btc.
pub(super) fn multibase(signature: &[u8; 64]) -> String {
    // The number in base 58⁵, least group first: 64 bytes are at most 88 digits.
    let mut groups: Vec<u64> = Vec::with_capacity(88_usize.div_ceil(DIGITS));
    for word in signature.chunks_exact(4) {
        let mut carry = word
            .iter()
            .fold(0, |number, byte| (number << 8) | u64::from(*byte));
        for group in &mut groups {
            let number = (*group << 32) | carry;
            *group = number % BASE;
            carry = number / BASE;
        }
        // What is left over is below 2³², which is more than one group holds.
        while carry > 0 {
            groups.push(carry % BASE);
            carry /= BASE;
        }
    }
    let mut digits = Vec::with_capacity(groups.len().saturating_mul(DIGITS));
    for group in groups {
        let mut rest = group;
        for _ in 0..DIGITS {
            digits.push(digit(rest % 58));
            rest /= 58;
        }
    }
    let zero = digit(0);
    while digits.last() == Some(&zero) {
        digits.pop();
    }
    // Each zero byte at the beginning is one digit of its own.
    let zeros = signature.iter().take_while(|byte| **byte == 0).count();
    let mut text = String::with_capacity(1 + 64 + 24);
    text.push('z');
    text.extend(std::iter::repeat_n(zero, zeros));
    text.extend(digits.into_iter().rev());
    text
}

fn digit(value: u64) -> char {
    let place = usize::try_from(value).unwrap_or_default();
    ALPHABET.get(place).copied().map_or('1', char::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn is_as_bs58_has_it(signature: [u8; 64]) -> bool {
        multibase(&signature) == format!("z{}", bs58::encode(signature).into_string())
    }

    #[test]
    fn the_ends_are_as_bs58_has_them() {
        assert!(is_as_bs58_has_it([0; 64]) && is_as_bs58_has_it([255; 64]));
        for place in 0..64 {
            for byte in [1, 58, 128] {
                let mut signature = [0; 64];
                signature[place] = byte;
                assert!(is_as_bs58_has_it(signature), "{byte} at {place}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_signature_is_as_bs58_has_it(
            bytes in proptest::collection::vec(any::<u8>(), 64),
            zeros in 0..=64_usize,
        ) {
            let mut signature: [u8; 64] = bytes.try_into().unwrap();
            signature[..zeros].fill(0);
            prop_assert!(is_as_bs58_has_it(signature));
        }
    }
}
