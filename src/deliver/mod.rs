//! Puts finished bytes where people asked for them: files by write-then-rename, or GitHub's API. Never changes
//! them, nor how a run ends.

#[cfg(feature = "github")]
pub mod github;
pub mod history;

use std::fs::{self, File};
use std::io::Write;
use std::path::Path;

use crate::error::Error;
use crate::part;

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
    let (folder, beginning) = beside(path);
    part::sweep(folder, &beginning);
    part::begin(folder, &beginning)
        .and_then(|mut part| {
            part.write_all(bytes)?;
            part.as_file().sync_all()?;
            part.persist(path).map(drop).map_err(|error| error.error)
        })
        .map_err(failed)
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
    let (folder, beginning) = beside(path);
    part::begin(folder, &beginning).map(drop).map_err(failed)
}

/// The folder of a file, and how the names of its parts begin.
fn beside(path: &Path) -> (&Path, String) {
    let folder = path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    (folder, format!(".{}.", path.file_name().unwrap_or_default().to_string_lossy()))
}
