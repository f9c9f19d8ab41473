//! What a page tells while it runs: its load event, what its scripts asked for, what was blocked or thrown, what
//! the tracker's script handed out. Answers dialogs, so that nothing waits for a person. Facts only.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tokio::sync::Notify;
use tokio::sync::mpsc::Receiver;
use url::Url;

use super::pipe::{Event, Session};
use super::snippet::Teller;
use crate::snapshot::{Blocked, FaultKind, MOST_FAULTS, PageFault, ScriptPlace};

/// Requests whose beginning is remembered.
const MOST_REQUESTS: usize = 5_000;
/// Reports of a tracker's script that are kept.
const MOST_REPORTS: usize = 200;
/// Longest report, in bytes.
const LONGEST_REPORT: usize = 512 << 10;

/// One script that the page itself asked for.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub(super) url: String,
    pub(super) at: Instant,
    pub(super) by: Option<ScriptPlace>,
    pub(super) status: Option<u16>,
    pub(super) blocked: Option<Blocked>,
    /// Only fetched ahead: nobody said that it shall run.
    pub(super) ahead: bool,
}

/// What a tracker's script told.
#[derive(Debug, Clone)]
pub(super) struct Told {
    pub(super) tracker: String,
    pub(super) later: bool,
    pub(super) top: bool,
    /// Milliseconds after the beginning of the navigation, by the page's own clock.
    pub(super) at_ms: u64,
    pub(super) queue: Option<Held>,
}

/// What a queue held.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Held {
    pub(super) commands: Vec<Vec<Value>>,
    /// There were more than are told.
    pub(super) cut: bool,
}

/// What was told up to now.
#[derive(Debug, Default)]
pub(super) struct Seen {
    main_frame: String,
    pub(super) address: Option<Url>,
    /// Documents that were shown one after the other, and when the last of them came.
    pub(super) documents: usize,
    /// What the last of them but the first was answered with.
    pub(super) status: Option<u16>,
    /// When the last of them came.
    pub(super) arrived: Option<Instant>,
    pub(super) since: Option<Instant>,
    pub(super) loaded: Option<Instant>,
    /// When it ended loading, with its load event or without.
    pub(super) stopped: Option<Instant>,
    pub(super) crashed: bool,
    /// Scripts in the order they were asked for.
    pub(super) scripts: Vec<Asked>,
    by_request: HashMap<String, usize>,
    /// Where the page set out for, in a window of its own too; seen before anything is asked of the network.
    pub(super) led: Vec<Url>,
    pub(super) told: Vec<Told>,
    pub(super) faults: Vec<PageFault>,
    pub(super) console: Vec<String>,
}

/// Follows what a page tells, until it is closed.
#[derive(Debug, Clone)]
pub(super) struct Watch {
    seen: Arc<Mutex<Seen>>,
    news: Arc<Notify>,
    teller: Arc<Teller>,
}

impl Watch {
    /// Follows a page; by `teller` its trackers' scripts tell.
    pub(super) fn over(session: &Session, mut events: Receiver<Event>, teller: &Teller) -> Self {
        let watch = Self { seen: Arc::default(), news: Arc::default(), teller: Arc::new(teller.clone()) };
        let (watching, session) = (watch.clone(), session.clone());
        tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                if event.method == "Page.javascriptDialogOpening" {
                    // A person who wants to go on closes it; leaving is agreed to.
                    let accept = event.params["type"] == "beforeunload";
                    let session = session.clone();
                    tokio::spawn(async move {
                        let _ = session.call("Page.handleJavaScriptDialog", json!({ "accept": accept })).await;
                    });
                    continue;
                }
                if let Ok(mut seen) = watching.seen.lock() {
                    seen.note(&event, &watching.teller);
                }
                watching.news.notify_waiters();
            }
        });
        watch
    }

    /// Looks at what was told.
    pub(super) fn look<T>(&self, at: impl FnOnce(&Seen) -> T) -> Option<T> {
        self.seen.lock().ok().map(|seen| at(&seen))
    }

    /// Waits until something new is told, but not for long.
    pub(super) async fn news_within(&self, time: Duration) {
        let _ = tokio::time::timeout(time, self.news.notified()).await;
    }
}

impl Seen {
    fn note(&mut self, event: &Event, teller: &Teller) {
        let told = &event.params;
        match event.method.as_str() {
            "Page.frameNavigated" if told["frame"]["parentId"].is_null() => {
                self.main_frame = text(&told["frame"]["id"]);
                self.address = Url::parse(&text(&told["frame"]["url"])).ok();
                self.loaded = None;
                self.stopped = None;
                self.documents += 1;
                self.arrived = Some(Instant::now());
                self.since = Some(Instant::now());
                // A new document: what the last one did is not its doing.
                self.scripts.clear();
                self.by_request.clear();
                self.told.clear();
                self.faults.clear();
            }
            "Page.navigatedWithinDocument" if told["frameId"] == self.main_frame.as_str() => {
                self.address = Url::parse(&text(&told["url"])).ok();
            }
            "Page.frameRequestedNavigation" if told["frameId"] == self.main_frame.as_str() => self.leads(&told["url"]),
            "Page.windowOpen" => self.leads(&told["url"]),
            "Page.frameStartedLoading" if told["frameId"] == self.main_frame.as_str() => self.stopped = None,
            "Page.frameStoppedLoading" if told["frameId"] == self.main_frame.as_str() => {
                self.stopped = Some(Instant::now());
            }
            "Page.loadEventFired" => self.loaded = self.loaded.or_else(|| Some(Instant::now())),
            "Inspector.targetCrashed" => self.crashed = true,
            "Runtime.bindingCalled" if told["name"] == teller.name.as_str() => {
                self.report(&told["payload"], teller);
            }
            "Runtime.exceptionThrown" => {
                let thrown = &told["exceptionDetails"];
                let said = thrown["exception"]["description"].as_str().or(thrown["text"].as_str());
                let place = place(&thrown["url"], &thrown["lineNumber"], &thrown["columnNumber"]);
                self.fault(FaultKind::Exception, said.unwrap_or_default(), place, None);
            }
            "Network.requestWillBeSent" => self.asked(told),
            "Network.responseReceived" => {
                let status = told["response"]["status"].as_u64().and_then(|s| u16::try_from(s).ok());
                if let Some(asked) = self.of_request(&told["requestId"]) {
                    asked.status = status;
                }
                if told["type"] == "Document" && told["frameId"] == self.main_frame.as_str() {
                    self.status = status;
                }
            }
            "Network.loadingFailed" => {
                let why = match told["blockedReason"].as_str() {
                    Some("csp") => Some(Blocked::Csp),
                    Some("mixed-content") => Some(Blocked::MixedContent),
                    Some(_) => Some(Blocked::Other),
                    None => told["corsErrorStatus"].is_object().then_some(Blocked::Other),
                };
                if let Some(asked) = self.of_request(&told["requestId"]) {
                    asked.blocked = asked.blocked.or(why);
                }
            }
            "Log.entryAdded" => {
                self.logged(&told["entry"]);
                if told["entry"]["level"] == "error" || told["entry"]["level"] == "warning" {
                    self.said(told["entry"]["text"].as_str().unwrap_or_default());
                }
            }
            "Runtime.consoleAPICalled" if told["type"] == "error" || told["type"] == "warning" => {
                let parts = told["args"].as_array().into_iter().flatten();
                let parts = parts.filter_map(|a| a["value"].as_str().or(a["description"].as_str()));
                self.said(&parts.take(10).collect::<Vec<_>>().join(" "));
            }
            "Audits.issueAdded" => self.issue(&told["issue"]["details"]),
            _ => {}
        }
    }

    fn report(&mut self, payload: &Value, teller: &Teller) {
        let payload = payload.as_str().unwrap_or_default();
        if self.told.len() >= MOST_REPORTS || payload.len() > LONGEST_REPORT {
            return;
        }
        let said = serde_json::from_str::<Value>(payload).ok().filter(|said| teller.is_genuine(said));
        let Some(said) = said else { return };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a clock of the page, cut to fit")]
        let at_ms = said["at"].as_f64().unwrap_or_default().clamp(0.0, 1e9) as u64;
        self.told.push(Told {
            tracker: text(&said["t"]),
            later: said["k"] == "later",
            top: said["top"] == true,
            at_ms,
            queue: held(&said["q"]),
        });
    }

    fn asked(&mut self, told: &Value) {
        let main = told["frameId"] == self.main_frame.as_str();
        if told["type"] != "Script" || !main || self.scripts.len() >= MOST_REQUESTS {
            return;
        }
        let by = &told["initiator"];
        let frame = &by["stack"]["callFrames"][0];
        let by = place(&frame["url"], &frame["lineNumber"], &frame["columnNumber"])
            .or_else(|| place(&by["url"], &by["lineNumber"], &by["columnNumber"]));
        let url = text(&told["request"]["url"]);
        self.by_request.insert(text(&told["requestId"]), self.scripts.len());
        let ahead = told["request"]["isLinkPreload"] == true;
        self.scripts.push(Asked { url, at: Instant::now(), by, status: None, blocked: None, ahead });
    }

    fn leads(&mut self, to: &Value) {
        let bare = |mut url: Url| {
            url.set_fragment(None);
            url
        };
        let to = Url::parse(&text(to)).ok().filter(|url| matches!(url.scheme(), "http" | "https")).map(bare);
        // To another place of the same page is nowhere.
        let to = to.filter(|url| self.address.clone().map(bare).as_ref() != Some(url));
        if self.led.len() < MOST_REPORTS {
            self.led.extend(to);
        }
    }

    fn of_request(&mut self, request: &Value) -> Option<&mut Asked> {
        let at = *self.by_request.get(request.as_str()?)?;
        self.scripts.get_mut(at)
    }

    fn logged(&mut self, entry: &Value) {
        let said = entry["text"].as_str().unwrap_or_default();
        if !said.contains("'integrity' attribute") {
            return;
        }
        // The console names the file between quotation marks; which script it was is told nowhere else.
        for asked in &mut self.scripts {
            if said.contains(&format!("'{}'", asked.url)) {
                asked.blocked = Some(Blocked::Integrity);
            }
        }
    }

    fn issue(&mut self, details: &Value) {
        let csp = &details["contentSecurityPolicyIssueDetails"];
        if csp.is_object() && csp["isReportOnly"] != true {
            let at = &csp["sourceCodeLocation"];
            let said =
                format!("{} ({})", text(&csp["violatedDirective"]), text(&csp["contentSecurityPolicyViolationType"]));
            let place = place(&at["url"], &at["lineNumber"], &at["columnNumber"]);
            self.fault(FaultKind::Csp, &said, place, csp["blockedURL"].as_str());
        }
        let mixed = &details["mixedContentIssueDetails"];
        if mixed.is_object() && mixed["resolutionStatus"] == "MixedContentBlocked" {
            self.fault(FaultKind::MixedContent, "", None, mixed["insecureURL"].as_str());
        }
    }

    fn said(&mut self, text: &str) {
        if self.console.len() < MOST_FAULTS {
            self.console.push(text.chars().take(300).collect());
        }
    }

    fn fault(&mut self, kind: FaultKind, said: &str, place: Option<ScriptPlace>, url: Option<&str>) {
        // Those of one kind do not crowd out the others.
        if self.faults.iter().filter(|fault| fault.kind == kind).count() < MOST_FAULTS {
            let cut = |text: &str| text.chars().take(300).collect::<String>();
            self.faults.push(PageFault { kind, text: cut(said), place, url: url.map(cut) });
        }
    }
}

/// A queue as the page handed it out: lists, and a number when there were more.
pub(super) fn held(told: &Value) -> Option<Held> {
    let entries = told.as_array()?;
    Some(Held {
        commands: entries.iter().filter_map(|entry| entry.as_array().cloned()).collect(),
        cut: entries.last().is_some_and(Value::is_number),
    })
}

/// A place as the protocol tells it, lines and columns from 0.
fn place(url: &Value, line: &Value, column: &Value) -> Option<ScriptPlace> {
    let url = url.as_str().filter(|u| !u.is_empty())?.chars().take(2_000).collect();
    let from_one = |n: &Value| n.as_u64().and_then(|n| u32::try_from(n + 1).ok());
    Some(ScriptPlace { url, line: from_one(line)?, column: from_one(column).unwrap_or(1) })
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Commands that came later, by tracker, joined.
pub(super) fn later(told: &[Told]) -> BTreeMap<&str, Vec<Vec<Value>>> {
    let mut all: BTreeMap<&str, Vec<Vec<Value>>> = BTreeMap::new();
    for one in told.iter().filter(|t| t.later && t.top) {
        all.entry(&one.tracker).or_default().extend(one.queue.iter().flat_map(|queue| queue.commands.clone()));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a page told is noted again and again; how much of it is kept.
    fn kept(times: usize, method: &str, params: impl Fn(usize) -> Value, teller: &Teller) -> Seen {
        let mut seen = Seen { main_frame: "f".to_owned(), ..Seen::default() };
        for n in 0..times {
            seen.note(&Event { method: method.to_owned(), params: params(n) }, teller);
        }
        seen
    }

    #[test]
    fn so_much_of_what_a_page_tells_is_kept() {
        let teller = Teller::new();
        let script =
            |n| json!({"type": "Script", "frameId": "f", "requestId": format!("{n}"), "request": {"url": "x"}});
        let kept = |times, method, params: &dyn Fn(usize) -> Value| kept(times, method, params, &teller);
        assert_eq!(kept(4_999, "Network.requestWillBeSent", &script).scripts.len(), 4_999);
        assert_eq!(kept(6_000, "Network.requestWillBeSent", &script).scripts.len(), MOST_REQUESTS);
        let led = |n| json!({"frameId": "f", "url": format!("https://a.vn/{n}")});
        assert_eq!(kept(1_000, "Page.frameRequestedNavigation", &led).led.len(), MOST_REPORTS);
        let report = |queue: Value| {
            let payload = teller.genuine(json!({"t": "emc", "k": "ran", "top": true, "at": 1, "q": queue}));
            json!({"name": teller.name, "payload": payload})
        };
        let all = kept(300, "Runtime.bindingCalled", &|n| report(json!([["setSiteId", n]])));
        assert_eq!((all.told.len(), all.told[0].tracker.as_str()), (MOST_REPORTS, "emc"));
        let long = |length: usize| kept(1, "Runtime.bindingCalled", &|_| report(json!([["x".repeat(length)]])));
        assert_eq!((long(1 << 10).told.len(), long(LONGEST_REPORT).told.len()), (1, 0));
        let forged = |_| json!({"name": teller.name, "payload": json!({"key": "", "t": "emc", "q": []}).to_string()});
        assert_eq!(kept(3, "Runtime.bindingCalled", &forged).told.len(), 0, "without the key");
        let thrown = |_| json!({"exceptionDetails": {"text": "x".repeat(1_000)}});
        let faults = kept(150, "Runtime.exceptionThrown", &thrown).faults;
        assert_eq!((faults.len(), faults[0].text.len()), (MOST_FAULTS, 300));
        let said = |_| json!({"type": "error", "args": [{"value": "x".repeat(1_000)}]});
        let console = kept(150, "Runtime.consoleAPICalled", &said).console;
        assert_eq!((console.len(), console[0].len()), (MOST_FAULTS, 300));
    }
}
