//! Starts Chromium with a profile of its own and ends it with everything it left: its processes end when its line
//! is closed, and the profile folder goes with them. Knows nothing of pages.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Mutex;
use std::time::Duration;

use serde_json::json;
use tempfile::TempDir;
use tokio::process::{Child, Command};

use super::BrowserOptions;
use super::pipe::Pipe;

/// How long a browser may take to say that it is there.
const START: Duration = Duration::from_secs(30);
/// How long it may take to leave once its line is closed.
const LEAVE: Duration = Duration::from_secs(3);
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
        sweep(&std::env::temp_dir());
        let name = format!("{PROFILE}{}-", std::process::id());
        let profile = tempfile::Builder::new().prefix(&name).tempdir().map_err(|e| e.to_string())?;
        let mut command = Command::new("sh");
        // The protocol's pipes are numbers three and four; the shell turns its own into them without help of ours.
        command.args(["-c", "exec \"$@\" 3<&0 4>&1 0</dev/null 1>/dev/null", "sh"]);
        command.arg(&options.program).args(flags(options, trusted, profile.path()));
        command
            .env("HOME", profile.path())
            .env("XDG_CONFIG_HOME", profile.path())
            .env("XDG_CACHE_HOME", profile.path());
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        // Ctrl-C in a terminal goes to a whole group; the browser is ended by us, after the reports are written.
        command.process_group(0).kill_on_drop(true);
        let mut child = command.spawn().map_err(|e| e.to_string())?;
        let (Some(to), Some(from)) = (child.stdin.take(), child.stdout.take()) else {
            return Err("no pipes".to_owned());
        };
        let pipe = Pipe::open(to, from);
        let version = pipe.call("Browser.getVersion", json!({}), START).await.map_err(|e| format!("{e:?}"))?;
        let told = |key: &str| version[key].as_str().unwrap_or_default().to_owned();
        Ok(Self {
            pipe,
            product: told("product"),
            user_agent: told("userAgent"),
            child: Mutex::new(Some(child)),
            profile,
        })
    }

    /// Ends it at once; for one that does not answer.
    pub fn kill(&self) {
        if let Some(child) = self.child.lock().ok().and_then(|mut child| child.take()) {
            // Dropped here, it is killed and waited for.
            drop(child);
        }
    }

    /// Ends it and removes what it left.
    pub async fn end(&self) {
        let child = self.child.lock().ok().and_then(|mut child| child.take());
        if let Some(mut child) = child {
            let close = self.pipe.call("Browser.close", json!({}), LEAVE);
            if close.await.is_err() || tokio::time::timeout(LEAVE, child.wait()).await.is_err() {
                let _ = child.start_kill();
                let _ = child.wait().await;
            }
        }
        // Helpers that still write into the folder are gone within moments.
        for _ in 0..20 {
            if std::fs::remove_dir_all(self.profile.path()).is_ok() || !self.profile.path().exists() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
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
fn sweep(folder: &Path) {
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
