//! A job of a pull request: its repository, its variables, and the program run in it.

use super::api::{Api, TOKEN};
use serde_json::{Value, json};
use tempfile::TempDir;

use super::support;

/// The merge commit that a pull request's job checks out, and the pull request's own.
pub(crate) const MERGED: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
pub(crate) const HEAD: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";

/// How a run ended.
pub(crate) struct Ended {
    pub(crate) exit: Option<i32>,
    pub(crate) out: String,
    pub(crate) err: String,
}

/// A repository with one broken page, its report, and a pull request's event.
pub(crate) fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let page = "<!doctype html>\n<html lang=vi><head><title>Xã A</title></head>\n<body><p>Xin chào</p></body></html>\n";
    let files = [("dist/index.html", page.to_owned()), ("event.json", event("xa-a/cong"))];
    support::write(folder.path(), &files.map(|(name, text)| (name.to_owned(), text.into_bytes())));
    let mut command = support::rasoat(folder.path());
    let args = "check dist --url https://xa-a.gov.vn/ --role portal -q --browser never --report json=report.json";
    assert_eq!(command.args(args.split(' ')).output().unwrap().status.code(), Some(1));
    folder
}

pub(crate) fn event(from: &str) -> String {
    json!({"pull_request": {"number": 5, "head": {"sha": HEAD, "repo": {"full_name": from}}}}).to_string()
}

/// Runs `rasoat ARGUMENTS --publish github` as a job of a pull request.
pub(crate) fn publish(folder: &TempDir, api: &Api, args: &str, variables: &[(&str, &str)]) -> Ended {
    let mut command = support::rasoat(folder.path());
    command
        .args(args.split(' '))
        .args(["--publish", "github"])
        .env("GITHUB_API_URL", api.url())
        .env("GITHUB_SERVER_URL", "https://github.example")
        .env("GITHUB_TOKEN", TOKEN)
        .env("GITHUB_REPOSITORY", "xa-a/cong")
        .env("GITHUB_SHA", MERGED)
        .env("GITHUB_REF", "refs/pull/5/merge")
        .env("GITHUB_EVENT_NAME", "pull_request")
        .env("GITHUB_EVENT_PATH", "event.json")
        .env("GITHUB_RUN_ID", "42")
        .env("GITHUB_WORKFLOW", "kiểm tra")
        .env("GITHUB_JOB", "rasoat");
    for (name, value) in variables {
        if value.is_empty() {
            command.env_remove(name);
        } else {
            command.env(name, value);
        }
    }
    let output = command.output().unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|b| String::from_utf8(b).unwrap());
    for text in [&out, &err] {
        assert!(!text.contains("CANARY"), "the token was shown: {text}");
    }
    Ended { exit: output.status.code(), out, err }
}

/// Publishes the stored report.
pub(crate) fn stored(folder: &TempDir, api: &Api) -> Ended {
    publish(folder, api, "report report.json", &[])
}

/// The stored report with so many failures more, each on a site of its own.
pub(crate) fn with_failures(folder: &TempDir, more: usize, mut text: impl FnMut(usize) -> String) {
    let path = folder.path().join("report.json");
    let mut report: Value = serde_json::from_slice(&std::fs::read(&path).unwrap()).unwrap();
    let failure = report["findings"].as_array().unwrap().iter().find(|f| f["verdict"] == "fail").unwrap().clone();
    let site = report["sites"][0].clone();
    for n in 0..more {
        let (mut failure, mut site) = (failure.clone(), site.clone());
        failure["site"] = json!(format!("trang-{n}"));
        let text = text(n);
        failure["message"] = json!({"vi": text, "en": text});
        site["id"] = json!(format!("trang-{n}"));
        report["findings"].as_array_mut().unwrap().push(failure);
        report["sites"].as_array_mut().unwrap().push(site);
    }
    report["summary"]["fail"] = json!(report["summary"]["fail"].as_u64().unwrap() + more as u64);
    std::fs::write(path, report.to_string()).unwrap();
}
