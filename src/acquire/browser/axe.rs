//! axe-core, the accessibility checker: where its script lies, and what it finds on a page when it runs in a world
//! of its own, out of the reach of the page's scripts. Its answer becomes facts with places. Never judges.

#[cfg(feature = "browser")]
mod run;

use std::ffi::OsStr;
use std::path::{Path, PathBuf};

#[cfg(feature = "browser")]
pub use run::check;

/// Names the script when no flag does.
pub const VARIABLE: &str = "RASOAT_AXE";
/// Where its package keeps the script.
const INSTALLED: &str = "node_modules/axe-core/axe.min.js";

/// The script: the one that is named, else an installed one in the working folder or above it, or beside the program.
#[must_use]
pub fn find(explicit: Option<&Path>) -> Option<PathBuf> {
    let program = std::env::current_exe().ok();
    let beside = program.as_deref().and_then(Path::parent);
    let here = std::env::current_dir().ok();
    find_among(explicit, std::env::var_os(VARIABLE).as_deref(), &[here.as_deref(), beside])
}

fn find_among(explicit: Option<&Path>, variable: Option<&OsStr>, folders: &[Option<&Path>]) -> Option<PathBuf> {
    // What was named is meant: another one in its place would surprise.
    if let Some(named) = explicit.or(variable.filter(|v| !v.is_empty()).map(Path::new)) {
        return named.is_file().then(|| named.to_owned());
    }
    let above = folders.iter().flatten().flat_map(|folder| folder.ancestors());
    above.map(|folder| folder.join(INSTALLED)).find(|file| file.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_script_is_named_or_installed() {
        let root = tempfile::tempdir().unwrap();
        let at = |path: &str| {
            let file = root.path().join(path);
            std::fs::create_dir_all(file.parent().unwrap()).unwrap();
            std::fs::write(&file, "").unwrap();
            file
        };
        let here = root.path().join("a/b");
        let beside = root.path().join("bin");
        let folders = [Some(here.as_path()), None, Some(beside.as_path())];
        assert_eq!(find_among(None, None, &folders), None);
        let with_program = at("bin/node_modules/axe-core/axe.min.js");
        assert_eq!(find_among(None, None, &folders), Some(with_program));
        let above = at("a/node_modules/axe-core/axe.min.js");
        assert_eq!(find_among(None, None, &folders), Some(above.clone()));
        assert_eq!(find_among(None, Some(OsStr::new("")), &folders), Some(above));
        let (flag, variable) = (at("flag.js"), at("variable.js"));
        assert_eq!(find_among(None, Some(variable.as_os_str()), &folders), Some(variable.clone()));
        assert_eq!(find_among(Some(&flag), Some(variable.as_os_str()), &folders), Some(flag));
        assert_eq!(find_among(Some(Path::new("none.js")), Some(variable.as_os_str()), &folders), None);
        assert_eq!(find_among(Some(root.path()), None, &folders), None);
    }
}
