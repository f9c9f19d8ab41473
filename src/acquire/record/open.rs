//! Opens a recording: to begin or continue it, or to judge it again. Every byte of it is looked at before anything is
//! taken from it, and what is wrong is named.

use std::collections::HashMap;
use std::fs::{self, File, TryLockError};
use std::io::Read;
use std::path::Path;
use std::sync::Mutex;

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use serde::Deserialize;

use super::blob::{self, Blobs, Checked, Damage};
use super::manifest;
use super::{Blob, FORMAT, Finished, Header, MOST_BYTES, MOST_INDEX, Recording, append, damaged, index};
use crate::error::Error;
use crate::policy::Text;
use crate::site::is_site_id;

impl Recording {
    /// Begins a recording, or continues the one of the same run.
    ///
    /// # Errors
    /// [`Error::Write`] when the folder cannot be written to, [`Error::Usage`] when it holds another run, is damaged
    /// or is being written to.
    pub fn record(folder: &Path, header: Header, max_size: u64) -> Result<Self, Error> {
        let path = folder.join(manifest::NAME);
        let failed = |cause| Error::Write { path: path.display().to_string(), cause };
        fs::create_dir_all(folder).map_err(|cause| Error::Write { path: folder.display().to_string(), cause })?;
        let blobs = Blobs::new(folder, MOST_BYTES);
        blobs.prepare()?;
        no_link(folder)?;
        let mut file = File::options().read(true).append(true).create(true).open(&path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(busy(folder)),
            Err(TryLockError::Error(cause)) => return Err(failed(cause)),
        }
        blobs.sweep();
        let bytes = read(&mut file, folder)?;
        // A run that was killed before it had written its first line never began.
        let (mut lines, earlier) = lines(&bytes, folder)?;
        lines.torn &= earlier.is_some();
        file.set_len(lines.whole as u64).map_err(failed)?;
        let header = match earlier {
            Some(earlier) => {
                if let Some(what) = earlier.identity.differs(&header.identity) {
                    return Err(another_run(folder, &what));
                }
                earlier
            }
            None => {
                let entry = serde_json::to_string(&header).map_err(|e| Error::Internal(e.to_string()))?;
                append(&mut file, &entry).map_err(failed)?;
                // The file's name is to last as well.
                File::open(folder).and_then(|f| f.sync_all()).map_err(failed)?;
                header
            }
        };
        Self::opened(folder, header, blobs, &lines, max_size, Some(file))
    }

    /// Opens a recording to judge it again. Every byte is looked at.
    ///
    /// # Errors
    /// [`Error::Usage`] when there is none, or with the name of what is damaged.
    pub fn replay(folder: &Path, max_size: u64) -> Result<Self, Error> {
        no_link(folder)?;
        let mut file = File::open(folder.join(manifest::NAME)).map_err(|cause| {
            let shown = folder.display();
            Error::usage(Text::new(
                format!("--replay {shown}: không phải bản ghi ({}: {cause}).", manifest::NAME),
                format!("--replay {shown}: not a recording ({}: {cause}).", manifest::NAME),
            ))
        })?;
        let bytes = read(&mut file, folder)?;
        let (lines, header) = lines(&bytes, folder)?;
        let header = header.ok_or_else(|| {
            let shown = folder.display();
            Error::usage(Text::new(
                format!("--replay {shown}: bản ghi chưa bắt đầu."),
                format!("--replay {shown}: the recording never began."),
            ))
        })?;
        Self::opened(folder, header, Blobs::new(folder, MOST_BYTES), &lines, max_size, None)
    }

    /// With every entry looked at; `manifest` is the file that goes on being written.
    fn opened(
        folder: &Path,
        header: Header,
        blobs: Blobs,
        lines: &manifest::Lines<'_>,
        max_size: u64,
        manifest: Option<File>,
    ) -> Result<Self, Error> {
        Ok(Self {
            finished: finished(&lines.entries, &blobs, max_size, folder)?,
            folder: folder.to_owned(),
            header,
            blobs,
            max_size,
            torn: lines.torn,
            manifest: manifest.map(Mutex::new),
            failure: Mutex::default(),
        })
    }
}

/// Refuses a manifest or a folder of blobs that is a link.
fn no_link(folder: &Path) -> Result<(), Error> {
    for name in [manifest::NAME, blob::FOLDER] {
        if fs::symlink_metadata(folder.join(name)).is_ok_and(|m| m.is_symlink()) {
            return Err(damaged(folder, name, None, &Damage::Link));
        }
    }
    Ok(())
}

fn read(file: &mut File, folder: &Path) -> Result<Vec<u8>, Error> {
    let mut bytes = Vec::new();
    let read = file.take(manifest::MOST + 1).read_to_end(&mut bytes);
    read.map_err(|e| damaged(folder, manifest::NAME, None, &Damage::Unreadable(e.to_string())))?;
    if bytes.len() as u64 > manifest::MOST {
        return Err(damaged(folder, manifest::NAME, None, &Damage::TooLarge(manifest::MOST)));
    }
    Ok(bytes)
}

/// The manifest's lines, and the first as what it is.
fn lines<'b>(bytes: &'b [u8], folder: &Path) -> Result<(manifest::Lines<'b>, Option<Header>), Error> {
    let changed = |number: usize| {
        let name = format!("{}:{number}", manifest::NAME);
        damaged(folder, &name, None, &Damage::Changed)
    };
    let lines = manifest::lines(bytes).map_err(changed)?;
    let Some(first) = lines.entries.first() else { return Ok((lines, None)) };
    #[derive(Deserialize)]
    struct Version {
        format: String,
    }
    let version: Version = serde_json::from_str(first).map_err(|_| changed(1))?;
    if version.format != FORMAT {
        let (shown, version) = (folder.display(), version.format.escape_debug().to_string());
        return Err(Error::usage(Text::new(
            format!("{shown}: bản ghi ở dạng “{version}”, phiên bản này đọc “{FORMAT}”."),
            format!("{shown}: the recording has the form “{version}”, this version reads “{FORMAT}”."),
        )));
    }
    let header = serde_json::from_str(first).map_err(|_| changed(1))?;
    Ok((lines, Some(header)))
}

/// The finished sites, after every byte that is kept of them was looked at.
fn finished(entries: &[&str], blobs: &Blobs, max_size: u64, folder: &Path) -> Result<HashMap<String, Blob>, Error> {
    let checked =
        blobs.check(max_size.max(MOST_INDEX)).map_err(|(name, damage)| damaged(folder, &name, None, &damage))?;
    let mut finished = HashMap::new();
    for (n, entry) in entries.iter().enumerate().skip(1) {
        let wrong = || damaged(folder, &format!("{}:{}", manifest::NAME, n + 1), None, &Damage::Changed);
        let line: Finished = serde_json::from_str(entry).map_err(|_| wrong())?;
        if !is_site_id(&line.site) || finished.insert(line.site, line.taken).is_some() {
            return Err(wrong());
        }
    }
    let mut sites: Vec<(&String, &Blob)> = finished.iter().collect();
    sites.sort_by_key(|(site, _)| *site);
    let faults = sites.par_iter().map(|(site, blob)| whole(blobs, &checked, site, blob, max_size, folder));
    // The first by name, so that the same damage is always told in the same words.
    if let Some(error) = faults.collect::<Vec<_>>().into_iter().find_map(Result::err) {
        return Err(error);
    }
    match checked.damaged.first_key_value() {
        Some((sha, damage)) => Err(damaged(folder, &Blobs::name(sha), None, damage)),
        None => Ok(finished),
    }
}

/// Whether all that is kept of a site is as it was written.
fn whole(blobs: &Blobs, checked: &Checked, site: &str, blob: &Blob, max_size: u64, folder: &Path) -> Result<(), Error> {
    let look = |blob: &Blob, most: u64| match checked.whole.get(&blob.sha256) {
        _ if blob.bytes > most => Err(Damage::TooLarge(most)),
        Some(length) if *length == blob.bytes => Ok(()),
        Some(_) => Err(Damage::Changed),
        None => Err(checked.damaged.get(&blob.sha256).cloned().unwrap_or(Damage::Missing)),
    };
    let of_site = |blob: &Blob, damage| damaged(folder, &Blobs::name(&blob.sha256), Some(site), &damage);
    look(blob, MOST_INDEX).map_err(|damage| of_site(blob, damage))?;
    let taken = index(blobs, blob).map_err(|damage| of_site(blob, damage))?;
    for (address, body) in taken.facts.blobs() {
        look(body, max_size).map_err(|damage| {
            let address: String = address.chars().take(200).collect();
            let place = format!("{site}, {}", address.escape_debug());
            damaged(folder, &Blobs::name(&body.sha256), Some(&place), &damage)
        })?;
    }
    Ok(())
}

fn busy(folder: &Path) -> Error {
    let shown = folder.display();
    Error::usage(Text::new(
        format!("--record {shown}: một lần chạy khác đang ghi vào đây."),
        format!("--record {shown}: another run is recording there."),
    ))
}

fn another_run(folder: &Path, what: &Text) -> Error {
    let shown = folder.display();
    Error::usage(Text::new(
        format!(
            "--record {shown}: thư mục giữ bản ghi của một lần chạy khác, khác ở: {}. Hãy dùng thư mục khác.",
            what.vi
        ),
        format!(
            "--record {shown}: the folder holds the recording of another run; what differs: {}. Use another folder.",
            what.en
        ),
    ))
}
