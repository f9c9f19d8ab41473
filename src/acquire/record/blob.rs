//! Bytes by their hash: `blobs/ab/abcd….zst`, each written beside and renamed, so that what bears its name is whole.
//! Read back only when every byte is as it was written; links are not followed and nothing grows beyond its length.

use std::collections::{BTreeMap, HashMap};
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use rayon::prelude::{IntoParallelIterator, ParallelIterator};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::sha::Sha;
use crate::error::Error;
use crate::policy::Text;

/// The folder of the blobs.
pub(super) const FOLDER: &str = "blobs";

/// After the data stands a frame that unpackers skip; it holds the hash of the packed bytes, so that a changed byte
/// is seen even where it would not change what is unpacked.
const SEAL: [u8; 8] = [0x50, 0x2a, 0x4d, 0x18, 32, 0, 0, 0];
const SEAL_LENGTH: usize = SEAL.len() + 32;
/// zstd's own default: a third of the size at a few hundred megabytes a second.
const LEVEL: i32 = 3;
/// Most memory an unpacker may look back on, as a power of two; what is packed here needs less.
const WINDOW: u32 = 23;
/// What packing may add to bytes that cannot be packed.
const SLACK: u64 = 1 << 20;

/// What is stored elsewhere: its hash and its length, unpacked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blob {
    /// Of the unpacked bytes.
    pub sha256: Sha,
    /// Unpacked.
    pub bytes: u64,
}

/// Why a stored file cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Damage {
    Missing,
    Changed,
    /// Longer than it may be, in bytes.
    TooLarge(u64),
    Link,
    Unreadable(String),
}

impl Damage {
    pub(super) fn text(&self) -> Text {
        match self {
            Self::Missing => Text::new("không còn", "is missing"),
            Self::Changed => Text::new("đã bị thay đổi", "was changed"),
            Self::TooLarge(most) => Text::new(
                format!("lớn hơn {most} byte (xem --max-size)"),
                format!("is larger than {most} bytes (see --max-size)"),
            ),
            Self::Link => Text::new("là liên kết, không được đi theo", "is a link, which is not followed"),
            Self::Unreadable(why) => Text::new(format!("không đọc được: {why}"), format!("cannot be read: {why}")),
        }
    }

    fn of(error: &io::Error) -> Self {
        if error.kind() == io::ErrorKind::NotFound { Self::Missing } else { Self::Unreadable(error.to_string()) }
    }
}

/// What every stored file was found to be.
#[derive(Debug, Default)]
pub(super) struct Checked {
    /// Whole, with their unpacked lengths.
    pub(super) whole: HashMap<Sha, u64>,
    /// By name.
    pub(super) damaged: BTreeMap<Sha, Damage>,
}

/// The stored files of one folder.
#[derive(Debug)]
pub(super) struct Blobs {
    root: PathBuf,
    /// Packed bytes so far.
    stored: AtomicU64,
    most: u64,
    parts: AtomicU64,
}

impl Blobs {
    /// The blobs of a recording that may hold `most` packed bytes. Nothing is written.
    pub(super) fn new(recording: &Path, most: u64) -> Self {
        Self { root: recording.join(FOLDER), stored: AtomicU64::new(0), most, parts: AtomicU64::new(0) }
    }

    fn path(&self, sha: &Sha) -> PathBuf {
        let name = sha.to_string();
        self.root.join(&name[..2]).join(format!("{name}.zst"))
    }

    /// The file of a blob as messages name it.
    pub(super) fn name(sha: &Sha) -> String {
        let name = sha.to_string();
        format!("{FOLDER}/{}/{name}.zst", &name[..2])
    }

    /// Makes the folder, and shows that it can be written to.
    pub(super) fn prepare(&self) -> Result<(), Error> {
        let mut probe = tempfile::Builder::new();
        // Killed here, a run leaves it; a name of its own, so that it is in nobody's way.
        probe.prefix("probe.").suffix(".part");
        real_folder(&self.root)
            .and_then(|()| probe.tempfile_in(&self.root)?.write_all(b"rasoat"))
            .map_err(|cause| failed(&self.root, cause))
    }

    /// Keeps bytes.
    ///
    /// # Errors
    /// [`Error::Write`] with the path, also when the recording would grow beyond its limit.
    pub(super) fn write(&self, bytes: &[u8]) -> Result<Blob, Error> {
        let blob = Blob { sha256: Sha::of(bytes), bytes: bytes.len() as u64 };
        let path = self.path(&blob.sha256);
        self.put(&path, bytes).map_err(|cause| failed(&path, cause))?;
        Ok(blob)
    }

    fn put(&self, path: &Path, bytes: &[u8]) -> io::Result<()> {
        let folder = path.parent().unwrap_or(&self.root);
        real_folder(folder)?;
        match fs::symlink_metadata(path) {
            Ok(kind) if kind.is_file() => return Ok(()),
            Ok(_) => return Err(io::Error::other("not a file")),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let packed = pack(bytes)?;
        let length = packed.len() as u64;
        if self.stored.fetch_add(length, Ordering::Relaxed) + length > self.most {
            return Err(io::Error::other(format!("the recording would grow beyond {} bytes", self.most)));
        }
        let part = folder.join(format!("{}.{}.part", std::process::id(), self.parts.fetch_add(1, Ordering::Relaxed)));
        let written = File::create_new(&part)
            // A line of the manifest must never speak of bytes that a power failure takes away.
            .and_then(|mut f| f.write_all(&packed).and_then(|()| f.sync_data()))
            .and_then(|()| fs::rename(&part, path));
        if written.is_err() {
            let _ = fs::remove_file(&part);
        }
        written
    }

    /// Reads a blob back.
    pub(super) fn read(&self, blob: &Blob, most: u64) -> Result<Vec<u8>, Damage> {
        if blob.bytes > most {
            return Err(Damage::TooLarge(most));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(blob.bytes.min(SLACK)).unwrap_or_default());
        let sha = unpack(&self.path(&blob.sha256), blob.bytes, &mut bytes)?;
        if sha == blob.sha256 && bytes.len() as u64 == blob.bytes { Ok(bytes) } else { Err(Damage::Changed) }
    }

    /// Looks at every file, whether it is spoken of or not; none may unpack to more than `most` bytes.
    pub(super) fn check(&self, most: u64) -> Result<Checked, (String, Damage)> {
        let named = |damage| (FOLDER.to_owned(), damage);
        let mut found = Vec::new();
        let mut total = 0;
        if !is_real_folder(&self.root).map_err(|e| named(Damage::of(&e)))? {
            return Ok(Checked::default());
        }
        for folder in fs::read_dir(&self.root).map_err(|e| named(Damage::of(&e)))? {
            let folder = folder.map_err(|e| named(Damage::of(&e)))?;
            let shown = format!("{FOLDER}/{}", folder.file_name().to_string_lossy().escape_debug());
            let kind = folder.file_type().map_err(|e| (shown.clone(), Damage::of(&e)))?;
            if kind.is_symlink() {
                return Err((shown, Damage::Link));
            }
            if !kind.is_dir() {
                continue;
            }
            for file in fs::read_dir(folder.path()).map_err(|e| (shown.clone(), Damage::of(&e)))? {
                let file = file.map_err(|e| (shown.clone(), Damage::of(&e)))?;
                let name = file.file_name();
                let sha = name.to_str().and_then(|n| n.strip_suffix(".zst")).and_then(|n| n.parse::<Sha>().ok());
                let Some(sha) = sha.filter(|sha| self.path(sha) == file.path()) else { continue };
                total += file.metadata().map_or(0, |m| m.len());
                found.push(sha);
            }
        }
        self.stored.store(total, Ordering::Relaxed);
        if total > self.most {
            return Err((FOLDER.to_owned(), Damage::TooLarge(self.most)));
        }
        let looked: Vec<(Sha, Result<u64, Damage>)> =
            found.into_par_iter().map(|sha| (sha, self.length(&sha, most))).collect();
        let mut checked = Checked::default();
        for (sha, length) in looked {
            match length {
                Ok(length) => drop(checked.whole.insert(sha, length)),
                Err(damage) => drop(checked.damaged.insert(sha, damage)),
            }
        }
        Ok(checked)
    }

    fn length(&self, sha: &Sha, most: u64) -> Result<u64, Damage> {
        let mut length = Length(0);
        if unpack(&self.path(sha), most, &mut length)? == *sha { Ok(length.0) } else { Err(Damage::Changed) }
    }

    /// Removes what a run that was killed had half written.
    pub(super) fn sweep(&self) {
        let inner = fs::read_dir(&self.root).into_iter().flatten().flatten();
        let inner = inner.filter(|f| f.file_type().is_ok_and(|t| t.is_dir())).map(|f| f.path());
        for folder in inner.chain([self.root.clone()]) {
            for file in fs::read_dir(folder).into_iter().flatten().flatten() {
                if file.path().extension().is_some_and(|e| e == "part") {
                    let _ = fs::remove_file(file.path());
                }
            }
        }
    }
}

fn failed(path: &Path, cause: io::Error) -> Error {
    Error::Write { path: path.display().to_string(), cause }
}

/// Counts what is written to it.
struct Length(u64);

impl Write for Length {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0 += bytes.len() as u64;
        Ok(bytes.len())
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn is_real_folder(path: &Path) -> io::Result<bool> {
    match fs::symlink_metadata(path) {
        Ok(kind) if kind.is_dir() => Ok(true),
        Ok(_) => Err(io::Error::other("not a folder, or a link to one")),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Makes a folder unless it is there; a link is not followed.
pub(super) fn real_folder(path: &Path) -> io::Result<()> {
    if is_real_folder(path)? {
        return Ok(());
    }
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => is_real_folder(path).map(|_| ()),
        made => made,
    }
}

fn pack(bytes: &[u8]) -> io::Result<Vec<u8>> {
    let mut packed = zstd::stream::write::Encoder::new(Vec::new(), LEVEL)?;
    // Knowing the size, the packer takes no more memory than a small page needs.
    packed.set_pledged_src_size(Some(bytes.len() as u64))?;
    packed.write_all(bytes)?;
    let mut packed = packed.finish()?;
    let sha = Sha::of(&packed);
    packed.extend_from_slice(&SEAL);
    packed.extend_from_slice(&sha.0);
    Ok(packed)
}

/// Unpacks a file of at most `most` unpacked bytes and says what they hash to.
fn unpack(path: &Path, most: u64, out: &mut impl Write) -> Result<Sha, Damage> {
    let kind = fs::symlink_metadata(path).map_err(|e| Damage::of(&e))?;
    // A link may lead out of the recording, by the file or by its folder.
    let folder = path.parent().map(fs::symlink_metadata).transpose().map_err(|e| Damage::of(&e))?;
    if kind.is_symlink() || folder.is_some_and(|f| f.is_symlink()) {
        return Err(Damage::Link);
    }
    if !kind.is_file() {
        return Err(Damage::Changed);
    }
    let mut packed = Vec::new();
    let file = File::open(path).map_err(|e| Damage::of(&e))?;
    file.take(most + SLACK + 1).read_to_end(&mut packed).map_err(|e| Damage::of(&e))?;
    if packed.len() as u64 > most + SLACK {
        return Err(Damage::TooLarge(most));
    }
    let (data, seal) = packed.split_at_checked(packed.len().saturating_sub(SEAL_LENGTH)).unwrap_or_default();
    if seal.strip_prefix(&SEAL) != Some(&Sha::of(data).0) {
        return Err(Damage::Changed);
    }
    let mut unpacked = zstd::stream::read::Decoder::with_buffer(data).map_err(|_| Damage::Changed)?.single_frame();
    unpacked.window_log_max(WINDOW).map_err(|_| Damage::Changed)?;
    let (mut hash, mut length, mut some) = (Sha256::new(), 0, vec![0; 64 << 10]);
    loop {
        let n = unpacked.read(&mut some).map_err(|_| Damage::Changed)?;
        if n == 0 {
            return Ok(Sha(hash.finalize().into()));
        }
        length += n as u64;
        if length > most {
            return Err(Damage::TooLarge(most));
        }
        hash.update(&some[..n]);
        out.write_all(&some[..n]).map_err(|e| Damage::of(&e))?;
    }
}
