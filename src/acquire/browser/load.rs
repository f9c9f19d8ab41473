//! One load of a page on a phone with a slow line and a slow processor, as the browser's own observers tell it:
//! when it painted, how long its thread was busy, how far it shifted. Measures once; how often, and what the figures
//! mean, is others' business. Nothing else may be at work in the browser meanwhile.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::{Value, json};
use tokio::sync::mpsc::Receiver;
use url::Url;

use super::pipe::{Broken, Event};
use super::tab::Tab;
use crate::snapshot::{Gap, LoadRun, Profile};

/// The phone that Lighthouse 12 measures with when DevTools slow it down (`mobileSlow4G` in its constants): a round
/// trip of 150 ms becomes 562.5 ms a request, and 1.6 Mbit/s and 750 kbit/s lose a tenth.
pub const PHONE: Profile = Profile {
    width: 412,
    height: 823,
    scale: 1.75,
    cpu_slowdown: 4.0,
    latency_ms: 562.5,
    download_kbps: 1474.56,
    upload_kbps: 675.0,
};

/// How one load may take, and is then cut off.
pub const LOAD_TIME_LIMIT: Duration = Duration::from_secs(60);
/// How long the thread must have had no long task.
const QUIET_THREAD_MS: f64 = 1_000.0;
/// How long no request may have begun or ended.
const QUIET_NETWORK: Duration = Duration::from_millis(500);
/// How long quiet is waited for after load; some pages never rest.
const MOST_UNREST: Duration = Duration::from_secs(15);
/// Looks in a row that must find it quiet.
const QUIET_LOOKS: u32 = 2;
/// Between two looks at the page.
const LOOK: Duration = Duration::from_millis(200);
/// How long a look may take: a dialog, or a busy thread, holds it up.
const LOOK_LIMIT: Duration = Duration::from_secs(2);
/// What a task may take before it blocks people.
const BLOCKING_MS: f64 = 50.0;
/// Most requests that are followed at a time.
const MOST_REQUESTS: usize = 10_000;
/// The world the observers live in.
const WORLD: &str = "rasoat-vitals";
const OBSERVERS: &str = include_str!("page/vitals.js");

/// Loads the page in a tab that shows nothing yet, and waits until it is quiet. A load that does not end in time gives
/// only its first paint.
///
/// # Errors
/// Why there are no figures.
pub async fn measure(
    tab: &Tab,
    events: &mut Receiver<Event>,
    address: &Url,
    profile: &Profile,
    timeout: Duration,
) -> Result<LoadRun, Gap> {
    let begun = Instant::now();
    slow_down(tab, profile).await.map_err(gap)?;
    let run = load(tab, events, address, begun + timeout).await;
    // The tab is closed next; that it cannot be asked any more is no fault of the page.
    let _ = undo(tab).await;
    run
}

async fn slow_down(tab: &Tab, profile: &Profile) -> Result<(), Broken> {
    let session = &tab.session;
    session.call("Page.bringToFront", json!({})).await?;
    session.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true })).await?;
    let screen = json!({
        "width": profile.width, "height": profile.height, "deviceScaleFactor": profile.scale, "mobile": true,
    });
    session.call("Emulation.setDeviceMetricsOverride", screen).await?;
    session.call("Emulation.setTouchEmulationEnabled", json!({ "enabled": true })).await?;
    let name = session.evaluate("navigator.userAgent").await?;
    if let Some(phone) = name.as_str().and_then(phone_name) {
        session.call("Network.setUserAgentOverride", phone).await?;
    }
    let observers = json!({ "source": OBSERVERS, "worldName": WORLD });
    session.call("Page.addScriptToEvaluateOnNewDocument", observers).await?;
    // DevTools want bytes per second.
    let bytes = |kbps: f64| (kbps * 1024.0 / 8.0).floor();
    let line = json!({
        "offline": false, "latency": profile.latency_ms,
        "downloadThroughput": bytes(profile.download_kbps), "uploadThroughput": bytes(profile.upload_kbps),
    });
    session.call("Network.emulateNetworkConditions", line).await?;
    session.call("Emulation.setCPUThrottlingRate", json!({ "rate": profile.cpu_slowdown })).await.map(|_| ())
}

async fn undo(tab: &Tab) -> Result<(), Broken> {
    let session = &tab.session;
    session.call("Emulation.setCPUThrottlingRate", json!({ "rate": 1 })).await?;
    let line = json!({ "offline": false, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1 });
    session.call("Network.emulateNetworkConditions", line).await?;
    session.call("Emulation.setTouchEmulationEnabled", json!({ "enabled": false })).await?;
    session.call("Emulation.clearDeviceMetricsOverride", json!({})).await.map(|_| ())
}

/// The browser's name on a phone; `None` for a name that the user chose.
fn phone_name(name: &str) -> Option<Value> {
    let (before, after) = name.split_once('(')?;
    let (_, after) = after.split_once(')')?;
    let version = after.split_once("Chrome/")?.1.split(' ').next()?;
    let major = version.split('.').next()?;
    let after = after.replace("HeadlessChrome/", "Chrome/");
    let after = if after.contains(" Mobile ") { after } else { after.replacen(" Safari/", " Mobile Safari/", 1) };
    let brand = |brand: &str| json!({ "brand": brand, "version": major });
    Some(json!({
        "userAgent": format!("{before}(Linux; Android 11; moto g power (2022)){after}"),
        "userAgentMetadata": {
            "brands": [brand("Chromium"), brand("Google Chrome")], "fullVersion": version, "platform": "Android",
            "platformVersion": "11.0", "architecture": "", "model": "moto g power (2022)", "mobile": true,
        },
    }))
}

async fn load(tab: &Tab, events: &mut Receiver<Event>, address: &Url, deadline: Instant) -> Result<LoadRun, Gap> {
    let session = &tab.session;
    let left = |deadline: Instant| deadline.saturating_duration_since(Instant::now());
    let params = json!({ "url": address.as_str() });
    let answer = session.call_within("Page.navigate", params, left(deadline)).await.map_err(gap)?;
    if let Some(error) = answer["errorText"].as_str().filter(|e| !e.is_empty()) {
        return Err(network_gap(error));
    }
    let frame = answer["frameId"].as_str().unwrap_or_default().to_owned();
    let mut traffic = Traffic::new(frame);
    let mut seen = Vitals::default();
    let mut loaded: Option<Instant> = None;
    // The first look after a long task may come before the browser tells of the task.
    let mut quiet_looks = 0;
    loop {
        let dialog = traffic.follow(events)?;
        if dialog {
            let no = json!({ "accept": false });
            let _ = session.call_within("Page.handleJavaScriptDialog", no, LOOK_LIMIT).await;
        }
        // A thread too busy to answer is not quiet, whatever it told before.
        let mut answered = true;
        match look(tab, &traffic.frame).await {
            Ok(vitals) => seen = vitals,
            Err(Broken::Gone) => return Err(Gap::BrowserFailed),
            Err(Broken::Refused(why)) if why.contains("crashed") => return Err(Gap::BrowserFailed),
            // A busy thread, a dialog, or a document that is just being replaced.
            Err(Broken::Late | Broken::Refused(_)) => answered = false,
        }
        if let Some(gap) = traffic.status.and_then(Gap::of_status) {
            return Err(gap);
        }
        if seen.loaded.is_some() {
            let since = *loaded.get_or_insert_with(Instant::now);
            let quiet = answered && seen.is_quiet() && traffic.is_quiet();
            quiet_looks = if quiet { quiet_looks + 1 } else { 0 };
            if quiet_looks >= QUIET_LOOKS || since.elapsed() >= MOST_UNREST {
                return Ok(seen.run());
            }
        } else {
            // Another document took the place of the one that was loaded.
            loaded = None;
        }
        if left(deadline).is_zero() {
            let fcp_ms = Some(seen.fcp.ok_or(Gap::Timeout)?);
            return Ok(if seen.loaded.is_some() { seen.run() } else { LoadRun { fcp_ms, ..LoadRun::default() } });
        }
        tokio::time::sleep(LOOK).await;
    }
}

/// What the observers tell, in milliseconds after the beginning of the navigation.
#[derive(Debug, Clone, Default, Deserialize)]
struct Vitals {
    fcp: Option<f64>,
    lcp: Option<f64>,
    cls: f64,
    /// Begin and duration.
    tasks: Vec<(f64, f64)>,
    now: f64,
    loaded: Option<f64>,
}

impl Vitals {
    fn is_quiet(&self) -> bool {
        let busy = self.tasks.iter().map(|(start, duration)| start + duration);
        let last = busy.chain(self.loaded).fold(0.0, f64::max);
        self.fcp.is_some() && self.now - last >= QUIET_THREAD_MS
    }

    fn run(&self) -> LoadRun {
        let longest = self.tasks.iter().map(|(_, duration)| *duration).fold(0.0, f64::max);
        LoadRun {
            fcp_ms: self.fcp,
            lcp_ms: self.lcp,
            longest_task_ms: Some(longest),
            tbt_ms: self.fcp.map(|fcp| self.blocked_from(fcp)),
            cls: Some(self.cls),
        }
    }

    /// What long tasks took beyond what people do not notice; of one that was under way only the rest.
    fn blocked_from(&self, fcp: f64) -> f64 {
        let rest = self.tasks.iter().map(|(start, duration)| start + duration - start.max(fcp));
        let blocked: f64 = rest.map(|rest| (rest - BLOCKING_MS).max(0.0)).sum();
        // The sum of nothing is negative zero.
        blocked + 0.0
    }
}

async fn look(tab: &Tab, frame: &str) -> Result<Vitals, Broken> {
    // The world is there already; asking for it again tells its number, also of the document that came last.
    let params = json!({ "frameId": frame, "worldName": WORLD });
    let world = tab.session.call_within("Page.createIsolatedWorld", params, LOOK_LIMIT).await?;
    let params = json!({
        "expression": "rasoatVitals()", "contextId": world["executionContextId"], "returnByValue": true, "silent": true,
    });
    let mut answer = tab.session.call_within("Runtime.evaluate", params, LOOK_LIMIT).await?;
    serde_json::from_value(answer["result"]["value"].take()).map_err(|e| Broken::Refused(e.to_string()))
}

/// What the page asks the network for.
struct Traffic {
    frame: String,
    open: HashSet<String>,
    last: Instant,
    /// Of the document's answer.
    status: Option<u16>,
}

impl Traffic {
    fn new(frame: String) -> Self {
        Self { frame, open: HashSet::new(), last: Instant::now(), status: None }
    }

    fn is_quiet(&self) -> bool {
        self.open.is_empty() && self.last.elapsed() >= QUIET_NETWORK
    }

    /// Takes in what was told since the last look; whether a dialog waits for an answer.
    fn follow(&mut self, events: &mut Receiver<Event>) -> Result<bool, Gap> {
        let mut dialog = false;
        while let Ok(event) = events.try_recv() {
            let id = event.params["requestId"].as_str().unwrap_or_default();
            match event.method.as_str() {
                // What is meant to stay open is no load under way.
                "Network.requestWillBeSent" if event.params["type"] != "EventSource" => {
                    if self.open.len() < MOST_REQUESTS {
                        self.open.insert(id.to_owned());
                    }
                    self.last = Instant::now();
                }
                "Network.loadingFinished" | "Network.loadingFailed" => {
                    self.open.remove(id);
                    self.last = Instant::now();
                }
                "Network.responseReceived"
                    if event.params["type"] == "Document" && event.params["frameId"] == self.frame.as_str() =>
                {
                    self.status = event.params["response"]["status"].as_u64().and_then(|s| u16::try_from(s).ok());
                }
                "Page.javascriptDialogOpening" => dialog = true,
                "Page.javascriptDialogClosed" => dialog = false,
                "Inspector.targetCrashed" => return Err(Gap::BrowserFailed),
                _ => {}
            }
        }
        Ok(dialog)
    }
}

fn gap(broken: Broken) -> Gap {
    match broken {
        Broken::Late => Gap::Timeout,
        Broken::Gone | Broken::Refused(_) => Gap::BrowserFailed,
    }
}

/// The gap of a navigation that Chromium gave up, by its name of the error.
fn network_gap(error: &str) -> Gap {
    let table = [
        ("NAME_NOT_RESOLVED", Gap::Dns),
        ("CONNECTION_REFUSED", Gap::Refused),
        ("TIMED_OUT", Gap::Timeout),
        ("CONNECTION_RESET", Gap::Reset),
        ("CONNECTION_CLOSED", Gap::Reset),
        ("EMPTY_RESPONSE", Gap::Reset),
        ("TOO_MANY_REDIRECTS", Gap::RedirectLoop),
        ("CERT_", Gap::TlsOther),
        ("SSL_", Gap::TlsOther),
        ("TUNNEL_", Gap::Proxy),
        ("PROXY_", Gap::Proxy),
        ("HTTP2_", Gap::ProtocolError),
        ("INVALID_", Gap::ProtocolError),
        ("CONTENT_", Gap::ProtocolError),
    ];
    table.iter().find(|(name, _)| error.contains(name)).map_or(Gap::BrowserFailed, |(_, gap)| *gap)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocking_begins_with_the_first_paint() {
        let tasks = vec![(0.0, 400.0), (450.0, 120.0), (900.0, 50.0), (1000.0, 300.0)];
        let seen = Vitals { fcp: Some(500.0), tasks, now: 5_000.0, loaded: Some(600.0), ..Vitals::default() };
        let run = seen.run();
        assert_eq!((run.longest_task_ms, run.tbt_ms), (Some(400.0), Some(20.0 + 250.0)));
        let idle = Vitals { fcp: Some(500.0), ..Vitals::default() }.run();
        assert_eq!((idle.longest_task_ms, idle.tbt_ms, idle.cls), (Some(0.0), Some(0.0), Some(0.0)));
    }

    #[test]
    fn a_page_is_quiet_once_its_thread_rests() {
        let seen =
            |now| Vitals { fcp: Some(1.0), now, tasks: vec![(900.0, 200.0)], loaded: Some(800.0), ..Vitals::default() };
        assert!(!seen(2_000.0).is_quiet());
        assert!(seen(2_100.0).is_quiet());
        assert!(!Vitals { fcp: None, ..seen(9_000.0) }.is_quiet());
    }

    #[test]
    fn the_browser_is_named_as_on_a_phone_unless_the_user_named_it() {
        let name = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) HeadlessChrome/148.0.0.0 Safari/537.36";
        let phone = phone_name(name).unwrap();
        assert_eq!(
            phone["userAgent"],
            "Mozilla/5.0 (Linux; Android 11; moto g power (2022)) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Mobile Safari/537.36"
        );
        assert_eq!(phone["userAgentMetadata"]["fullVersion"], "148.0.0.0");
        assert!(phone_name("curl/8.0").is_none() && phone_name("tool (https://a.example) x").is_none());
    }

    #[test]
    fn what_chromium_gives_up_has_a_gap() {
        for (error, gap) in [
            ("net::ERR_NAME_NOT_RESOLVED", Gap::Dns),
            ("net::ERR_CONNECTION_REFUSED", Gap::Refused),
            ("net::ERR_CERT_DATE_INVALID", Gap::TlsOther),
            ("net::ERR_TUNNEL_CONNECTION_FAILED", Gap::Proxy),
            ("net::ERR_ABORTED", Gap::BrowserFailed),
        ] {
            assert_eq!(network_gap(error), gap, "{error}");
        }
    }
}
