//! One browser for a run: started with the first site that needs it, shared by a few pages at a time, started again
//! when it breaks. Whatever a page does to it costs that page alone.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use serde_json::json;
use tokio::sync::{Mutex, RwLock, Semaphore};

use super::intercept::{Answers, Identity};
use super::launch::{self, Chromium};
use super::pipe::Broken;
use super::visit::{self, Failed};
use super::{BrowserOptions, measured, tab};
use crate::policy::Tracker;
use crate::site::Site;
use crate::snapshot::{BrowserFacts, Gap, Page, Rendered};

/// How often a site is shown to a browser that breaks meanwhile; from the second time on alone.
const TRIES: usize = 2;

/// What is asked of a browser about one site.
#[derive(Debug)]
pub struct Ask<'a> {
    /// The site.
    pub site: &'a Site,
    /// Its home page as its bytes tell it.
    pub page: &'a Page,
    /// Who answers the page's requests.
    pub answers: Answers,
    /// Trackers by name.
    pub trackers: &'a BTreeMap<String, Tracker>,
    /// Selectors whose matches are wanted.
    pub selectors: &'a [String],
    /// Sites that its links may lead to, and whether they should, as [`super::look::Sought`] has them.
    pub sites: BTreeMap<String, bool>,
    /// The home page as a person meets it.
    pub rendered: bool,
    /// How long it takes.
    pub load: bool,
    /// Tags of accessibility rules; empty for none.
    pub access: Vec<String>,
    /// How the run names itself to servers.
    pub user_agent: &'a str,
    /// How long one answer may take.
    pub patience: Duration,
}

/// The browser of a run.
#[derive(Debug)]
pub struct Browser {
    pub(super) options: Arc<BrowserOptions>,
    pub(super) identity: Arc<Identity>,
    running: Arc<Mutex<Option<Arc<Chromium>>>>,
    tabs: Semaphore,
    /// What it said when it did not start.
    trouble: Arc<std::sync::Mutex<Option<String>>>,
    /// Whoever measures time, or broke the browser before, has it for itself.
    alone: RwLock<()>,
}

impl Browser {
    /// One that was not started yet.
    ///
    /// # Errors
    /// When no key could be made for it.
    pub fn new(options: Arc<BrowserOptions>) -> Result<Self, String> {
        let identity = Arc::new(Identity::new()?);
        let tabs = Semaphore::new(options.tabs.max(1));
        // Also when nothing is left to be shown: a run that goes on may have been killed with its last page.
        launch::sweep(&std::env::temp_dir());
        Ok(Self { options, identity, running: Arc::default(), tabs, trouble: Arc::default(), alone: RwLock::default() })
    }

    /// Pages shown at a time.
    #[must_use]
    pub fn tabs(&self) -> usize {
        self.options.tabs.max(1)
    }

    /// Shows a site's home page and tells what was seen; what could not be seen is a gap.
    pub async fn show(&self, ask: &Ask<'_>) -> BrowserFacts {
        let mut facts = BrowserFacts {
            product: String::new(),
            sandboxed: self.options.sandbox,
            trouble: None,
            rendered: None,
            load: None,
            accessibility: None,
        };
        if ask.rendered {
            facts.rendered = Some(self.rendered(ask, &mut facts.product).await.map(Box::new));
        }
        if !ask.access.is_empty() {
            let _tab = self.tabs.acquire().await;
            let _shared = self.alone.read().await;
            facts.accessibility = Some(match self.chromium().await {
                Some(chromium) => {
                    facts.product.clone_from(&chromium.product);
                    let checked = measured::accessibility(self, &chromium, ask);
                    self.in_time(checked, &chromium).await
                }
                None => Err(Gap::BrowserFailed),
            });
        }
        if ask.load {
            // Whatever else the browser did would be measured too.
            let _alone = self.alone.write().await;
            facts.load = Some(match self.chromium().await {
                Some(chromium) => {
                    facts.product.clone_from(&chromium.product);
                    measured::load(self, &chromium, ask).await
                }
                None => Err(Gap::BrowserFailed),
            });
        }
        if facts.product.is_empty() {
            facts.trouble = self.trouble.lock().ok().and_then(|trouble| trouble.clone());
        }
        facts
    }

    async fn in_time<T>(&self, work: impl Future<Output = Result<T, Gap>>, chromium: &Arc<Chromium>) -> Result<T, Gap> {
        let done = tokio::time::timeout(self.options.timeout, work).await.unwrap_or(Err(Gap::BrowserFailed));
        if matches!(done, Err(Gap::BrowserFailed)) {
            self.check(chromium).await;
        }
        done
    }

    async fn rendered(&self, ask: &Ask<'_>, product: &mut String) -> Result<Rendered, Gap> {
        let mut last = Gap::BrowserFailed;
        for n in 0..TRIES {
            let _tab = self.tabs.acquire().await;
            let (_shared, _alone) = match n {
                0 => (Some(self.alone.read().await), None),
                _ => (None, Some(self.alone.write().await)),
            };
            let Some(chromium) = self.chromium().await else { continue };
            product.clone_from(&chromium.product);
            let seen = tokio::time::timeout(self.options.timeout, visit::rendered(self, &chromium, ask)).await;
            match seen {
                Ok(Ok(rendered)) => return Ok(rendered),
                Ok(Err(Failed::Page(gap))) => return Err(gap),
                // A page that keeps its own process busy for ever is not the browser's trouble.
                Err(_) | Ok(Err(Failed::Browser(Broken::Late))) => {
                    self.check(&chromium).await;
                    return Err(Gap::BrowserFailed);
                }
                Ok(Err(Failed::Browser(_))) => {
                    self.check(&chromium).await;
                    last = Gap::BrowserFailed;
                }
            }
        }
        Err(last)
    }

    /// The running browser, started if there is none. A start that nobody waits for any more is brought to its end
    /// all the same, so that there is somebody to be ended.
    async fn chromium(&self) -> Option<Arc<Chromium>> {
        let (running, options, identity) = (self.running.clone(), self.options.clone(), self.identity.clone());
        let trouble = self.trouble.clone();
        let started = tokio::spawn(async move {
            let mut running = running.lock().await;
            if let Some(chromium) = running.as_ref().filter(|c| !c.pipe.is_ended()) {
                return Some(chromium.clone());
            }
            if let Some(dead) = running.take() {
                dead.kill().await;
            }
            let launched = Chromium::launch(&options, &identity.spki).await;
            if let (Err(why), Ok(mut trouble)) = (&launched, trouble.lock()) {
                trouble.get_or_insert_with(|| why.clone());
            }
            let chromium = Arc::new(launched.ok()?);
            refuse_popups(&chromium).await;
            *running = Some(chromium.clone());
            Some(chromium)
        });
        started.await.ok().flatten()
    }

    /// Ends a browser that does not answer any more, so that the next page gets a new one.
    async fn check(&self, chromium: &Arc<Chromium>) {
        let answers = chromium.pipe.call("Browser.getVersion", json!({}), tab::COMMAND / 3).await.is_ok();
        let mut running = self.running.lock().await;
        if !answers && running.as_ref().is_some_and(|r| Arc::ptr_eq(r, chromium)) {
            *running = None;
            chromium.kill().await;
        }
    }

    /// Ends the browser and removes what it left.
    pub async fn end(&self) {
        if let Some(chromium) = self.running.lock().await.take() {
            chromium.end().await;
        }
    }
}

/// Windows that pages open are closed; where they lead is seen on their way out.
async fn refuse_popups(chromium: &Chromium) {
    let Ok(mut events) = chromium.pipe.events("") else { return };
    let pipe = chromium.pipe.clone();
    tokio::spawn(async move {
        while let Some(event) = events.recv().await {
            let target = &event.params["targetInfo"];
            if event.method == "Target.targetCreated" && target["type"] == "page" && target["openerId"].is_string() {
                let close = json!({ "targetId": target["targetId"] });
                let pipe = pipe.clone();
                tokio::spawn(async move {
                    // Its first request is under way by then.
                    tokio::time::sleep(Duration::from_millis(300)).await;
                    let _ = pipe.call("Target.closeTarget", close, tab::COMMAND).await;
                });
            }
        }
    });
    let _ = chromium.pipe.call("Target.setDiscoverTargets", json!({ "discover": true }), tab::COMMAND).await;
}
