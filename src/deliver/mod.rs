//! Puts finished bytes where people asked for them: files by write-then-rename, or GitHub's API. Never changes
//! them, nor how a run ends.

#[cfg(feature = "github")]
pub mod github;
pub mod history;
mod place;

use std::fs::File;
use std::io::{self, Write};
use std::path::Path;

use self::place::Place;
use crate::error::Error;
use crate::part;

/// Writes a file so that readers see the old one or the whole new one, never a part. A link stays one: what it leads
/// to is written. What is no file is written into.
///
/// # Errors
/// [`Error::Write`] with the path.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), Error> {
    let written = Place::of(path).and_then(|place| match place {
        Place::File(path) => replace(&path, bytes),
        Place::Stream(path) => place::into_stream(&path, bytes),
    });
    written.map_err(|cause| Error::Write { path: path.display().to_string(), cause })
}

fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let (folder, beginning) = beside(path);
    part::sweep(folder, &beginning);
    let mut part = part::begin(folder, &beginning)?;
    part.write_all(bytes)?;
    part.as_file().sync_all()?;
    part.persist(path).map(drop).map_err(|error| error.error)
}

/// Checks before the work begins that a report can be written where it shall go.
///
/// # Errors
/// [`Error::Write`] with the path.
pub fn probe(path: &Path) -> Result<(), Error> {
    let probed = Place::of(path).and_then(|place| match place {
        Place::File(path) if path.is_dir() => Err(io::ErrorKind::IsADirectory.into()),
        Place::File(path) => {
            let (folder, beginning) = beside(&path);
            part::begin(folder, &beginning).map(drop)
        }
        // A pipe is opened once: whoever reads it would take a second opening for the end.
        Place::Stream(path) if path.exists() => Ok(()),
        Place::Stream(path) => File::options().write(true).open(path).map(drop),
    });
    probed.map_err(|cause| Error::Write { path: path.display().to_string(), cause })
}

/// Whether two paths are of one file, however they are written and whatever links lead there.
#[must_use]
pub fn is_same(one: &Path, other: &Path) -> bool {
    let end = |path: &Path| Place::of(path).ok().map(|place| place.whole());
    one == other || end(one).is_some_and(|one| end(other) == Some(one))
}

/// The folder of a file, and how the names of its parts begin.
fn beside(path: &Path) -> (&Path, String) {
    (place::folder(path), format!(".{}.", path.file_name().unwrap_or_default().to_string_lossy()))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn two_ways_to_one_file_are_the_same() {
        let kept = tempfile::tempdir().unwrap();
        let (folder, at) = (kept.path().join("o"), |path: &str| kept.path().join(path));
        fs::create_dir(&folder).unwrap();
        assert!(is_same(&at("o/b.json"), &at("o/../o/b.json")));
        assert!(is_same(&at("o/b.json"), &at("o/./b.json")));
        assert!(!is_same(&at("o/b.json"), &at("b.json")));
        // Of folders that are not there nothing is known but the name.
        assert!(is_same(&at("p/b.json"), &at("p/b.json")) && !is_same(&at("p/b.json"), &at("q/b.json")));
        assert!(is_same(Path::new("b.json"), Path::new("./b.json")));
    }

    #[cfg(unix)]
    mod unix {
        use std::os::unix::fs::symlink;

        use super::*;

        #[test]
        fn a_link_stays_one_and_what_it_leads_to_is_written() {
            let kept = tempfile::tempdir().unwrap();
            let at = |path: &str| kept.path().join(path);
            fs::create_dir(at("far")).unwrap();
            symlink("far/a.json", at("new.json")).unwrap();
            symlink("new.json", at("twice.json")).unwrap();
            for (round, link) in ["twice.json", "new.json", "twice.json"].iter().enumerate() {
                probe(&at(link)).unwrap();
                write(&at(link), format!("{round}").as_bytes()).unwrap();
                assert_eq!(fs::read_to_string(at("far/a.json")).unwrap(), format!("{round}"));
                assert!(fs::symlink_metadata(at(link)).unwrap().is_symlink(), "{link}");
            }
            assert_eq!(fs::read_dir(at("far")).unwrap().count(), 1);
            assert!(is_same(&at("twice.json"), &at("far/a.json")));
        }

        #[test]
        fn a_link_that_leads_to_itself_is_an_error() {
            let kept = tempfile::tempdir().unwrap();
            let at = |path: &str| kept.path().join(path);
            symlink("b.json", at("a.json")).unwrap();
            symlink("a.json", at("b.json")).unwrap();
            assert!(probe(&at("a.json")).is_err() && write(&at("a.json"), b"x").is_err());
            assert!(fs::symlink_metadata(at("a.json")).unwrap().is_symlink());
        }

        #[test]
        #[cfg(target_os = "linux")]
        fn a_link_to_an_open_file_is_written_into_and_stays() {
            use std::os::fd::AsRawFd;
            let kept = tempfile::tempdir().unwrap();
            let (file, link) = (kept.path().join("x"), kept.path().join("so"));
            fs::write(&file, "before ").unwrap();
            let open = File::options().append(true).open(&file).unwrap();
            symlink(format!("/proc/self/fd/{}", open.as_raw_fd()), &link).unwrap();
            probe(&link).unwrap();
            write(&link, b"whole").unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
            assert_eq!(fs::read_to_string(&file).unwrap(), "before whole");
            // Not replaced either: whoever has it open reads what was written.
            assert_eq!(open.metadata().unwrap().len(), 12);
        }

        #[test]
        #[cfg(target_os = "linux")]
        fn where_no_file_can_be_made_the_error_says_why_and_advises_nothing_false() {
            for path in ["/proc/no-such-report.json", "/proc/self/no-such-report.json"] {
                for ended in [probe(Path::new(path)), write(Path::new(path), b"x")] {
                    let said = ended.unwrap_err().text().en;
                    assert!(said.starts_with(&format!("cannot write {path}: ")), "{said}");
                    assert!(!said.contains(".part") && !said.contains("mkdir"), "{said}");
                }
            }
        }
    }
}
