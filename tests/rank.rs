//! `rasoat rank`: tables of visits as offices write them become rankings, and tables of the 2024 evaluation are checked
//! against themselves. The program is run on files; numbers of visits are made up.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

#[path = "support/mod.rs"]
mod support;

#[path = "rank/docs.rs"]
mod docs;
#[path = "rank/scan.rs"]
mod scan;
#[path = "rank/stated.rs"]
mod stated;
#[path = "rank/table.rs"]
mod table;
#[cfg(feature = "office")]
#[path = "rank/workbook.rs"]
mod workbook;
#[path = "rank/years.rs"]
mod years;

use std::path::Path;

use serde_json::Value;

/// A folder with these files.
fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let files: Vec<(String, Vec<u8>)> =
        files.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect();
    support::write(folder.path(), &files);
    folder
}

/// Exit code, standard output, standard error.
fn run(folder: &Path, args: &[&str]) -> (i32, String, String) {
    let output = support::rasoat(folder).arg("rank").args(args).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code().unwrap(), text(&output.stdout), text(&output.stderr))
}

/// The ranking of a command as JSON.
fn ranking(folder: &Path, args: &[&str]) -> Value {
    let (code, stdout, stderr) = run(folder, &[args, &["-q", "--report", "json"]].concat());
    assert_eq!(code, 0, "{stderr}");
    serde_json::from_str(&stdout).unwrap()
}

/// The ranking of one CSV text.
fn ranked(csv: &str) -> Value {
    ranking(folder(&[("t.csv", csv.as_bytes())]).path(), &["t.csv"])
}

/// The error of one CSV text: exit 2 and this on standard error.
fn refused(csv: &str) -> String {
    let (code, _, stderr) = run(folder(&[("t.csv", csv.as_bytes())]).path(), &["t.csv"]);
    assert_eq!(code, 2, "{stderr}");
    stderr
}

/// `(rank, name)` of all rows, in order.
fn ranks(ranking: &Value) -> Vec<(Option<u64>, String)> {
    let rows = ranking["blocks"].as_array().unwrap().iter().flat_map(|block| block["rows"].as_array().unwrap());
    rows.map(|row| (row["rank"].as_u64(), row["name"].as_str().unwrap().to_owned())).collect()
}

/// The English messages of notes of a code.
fn notes(ranking: &Value, code: &str) -> Vec<String> {
    let all = ranking["notes"].as_array().unwrap().iter().filter(|note| note["code"] == code);
    all.map(|note| note["message"]["en"].as_str().unwrap().to_owned()).collect()
}

/// The lines that notes of a code point to.
fn lines(ranking: &Value, code: &str) -> Vec<u64> {
    let all = ranking["notes"].as_array().unwrap().iter().filter(|note| note["code"] == code);
    all.flat_map(|note| note["places"].as_array().unwrap()).map(|place| place["line"].as_u64().unwrap()).collect()
}

/// `(rank, name)` as it is wanted.
fn row(rank: u64, name: &str) -> (Option<u64>, String) {
    ((rank > 0).then_some(rank), name.to_owned())
}
