//! The one door to randomness.
//!
//! Keys, salts, identifiers and status-list indexes all come from an [`Entropy`] that a service
//! holds. Tests give [`SeededEntropy`], so that a badge issued twice is the same badge to the byte.

use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};

/// The operating system had no randomness to give; nothing secret can be made without it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the operating system gives no randomness; no key or identifier can be made until it does")]
pub struct NoEntropy;

/// Fills buffers with bytes nobody can guess.
pub trait Entropy: Send + Sync + std::fmt::Debug {
    /// Fills `buffer` with random bytes.
    ///
    /// # Errors
    /// [`NoEntropy`] when the source has none to give.
    fn fill(&self, buffer: &mut [u8]) -> Result<(), NoEntropy>;
}

/// The operating system's cryptographic generator.
#[derive(Debug, Clone, Copy, Default)]
pub struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "this is the door")]
    fn fill(&self, buffer: &mut [u8]) -> Result<(), NoEntropy> {
        getrandom::fill(buffer).map_err(|_| NoEntropy)
    }
}

/// A reproducible stream of bytes (SHA-256 of the seed and a counter), for tests only: whoever knows
/// the seed knows every key made from it.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    counter: Mutex<u64>,
}

impl SeededEntropy {
    /// A stream that depends on `seed` alone.
    pub fn new(seed: u64) -> Self {
        Self {
            seed,
            counter: Mutex::new(0),
        }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, buffer: &mut [u8]) -> Result<(), NoEntropy> {
        let mut counter = self.counter.lock().unwrap_or_else(PoisonError::into_inner);
        for chunk in buffer.chunks_mut(32) {
            let mut hash = Sha256::new();
            hash.update(self.seed.to_be_bytes());
            hash.update(counter.to_be_bytes());
            *counter = counter.wrapping_add(1);
            let block = hash.finalize();
            for (target, byte) in chunk.iter_mut().zip(block) {
                *target = byte;
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_gives_one_stream_and_never_repeats_itself() {
        let (one, same) = (SeededEntropy::new(7), SeededEntropy::new(7));
        let (mut a, mut b, mut c) = ([0; 40], [0; 40], [0; 40]);
        one.fill(&mut a).unwrap();
        same.fill(&mut b).unwrap();
        one.fill(&mut c).unwrap();
        assert_eq!(a, b);
        assert_ne!(a, c);
    }

    #[test]
    fn the_system_gives_different_bytes_each_time() {
        let (mut a, mut b) = ([0; 32], [0; 32]);
        SystemEntropy.fill(&mut a).unwrap();
        SystemEntropy.fill(&mut b).unwrap();
        assert_ne!(a, b);
    }
}
