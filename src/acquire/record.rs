//! Keeps what was seen of each site as it is finished, and gives it back later instead of the network: requests with
//! their answers, files of folders, durations. A folder with one manifest and blobs under their hashes; nothing is
//! read or written outside it. Never judges.

mod blob;
mod header;
mod manifest;
mod open;
mod sha;
mod taken;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use serde::{Deserialize, Serialize};

pub use blob::Blob;
pub use header::{FORMAT, Header, Identity, PolicyId};
pub use sha::Sha;
pub use taken::{Facts, FolderFacts, Kept, LeftOut, Recalled, Taken, Walk, Watch, Web};

use crate::error::Error;
use crate::policy::Text;
use blob::{Blobs, Damage};

/// Most packed bytes of one recording.
pub const MOST_BYTES: u64 = 16 << 30;
/// Most bytes of what is kept of one site beside bodies.
pub const MOST_INDEX: u64 = 32 << 20;

/// One finished site, as a line of the manifest.
#[derive(Debug, Serialize, Deserialize)]
struct Finished {
    site: String,
    /// The [`Taken`], as JSON.
    taken: Blob,
}

/// A recording: of a run that is going on, or one that is judged again.
#[derive(Debug)]
pub struct Recording {
    folder: PathBuf,
    header: Header,
    blobs: Blobs,
    /// Largest body that is read back.
    max_size: u64,
    finished: HashMap<String, Blob>,
    /// Its last line was begun and not finished.
    torn: bool,
    /// Where finished sites are noted; `None` when it is only read.
    manifest: Option<Mutex<File>>,
    /// The first thing that went wrong.
    failure: Mutex<Option<Error>>,
}

impl Recording {
    /// The run it is of.
    #[must_use]
    pub fn header(&self) -> &Header {
        &self.header
    }

    /// Where it lies.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Sites that were finished when it was opened.
    #[must_use]
    pub fn sites(&self) -> usize {
        self.finished.len()
    }

    /// Whether its last line was begun and not finished when it was opened.
    #[must_use]
    pub fn is_torn(&self) -> bool {
        self.torn
    }

    /// Whether nothing may be asked for beside it.
    #[must_use]
    pub fn only_replays(&self) -> bool {
        self.manifest.is_none()
    }

    /// Whether a site is judged from it, be it that it holds nothing of it.
    #[must_use]
    pub fn recalls(&self, site: &str) -> bool {
        self.only_replays() || self.finished.contains_key(site)
    }

    /// What it holds of a site.
    #[must_use]
    pub fn taken(&self, site: &str) -> Option<Taken> {
        let blob = self.finished.get(site)?;
        match index(&self.blobs, blob) {
            Ok(taken) => Some(taken),
            Err(damage) => {
                self.fail(damaged(&self.folder, &Blobs::name(&blob.sha256), Some(site), &damage));
                None
            }
        }
    }

    /// Bytes that it holds.
    #[must_use]
    pub fn read(&self, blob: &Blob) -> Option<Vec<u8>> {
        match self.blobs.read(blob, self.max_size) {
            Ok(bytes) => Some(bytes),
            Err(damage) => {
                self.fail(damaged(&self.folder, &Blobs::name(&blob.sha256), None, &damage));
                None
            }
        }
    }

    /// Keeps bytes; `None` when they could not be kept, and [`Recording::failure`] says why.
    #[must_use]
    pub fn keep(&self, bytes: &[u8]) -> Option<Blob> {
        if self.has_failed() {
            return None;
        }
        self.blobs.write(bytes).map_err(|error| self.fail(error)).ok()
    }

    /// Notes that a site is finished. Once something went wrong nothing is noted any more.
    pub fn finish(&self, site: &str, taken: &Taken) {
        if let Some(manifest) = &self.manifest
            && !self.has_failed()
            && let Err(error) = self.note(manifest, site, taken)
        {
            self.fail(error);
        }
    }

    fn note(&self, manifest: &Mutex<File>, site: &str, taken: &Taken) -> Result<(), Error> {
        let internal = |e: serde_json::Error| Error::Internal(e.to_string());
        let text = serde_json::to_vec(taken).map_err(internal)?;
        let failed = |cause| Error::Write { path: self.folder.join(manifest::NAME).display().to_string(), cause };
        if text.len() as u64 > MOST_INDEX {
            return Err(failed(io::Error::other(format!("{site}: more than {MOST_INDEX} bytes beside bodies"))));
        }
        let finished = Finished { site: site.to_owned(), taken: self.blobs.write(&text)? };
        let entry = serde_json::to_string(&finished).map_err(internal)?;
        let mut file = manifest.lock().map_err(|e| Error::Internal(e.to_string()))?;
        append(&mut file, &entry).map_err(failed)
    }

    fn fail(&self, error: Error) {
        if let Ok(mut failure) = self.failure.lock() {
            failure.get_or_insert(error);
        }
    }

    fn has_failed(&self) -> bool {
        self.failure.lock().is_ok_and(|f| f.is_some())
    }

    /// The first thing that went wrong since it was opened.
    #[must_use]
    pub fn failure(&self) -> Option<Error> {
        self.failure.lock().ok()?.take()
    }
}

fn append(file: &mut File, entry: &str) -> io::Result<()> {
    file.write_all(manifest::line(entry).as_bytes())?;
    file.sync_data()
}

fn index(blobs: &Blobs, blob: &Blob) -> Result<Taken, Damage> {
    let bytes = blobs.read(blob, MOST_INDEX)?;
    serde_json::from_slice(&bytes).map_err(|_| Damage::Changed)
}

fn damaged(folder: &Path, name: &str, site: Option<&str>, damage: &Damage) -> Error {
    let (shown, why) = (folder.display(), damage.text());
    let (vi, en) = site.map_or_else(Default::default, |s| (format!(" (trang {s})"), format!(" (site {s})")));
    Error::usage(Text::new(
        format!("bản ghi {shown} không dùng được: {name}{vi} {}.", why.vi),
        format!("the recording {shown} cannot be used: {name}{en} {}.", why.en),
    ))
}
