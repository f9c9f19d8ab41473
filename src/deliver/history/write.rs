//! One report is added to a history: packed, written beside under a name nobody reads, forced to the disk, then given
//! its own name unless a file already has it. Killed at any moment it leaves what was there before, and at most a
//! nameless part that a later run sweeps away.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::{Limits, Name, PART};
use crate::error::Error;
use crate::part;
use crate::report::{Report, to_json};

/// A fleet's report is a thirtieth of its size at this level; higher ones cost more time than they save room.
const LEVEL: i32 = 9;
/// Most reports of one run.
const MOST_VERSIONS: u32 = 1_000;

/// Where a report is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    /// In a new file.
    New(PathBuf),
    /// It was there already, the same to the byte.
    Already(PathBuf),
}

/// Makes the folder and shows that it can be written to, before the work begins.
///
/// # Errors
/// [`Error::Write`] with the path.
pub fn probe(folder: &Path) -> Result<(), Error> {
    let probed = fs::create_dir_all(folder).and_then(|()| part::begin(folder, PART)).map(drop);
    probed.map_err(|cause| failed(folder, cause))
}

/// Keeps a report.
///
/// # Errors
/// [`Error::Write`] with the path; what was kept before is as it was.
pub fn keep(folder: &Path, report: &Report, limits: Limits) -> Result<Kept, Error> {
    let json = to_json(report).map_err(|error| Error::Internal(error.to_string()))?;
    let refused = |why: String| failed(folder, io::Error::other(why));
    if json.len() as u64 > limits.bytes {
        // It could never be read back.
        return Err(refused(format!("the report has {} bytes; a history takes {}", json.len(), limits.bytes)));
    }
    let name = Name::of(&report.taken_at, &report.run_id, report.shard)
        .ok_or_else(|| refused("the report does not say when it was taken".to_owned()))?;
    let packed = pack(json.as_bytes()).map_err(|cause| failed(folder, cause))?;
    fs::create_dir_all(folder).map_err(|cause| failed(folder, cause))?;
    part::sweep(folder, PART);
    let kept = put(folder, &name, &packed).map_err(|cause| failed(&folder.join(name.to_string()), cause))?;
    #[cfg(unix)]
    if let Ok(folder) = File::open(folder) {
        // The name too must outlive a power failure; some file systems do not know the request.
        let _ = folder.sync_all();
    }
    Ok(kept)
}

fn put(folder: &Path, name: &Name, packed: &[u8]) -> io::Result<Kept> {
    let mut part = part::begin(folder, PART)?;
    part.write_all(packed)?;
    part.as_file().sync_all()?;
    for version in 1..=MOST_VERSIONS {
        let path = folder.join(name.again(version).to_string());
        match part.persist_noclobber(&path) {
            Ok(_) => return Ok(Kept::New(path)),
            Err(error) if error.error.kind() == io::ErrorKind::AlreadyExists => {
                if holds(&path, packed) {
                    return Ok(Kept::Already(path));
                }
                part = error.file;
            }
            Err(error) => return Err(error.error),
        }
    }
    Err(io::Error::other("too many reports of one run"))
}

fn holds(path: &Path, packed: &[u8]) -> bool {
    fs::metadata(path).is_ok_and(|m| m.is_file() && m.len() == packed.len() as u64)
        && fs::read(path).is_ok_and(|bytes| bytes == packed)
}

fn pack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = zstd::stream::write::Encoder::new(Vec::new(), LEVEL)?;
    packed.set_pledged_src_size(Some(bytes.len() as u64))?;
    // A changed byte is seen when it is read.
    packed.include_checksum(true)?;
    packed.write_all(bytes)?;
    packed.finish()
}

fn failed(path: &Path, cause: io::Error) -> Error {
    Error::Write { path: path.display().to_string(), cause }
}
