//! Runs the program on a site made for one case, and compares one finding with what the law and the contract say
//! of it. A table lists cases; a run of it names every row that is not as expected, not only the first. Nothing
//! here knows how a verdict is reached.

use std::path::Path;

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::{rasoat, write};

/// One row: a site, how it is checked, and what must be found.
#[derive(Clone)]
pub(crate) struct Case {
    pub(crate) name: String,
    files: Vec<(String, Vec<u8>)>,
    args: Vec<String>,
    target: Option<&'static str>,
    site: Option<&'static str>,
    rule: &'static str,
    verdict: &'static str,
    detail: Option<&'static str>,
    reached: Option<&'static str>,
    notes: Vec<&'static str>,
    without: Vec<&'static str>,
    alike: Option<bool>,
    line: Option<u64>,
    exit: Option<i32>,
}

/// A case whose home page is `html`, judged by `rule`; it must pass unless said otherwise.
pub(crate) fn case(rule: &'static str, name: &str, html: impl Into<Vec<u8>>) -> Case {
    Case {
        name: name.to_owned(),
        files: vec![("dist/index.html".to_owned(), html.into())],
        args: Vec::new(),
        target: Some("dist"),
        site: None,
        rule,
        verdict: "pass",
        detail: None,
        reached: None,
        notes: Vec::new(),
        without: Vec::new(),
        alike: None,
        line: None,
        exit: None,
    }
}

impl Case {
    /// A further file, relative to the built folder.
    pub(crate) fn file(self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.beside(&format!("dist/{name}"), bytes)
    }
    /// A file in the folder the program runs in.
    pub(crate) fn beside(mut self, name: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.files.push((name.to_owned(), bytes.into()));
        self
    }
    /// Flags, separated by spaces.
    pub(crate) fn with(mut self, args: &str) -> Self {
        self.args.extend(args.split_whitespace().map(str::to_owned));
        self
    }
    /// Runs over the sites file instead of the folder, and looks at one of its sites.
    pub(crate) fn at(mut self, site: &'static str) -> Self {
        (self.target, self.site) = (None, Some(site));
        self
    }
    /// Checks one file instead of the folder.
    pub(crate) fn at_file(mut self, path: &'static str) -> Self {
        self.target = Some(path);
        self
    }
    /// The home page is left out again.
    pub(crate) fn no_home(mut self) -> Self {
        self.files.remove(0);
        self
    }
    pub(crate) fn fails(mut self, code: &'static str) -> Self {
        (self.verdict, self.detail) = ("fail", Some(code));
        self
    }
    /// It fails; which of several codes names the cause best is not laid down.
    pub(crate) fn fails_any(mut self) -> Self {
        (self.verdict, self.detail) = ("fail", None);
        self
    }
    /// It must not fail; whether it passes or is left open is not laid down.
    pub(crate) fn fails_never(mut self) -> Self {
        (self.verdict, self.detail) = ("no-fail", None);
        self
    }
    /// The rule gives no finding at all.
    pub(crate) fn none(mut self) -> Self {
        self.verdict = "none";
        self
    }
    /// It is judged one way or the other, not left open.
    pub(crate) fn fails_or_pass(mut self) -> Self {
        (self.verdict, self.detail) = ("decided", None);
        self
    }
    /// It is left open; which of two gaps is not laid down.
    pub(crate) fn open_any(mut self) -> Self {
        (self.verdict, self.detail) = ("inconclusive", None);
        self
    }
    /// It passes after all.
    pub(crate) fn expect_pass(mut self) -> Self {
        (self.verdict, self.detail) = ("pass", None);
        self
    }
    /// Puts another title into the home page.
    pub(crate) fn replace_title(mut self, title: &str) -> Self {
        let html = String::from_utf8(self.files[0].1.clone()).unwrap();
        self.files[0].1 = html.replace("Cổng thông tin điện tử tỉnh A", title).into_bytes();
        self
    }
    /// It must not pass; whether it fails or is left open is not laid down.
    pub(crate) fn fails_or_open(mut self) -> Self {
        (self.verdict, self.detail) = ("no-pass", None);
        self
    }
    pub(crate) fn open(mut self, gap: &'static str) -> Self {
        (self.verdict, self.detail) = ("inconclusive", Some(gap));
        self
    }
    pub(crate) fn not_applicable(mut self, code: &'static str) -> Self {
        (self.verdict, self.detail) = ("not-applicable", Some(code));
        self
    }
    pub(crate) fn reached(mut self, rung: &'static str) -> Self {
        self.reached = Some(rung);
        self
    }
    pub(crate) fn note(mut self, code: &'static str) -> Self {
        self.notes.push(code);
        self
    }
    pub(crate) fn no_note(mut self, code: &'static str) -> Self {
        self.without.push(code);
        self
    }
    /// Whether a link is named that looks like one to the missing site.
    pub(crate) fn alike(mut self, named: bool) -> Self {
        self.alike = Some(named);
        self
    }
    pub(crate) fn line(mut self, line: u64) -> Self {
        self.line = Some(line);
        self
    }
    pub(crate) fn exit(mut self, code: i32) -> Self {
        self.exit = Some(code);
        self
    }

    /// Writes its files and what is told about them into a folder of its own.
    fn keep(&self, table: &str, folder: &Path) {
        let own = tempfile::Builder::new().prefix("case-").tempdir_in(folder).unwrap().keep();
        write(&own.join("files"), &self.files);
        let told = json!({
            "name": format!("{table}: {}", self.name), "args": self.args, "target": self.target, "site": self.site,
        });
        std::fs::write(own.join("case.json"), told.to_string()).unwrap();
    }

    /// What is not as expected, in one line.
    fn difference(&self) -> Option<String> {
        let scratch = TempDir::new().unwrap();
        write(scratch.path(), &self.files);
        let mut command = rasoat(scratch.path());
        command.arg("check").args(self.target).args(["--report", "json", "-q"]).args(&self.args);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        let Ok(report) = serde_json::from_slice::<Value>(&output.stdout) else {
            return Some(format!("no report, exit {:?}: {}", output.status.code(), said.trim()));
        };
        let found: Vec<&Value> = report["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|f| f["rule"] == self.rule && self.site.is_none_or(|site| f["site"] == site))
            .collect();
        if self.verdict == "none" {
            return (!found.is_empty()).then(|| format!("no finding is wanted, there is {}", found[0]));
        }
        let [found] = found[..] else {
            return Some(format!("{} findings of {} instead of one", found.len(), self.rule));
        };
        self.compare(found, output.status.code())
    }

    fn compare(&self, found: &Value, exit: Option<i32>) -> Option<String> {
        let text = |key: &str| found[key].as_str().unwrap_or("-").to_owned();
        let (verdict, code, gap) = (text("verdict"), text("code"), text("gap"));
        let mut wrong = Vec::new();
        // A gap is what an inconclusive answer is compared by; a code what all others are.
        let actual = if self.verdict == "inconclusive" { &gap } else { &code };
        let no_pass = self.verdict == "no-pass" && matches!(&*verdict, "fail" | "inconclusive");
        let no_pass = no_pass
            || self.verdict == "decided" && matches!(&*verdict, "pass" | "fail")
            || self.verdict == "no-fail" && matches!(&*verdict, "pass" | "inconclusive");
        if (verdict != self.verdict && !no_pass) || self.detail.is_some_and(|d| d != actual) {
            let detail = self.detail.unwrap_or("-");
            wrong.push(format!("{} ({detail}) is wanted, it is {verdict} ({code}, gap {gap})", self.verdict));
        }
        if (verdict == "inconclusive") == found["gap"].is_null() {
            wrong.push(format!("gap {gap} beside {verdict}"));
        }
        if self
            .reached
            .is_some_and(|r| r != if found["reached"].is_null() { "null" } else { found["reached"].as_str().unwrap() })
        {
            wrong.push(format!("reached {} is wanted, it is {}", self.reached.unwrap(), found["reached"]));
        }
        let notes: Vec<&str> = found["notes"].as_array().unwrap().iter().filter_map(|n| n["code"].as_str()).collect();
        if self.notes.iter().any(|n| !notes.contains(n)) || self.without.iter().any(|n| notes.contains(n)) {
            wrong.push(format!("notes {:?} are wanted (without {:?}), there are {notes:?}", self.notes, self.without));
        }
        let alike = found["evidence"].as_array().unwrap().iter().any(|e| e["what"] == "look-alike");
        if self.alike.is_some_and(|wanted| wanted != alike) {
            wrong.push(format!("a look-alike is {}named", if alike { "" } else { "not " }));
        }
        let lines: Vec<u64> = found["places"].as_array().unwrap().iter().filter_map(|p| p["line"].as_u64()).collect();
        if self.line.is_some_and(|line| !lines.contains(&line)) {
            wrong.push(format!("line {} is wanted, places are at {lines:?}", self.line.unwrap()));
        }
        if self.exit.is_some_and(|code| Some(code) != exit) {
            wrong.push(format!("exit {} is wanted, it is {exit:?}", self.exit.unwrap()));
        }
        (!wrong.is_empty()).then(|| format!("{} – {}", wrong.join("; "), found["message"]["en"].as_str().unwrap_or("")))
    }
}

/// Where a run of the tables leaves its cases instead of judging them, for whoever wants to judge them otherwise.
pub(crate) const KEEP: &str = "RASOAT_CASES";

/// Runs a table; fails with every row that is not as expected.
pub(crate) fn run(table: &str, cases: &[Case]) {
    if let Some(folder) = std::env::var_os(KEEP) {
        return cases.iter().for_each(|case| case.keep(table, Path::new(&folder)));
    }
    let wrong: Vec<String> =
        cases.par_iter().filter_map(|c| Some(format!("  {}: {}", c.name, c.difference()?))).collect();
    assert!(wrong.is_empty(), "{table}: {} of {} rows\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}
