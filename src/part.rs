//! A file that is being written lies beside the one it will be, under a name that nobody reads, and is locked while its
//! writer lives. What writers left that were killed is told by the missing lock and removed. Knows nothing of contents.

use std::borrow::Cow;
use std::fs::{self, File};
use std::io;
use std::path::Path;

use tempfile::NamedTempFile;

/// How names of parts end.
pub const END: &str = ".part";
/// Bytes of a part's name before its random ones. File systems give a name 255 bytes: one that fits them has a part too.
const MOST_BEGINNING: usize = 200;
/// How often a part may be taken for one that was left; each time needs another run at the very moment of its birth.
const TRIES: usize = 16;

/// Begins a part `BEGINNING….part` in a folder, as readable as others of its owner; it goes when it is dropped before
/// it was given its name.
///
/// # Errors
/// When the folder cannot be written to. The error is the system's own and does not name the part, which nobody asked
/// for.
pub fn begin(folder: &Path, beginning: &str) -> io::Result<NamedTempFile> {
    let beginning = within(beginning);
    let mut builder = tempfile::Builder::new();
    builder.prefix(&*beginning).suffix(END).rand_bytes(12);
    for _ in 0..TRIES {
        let part = builder.make_in(folder, |path| {
            // Readable as far as the mask of its owner lets new files be: that is what `open` does by itself.
            File::options().read(true).write(true).create_new(true).open(path)
        })?;
        // Some file systems have no locks; there parts of killed runs stay.
        let _ = part.as_file().lock();
        // Another run may have swept it between its birth and its lock.
        if part.path().exists() {
            return Ok(part);
        }
    }
    Err(io::Error::other("files that are being written are removed again and again"))
}

/// A beginning that leaves room for the rest of the name.
fn within(beginning: &str) -> Cow<'_, str> {
    if beginning.len() <= MOST_BEGINNING {
        return beginning.into();
    }
    let end = beginning.floor_char_boundary(MOST_BEGINNING);
    format!("{}.", beginning.get(..end).unwrap_or_default()).into()
}

/// Removes the parts of that beginning whose writers were killed.
pub fn sweep(folder: &Path, beginning: &str) {
    let beginning = within(beginning);
    for file in fs::read_dir(folder).into_iter().flatten().flatten() {
        let name = file.file_name();
        let middle = name.to_str().and_then(|n| n.strip_prefix(&*beginning)).and_then(|n| n.strip_suffix(END));
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
    fn a_name_as_long_as_the_system_allows_has_a_part() {
        let kept = tempfile::tempdir().unwrap();
        for name in ["ế".repeat(80) + ".json", "a".repeat(255), "a".repeat(236), format!("a{}", "ế".repeat(84))] {
            let (to, beginning) = (kept.path().join(&name), format!(".{name}."));
            let mut living = begin(kept.path(), &beginning).unwrap();
            let left = living.path().with_file_name(format!("{}abc.part", within(&beginning)));
            fs::write(&left, "left").unwrap();
            sweep(kept.path(), &beginning);
            assert!(living.path().exists() && !left.exists(), "{name}");
            living.write_all(b"whole").unwrap();
            living.persist(&to).unwrap();
            assert_eq!(fs::read(&to).unwrap(), b"whole", "{name}");
        }
    }

    #[test]
    fn an_error_is_the_systems_own_and_does_not_name_the_part() {
        let kept = tempfile::tempdir().unwrap();
        let error = begin(&kept.path().join("nowhere"), ".a.json.").unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::NotFound);
        assert!(error.raw_os_error().is_some(), "{error}");
        assert!(!error.to_string().contains(END), "{error}");
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
