//! Finds the browser's program: where the user says, else by its usual names. Starts nothing.

use std::path::{Path, PathBuf};

/// Usual names, best first.
const NAMES: &[&str] =
    &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "chromium-headless-shell"];

/// Where it stands outside the search path.
const PLACES: &[&str] = &[
    "/usr/lib/chromium/chromium",
    "/opt/google/chrome/chrome",
    "/snap/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

/// What was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Found {
    /// A program.
    Program(PathBuf),
    /// The user names a program that is not there.
    Wrong(PathBuf),
    /// There is none.
    Nothing,
}

/// Finds the browser. `named` is what the user says; empty for none.
#[must_use]
pub fn find(named: Option<&Path>) -> Found {
    if !cfg!(all(feature = "browser", unix)) {
        return Found::Nothing;
    }
    match named {
        Some(none) if none.as_os_str().is_empty() => Found::Nothing,
        Some(path) => named_program(path).map_or_else(|| Found::Wrong(path.to_owned()), Found::Program),
        None => NAMES
            .iter()
            .find_map(|name| in_path(name))
            .or_else(|| PLACES.iter().map(PathBuf::from).find(|place| is_program(place)))
            .map_or(Found::Nothing, Found::Program),
    }
}

/// A path as it is, or a name that the search path knows.
fn named_program(path: &Path) -> Option<PathBuf> {
    if is_program(path) {
        return Some(path.to_owned());
    }
    let name = path.to_str().filter(|name| !name.contains(['/', '\\']))?;
    in_path(name)
}

fn in_path(name: &str) -> Option<PathBuf> {
    let folders = std::env::var_os("PATH")?;
    std::env::split_paths(&folders).map(|folder| folder.join(name)).find(|path| is_program(path))
}

#[cfg(unix)]
fn is_program(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt;
    std::fs::metadata(path).is_ok_and(|m| m.is_file() && m.permissions().mode() & 0o111 != 0)
}

#[cfg(not(unix))]
fn is_program(path: &Path) -> bool {
    path.is_file()
}

/// Whether this program runs as the superuser, where the browser refuses to use its sandbox.
#[must_use]
pub fn is_superuser() -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        // A file of one's own belongs to the user one acts as.
        tempfile::tempfile().and_then(|file| file.metadata()).is_ok_and(|m| m.uid() == 0)
    }
    #[cfg(not(unix))]
    false
}

#[cfg(all(test, unix, feature = "browser"))]
mod tests {
    use super::*;

    #[test]
    fn what_the_user_names_goes_before_the_usual_names() {
        let shell = Path::new("/bin/sh");
        assert_eq!(find(Some(shell)), Found::Program(shell.to_owned()));
        assert!(matches!(find(Some(Path::new("sh"))), Found::Program(_)), "a name is looked up");
    }

    #[test]
    fn a_program_that_is_not_there_is_told_and_an_empty_name_means_none() {
        for wrong in ["/nowhere/chromium", "no-such-browser-at-all", "/dev/null", "/tmp"] {
            assert_eq!(find(Some(Path::new(wrong))), Found::Wrong(wrong.into()), "{wrong}");
        }
        assert_eq!(find(Some(Path::new(""))), Found::Nothing);
    }
}
