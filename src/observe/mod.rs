//! One site from its bytes to its findings: acquire, then judge, page by page, so that no page outlives its
//! turn. Rules over the whole estate are decided later from what every site showed.

mod across;
mod estate;
mod mandatory;
mod notes;
mod others;
mod wish;

use std::collections::{BTreeMap, HashMap};
use std::sync::LazyLock;
use std::sync::atomic::Ordering;
use std::time::Instant;

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};
use url::Url;

use crate::acquire::folder::{Files, Folder};
use crate::acquire::{Needs, page};
use crate::check::{self, BrowserUse, Decided, Judged, LinkedSites, Subject, finding, gone, judge};
use crate::finding::{Basis, Finding, Note, NoteLevel, Place, Subject as About, Verdict};
use crate::policy::{LoadedPolicy, Pages, Rule, Text};
use crate::report::words;
use crate::run::{Applies, Browsing, Run};
use crate::site::{Recorded, Role, Site};
use crate::snapshot::{BrowserFacts, BrowserVisit, Gap, Origin, Page, PagesCovered, Visit};
use crate::tally::NO_HTML;

pub use across::{across_rule, across_site, not_judged, parent_name};
pub use estate::{Told, add_estate_rules, with_estate_rules};
pub use notes::{NOTES_OF_ESTATE, estate_notes, notes_of};
pub use others::Others;
pub use wish::{Wish, wish};

/// What one site gave: its findings, and what the estate's rules want to know of it.
#[derive(Debug)]
pub struct Observed {
    /// Findings by policy and rule, estate-wide rules left out.
    pub findings: Vec<Finding>,
    /// The way to it.
    pub visit: Visit,
    /// Which pages were read.
    pub covered: PagesCovered,
    /// Why it could not be read at all.
    pub gap: Option<Gap>,
    /// The code that says more than the gap.
    pub code: Option<&'static str>,
    /// Where its facts come from.
    pub basis: Basis,
    /// Ids by tracker.
    pub seen: BTreeMap<String, Vec<(String, Vec<Place>)>>,
    /// What its home page links to; `None` when it was not seen.
    pub links: Option<Box<HomeLinks>>,
    /// The browser it was shown to.
    pub browser: Option<BrowserVisit>,
    /// What `rasoat.lock` would record of it.
    pub state: Option<Recorded>,
}

impl Observed {
    fn told<'a>(&'a self, site: &'a Site) -> Told<'a> {
        Told {
            site,
            ids: &self.seen,
            gap: self.gap,
            code: self.code,
            basis: self.basis,
            final_url: self.visit.final_url.as_deref(),
        }
    }
}

/// The sites of which not every page was read, with their home pages.
#[must_use]
pub fn partly(run: &Run, observed: &[Observed]) -> HashMap<String, About> {
    let sites = run.judged.iter().filter_map(|id| run.estate.site(id)).zip(observed);
    let partly = sites.filter(|(_, observed)| !observed.covered.is_all());
    partly.map(|(site, _)| (site.id.clone(), About::home(site.url.as_ref()))).collect()
}

/// What a home page links to among the sites of the estate, small enough to be kept for thousands of sites.
#[derive(Debug)]
pub struct HomeLinks {
    /// The page.
    pub origin: Origin,
    /// Its links.
    pub linked: LinkedSites,
}

/// What was had of a site before judging: its home page, or why not.
#[derive(Debug)]
pub struct Home {
    /// The page.
    pub page: Result<Page, Gap>,
    /// The way to it.
    pub visit: Visit,
    /// Where its facts come from.
    pub basis: Basis,
    /// The code that says more than the gap.
    pub code: Option<&'static str>,
    /// What exactly went wrong, in a sentence beside the gap's own.
    pub detail: Option<Text>,
    /// The file or address that was read, or should have been.
    pub at: Option<Place>,
}

/// All that was had of a site's bytes before judging.
#[derive(Debug)]
pub struct Acquired {
    /// Its home page, or why not.
    pub home: Home,
    /// What its other pages add up to.
    pub others: Others,
    /// When work on it began.
    pub begun: Instant,
}

/// Reads a site whose built HTML lies in a folder.
#[must_use]
pub fn folder(run: &Run, needs: &Needs, site: &Site, files: Files) -> Acquired {
    let begun = Instant::now();
    let none = |gap, code| Home {
        page: Err(gap),
        visit: Visit::default(),
        basis: Basis::Static,
        code,
        detail: None,
        at: None,
    };
    let folder = match Folder::open_in(site, run.net.max_size, files) {
        Ok(folder) => folder,
        Err(gap) => return Acquired { home: none(gap, None), others: Others::default(), begun },
    };
    let listing = folder.list(&run.wanted_pages(), run.max_pages.unwrap_or(usize::MAX));
    if listing.html_files == 0 {
        return Acquired { home: none(Gap::Empty, Some(NO_HTML)), others: Others::default(), begun };
    }
    let mut covered = PagesCovered { beyond_limit: listing.beyond_limit, ..PagesCovered::default() };
    let mut others = Others::default();
    for unread in listing.unreadable {
        others.unread(unread.page, unread.gap);
    }
    let home = match &listing.home {
        None => none(Gap::NotFound, Some("no-index")),
        Some(file) => {
            let mut file = file.clone();
            let read = home_page(&folder, needs, &mut file);
            if let Ok(home) = &read {
                covered.fragments += u64::from(home.fragment);
            }
            let read = read.and_then(|p| if p.fragment { Err(Gap::NotHtml) } else { Ok(p) });
            let at = Some(Place::whole(&folder.origin(&file)));
            Home { page: read, visit: Visit::default(), basis: Basis::Static, code: None, detail: None, at }
        }
    };
    let one = |relative: &String| {
        let mut one = Others::default();
        if run.cancelled.load(Ordering::Relaxed) {
            one.unread(relative.clone(), Gap::Cancelled);
            return one;
        }
        match page::of_folder(&folder, relative, needs, page::Kind::Inner) {
            Ok(page) if page.fragment => one.fragment(relative.clone()),
            Ok(page) => one.judged(run, site, &page, relative),
            Err(gap) => one.unread(relative.clone(), gap),
        }
        one
    };
    // Order is kept by the reduction, so a report does not depend on which core was faster.
    let read = listing.others.par_iter().map(one).reduce(Others::default, Others::join);
    let mut others = others.join(read);
    others.covered.beyond_limit = covered.beyond_limit;
    others.covered.fragments += covered.fragments;
    Acquired { home, others, begun }
}

/// Most pages a home page may send its visitor on to.
const MOST_REFRESHES: usize = 5;

/// The home page of a folder; a same-site meta refresh or plain script redirect in it is followed, and `file` with it.
///
/// # Errors
/// Why there is none.
pub fn home_page(folder: &Folder, needs: &Needs, file: &mut String) -> Result<Page, Gap> {
    let mut seen = vec![file.clone()];
    loop {
        let page = page::of_folder(folder, file, needs, page::Kind::Home)?;
        let Some(to) = page.sends_to() else { return Ok(page) };
        match folder.page_at(&to).filter(|_| folder.owns(&to)) {
            None if folder.owns(&to) => return Err(Gap::NotFound),
            None => return Err(Gap::RedirectOffSite),
            // A page that only reloads itself stays.
            Some(next) if next == *file => return Ok(page),
            Some(next) if seen.contains(&next) || seen.len() > MOST_REFRESHES => return Err(Gap::RedirectLoop),
            Some(next) => {
                seen.push(next.clone());
                *file = next;
            }
        }
    }
}

/// The links of a home page that have to be followed before its rules can be judged.
#[must_use]
pub fn links_to_follow(run: &Run, site: &Site, page: &Page) -> Vec<Url> {
    let mut all: Vec<Url> = Vec::new();
    for (loaded, rule) in pairs(run, site) {
        if Run::applies(rule, site.role) == Applies::Yes {
            let more = check::links_to_follow(
                &rule.check,
                &subject(run, loaded, site, Ok(page), no_way(), without_browser(run)),
            );
            all.extend(more.into_iter().filter(|url| !all.contains(url)).collect::<Vec<_>>());
        }
    }
    all
}

/// A site that is no longer judged.
#[must_use]
pub fn retired(run: &Run, site: &Site) -> Observed {
    let findings = pairs(run, site)
        .filter(|(_, rule)| !rule.check.is_estate_wide())
        .map(|(policy, rule)| finding(&policy.policy, rule, site, Ok(gone(site)), Basis::Declared, 0))
        .collect();
    Observed {
        findings,
        visit: Visit::default(),
        covered: PagesCovered::default(),
        gap: None,
        code: None,
        basis: Basis::Declared,
        seen: BTreeMap::new(),
        links: None,
        browser: None,
        state: None,
    }
}

/// The rules that ask something of a site, in policy order.
fn pairs<'a>(run: &'a Run, site: &'a Site) -> impl Iterator<Item = (&'a LoadedPolicy, &'a Rule)> {
    run.policies
        .iter()
        .flat_map(|p| run.rules(p).map(move |r| (p, r)))
        .filter(|(_, rule)| Run::applies(rule, site.role) != Applies::No)
}

/// Judges a site by its bytes and, where it was shown to a browser, by what that saw.
#[must_use]
pub fn judged(run: &Run, site: &Site, acquired: &Acquired, facts: Option<&BrowserFacts>) -> Observed {
    let Acquired { home, others, begun } = acquired;
    let mut seen: BTreeMap<String, Vec<(String, Vec<Place>)>> = BTreeMap::new();
    let mut findings = Vec::new();
    let mut covered = others.covered.clone();
    let browser = facts.map_or_else(|| without_browser(run), BrowserUse::Visited);
    let elapsed =
        |since: Instant| if run.timed { u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX) } else { 0 };
    let reading = elapsed(*begun);
    if let Ok(page) = &home.page {
        covered.judged += 1;
        gather_ids(run, site, page, browser, &mut seen);
    } else if let Err(gap) = home.page {
        covered.unread += 1;
        if gap == Gap::NotHtml && covered.fragments > 0 {
            covered.unread -= 1;
        }
    }
    for (loaded, rule) in pairs(run, site).filter(|(_, rule)| !rule.check.is_estate_wide()) {
        let since = Instant::now();
        let judged = if Run::applies(rule, site.role) == Applies::RoleUnknown {
            Ok(role_unknown(&rule.applies_to))
        } else {
            // A page that sends its visitors away shows them nothing of what its bytes hold.
            let away = facts.and_then(BrowserFacts::leads_away);
            let page = home.page.as_ref().map_err(|gap| *gap).and_then(|page| away.map_or(Ok(page), Err));
            let subject = subject(run, loaded, site, page, (home.basis, &home.visit), browser);
            let mut judged = judge(&rule.check, &subject);
            say_why(&mut judged, home.page.as_ref().err().copied(), home.code);
            others.add_to(judged, &rule_key(loaded, rule), looks_beyond_home(run, rule), &covered)
        };
        let mut finding = finding(&loaded.policy, rule, site, judged, home.basis, elapsed(since));
        if finding.places.is_empty() && finding.gap.is_some() && finding.gap == home.page.as_ref().err().copied() {
            finding.places_total = home.at.iter().len() as u64;
            finding.places.extend(home.at.clone());
        }
        complete(&mut finding, home.page.as_ref().ok());
        note_downgrade(&mut finding, site, home.page.as_ref().ok());
        add_detail(&mut finding, home.page.as_ref().err().copied(), home.detail.as_ref());
        findings.push(finding);
    }
    if let Some(first) = findings.first_mut() {
        first.duration_ms += reading;
    }
    let links = home.page.as_ref().ok().and_then(|page| home_links(run, site, page, browser));
    // The first policy that knows a tracker: a lock has one entry for a site.
    let state = home.page.as_ref().ok().and_then(|page| {
        let with_tracker = run.policies.iter().find(|p| !p.policy.trackers.is_empty())?;
        check::state(&subject(run, with_tracker, site, Ok(page), (home.basis, &home.visit), browser))
    });
    let (gap, code) = (home.page.as_ref().err().copied(), home.code);
    let visit = home.visit.clone();
    let browser = facts.map(BrowserVisit::of);
    Observed { findings, visit, covered, gap, code, basis: home.basis, seen, links, browser, state }
}

/// A site that could not be read at all has one code for that, whichever rule asked.
fn say_why(judged: &mut Judged, gap: Option<Gap>, code: Option<&'static str>) {
    if let (Err(unseen), Some(code)) = (judged, code)
        && Some(unseen.gap) == gap
    {
        unseen.grounds.code = Some(code);
    }
}

/// Adds what every finding of a site shares: words for a bare gap, and the doubt about a page that resembles an
/// error page.
fn complete(finding: &mut Finding, home: Option<&Page>) {
    if let Some(gap) = finding.gap {
        if finding.message.vi.is_empty() {
            let cause = words::cause(gap);
            finding.message = Text::new(cause.vi, cause.en);
        }
        let remedy = words::remedy(gap);
        finding.fix.get_or_insert_with(|| Text::new(remedy.vi, remedy.en));
    }
    let doubtful = home.filter(|p| p.doubtful.is_some() && finding.verdict != Verdict::NotApplicable);
    if let Some(page) = doubtful {
        finding.notes.push(Note {
            code: "page-doubtful".to_owned(),
            level: NoteLevel::Warning,
            message: Text::new(
                "Trang giống một trang lỗi hoặc trang tạm; kết quả vẫn được xét trên trang này.",
                "The page resembles an error or placeholder page; it was judged all the same.",
            ),
            places: vec![Place::whole(&page.source.origin)],
        });
    }
}

/// A visitor who asked for https and was sent to http is told so; the page is judged all the same.
fn note_downgrade(finding: &mut Finding, site: &Site, home: Option<&Page>) {
    let asked = site.url.as_ref().map(url::Url::scheme);
    let Some(page) = home.filter(|p| asked == Some("https") && p.address.scheme() == "http") else { return };
    if finding.verdict == Verdict::NotApplicable {
        return;
    }
    finding.notes.push(Note {
        code: "https-downgrade".to_owned(),
        level: NoteLevel::Warning,
        message: Text::new(
            "Trang chuyển người truy cập từ https về http; kết quả được xét trên trang http.",
            "The site sends its visitors from https back to http; the http page was judged.",
        ),
        places: vec![Place::whole(&page.source.origin)],
    });
}

/// A site's own gap is told with its circumstances.
fn add_detail(finding: &mut Finding, gap: Option<Gap>, detail: Option<&Text>) {
    if let (Some(gap), Some(detail)) = (gap, detail)
        && finding.gap == Some(gap)
    {
        let message = &finding.message;
        finding.message = Text::new(format!("{} {}", message.vi, detail.vi), format!("{} {}", message.en, detail.en));
    }
}

fn looks_beyond_home(run: &Run, rule: &Rule) -> bool {
    check::looks_at_pages(&rule.check)
        && run.pages.as_ref().map_or(rule.pages != Pages::Home, |chosen| chosen.iter().any(|p| *p != Pages::Home))
}

fn rule_key(loaded: &LoadedPolicy, rule: &Rule) -> String {
    format!("{}/{}", loaded.policy.id, rule.id)
}

/// The way to a page where it does not matter, or there is none.
fn no_way() -> (Basis, &'static Visit) {
    static NO_VISIT: LazyLock<Visit> = LazyLock::new(Visit::default);
    (Basis::Static, &NO_VISIT)
}

fn subject<'a>(
    run: &'a Run,
    loaded: &'a LoadedPolicy,
    site: &'a Site,
    page: Result<&'a Page, Gap>,
    (basis, visit): (Basis, &'a Visit),
    browser: BrowserUse<'a>,
) -> Subject<'a> {
    Subject {
        basis,
        visit,
        now: run.now,
        site,
        estate: &run.estate,
        policy: &loaded.policy,
        page,
        recorded: run.recorded.get(&site.id),
        browser,
    }
}

/// What a browser adds where none was used.
fn without_browser(run: &Run) -> BrowserUse<'static> {
    if matches!(run.browsing, Browsing::Missing) { BrowserUse::Missing } else { BrowserUse::NotRequested }
}

fn home_links(run: &Run, site: &Site, page: &Page, browser: BrowserUse<'_>) -> Option<Box<HomeLinks>> {
    // Which policy it is does not matter: the links are the page's own.
    let subject = subject(run, run.policies.first()?, site, Ok(page), no_way(), browser);
    Some(Box::new(HomeLinks { origin: page.source.origin.clone(), linked: check::linked_sites(&subject) }))
}

fn gather_ids(
    run: &Run,
    site: &Site,
    page: &Page,
    browser: BrowserUse<'_>,
    seen: &mut BTreeMap<String, Vec<(String, Vec<Place>)>>,
) {
    for loaded in &run.policies {
        for (name, tracker) in &loaded.policy.trackers {
            let Ok(standing) = check::stand(&subject(run, loaded, site, Ok(page), no_way(), browser), name, tracker)
            else {
                continue;
            };
            let ids = seen.entry(name.clone()).or_default();
            for (id, place) in standing.ids.into_iter().zip(standing.id_places) {
                if !ids.iter().any(|(known, _)| *known == id) {
                    ids.push((id, vec![place]));
                }
            }
        }
    }
}

fn role_unknown(applies_to: &[Role]) -> Decided {
    let roles = applies_to.iter().map(|r| r.name()).collect::<Vec<_>>().join(", ");
    Decided::not_applicable(
        "role-unknown",
        Text::new(
            format!("Tiêu chí chỉ áp dụng cho vai trò {roles}; hãy cho biết vai trò bằng --role."),
            format!("The rule is bound to the role {roles}; say the target's role with --role."),
        ),
    )
}
