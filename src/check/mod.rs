//! Opinions: one rule and the facts of one site become a decision. Pure: no network, disk, clock or
//! randomness, so that a recorded snapshot can be judged again. A missing fact is never a pass or a fail.

mod csp;
mod domain;
mod element;
mod id_drift;
mod label;
mod links_to;
mod load_time;
mod logic;
mod message;
mod place;
mod state;
mod tracker;
mod transport;
mod unique_id;
mod wcag;

use crate::finding::{self, Basis, Evidence, MOST_PLACES, Note, NoteLevel, Place, Share};
use crate::policy::{Check, Pages, Policy, Reach, Rule, Text, Tracker};
use crate::site::{Estate, Recorded, Site};
use crate::snapshot::{BrowserFacts, Gap, Page, Rendered, Visit};

pub use links_to::{LinkedSites, MOST_FOLLOWED, MOST_HOSTS, linked_sites, links_to_follow, portal_above};
pub use message::{Wording, finding, gone, worded};
pub use state::state;
pub use tracker::{Standing, stand};
pub use unique_id::{Seen, over_estate};

/// What a browser adds to the facts of a site.
#[derive(Debug, Clone, Copy)]
pub enum BrowserUse<'a> {
    /// Nobody asked for one, none was found under `auto`, or this site's bytes were enough.
    NotRequested,
    /// It was required and there is none.
    Missing,
    /// It was there.
    Visited(&'a BrowserFacts),
}

/// All that a judge may look at.
#[derive(Debug, Clone, Copy)]
pub struct Subject<'a> {
    /// The site.
    pub site: &'a Site,
    /// All sites of the run.
    pub estate: &'a Estate,
    /// The policy.
    pub policy: &'a Policy,
    /// The page that is judged (the home page, or another for rules over all pages), or why it was not seen.
    pub page: Result<&'a Page, Gap>,
    /// What was recorded when the site was last accepted.
    pub recorded: Option<&'a Recorded>,
    /// What a browser could add.
    pub browser: BrowserUse<'a>,
    /// Where the facts of the site come from: only what was visited shows how it is served.
    pub basis: Basis,
    /// The way to the site; empty for a folder.
    pub visit: &'a Visit,
    /// When the run was taken.
    pub now: jiff::Timestamp,
}

/// What a judge decides when the facts suffice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opinion {
    /// The rule is kept.
    Pass,
    /// It is not.
    Fail,
    /// It has nothing to ask.
    NotApplicable,
}

/// A decision with its grounds.
#[derive(Debug, Clone)]
pub struct Decided {
    /// Pass, fail or nothing to ask.
    pub opinion: Opinion,
    /// The grounds.
    pub grounds: Grounds,
}

/// No decision: the fact that is missing, with what was seen nevertheless.
#[derive(Debug, Clone)]
pub struct Unseen {
    /// Why it is missing.
    pub gap: Gap,
    /// What was seen.
    pub grounds: Box<Grounds>,
}

/// What a decision, or its absence, rests on.
#[derive(Debug, Clone, Default)]
pub struct Grounds {
    /// What exactly was found.
    pub code: Option<&'static str>,
    /// One sentence for people.
    pub reason: Text,
    /// Said beside it.
    pub notes: Vec<Note>,
    /// Where.
    pub places: Vec<Place>,
    /// How many more places there are than are kept.
    pub more_places: u64,
    /// What a failure is about; empty when it is the page as a whole.
    pub subjects: Vec<finding::Subject>,
    /// How many more of them there are than are kept.
    pub more_subjects: u64,
    /// What was seen.
    pub evidence: Vec<Evidence>,
    /// What the rule wants.
    pub expected: Option<String>,
    /// What is there.
    pub actual: Option<String>,
    /// How much of the rule is kept, where that can be told.
    pub earned: Option<Share>,
    /// The highest rung shown.
    pub reached: Option<Reach>,
    /// Set when it rests on something else than the page's bytes.
    pub basis: Option<Basis>,
}

impl Grounds {
    /// Adds places; of those beyond the most a finding keeps only the number is kept.
    pub(crate) fn add_places(&mut self, more: Vec<Place>) {
        self.places.extend(more);
        self.more_places += self.places.len().saturating_sub(MOST_PLACES) as u64;
        self.places.truncate(MOST_PLACES);
    }

    /// Says of a failure on which page it is.
    pub(crate) fn stand_on(&mut self, page: &url::Url) {
        let page = finding::Subject::page(page);
        let named = std::mem::take(&mut self.subjects);
        self.subjects = named.into_iter().map(|subject| subject.on(&page)).collect();
        if self.subjects.is_empty() {
            self.subjects.push(page);
        }
    }

    /// Adds what another page's failure is about; of those beyond the most a finding keeps only the number is kept.
    pub(crate) fn add_subjects(&mut self, more: Vec<finding::Subject>) {
        if self.subjects.is_empty() {
            // The page this speaks of, which is named when the finding is made.
            self.subjects.push(finding::Subject::default());
        }
        self.subjects.extend(more);
        self.more_subjects += self.subjects.len().saturating_sub(finding::MOST_SUBJECTS) as u64;
        self.subjects.truncate(finding::MOST_SUBJECTS);
    }

    /// Grounds with a code and its sentence.
    #[must_use]
    pub fn new(code: &'static str, reason: Text) -> Self {
        Self { code: Some(code), reason, ..Self::default() }
    }
}

impl Decided {
    fn pass(reason: Text) -> Self {
        Self { opinion: Opinion::Pass, grounds: Grounds { reason, ..Grounds::default() } }
    }
    fn fail(code: &'static str, reason: Text) -> Self {
        Self { opinion: Opinion::Fail, grounds: Grounds::new(code, reason) }
    }
    /// The rule asks nothing of this site, and why.
    #[must_use]
    pub fn not_applicable(code: &'static str, reason: Text) -> Self {
        Self { opinion: Opinion::NotApplicable, grounds: Grounds::new(code, reason) }
    }
}

impl From<Gap> for Unseen {
    fn from(gap: Gap) -> Self {
        Self { gap, grounds: Box::default() }
    }
}

impl Unseen {
    fn new(gap: Gap, code: &'static str, reason: Text) -> Self {
        Self { gap, grounds: Box::new(Grounds::new(code, reason)) }
    }
}

/// The answer of a judge; `?` on a missing fact is the honest way out.
pub type Judged = Result<Decided, Unseen>;

impl<'a> Subject<'a> {
    /// The gap of a question that only a browser can answer by its nature.
    fn browser_only(&self) -> Gap {
        match self.browser {
            BrowserUse::NotRequested => Gap::NotRequested,
            BrowserUse::Missing => Gap::NoBrowser,
            BrowserUse::Visited(facts) => facts.gap(),
        }
    }

    /// The gap of a question that bytes usually answer, but not on this page.
    fn needs_browser(&self) -> Gap {
        match self.browser {
            BrowserUse::NotRequested => Gap::NeedsBrowser,
            BrowserUse::Missing => Gap::NoBrowser,
            BrowserUse::Visited(facts) => facts.gap(),
        }
    }

    /// The home page as a browser showed it; its facts then decide.
    fn rendered(&self) -> Option<&'a Rendered> {
        match self.browser {
            BrowserUse::Visited(facts) => facts.rendered.as_ref()?.as_deref().ok(),
            BrowserUse::NotRequested | BrowserUse::Missing => None,
        }
    }

    /// The tracker a check names; policies are valid by construction, so only a broken one lacks it.
    fn tracker(&self, name: Option<&'a str>) -> Result<(&'a str, &'a Tracker), Gap> {
        let name = name.or_else(|| self.policy.trackers.keys().next().map(String::as_str)).ok_or(Gap::NoData)?;
        self.policy.trackers.get(name).map(|t| (name, t)).ok_or(Gap::NoData)
    }
}

/// Judges one check on one page of one site.
///
/// # Errors
/// [`Unseen`] when a fact is missing.
pub fn judge(check: &Check, subject: &Subject<'_>) -> Judged {
    match check {
        Check::Tracker(c) => tracker::judge(c, subject),
        Check::Label(c) => label::judge(c, subject),
        Check::LinksTo(c) => links_to::judge(c, subject),
        Check::IdDrift(c) => id_drift::judge(c, subject),
        Check::Element(c) => element::judge(c, subject),
        Check::Domain(c) => domain::judge(c, subject.site),
        Check::AllOf(parts) => logic::all_of(parts.iter().map(|p| judge(p, subject))),
        Check::AnyOf(parts) => logic::any_of(parts.iter().map(|p| judge(p, subject))),
        Check::NoneOf(parts) => logic::none_of(parts.iter().map(|p| judge(p, subject))),
        // Decided over all sites in a second pass; never asked here.
        Check::UniqueId(_) => Err(Gap::NoData.into()),
        Check::LoadTime(c) => load_time::judge(c, subject),
        Check::Wcag(c) => wcag::judge(c, subject),
        Check::Transport(c) => transport::judge(c, subject),
        Check::Attestation(_) => Err(Gap::NotAttested.into()),
    }
}

/// Whether a check looks at every page its rule names; labels and links are always judged on the home page.
#[must_use]
pub fn looks_at_pages(check: &Check) -> bool {
    check.walk().iter().all(|c| {
        matches!(c, Check::Tracker(_) | Check::Element(_) | Check::AllOf(_) | Check::AnyOf(_) | Check::NoneOf(_))
    })
}

/// The pages a rule looks at, after the user's own choice.
#[must_use]
pub fn pages_of<'a>(rule: &'a Rule, chosen: Option<&'a Pages>) -> &'a Pages {
    if looks_at_pages(&rule.check) { chosen.unwrap_or(&rule.pages) } else { &Pages::Home }
}

fn note(code: &str, level: NoteLevel, message: Text, places: Vec<Place>) -> Note {
    Note { code: code.to_owned(), level, message, places }
}
