//! A history is listed and its files unpacked, one at a time. Links are not followed, nothing unpacks to more than it
//! may, and what bears no name of a run is named and left alone.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::{Limits, Name};
use crate::error::Error;
use crate::finding::safe;
use crate::policy::Text;

/// Most memory an unpacker may look back on, as a power of two; what is packed here needs less.
const WINDOW: u32 = 23;
/// What packing may add to bytes that cannot be packed.
const SLACK: u64 = 1 << 20;
/// How a packed file begins.
const MAGIC: [u8; 4] = [0x28, 0xb5, 0x2f, 0xfd];

/// A stored run.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Entry {
    /// Its name.
    pub name: Name,
    /// Its file.
    pub path: PathBuf,
}

/// The files of a history.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Listed {
    /// Stored runs, oldest first.
    pub runs: Vec<Entry>,
    /// Names of what is none, ready to be shown; hidden files aside.
    pub others: Vec<String>,
}

/// Why a stored run cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Damage {
    /// It cannot be unpacked, or not to what was packed.
    Changed,
    /// It would unpack to more bytes than this.
    TooLarge(u64),
    /// A link, a folder or a device.
    NoFile,
    /// The system's own words.
    Unreadable(String),
}

impl Damage {
    /// What is wrong, for people.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Changed => Text::new("tệp bị hỏng hoặc bị cắt", "the file is damaged or cut"),
            Self::TooLarge(most) => Text::new(
                format!("giải nén ra lớn hơn {} MiB", most >> 20),
                format!("it unpacks to more than {} MiB", most >> 20),
            ),
            Self::NoFile => Text::new("không phải tệp thường", "it is no regular file"),
            Self::Unreadable(why) => Text::new(format!("không đọc được: {why}"), format!("it cannot be read: {why}")),
        }
    }
}

/// Lists a history.
///
/// # Errors
/// A usage error when the folder cannot be read, or holds more runs than it may.
pub fn list(folder: &Path, limits: Limits) -> Result<Listed, Error> {
    let shown = safe(&folder.to_string_lossy(), 300);
    let unread = |cause: io::Error| {
        let why = safe(&cause.to_string(), 200);
        Error::usage(Text::new(
            format!("không đọc được thư mục lịch sử {shown}: {why}; thư mục này do `rasoat check --history` tạo."),
            format!("cannot read the history {shown}: {why}; `rasoat check --history` makes it."),
        ))
    };
    let mut listed = Listed::default();
    for file in fs::read_dir(folder).map_err(unread)? {
        let file = file.map_err(unread)?;
        let name = file.file_name();
        let text = name.to_string_lossy();
        match name.to_str().and_then(Name::parse) {
            Some(name) => listed.runs.push(Entry { name, path: file.path() }),
            None if text.starts_with('.') => {}
            None => listed.others.push(safe(&text, 100)),
        }
        let most = limits.files;
        if listed.runs.len() > most {
            return Err(Error::usage(Text::new(
                format!("thư mục lịch sử {shown} có hơn {most} lần chạy; hãy bớt: rasoat history prune {shown}."),
                format!(
                    "the history {shown} holds more than {most} runs; remove old ones: rasoat history prune {shown}."
                ),
            )));
        }
    }
    listed.runs.sort();
    listed.others.sort();
    Ok(listed)
}

/// The JSON of a stored run.
///
/// # Errors
/// Why it cannot be had.
pub fn read(path: &Path, limits: Limits) -> Result<Vec<u8>, Damage> {
    let unreadable = |error: io::Error| Damage::Unreadable(safe(&error.to_string(), 200));
    if !fs::symlink_metadata(path).map_err(unreadable)?.is_file() {
        return Err(Damage::NoFile);
    }
    let mut packed = Vec::new();
    let file = File::open(path).map_err(unreadable)?;
    file.take(limits.bytes.saturating_add(SLACK)).read_to_end(&mut packed).map_err(unreadable)?;
    unpack(&packed, limits).unwrap_or(Err(Damage::Changed))
}

/// What was packed; `None` for bytes that are not packed.
#[must_use]
pub fn unpack(bytes: &[u8], limits: Limits) -> Option<Result<Vec<u8>, Damage>> {
    bytes.starts_with(&MAGIC).then(|| {
        let changed = |_: io::Error| Damage::Changed;
        let mut unpacker = zstd::stream::read::Decoder::with_buffer(bytes).map_err(changed)?;
        unpacker.window_log_max(WINDOW).map_err(changed)?;
        let mut whole = Vec::new();
        unpacker.take(limits.bytes.saturating_add(1)).read_to_end(&mut whole).map_err(changed)?;
        if whole.len() as u64 > limits.bytes { Err(Damage::TooLarge(limits.bytes)) } else { Ok(whole) }
    })
}

/// Removes a stored run.
///
/// # Errors
/// [`Error::Write`] with the path.
pub fn remove(entry: &Entry) -> Result<(), Error> {
    match fs::remove_file(&entry.path) {
        // Another one was faster.
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(cause) => Err(Error::Write { path: entry.path.display().to_string(), cause }),
        Ok(()) => Ok(()),
    }
}
