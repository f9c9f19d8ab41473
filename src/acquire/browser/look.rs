//! What a person sees on a page that has settled: labels at both screens, links with the menus that hold them,
//! matches of selectors. Scrolls, closes what lies over a label and opens menus as a person would; the page is
//! not the same afterwards. Never judges.

mod ask;
mod closed;
mod follow;
mod ink;
mod style;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};
use url::Url;

use self::ask::Asked;
use self::style::Sheets;
use super::pipe::Broken;
use super::tab::{DESKTOP, PHONE, Tab};
use crate::acquire::html::fold;
use crate::snapshot::{Concealment, ElementSight, LabelSight, LabelSights, LinkSight, Sight, Technique};

/// Everything a look may take.
pub const LONGEST: Duration = Duration::from_secs(16);
/// What finding and measuring labels may take of it, on each screen.
const LABELS: Duration = Duration::from_millis(3_000);
/// What one label may take.
const ONE_LABEL: Duration = Duration::from_millis(1_800);
/// What reading links may take.
const LINKS: Duration = Duration::from_millis(2_000);
/// What opening menus and trying lists and handlers may take.
const MENUS: Duration = Duration::from_millis(6_000);
/// Below this the second screen is left out.
const PHONE_NEEDS: Duration = Duration::from_millis(2_000);
/// A page has so long to take the form of another screen.
const TURN: Duration = Duration::from_millis(120);

/// The scripts of a look, in the order they build on each other.
const SCRIPTS: [&str; 6] = [
    include_str!("page/sight.js"),
    include_str!("page/hit.js"),
    include_str!("page/motion.js"),
    include_str!("page/labels.js"),
    include_str!("page/ink.js"),
    include_str!("page/links.js"),
];

/// What is looked for on a page.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    /// Labels by tracker.
    pub labels: BTreeMap<String, LabelSought>,
    /// Selectors whose matches are wanted.
    pub selectors: Vec<String>,
    /// Sites that links may lead to, and whether they should: the host as [`crate::site::host_key`] gives it, followed
    /// by the path where several sites share the host.
    pub sites: BTreeMap<String, bool>,
    /// Links are wanted.
    pub links: bool,
    /// How long links that are missing may still come, when scripts run that could make them.
    pub links_come: Duration,
}

/// A label that is looked for.
#[derive(Debug, Clone, Default, Serialize)]
pub struct LabelSought {
    /// What the tracker's library adds.
    pub selectors: Vec<String>,
    /// What a label says.
    pub texts: Vec<String>,
}

/// What a look saw.
#[derive(Debug, Clone, Default)]
pub struct Looked {
    /// Labels by tracker.
    pub labels: BTreeMap<String, LabelSights>,
    /// Links in document order.
    pub links: Vec<LinkSight>,
    /// Matches by selector.
    pub elements: BTreeMap<String, Vec<ElementSight>>,
}

/// The script that notes from the beginning on which labels come and go; for `Page.addScriptToEvaluateOnNewDocument`
/// in the world [`super::pipe::WORLD`].
#[must_use]
pub fn early(sought: &Sought) -> String {
    let selectors: BTreeMap<&str, &[String]> =
        sought.labels.iter().map(|(name, label)| (name.as_str(), label.selectors.as_slice())).collect();
    format!("{{ const SOUGHT = {}; {} }}", literal(&selectors), include_str!("page/early.js"))
}

/// Looks at a page that stands at [`DESKTOP`] and leaves it there. `held` tells every top-level navigation that was
/// held back up to now: none may leave the page meanwhile.
///
/// # Errors
/// When the browser or the page does not answer.
pub async fn look(
    tab: &Tab,
    world: u64,
    sought: &Sought,
    held: &(dyn Fn() -> Vec<Url> + Send + Sync),
) -> Result<Looked, Broken> {
    let begun = Instant::now();
    let page = Asked::new(&tab.session, world, LONGEST);
    page.run(&SCRIPTS.concat()).await?;
    let mut looked = Looked::default();
    page.allow(LINKS).await?;
    closed::open(&page).await?;
    looked.elements = page.ask(&format!("rasoat.elements({})", literal(&sought.selectors))).await?;
    if sought.links {
        // Before anything is clicked: what shows by itself shows now.
        let _: Vec<String> = page.ask(&format!("rasoat.links({})", literal(&sought.sites))).await?;
    }
    for name in sought.labels.keys() {
        let removed = page.ask(&format!("!!globalThis.rasoatEarly?.removed?.({})", literal(name))).await?;
        looked.labels.insert(name.clone(), LabelSights { removed, ..LabelSights::default() });
    }
    let mut labels = Vec::new();
    if !sought.labels.is_empty() {
        let cut;
        (labels, cut) = desktop(tab, &page, sought).await?;
        for sights in looked.labels.values_mut() {
            sights.cut = cut;
        }
    }
    if sought.links {
        follow::come(&page, sought, begun).await?;
        page.allow(MENUS).await?;
        looked.links = follow::links(&page, held).await?;
    }
    if !labels.is_empty() && page.left() > PHONE_NEEDS {
        match phone(tab, &page, sought, &mut labels).await {
            // Only a note depends on it, and what was clicked may have put the page away.
            Ok(()) | Err(Broken::Refused(_) | Broken::Late) => {}
            Err(gone) => return Err(gone),
        }
    }
    for (found, sight) in labels {
        let Some(sights) = looked.labels.get_mut(&found.tracker) else { continue };
        if found.injected { sights.injected.push(sight) } else { sights.own.push(sight) }
    }
    Ok(looked)
}

/// A label as the page's script names it.
#[derive(Debug, Clone, Deserialize)]
struct Found {
    tracker: String,
    injected: bool,
    text: String,
    element: String,
}

/// A sight as the page's script tells it.
#[derive(Debug, Deserialize)]
struct Measured {
    area: [i32; 4],
    hidden: Option<Hidden>,
    dismissed: Option<String>,
    /// Pictures may tell otherwise.
    doubt: bool,
}

#[derive(Debug, Deserialize)]
struct Hidden {
    technique: Technique,
    element: String,
    /// Properties of which one hides.
    properties: Vec<String>,
    /// Handles of the element that hides and of the label.
    node: u32,
    label: u32,
    anywhere: bool,
}

async fn find(page: &Asked<'_>, sought: &Sought) -> Result<Vec<Found>, Broken> {
    let folded: BTreeMap<&String, LabelSought> = sought
        .labels
        .iter()
        .map(|(name, label)| {
            let texts = label.texts.iter().map(|t| fold(t)).filter(|t| !t.is_empty()).collect();
            (name, LabelSought { selectors: label.selectors.clone(), texts })
        })
        .collect();
    page.allow(LABELS).await?;
    page.ask(&format!("rasoat.find({})", literal(&folded))).await
}

/// The labels as they are at a desk, and whether the time was too short for some.
async fn desktop(tab: &Tab, page: &Asked<'_>, sought: &Sought) -> Result<(Vec<(Found, LabelSight)>, bool), Broken> {
    let mut labels = Vec::new();
    let budget = page.budget(LABELS);
    let all = find(page, sought).await?;
    // Whoever looks for them stops in silence when it is late.
    let mut cut: bool = page.ask("rasoat.cut()").await?;
    if all.is_empty() {
        return Ok((labels, cut));
    }
    page.run("rasoat.solid(true)").await?;
    for (index, found) in all.into_iter().enumerate() {
        if budget.is_spent() && !labels.is_empty() {
            cut = true;
            break;
        }
        let desktop = sight(tab, page, index).await?;
        let sight = LabelSight {
            text: found.text.clone(),
            element: found.element.clone(),
            desktop,
            phone: None,
            screenshot: None,
        };
        labels.push((found, sight));
    }
    page.run("rasoat.solid(false)").await?;
    Ok((labels, cut))
}

async fn phone(tab: &Tab, page: &Asked<'_>, sought: &Sought, labels: &mut [(Found, LabelSight)]) -> Result<(), Broken> {
    tab.show_on(PHONE).await?;
    tokio::time::sleep(TURN).await;
    let looked = measure_on_phone(tab, page, sought, labels).await;
    tab.show_on(DESKTOP).await?;
    looked
}

async fn measure_on_phone(
    tab: &Tab,
    page: &Asked<'_>,
    sought: &Sought,
    labels: &mut [(Found, LabelSight)],
) -> Result<(), Broken> {
    let whole: bool = page.ask("rasoat.isWhole()").await?;
    let mut now: Vec<Option<Found>> = Vec::new();
    if !whole {
        now = find(page, sought).await?.into_iter().map(Some).collect();
    }
    let budget = page.budget(LABELS);
    page.run("rasoat.solid(true)").await?;
    for (index, (found, seen)) in labels.iter_mut().enumerate() {
        if budget.is_spent() {
            break;
        }
        let mut at = Some(index);
        if !whole {
            // The page built itself anew: the same label is the one that says the same.
            let same = |f: &Found| f.tracker == found.tracker && f.injected == found.injected && f.text == found.text;
            at = now.iter().position(|f| f.as_ref().is_some_and(same));
            if let Some(at) = at {
                now[at] = None;
            }
        }
        seen.phone = Some(match at {
            Some(at) => sight(tab, page, at).await?,
            None => Sight { area: [0; 4], hidden: Some(gone(seen.element.clone())), dismissed: None },
        });
    }
    page.run("rasoat.solid(false)").await
}

/// A label that is not on the page any more.
fn gone(element: String) -> Concealment {
    Concealment {
        technique: Technique::DisplayNone,
        element,
        declaration: None,
        place: None,
        inline: false,
        anywhere: false,
    }
}

async fn sight(tab: &Tab, page: &Asked<'_>, index: usize) -> Result<Sight, Broken> {
    let budget = page.left().min(ONE_LABEL).as_millis();
    let measured: Measured = page.ask_with_gesture(&format!("rasoat.measure({index}, true, {budget})")).await?;
    let shows = match measured.doubt && !page.left().is_zero() {
        true => ink::shows(page, index).await?,
        false => None,
    };
    let hidden = match (measured.hidden, shows) {
        (_, Some(true)) | (None, None) => None,
        (Some(hidden), _) => Some(concealment(tab, page, hidden).await),
        (None, Some(false)) => {
            let element = page.ask(&format!("rasoat.path(rasoat.wayOf({index}).holder)")).await?;
            Some(Concealment { technique: Technique::SameColour, ..gone(element) })
        }
    };
    Ok(Sight { area: measured.area, hidden, dismissed: measured.dismissed })
}

/// What hides, with the declaration that does it where the browser can name it.
async fn concealment(tab: &Tab, page: &Asked<'_>, hidden: Hidden) -> Concealment {
    let mut told = Concealment {
        technique: hidden.technique,
        element: hidden.element,
        declaration: None,
        place: None,
        inline: false,
        anywhere: hidden.anywhere,
    };
    if hidden.properties.is_empty() {
        return told;
    }
    // Without the declaration the sight still stands.
    let Ok(sheets) = Sheets::open(tab).await else { return told };
    let declared = sheets.declared(page.world, hidden.node, &hidden.properties).await;
    sheets.close(tab).await;
    let Ok(Some(declared)) = declared else { return told };
    if told.technique == Technique::HiddenAttribute && declared.text.starts_with("display") {
        told.technique = Technique::DisplayNone;
    }
    if told.anywhere
        && let Some(selector) = &declared.selector
    {
        let portable = format!("rasoat.portable({}, {})", literal(selector), hidden.label);
        told.anywhere = page.ask(&portable).await.unwrap_or(false);
    }
    told.declaration = Some(declared.text);
    told.place = declared.place;
    told.inline = declared.selector.is_none();
    told
}

/// A value as a script writes it.
fn literal<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| "null".to_owned())
}
