//! What a command reads: a file, or the standard input where a dash stands for it.

use std::convert::Infallible;
use std::fmt;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use super::outcome::WrongUse;
use crate::spreadsheet::Limits;

/// A file, or the standard input.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// The standard input, written `-`.
    Standard,
    /// A file.
    File(PathBuf),
}

impl Source {
    /// All of it, if it has at most `limit` bytes.
    pub(super) fn read(&self, limit: usize) -> anyhow::Result<Vec<u8>> {
        match self {
            Self::Standard => bounded(io::stdin().lock(), limit, self),
            Self::File(path) => {
                let file = File::open(path).map_err(|error| unreadable(path, &error))?;
                bounded(file, limit, self)
            }
        }
    }

    /// It, to be read more than once; the standard input is kept in a file without a name for that.
    pub(super) fn open(&self) -> anyhow::Result<Box<File>> {
        match self {
            Self::File(path) => {
                let file = File::open(path).map_err(|error| unreadable(path, &error))?;
                Ok(Box::new(file))
            }
            Self::Standard => {
                let kept = |error: io::Error| {
                    WrongUse(format!(
                        "{self} can't be kept in the folder for passing files: {error}"
                    ))
                };
                let mut file = tempfile::tempfile().map_err(kept)?;
                // More than is read is refused by whoever reads it.
                let most = u64::try_from(Limits::bulk().bytes).unwrap_or(u64::MAX);
                let mut input = io::stdin().lock().take(most.saturating_add(1));
                io::copy(&mut input, &mut file).map_err(kept)?;
                Ok(Box::new(file))
            }
        }
    }

    /// Its name without the folders, which are nobody's business but the person's.
    pub(super) fn file_name(&self) -> String {
        match self {
            Self::Standard => self.to_string(),
            Self::File(path) => path
                .file_name()
                .unwrap_or(path.as_os_str())
                .to_string_lossy()
                .into_owned(),
        }
    }
}

impl FromStr for Source {
    type Err = Infallible;

    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(if text == "-" {
            Self::Standard
        } else {
            Self::File(text.into())
        })
    }
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standard => f.write_str("the standard input"),
            Self::File(path) => path.display().fmt(f),
        }
    }
}

fn bounded(mut reader: impl Read, limit: usize, source: &Source) -> anyhow::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    reader
        .by_ref()
        .take(most)
        .read_to_end(&mut bytes)
        .map_err(|error| WrongUse(format!("{source} can't be read: {error}")))?;
    if bytes.len() > limit {
        let megabytes = limit.div_ceil(1024 * 1024);
        return Err(WrongUse(format!(
            "{source} has more than {megabytes} MiB; that is not read"
        ))
        .into());
    }
    Ok(bytes)
}

fn unreadable(path: &Path, error: &io::Error) -> anyhow::Error {
    let path = path.display();
    WrongUse(match error.kind() {
        io::ErrorKind::NotFound => {
            format!("there is no file {path}; check the name and the folder")
        }
        io::ErrorKind::PermissionDenied => format!("{path} may not be read; check its permissions"),
        _ => format!("{path} can't be read: {error}"),
    })
    .into()
}
