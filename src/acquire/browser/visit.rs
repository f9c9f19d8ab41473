//! One visit of a home page: opens it, waits until it has settled, tries what a missing snippet may be waiting for,
//! and puts together what was seen. Never judges.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde_json::json;
use url::Url;

use super::intercept::{Intercept, Rules, TrackerRule, Traffic};
use super::launch::Chromium;
use super::look::{self, LabelSought, Looked, Sought};
use super::pipe::{Broken, WORLD};
use super::snippet::Teller;
use super::tab::{DESKTOP, Tab};
use super::watch::{self, Watch};
use super::{Ask, Browser, pictures, prompt};
use crate::acquire::browser::intercept::Answers;
use crate::policy::Tracker;
use crate::snapshot::{
    After, Blocked, FaultKind, Gap, LibraryFrom, LibraryRequest, PageFault, Rendered, Sent, TrackerRun,
};

/// How often the state of a page is looked at while it settles.
const BEAT: Duration = Duration::from_millis(40);
/// What a page may take after each thing that was tried.
const REACTION: Duration = Duration::from_millis(700);

/// Documents that a home page may send its visitor on to, one after the other.
const MOST_DOCUMENTS: usize = 6;

/// A document that is younger than this when the wait is over will hardly be the last.
const JUST_NOW: Duration = Duration::from_secs(1);

/// Why there is no rendered page.
#[derive(Debug)]
pub(super) enum Failed {
    /// The page could not be had, or the browser cannot show it.
    Page(Gap),
    /// The browser itself, or the page's process, is gone.
    Browser(Broken),
}

impl From<Broken> for Failed {
    fn from(broken: Broken) -> Self {
        Self::Browser(broken)
    }
}

/// A page that is being visited.
pub(super) struct Visit<'a> {
    browser: &'a Browser,
    ask: &'a Ask<'a>,
    tab: &'a Tab,
    watch: Watch,
    way_out: &'a Intercept,
    library: LibraryFrom,
    exact: &'a BTreeSet<String>,
    begun: Instant,
}

/// Shows a home page in a context of its own and puts together what was seen.
pub(super) async fn rendered(browser: &Browser, chromium: &Chromium, ask: &Ask<'_>) -> Result<Rendered, Failed> {
    let library = browser.options.library.unwrap_or(match ask.answers {
        Answers::Web(_) => LibraryFrom::Live,
        Answers::Folder(..) => LibraryFrom::StandIn,
    });
    let mut exact = BTreeSet::new();
    loop {
        let shown = shown(browser, chromium, ask, library, &exact).await?;
        let changed = shown.trackers.iter().filter(|(_, run)| {
            library == LibraryFrom::Live && run.library.as_ref().is_some_and(|l| l.blocked == Some(Blocked::Integrity))
        });
        let before = exact.len();
        exact.extend(changed.map(|(name, _)| name.clone()));
        // It may have been the line before the library that did not fit.
        if exact.len() == before {
            return Ok(shown);
        }
    }
}

/// The libraries named in `exact` come just as their servers send them.
async fn shown(
    browser: &Browser,
    chromium: &Chromium,
    ask: &Ask<'_>,
    library: LibraryFrom,
    exact: &BTreeSet<String>,
) -> Result<Rendered, Failed> {
    let teller = Teller::new();
    let mut rules = rules(browser, ask, library, &teller);
    for (_, rule) in rules.trackers.iter_mut().filter(|(name, _)| exact.contains(*name)) {
        rule.before.clear();
    }
    let way_out = Intercept::begin(&browser.identity, ask.answers.clone(), rules);
    let way_out = way_out.map_err(|_| Failed::Page(Gap::BrowserFailed))?;
    let (tab, events) = Tab::open(chromium, way_out.address).await?;
    let watch = Watch::over(&tab.session, events, &teller);
    let visit = Visit { browser, ask, tab: &tab, watch, way_out: &way_out, library, exact, begun: Instant::now() };
    let shown = visit.make(chromium, &teller).await;
    tab.close().await;
    shown
}

/// What is done with the requests of a visit.
pub(super) fn rules(browser: &Browser, ask: &Ask<'_>, library: LibraryFrom, teller: &Teller) -> Rules {
    let mut trackers = BTreeMap::new();
    for (name, tracker) in ask.trackers {
        let (Ok(at), Ok(collector)) = (Url::parse(&tracker.library), Url::parse(&tracker.collector)) else { continue };
        let stand_in = (library == LibraryFrom::StandIn).then(|| teller.stand_in(name, tracker));
        let before = teller.before(name, tracker);
        trackers.insert(name.clone(), TrackerRule { library: at, collector, stand_in, before });
    }
    Rules { trackers, send: browser.options.send, bare: browser.options.screenshots.is_none(), ..Rules::default() }
}

impl Visit<'_> {
    async fn make(mut self, chromium: &Chromium, teller: &Teller) -> Result<Rendered, Failed> {
        let session = &self.tab.session;
        let name = json!({ "userAgent": self.user_agent(chromium), "acceptLanguage": "vi,en;q=0.8" });
        let early = json!({ "source": look::early(&self.sought()), "worldName": WORLD });
        tokio::try_join!(
            self.tab.show_on(DESKTOP),
            session.call("Runtime.addBinding", json!({ "name": teller.name })),
            session.call("Page.addScriptToEvaluateOnNewDocument", json!({ "source": teller.early() })),
            session.call("Emulation.setUserAgentOverride", name),
            session.call("Emulation.setFocusEmulationEnabled", json!({ "enabled": true })),
            session.call("Page.addScriptToEvaluateOnNewDocument", early),
        )?;
        self.begun = Instant::now();
        self.open().await?;
        let (mut rendered, loaded_ms) = self.settled(teller).await?;
        let mut screenshots = pictures::screens(&self.browser.options, self.ask.site, self.tab).await;
        self.way_out.hold_navigations(true);
        let already = self.state(|seen| seen.led.len())?;
        let led = || self.watch.look(|seen| seen.led[already.min(seen.led.len())..].to_vec()).unwrap_or_default();
        let held = || leads(led(), self.way_out.traffic().held);
        let world = self.world().await?;
        let links_come = self.links_come(rendered.waited_ms);
        let mut looked = look::look(self.tab, world, &Sought { links_come, ..self.sought() }, &held).await?;
        pictures::labels(&self.browser.options, self.ask.site, self.tab, &mut looked.labels, &mut screenshots).await;
        let mut late = BTreeMap::new();
        self.waited_for(loaded_ms, &mut late).await?;
        self.add_late(&mut rendered, late)?;
        for name in self.exact {
            let label = looked.labels.get(name).is_some_and(|sights| !sights.injected.is_empty() || sights.removed);
            if let Some(run) = rendered.trackers.get_mut(name) {
                as_it_is(run, label);
            }
        }
        let Looked { labels, links, elements } = looked;
        (rendered.labels, rendered.links, rendered.elements) = (labels, links, elements);
        rendered.screenshots = screenshots;
        Ok(rendered)
    }

    /// What the page did by itself, once it stays what it is.
    async fn settled(&self, teller: &Teller) -> Result<(Rendered, Option<u64>), Failed> {
        for _ in 0..MOST_DOCUMENTS {
            let loaded_ms = self.load().await?;
            let documents = self.state(|seen| seen.documents)?;
            let waited_ms = self.settle().await?;
            self.stay()?;
            let after = self.prompted().await?;
            self.stay()?;
            let mut queues = BTreeMap::new();
            for (name, tracker) in self.ask.trackers {
                queues.insert(name, self.held_now(teller, tracker).await?);
            }
            // Looking clicks what a person could click; what the page did by itself is noted before.
            let rendered = self.ran(&queues, after, (loaded_ms, waited_ms))?;
            // Of a page that went on meanwhile a part was seen of each document.
            if self.state(|seen| seen.documents == documents)? {
                return Ok((rendered, loaded_ms));
            }
        }
        Err(Failed::Page(Gap::RedirectLoop))
    }

    /// What only time brought.
    fn add_late(&self, rendered: &mut Rendered, late: BTreeMap<String, After>) -> Result<(), Failed> {
        let traffic = self.way_out.traffic();
        for (name, after) in late {
            let Some(tracker) = self.ask.trackers.get(&name) else { continue };
            let run = self.state(|seen| self.tracker(&name, tracker, seen, &traffic, None))?;
            rendered.trackers.insert(name, TrackerRun { after: Some(after), ..run });
        }
        Ok(())
    }

    /// The document's address, when it is the site's own.
    fn arrived(&self) -> Result<Url, Failed> {
        let address = self.state(|seen| seen.address.clone())?;
        let address = address.filter(|at| matches!(at.scheme(), "http" | "https"));
        let address = address.ok_or(Failed::Page(Gap::BrowserFailed))?;
        let own = match &self.ask.answers {
            Answers::Web(visitor) => visitor.is_page_of_own(&address),
            Answers::Folder(folder, _) => folder.owns(&address),
        };
        if !own {
            return Err(Failed::Page(Gap::RedirectOffSite));
        }
        // A page may send its visitor on to one that is not there.
        match self.state(|seen| seen.status.and_then(Gap::of_status))? {
            Some(gap) => Err(Failed::Page(gap)),
            None => Ok(address),
        }
    }

    /// What the queue holds in the end; nothing where the page keeps it from being looked at.
    async fn held_now(&self, teller: &Teller, tracker: &Tracker) -> Result<Option<watch::Held>, Failed> {
        match self.tab.session.evaluate(&teller.held_now(tracker)).await {
            Ok(told) => Ok(told.as_str().and_then(|t| serde_json::from_str(t).ok()).as_ref().and_then(watch::held)),
            Err(Broken::Refused(_)) => Ok(None),
            Err(broken) => Err(broken.into()),
        }
    }

    fn user_agent(&self, chromium: &Chromium) -> String {
        let own = crate::acquire::fetch::NetOptions::default().user_agent;
        if self.ask.user_agent == own {
            // Pages serve browsers by their name; whoever reads the log still learns who came.
            format!("{} {own}", chromium.user_agent.replace("HeadlessChrome", "Chrome"))
        } else {
            self.ask.user_agent.to_owned()
        }
    }

    fn sought(&self) -> Sought {
        let labelled = self.ask.trackers.iter().filter_map(|(name, tracker)| Some((name, tracker.label.as_ref()?)));
        let labels = labelled.map(|(name, label)| {
            (name.clone(), LabelSought { selectors: label.selectors.clone(), texts: label.texts.clone() })
        });
        Sought {
            labels: labels.collect(),
            selectors: self.ask.selectors.to_vec(),
            sites: self.ask.sites.clone(),
            links: true,
            ..Sought::default()
        }
    }

    /// How long a link that is missing is waited for: what is left of the time that a page is given after load.
    fn links_come(&self, waited_ms: u64) -> Duration {
        match self.may_change() {
            true => self.browser.options.wait.saturating_sub(Duration::from_millis(waited_ms)),
            false => Duration::ZERO,
        }
    }

    /// Sends the page there; comes back once an answer has begun.
    async fn open(&self) -> Result<(), Failed> {
        let address = self.ask.page.address.as_str();
        let patience = self.ask.patience * 2;
        let session = &self.tab.session;
        let sent = tokio::select! {
            sent = session.call_within("Page.navigate", json!({ "url": address }), patience) => sent,
            // Of a page that stops its own loading there may never be an answer.
            there = self.is_there() => there.map(|()| serde_json::Value::Null).map_err(|_| Broken::Gone),
        };
        match (self.way_out.traffic().document, sent) {
            (Some(Err(gap)), _) => Err(Failed::Page(gap)),
            (_, Err(Broken::Late)) => Err(Failed::Page(Gap::Timeout)),
            (_, Err(broken)) => Err(broken.into()),
            (_, Ok(answer)) if answer["errorText"].is_string() => Err(Failed::Page(Gap::BrowserFailed)),
            (_, Ok(_)) => Ok(()),
        }
    }

    /// Comes back once there is a document.
    async fn is_there(&self) -> Result<(), Failed> {
        loop {
            let web = |url: &Url| matches!(url.scheme(), "http" | "https");
            if self.state(|seen| seen.address.as_ref().is_some_and(web))? {
                return Ok(());
            }
            self.watch.news_within(BEAT).await;
        }
    }

    /// A page that sent its visitor on to somebody else's, or to no page at all, has nothing more to show.
    fn stay(&self) -> Result<(), Failed> {
        self.arrived()?;
        let on_the_way = |seen: &watch::Seen| seen.documents > 2 && (seen.loaded.is_none() || is_new(seen));
        if self.state(|seen| seen.documents > MOST_DOCUMENTS || on_the_way(seen))? {
            Err(Failed::Page(Gap::RedirectLoop))
        } else {
            Ok(())
        }
    }

    /// Waits for the load event; a page that never ends loading is looked at as it is.
    async fn load(&self) -> Result<Option<u64>, Failed> {
        let until = self.begun + self.ask.patience;
        loop {
            if let Some(at) = self.state(|seen| seen.loaded)? {
                return Ok(Some(millis(at.duration_since(self.begun))));
            }
            // A page may stop its own loading; then there is no load event.
            let stopped = self.state(|seen| seen.stopped.is_some_and(|at| at.elapsed() > JUST_NOW))?;
            if stopped || Instant::now() >= until {
                return Ok(None);
            }
            self.watch.news_within(BEAT).await;
        }
    }

    fn state<T>(&self, at: impl FnOnce(&watch::Seen) -> T) -> Result<T, Failed> {
        match self.watch.look(|seen| (seen.crashed, at(seen))) {
            Some((false, state)) => Ok(state),
            _ => Err(Failed::Browser(Broken::Gone)),
        }
    }

    /// Waits until everything that is looked for was seen and the page is quiet, or until it is late; milliseconds
    /// after load.
    async fn settle(&self) -> Result<u64, Failed> {
        let from = Instant::now();
        let options = &self.browser.options;
        // A script that names the label may change it a little later.
        let touched = self.ask.page.labels.values().any(|label| !label.scripted.is_empty());
        loop {
            let waited = from.elapsed();
            let quiet = is_quiet(&self.way_out.traffic(), options.quiet);
            // Of several documents in a row the last has to stay for a while.
            let stays = self.state(|seen| seen.documents <= 2 || !is_new(seen))?;
            let early = waited >= options.quiet
                && quiet
                && stays
                && (!self.may_change() || !touched && self.is_complete().await?);
            if early || waited >= options.wait {
                return Ok(millis(waited));
            }
            tokio::time::sleep(BEAT).await;
        }
    }

    /// Whether anything runs on the page that could still add or take away something.
    fn may_change(&self) -> bool {
        let page = self.ask.page;
        page.scripts.iter().any(crate::snapshot::Script::may_run) || !page.handlers.is_empty()
    }

    /// Whether each tracker's library ran, its label is there, and where the library is real, its request was seen.
    async fn is_complete(&self) -> Result<bool, Failed> {
        let traffic = self.way_out.traffic();
        for (name, tracker) in self.ask.trackers {
            let ran = self.state(|seen| seen.told.iter().any(|t| t.top && !t.later && t.tracker == *name))?;
            let sent = self.library == LibraryFrom::StandIn || traffic.sent.iter().any(|s| s.tracker == *name);
            if !ran || !sent || !self.has_label(tracker).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn has_label(&self, tracker: &Tracker) -> Result<bool, Failed> {
        let Some(label) = &tracker.label else { return Ok(true) };
        let there = format!("{}.some(s=>document.querySelector(s))", json!(label.selectors));
        match self.tab.session.evaluate_in(&there, Some(self.world().await?)).await {
            Ok(there) => Ok(there == true),
            // The document went away meanwhile.
            Err(Broken::Refused(_)) => Ok(false),
            Err(broken) => Err(broken.into()),
        }
    }

    /// What made a page ask for a library that it did not ask for by itself, by tracker.
    async fn prompted(&self) -> Result<BTreeMap<String, After>, Failed> {
        let mut after = BTreeMap::new();
        let mut missing = self.unasked()?;
        if missing.is_empty() || !self.may_change() {
            return Ok(after);
        }
        self.way_out.hold_navigations(true);
        let mut found = |missing: &mut Vec<String>, still: Vec<String>, why: &After| {
            for name in missing.iter().filter(|name| !still.contains(name)) {
                after.insert(name.clone(), why.clone());
            }
            *missing = still;
        };
        prompt::interact(&self.tab.session).await?;
        tokio::time::sleep(REACTION).await;
        found(&mut missing, self.unasked()?, &After::Interaction);
        if !missing.is_empty() {
            let world = self.world().await?;
            for n in 0..prompt::MOST_AGREED {
                let Some(clicked) = prompt::agree(&self.tab.session, world, n).await? else { break };
                tokio::time::sleep(REACTION).await;
                found(&mut missing, self.unasked()?, &After::Consent(clicked));
                if missing.is_empty() {
                    break;
                }
            }
        }
        self.way_out.hold_navigations(false);
        Ok(after)
    }

    /// Lets time pass for trackers whose library is still not asked for. Last of all: a page's clocks are not what they
    /// were afterwards.
    async fn waited_for(&self, loaded_ms: Option<u64>, after: &mut BTreeMap<String, After>) -> Result<(), Failed> {
        let missing = self.unasked()?;
        if missing.is_empty() || !self.may_change() {
            return Ok(());
        }
        prompt::pass_time(&self.tab.session).await?;
        let from = loaded_ms.unwrap_or_default();
        let still = self.unasked()?;
        for name in missing.into_iter().filter(|name| !still.contains(name)) {
            let ran = |seen: &watch::Seen| seen.told.iter().find(|t| t.tracker == name).map_or(0, |t| t.at_ms);
            let ms = self.state(ran)?.saturating_sub(from);
            after.entry(name).or_insert(After::Delay(ms));
        }
        Ok(())
    }

    /// Trackers whose library the page did not ask for.
    fn unasked(&self) -> Result<Vec<String>, Failed> {
        self.state(|seen| {
            let asked = |name: &str, tracker: &Tracker| asked_for(seen, name, tracker).next().is_some();
            let missing = self.ask.trackers.iter().filter(|(name, tracker)| !asked(name, tracker));
            missing.map(|(name, _)| name.clone()).collect()
        })
    }

    /// The world that the page's scripts cannot touch, made before they ran.
    async fn world(&self) -> Result<u64, Failed> {
        Ok(self.tab.session.own_world().await?)
    }

    /// What the page did by itself; what a person sees of it is still missing.
    fn ran(
        &self,
        queues: &BTreeMap<&String, Option<watch::Held>>,
        after: BTreeMap<String, After>,
        (loaded_ms, waited_ms): (Option<u64>, u64),
    ) -> Result<Rendered, Failed> {
        let address = self.arrived()?;
        let traffic = self.way_out.traffic();
        let mut trackers = BTreeMap::new();
        for (name, tracker) in self.ask.trackers {
            let end = queues.get(name).cloned().flatten();
            let mut run = self.state(|seen| self.tracker(name, tracker, seen, &traffic, end))?;
            run.after = after.get(name).cloned();
            trackers.insert(name.clone(), run);
        }
        let mut faults = self.state(|seen| seen.faults.clone())?;
        let failed = traffic.failed_scripts.iter().map(|(url, outcome)| PageFault {
            kind: match outcome {
                Ok(status) => FaultKind::ScriptStatus(*status),
                Err(gap) => FaultKind::ScriptGap(*gap),
            },
            text: String::new(),
            place: None,
            url: Some(url.chars().take(300).collect()),
        });
        faults.extend(failed.take(crate::snapshot::MOST_FAULTS));
        Ok(Rendered {
            address,
            loaded_ms,
            waited_ms,
            library: self.library,
            trackers,
            labels: BTreeMap::new(),
            links: Vec::new(),
            elements: BTreeMap::new(),
            faults,
            console: self.state(|seen| seen.console.clone())?,
            screenshots: Vec::new(),
        })
    }

    fn tracker(
        &self,
        name: &str,
        tracker: &Tracker,
        seen: &watch::Seen,
        traffic: &Traffic,
        end: Option<watch::Held>,
    ) -> TrackerRun {
        let mut asked = asked_for(seen, name, tracker);
        // One that was let through says more than one that was not.
        let asked = asked.clone().find(|s| s.blocked.is_none()).or_else(|| asked.next());
        let answers = traffic.libraries.iter().filter(|l| l.tracker == name && Some(l.at) >= seen.since);
        // One that moved is where it moved to.
        let gone = answers.filter_map(|l| l.answer).next_back();
        let library = asked.map(|asked| LibraryRequest {
            url: asked.url.chars().take(300).collect(),
            status: asked.status.or_else(|| gone.and_then(Result::ok)),
            gap: gone.and_then(Result::err),
            blocked: asked.blocked,
            at_ms: millis(asked.at.saturating_duration_since(self.begun)),
            by: asked.by.clone(),
        });
        let mine = || seen.told.iter().filter(|t| t.tracker == name && !t.later);
        let ran = mine().find(|t| t.top);
        let held = ran.map_or(end, |told| told.queue.clone());
        let sent = traffic.sent.iter().filter(|s| s.tracker == name).map(|s| {
            let at_ms = millis(s.at.saturating_duration_since(self.begun));
            Sent { at_ms, ..s.sent.clone() }
        });
        TrackerRun {
            only_in_frame: ran.is_none() && library.is_none() && (mine().next().is_some() || gone.is_some()),
            library,
            cut: held.as_ref().is_some_and(|held| held.cut),
            queue: held.map(|held| held.commands),
            ran: ran.is_some(),
            later: watch::later(&seen.told).remove(name).unwrap_or_default(),
            sent: sent.collect(),
            after: None,
        }
    }
}

/// Requests for a tracker's library, to run it: what is only fetched ahead counts once it ran.
fn asked_for<'a>(
    seen: &'a watch::Seen,
    name: &str,
    tracker: &'a Tracker,
) -> impl Iterator<Item = &'a watch::Asked> + Clone {
    let ran = seen.told.iter().any(|t| t.top && t.tracker == name);
    seen.scripts.iter().filter(move |s| (ran || !s.ahead) && is_library(&s.url, &tracker.library))
}

/// A library that nothing was put before does not tell that it ran: what it did shows it, and the queue is what it left.
fn as_it_is(run: &mut TrackerRun, label: bool) {
    let did = label || !run.sent.is_empty();
    run.ran = did && run.queue.as_ref().is_some_and(|queue| !queue.is_empty());
    if let Some(library) = run.library.as_mut().filter(|l| did && !run.ran && l.blocked.is_none()) {
        library.blocked = Some(Blocked::Other);
    }
}

/// Where a page set out for, as its browser told; of what only the way out saw, the rest. A navigation is seen by both,
/// and by the way out later.
fn leads(mut led: Vec<Url>, held: Vec<Url>) -> Vec<Url> {
    let mut told = led.clone();
    for url in held {
        match told.iter().position(|known| *known == url) {
            Some(at) => _ = told.swap_remove(at),
            None => led.push(url),
        }
    }
    led
}

/// Whether a script is a tracker's library, by whatever scheme.
fn is_library(url: &str, library: &str) -> bool {
    let (Ok(url), Ok(library)) = (Url::parse(url), Url::parse(library)) else { return false };
    url.host_str() == library.host_str() && url.path() == library.path()
}

/// Whether nothing was asked for or answered for a while.
pub(super) fn is_quiet(traffic: &Traffic, quiet: Duration) -> bool {
    traffic.pending == 0 && traffic.last.is_none_or(|last| last.elapsed() >= quiet)
}

fn millis(duration: Duration) -> u64 {
    u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
}

/// Whether the document has only just come.
fn is_new(seen: &watch::Seen) -> bool {
    seen.arrived.is_some_and(|at| at.elapsed() < JUST_NOW)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::acquire::browser::QUIET;

    #[test]
    fn a_page_is_quiet_when_nothing_was_asked_for_so_long() {
        let quiet = |pending, ms| {
            let last = Instant::now().checked_sub(Duration::from_millis(ms));
            is_quiet(&Traffic { pending, last, ..Traffic::default() }, QUIET)
        };
        assert!(is_quiet(&Traffic::default(), QUIET), "nothing was asked for at all");
        assert!(!quiet(0, 0) && !quiet(0, 300) && quiet(0, 400) && quiet(0, 2_000));
        assert!(!quiet(1, 2_000), "something is still being answered");
    }
}
