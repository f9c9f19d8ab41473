//! Runs the real program against a server: flags in, exit code, report, time and peak memory out. A run that
//! takes too long is ended and said to be so.

use std::collections::BTreeMap;
use std::fs::File;
use std::path::Path;
use std::process::{Child, Command, ExitStatus};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::server::Server;

/// Longer than any run of these tests; the machine may be busy.
const LONGEST: Duration = Duration::from_secs(150);

/// How a run ended.
pub(crate) struct Ended {
    /// The exit code.
    pub(crate) exit: Option<i32>,
    /// Standard output.
    pub(crate) out: String,
    /// Standard error.
    pub(crate) err: String,
    /// How long it ran.
    pub(crate) took: Duration,
    /// Most memory it held, KiB.
    pub(crate) peak: u64,
    /// Its folder, with `report.json` in it.
    pub(crate) folder: TempDir,
}

/// A running program.
pub(crate) struct Running {
    child: Child,
    begun: Instant,
    peak: u64,
    folder: TempDir,
}

/// Begins `rasoat ARGUMENTS` in a folder with the given files. The server's root is trusted and its names are
/// known; `␣` stands for a space within an argument.
pub(crate) fn begin(server: &Server, args: &str, files: &[(&str, String)]) -> Running {
    let folder = tempfile::tempdir().unwrap();
    let own = [("root.pem", server.root_pem()), ("hosts", server.mappings())];
    for (name, text) in own.iter().chain(files) {
        std::fs::write(folder.path().join(name), text).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_rasoat"));
    command
        .current_dir(folder.path())
        .env_clear()
        .env("RASOAT_BROWSER_PATH", "")
        .env("LANG", "en_US.UTF-8")
        .env("SOURCE_DATE_EPOCH", "1767225600");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.args(args.split_whitespace().map(|a| a.replace('␣', " ")));
    command.args(["--cacert", "root.pem", "--resolve", "@hosts"]);
    if args.starts_with("check") {
        command.args(["--report", "json=report.json"]);
    }
    let file = |name: &str| File::create(folder.path().join(name)).unwrap();
    command.stdout(file("stdout")).stderr(file("stderr"));
    let begun = Instant::now();
    let child = command.spawn().unwrap();
    Running { child, begun, peak: 0, folder }
}

/// Runs `rasoat ARGUMENTS` to its end.
pub(crate) fn run(server: &Server, args: &str, files: &[(&str, String)]) -> Ended {
    begin(server, args, files).end()
}

/// Checks one address without any report on the terminal.
pub(crate) fn check(server: &Server, url: &str, flags: &str) -> Ended {
    run(server, &format!("check {url} -q {flags}"), &[])
}

impl Running {
    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for its end.
    pub(crate) fn end(mut self) -> Ended {
        let status = self.wait();
        let took = self.begun.elapsed();
        let read = |name: &str| {
            String::from_utf8_lossy(&std::fs::read(self.folder.path().join(name)).unwrap_or_default()).into_owned()
        };
        let (out, err) = (read("stdout"), read("stderr"));
        Ended { exit: status.code(), out, err, took, peak: self.peak, folder: self.folder }
    }

    fn wait(&mut self) -> ExitStatus {
        let status = format!("/proc/{}/status", self.child.id());
        loop {
            if let Some(ended) = self.child.try_wait().unwrap() {
                return ended;
            }
            if let Some(peak) = std::fs::read_to_string(&status).ok().as_deref().and_then(high_water) {
                self.peak = self.peak.max(peak);
            }
            if self.begun.elapsed() > LONGEST {
                let _ = self.child.kill();
                let _ = self.child.wait();
                panic!("the program did not end in {LONGEST:?}");
            }
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

/// Most memory so far without the program's own code, of which a test build has several times that of the released one.
/// Between its birth and its own name a process is a copy of this one.
fn high_water(status: &str) -> Option<u64> {
    if status.lines().next()?.strip_prefix("Name:")?.trim() != "rasoat" {
        return None;
    }
    let kib = |name: &str| {
        let line = status.lines().find_map(|l| l.strip_prefix(name))?;
        line.trim().strip_suffix("kB")?.trim().parse::<u64>().ok()
    };
    kib("VmHWM:")?.checked_sub(kib("RssFile:")?)
}

impl Ended {
    /// The report.
    pub(crate) fn report(&self) -> Value {
        let bytes = std::fs::read(self.folder.path().join("report.json"));
        let bytes = bytes.unwrap_or_else(|e| panic!("no report: {e}, exit {:?}: {}{}", self.exit, self.out, self.err));
        serde_json::from_slice(&bytes).unwrap()
    }

    /// Judges the recording in its folder `rec` once more, without the server's names and root; says what is not byte
    /// for byte as it was.
    pub(crate) fn replayed(&self, flags: &str) -> Option<String> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_rasoat"));
        command.current_dir(self.folder.path()).env_clear().env("RASOAT_BROWSER_PATH", "").env("LANG", "en_US.UTF-8");
        command.args(["check", "-q", "--replay", "rec", "--report", "json=replayed.json"]);
        let output = command.args(flags.split_whitespace()).output().unwrap();
        let read = |name: &str| std::fs::read_to_string(self.folder.path().join(name)).unwrap_or_default();
        let (recorded, replayed) = (read("report.json"), read("replayed.json"));
        if output.status.code() != self.exit {
            let said = String::from_utf8_lossy(&output.stderr);
            return Some(format!("the replay exits {:?}, it was {:?}: {said}", output.status.code(), self.exit));
        }
        let lines = recorded.lines().zip(replayed.lines()).find(|(a, b)| a != b);
        let (a, b) = lines.or((recorded != replayed).then_some(("the end", "something else")))?;
        Some(format!("{} was {} in the replay", a.trim(), b.trim()))
    }

    /// The finding of one rule on one site.
    pub(crate) fn finding(&self, site: &str, rule: &str) -> Value {
        let report = self.report();
        let found = report["findings"].as_array().unwrap().iter().find(|f| f["site"] == site && f["rule"] == rule);
        found.unwrap_or_else(|| panic!("no finding of {rule} on {site}")).clone()
    }

    /// The only finding of a rule.
    pub(crate) fn only(&self, rule: &str) -> Value {
        let report = self.report();
        let mut found = report["findings"].as_array().unwrap().iter().filter(|f| f["rule"] == rule);
        let first = found.next().unwrap_or_else(|| panic!("no finding of {rule}")).clone();
        assert!(found.next().is_none(), "more than one finding of {rule}");
        first
    }

    /// What was seen of one site.
    pub(crate) fn site(&self, id: &str) -> Value {
        let report = self.report();
        report["sites"].as_array().unwrap().iter().find(|s| s["id"] == id).unwrap().clone()
    }

    /// Every finding as `SITE RULE` to `VERDICT CODE`; what is inconclusive names its gap instead.
    pub(crate) fn verdicts(&self) -> BTreeMap<String, String> {
        let report = self.report();
        let findings = report["findings"].as_array().unwrap().iter();
        findings.map(|f| (format!("{} {}", text(&f["site"]), text(&f["rule"])), verdict(f))).collect()
    }

    /// Everything it wrote: both streams and every file that it left.
    pub(crate) fn everything(&self) -> Vec<(String, String)> {
        let mut all = Vec::new();
        collect(self.folder.path(), &mut all);
        all.retain(|(name, _)| name != "root.pem" && name != "hosts");
        all
    }
}

fn collect(folder: &Path, all: &mut Vec<(String, String)>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, all);
        } else {
            let bytes = std::fs::read(&path).unwrap();
            // What is packed is looked into as well.
            let bytes = zstd::decode_all(&*bytes).unwrap_or(bytes);
            all.push((entry.file_name().to_string_lossy().into_owned(), String::from_utf8_lossy(&bytes).into_owned()));
        }
    }
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or("-")
}

/// `VERDICT CODE`, or `inconclusive GAP`.
pub(crate) fn verdict(finding: &Value) -> String {
    let more = if finding["verdict"] == "inconclusive" { &finding["gap"] } else { &finding["code"] };
    format!("{} {}", text(&finding["verdict"]), text(more))
}
