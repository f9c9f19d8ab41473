//! The program itself writes the page: from a stored report, with the pictures of its folder.

use std::path::Path;

use assert_cmd::Command;
use rasoat::report::to_json;

use super::samples::{PNG, screenshot};
use crate::sample;

fn rasoat(folder: &Path, arguments: &[&str]) -> std::process::Output {
    let mut command = Command::cargo_bin("rasoat").unwrap();
    command.current_dir(folder).env_clear().env("LANG", "en_US.UTF-8").args(arguments).output().unwrap()
}

/// A folder with a stored report whose failed label has pictures of these names.
fn stored(names: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut report = sample::report();
    let label = report.findings.iter_mut().find(|f| f.site == "tinh-a" && f.rule == "label").unwrap();
    label.evidence = names.iter().map(|name| screenshot(name)).collect();
    std::fs::write(folder.path().join("r.json"), to_json(&report).unwrap()).unwrap();
    std::fs::create_dir(folder.path().join("anh")).unwrap();
    std::fs::write(folder.path().join("anh/a.png"), PNG).unwrap();
    std::fs::write(folder.path().join("mat.png"), PNG).unwrap();
    folder
}

#[test]
fn a_stored_report_becomes_a_page_with_the_pictures_of_its_folder_and_no_others() {
    let folder = stored(&["a.png", "../mat.png", "b.png"]);
    let absolute = folder.path().join("mat.png");
    assert!(absolute.exists());
    let ended = rasoat(folder.path(), &["report", "r.json", "-q", "--report", "html=r.html", "--screenshots", "anh"]);
    assert_eq!(ended.status.code(), Some(1), "as the run ended: {}", String::from_utf8_lossy(&ended.stderr));
    let html = std::fs::read_to_string(folder.path().join("r.html")).unwrap();
    assert_eq!(html.matches("data:image/png;base64,").count(), 1);
    // Without the folder the same page without a picture.
    rasoat(folder.path(), &["report", "r.json", "-q", "--report", "html=r.html"]);
    let html = std::fs::read_to_string(folder.path().join("r.html")).unwrap();
    assert!(html.starts_with("<!doctype html>") && !html.contains("data:image/"));
}

#[test]
fn a_folder_that_is_not_there_is_said() {
    let folder = stored(&[]);
    let ended = rasoat(folder.path(), &["report", "r.json", "--report", "html=r.html", "--screenshots", "khong-co"]);
    assert_eq!(ended.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&ended.stderr).contains("there is no folder khong-co"));
    assert!(!folder.path().join("r.html").exists());
}

#[test]
fn a_page_may_go_to_standard_output() {
    let folder = stored(&[]);
    let ended = rasoat(folder.path(), &["report", "r.json", "-q", "--report", "html"]);
    assert!(ended.stdout.starts_with(b"<!doctype html>") && ended.stdout.ends_with(b"</html>\n"));
}
