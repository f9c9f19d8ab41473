//! One report is added to a history: packed, written beside under a name nobody reads, forced to the disk, then given
//! its own name unless a file already has it. Killed at any moment it leaves what was there before, and at most a
//! nameless part that a later run sweeps away.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use super::{Limits, Name, PART, PART_END};
use crate::error::Error;
use crate::report::{Report, to_json};

/// A fleet's report is a thirtieth of its size at this level; higher ones cost more time than they save room.
const LEVEL: i32 = 9;
/// Parts older than this are of a run that was killed: no write takes a day.
const OLD: Duration = Duration::from_secs(24 * 60 * 60);
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
    let probed = fs::create_dir_all(folder).and_then(|()| part(folder)).map(drop);
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
    sweep(folder);
    let kept = put(folder, &name, &packed).map_err(|cause| failed(&folder.join(name.to_string()), cause))?;
    #[cfg(unix)]
    if let Ok(folder) = File::open(folder) {
        // The name too must outlive a power failure; some file systems do not know the request.
        let _ = folder.sync_all();
    }
    Ok(kept)
}

fn put(folder: &Path, name: &Name, packed: &[u8]) -> io::Result<Kept> {
    let mut part = part(folder)?;
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

/// A file of a name that nobody reads, as readable as others of its owner.
fn part(folder: &Path) -> io::Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PART).suffix(PART_END).rand_bytes(12);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    builder.tempfile_in(folder)
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

/// Removes what killed runs left behind.
fn sweep(folder: &Path) {
    for file in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = file.file_name();
        let is_part = name.to_str().is_some_and(|n| n.starts_with(PART) && n.ends_with(PART_END));
        let is_old = || {
            let written = file.metadata().ok().filter(fs::Metadata::is_file)?.modified().ok()?;
            SystemTime::now().duration_since(written).ok().filter(|age| *age > OLD)
        };
        if is_part && is_old().is_some() {
            let _ = fs::remove_file(file.path());
        }
    }
}

fn failed(path: &Path, cause: io::Error) -> Error {
    Error::Write { path: path.display().to_string(), cause }
}
