//! What a command writes: files, whole or not at all, and for its user's eyes.
//!
//! Badges and the names of their files say who was where and learnt what. Files and folders that are
//! made here can be read by their owner alone; who wants to share them says so.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use anyhow::Context as _;

use super::print::{Printer, bytes, remark};

/// How many names are tried for a file to begin with; others may be left from commands that were
/// killed, or put there by somebody.
const TRIES: usize = 100;

/// Writes `bytes` to `path`, or to the standard output where there is none.
pub(super) fn write(path: Option<&Path>, content: &[u8]) -> anyhow::Result<()> {
    match path {
        None => bytes(content),
        Some(path) => {
            file(path, content)?;
            remark(format_args!("Written to {}", path.display()));
            Ok(())
        }
    }
}

/// Keeps a file that has no name yet at `path`, and says so.
pub(super) fn keep(path: &Path, content: fs::File, printer: &Printer) -> anyhow::Result<()> {
    copy(path, content)?;
    let told = serde_json::json!({ "file": path });
    printer.report(&told, |page, _| {
        page.line(format_args!("Written to {}", path.display()));
    })
}

/// Writes a file and the folders above it. A reader finds the old file or the new one, never half
/// of one: a command that is stopped in the middle leaves nothing broken behind.
pub(super) fn file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    copy(path, bytes)
}

/// The same with what is read from somewhere.
pub(super) fn copy(path: &Path, mut content: impl io::Read) -> anyhow::Result<()> {
    let folder = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    if let Some(folder) = folder {
        make_folders(folder).with_context(|| cannot_write(folder))?;
    }
    replace(path, &mut content).with_context(|| cannot_write(path))
}

fn replace(path: &Path, content: &mut impl io::Read) -> io::Result<()> {
    let (partial, mut file) = begin(path)?;
    let written = io::copy(content, &mut file).and_then(|_| fs::rename(&partial, path));
    if written.is_err() {
        // What went wrong first is what is told.
        let _ = fs::remove_file(&partial);
    }
    written
}

/// A new file beside `path`. It must not be there yet, whatever it is: in a folder that others may
/// write to, somebody could have put a link there to a file of ours.
fn begin(path: &Path) -> io::Result<(PathBuf, fs::File)> {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut refused = io::Error::from(io::ErrorKind::AlreadyExists);
    for _ in 0..TRIES {
        let number = NEXT.fetch_add(1, Ordering::Relaxed);
        let mut partial = path.as_os_str().to_owned();
        partial.push(format!(".{}-{number}.part", std::process::id()));
        match options.open(&partial) {
            Ok(file) => return Ok((partial.into(), file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => refused = error,
            Err(error) => return Err(error),
        }
    }
    Err(refused)
}

/// Folders that are there already stay as they are.
fn make_folders(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

fn cannot_write(path: &Path) -> String {
    format!(
        "{} can't be written; check the folder's permissions and the free space",
        path.display()
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn names(folder: &Path) -> BTreeSet<String> {
        let entries = fs::read_dir(folder).unwrap();
        entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect()
    }

    #[test]
    fn a_file_is_replaced_whole_and_nothing_else_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/badge.json");
        for content in [b"first".as_slice(), b"2"] {
            file(&path, content).unwrap();
            assert_eq!(fs::read(&path).unwrap(), content);
        }
        assert_eq!(names(path.parent().unwrap()), ["badge.json".into()].into());
    }

    #[test]
    fn a_file_that_cannot_be_finished_is_taken_away() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("badge.json");
        // A folder that holds something is not replaced.
        fs::create_dir_all(path.join("x")).unwrap();
        assert!(file(&path, b"{}").is_err());
        assert_eq!(names(folder.path()), ["badge.json".into()].into());
    }

    #[cfg(unix)]
    #[test]
    fn files_and_folders_are_for_their_owner_alone() {
        use std::os::unix::fs::PermissionsExt as _;

        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("katell/badge.json");
        file(&path, b"{}").unwrap();
        for path in [path.as_path(), path.parent().unwrap()] {
            let mode = fs::metadata(path).unwrap().permissions().mode();
            assert_eq!(mode & 0o077, 0, "{}", path.display());
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_somebody_put_in_the_way_is_not_followed() {
        use std::os::unix::fs::symlink;

        let folder = tempfile::tempdir().unwrap();
        let (path, precious) = (folder.path().join("badge"), folder.path().join("precious"));
        fs::write(&precious, "precious").unwrap();
        // As it was called, and as it could be guessed to be called.
        symlink(&precious, folder.path().join("badge.part")).unwrap();
        for number in 0..50 {
            let guess = format!("badge.{}-{number}.part", std::process::id());
            symlink(&precious, folder.path().join(guess)).unwrap();
        }
        symlink(&precious, &path).unwrap();
        file(&path, b"{}").unwrap();
        assert_eq!(fs::read(&precious).unwrap(), b"precious");
        assert_eq!(fs::read(&path).unwrap(), b"{}");
        assert!(!fs::symlink_metadata(&path).unwrap().is_symlink());
    }
}
