//! Award keys: whose an award is, and which award it is.
//!
//! The first half is the recipient's own key, so that one index finds an award and all awards of somebody.
//! Both halves come of the keystore's blind indexes: without its secret nobody tells whose they are.

/// Under what all awards of somebody are found: the first half of the blind index of an address or a SIRET.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RecipientKey(u128);

impl RecipientKey {
    /// Of the blind index of who it is, or of the key of an award of theirs: both begin with it.
    pub fn of(index: [u8; 32]) -> Self {
        Self(first_half(index))
    }

    /// The key of that award of theirs which has this blind index.
    pub fn award_key(self, index: [u8; 32]) -> [u8; 32] {
        self.followed_by(first_half(index))
    }

    /// The first and the last key that an award of theirs may have.
    pub(super) fn award_keys(self) -> [[u8; 32]; 2] {
        [u128::MIN, u128::MAX].map(|which| self.followed_by(which))
    }

    fn followed_by(self, which: u128) -> [u8; 32] {
        let mut key = [0; 32];
        let (first, second) = key.split_at_mut(16);
        first.copy_from_slice(&self.0.to_be_bytes());
        second.copy_from_slice(&which.to_be_bytes());
        key
    }
}

fn first_half(index: [u8; 32]) -> u128 {
    let mut half = [0; 16];
    half.copy_from_slice(&index[..16]);
    u128::from_be_bytes(half)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_award_key_begins_with_whose_it_is_and_ends_with_which_it_is() {
        let (who, which) = ([1; 32], [2; 32]);
        let key = RecipientKey::of(who).award_key(which);
        assert_eq!((&key[..16], &key[16..]), (&[1; 16][..], &[2; 16][..]));
        assert_eq!(RecipientKey::of(key), RecipientKey::of(who));
    }

    #[test]
    fn all_award_keys_of_somebody_lie_between_two() {
        let [first, last] = RecipientKey::of([1; 32]).award_keys();
        for which in [[0; 32], [7; 32], [255; 32]] {
            let key = RecipientKey::of([1; 32]).award_key(which);
            assert!(first <= key && key <= last);
        }
        let [other, _] = RecipientKey::of([2; 32]).award_keys();
        assert!(last < other);
    }
}
