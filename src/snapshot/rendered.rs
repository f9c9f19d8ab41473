//! What a real browser saw of a site's home page. Facts with no opinion, in a form that a recording keeps: nothing
//! of the browser is needed to judge them again.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use url::Url;

use super::{Gap, Technique};

/// Everything a browser was asked about one site; a part that no rule wanted is `None`.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct BrowserFacts {
    /// Name and version, as `Chrome/148.0.7778.167`.
    pub product: String,
    /// It ran with its sandbox.
    pub sandboxed: bool,
    /// What it said when it did not start, cut at 600 characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
    /// The home page as a person meets it, or why it could not be shown.
    pub rendered: Option<Result<Box<Rendered>, Gap>>,
    /// How long the home page takes on a phone.
    pub load: Option<Result<Load, Gap>>,
    /// What an accessibility checker found on the home page.
    pub accessibility: Option<Result<Accessibility, Gap>>,
}

/// How a site was shown to a browser.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BrowserVisit {
    /// Name and version.
    pub product: String,
    /// It ran with its sandbox.
    pub sandboxed: bool,
    /// What answered trackers' libraries; `None` when the home page could not be shown.
    pub library: Option<LibraryFrom>,
    /// Milliseconds until the load event.
    pub loaded_ms: Option<u64>,
    /// Milliseconds waited after it.
    pub waited_ms: Option<u64>,
    /// Why the home page could not be shown.
    pub gap: Option<Gap>,
    /// What the browser said when it did not start.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trouble: Option<String>,
}

impl BrowserVisit {
    /// What a report tells of it.
    #[must_use]
    pub fn of(facts: &BrowserFacts) -> Self {
        let rendered = facts.rendered.as_ref();
        let page = rendered.and_then(|r| r.as_ref().ok());
        Self {
            product: facts.product.clone(),
            sandboxed: facts.sandboxed,
            library: page.map(|p| p.library),
            loaded_ms: page.and_then(|p| p.loaded_ms),
            waited_ms: page.map(|p| p.waited_ms),
            gap: rendered.and_then(|r| r.as_ref().err().copied()),
            trouble: facts.trouble.clone(),
        }
    }

    /// The same without what a clock told.
    #[must_use]
    pub fn untimed(self) -> Self {
        Self { loaded_ms: None, waited_ms: None, ..self }
    }
}

impl BrowserFacts {
    /// The gap of a home page that sends its visitors to another site, or on and on.
    #[must_use]
    pub fn leads_away(&self) -> Option<Gap> {
        let gap = *self.rendered.as_ref()?.as_ref().err()?;
        matches!(gap, Gap::RedirectOffSite | Gap::RedirectLoop).then_some(gap)
    }

    /// Why the browser leaves a question about the home page open.
    #[must_use]
    pub fn gap(&self) -> Gap {
        match &self.rendered {
            Some(Err(gap)) => *gap,
            _ => Gap::NoData,
        }
    }
}

/// What answered the tracker's library.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum LibraryFrom {
    /// The policy's stand-in: the label is simulated.
    StandIn,
    /// The library's own server.
    Live,
}

/// A home page in a browser, after its scripts ran.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Rendered {
    /// Address of the document in the end.
    pub address: Url,
    /// Milliseconds from the beginning of the navigation to the load event; `None` when it did not come in time.
    pub loaded_ms: Option<u64>,
    /// Milliseconds waited after it before anything was called missing.
    pub waited_ms: u64,
    /// What answered trackers' libraries.
    pub library: LibraryFrom,
    /// By tracker.
    pub trackers: BTreeMap<String, TrackerRun>,
    /// Labels by tracker.
    pub labels: BTreeMap<String, LabelSights>,
    /// What a person could follow, in document order.
    pub links: Vec<LinkSight>,
    /// Matches of the selectors that `element` checks name, by selector.
    pub elements: BTreeMap<String, Vec<ElementSight>>,
    /// What went wrong while it ran, at most [`MOST_FAULTS`] of a kind.
    pub faults: Vec<PageFault>,
    /// Errors and warnings on its console, each cut at 300 characters, at most [`MOST_FAULTS`].
    #[serde(default)]
    pub console: Vec<String>,
    /// Pictures that were taken, as paths below the folder the user named.
    pub screenshots: Vec<String>,
}

/// Most faults that are kept of one page.
pub const MOST_FAULTS: usize = 100;

/// What became of one tracker's snippet.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct TrackerRun {
    /// The home page's own request for the library; `None` when it made none.
    pub library: Option<LibraryRequest>,
    /// Commands on the queue on `window` when the library ran, else at the end of the visit; each as it was written.
    /// `None` when there is no such queue.
    pub queue: Option<Vec<Vec<Value>>>,
    /// The queue held more commands than these.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
    /// The library ran in the home page itself, and `queue` is what it found.
    pub ran: bool,
    /// Commands that came after it ran.
    pub later: Vec<Vec<Value>>,
    /// Requests to the collector, at most 20; none of them left this machine unless the user asked for it.
    pub sent: Vec<Sent>,
    /// The library was asked for only after this was done, beyond the time that is waited.
    pub after: Option<After>,
    /// The library ran in a frame, and not in the home page itself.
    pub only_in_frame: bool,
}

/// A request for a tracker's library.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LibraryRequest {
    /// The address asked for.
    pub url: String,
    /// What its server, or the stand-in, answered.
    pub status: Option<u16>,
    /// Why there was no answer.
    pub gap: Option<Gap>,
    /// The browser did not send the request, or did not run the answer.
    pub blocked: Option<Blocked>,
    /// Milliseconds after the beginning of the navigation.
    pub at_ms: u64,
    /// Where a script asked for it, when one did.
    pub by: Option<ScriptPlace>,
}

/// Why a browser stopped a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Blocked {
    /// The page's content security policy.
    Csp,
    /// An http file on an https page.
    MixedContent,
    /// The `integrity` attribute does not fit the answer.
    Integrity,
    /// Something else (CORS, ORB, an unsafe port).
    Other,
}

/// A place in a script or style sheet as the browser names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScriptPlace {
    /// Address of the file, or of the page for what stands in it.
    pub url: String,
    /// From 1.
    pub line: u32,
    /// From 1, in UTF-16 units.
    pub column: u32,
}

/// One request to a collector.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Sent {
    /// The method.
    pub method: String,
    /// The address without its query.
    pub url: String,
    /// Every value of its query and body, decoded; at most 200 of at most 2,000 characters.
    pub values: Vec<String>,
    /// The page that sent it, as its `Referer` says.
    pub referer: Option<String>,
    /// Milliseconds after the beginning of the navigation.
    pub at_ms: u64,
}

/// What had to be done before a page asked for the library.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum After {
    /// Waiting, so many milliseconds after load.
    Delay(u64),
    /// Moving the pointer, pressing a key or scrolling.
    Interaction,
    /// Agreeing to something in a banner or dialog: the text of what was clicked.
    Consent(String),
}

/// The labels of one tracker.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct LabelSights {
    /// What the library, or the stand-in, put on the page.
    pub injected: Vec<LabelSight>,
    /// The page's own, texts and pictures.
    pub own: Vec<LabelSight>,
    /// The library put one on the page, and it was gone in the end.
    pub removed: bool,
    /// There was no time to look at all of them, or for all of them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub cut: bool,
}

/// One label as a person meets it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LabelSight {
    /// What it says, folded.
    pub text: String,
    /// The way to its element, as `footer > div.label > a#btn`.
    pub element: String,
    /// At 1366 × 768.
    pub desktop: Sight,
    /// At 390 × 844; `None` when it was not looked at.
    pub phone: Option<Sight>,
    /// Picture of it, as a path below the folder the user named.
    pub screenshot: Option<String>,
}

/// Whether a person can see an element.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Sight {
    /// Left, top, width and height in CSS pixels, from the page's corner.
    pub area: [i32; 4],
    /// What hides it; `None` when a person can see it.
    pub hidden: Option<Concealment>,
    /// It lies below something that a person can close with one click, and is seen then: what was clicked.
    pub dismissed: Option<String>,
}

/// What hides an element.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Concealment {
    /// How.
    pub technique: Technique,
    /// The element that does it: itself, one around it, or what lies over it.
    pub element: String,
    /// The declaration, as `display: none !important`, when one does it.
    pub declaration: Option<String>,
    /// Where that is written, when a style sheet holds it.
    pub place: Option<ScriptPlace>,
    /// It stands in the element's own style: a script or the markup put it there.
    pub inline: bool,
    /// Whether it would hide the element wherever the library put it.
    pub anywhere: bool,
}

/// Something a person could follow.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct LinkSight {
    /// What it is.
    pub kind: LinkKind,
    /// The address as written.
    pub href: String,
    /// Where it leads: resolved, or where a click was seen to lead; `None` when nothing is known.
    pub leads_to: Option<String>,
    /// What a person reads there, folded, cut at 120 characters.
    pub text: String,
    /// How a person gets to see it.
    pub reach: LinkReach,
}

/// What a link is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkKind {
    /// `a[href]`.
    Anchor,
    /// `area[href]`.
    Area,
    /// `a` inside `svg`.
    Svg,
    /// An option of a list that led somewhere when it was chosen, or was not tried.
    Option,
    /// An element with a handler that led somewhere when it was clicked, or names a wanted host and was not tried.
    Script,
}

/// How a person gets to see a link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LinkReach {
    /// It is there.
    Visible,
    /// In a menu that opened when it was hovered over or clicked.
    Menu,
    /// In a section that is closed.
    Details,
    /// Nothing that was tried shows it.
    Hidden(Technique),
    /// It lies in what was not tried: more menus than are opened, or no time was left.
    Untried,
}

/// An element that matches a selector.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ElementSight {
    /// The way to it.
    pub element: String,
    /// Its text, folded, cut at 400 characters.
    pub text: String,
}

/// Something that went wrong while a page ran.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PageFault {
    /// What.
    pub kind: FaultKind,
    /// What it says, cut at 300 characters.
    pub text: String,
    /// Where.
    pub place: Option<ScriptPlace>,
    /// The file that was blocked or did not come.
    pub url: Option<String>,
}

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FaultKind {
    /// A script threw.
    Exception,
    /// The content security policy stopped something; an inline script has no `url`.
    Csp,
    /// An http file on an https page was stopped.
    MixedContent,
    /// A script answered with an error status.
    ScriptStatus(u16),
    /// A script could not be had at all.
    ScriptGap(Gap),
    /// A frame or the page itself went away or broke.
    Other,
}

/// The profile a page load is measured with.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Profile {
    /// Screen width in CSS pixels.
    pub width: u32,
    /// Screen height.
    pub height: u32,
    /// Physical pixels per CSS pixel.
    pub scale: f64,
    /// The processor is slowed down so many times.
    pub cpu_slowdown: f64,
    /// Added to every request, in milliseconds.
    pub latency_ms: f64,
    /// Kilobits per second towards the browser.
    pub download_kbps: f64,
    /// Kilobits per second from the browser.
    pub upload_kbps: f64,
}

/// How long the home page takes on a phone.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Load {
    /// How it was measured.
    pub profile: Profile,
    /// Each run's figures, in the order they were measured.
    pub runs: Vec<LoadRun>,
    /// Speed index of each run of Lighthouse, in milliseconds; empty when there was none.
    pub speed_index_ms: Vec<f64>,
    /// The version of Lighthouse that gave it, and how it throttled, as `12.8.2 (devtools)`.
    pub lighthouse: Option<String>,
    /// Why it gave none although it was asked to run.
    #[serde(default)]
    pub lighthouse_gap: Option<LighthouseGap>,
}

/// Why Lighthouse gave no figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum LighthouseGap {
    /// It was not found.
    NotInstalled,
    /// It did not end in time.
    Late,
    /// It could not load the page, or its answer could not be taken.
    Failed,
}

/// The figures of one load, in milliseconds unless said otherwise; what was not seen is `None`.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct LoadRun {
    /// First contentful paint.
    pub fcp_ms: Option<f64>,
    /// Largest contentful paint.
    pub lcp_ms: Option<f64>,
    /// The longest single main-thread task; 0 when none took 50 ms.
    pub longest_task_ms: Option<f64>,
    /// Total blocking time: what tasks took beyond 50 ms each, from the first contentful paint on.
    pub tbt_ms: Option<f64>,
    /// Cumulative layout shift, without a unit.
    pub cls: Option<f64>,
}

/// What an accessibility checker found.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Accessibility {
    /// Name and version, as `axe-core 4.14.1`.
    pub checker: String,
    /// Rules that are broken.
    pub violations: Vec<AccessRule>,
    /// Rules that could not be decided automatically.
    pub incomplete: Vec<AccessRule>,
    /// Rules that were kept.
    pub passes: u32,
    /// Rules that had nothing to look at.
    pub inapplicable: u32,
    /// Frames a person sees, whose contents were not looked at.
    #[serde(default)]
    pub frames: u32,
}

/// One rule of an accessibility checker.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessRule {
    /// Its id, as `image-alt`.
    pub id: String,
    /// What it asks, in English.
    pub help: String,
    /// Success criteria and levels, as `wcag2a`, `wcag111`.
    pub tags: Vec<String>,
    /// `minor`, `moderate`, `serious`, `critical`.
    pub impact: Option<String>,
    /// Elements, at most 50.
    pub nodes: Vec<AccessNode>,
    /// How many there are in all.
    pub total: u32,
}

/// One element an accessibility rule speaks of.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct AccessNode {
    /// A selector that leads to it.
    pub selector: String,
    /// Its start tag, cut at 300 characters.
    pub html: String,
    /// Where it stands in the page's bytes, when it was there before scripts ran: byte offsets of its start tag.
    pub span: Option<[u32; 2]>,
}
