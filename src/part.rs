//! A file that is being written lies beside the one it will be, under a name that nobody reads, and is locked while its
//! writer lives. What writers left that were killed is told by the missing lock and removed. Knows nothing of contents.

use std::fs::{self, File};
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// How names of parts end.
pub const END: &str = ".part";
/// How often a part may be taken for one that was left; each time needs another run at the very moment of its birth.
const TRIES: usize = 16;

/// Begins a part `BEGINNING….part` in a folder, as readable as others of its owner; it goes when it is dropped before
/// it was given its name.
///
/// # Errors
/// When the folder cannot be written to.
pub fn begin(folder: &Path, beginning: &str) -> io::Result<NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(beginning).suffix(END).rand_bytes(12);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    for _ in 0..TRIES {
        let part = builder.tempfile_in(folder)?;
        // Some file systems have no locks; there parts of killed runs stay.
        let _ = part.as_file().lock();
        // Another run may have swept it between its birth and its lock.
        if part.path().exists() {
            return Ok(part);
        }
    }
    Err(io::Error::other("files that are being written are removed again and again"))
}

/// Removes the parts of that beginning whose writers were killed.
pub fn sweep(folder: &Path, beginning: &str) {
    for file in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = file.file_name();
        let middle = name.to_str().and_then(|n| n.strip_prefix(beginning)).and_then(|n| n.strip_suffix(END));
        let is_part = middle.is_some_and(|m| !m.is_empty() && m.bytes().all(|b| b.is_ascii_alphanumeric()))
            && file.file_type().is_ok_and(|t| t.is_file());
        let Some(part) = is_part.then(|| File::options().write(true).open(file.path()).ok()).flatten() else {
            continue;
        };
        // Held until it is gone, so that a writer who waits for the lock sees that it is.
        if part.try_lock().is_ok() {
            let _ = fs::remove_file(file.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;
    use std::path::PathBuf;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let mut names: Vec<String> =
            fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn what_a_living_writer_holds_stays_and_what_a_killed_one_left_goes() {
        let kept = tempfile::tempdir().unwrap();
        let mut living = begin(kept.path(), ".a.json.").unwrap();
        living.write_all(b"half").unwrap();
        let others =
            [".a.json.bak.old.part", ".a.json..part", ".a.json.Vị.part", ".b.json.abc.part", "a.json.abc.part"];
        for name in others.iter().chain(&[".a.json.abc123.part", ".a.json.4711.part"]) {
            fs::write(kept.path().join(name), "left").unwrap();
        }
        fs::create_dir(kept.path().join(".a.json.folder.part")).unwrap();
        sweep(kept.path(), ".a.json.");
        let left = names(kept.path());
        assert!(!left.contains(&".a.json.abc123.part".to_owned()) && !left.contains(&".a.json.4711.part".to_owned()));
        assert_eq!(left.len(), others.len() + 2, "{left:?}");
        living.persist(kept.path().join("a.json")).unwrap();
        assert_eq!(fs::read(kept.path().join("a.json")).unwrap(), b"half");
    }

    #[test]
    #[cfg(unix)]
    fn a_link_in_its_place_is_not_followed() {
        let kept = tempfile::tempdir().unwrap();
        let target = kept.path().join("a.json");
        fs::write(&target, "whole").unwrap();
        std::os::unix::fs::symlink(&target, kept.path().join(".a.json.abc.part")).unwrap();
        sweep(kept.path(), ".a.json.");
        assert_eq!(names(kept.path()), [".a.json.abc.part", "a.json"]);
        assert_eq!(fs::read(target).unwrap(), b"whole");
    }

    #[test]
    fn writers_and_sweepers_at_once_lose_nothing() {
        let kept = tempfile::tempdir().unwrap();
        let folder: PathBuf = kept.path().to_owned();
        std::thread::scope(|scope| {
            for writer in 0..4 {
                let folder = &folder;
                scope.spawn(move || {
                    for n in 0..100 {
                        sweep(folder, ".x.");
                        let mut part = begin(folder, ".x.").unwrap();
                        part.write_all(format!("{writer} {n}").as_bytes()).unwrap();
                        part.persist(folder.join(format!("x-{writer}-{n}"))).unwrap();
                    }
                });
            }
        });
        assert_eq!(names(&folder).len(), 400);
        assert_eq!(fs::read_to_string(folder.join("x-3-99")).unwrap(), "3 99");
    }
}
