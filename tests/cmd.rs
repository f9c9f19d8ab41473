//! Commands as data: each `cmd/*.toml` is one command line, its exit code and what it prints. The text lies beside
//! the file (`NAME.stdout`, `NAME.stderr`); `UPDATE_GOLDEN=1` writes it anew.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde::Deserialize;

/// One command.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Cmd {
    /// As a shell would split it: words between spaces.
    args: String,
    /// A folder of `tests/sites` to run in; else an empty one.
    site: Option<String>,
    exit: i32,
    #[serde(default)]
    env: BTreeMap<String, String>,
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name)
}

/// What a command printed that is not as kept; `None` when it is.
fn differs(path: &Path, printed: &[u8]) -> Option<String> {
    let printed =
        String::from_utf8_lossy(printed).replace(concat!("rasoat ", env!("CARGO_PKG_VERSION")), "rasoat VERSION");
    if std::env::var_os("UPDATE_GOLDEN").is_some() {
        if printed.is_empty() {
            let _ = fs::remove_file(path);
        } else {
            fs::write(path, printed).unwrap();
        }
        return None;
    }
    let kept = fs::read_to_string(path).unwrap_or_default();
    (kept != printed).then(|| format!("{} is not as kept, it is:\n{printed}", path.file_name().unwrap().display()))
}

#[test]
fn commands() {
    let mut files: Vec<PathBuf> = fs::read_dir(folder("cmd")).unwrap().map(|e| e.unwrap().path()).collect();
    files.retain(|f| f.extension().is_some_and(|e| e == "toml"));
    files.sort();
    let mut wrong = Vec::new();
    for file in &files {
        let cmd: Cmd =
            toml::from_str(&fs::read_to_string(file).unwrap()).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
        let empty = tempfile::TempDir::new().unwrap();
        let site = cmd.site.as_ref().map_or_else(|| empty.path().to_owned(), |s| folder("sites").join(s));
        let mut command = Command::cargo_bin("rasoat").unwrap();
        command
            .current_dir(&site)
            .env_clear()
            .env("RASOAT_BROWSER_PATH", "")
            .env("SOURCE_DATE_EPOCH", "1767225600")
            .env("COLUMNS", "100")
            .envs(&cmd.env);
        let output = command.args(cmd.args.split_whitespace()).output().unwrap();
        let name = file.file_stem().unwrap().display();
        if output.status.code() != Some(cmd.exit) {
            wrong.push(format!("{name}: exit {} is wanted, it is {:?}", cmd.exit, output.status.code()));
        }
        wrong.extend(differs(&file.with_extension("stdout"), &output.stdout));
        wrong.extend(differs(&file.with_extension("stderr"), &output.stderr));
    }
    assert!(
        wrong.is_empty(),
        "{} of {} commands; UPDATE_GOLDEN=1 writes them anew\n{}",
        wrong.len(),
        files.len(),
        wrong.join("\n")
    );
}

/// Every kind of check that bytes decide has a fixture site for each outcome it can have.
#[test]
fn fixtures_for_every_kind_of_check() {
    let outcomes = [("pass", "pass"), ("fail", "fail"), ("gap", "inconclusive"), ("not-applicable", "not-applicable")];
    // What cannot happen: a page always has or lacks an element; a declared address is always known.
    let impossible = ["tracker/not-applicable", "label/not-applicable", "element/not-applicable", "domain/gap"];
    let mut wrong = Vec::new();
    for kind in ["tracker", "label", "links_to", "unique_id", "id_drift", "element", "domain", "combinators"] {
        for (outcome, verdict) in outcomes {
            let name = format!("{kind}/{outcome}");
            let site = folder("sites").join(&name);
            if impossible.contains(&&*name) {
                assert!(!site.exists(), "{name} was thought impossible");
                continue;
            }
            assert!(site.is_dir(), "{name} has no fixture");
            let mut command = Command::cargo_bin("rasoat").unwrap();
            command
                .current_dir(&site)
                .env_clear()
                .env("RASOAT_BROWSER_PATH", "")
                .env("SOURCE_DATE_EPOCH", "1767225600");
            let output = command.args(["check", "-q", "--report", "json"]).output().unwrap();
            let report: serde_json::Value = serde_json::from_slice(&output.stdout)
                .unwrap_or_else(|e| panic!("{name}: {e}: {}", String::from_utf8_lossy(&output.stderr)));
            let finding = report["findings"].as_array().unwrap().iter().find(|f| f["site"] == "site").unwrap();
            if finding["verdict"] != verdict {
                wrong.push(format!(
                    "{name}: {verdict} is wanted, it is {} ({})",
                    finding["verdict"], finding["message"]["en"]
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
