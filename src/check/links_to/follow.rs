//! Links that may redirect to a wanted site: which of them are worth following, and what it means for the answer
//! that some of them could not be followed. Follows none itself.

use std::collections::{HashMap, HashSet};

use url::Url;

use super::kin::Kin;
use super::lead::{Lead, leads};
use super::sighted::links;
use super::target::{Declared, Targets};
use super::{Counts, Reached, Target, wanted};
use crate::check::{Subject, note};
use crate::finding::{Evidence, MOST_PLACES, Note, NoteLevel, Place, safe};
use crate::policy::{Check, LinksToCheck, Relatives, Text};
use crate::site::{host_key, shown};
use crate::snapshot::{Gap, Landing, Page};

/// Most links of one home page that are followed.
pub const MOST_FOLLOWED: usize = 30;

/// Addresses of links that may redirect to a wanted site which no link reaches by itself: visible ones to hosts
/// that nobody declared, those under the portal's or the wanted site's domain first, one of each host before a
/// second one, at most [`MOST_FOLLOWED`]. Without fragment, user name and password, as
/// [`Page::landings`](crate::snapshot::Page::landings) names them. Empty when all that is wanted is linked.
#[must_use]
pub fn links_to_follow(check: &Check, subject: &Subject<'_>) -> Vec<Url> {
    let Ok(page) = subject.page else { return Vec::new() };
    let mut found: Vec<Url> = Vec::new();
    for part in check.walk() {
        if let Check::LinksTo(part) = part {
            let more = candidates(part, subject, page);
            found.extend(more.into_iter().filter(|url| !found.contains(url)).collect::<Vec<_>>());
        }
    }
    found.truncate(MOST_FOLLOWED);
    found
}

fn candidates(check: &LinksToCheck, subject: &Subject<'_>, page: &Page) -> Vec<Url> {
    let declared = Declared::of(subject.site, subject.estate);
    let targets = wanted(check, &declared);
    let links = links(subject, page);
    let leads = leads(&links, &page.base);
    let reached = Reached::by(&leads, &targets, &declared, page);
    let missing = reached.not_yet(&targets);
    if missing.is_empty() || check.share.value().is_none_or(|share| reached.enough(targets.list().len(), *share)) {
        return Vec::new();
    }
    let kin = kin_of(check, subject, &missing);
    let mut seen: HashSet<Url> = HashSet::new();
    let mut by_host: HashMap<&str, usize> = HashMap::new();
    let mut found: Vec<(bool, usize, Url)> = Vec::new();
    for lead in leads.iter().filter(|lead| may_redirect(lead, &targets, &declared)) {
        let url = lead.asked();
        if seen.insert(url.clone()) {
            let nth = by_host.entry(&lead.host).or_default();
            *nth += 1;
            found.push((!kin.has(&lead.host), *nth, url));
        }
    }
    // Stable: links of one rank stay in document order.
    found.sort_by_key(|(strange, nth, _)| (*strange, *nth));
    found.into_iter().take(MOST_FOLLOWED).map(|(_, _, url)| url).collect()
}

/// A person can follow it, and its host is no site's that is declared and judged.
fn may_redirect(lead: &Lead<'_>, targets: &Targets, declared: &Declared<'_>) -> bool {
    lead.counts != Counts::Not && !targets.at_host(&lead.host) && !declared.at_host(&lead.host)
}

/// Hosts that may well be the old address of a missing site: of the portal's house, or of the site's own.
fn kin_of(check: &LinksToCheck, subject: &Subject<'_>, missing: &[&Target]) -> Kin {
    Kin::of(portal_hosts(check, subject).into_iter().chain(missing.iter().flat_map(|t| t.host_keys())))
}

/// Hosts of the portal whose links to its components are judged; the portal of a component is itself the target.
fn portal_hosts(check: &LinksToCheck, subject: &Subject<'_>) -> Vec<String> {
    match check.sites {
        Some(Relatives::Children) => subject.site.addresses().filter_map(host_key).collect(),
        Some(Relatives::Parent) | None => Vec::new(),
    }
}

/// Unfollowed hosts that are compared with each missing site; beyond that any of them may be any.
const MOST_COMPARED: usize = 500;

/// Links that may lead to missing sites and could not be followed.
pub(super) struct Unfollowed {
    /// Why the first could not.
    pub(super) gap: Gap,
    /// How many missing sites they could lead to at most.
    pub(super) rescues: usize,
    pub(super) places: Vec<Place>,
    pub(super) evidence: Vec<Evidence>,
    hosts: Vec<String>,
}

impl Unfollowed {
    /// Those among a page's links; `None` when nothing was left unfollowed, or nobody tried (a folder).
    pub(super) fn among(
        leads: &[Lead<'_>],
        missing: &[&Target],
        (check, subject, page): (&LinksToCheck, &Subject<'_>, &Page),
        (targets, declared): (&Targets, &Declared<'_>),
    ) -> Option<Self> {
        if page.landings.is_empty() || missing.is_empty() {
            return None;
        }
        let followed: HashSet<String> = page.landings.keys().filter_map(host_key).collect();
        let kin = kin_of(check, subject, missing);
        let mut seen: HashSet<Url> = HashSet::new();
        let (mut hosts, mut known): (Vec<String>, HashSet<&str>) = Default::default();
        let mut found: Vec<(Gap, &Lead<'_>)> = Vec::new();
        for lead in leads.iter().filter(|lead| may_redirect(lead, targets, declared)) {
            let gap = match lead.landing(page) {
                Some(Landing::Unknown(gap)) => *gap,
                Some(Landing::At(_) | Landing::Dead(_)) => continue,
                // Beyond the limit; what one address of a host gave tells for the others.
                None if followed.contains(&lead.host) => continue,
                None => Gap::NoData,
            };
            if kin.has(&lead.host) && seen.insert(lead.asked()) {
                if known.insert(&lead.host) {
                    hosts.push(lead.host.clone());
                }
                found.push((gap, lead));
            }
        }
        let portal = Kin::of(portal_hosts(check, subject).into_iter());
        let all = hosts.len() > MOST_COMPARED || hosts.iter().any(|host| portal.has(host));
        let may_be_there = |target: &&&Target| {
            let own = Kin::of(target.host_keys());
            all || hosts.iter().any(|host| own.has(host))
        };
        let open = missing.iter().filter(may_be_there).count();
        let (gap, _) = found.first()?;
        Some(Self {
            gap: *gap,
            rescues: open.min(found.len()),
            places: found
                .iter()
                .take(MOST_PLACES)
                .map(|(_, lead)| Place::within(&page.source, lead.link.span))
                .collect(),
            evidence: found.iter().take(10).map(|(_, lead)| request(lead)).collect(),
            hosts,
        })
    }

    /// Their hosts, at most five, made safe.
    pub(super) fn names(&self) -> String {
        let shown = self.hosts.iter().take(5).map(|host| safe(host, 100)).collect::<Vec<_>>().join(", ");
        let more = self.hosts.len().saturating_sub(5);
        if more > 0 { format!("{shown} (+{more})") } else { shown }
    }

    /// The same beside an answer that does not hang on it.
    pub(super) fn note(&self) -> Note {
        let (names, gap) = (self.names(), self.gap.name());
        let text = Text::new(
            format!(
                "Chưa theo dõi được liên kết đến {names} ({gap}); có thể chúng chuyển hướng đến một trang bị coi là thiếu."
            ),
            format!(
                "Links to {names} could not be followed ({gap}); they may redirect to a site that is called missing."
            ),
        );
        note("link-not-followed", NoteLevel::Info, text, self.places.clone())
    }
}

fn request(lead: &Lead<'_>) -> Evidence {
    Evidence::Request { method: "GET".to_owned(), url: safe(&shown(&lead.address), 200), status: None }
}

/// Notes on links under the portal's domain that lead to nothing, one a host.
pub(super) fn dead(
    leads: &[Lead<'_>],
    check: &LinksToCheck,
    subject: &Subject<'_>,
    page: &Page,
    targets: &Targets,
) -> Vec<Note> {
    let mut portal = portal_hosts(check, subject);
    if check.sites == Some(Relatives::Parent) {
        portal.extend(targets.list().iter().flat_map(Target::host_keys));
    }
    let portal = Kin::of(portal.into_iter());
    let mut found: Vec<(&str, Gap, Vec<Place>)> = Vec::new();
    for lead in leads {
        let Some(Landing::Dead(gap)) = lead.landing(page) else { continue };
        if !portal.has(&lead.host) {
            continue;
        }
        let place = || Place::within(&page.source, lead.link.span);
        match found.iter_mut().find(|(host, known, _)| *host == lead.host && known == gap) {
            Some((_, _, places)) if places.len() < MOST_PLACES => places.push(place()),
            Some(_) => {}
            None => found.push((&lead.host, *gap, vec![place()])),
        }
    }
    let told = found.into_iter().map(|(host, gap, places)| {
        let (host, gap) = (safe(host, 100), gap.name());
        let text = Text::new(
            format!("Liên kết đến {host} không còn dẫn đến đâu ({gap})."),
            format!("The link to {host} no longer leads anywhere ({gap})."),
        );
        note("dead-link", NoteLevel::Warning, text, places)
    });
    told.collect()
}
