//! The pictures that a report names, read from the folder that the user named: what a drawing may lay beside it.
//! Never follows a name out of the folder, and leaves out what is too large.

use std::collections::BTreeMap;
use std::io::Read;
use std::path::{Component, Path};

use crate::finding::Evidence;
use crate::report::Report;

/// Most pictures that are read.
const MOST: usize = 5_000;
/// Largest file, in bytes.
const LARGEST: u64 = 1 << 20;
/// Bytes of all files together.
const ALL: usize = 64 << 20;

/// Pictures by the names that findings give them. One that is missing, too large or elsewhere is left out: a picture is
/// evidence beside the facts and decides nothing.
pub(super) fn pictures(report: &Report, folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let Ok(folder) = folder.canonicalize() else { return found };
    let mut room = ALL;
    for entry in report.findings.iter().flat_map(|finding| &finding.evidence) {
        let Evidence::Screenshot { path } = entry else { continue };
        if found.len() == MOST || found.contains_key(path) {
            continue;
        }
        if let Some(bytes) = read(&folder, path).filter(|bytes| bytes.len() <= room) {
            room -= bytes.len();
            found.insert(path.clone(), bytes);
        }
    }
    found
}

fn read(folder: &Path, name: &str) -> Option<Vec<u8>> {
    let name = Path::new(name);
    // A report may come from anybody: its names are no paths out of here, and neither is what they link to.
    if name.as_os_str().is_empty() || !name.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let path = folder.join(name).canonicalize().ok().filter(|path| path.starts_with(folder))?;
    // A pipe or device would never end.
    if !path.metadata().ok()?.is_file() {
        return None;
    }
    let mut bytes = Vec::new();
    std::fs::File::open(path).ok()?.take(LARGEST + 1).read_to_end(&mut bytes).ok()?;
    (bytes.len() as u64 <= LARGEST).then_some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_leads_out_of_the_folder() {
        let all = tempfile::tempdir().unwrap();
        let folder = all.path().join("anh");
        std::fs::create_dir_all(folder.join("con")).unwrap();
        std::fs::write(all.path().join("mat.png"), "secret").unwrap();
        std::fs::write(folder.join("a.png"), "a").unwrap();
        std::fs::write(folder.join("con/b.png"), "b").unwrap();
        let outside = all.path().join("mat.png");
        #[cfg(unix)]
        std::os::unix::fs::symlink(&outside, folder.join("link.png")).unwrap();
        let folder = folder.canonicalize().unwrap();
        for (name, found) in [
            ("a.png", Some(b"a".to_vec())),
            ("con/b.png", Some(b"b".to_vec())),
            ("../mat.png", None),
            ("con/../../mat.png", None),
            ("link.png", None),
            ("con", None),
            ("", None),
            (".", None),
            ("missing.png", None),
            ("a\0.png", None),
            (outside.to_str().unwrap(), None),
        ] {
            assert_eq!(read(&folder, name), found, "{name}");
        }
    }

    #[test]
    fn a_file_that_is_too_large_is_left_out() {
        let folder = tempfile::tempdir().unwrap();
        let most = usize::try_from(LARGEST).unwrap();
        std::fs::write(folder.path().join("most.png"), vec![0; most]).unwrap();
        std::fs::write(folder.path().join("more.png"), vec![0; most + 1]).unwrap();
        let folder = folder.path().canonicalize().unwrap();
        assert_eq!(read(&folder, "most.png").map(|b| b.len()), Some(most));
        assert_eq!(read(&folder, "more.png"), None);
    }
}
