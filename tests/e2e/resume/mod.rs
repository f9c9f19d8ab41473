//! A run that is ended at any moment and begun again tells what an undisturbed one tells, and leaves nothing half
//! written. Twelve kills each in short; the long form is
//!
//! ```text
//! RASOAT_KILLS=100 cargo test --test e2e resume -- --nocapture
//! ```

#[cfg(feature = "browser")]
mod browser;
mod files;
mod stopped;
mod visits;

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;
use tempfile::TempDir;

use super::scrubbed::scrubbed;
use super::server::Server;

/// How many runs are killed.
fn kills() -> usize {
    std::env::var("RASOAT_KILLS").ok().and_then(|n| n.parse().ok()).unwrap_or(12)
}

/// The program; another build of it may be named, since a release build makes the long form short.
fn binary() -> OsString {
    std::env::var_os("RASOAT_PROGRAM").unwrap_or_else(|| env!("CARGO_BIN_EXE_rasoat").into())
}

/// The program in a folder, with a clock of its own, saying nothing.
fn program(folder: &Path, words: &str) -> Command {
    let mut command = Command::new(binary());
    command.current_dir(folder).env_clear().env("LANG", "en_US.UTF-8").env("SOURCE_DATE_EPOCH", "1767225600");
    command.env("PATH", std::env::var_os("PATH").unwrap_or_default()).env("RASOAT_BROWSER_PATH", "");
    command.args(words.split_whitespace()).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

/// Sites on a server and in folders, and the words of a run over them.
struct Estate {
    server: Server,
    files: Vec<(String, String)>,
    words: String,
}

/// What an undisturbed run told.
struct Whole {
    code: Option<i32>,
    /// Without what two runs may differ in.
    report: Value,
    files: Vec<String>,
    took: Duration,
}

impl Estate {
    /// A folder with its files.
    fn folder(&self) -> TempDir {
        let folder = TempDir::new().unwrap();
        let own = [("root.pem".to_owned(), self.server.root_pem()), ("hosts".to_owned(), self.server.mappings())];
        for (name, text) in own.iter().chain(&self.files) {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        fs::create_dir(folder.path().join("tmp")).unwrap();
        folder
    }

    /// The run, begun or continued.
    fn run(&self, folder: &Path) -> Command {
        let words = "--cacert root.pem --resolve @hosts --record rec --history kept --report json=report.json \
                     --report html=report.html --report csv=report.csv";
        let mut command = program(folder, &format!("check {} {words}", self.words));
        command.env("TMPDIR", folder.join("tmp"));
        command
    }

    fn whole(&self) -> Whole {
        let folder = self.folder();
        let begun = Instant::now();
        let code = self.run(folder.path()).status().unwrap().code();
        let took = begun.elapsed();
        let report = report(folder.path());
        Whole { code, report: scrubbed(report), files: outside(folder.path()), took }
    }

    /// Brings a run to its end and says what is not as in the undisturbed one.
    fn finished(&self, folder: &Path, whole: &Whole) -> Vec<String> {
        let mut wrong = Vec::new();
        let output = self.run(folder).stderr(Stdio::piped()).output().unwrap();
        if output.status.code() != whole.code {
            let said = String::from_utf8_lossy(&output.stderr);
            wrong.push(format!("exit {:?}, not {:?}: {said}", output.status.code(), whole.code));
        }
        let told = report(folder);
        let differs = first_difference("", &scrubbed(told), &whole.report);
        wrong.extend(differs);
        if outside(folder) != whole.files {
            wrong.push(format!("files {:?}, not {:?}", outside(folder), whole.files));
        }
        wrong.extend(halves(folder));
        let words: Vec<&str> = self.words.split_whitespace().collect();
        let judging = words.windows(2).filter(|pair| matches!(pair[0], "-p" | "--only")).flatten();
        let replayed =
            program(folder, "check -q --replay rec --report json=replayed.json").args(judging).status().unwrap();
        if replayed.code() != whole.code
            || fs::read(folder.join("replayed.json")).ok() != fs::read(folder.join("report.json")).ok()
        {
            wrong.push(format!("the replay tells something else, exit {:?}", replayed.code()));
        }
        wrong
    }
}

fn report(folder: &Path) -> Value {
    let bytes = fs::read(folder.join("report.json")).unwrap();
    serde_json::from_slice(&bytes).unwrap_or_else(|e| panic!("half a report: {e}"))
}

/// Every file below a folder.
fn all(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|e| e.unwrap().path());
    entries.flat_map(|path| if path.is_dir() && !path.is_symlink() { all(&path) } else { vec![path] }).collect()
}

/// The files of a run beside what was kept of pages.
fn outside(folder: &Path) -> Vec<String> {
    let name = |path: PathBuf| path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
    let mut names: Vec<String> = all(folder).into_iter().map(name).filter(|n| !n.starts_with("rec/blobs/")).collect();
    names.retain(|n| n != "replayed.json");
    names.sort();
    names
}

/// What is no whole file.
fn halves(folder: &Path) -> Vec<String> {
    let left = all(folder)
        .into_iter()
        .filter(|p| !p.starts_with(folder.join("rec/blobs")) || p.extension().is_none_or(|e| e != "zst"));
    let left = left
        .map(|p| p.display().to_string())
        .filter(|p| p.contains(".part") || p.contains("/tmp/rasoat-") || p.contains("rec/blobs"));
    left.map(|p| format!("{p} is left")).collect()
}

/// Where two values differ first.
fn first_difference(at: &str, a: &Value, b: &Value) -> Option<String> {
    match (a, b) {
        (Value::Object(x), Value::Object(y)) if x.keys().eq(y.keys()) => {
            x.iter().find_map(|(key, value)| first_difference(&format!("{at}/{key}"), value, &y[key]))
        }
        (Value::Array(x), Value::Array(y)) if x.len() == y.len() => {
            let mut both = x.iter().zip(y).enumerate();
            both.find_map(|(n, (x, y))| first_difference(&format!("{at}/{n}"), x, y))
        }
        _ => (a != b).then(|| format!("{at}: {a} instead of {b}")),
    }
}

/// Ends a program at once, unless it ended before; whether it was.
fn killed(mut child: Child, after: Duration) -> bool {
    std::thread::sleep(after);
    let ended_before = child.try_wait().unwrap().is_some();
    child.kill().unwrap();
    child.wait().unwrap();
    !ended_before
}

/// Some part of a time.
fn moment(random: &mut fastrand::Rng, of: Duration) -> Duration {
    of.mul_f64(random.f64())
}

/// Kills `wanted` runs of an estate at random moments, some of them again when they go on, and brings each to its end.
#[expect(clippy::print_stdout, reason = "how many kills struck, for --nocapture")]
fn kill_and_finish(estate: &Estate, wanted: usize, seed: u64) {
    let whole = estate.whole();
    let mut random = fastrand::Rng::with_seed(seed);
    let (mut killed_runs, mut before, mut finished, mut wrong) = (0, 0, 0, Vec::new());
    let (mut begun_halves, mut sites) = (0, std::collections::BTreeSet::new());
    let begun = Instant::now();
    while killed_runs < wanted {
        assert!(before < wanted * 3 + 10, "the runs end before they are killed");
        let folder = estate.folder();
        loop {
            let child = estate.run(folder.path()).spawn().unwrap();
            let number = child.id();
            if !killed(child, moment(&mut random, whole.took)) {
                before += 1;
                break;
            }
            killed_runs += 1;
            begun_halves += halves(folder.path()).len();
            let manifest = fs::read(folder.path().join("rec/manifest.jsonl")).unwrap_or_default();
            sites.insert(manifest.iter().filter(|b| **b == b'\n').count());
            #[cfg(feature = "browser")]
            browser::nobody_is_left(number);
            #[cfg(not(feature = "browser"))]
            let _ = number;
            if folder.path().join("report.json").exists() {
                report(folder.path());
            }
            if killed_runs >= wanted || random.f64() > 0.35 {
                break;
            }
        }
        let said = estate.finished(folder.path(), &whole);
        wrong.extend(said.into_iter().map(|w| format!("after kill {killed_runs}: {w}")));
        finished += 1;
    }
    println!(
        "seed {seed}: {killed_runs} runs killed with {} different numbers of lines kept ({before} had ended before), \
         {begun_halves} half-written files seen, {finished} finished, {} differ; an undisturbed run takes {:?}, all took {:?}",
        sites.len(),
        wrong.len(),
        whole.took,
        begun.elapsed()
    );
    assert_eq!(wrong, [""; 0]);
    assert!(sites.len() > 1 || wanted < 8, "all were killed at one moment");
}
