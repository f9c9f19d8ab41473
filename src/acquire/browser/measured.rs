//! The visits that serve one kind of rule: page loads, each in a fresh page that has the browser for itself, and the
//! accessibility checker, on a page that nobody touched. Never judges.

use std::time::Duration;

use serde_json::json;
use url::Url;

use super::intercept::{Answers, Intercept};
use super::lane::{Ask, Browser};
use super::launch::Chromium;
use super::load::{LOAD_TIME_LIMIT, PHONE, measure};
use super::snippet::Teller;
use super::tab::{DESKTOP, Tab};
use super::watch::Watch;
use super::{axe, visit};
use crate::acquire::lighthouse::{self, LighthouseRun, WayOut};
use crate::snapshot::{Accessibility, Gap, LibraryFrom, LighthouseGap, PageLoad};

/// How long one run of Lighthouse may take.
const LIGHTHOUSE: Duration = Duration::from_secs(120);

/// Measures page loads, and has Lighthouse give its figure where it was asked to.
pub(super) async fn load(browser: &Browser, chromium: &Chromium, ask: &Ask<'_>) -> Result<PageLoad, Gap> {
    let measures = &browser.options.measures;
    let mut load = PageLoad {
        profile: PHONE,
        runs: Vec::new(),
        speed_index_ms: Vec::new(),
        lighthouse: None,
        lighthouse_gap: None,
    };
    for _ in 0..measures.load_runs.max(1) {
        let (way_out, _) = way_out(browser, ask, false)?;
        let (tab, mut events) = Tab::open(chromium, way_out.address).await.map_err(|_| Gap::BrowserFailed)?;
        let run = measure(&tab, &mut events, &ask.page.address, &PHONE, LOAD_TIME_LIMIT).await;
        tab.close().await;
        match (run, way_out.traffic().document) {
            (Ok(run), _) => load.runs.push(run),
            (Err(_), Some(Err(gap))) | (Err(gap), _) => return Err(gap),
        }
    }
    let mut reports = measures.lighthouse_reports.get(&ask.site.id).cloned().unwrap_or_default();
    let gap = if measures.lighthouse_runs > 0 { lighthouse(browser, ask, &mut reports).await } else { None };
    lighthouse::lay(&mut load, &reports, gap);
    Ok(load)
}

async fn lighthouse(
    browser: &Browser,
    ask: &Ask<'_>,
    reports: &mut Vec<lighthouse::LighthouseReport>,
) -> Option<LighthouseGap> {
    let measures = &browser.options.measures;
    let Some(tool) = measures.lighthouse.clone() else { return Some(LighthouseGap::NotInstalled) };
    for _ in 0..measures.lighthouse_runs {
        let Ok((way_out, collectors)) = way_out(browser, ask, false) else { return Some(LighthouseGap::Failed) };
        let run = LighthouseRun {
            tool: tool.clone(),
            browser: browser.options.program.clone(),
            sandbox: browser.options.sandbox,
            address: ask.page.address.clone(),
            collectors,
            way_out: Some(WayOut { address: way_out.address, trusted: browser.identity.spki.clone() }),
            time_limit: LIGHTHOUSE,
        };
        match tokio::task::spawn_blocking(move || lighthouse::run(&run)).await {
            Ok(Ok(report)) => reports.push(report),
            Ok(Err(gap)) => return Some(gap),
            Err(_) => return Some(LighthouseGap::Failed),
        }
    }
    None
}

/// A way out in which everything is asked for that a person's browser would ask for; and the collectors' addresses.
fn way_out(browser: &Browser, ask: &Ask<'_>, bare: bool) -> Result<(Intercept, Vec<Url>), Gap> {
    let library = browser.options.library.unwrap_or(match ask.answers {
        Answers::Web(_) => LibraryFrom::Live,
        Answers::Folder(..) => LibraryFrom::StandIn,
    });
    let mut rules = visit::rules(browser, ask, library, &Teller::new());
    rules.bare = bare;
    let collectors = rules.trackers.values().map(|t| t.collector.clone()).collect();
    let way_out = Intercept::begin(&browser.identity, ask.answers.clone(), rules).map_err(|_| Gap::BrowserFailed)?;
    Ok((way_out, collectors))
}

/// Runs the accessibility checker on a page that has settled and was not touched.
pub(super) async fn accessibility(browser: &Browser, chromium: &Chromium, ask: &Ask<'_>) -> Result<Accessibility, Gap> {
    let script = browser.options.measures.axe.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
    let script = script.ok_or(Gap::NoAxe)?;
    let (way_out, _) = way_out(browser, ask, true)?;
    let (tab, events) = Tab::open(chromium, way_out.address).await.map_err(|_| Gap::BrowserFailed)?;
    let watch = Watch::over(&tab.session, events, &Teller::new());
    let checked = async {
        tab.show_on(DESKTOP).await.map_err(|_| Gap::BrowserFailed)?;
        let sent =
            tab.session.call_within("Page.navigate", json!({ "url": ask.page.address.as_str() }), ask.patience * 2);
        let sent = sent.await;
        if let Some(Err(gap)) = way_out.traffic().document {
            return Err(gap);
        }
        sent.map_err(|_| Gap::BrowserFailed)?;
        let begun = std::time::Instant::now();
        let loaded = || watch.look(|seen| seen.loaded.is_some() || seen.crashed).unwrap_or(true);
        while begun.elapsed() < ask.patience && !loaded() {
            watch.news_within(Duration::from_millis(100)).await;
        }
        let settling = std::time::Instant::now();
        while settling.elapsed() < browser.options.wait && !visit::is_quiet(&way_out.traffic(), browser.options.quiet) {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        let world = tab.session.own_world().await.map_err(|_| Gap::BrowserFailed)?;
        axe::check(&tab, world, &script, &ask.access, Some(&ask.page.source)).await
    };
    let checked = checked.await;
    tab.close().await;
    checked
}
