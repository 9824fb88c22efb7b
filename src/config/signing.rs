//! The master key as the environment gives it, and the size of status lists.

use super::database::SecretText;
use super::{ConfigError, MASTER_KEY};

/// The master key's text from [`MASTER_KEY`], where it is set and not empty.
///
/// # Errors
/// [`ConfigError::MasterKeyNotText`] when it holds bytes that are no text.
#[expect(
    clippy::disallowed_methods,
    reason = "this is the door to the environment"
)]
pub fn master_key_from_environment() -> Result<Option<SecretText>, ConfigError> {
    match std::env::var(MASTER_KEY) {
        Ok(text) => Ok(Some(SecretText::from(text)).filter(|text| !text.is_blank())),
        Err(std::env::VarError::NotPresent) => Ok(None),
        Err(std::env::VarError::NotUnicode(_)) => Err(ConfigError::MasterKeyNotText),
    }
}

/// Places of a new status list: the least the standard allows (Bitstring Status List 1.0 §2.2:
/// 131,072), so that one badge hides among many.
pub const STATUS_LIST_SIZE: u32 = 131_072;

/// How many places of a list are given out before the next list begins: three quarters, the most that the
/// tables admit.
pub const STATUS_LIST_CAPACITY: u32 = STATUS_LIST_SIZE / 4 * 3;
