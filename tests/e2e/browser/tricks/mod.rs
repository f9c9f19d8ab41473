//! Pages whose authors are clever: tricks that would have the lane pass what the law does not, or fail what it does,
//! and pages that would rather not be looked at. Each row names a trick and the verdict the law deserves; a table is
//! one run with one browser, so that a row that breaks it would be seen at the others too.

mod hostile;
mod label;
mod links;
mod snippet;

use std::time::Duration;

use serde_json::Value;

use super::lane::{browsers_of, profiles_of};
use super::{TRACKER, hits, policy, tracker};
use crate::e2e::program::begin;
use crate::e2e::server::{Answer, Host, Server};

/// The portal that the sites belong to.
pub(super) const PORTAL: &str = "cong.test";
/// A host that is nobody's site.
pub(super) const OTHER: &str = "other.test";

/// One site and what is to be said of it: a verdict, or several parted by `|`, each with its code or gap if one is
/// named, as `fail label-hidden|inconclusive`.
pub(super) struct Row {
    name: &'static str,
    files: Vec<(String, Answer)>,
    wanted: &'static str,
}

pub(super) fn row(name: &'static str, home: impl Into<Vec<u8>>, wanted: &'static str) -> Row {
    served(name, Answer::html(home), wanted)
}

/// A row whose home page has headers of its own.
pub(super) fn with_headers(name: &'static str, headers: &str, home: impl Into<Vec<u8>>, wanted: &'static str) -> Row {
    served(name, Answer::new(200, &format!("Content-Type: text/html; charset=utf-8\r\n{headers}"), home), wanted)
}

pub(super) fn served(name: &'static str, home: Answer, wanted: &'static str) -> Row {
    Row { name, files: vec![("/".to_owned(), home)], wanted }
}

impl Row {
    pub(super) fn file(mut self, path: &str, kind: &str, text: impl Into<Vec<u8>>) -> Self {
        self.files.push((path.to_owned(), Answer::file(kind, text)));
        self
    }
}

/// A server with the tracker, the portal and a host that is nobody's.
pub(super) fn server() -> Server {
    let server = Server::start();
    server.host(TRACKER, tracker());
    server.host(PORTAL, Host::page("<!doctype html><title>Cổng</title><p>Cổng"));
    server
}

/// Judges one rule on all rows in one run; nothing may reach the collector, and nothing may be left behind.
#[expect(clippy::print_stdout, reason = "how long the rows took, for --nocapture")]
pub(super) fn judge(server: &Server, rule: &str, rows: &[Row], flags: &str, longest: Duration) {
    let mut sites = "apiVersion: rasoat/v1\nsites:\n".to_owned();
    let chosen = std::env::var("RASOAT_TRICK").unwrap_or_default();
    let rows: Vec<&Row> = rows.iter().filter(|row| row.name.contains(&chosen)).collect();
    for (n, row) in rows.iter().enumerate() {
        let name = format!("t{n}.test");
        server.host(&name, Host::paths(row.files.clone()));
        sites += &format!(
            "  - {{id: t{n}, role: component, parent: '{}', url: '{}', emc_site_id: '205'}}\n",
            server.https(PORTAL),
            server.https(&name)
        );
    }
    if rows.is_empty() {
        return;
    }
    server.forget();
    let args = format!("check -q -p p.yml --browser-path chromium --browser require --only {rule} {flags}");
    let running = begin(server, &args, &[policy(server), ("sites.yml", sites)]);
    let id = running.id();
    let ended = running.end();
    let report = ended.report();
    let mut wrong: Vec<String> = Vec::new();
    for (n, row) in rows.iter().enumerate() {
        let findings = report["findings"].as_array().unwrap();
        let finding = findings.iter().find(|f| f["site"] == format!("t{n}")).unwrap();
        if !row.wanted.split('|').any(|wanted| fits(finding, wanted)) {
            let site = report["sites"].as_array().unwrap().iter().find(|s| s["id"] == format!("t{n}")).unwrap();
            wrong.push(format!("{}: {} – {}\n        {}", row.name, row.wanted, said(finding), site["browser"]));
        }
    }
    if hits(server) > 0 {
        wrong.push(format!("{} requests reached the collector", hits(server)));
    }
    if (browsers_of(id), profiles_of(id)) != (vec![], 0) {
        wrong.push(format!("left behind: {:?} and {} folders", browsers_of(id), profiles_of(id)));
    }
    if ended.took > longest {
        wrong.push(format!("it took {:?}", ended.took));
    }
    println!("{} rows of {rule} in {:.1?}", rows.len(), ended.took);
    assert!(wrong.is_empty(), "{} rows\n{}", rows.len(), wrong.join("\n"));
}

fn fits(finding: &Value, wanted: &str) -> bool {
    let mut words = wanted.split(' ');
    words.next() == finding["verdict"].as_str()
        && words.all(|word| [&finding["code"], &finding["gap"]].iter().any(|told| told.as_str() == Some(word)))
}

fn said(finding: &Value) -> String {
    let part = |key: &str| finding[key].as_str().unwrap_or("-").to_owned();
    let message = finding["message"]["en"].as_str().unwrap_or_default().to_owned();
    [part("verdict"), part("code"), part("gap"), part("reached"), message].join(" ")
}
