//! Starts Chromium with a profile of its own and ends it with everything it left: its processes end when its line
//! is closed, and the profile folder goes with them. Knows nothing of pages.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use tokio::io::AsyncReadExt;
use tokio::process::{Child, ChildStderr, Command};

use super::BrowserOptions;
use super::pipe::Pipe;

/// How long a browser may take to say that it is there.
const START: Duration = Duration::from_secs(30);
/// How long it may take to leave once its line is closed.
const LEAVE: Duration = Duration::from_secs(3);
/// Bytes that are kept of what it says.
const MOST_SAID: usize = 64 << 10;
/// What profile folders are called; the number of the process that made one follows.
const PROFILE: &str = "rasoat-chromium-";

/// A running Chromium.
#[derive(Debug)]
pub struct Chromium {
    /// The line to it.
    pub pipe: Pipe,
    /// Name and version.
    pub product: String,
    /// How it names itself to servers.
    pub user_agent: String,
    child: Mutex<Option<Child>>,
    /// Removed with it.
    profile: TempDir,
}

impl Chromium {
    /// Starts one. `trusted` is the key of the certificate that its requests are answered with (SHA-256 of its
    /// SPKI, base64).
    ///
    /// # Errors
    /// Why it did not start.
    pub async fn launch(options: &BrowserOptions, trusted: &str) -> Result<Self, String> {
        let said = Arc::new(Mutex::new(Vec::new()));
        Self::start(options, trusted, &said).await.map_err(|why| {
            let said = said.lock().map(|said| String::from_utf8_lossy(&said).into_owned()).unwrap_or_default();
            let lines = said.lines().filter(|line| !line.trim().is_empty()).collect::<Vec<_>>();
            // Its last words tell why.
            let last = lines[lines.len().saturating_sub(4)..].join(" ");
            format!("{why} {last}").trim().chars().take(600).collect()
        })
    }

    async fn start(options: &BrowserOptions, trusted: &str, said: &Arc<Mutex<Vec<u8>>>) -> Result<Self, String> {
        let name = format!("{PROFILE}{}-", std::process::id());
        let profile = tempfile::Builder::new().prefix(&name).tempdir().map_err(|e| e.to_string())?;
        let mut command = Command::new("sh");
        // The protocol's pipes are numbers three and four; the shell turns its own into them without help of ours.
        command.args(["-c", "exec \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null", "sh"]);
        command.arg(&options.program).args(flags(options, trusted, profile.path()));
        command
            // A program that shows pages has no use for the token that publishes.
            .env_remove("GITHUB_TOKEN")
            .env("HOME", profile.path())
            .env("XDG_CONFIG_HOME", profile.path())
            .env("XDG_CACHE_HOME", profile.path());
        // Its own temporary folders go with the profile, also when it is killed. A socket lies in one of them, and the
        // path of a socket may have 108 bytes.
        if profile.path().as_os_str().len() < 60 {
            command.env("TMPDIR", profile.path());
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        // Ctrl-C in a terminal goes to a whole group; the browser is ended by us, after the reports are written.
        command.process_group(0).kill_on_drop(true);
        let mut child = command.spawn().map_err(|e| e.to_string())?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("no pipes".to_owned());
        };
        if let Some(errors) = child.stderr.take() {
            listen(errors, said.clone());
        }
        let mut started = Self {
            pipe: Pipe::open(to, from),
            product: String::new(),
            user_agent: String::new(),
            child: Mutex::new(Some(child)),
            profile,
        };
        match started.pipe.call("Browser.getVersion", json!({}), START).await {
            Ok(version) => {
                let told = |key: &str| version[key].as_str().unwrap_or_default().to_owned();
                (started.product, started.user_agent) = (told("product"), told("userAgent"));
                Ok(started)
            }
            Err(broken) => {
                started.kill().await;
                Err(format!("{broken:?}"))
            }
        }
    }

    /// Ends it and removes what it left.
    pub async fn end(&self) {
        self.put_away(true).await;
    }

    /// Ends one that does not answer, and removes what it left.
    pub async fn kill(&self) {
        self.put_away(false).await;
    }

    async fn put_away(&self, answers: bool) {
        let child = self.child.lock().ok().and_then(|mut child| child.take());
        if let Some(mut child) = child {
            let group = child.id();
            let closed = answers && self.pipe.call("Browser.close", json!({}), LEAVE).await.is_ok();
            if !closed || tokio::time::timeout(LEAVE, child.wait()).await.is_err() {
                let _ = child.start_kill();
                let _ = child.wait().await;
            }
            if let Some(group) = group {
                // Helpers outlive a browser that was killed, and one with much memory takes its time to go.
                let signal = |name: &'static str| {
                    let group = format!("-{group}");
                    Command::new("kill").args([name, "--", &group]).stderr(Stdio::null()).status()
                };
                let _ = signal("-KILL").await;
                for _ in 0..30 {
                    if !signal("-0").await.is_ok_and(|there| there.success()) {
                        break;
                    }
                    tokio::time::sleep(Duration::from_millis(50)).await;
                }
            }
        }
        // What still writes into the folder is gone within moments.
        for _ in 0..40 {
            if std::fs::remove_dir_all(self.profile.path()).is_ok() || !self.profile.path().exists() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

/// Keeps the beginning of what it says; the rest is read and dropped, so that it is never held up.
fn listen(mut errors: ChildStderr, said: Arc<Mutex<Vec<u8>>>) {
    tokio::spawn(async move {
        let mut part = [0; 4096];
        while let Ok(n @ 1..) = errors.read(&mut part).await {
            if let Ok(mut said) = said.lock()
                && said.len() < MOST_SAID
            {
                said.extend_from_slice(&part[..n]);
            }
        }
    });
}

fn flags(options: &BrowserOptions, trusted: &str, profile: &Path) -> Vec<OsString> {
    let mut flags: Vec<OsString> = [
        "--headless=new",
        "--remote-debugging-pipe",
        "--no-first-run",
        "--no-default-browser-check",
        "--no-service-autorun",
        "--no-pings",
        // Pages that serve programs otherwise are to be seen as people see them; who comes stands in the user agent.
        "--disable-blink-features=AutomationControlled",
        "--disable-background-networking",
        "--disable-breakpad",
        "--disable-client-side-phishing-detection",
        "--disable-component-update",
        "--disable-default-apps",
        "--disable-dev-shm-usage",
        "--disable-domain-reliability",
        "--disable-extensions",
        "--disable-gpu",
        "--disable-quic",
        "--disable-search-engine-choice-screen",
        "--disable-sync",
        "--disable-features=MediaRouter,OptimizationHints,Translate,AutofillServerCommunication,InterestFeedContentSuggestions,\
         CertificateTransparencyComponentUpdater,HttpsUpgrades,HttpsFirstBalancedModeAutoEnable",
        // Calls between pages would go past the proxy; the switch has had two names.
        "--webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",
        "--hide-scrollbars",
        // Without a screen there is no mouse either, and a style sheet would take a desk for a phone.
        "--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4",
        "--mute-audio",
        "--password-store=basic",
        "--use-mock-keychain",
        "--deny-permission-prompts",
        "--lang=vi",
        // A second fence: names that do not go through this process do not resolve.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        // Nothing may go anywhere before a page has been given its own way out.
        "--proxy-server=127.0.0.1:9",
        "--proxy-bypass-list=<-loopback>",
    ]
    .map(OsString::from)
    .to_vec();
    flags.push(format!("--ignore-certificate-errors-spki-list={trusted}").into());
    let mut folder = OsString::from("--user-data-dir=");
    folder.push(profile);
    flags.push(folder);
    if !options.sandbox {
        flags.push("--no-sandbox".into());
    }
    flags.push("about:blank".into());
    flags
}

/// Removes profile folders of programs that were killed and could not do it themselves.
pub(super) fn sweep(folder: &Path) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let name = entry.file_name();
        let maker = name.to_str().and_then(|n| n.strip_prefix(PROFILE)).and_then(|n| n.split('-').next());
        let Some(maker) = maker.and_then(|n| n.parse::<u32>().ok()) else { continue };
        // Where there is no such folder of processes nothing is known, and nothing is removed.
        if Path::new("/proc/self").exists() && !PathBuf::from(format!("/proc/{maker}")).exists() {
            let _ = std::fs::remove_dir_all(entry.path());
        }
    }
}

#[cfg(test)]
mod tests {
    use std::process::Stdio;
    use std::time::Duration;

    use super::*;

    #[tokio::test]
    async fn so_much_of_what_a_browser_says_is_kept() {
        let mut shell = tokio::process::Command::new("sh");
        shell.args(["-c", "head -c 1000000 /dev/zero >&2"]).stderr(Stdio::piped());
        let mut child = shell.spawn().unwrap();
        let said = Arc::new(Mutex::new(Vec::new()));
        listen(child.stderr.take().unwrap(), said.clone());
        // It is read to its end: whoever says too much does not wait for ever.
        let ended = tokio::time::timeout(Duration::from_secs(20), child.wait()).await.unwrap().unwrap();
        assert!(ended.success());
        let kept = said.lock().unwrap().len();
        assert!((MOST_SAID..MOST_SAID + 4_096).contains(&kept), "{kept}");
    }
}
