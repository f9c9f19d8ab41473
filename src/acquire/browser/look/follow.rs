//! Opens menus for links that are sought and do not show, and sees where lists and handlers lead. Turns what the
//! page's scripts tell and the navigations that were held into links; never lets a navigation happen.

use std::collections::{BTreeMap, BTreeSet};
use std::time::{Duration, Instant};

use serde::Deserialize;
use serde_json::json;
use url::Url;

use super::ask::Asked;
use super::{LINKS, Sought};
use crate::acquire::browser::pipe::Broken;
use crate::snapshot::{LinkKind, LinkReach, LinkSight, Technique};

/// How long a choice or a click may take to lead somewhere.
const LEAD: Duration = Duration::from_millis(250);
/// The same for a list that has not been tried: a handler that waits must not look like a dead list.
const FIRST_LEAD: Duration = Duration::from_millis(1_500);
/// What scrolling through a page may take.
const SWEEP: Duration = Duration::from_millis(2_500);
/// How often links that are missing are looked for.
const AGAIN: Duration = Duration::from_millis(250);
/// How often it is looked for meanwhile.
const STEP: Duration = Duration::from_millis(15);
/// Options of one list that may lead nowhere before the list is given up.
const MOST_VAIN: usize = 2;
/// Options of one list that led where they say, all that were chosen, before the others are believed.
const ENOUGH: usize = 20;

/// A link as the page's script tells it.
#[derive(Debug, Deserialize)]
struct Told {
    kind: LinkKind,
    href: String,
    leads_to: Option<String>,
    text: String,
    reach: Reach,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Reach {
    Visible,
    Menu,
    Details,
    Untried,
    Hidden(Technique),
}

/// Something that may lead to a site that is sought.
#[derive(Debug, Deserialize)]
struct Trial {
    index: usize,
    kind: LinkKind,
    site: Option<String>,
    /// The list it belongs to; -1 without one.
    list: i64,
}

/// What came of choosing from one list.
#[derive(Debug, Default)]
struct List {
    /// Options that led where they say.
    true_to_word: usize,
    /// Options that led nowhere.
    vain: usize,
    /// Options that led elsewhere.
    odd: usize,
    /// How long the next one may take.
    patience: Option<Duration>,
}

impl List {
    /// In a long list the options that were chosen tell of the others: one handler serves them all.
    fn is_believed(&self) -> bool {
        self.true_to_word >= ENOUGH && self.vain == 0 && self.odd == 0
    }
}

#[derive(Debug, Deserialize)]
struct Point {
    x: f64,
    y: f64,
}

/// Gives links time that nothing leads to yet: scrolls through the page, for some come only then, and waits for what
/// scripts make later. Reads all links anew when a moment brought one.
pub(super) async fn come(page: &Asked<'_>, sought: &Sought, begun: Instant) -> Result<(), Broken> {
    page.allow(LINKS).await?;
    let mut missing: Vec<String> = page.ask("rasoat.uncovered()").await?;
    if missing.is_empty() || sought.links_come.is_zero() {
        return Ok(());
    }
    let before = missing.len();
    page.allow(SWEEP).await?;
    page.run("rasoat.sweep()").await?;
    loop {
        page.allow(LINKS).await?;
        let _: Vec<String> = page.ask(&format!("rasoat.links({})", super::literal(&sought.sites))).await?;
        missing = page.ask("rasoat.uncovered()").await?;
        // Where the first came others come too, and those that were to come together have come.
        if missing.len() < before || begun.elapsed() >= sought.links_come {
            return Ok(());
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// All links of the page that `rasoat.links` has read.
pub(super) async fn links(
    page: &Asked<'_>,
    held: &(dyn Fn() -> Vec<Url> + Send + Sync),
) -> Result<Vec<LinkSight>, Broken> {
    let missing: Vec<String> = page.ask("rasoat.missing()").await?;
    let plain = report(page, 0).await?;
    if missing.is_empty() || page.left().is_zero() {
        return Ok(plain);
    }
    let opened = async {
        open(page).await?;
        let tried = lead(page, held).await?;
        report(page, tried).await
    };
    match opened.await {
        // What was clicked may have put the page away; what was seen before stands, and the rest is left open.
        Err(Broken::Refused(_) | Broken::Late) => Ok(plain),
        opened => opened,
    }
}

/// The links as they stand when the trials before `tried` have been made; at 0 nothing counts as opened or tried.
async fn report(page: &Asked<'_>, tried: usize) -> Result<Vec<LinkSight>, Broken> {
    let told: Vec<Told> = page.ask(&format!("rasoat.linkReport({tried})")).await?;
    Ok(told.into_iter().map(link).collect())
}

fn link(told: Told) -> LinkSight {
    let reach = match told.reach {
        Reach::Visible => LinkReach::Visible,
        Reach::Menu => LinkReach::Menu,
        Reach::Details => LinkReach::Details,
        Reach::Untried => LinkReach::Untried,
        Reach::Hidden(technique) => LinkReach::Hidden(technique),
    };
    LinkSight { kind: told.kind, href: told.href, leads_to: told.leads_to, text: told.text, reach }
}

/// Scrolls, hovers and clicks until every site has a link that shows, or nothing is left to try.
async fn open(page: &Asked<'_>) -> Result<(), Broken> {
    let pending: usize = page.ask("rasoat.scrollLinks()").await?;
    if pending == 0 {
        return Ok(());
    }
    while let Some(Point { x, y }) = page.ask("rasoat.hoverPoint()").await? {
        move_pointer(page, x, y).await?;
        let left: usize = page.ask("rasoat.afterHover()").await?;
        if left == 0 {
            break;
        }
    }
    move_pointer(page, 1.0, 1.0).await?;
    let _: usize = page.ask_with_gesture("rasoat.clickMenus()").await?;
    Ok(())
}

async fn move_pointer(page: &Asked<'_>, x: f64, y: f64) -> Result<(), Broken> {
    let params = json!({ "type": "mouseMoved", "x": x, "y": y });
    page.session.call_within("Input.dispatchMouseEvent", params, Duration::from_secs(2)).await.map(|_| ())
}

/// Chooses options and clicks handlers, and looks which navigation each was held back from. The first trial that
/// was left for want of time, [`usize::MAX`] when none was.
async fn lead(page: &Asked<'_>, held: &(dyn Fn() -> Vec<Url> + Send + Sync)) -> Result<usize, Broken> {
    let mut missing: BTreeSet<String> = page.ask("rasoat.missing()").await?;
    if missing.is_empty() {
        return Ok(usize::MAX);
    }
    let trials: Vec<Trial> = page.ask("rasoat.trials()").await?;
    let mut lists: BTreeMap<i64, List> = BTreeMap::new();
    for trial in trials {
        if missing.is_empty() {
            break;
        }
        let known = trial.site.as_ref().is_some_and(|site| !missing.contains(site));
        let given_up = || lists.get(&trial.list).is_some_and(|list| list.vain >= MOST_VAIN);
        if trial.kind == LinkKind::Option && (known || given_up()) {
            continue;
        }
        if page.ask("rasoat.late()").await? {
            return Ok(trial.index);
        }
        let led = if trial.kind == LinkKind::Option {
            let list = lists.entry(trial.list).or_default();
            let led = choose(page, &trial, list, held).await?;
            if list.is_believed() {
                missing = page.ask(&format!("rasoat.believe({})", trial.list)).await?;
                continue;
            }
            led
        } else {
            attempt(page, &trial, false, LEAD, held).await?
        };
        if let Some(url) = led {
            missing = page.ask(&format!("rasoat.led({}, {})", trial.index, super::literal(&url))).await?;
        }
    }
    Ok(usize::MAX)
}

/// Where an option leads.
async fn choose(
    page: &Asked<'_>,
    trial: &Trial,
    list: &mut List,
    held: &(dyn Fn() -> Vec<Url> + Send + Sync),
) -> Result<Option<Url>, Broken> {
    let wait = list.patience.unwrap_or(FIRST_LEAD);
    let mut begun = Instant::now();
    let mut led = attempt(page, trial, false, wait, held).await?;
    if led.is_none() {
        begun = Instant::now();
        led = attempt(page, trial, true, wait, held).await?;
    }
    // What took long once may take long again.
    list.patience = Some(if led.is_some() { LEAD.max(4 * begun.elapsed()) } else { LEAD });
    if led.is_none() {
        list.vain += 1;
    } else {
        let said: Option<String> = page.ask(&format!("rasoat.says({})", trial.index)).await?;
        let said = said.and_then(|said| Url::parse(&said).ok());
        *if led == said { &mut list.true_to_word } else { &mut list.odd } += 1;
    }
    Ok(led)
}

/// Where a choice or a click leads, when it does so before the page's clock has gone on for `wait`.
async fn attempt(
    page: &Asked<'_>,
    trial: &Trial,
    with_button: bool,
    wait: Duration,
    held: &(dyn Fn() -> Vec<Url> + Send + Sync),
) -> Result<Option<Url>, Broken> {
    let (before, begun) = (held(), Instant::now());
    let script = format!("rasoat.attempt({}, {with_button}, {}).then(() => null)", trial.index, wait.as_millis());
    let led = async {
        loop {
            if let Some(url) = first_new(&before, held()) {
                return url;
            }
            tokio::time::sleep(STEP).await;
        }
    };
    tokio::pin!(led);
    tokio::select! {
        url = &mut led => return Ok(Some(url)),
        over = page.ask_with_gesture::<Option<bool>>(&script) => over?,
    };
    // A navigation comes by another way than the answer; what was late in the page is late there too.
    let lag = begun.elapsed().saturating_sub(wait);
    Ok(tokio::time::timeout(4 * STEP + 2 * lag, led).await.ok())
}

/// The first that was not there before.
fn first_new(before: &[Url], now: Vec<Url>) -> Option<Url> {
    let mut known: Vec<&Url> = before.iter().collect();
    now.into_iter().find(|url| match known.iter().position(|k| *k == url) {
        Some(at) => {
            known.swap_remove(at);
            false
        }
        None => true,
    })
}
