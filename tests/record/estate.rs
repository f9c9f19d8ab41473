//! A folder with a sites file and servers, and the program run in it.

use std::fs;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::server::{Answer, Server, answer, html, redirect};
use crate::support::{rasoat, write};

/// Sites as they are declared: id, address, folder.
type Declared<'a> = (&'a str, &'a str, Option<&'a str>);

/// A folder to work in.
pub(crate) struct Estate {
    folder: TempDir,
    servers: Vec<Server>,
}

/// A page of some text.
pub(crate) fn page(body: &str) -> String {
    format!(
        "<!doctype html><html lang=vi><head><meta charset=utf-8><title>Cổng thông tin điện tử tỉnh A</title></head><body>\
         <nav><a href=/a>Giới thiệu</a> <a href=/b>Tin tức</a> <a href=/c>Văn bản</a></nav>\
         <h1>Tin tức</h1><p>Ủy ban nhân dân tỉnh họp phiên thường kỳ tháng mười hai tại hội trường.</p>\n{body}\n</body></html>"
    )
}

impl Estate {
    /// Files and no sites.
    pub(crate) fn empty(files: &[(&str, &str)]) -> Self {
        let folder = TempDir::new().unwrap();
        let files: Vec<_> = files.iter().map(|(n, t)| ((*n).to_owned(), t.as_bytes().to_vec())).collect();
        write(folder.path(), &files);
        Self { folder, servers: Vec::new() }
    }

    /// Files and a sites file.
    pub(crate) fn with_sites(files: &[(&str, &str)], sites: &[Declared<'_>]) -> Self {
        let estate = Self::empty(files);
        estate.declare(sites);
        estate
    }

    /// Writes the sites file.
    pub(crate) fn declare(&self, sites: &[Declared<'_>]) {
        let mut text = "apiVersion: rasoat/v1\nsites:\n".to_owned();
        for (id, url, source) in sites {
            let source = source.map(|s| format!(", source: {s}")).unwrap_or_default();
            text += &format!("  - {{id: {id}, role: portal, url: '{url}'{source}}}\n");
        }
        fs::write(self.path("sites.yml"), text).unwrap();
    }

    /// Sites that answer, move, stall, fail in passing, lead to private places or elsewhere; and a folder.
    pub(crate) fn of_every_kind() -> Self {
        let script = |text: &str| answer(200, "Content-Type: text/javascript\r\n", text);
        let mut tags =
            "<link rel=stylesheet href=/a.css><script src=/ok.js></script><script src=/none.js></script>".to_owned();
        for n in 0..8 {
            tags += &format!("<script src=/stalls{n}.js></script>");
        }
        let mut paths = vec![
            ("/".to_owned(), html(&page(&tags))),
            ("/ok.js".to_owned(), script("var a = 1;")),
            ("/a.css".to_owned(), answer(200, "Content-Type: text/css\r\n", "p{color:red}")),
        ];
        paths.extend((0..8).map(|n| (format!("/stalls{n}.js"), Answer::Silence(Duration::from_secs(2)))));
        let paths: Vec<(&str, Answer)> = paths.iter().map(|(p, a)| (p.as_str(), a.clone())).collect();
        let stalls = Server::serve(&paths);
        let refresh = "<meta http-equiv=refresh content='0;url=/third'>";
        let moved = Server::serve(&[
            ("/", redirect("/second?a=1#part")),
            ("/second?a=1", html(&page(refresh))),
            ("/third", html(&page("<p>third</p>"))),
        ]);
        let passing = Answer::InTurn(vec![answer(503, "Retry-After: 1\r\n", "busy"), html(&page("<p>back</p>"))]);
        let passing = Server::serve(&[("/", passing)]);
        let private = Server::serve(&[("/", redirect("http://127.0.0.2:9/"))]);
        let off = Server::serve(&[("/", redirect("https://93.184.216.34/"))]);
        let hangs_up = Server::serve(&[("/", Answer::Hangup)]);
        let dead = "http://127.0.0.1:9/";
        let files = [
            ("dist/index.html", page("<script src=/app.js></script><script src=/lost.js></script>")),
            ("dist/app.js", "var b = 2;".to_owned()),
            ("dist/_headers", "/*\n  Content-Security-Policy: default-src 'self'\n".to_owned()),
        ];
        let files: Vec<(&str, &str)> = files.iter().map(|(n, t)| (*n, t.as_str())).collect();
        let mut estate = Self::with_sites(
            &files,
            &[
                ("stalls", &stalls.address, None),
                ("moved", &moved.address, None),
                ("built", "https://built.example/", Some("dist")),
                ("passing", &passing.address, None),
                ("private", &private.address, None),
                ("off", &off.address, None),
                ("hangs-up", &hangs_up.address, None),
                ("dead", dead, None),
            ],
        );
        estate.servers = vec![stalls, moved, passing, private, off, hangs_up];
        estate
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub(crate) fn report(&self, name: &str) -> Value {
        serde_json::from_str(&self.read(name)).unwrap()
    }

    /// The gap of a site in a report.
    pub(crate) fn gap(&self, report: &str, id: &str) -> Value {
        let report = self.report(report);
        report["sites"].as_array().unwrap().iter().find(|s| s["id"] == id).unwrap()["gap"].clone()
    }

    /// Whole lines of a file.
    pub(crate) fn lines(&self, name: &str) -> usize {
        fs::read(self.path(name)).map_or(0, |bytes| bytes.iter().filter(|b| **b == b'\n').count())
    }

    /// Requests that the servers got.
    pub(crate) fn hits(&self) -> usize {
        self.servers.iter().map(|s| s.asked().len()).sum()
    }

    /// The program, not begun: with a fixed clock, so that two runs have one id.
    pub(crate) fn command(&self, words: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rasoat"));
        command.current_dir(self.folder.path()).env_clear().env("RASOAT_BROWSER_PATH", "").env("LANG", "en_US.UTF-8");
        command.env("SOURCE_DATE_EPOCH", "1767225600").arg("check").args(words.split_whitespace());
        command.stdout(Stdio::null()).stderr(Stdio::null());
        command
    }

    /// What a check says, and how it ends. Durations are measured.
    pub(crate) fn check(&self, words: &str) -> (String, i32) {
        self.check_in("", words)
    }

    pub(crate) fn check_in(&self, folder: &str, words: &str) -> (String, i32) {
        let mut command = rasoat(&self.path(folder));
        command.arg("check").args(words.split_whitespace());
        if !self.servers.is_empty() {
            command.env_remove("SOURCE_DATE_EPOCH");
        }
        let output = command.output().unwrap();
        let said = [output.stdout, output.stderr].concat();
        (String::from_utf8(said).unwrap(), output.status.code().unwrap())
    }
}
