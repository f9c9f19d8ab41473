//! One run of the Lighthouse that is installed, with a browser of its own: its answer as a report, or why there is
//! none. The collector is out of its reach twice: its addresses are blocked in the page, and the name of its host
//! does not resolve in any of the browser's processes. Nothing of it outlives the run.

use std::ffi::OsString;
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use url::Url;

use super::{LighthouseReport, bytes, parse};
use crate::snapshot::LighthouseGap;

/// How long one run may take.
pub const TIME_LIMIT: Duration = Duration::from_secs(120);
/// How long it may take to put its browser away once it was told to stop.
const LEAVE: Duration = Duration::from_secs(3);
/// Between two looks at it.
const LOOK: Duration = Duration::from_millis(50);

/// What its browser's requests go through instead of the network.
#[derive(Debug, Clone)]
pub struct WayOut {
    /// A proxy inside this process.
    pub address: SocketAddr,
    /// The key of the certificate it answers with (SHA-256 of its SPKI, base64).
    pub trusted: String,
}

/// What one run is given.
#[derive(Debug, Clone)]
pub struct LighthouseRun {
    /// The tool's program.
    pub tool: PathBuf,
    /// The browser's program.
    pub browser: PathBuf,
    /// The browser runs with its sandbox.
    pub sandbox: bool,
    /// The page.
    pub address: Url,
    /// Addresses of collectors, never contacted.
    pub collectors: Vec<Url>,
    /// Where its requests go; `None` for the network itself.
    pub way_out: Option<WayOut>,
    /// How long it may take.
    pub time_limit: Duration,
}

/// The tool as it is installed: named in the path, else in a `node_modules` of the folder or one above it.
#[must_use]
pub fn find(path: Option<&std::ffi::OsStr>, folder: &Path) -> Option<PathBuf> {
    let in_path = path.into_iter().flat_map(std::env::split_paths).map(|dir| dir.join("lighthouse"));
    let near = folder.ancestors().map(|dir| dir.join("node_modules/.bin/lighthouse"));
    in_path.chain(near).find(|file| file.is_file())
}

/// What the page may not ask for: everything on the collector's host, under either scheme.
#[must_use]
pub fn blocked_patterns(collectors: &[Url]) -> Vec<String> {
    let mut hosts: Vec<&str> = collectors.iter().filter_map(Url::host_str).collect();
    hosts.sort_unstable();
    hosts.dedup();
    let forms = |host: &str| ["http", "https", "ws", "wss"].map(|scheme| format!("{scheme}://{host}*"));
    hosts.into_iter().flat_map(forms).collect()
}

/// Runs it once and waits for it.
///
/// # Errors
/// Why there is no figure.
pub fn run(asked: &LighthouseRun) -> Result<LighthouseReport, LighthouseGap> {
    // Its browser's profile, its own settings and its report lie here and go with it.
    let folder = tempfile::Builder::new().prefix("rasoat-lighthouse-").tempdir().map_err(|_| LighthouseGap::Failed)?;
    let report = folder.path().join("report.json");
    let mut command = Command::new(&asked.tool);
    command.args(arguments(asked, &report));
    // A program that shows pages has no use for the token that publishes.
    command.env_remove("GITHUB_TOKEN");
    command.env("CHROME_PATH", &asked.browser).env("TMPDIR", folder.path()).env("HOME", folder.path());
    command.env("XDG_CONFIG_HOME", folder.path()).env("XDG_CACHE_HOME", folder.path());
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
    let mut child = command.spawn().map_err(|_| LighthouseGap::NotInstalled)?;
    let ended = wait(&mut child, asked.time_limit);
    let outcome = match ended {
        Some(true) => bytes(&report).ok().and_then(|bytes| parse(&bytes).ok()).ok_or(LighthouseGap::Failed),
        Some(false) => Err(LighthouseGap::Failed),
        None => Err(LighthouseGap::Late),
    };
    clear(&mut child, ended.is_none(), folder.path());
    outcome
}

/// Whether it ended well; `None` when it did not end in time.
fn wait(child: &mut Child, within: Duration) -> Option<bool> {
    let begun = Instant::now();
    while begun.elapsed() < within {
        match child.try_wait() {
            Ok(Some(status)) => return Some(status.success()),
            Ok(None) => std::thread::sleep(LOOK),
            Err(_) => return Some(false),
        }
    }
    None
}

/// Ends everything the run started: the tool's own group, and its browser, which has a group of its own.
fn clear(child: &mut Child, running: bool, folder: &Path) {
    if running {
        // Told to stop, the tool puts its browser away itself.
        signal("INT", child.id());
        let _ = wait(child, LEAVE);
        signal("KILL", child.id());
        let _ = child.wait();
    }
    let profiles = std::fs::read_dir(folder).into_iter().flatten().flatten();
    for profile in profiles {
        let pid = std::fs::read_to_string(profile.path().join("chrome.pid")).ok();
        if let Some(pid) = pid.and_then(|text| text.trim().parse().ok()) {
            signal("KILL", pid);
        }
    }
}

/// Signals a process group; one that is gone is none.
fn signal(name: &str, group: u32) {
    let mut kill = Command::new("sh");
    kill.args(["-c", "kill -s \"$1\" -- \"-$2\"", "sh", name, &group.to_string()]);
    let _ = kill.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status();
}

fn arguments(asked: &LighthouseRun, report: &Path) -> Vec<OsString> {
    let mut path = OsString::from("--output-path=");
    path.push(report);
    let mut all: Vec<OsString> = [
        asked.address.as_str(),
        "--output=json",
        "--quiet",
        "--form-factor=mobile",
        "--throttling-method=devtools",
        "--only-categories=performance",
        "--no-enable-error-reporting",
    ]
    .map(OsString::from)
    .to_vec();
    all.push(path);
    all.extend(blocked_patterns(&asked.collectors).into_iter().map(|p| format!("--blocked-url-patterns={p}").into()));
    all.push(format!("--chrome-flags={}", browser_flags(asked)).into());
    all
}

fn browser_flags(asked: &LighthouseRun) -> String {
    let mut flags = vec!["--headless=new".to_owned(), "--disable-quic".to_owned()];
    if !asked.sandbox {
        flags.push("--no-sandbox".to_owned());
    }
    let hosts = asked.collectors.iter().filter_map(Url::host_str);
    let rules: Vec<String> = hosts.map(|host| format!("MAP {host} ~NOTFOUND")).collect();
    if !rules.is_empty() {
        flags.push(format!("--host-resolver-rules=\"{}\"", rules.join(",")));
    }
    if let Some(WayOut { address, trusted }) = &asked.way_out {
        flags.push(format!("--proxy-server={address}"));
        flags.push("--proxy-bypass-list=\"<-loopback>\"".to_owned());
        flags.push(format!("--ignore-certificate-errors-spki-list={trusted}"));
    }
    flags.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked() -> LighthouseRun {
        LighthouseRun {
            tool: PathBuf::from("lighthouse"),
            browser: PathBuf::from("/usr/bin/chromium"),
            sandbox: true,
            address: Url::parse("https://a.example/").unwrap(),
            collectors: vec![Url::parse("https://collect.example/in?x").unwrap()],
            way_out: None,
            time_limit: TIME_LIMIT,
        }
    }

    #[test]
    fn the_collector_is_blocked_under_every_scheme() {
        let patterns = blocked_patterns(&[asked().collectors[0].clone(), asked().collectors[0].clone()]);
        assert_eq!(
            patterns,
            ["http://collect.example*", "https://collect.example*", "ws://collect.example*", "wss://collect.example*"]
        );
        assert!(browser_flags(&asked()).contains("--host-resolver-rules=\"MAP collect.example ~NOTFOUND\""));
    }

    #[test]
    fn the_sandbox_and_the_way_out_are_passed_on() {
        assert!(!browser_flags(&asked()).contains("--no-sandbox"));
        let way_out = Some(WayOut { address: "127.0.0.1:4711".parse().unwrap(), trusted: "abc=".to_owned() });
        let flags = browser_flags(&LighthouseRun { sandbox: false, way_out, ..asked() });
        assert!(flags.contains("--no-sandbox") && flags.contains("--proxy-server=127.0.0.1:4711"), "{flags}");
    }

    #[test]
    fn the_tool_is_found_in_the_path_and_above_the_folder() {
        let root = tempfile::tempdir().unwrap();
        let deep = root.path().join("a/b");
        let bin = root.path().join("node_modules/.bin");
        std::fs::create_dir_all(&deep).unwrap();
        std::fs::create_dir_all(&bin).unwrap();
        assert_eq!(find(None, &deep), None);
        std::fs::write(bin.join("lighthouse"), "").unwrap();
        assert_eq!(find(None, &deep), Some(bin.join("lighthouse")));
        std::fs::write(deep.join("lighthouse"), "").unwrap();
        assert_eq!(find(Some(deep.as_os_str()), &deep), Some(deep.join("lighthouse")));
    }

    /// A tool that writes what the test wants instead of loading anything.
    fn tool(folder: &Path, script: &str) -> LighthouseRun {
        use std::os::unix::fs::PermissionsExt;
        let file = folder.join("lighthouse");
        let path = "for a; do case $a in --output-path=*) out=${a#*=};; esac; done";
        std::fs::write(&file, format!("#!/bin/sh\n{path}\n{script}\n")).unwrap();
        std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
        LighthouseRun { tool: file, time_limit: Duration::from_secs(10), ..asked() }
    }

    #[test]
    fn what_the_tool_writes_is_read_and_what_goes_wrong_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let report = super::super::tests::report().to_string();
        std::fs::write(folder.path().join("good.json"), &report).unwrap();
        let good = format!("cp '{}' \"$out\"", folder.path().join("good.json").display());
        assert_eq!(run(&tool(folder.path(), &good)).map(|r| r.speed_index_ms), Ok(2345.6));
        assert_eq!(run(&tool(folder.path(), "exit 1")), Err(LighthouseGap::Failed));
        assert_eq!(run(&tool(folder.path(), "echo '{}' > \"$out\"")), Err(LighthouseGap::Failed));
        assert_eq!(run(&tool(folder.path(), "true")), Err(LighthouseGap::Failed));
        let missing = LighthouseRun { tool: folder.path().join("none"), ..asked() };
        assert_eq!(run(&missing), Err(LighthouseGap::NotInstalled));
    }

    #[test]
    fn a_run_that_does_not_end_is_ended_with_all_it_started() {
        let folder = tempfile::tempdir().unwrap();
        let pids = folder.path().join("pids");
        // A browser in a group of its own, as the tool starts one, and a helper in the tool's group.
        let script = format!(
            "trap '' INT TERM\nmkdir \"$TMPDIR/profile\"\nsetsid sleep 60 &\necho $! | tee '{0}' > \"$TMPDIR/profile/chrome.pid\"\nsleep 60 &\necho $! >> '{0}'\nsleep 60",
            pids.display()
        );
        let begun = Instant::now();
        let slow = LighthouseRun { time_limit: Duration::from_millis(500), ..tool(folder.path(), &script) };
        assert_eq!(run(&slow), Err(LighthouseGap::Late));
        assert!(begun.elapsed() < Duration::from_secs(10));
        std::thread::sleep(Duration::from_millis(200));
        for pid in std::fs::read_to_string(&pids).unwrap().lines() {
            let state = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap_or_default();
            assert!(state.is_empty() || state.contains(") Z "), "{pid} still runs: {state}");
        }
    }
}
