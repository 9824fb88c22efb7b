//! The master key: 32 bytes nobody else knows, in a file only its owner reads, or in the environment.

use std::fmt;
use std::fs::{self, File, OpenOptions};
use std::io::{ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};
use zeroize::Zeroizing;

use super::KeystoreError;
use crate::entropy::Entropy;
use crate::ids::random_uuid;

/// The file's name in the directory of keys.
pub const FILE_NAME: &str = "master.key";

/// The longest text that can hold a key, with some blank space around it.
const MAX_TEXT: u64 = 256;

/// The key that all others of this installation are derived from; wiped when dropped, never shown.
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// A new key.
    ///
    /// # Errors
    /// [`KeystoreError::Entropy`].
    pub fn generate(entropy: &dyn Entropy) -> Result<Self, KeystoreError> {
        let mut bytes = Zeroizing::new([0; 32]);
        entropy.fill(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    /// Reads 64 hexadecimal digits, or base64 (either alphabet, padded or not).
    ///
    /// # Errors
    /// [`KeystoreError::NotAKey`].
    pub fn parse(text: &str) -> Result<Self, KeystoreError> {
        let text = text.trim();
        let bytes = Zeroizing::new(if text.len() == 64 {
            hexadecimal(text).ok_or(KeystoreError::NotAKey)?
        } else {
            let text = text.trim_end_matches('=');
            let alphabet = if text.contains(['-', '_']) {
                URL_SAFE_NO_PAD
            } else {
                STANDARD_NO_PAD
            };
            alphabet.decode(text).map_err(|_| KeystoreError::NotAKey)?
        });
        let mut key = Zeroizing::new([0; 32]);
        if bytes.len() != key.len() {
            return Err(KeystoreError::NotAKey);
        }
        key.copy_from_slice(&bytes);
        Ok(Self(key))
    }

    /// The key in `keys_dir`; `None` when there is no file.
    ///
    /// # Errors
    /// [`KeystoreError::ReadableByOthers`] unless only its owner may read it;
    /// [`KeystoreError::File`] and [`KeystoreError::NotAKey`] when it can't be read.
    pub fn read(keys_dir: &Path) -> Result<Option<Self>, KeystoreError> {
        let path = keys_dir.join(FILE_NAME);
        let file = match File::open(&path) {
            Ok(file) => file,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(reason) => return Err(KeystoreError::File { path, reason }),
        };
        private(&file, &path)?;
        let mut text = Zeroizing::new(String::with_capacity(256));
        file.take(MAX_TEXT)
            .read_to_string(&mut text)
            .map_err(|reason| KeystoreError::File { path, reason })?;
        Self::parse(&text).map(Some)
    }

    /// Makes a new key and its file, which never is there in part and never replaces another.
    ///
    /// # Errors
    /// [`KeystoreError::Exists`] when there is one; [`KeystoreError::File`] when it can't be written.
    pub fn create(keys_dir: &Path, entropy: &dyn Entropy) -> Result<Self, KeystoreError> {
        let path = keys_dir.join(FILE_NAME);
        let key = Self::generate(entropy)?;
        // A name of its own: two that create at once must not write into one file.
        let unfinished = keys_dir.join(format!(".{FILE_NAME}.{}", random_uuid(entropy)?));
        let written = make_directory(keys_dir)
            .and_then(|()| key.write(&unfinished))
            // A link fails where a name exists; a rename would replace it.
            .and_then(|()| fs::hard_link(&unfinished, &path));
        // Best effort: what stays behind is as private as the key itself.
        let _ = fs::remove_file(&unfinished);
        match written {
            Ok(()) => {
                sync_directory(keys_dir).map_err(|reason| KeystoreError::File { path, reason })?;
                Ok(key)
            }
            Err(error) if error.kind() == ErrorKind::AlreadyExists && path.exists() => {
                Err(KeystoreError::Exists { path })
            }
            Err(reason) => Err(KeystoreError::File { path, reason }),
        }
    }

    pub(super) fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    fn write(&self, path: &Path) -> std::io::Result<()> {
        let mut text = Zeroizing::new(String::with_capacity(65));
        for byte in self.0.iter() {
            for digit in [byte >> 4, byte & 15] {
                text.push(char::from_digit(digit.into(), 16).unwrap_or_default());
            }
        }
        text.push('\n');
        let mut options = OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let mut file = options.open(path)?;
        file.write_all(text.as_bytes())?;
        file.sync_all()
    }
}

impl fmt::Debug for MasterKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("MasterKey(…)")
    }
}

fn hexadecimal(text: &str) -> Option<Vec<u8>> {
    let digits = Zeroizing::new(
        text.chars()
            .map(|character| {
                character
                    .to_digit(16)
                    .and_then(|digit| u8::try_from(digit).ok())
            })
            .collect::<Option<Vec<u8>>>()?,
    );
    Some(
        digits
            .chunks_exact(2)
            .map(|pair| pair.iter().fold(0, |byte, digit| byte << 4 | digit))
            .collect(),
    )
}

fn make_directory(path: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Makes the new name itself survive a loss of power.
fn sync_directory(path: &Path) -> std::io::Result<()> {
    if cfg!(unix) {
        File::open(path)?.sync_all()
    } else {
        Ok(())
    }
}

#[cfg(unix)]
fn private(file: &File, path: &Path) -> Result<(), KeystoreError> {
    use std::os::unix::fs::PermissionsExt as _;
    let unreadable = |reason| KeystoreError::File {
        path: PathBuf::from(path),
        reason,
    };
    let mode = file.metadata().map_err(unreadable)?.permissions().mode();
    match mode & 0o077 {
        0 => Ok(()),
        _ => Err(KeystoreError::ReadableByOthers { path: path.into() }),
    }
}

#[cfg(not(unix))]
fn private(_: &File, _: &Path) -> Result<(), KeystoreError> {
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::entropy::SeededEntropy;

    fn same(one: &MasterKey, other: &MasterKey) -> bool {
        one.bytes() == other.bytes()
    }

    #[test]
    fn a_created_key_reads_back_and_is_never_overwritten() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("new/keys");
        assert!(MasterKey::read(&keys).unwrap().is_none());
        let key = MasterKey::create(&keys, &SeededEntropy::new(1)).unwrap();
        assert!(same(&key, &MasterKey::read(&keys).unwrap().unwrap()));
        let again = MasterKey::create(&keys, &SeededEntropy::new(2));
        assert!(matches!(again, Err(KeystoreError::Exists { .. })));
        assert!(same(&key, &MasterKey::read(&keys).unwrap().unwrap()));
        let names: Vec<_> = fs::read_dir(&keys)
            .unwrap()
            .map(|e| e.unwrap().file_name())
            .collect();
        assert_eq!(names, [FILE_NAME], "nothing unfinished stays");
    }

    #[cfg(unix)]
    #[test]
    fn only_its_owner_may_read_the_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let folder = tempfile::tempdir().unwrap();
        MasterKey::create(folder.path(), &SeededEntropy::new(1)).unwrap();
        let path = folder.path().join(FILE_NAME);
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
        for mode in [0o640, 0o604, 0o620] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            let error = MasterKey::read(folder.path()).unwrap_err();
            assert!(
                matches!(error, KeystoreError::ReadableByOthers { .. }),
                "{mode:o}"
            );
            assert!(error.to_string().contains("chmod 600"));
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o400)).unwrap();
        assert!(MasterKey::read(folder.path()).unwrap().is_some());
    }

    #[test]
    fn each_way_of_writing_a_key_is_read() {
        let expected = MasterKey(Zeroizing::new([0xfb; 32]));
        let padded = base64::engine::general_purpose::STANDARD.encode([0xfb; 32]);
        for text in [
            "fb".repeat(32),
            "FB".repeat(32) + "\n",
            padded.clone(),
            padded.trim_end_matches('=').to_owned(),
            URL_SAFE_NO_PAD.encode([0xfb; 32]),
        ] {
            assert!(same(&MasterKey::parse(&text).unwrap(), &expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused_without_being_repeated() {
        for text in [
            "",
            "secret",
            &"fb".repeat(31),
            &"fg".repeat(32),
            &"é".repeat(32),
            &"A".repeat(42),
        ] {
            let error = MasterKey::parse(text).unwrap_err();
            assert!(matches!(error, KeystoreError::NotAKey), "{text}");
            assert!(!error.to_string().contains("secret"));
        }
    }

    #[test]
    fn debug_shows_nothing() {
        let key = MasterKey::parse(&"fb".repeat(32)).unwrap();
        assert_eq!(format!("{key:?}"), "MasterKey(…)");
    }
}
