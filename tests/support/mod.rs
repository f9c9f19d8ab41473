//! Runs the real program on files of a test, with an environment of its own.

use std::fs;
use std::path::Path;

use assert_cmd::Command;

/// The program with an environment of its own: no colours, no language, a fixed clock.
pub(crate) fn rasoat(folder: &Path) -> Command {
    let mut command = Command::cargo_bin("rasoat").unwrap();
    command
        .current_dir(folder)
        .env_clear()
        .env("RASOAT_BROWSER_PATH", "")
        .env("LANG", "en_US.UTF-8")
        .env("SOURCE_DATE_EPOCH", "1767225600");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command
}

/// Writes files into a folder; a path that ends in `/` makes an empty folder.
pub(crate) fn write(folder: &Path, files: &[(String, Vec<u8>)]) {
    for (name, bytes) in files {
        let path = folder.join(name);
        if name.ends_with('/') {
            fs::create_dir_all(&path).unwrap();
            continue;
        }
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
    }
}
