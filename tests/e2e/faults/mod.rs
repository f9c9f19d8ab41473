//! One host per fault: what the snippet rule says, by which gap, with which exit code, after how many tries, and
//! in bounded time. A fault is never a failure of the site and never a pass.

mod bodies;
mod connection;
mod pages;
mod redirects;
mod statuses;
mod together;

use std::net::IpAddr;
use std::sync::Mutex;
use std::time::Duration;

use super::program::{Ended, check, verdict};
use super::server::{FIRST, Host, Server, home, label, snippet};

/// Most memory of the program beside its own code, KiB. The code of the released one takes some 20 MiB more.
pub(super) const MOST_MEMORY: u64 = 100 << 10;

/// A page that keeps the snippet and label rules.
pub(super) fn good() -> String {
    home("Cổng thông tin điện tử tỉnh A", "", &format!("{}{}", label(), snippet("205")), 0)
}

/// A page without the snippet.
pub(super) fn bare() -> String {
    home("Cổng thông tin điện tử tỉnh A", "", "", 0)
}

/// One host and what must be said of it.
pub(super) struct Row {
    name: &'static str,
    host: Host,
    wanted: &'static str,
    tries: Option<usize>,
    at: IpAddr,
    plain: bool,
    flags: &'static str,
    note: Option<&'static str>,
    code: Option<&'static str>,
    most: Duration,
}

/// A host and its verdict, as `inconclusive GAP` or `pass -`; several are told apart by `|`.
pub(super) fn row(name: &'static str, host: Host, wanted: &'static str) -> Row {
    let most = Duration::from_secs(9);
    let (tries, plain, flags, note, code) = (None, false, "", None, None);
    Row { name, host, wanted, tries, at: FIRST, plain, flags, note, code, most }
}

impl Row {
    /// It is not tried again.
    pub(super) fn once(mut self) -> Self {
        self.tries = Some(1);
        self
    }

    /// It is tried again.
    pub(super) fn twice(mut self) -> Self {
        self.tries = Some(2);
        self
    }

    /// The host lives elsewhere.
    pub(super) fn at(mut self, at: IpAddr) -> Self {
        self.at = at;
        self
    }

    /// Without TLS.
    pub(super) fn plain(mut self) -> Self {
        self.plain = true;
        self
    }

    /// With flags.
    pub(super) fn flags(mut self, flags: &'static str) -> Self {
        self.flags = flags;
        self
    }

    /// The finding's code tells more than the gap.
    pub(super) fn code(mut self, code: &'static str) -> Self {
        self.code = Some(code);
        self
    }

    /// The finding has a note with this code.
    pub(super) fn note(mut self, code: &'static str) -> Self {
        self.note = Some(code);
        self
    }

    /// What was said, and how it differs from what is wanted.
    fn difference(&self, server: &Server, host: &str) -> (String, Option<String>) {
        let address = if self.plain { server.http(host) } else { server.https(host) };
        let judging = "--only emc-snippet --only emc-label";
        let flags = format!("{judging} --timeout 1s --retries 1 --record rec {}", self.flags);
        let ended = check(server, &address, &flags);
        let mut wrong = Vec::new();
        wrong.extend(ended.replayed(&format!("{judging} {}", self.flags)));
        let finding = ended.only("emc-snippet");
        let said = verdict(&finding);
        if !self.wanted.split('|').any(|w| w == said) {
            let code = finding["code"].as_str().unwrap_or("");
            wrong.push(format!("said {said} {code}, wanted {}", self.wanted));
        }
        if self.code.is_some_and(|wanted| finding["code"] != wanted) {
            wrong.push(format!("the code is {}, wanted {:?}", finding["code"], self.code));
        }
        // Whatever could not be seen has its cause and its remedy in both languages.
        let silent = ["message", "fix"].iter().flat_map(|part| ["vi", "en"].map(|lang| &finding[part][lang]));
        if said.starts_with("inconclusive") && silent.clone().any(|text| text.as_str().is_none_or(str::is_empty)) {
            wrong.push(format!("cause or remedy is missing: {} {}", finding["message"], finding["fix"]));
        }
        self.label(&ended, &said, &mut wrong);
        let exit = match said.split(' ').next() {
            Some("pass") => 0,
            Some("fail") => 1,
            _ => 3,
        };
        if ended.exit != Some(exit) {
            wrong.push(format!("exit {:?}, wanted {exit}", ended.exit));
        }
        let asked = server.asked(host).iter().filter(|a| a.path == "/").count();
        let tries = asked.max(server.greeted(host));
        if self.tries.is_some_and(|wanted| wanted != tries) {
            wrong.push(format!("{tries} tries, wanted {:?}", self.tries));
        }
        if ended.took > self.most {
            wrong.push(format!("took {:?}", ended.took));
        }
        if ended.peak > MOST_MEMORY {
            wrong.push(format!("held {} KiB", ended.peak));
        }
        let notes = finding["notes"].as_array().cloned().unwrap_or_default();
        if self.note.is_some_and(|wanted| !notes.iter().any(|n| n["code"] == wanted)) {
            wrong.push(format!("no note {:?} in {notes:?}", self.note));
        }
        let story = format!(
            "{}: {said}, exit {exit}, {tries} tries, {:.1} s, {} KiB",
            self.name,
            ended.took.as_secs_f64(),
            ended.peak
        );
        (story, (!wrong.is_empty()).then(|| wrong.join("; ")))
    }

    /// What could not be seen of the snippet could not be seen of the label either, for the same reason.
    fn label(&self, ended: &Ended, snippet: &str, wrong: &mut Vec<String>) {
        let said = verdict(&ended.only("emc-label"));
        if snippet.starts_with("inconclusive") && said != snippet {
            wrong.push(format!("the label is {said}"));
        }
        let site = &ended.report()["sites"][0];
        if snippet.starts_with("inconclusive") && site["attempts"].as_u64() == Some(0) {
            wrong.push("no attempt is reported".to_owned());
        }
    }
}

/// Runs each row by itself, several side by side, and names every one that is not as wanted. Tells what was said.
pub(super) fn table(name: &str, rows: Vec<Row>) -> String {
    let server = Server::start();
    let names: Vec<String> = (0..rows.len()).map(|k| format!("{name}-{k:02}.test")).collect();
    for (row, host) in rows.iter().zip(&names) {
        server.host_at(host, row.at, row.host.clone());
    }
    let (next, wrong, told) = (Mutex::new(0), Mutex::new(Vec::new()), Mutex::new(vec![String::new(); rows.len()]));
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| {
                loop {
                    let k = {
                        let mut next = next.lock().unwrap();
                        *next += 1;
                        *next - 1
                    };
                    let (Some(row), Some(host)) = (rows.get(k), names.get(k)) else { return };
                    let (story, difference) = row.difference(&server, host);
                    told.lock().unwrap()[k] = story;
                    if let Some(difference) = difference {
                        wrong.lock().unwrap().push(format!("  {}: {difference}", row.name));
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(wrong.is_empty(), "{name}: {} of {} rows\n{}", wrong.len(), rows.len(), wrong.join("\n"));
    told.into_inner().unwrap().join("\n")
}
