//! A report shown to a real Chromium from a file: what it asks for, what it complains of, and what a person can do.

use std::future::Future;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use rasoat::acquire::browser::BrowserOptions;
use rasoat::acquire::browser::find::{self, Found};
use rasoat::acquire::browser::launch::Chromium;
use rasoat::acquire::browser::tab::{Screen, Tab};
use serde_json::{Value, json};

/// One browser at a time: times are measured, and the machine is small.
static ALONE: Mutex<()> = Mutex::new(());

/// How long a page may take to open, a slow machine's start included.
const OPEN: Duration = Duration::from_secs(30);

/// A report on the screen.
pub(crate) struct Shown {
    pub(crate) tab: Tab,
    address: String,
    complaints: Arc<Mutex<Vec<String>>>,
    loads: Arc<AtomicUsize>,
    asked: Arc<Mutex<Vec<String>>>,
}

/// Shows a report and does something with it; afterwards nothing may have been asked for or complained of.
pub(crate) fn show<T: Future<Output = Shown>>(html: &str, act: impl FnOnce(Shown) -> T) {
    let _alone = ALONE.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let Found::Program(program) = find::find(None) else { panic!("these tests need a Chromium") };
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("báo cáo.html");
    std::fs::write(&file, html).unwrap();
    let address = url::Url::from_file_path(&file).unwrap().to_string();
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let chromium = Chromium::launch(&BrowserOptions::of(program, !find::is_superuser()), "").await.unwrap();
        let (way_out, asked) = way_out().await;
        let (tab, mut events) = Tab::open(&chromium, way_out).await.unwrap();
        for domain in ["Runtime.enable", "Log.enable", "Network.enable"] {
            tab.session.call(domain, json!({})).await.unwrap();
        }
        let complaints = Arc::new(Mutex::new(Vec::new()));
        let loads = Arc::new(AtomicUsize::new(0));
        let (said, loaded, own) = (complaints.clone(), loads.clone(), address.clone());
        tokio::spawn(async move {
            while let Some(event) = events.recv().await {
                let p = &event.params;
                let bad = match event.method.as_str() {
                    "Page.loadEventFired" => {
                        loaded.fetch_add(1, Ordering::SeqCst);
                        false
                    }
                    "Runtime.consoleAPICalled" | "Runtime.exceptionThrown" | "Page.javascriptDialogOpening" => true,
                    "Log.entryAdded" => p["entry"]["level"] == "error" || p["entry"]["source"] == "security",
                    "Network.requestWillBeSent" => {
                        let url = p["request"]["url"].as_str().unwrap_or_default();
                        !url.starts_with(&own) && !url.starts_with("data:")
                    }
                    _ => false,
                };
                if bad {
                    said.lock().unwrap().push(format!("{} {p}", event.method));
                }
            }
        });
        let shown = Shown { tab, address, complaints, loads, asked };
        let shown = act(shown).await;
        let complaints = shown.complaints.lock().unwrap().clone();
        assert!(complaints.is_empty(), "{complaints:?}");
        assert_eq!(*shown.asked.lock().unwrap(), [""; 0], "connections were made");
        shown.tab.close().await;
        chromium.end().await;
    });
}

/// A place where every connection ends, and what they began with; those of the browser itself, for its start page, are left out.
async fn way_out() -> (SocketAddr, Arc<Mutex<Vec<String>>>) {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let asked = Arc::new(Mutex::new(Vec::new()));
    let count = asked.clone();
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut begin = [0; 100];
            let read = tokio::io::AsyncReadExt::read(&mut stream, &mut begin).await.unwrap_or(0);
            let said = String::from_utf8_lossy(&begin[..read]).into_owned();
            let host = said.split(' ').nth(1).unwrap_or_default();
            // A line that is opened ahead and never used says nothing.
            if read > 0 && !["google.com:443", "googleapis.com:443"].iter().any(|own| host.ends_with(own)) {
                count.lock().unwrap().push(said);
            }
        }
    });
    (address, asked)
}

impl Shown {
    /// Opens the report at a place, and how long it took until it was ready.
    pub(crate) async fn open(&self, hash: &str) -> Duration {
        // The same address with another hash would not load it again.
        self.tab.session.call("Page.navigate", json!({ "url": "about:blank" })).await.unwrap();
        tokio::time::sleep(Duration::from_millis(200)).await;
        let before = self.loads.load(Ordering::SeqCst);
        let begun = Instant::now();
        let url = format!("{}{hash}", self.address);
        self.tab.session.call("Page.navigate", json!({ "url": url })).await.unwrap();
        while self.loads.load(Ordering::SeqCst) == before {
            assert!(begun.elapsed() < OPEN, "the report does not open");
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        begun.elapsed()
    }

    pub(crate) async fn screen(&self, width: u32, height: u32) {
        self.tab.show_on(Screen { width, height, mobile: width < 500 }).await.unwrap();
    }

    pub(crate) async fn media(&self, media: &str, dark: bool) {
        let scheme = if dark { "dark" } else { "light" };
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        self.tab
            .session
            .call("Emulation.setEmulatedMedia", json!({ "media": media, "features": features }))
            .await
            .unwrap();
    }

    /// The value of an expression.
    pub(crate) async fn value(&self, expression: &str) -> Value {
        self.tab.session.evaluate(expression).await.unwrap_or_else(|why| panic!("{expression}: {why:?}"))
    }

    /// A text that a person can read: what the style hides is not in it.
    pub(crate) async fn text(&self, selector: &str) -> String {
        // What is not near the screen is not laid out.
        self.value(&format!("document.querySelector({selector:?}).scrollIntoView()")).await;
        tokio::time::sleep(Duration::from_millis(200)).await;
        let text = self.value(&format!("document.querySelector({selector:?}).innerText")).await;
        text.as_str().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(" ")
    }

    /// Ids of the sites in the list.
    pub(crate) async fn listed(&self) -> Vec<String> {
        let ids = self.value("[...document.querySelectorAll('#list > details')].map(d => d.id.slice(5))").await;
        ids.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
    }

    /// Chooses an option.
    pub(crate) async fn choose(&self, control: &str, value: &str) {
        self.value(&format!(
            "(() => {{ const c = document.getElementById({control:?}); c.value = {value:?}; \
             c.dispatchEvent(new Event('change', {{ bubbles: true }})); }})()"
        ))
        .await;
    }

    /// Types into the search field, whatever was in it, and waits for the list.
    pub(crate) async fn search(&self, text: &str) {
        self.value("(() => { const s = document.getElementById('search'); s.focus(); s.select(); })()").await;
        let session = &self.tab.session;
        if text.is_empty() {
            self.key("Delete", 46).await;
        } else {
            session.call("Input.insertText", json!({ "text": text })).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(400)).await;
    }

    /// Presses a key.
    pub(crate) async fn key(&self, key: &str, code: u32) {
        for kind in ["rawKeyDown", "keyUp"] {
            let params = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code });
            self.tab.session.call("Input.dispatchKeyEvent", params).await.unwrap();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }

    /// A picture of the whole page, for people to look at, in the folder of the tests.
    pub(crate) async fn picture(&self, name: &str) {
        let params = json!({ "format": "png", "captureBeyondViewport": true });
        let answer = self.tab.session.call_within("Page.captureScreenshot", params, OPEN).await.unwrap();
        self.keep(name, &answer).await;
    }

    /// The page as a PDF, in the folder of the tests.
    pub(crate) async fn pdf(&self, name: &str) -> PathBuf {
        let params = json!({ "printBackground": false, "preferCSSPageSize": true });
        let answer = self.tab.session.call_within("Page.printToPDF", params, Duration::from_secs(120)).await.unwrap();
        self.keep(name, &answer).await
    }

    async fn keep(&self, name: &str, answer: &Value) -> PathBuf {
        use base64::Engine;
        let bytes = base64::engine::general_purpose::STANDARD.decode(answer["data"].as_str().unwrap()).unwrap();
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("html");
        std::fs::create_dir_all(&folder).unwrap();
        let path = folder.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}
