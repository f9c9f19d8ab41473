//! `links_to`: the home page links to declared sites. Addresses are compared by parsed host, never by text,
//! and a link counts when a person can see it and it leads there, by itself or by a redirect that was followed.

mod estate;
mod follow;
mod kin;
mod lead;
mod list;
mod sighted;
mod target;

use url::Url;

use super::label::technique;
use super::tracker::page_is_shell;
use super::{Decided, Judged, Subject, Unseen};
use crate::finding::{Basis, Evidence, MOST_PLACES, Note, Place, Share, safe};
use crate::policy::{LinksToCheck, Relatives, Text};
use crate::site::domains_of;
use crate::snapshot::{Gap, Hiding, Link, LinkForm, Page, Seen, Technique};
use follow::Unfollowed;
use lead::{Lead, leads};
use sighted::{differences, links};
use target::{Declared, Hit, Target, Targets};

pub use estate::{LinkedSites, MOST_HOSTS, linked_sites, portal_above};
pub use follow::{MOST_FOLLOWED, links_to_follow};

/// How well one link counts for a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Counts {
    /// It leads there, but no person can follow it.
    Not,
    /// It may count; the bytes do not tell.
    Maybe,
    /// It counts.
    Yes,
}

pub(super) fn judge(check: &LinksToCheck, subject: &Subject<'_>) -> Judged {
    let declared = Declared::of(subject.site, subject.estate);
    let targets = wanted(check, &declared);
    if targets.list().is_empty() {
        return Ok(nothing_to_link(check));
    }
    let page = subject.page?;
    let links = links(subject, page);
    let leads = leads(&links, &page.base);
    let reached = Reached::by(&leads, &targets, &declared, page);
    let share = *check.share.value().ok_or(Gap::NoData)?;
    let question =
        Question { check, subject, page, declared: &declared, targets: &targets, links: &links, leads: &leads, share };
    let mut tally = Tally::of(&reached, &question);
    if subject.rendered().is_none() {
        return tally.decide(&question);
    }
    tally.notes.extend(differences(&reached, &leads, (&targets, &declared), page));
    let mut judged = tally.decide(&question);
    let grounds = match &mut judged {
        Ok(decided) => &mut decided.grounds,
        Err(unseen) => &mut unseen.grounds,
    };
    grounds.basis = Some(Basis::Browser);
    judged
}

/// The sites that a check wants linked.
fn wanted(check: &LinksToCheck, declared: &Declared<'_>) -> Targets {
    Targets::new(match check.sites {
        Some(Relatives::Children) => declared.children(),
        Some(Relatives::Parent) => declared.parent(),
        None => check.urls.iter().filter_map(|u| Url::parse(u).ok()).map(Target::address).collect(),
    })
}

fn nothing_to_link(check: &LinksToCheck) -> Decided {
    match check.sites {
        Some(Relatives::Parent) => Decided::not_applicable(
            "no-parent",
            Text::new(
                "Chưa khai báo cổng mà trang trực thuộc (dùng --parent hoặc khóa parent trong sites.yml).",
                "The portal this site belongs to is not declared (use --parent, or the key parent in sites.yml).",
            ),
        ),
        _ => Decided::not_applicable(
            "no-components",
            Text::new(
                "Chưa khai báo trang thành phần nào (dùng --component hoặc sites.yml).",
                "No component site is declared (use --component, or sites.yml).",
            ),
        ),
    }
}

/// The best link to one target.
#[derive(Debug, Clone, Copy)]
struct Best<'a> {
    counts: Counts,
    hit: Hit,
    /// Which of the page's leads.
    lead: usize,
    /// Where it landed, when its own address is another's.
    landed: Option<&'a Url>,
}

/// Which targets the links of a page reach.
struct Reached<'a> {
    best: Vec<Option<Best<'a>>>,
}

impl<'a> Reached<'a> {
    fn by(leads: &[Lead<'_>], targets: &Targets, declared: &Declared<'_>, page: &'a Page) -> Self {
        let mut best: Vec<Option<Best<'a>>> = vec![None; targets.list().len()];
        let mut add = |target: usize, new: Best<'a>| {
            // A link by itself goes before a redirect, a home page before an inner one, the first before the next.
            let rank = |b: &Best<'_>| (b.counts, b.landed.is_none(), b.hit);
            if let Some(slot) = best.get_mut(target)
                && slot.as_ref().is_none_or(|old| rank(&new) > rank(old))
            {
                *slot = Some(new);
            }
        };
        for (n, lead) in leads.iter().enumerate() {
            for (target, hit) in declared.hits(&lead.address, &lead.host, targets) {
                add(target, Best { counts: lead.counts, hit, lead: n, landed: None });
            }
            if let Some((url, host)) = lead.landed(page) {
                for (target, hit) in declared.hits(url, &host, targets) {
                    add(target, Best { counts: lead.counts, hit, lead: n, landed: Some(url) });
                }
            }
        }
        Self { best }
    }

    fn counting(&self, counts: Counts) -> usize {
        self.best.iter().flatten().filter(|best| best.counts == counts).count()
    }

    /// Whether so many of the wanted sites are linked as the policy asks.
    fn enough(&self, all: usize, share: u32) -> bool {
        enough(self.counting(Counts::Yes), all, share)
    }

    /// Targets that no link certainly reaches.
    fn not_yet<'t>(&self, targets: &'t Targets) -> Vec<&'t Target> {
        let certain = |best: &Option<Best<'_>>| best.is_some_and(|best| best.counts == Counts::Yes);
        targets.list().iter().zip(&self.best).filter(|(_, best)| !certain(best)).map(|(target, _)| target).collect()
    }
}

fn enough(linked: usize, all: usize, share: u32) -> bool {
    linked * 100 >= all * share as usize
}

/// What is asked of one page.
struct Question<'a> {
    check: &'a LinksToCheck,
    subject: &'a Subject<'a>,
    page: &'a Page,
    declared: &'a Declared<'a>,
    targets: &'a Targets,
    /// The page's links.
    links: &'a [Link],
    /// Those among them that lead somewhere.
    leads: &'a [Lead<'a>],
    /// Per cent of the wanted sites that must be linked.
    share: u32,
}

/// A target whose best link may count, or not.
#[derive(Debug)]
struct Doubt<'a> {
    target: &'a Target,
    place: Place,
    /// What may hide the link, where the page says it.
    hiding: Option<(&'a Hiding, Place)>,
}

impl<'a> Doubt<'a> {
    fn of(target: &'a Target, place: Place, link: &'a Link) -> Self {
        let hiding = match &link.seen {
            Seen::Unsure(hiding) => hiding.spot.as_ref().map(|spot| (hiding, Place::of(&spot.source, spot.span))),
            _ => None,
        };
        Self { target, place, hiding }
    }

    /// Each link, and then what may hide it.
    fn places(all: &[Self]) -> Vec<Place> {
        let links = all.iter().map(|doubt| doubt.place.clone());
        let mut places: Vec<Place> = links.collect();
        for (_, place) in all.iter().filter_map(|doubt| doubt.hiding.as_ref()) {
            if !places.contains(place) {
                places.push(place.clone());
            }
        }
        places
    }

    /// Why nobody can say whether these links count, from the bytes alone: each reason once.
    fn text(all: &[Self], names: &str) -> Text {
        let mut hidings: Vec<Technique> = Vec::new();
        for (hiding, _) in all.iter().filter_map(|doubt| doubt.hiding.as_ref()) {
            if !hidings.contains(&hiding.technique) {
                hidings.push(hiding.technique);
            }
        }
        if hidings.is_empty() {
            return by_scripts(names);
        }
        let (vi, en): (Vec<&str>, Vec<&str>) = hidings.into_iter().map(technique).unzip();
        let (vi, en) = (vi.join(", "), en.join(", "));
        let scripts = all.iter().any(|doubt| doubt.hiding.is_none());
        let or = if scripts {
            (" hoặc phụ thuộc vào script của trang", ", or depend on the page's scripts")
        } else {
            ("", "")
        };
        Text::new(
            format!(
                "Liên kết đến {names} có thể không nhìn thấy được ({vi}){}; chỉ trình duyệt mới kết luận được.",
                or.0
            ),
            format!("Links to {names} may not be seen ({en}){}; only a browser can tell.", or.1),
        )
    }
}

fn by_scripts(names: &str) -> Text {
    Text::new(
        format!("Liên kết đến {names} phụ thuộc vào script của trang; chỉ trình duyệt mới kết luận được."),
        format!("Links to {names} depend on the page's scripts; only a browser can tell."),
    )
}

/// What the links of a page add up to.
#[derive(Debug, Default)]
struct Tally<'a> {
    linked: Vec<Place>,
    maybe: Vec<Doubt<'a>>,
    missing: Vec<&'a Target>,
    near: Vec<Place>,
    notes: Vec<Note>,
}

impl<'a> Tally<'a> {
    fn of(reached: &Reached<'_>, question: &Question<'a>) -> Self {
        let mut tally = Self::default();
        for (target, best) in question.targets.list().iter().zip(&reached.best) {
            let Some((best, lead)) = best.and_then(|best| Some((best, question.leads.get(best.lead)?))) else {
                tally.missing.push(target);
                continue;
            };
            let place = Place::within(&question.page.source, lead.link.span);
            match best.counts {
                Counts::Yes => {
                    tally.notes.extend(lead::notes(lead, best.hit, best.landed, target, &place));
                    tally.linked.push(place);
                }
                Counts::Maybe => tally.maybe.push(Doubt::of(target, place, lead.link)),
                Counts::Not => {
                    tally.near.push(place);
                    tally.missing.push(target);
                }
            }
        }
        tally
    }

    fn decide(mut self, question: &Question<'_>) -> Judged {
        let Question { check, subject, page, declared, targets, links, leads, share } = *question;
        let rendered = subject.rendered().is_some();
        let (all, linked, maybe) = (targets.list().len(), self.linked.len(), self.maybe.len());
        let expected = match targets.list() {
            [only] => only.shown(),
            _ if share == 100 => format!("{all}/{all}"),
            _ => format!("≥ {share} % × {all}"),
        };
        let actual = format!("{linked}/{all}");
        self.notes.extend(follow::dead(leads, check, subject, page, targets));
        self.notes.truncate(MOST_PLACES);
        if enough(linked, all, share) {
            let mut pass = Decided::pass(Text::new(
                format!("Trang chủ có liên kết đến {linked}/{all} địa chỉ cần có."),
                format!("The home page links to {linked} of {all} wanted addresses."),
            ));
            pass.grounds.places = self.linked;
            pass.grounds.evidence = missing(&self.missing);
            (pass.grounds.expected, pass.grounds.actual) = (Some(expected), Some(actual));
            pass.grounds.notes = self.notes;
            return Ok(pass);
        }
        // Those in doubt would be enough: then it is they, and none that has no link, on whom the answer waits.
        let in_doubt = enough(linked + maybe, all, share);
        let others = self.missing.iter().copied().filter(|_| !in_doubt);
        let names = names(others.chain(self.maybe.iter().map(|doubt| doubt.target)));
        let unfollowed = Unfollowed::among(leads, &self.missing, (check, subject, page), (targets, declared));
        let shell = !rendered && page_is_shell(page);
        let by_clicks = unknown_leads(links, page);
        let rescues = unfollowed.as_ref().map_or(0, |u| u.rescues);
        let open = if shell || by_clicks.is_some() { all } else { maybe + rescues };
        let earned = share_of(linked, open, all);
        let by_script = if in_doubt {
            Some(("link-in-doubt", Doubt::places(&self.maybe), Doubt::text(&self.maybe, &names)))
        } else if shell {
            Some(("application-shell", vec![Place::whole(&page.source.origin)], by_scripts(&names)))
        } else {
            by_clicks.map(|places| ("link-by-script", places, by_scripts(&names)))
        };
        let open = if let Some((code, places, why)) = by_script {
            let text = if rendered {
                Text::new(
                    format!("Trình duyệt chưa thử hết mọi chỗ có thể có liên kết đến {names}."),
                    format!("Not every place where links to {names} may be could be tried in the browser."),
                )
            } else {
                why
            };
            Some((Unseen::new(subject.needs_browser(), code, text), places, Vec::new()))
        } else {
            let rescue = unfollowed.as_ref().filter(|u| enough(linked + maybe + u.rescues, all, share));
            rescue.map(|u| (not_followed(u, &names), u.places.clone(), u.evidence.clone()))
        };
        if let Some((mut unseen, places, evidence)) = open {
            unseen.grounds.places = places;
            unseen.grounds.evidence = missing(&self.missing);
            unseen.grounds.evidence.extend(evidence);
            (unseen.grounds.expected, unseen.grounds.actual) = (Some(expected), Some(actual));
            unseen.grounds.notes = self.notes;
            unseen.grounds.earned = earned;
            return Err(unseen);
        }
        self.notes.extend(unfollowed.map(|u| u.note()));
        let mut fail = self.failed(&names, question);
        (fail.grounds.expected, fail.grounds.actual) = (Some(expected), Some(actual));
        fail.grounds.notes = self.notes;
        fail.grounds.earned = earned;
        Ok(fail)
    }

    /// A failure that names what is missing, and where it most likely belongs.
    fn failed(&mut self, names: &str, question: &Question<'_>) -> Decided {
        let Question { check, subject, page, declared, targets, leads, .. } = *question;
        let list = (check.sites == Some(Relatives::Children))
            .then(|| list::beginning(leads, targets, declared, &list::portal_hosts(subject.site), page))
            .flatten();
        let at = list.as_ref().and_then(|place| place.line).map_or_else(Text::default, |line| {
            Text::new(
                format!(" Danh sách trang thành phần có vẻ bắt đầu ở dòng {line}."),
                format!(" The list of component sites seems to begin at line {line}."),
            )
        });
        let mut fail = if self.near.is_empty() {
            Decided::fail(
                "missing-link",
                Text::new(
                    format!("Trang chủ không có liên kết đến {names}.{}", at.vi),
                    format!("The home page has no link to {names}.{}", at.en),
                ),
            )
        } else {
            Decided::fail(
                "link-hidden",
                Text::new(
                    format!("Trang chủ không có liên kết mà người dùng thấy và bấm được đến {names}.{}", at.vi),
                    format!("The home page has no link to {names} that a person can see and follow.{}", at.en),
                ),
            )
        };
        fail.grounds.evidence = missing(&self.missing);
        fail.grounds.subjects = self.missing.iter().filter_map(|t| t.subject()).collect();
        fail.grounds.evidence.extend(look_alikes(&self.missing, leads));
        fail.grounds.places = std::mem::take(&mut self.near);
        fail.grounds.places.extend(list);
        if fail.grounds.places.is_empty() {
            fail.grounds.places.push(last_link(page));
        }
        fail
    }
}

/// How many of several sites are linked, and of how many more nobody can say; of a single one the verdict says it.
fn share_of(linked: usize, open: usize, all: usize) -> Option<Share> {
    let parts = |n: usize| u32::try_from(n).ok();
    let open = open.min(all.saturating_sub(linked));
    (all > 1).then_some(Share { met: parts(linked)?, open: parts(open)?, of: parts(all)? })
}

fn not_followed(open: &Unfollowed, names: &str) -> Unseen {
    let (hosts, gap) = (open.names(), open.gap.name());
    let mut vi = format!(
        "Chưa thấy liên kết đến {names}, nhưng chưa theo dõi được liên kết đến {hosts} ({gap}); có thể chúng chuyển hướng đến đó."
    );
    let mut en = format!(
        "No link to {names} was seen, but links to {hosts} could not be followed ({gap}); they may redirect there."
    );
    if open.gap == Gap::NoData {
        vi.push_str(&format!(
            " Mỗi trang chủ chỉ theo dõi {MOST_FOLLOWED} liên kết; hãy khai báo các máy chủ này trong tệp danh sách trang."
        ));
        en.push_str(&format!(
            " Only {MOST_FOLLOWED} links of a home page are followed; declare these hosts in the sites file."
        ));
    }
    Unseen::new(open.gap, "link-not-followed", Text::new(vi, en))
}

fn missing(targets: &[&Target]) -> Vec<Evidence> {
    targets.iter().map(|t| Evidence::MissingLink { site: t.id.clone(), url: t.shown() }).collect()
}

/// Names of missing targets, at most five.
fn names<'t>(targets: impl Iterator<Item = &'t Target>) -> String {
    let mut names: Vec<String> = targets.map(Target::name).collect();
    let more = names.len().saturating_sub(5);
    names.truncate(5);
    let list = names.join(", ");
    if more > 0 { format!("{list} (+{more})") } else { list }
}

/// Clicks that lead somewhere the text does not tell.
fn unknown_leads(links: &[Link], page: &Page) -> Option<Vec<Place>> {
    let places: Vec<Place> = links
        .iter()
        .filter(|l| l.form == LinkForm::ScriptUnknown && !matches!(l.seen, Seen::Hidden(_)))
        .take(10)
        .map(|l| Place::within(&page.source, l.span))
        .collect();
    (!places.is_empty()).then_some(places)
}

/// Missing sites whose look-alikes are looked for; more would make the work grow with its square.
const MOST_COMPARED: usize = 100;

/// Links whose host looks like a wanted one but is another: it, or the user name before it, holds the wanted one's name
/// without lying under it.
fn look_alikes(targets: &[&Target], leads: &[Lead<'_>]) -> Vec<Evidence> {
    let hosts: Vec<String> = targets.iter().take(MOST_COMPARED).flat_map(|t| t.host_keys()).collect();
    let alike = |lead: &&Lead<'_>| {
        let of = |host: &String| {
            lead.address.authority().contains(host.as_str()) && domains_of(&lead.host).all(|domain| domain != host)
        };
        hosts.iter().any(of)
    };
    let found = leads.iter().filter(alike).take(10);
    found.map(|lead| Evidence::Element { what: "look-alike".to_owned(), text: safe(&lead.link.href, 200) }).collect()
}

/// Where a missing link belongs when no list is seen: the last link stands in the footer of nearly every portal.
fn last_link(page: &Page) -> Place {
    page.links.last().map_or_else(|| Place::whole(&page.source.origin), |l| Place::of(&page.source, l.span))
}
