//! Puts finished bytes where people asked for them: files by write-then-rename, or GitHub's API. Never changes
//! them, nor how a run ends.

#[cfg(feature = "github")]
pub mod github;
pub mod history;

use std::fs::{self, File};
use std::io::Write;
use std::path::{Path, PathBuf};

use crate::error::Error;

/// Writes a file so that readers see the old one or the whole new one, never a part.
///
/// # Errors
/// [`Error::Write`] with the path.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |cause| Error::Write { path: path.display().to_string(), cause };
    // A device or pipe is not replaced but written to.
    if fs::metadata(path).is_ok_and(|m| !m.is_file()) {
        return File::options().write(true).open(path).and_then(|mut f| f.write_all(bytes)).map_err(failed);
    }
    let beside = sibling(path);
    let written = File::create(&beside)
        .and_then(|mut f| f.write_all(bytes).and_then(|()| f.sync_all()))
        .and_then(|()| fs::rename(&beside, path));
    written.map_err(|cause| {
        // What was half written is nobody's report.
        let _ = fs::remove_file(&beside);
        failed(cause)
    })
}

/// Checks before the work begins that a report can be written where it shall go.
///
/// # Errors
/// [`Error::Write`] with the path.
pub fn probe(path: &Path) -> Result<(), Error> {
    let failed = |cause| Error::Write { path: path.display().to_string(), cause };
    if path.is_dir() {
        return Err(failed(std::io::Error::from(std::io::ErrorKind::IsADirectory)));
    }
    if path.exists() {
        return Ok(());
    }
    let beside = sibling(path);
    File::create(&beside).map_err(failed)?;
    fs::remove_file(&beside).map_err(failed)
}

fn sibling(path: &Path) -> PathBuf {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}
