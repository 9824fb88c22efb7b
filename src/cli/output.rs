//! What a command writes: files, whole or not at all.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use anyhow::Context as _;

use super::print::{bytes, remark};

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

/// Writes a file and the folders above it. A reader finds the old file or the new one, never half
/// of one: a command that is stopped in the middle leaves nothing broken behind.
pub(super) fn file(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let folder = path
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty());
    if let Some(folder) = folder {
        fs::create_dir_all(folder).with_context(|| cannot_write(folder))?;
    }
    let mut partial = path.as_os_str().to_owned();
    partial.push(".part");
    let partial = Path::new(&partial);
    fs::File::create(partial)
        .and_then(|mut file| file.write_all(bytes))
        .and_then(|()| fs::rename(partial, path))
        .with_context(|| cannot_write(path))
}

fn cannot_write(path: &Path) -> String {
    format!(
        "{} can't be written; check the folder's permissions and the free space",
        path.display()
    )
}
