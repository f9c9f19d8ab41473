//! What a path leads to: a file that is replaced as a whole, or something that is written into. A link is followed and
//! never replaced: it may be how somebody else finds the file, or a name of this program's own output.

use std::fs::{self, File, Metadata};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

/// Folders of which every file is something else under a name: an open file, a setting of the system.
const OF_THE_SYSTEM: [&str; 2] = ["/proc", "/dev/fd"];

/// Where bytes go.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A file, or a name that none has yet.
    File(PathBuf),
    /// A device, a pipe, or a file that is already open.
    Stream(PathBuf),
}

impl Place {
    /// Follows the links of a path.
    ///
    /// # Errors
    /// Links that lead in a circle, or through what cannot be read.
    pub(super) fn of(path: &Path) -> io::Result<Self> {
        match fs::metadata(path) {
            Ok(at) if !at.is_file() && !at.is_dir() => return Ok(Self::Stream(path.to_owned())),
            // The system has found the end of the links, so there is one.
            Err(error) if fs::symlink_metadata(path).is_ok() && error.kind() != io::ErrorKind::NotFound => {
                return Err(error);
            }
            _ => {}
        }
        let mut path = path.to_owned();
        loop {
            if is_of_the_system(&path) {
                return Ok(Self::Stream(path));
            }
            match fs::read_link(&path) {
                Ok(next) => path = folder(&path).join(next),
                Err(_) => return Ok(Self::File(path)),
            }
        }
    }

    /// The one path of what lies there, as far as its folder is there.
    pub(super) fn whole(self) -> PathBuf {
        let (Self::File(path) | Self::Stream(path)) = self;
        whole(&path)
    }
}

/// The folder of a path.
pub(super) fn folder(path: &Path) -> &Path {
    path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn whole(path: &Path) -> PathBuf {
    let folder = fs::canonicalize(folder(path));
    folder.map_or_else(|_| path.to_owned(), |folder| folder.join(path.file_name().unwrap_or_default()))
}

fn is_of_the_system(path: &Path) -> bool {
    let within = |path: &Path| OF_THE_SYSTEM.iter().any(|folder| path.starts_with(folder));
    within(path) || within(&whole(path))
}

/// Writes into what is no file of its own.
pub(super) fn into_stream(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut stream = opened(path)?;
    stream.write_all(bytes)
}

/// What is this program's own output already is not opened again: a second opening begins at the file's first byte,
/// and each would write over the other.
fn opened(path: &Path) -> io::Result<File> {
    let there = fs::metadata(path)?;
    if let Some(own) = own(&there) {
        return Ok(own);
    }
    if there.is_file() { File::options().append(true).open(path) } else { File::options().write(true).open(path) }
}

/// This program's own output or error stream, when that is what lies there.
#[cfg(unix)]
fn own(there: &Metadata) -> Option<File> {
    use std::os::fd::AsFd;
    use std::os::unix::fs::MetadataExt;

    let _ = io::stdout().flush();
    let streams = [io::stdout().as_fd().try_clone_to_owned(), io::stderr().as_fd().try_clone_to_owned()];
    streams.into_iter().flatten().map(File::from).find(|stream| {
        stream.metadata().is_ok_and(|at| (at.dev(), at.ino(), at.rdev()) == (there.dev(), there.ino(), there.rdev()))
    })
}

/// Other systems give no names to what is open.
#[cfg(not(unix))]
fn own(_: &Metadata) -> Option<File> {
    None
}
