//! One site from its bytes to its findings: acquire, then judge, page by page, so that no page outlives its
//! turn. Rules over the whole estate are decided later from what every site showed.

use std::collections::BTreeMap;
use std::sync::atomic::Ordering;
use std::time::Instant;

use rayon::prelude::{IntoParallelRefIterator, ParallelIterator};

use crate::acquire::folder::Folder;
use crate::acquire::{Needs, page};
use crate::check::{self, Decided, Judged, Opinion, Seen, Subject, finding, gone, judge};
use crate::finding::{Basis, Finding, MOST_PLACES, Note, NoteLevel, Place, Verdict};
use crate::policy::{Check, LoadedPolicy, Pages, Rule, Text};
use crate::report::words;
use crate::run::{Applies, Run};
use crate::site::Site;
use crate::snapshot::{Gap, Page, PagesCovered, UnreadPage, Visit};
use crate::tally::NO_HTML;

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
    /// The file or address that was read, or should have been.
    pub at: Option<Place>,
}

/// Judges a site whose built HTML lies in a folder.
#[must_use]
pub fn folder(run: &Run, needs: &Needs, site: &Site) -> Observed {
    let begun = Instant::now();
    if site.retired {
        return retired(run, site);
    }
    let none = |gap, code| Home { page: Err(gap), visit: Visit::default(), basis: Basis::Static, code, at: None };
    let folder = match Folder::open(site, run.net.max_size) {
        Ok(folder) => folder,
        Err(gap) => return observe(run, site, none(gap, None), Others::default(), begun),
    };
    let listing = folder.list(&run.wanted_pages(), run.max_pages);
    if listing.html_files == 0 {
        return observe(run, site, none(Gap::Empty, Some(NO_HTML)), Others::default(), begun);
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
            Home { page: read, visit: Visit::default(), basis: Basis::Static, code: None, at }
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
    observe(run, site, home, others, begun)
}

/// Most pages a home page may send its visitor on to.
const MOST_REFRESHES: usize = 5;

/// The home page; a same-site meta refresh or plain script redirect in it is followed, and `file` with it.
fn home_page(folder: &Folder, needs: &Needs, file: &mut String) -> Result<Page, Gap> {
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

/// Judges a site whose home page was fetched, or was not.
#[must_use]
pub fn fetched(run: &Run, site: &Site, home: Home, begun: Instant) -> Observed {
    observe(run, site, home, Others::default(), begun)
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
    }
}

/// The rules that ask something of a site, in policy order.
fn pairs<'a>(run: &'a Run, site: &'a Site) -> impl Iterator<Item = (&'a LoadedPolicy, &'a Rule)> {
    run.policies
        .iter()
        .flat_map(|p| run.rules(p).map(move |r| (p, r)))
        .filter(|(_, rule)| Run::applies(rule, site.role) != Applies::No)
}

fn observe(run: &Run, site: &Site, home: Home, mut others: Others, begun: Instant) -> Observed {
    let mut seen: BTreeMap<String, Vec<(String, Vec<Place>)>> = BTreeMap::new();
    let mut findings = Vec::new();
    let elapsed =
        |since: Instant| if run.timed { u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX) } else { 0 };
    let reading = elapsed(begun);
    if let Ok(page) = &home.page {
        others.covered.judged += 1;
        gather_ids(run, site, page, &mut seen);
    } else if let Err(gap) = home.page {
        others.covered.unread += 1;
        if gap == Gap::NotHtml && others.covered.fragments > 0 {
            others.covered.unread -= 1;
        }
    }
    for (loaded, rule) in pairs(run, site).filter(|(_, rule)| !rule.check.is_estate_wide()) {
        let since = Instant::now();
        let judged = if Run::applies(rule, site.role) == Applies::RoleUnknown {
            Ok(role_unknown(rule))
        } else {
            let subject = subject(run, loaded, site, home.page.as_ref().map_err(|gap| *gap));
            let mut judged = judge(&rule.check, &subject);
            say_why(&mut judged, home.page.as_ref().err().copied(), home.code);
            others.add_to(judged, &rule_key(loaded, rule), looks_beyond_home(run, rule))
        };
        let mut finding = finding(&loaded.policy, rule, site, judged, home.basis, elapsed(since));
        if finding.places.is_empty() && finding.gap.is_some() && finding.gap == home.page.as_ref().err().copied() {
            finding.places_total = home.at.iter().len() as u64;
            finding.places.extend(home.at.clone());
        }
        complete(&mut finding, home.page.as_ref().ok());
        findings.push(finding);
    }
    if let Some(first) = findings.first_mut() {
        first.duration_ms += reading;
    }
    let (gap, code) = (home.page.err(), home.code);
    Observed { findings, visit: home.visit, covered: others.covered, gap, code, basis: home.basis, seen }
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

fn looks_beyond_home(run: &Run, rule: &Rule) -> bool {
    check::looks_at_pages(&rule.check)
        && run.pages.as_ref().map_or(rule.pages != Pages::Home, |chosen| chosen.iter().any(|p| *p != Pages::Home))
}

fn rule_key(loaded: &LoadedPolicy, rule: &Rule) -> String {
    format!("{}/{}", loaded.policy.id, rule.id)
}

fn subject<'a>(run: &'a Run, loaded: &'a LoadedPolicy, site: &'a Site, page: Result<&'a Page, Gap>) -> Subject<'a> {
    Subject {
        site,
        estate: &run.estate,
        policy: &loaded.policy,
        page,
        recorded: run.recorded.get(&site.id).map(String::as_str),
        browser: run.browser,
    }
}

fn gather_ids(run: &Run, site: &Site, page: &Page, seen: &mut BTreeMap<String, Vec<(String, Vec<Place>)>>) {
    for loaded in &run.policies {
        for (name, tracker) in &loaded.policy.trackers {
            let Ok(standing) = check::stand(&subject(run, loaded, site, Ok(page)), name, tracker) else { continue };
            let ids = seen.entry(name.clone()).or_default();
            for (id, place) in standing.ids.into_iter().zip(standing.id_places) {
                if !ids.iter().any(|(known, _)| *known == id) {
                    ids.push((id, vec![place]));
                }
            }
        }
    }
}

fn role_unknown(rule: &Rule) -> Decided {
    let roles = rule.applies_to.iter().map(|r| r.name()).collect::<Vec<_>>().join(", ");
    Decided::not_applicable(
        "role-unknown",
        Text::new(
            format!("Tiêu chí chỉ áp dụng cho vai trò {roles}; hãy cho biết vai trò bằng --role."),
            format!("The rule is bound to the role {roles}; say the target's role with --role."),
        ),
    )
}

/// What the pages beside the home page add up to: only what does not pass is kept.
#[derive(Debug, Default)]
struct Others {
    covered: PagesCovered,
    /// By rule: the first failure with the places of all, and how many there are.
    failed: BTreeMap<String, (Decided, u64)>,
    /// By rule: the first page whose facts were missing.
    open: BTreeMap<String, crate::check::Unseen>,
    unread: Option<Gap>,
}

impl Others {
    fn fragment(&mut self, page: String) {
        self.covered.fragments += 1;
        self.covered.fragment_names.push(page);
    }

    fn unread(&mut self, page: String, gap: Gap) {
        self.covered.unread += 1;
        self.covered.unread_names.push(UnreadPage { page, gap });
        self.unread = self.unread.or(Some(gap));
    }

    fn judged(&mut self, run: &Run, site: &Site, page: &Page, name: &str) {
        self.covered.judged += 1;
        for (loaded, rule) in
            pairs(run, site).filter(|(_, rule)| looks_beyond_home(run, rule) && takes(run, rule, name))
        {
            if Run::applies(rule, site.role) != Applies::Yes {
                continue;
            }
            match judge(&rule.check, &subject(run, loaded, site, Ok(page))) {
                Ok(decided) if decided.opinion == Opinion::Fail => {
                    self.failed.insert(rule_key(loaded, rule), (decided, 1));
                }
                Ok(_) => {}
                Err(unseen) => {
                    self.open.insert(rule_key(loaded, rule), unseen);
                }
            }
        }
    }

    /// This and what came after it.
    fn join(mut self, later: Self) -> Self {
        let covered = later.covered;
        self.covered.judged += covered.judged;
        self.covered.fragments += covered.fragments;
        self.covered.unread += covered.unread;
        self.covered.beyond_limit += covered.beyond_limit;
        self.covered.fragment_names.extend(covered.fragment_names);
        self.covered.fragment_names.truncate(MOST_PLACES);
        self.covered.unread_names.extend(covered.unread_names);
        self.covered.unread_names.truncate(MOST_PLACES);
        for (rule, (decided, count)) in later.failed {
            match self.failed.get_mut(&rule) {
                Some((first, total)) => {
                    *total += count;
                    first.grounds.more_places += decided.grounds.more_places;
                    first.grounds.add_places(decided.grounds.places);
                }
                None => {
                    self.failed.insert(rule, (decided, count));
                }
            }
        }
        for (rule, unseen) in later.open {
            self.open.entry(rule).or_insert(unseen);
        }
        self.unread = self.unread.or(later.unread);
        self
    }

    /// The home page's answer and the other pages' together: any failure fails, else anything open leaves it open.
    fn add_to(&mut self, home: Judged, rule: &str, beyond_home: bool) -> Judged {
        if !beyond_home {
            return home;
        }
        let failed = self.failed.remove(rule);
        match (home, failed) {
            (Ok(mut decided), failed) if decided.opinion == Opinion::Fail => {
                if let Some((more, _)) = failed {
                    decided.grounds.more_places += more.grounds.more_places;
                    decided.grounds.add_places(more.grounds.places);
                }
                Ok(decided)
            }
            (_, Some((decided, pages))) => Ok(over_pages(decided, pages)),
            (Err(unseen), None) => Err(unseen),
            (Ok(decided), None) => match (self.open.remove(rule), self.unread) {
                (Some(unseen), _) => Err(unseen),
                (None, Some(gap)) => Err(pages_unread(gap, &self.covered)),
                (None, None) => Ok(decided),
            },
        }
    }
}

fn takes(run: &Run, rule: &Rule, name: &str) -> bool {
    // The listing already followed the user's choice; a rule's own glob is its own affair.
    match (&run.pages, &rule.pages) {
        (Some(_), _) | (None, Pages::All) => true,
        (None, Pages::Home) => false,
        (None, Pages::Glob(glob)) => {
            globset::Glob::new(glob.trim_start_matches('/')).is_ok_and(|g| g.compile_matcher().is_match(name))
        }
    }
}

fn over_pages(mut decided: Decided, pages: u64) -> Decided {
    if pages > 1 {
        let reason = &decided.grounds.reason;
        decided.grounds.reason =
            Text::new(format!("{} ({pages} trang)", reason.vi), format!("{} ({pages} pages)", reason.en));
    }
    decided
}

fn pages_unread(gap: Gap, covered: &PagesCovered) -> crate::check::Unseen {
    let names: Vec<&str> = covered.unread_names.iter().take(5).map(|u| u.page.as_str()).collect();
    let names = crate::finding::safe(&names.join(", "), 300);
    let mut unseen = crate::check::Unseen::from(gap);
    unseen.grounds.code = Some("pages-unread");
    unseen.grounds.reason = Text::new(
        format!("Không đọc được {} trang: {names}.", covered.unread),
        format!("{} pages could not be read: {names}.", covered.unread),
    );
    unseen
}

/// What the estate's rules want to know of a site.
#[must_use]
pub fn contribution(site: &Site, observed: &Observed, tracker: &str) -> Seen {
    Seen {
        site: site.id.clone(),
        ids: observed.seen.get(tracker).cloned().unwrap_or_default(),
        declared: site.emc_site_id.clone(),
        gap: observed.gap,
    }
}

/// The findings of every site in declared order, rules in policy order, rules over the estate decided last.
#[must_use]
pub fn with_estate_rules(run: &Run, observed: &[Observed]) -> Vec<Finding> {
    let sites: Vec<&Site> = run.judged.iter().filter_map(|id| run.estate.site(id)).collect();
    let mut by_site: Vec<Vec<Finding>> = observed.iter().map(|o| o.findings.clone()).collect();
    for loaded in &run.policies {
        for rule in run.rules(loaded).filter(|r| r.check.is_estate_wide()) {
            // Retired sites are not visited, so they neither answer nor count as users of an id.
            let asked: Vec<usize> = (0..sites.len())
                .filter(|i| !sites[*i].retired && Run::applies(rule, sites[*i].role) == Applies::Yes)
                .collect();
            let tracker = tracker_of(loaded, rule);
            let mut seen: Vec<Seen> = asked.iter().map(|i| contribution(sites[*i], &observed[*i], &tracker)).collect();
            seen.extend(declared_elsewhere(run, rule));
            let mut answers = check::over_estate(&seen, run.shard.is_some()).into_iter();
            for (i, site) in sites.iter().enumerate() {
                let judged = match Run::applies(rule, site.role) {
                    Applies::No => continue,
                    Applies::RoleUnknown => Ok(role_unknown(rule)),
                    Applies::Yes if site.retired => Ok(gone(site)),
                    Applies::Yes => {
                        let mut judged = answers.next().unwrap_or_else(|| Err(Gap::NoData.into()));
                        say_why(&mut judged, observed[i].gap, observed[i].code);
                        judged
                    }
                };
                let mut finding = finding(&loaded.policy, rule, site, judged, observed[i].basis, 0);
                complete(&mut finding, None);
                by_site[i].push(finding);
            }
        }
    }
    for findings in &mut by_site {
        findings.sort_by_key(|f| order(run, f));
    }
    by_site.into_iter().flatten().collect()
}

/// Entries of the sites file that this run does not judge still use the ids they declare. A target that is no
/// entry may be one of them under another name, so nothing is said of it.
fn declared_elsewhere<'a>(run: &'a Run, rule: &'a Rule) -> impl Iterator<Item = Seen> + 'a {
    let entries_only = run.judged.iter().filter_map(|id| run.estate.site(id)).all(|s| s.declared.is_some());
    run.estate
        .sites
        .iter()
        .filter(move |s| entries_only && !s.retired && !run.judged.contains(&s.id) && s.emc_site_id.is_some())
        .filter(|s| Run::applies(rule, s.role) == Applies::Yes)
        .map(|s| Seen { site: s.id.clone(), ids: Vec::new(), declared: s.emc_site_id.clone(), gap: None })
}

/// The rule's place among all rules of the run.
fn order(run: &Run, finding: &Finding) -> (usize, usize) {
    let policy = run.policies.iter().position(|p| p.policy.id == finding.policy).unwrap_or(usize::MAX);
    let rules = run.policies.get(policy).map(|p| &p.policy.rules);
    let rule = rules.and_then(|r| r.iter().position(|r| r.id == finding.rule)).unwrap_or(usize::MAX);
    (policy, rule)
}

fn tracker_of(loaded: &LoadedPolicy, rule: &Rule) -> String {
    let named = rule.check.walk().into_iter().find_map(|c| match c {
        Check::UniqueId(reference) => reference.tracker.clone(),
        _ => None,
    });
    named.or_else(|| loaded.policy.trackers.keys().next().cloned()).unwrap_or_default()
}
