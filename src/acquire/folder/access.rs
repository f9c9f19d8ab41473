//! Where a folder's bytes come from: the disk, the disk with a recording looking on, or a recording alone. Names in,
//! bytes or gaps out; links that lead out of the folder are refused.

use std::fs::File;
use std::io::Read;
use std::path::{Component, Path, PathBuf};
use std::sync::{Arc, Mutex};

use ignore::WalkBuilder;

use super::{INDEX, slashes};
use crate::acquire::record::{Facts, FolderFacts, Recording, Walk};
use crate::site::Site;
use crate::snapshot::{Gap, UnreadPage};

/// Where a folder's files are looked for.
#[derive(Debug, Clone)]
pub enum Files {
    /// On the disk.
    Disk,
    /// On the disk, and what is seen is kept.
    Watched(Arc<FolderWatch>),
    /// In a recording and nowhere else.
    Recalled(Arc<Recording>, Arc<FolderFacts>),
}

impl Files {
    /// What a recording holds of a folder; nothing when it holds none.
    #[must_use]
    pub fn recalled(recording: &Arc<Recording>, facts: Option<Facts>) -> Self {
        let facts = match facts {
            Some(Facts::Folder(facts)) => facts,
            _ => FolderFacts::default(),
        };
        Self::Recalled(recording.clone(), Arc::new(facts))
    }
}

/// A folder that is being recorded: files are written as they are read, the rest waits for the end.
#[derive(Debug)]
pub struct FolderWatch {
    recording: Arc<Recording>,
    facts: Mutex<FolderFacts>,
}

impl FolderWatch {
    /// A folder of which nothing was seen yet.
    #[must_use]
    pub fn new(recording: &Arc<Recording>) -> Self {
        Self { recording: recording.clone(), facts: Mutex::default() }
    }

    /// All that was seen.
    #[must_use]
    pub fn facts(&self) -> FolderFacts {
        self.facts.lock().map(|mut facts| std::mem::take(&mut *facts)).unwrap_or_default()
    }

    fn note(&self, note: impl FnOnce(&mut FolderFacts)) {
        if let Ok(mut facts) = self.facts.lock() {
            note(&mut facts);
        }
    }
}

/// A folder that was opened, or the folder of the one file that is read.
#[derive(Debug)]
pub(super) struct Access {
    files: Files,
    root: PathBuf,
    /// The real path of `root`, to refuse links that lead out of it.
    real: PathBuf,
}

impl Access {
    /// Opens a site's folder or file; of a file, its name too.
    pub(super) fn open(site: &Site, files: Files) -> Result<(Self, Option<String>), Gap> {
        if let Files::Recalled(_, facts) = &files {
            let only = facts.opened.clone()?;
            return Ok((Self { files, root: PathBuf::new(), real: PathBuf::new() }, only));
        }
        let opened = on_disk(site);
        if let Files::Watched(watch) = &files {
            watch.note(|facts| facts.opened = opened.as_ref().map(|(.., only)| only.clone()).map_err(|gap| *gap));
        }
        opened.map(|(root, real, only)| (Self { files, root, real }, only))
    }

    /// A file's bytes, at most `most`.
    pub(super) fn bytes(&self, relative: &str, most: u64) -> Result<Vec<u8>, Gap> {
        match &self.files {
            Files::Disk => self.read(relative, most),
            Files::Recalled(recording, facts) => {
                let blob = facts.reads.get(relative).copied().unwrap_or(Err(Gap::NoData))?;
                recording.read(&blob).ok_or(Gap::NoData)
            }
            Files::Watched(watch) => {
                let read = self.read(relative, most);
                // What cannot be kept ends the recording, so that nothing is missing in silence.
                let kept = match &read {
                    Ok(bytes) => watch.recording.keep(bytes).map(Ok),
                    Err(gap) => Some(Err(*gap)),
                };
                if let Some(kept) = kept {
                    watch.note(|facts| _ = facts.reads.entry(relative.to_owned()).or_insert(kept));
                }
                read
            }
        }
    }

    fn read(&self, relative: &str, most: u64) -> Result<Vec<u8>, Gap> {
        let path = self.inside(relative)?;
        let file = File::open(path).map_err(|e| gap_of(&e))?;
        let kind = file.metadata().map_err(|e| gap_of(&e))?;
        if !kind.is_file() {
            return Err(Gap::Unreadable);
        }
        // Room for one byte more, so that reading sees the end without growing.
        let room = kind.len().min(most) + 1;
        let mut bytes = Vec::with_capacity(usize::try_from(room).unwrap_or_default());
        file.take(most + 1).read_to_end(&mut bytes).map_err(|e| gap_of(&e))?;
        if bytes.len() as u64 > most { Err(Gap::TooLarge) } else { Ok(bytes) }
    }

    /// The HTML files of the folder.
    pub(super) fn walk(&self) -> Walk {
        match &self.files {
            Files::Recalled(_, facts) => return facts.walk.clone().unwrap_or_default(),
            Files::Disk | Files::Watched(_) => {}
        }
        let mut walk = Walk::default();
        // Only what the user's own folder holds decides: no ignore files, and links are followed once.
        for entry in WalkBuilder::new(&self.root).standard_filters(false).hidden(true).follow_links(true).build() {
            match entry {
                Ok(entry) if entry.file_type().is_some_and(|t| t.is_file()) && is_html(entry.path()) => {
                    if let Ok(relative) = entry.path().strip_prefix(&self.root) {
                        walk.files.push(slashes(relative));
                    }
                }
                Ok(_) => {}
                Err(error) => walk.unreadable.extend(unread(&self.root, &error)),
            }
        }
        walk.files.sort_unstable();
        if let Files::Watched(watch) = &self.files {
            watch.note(|facts| facts.walk = Some(walk.clone()));
        }
        walk
    }

    /// The page at a path of the folder: the file itself, or the index of a folder.
    pub(super) fn page_at(&self, relative: &str) -> Option<String> {
        if let Files::Recalled(_, facts) = &self.files {
            return facts.leads.get(relative).cloned().flatten();
        }
        let page = self.page_on_disk(relative);
        if let Files::Watched(watch) = &self.files {
            watch.note(|facts| _ = facts.leads.insert(relative.to_owned(), page.clone()));
        }
        page
    }

    fn page_on_disk(&self, relative: &str) -> Option<String> {
        let path = self.inside(relative).ok()?;
        if path.is_dir() {
            let index = INDEX.iter().map(|i| format!("{}/{i}", relative.trim_end_matches('/')));
            return index.map(|i| i.trim_start_matches('/').to_owned()).find(|i| self.root.join(i).is_file());
        }
        path.is_file().then(|| relative.to_owned())
    }

    /// A file's bytes from the disk, whether or not a recording looks on.
    #[cfg(feature = "browser")]
    pub(super) fn bytes_on_disk(&self, relative: &str, most: u64) -> Result<Vec<u8>, Gap> {
        if matches!(self.files, Files::Recalled(..)) { Err(Gap::NoData) } else { self.read(relative, most) }
    }

    /// The file at a path of the disk, and whether it is the index of a folder there.
    #[cfg(feature = "browser")]
    pub(super) fn asset_at(&self, relative: &str) -> Option<(String, bool)> {
        if matches!(self.files, Files::Recalled(..)) {
            return None;
        }
        let is_folder = self.inside(relative).ok()?.is_dir();
        Some((self.page_on_disk(relative)?, is_folder))
    }

    /// A path inside the folder; links that lead out of it are refused.
    fn inside(&self, relative: &str) -> Result<PathBuf, Gap> {
        let relative = Path::new(relative);
        if relative.components().any(|c| !matches!(c, Component::Normal(_) | Component::CurDir)) {
            return Err(Gap::NotFound);
        }
        let real = std::fs::canonicalize(self.root.join(relative)).map_err(|e| gap_of(&e))?;
        if real.starts_with(&self.real) { Ok(real) } else { Err(Gap::Unreadable) }
    }
}

/// The folder, its real path, and the one file's name.
fn on_disk(site: &Site) -> Result<(PathBuf, PathBuf, Option<String>), Gap> {
    let path = site.source.as_deref().ok_or(Gap::NoData)?;
    let kind = std::fs::metadata(path).map_err(|e| gap_of(&e))?;
    let (root, only) = if kind.is_dir() {
        (path, None)
    } else {
        let file = path.file_name().map(|n| n.to_string_lossy().into_owned()).ok_or(Gap::NotFound)?;
        (path.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new(".")), Some(file))
    };
    let real = std::fs::canonicalize(root).map_err(|e| gap_of(&e))?;
    Ok((root.to_owned(), real, only))
}

fn gap_of(error: &std::io::Error) -> Gap {
    match error.kind() {
        std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory => Gap::NotFound,
        _ => Gap::Unreadable,
    }
}

fn unread(root: &Path, error: &ignore::Error) -> Option<UnreadPage> {
    // A link that leads back to its own folder holds no page that is not listed already.
    fn find(error: &ignore::Error) -> Option<Option<PathBuf>> {
        match error {
            ignore::Error::Loop { .. } => None,
            ignore::Error::WithPath { path, err } => find(err).map(|inner| inner.or_else(|| Some(path.clone()))),
            ignore::Error::WithDepth { err, .. } | ignore::Error::WithLineNumber { err, .. } => find(err),
            _ => Some(None),
        }
    }
    let path = find(error)?.unwrap_or_default();
    // A dangling link is no page.
    if std::fs::symlink_metadata(&path).is_ok_and(|m| m.is_symlink()) && !path.exists() {
        return None;
    }
    Some(UnreadPage { page: slashes(path.strip_prefix(root).unwrap_or(&path)), gap: Gap::Unreadable })
}

fn is_html(path: &Path) -> bool {
    let extension = path.extension().and_then(|e| e.to_str()).unwrap_or_default();
    ["html", "htm", "xhtml", "shtml"].iter().any(|e| extension.eq_ignore_ascii_case(e))
}
