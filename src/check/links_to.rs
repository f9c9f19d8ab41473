//! `links_to`: the home page links to declared sites. Addresses are compared by parsed host, never by text,
//! and a link counts when a person can see it and it leads there.

mod target;

use url::Url;

use super::tracker::page_is_shell;
use super::{Decided, Judged, Subject, Unseen, note};
use crate::finding::{Evidence, MOST_PLACES, Note, NoteLevel, Place, safe};
use crate::policy::{LinksToCheck, Relatives, Text};
use crate::snapshot::{Gap, Link, LinkForm, OptionHandler, Page, Seen};
use target::{Declared, Hit, Target};

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
    let targets = match check.sites {
        Some(Relatives::Children) => declared.children(),
        Some(Relatives::Parent) => declared.parent(),
        None => check.urls.iter().filter_map(|u| Url::parse(u).ok()).map(Target::address).collect(),
    };
    if targets.is_empty() {
        return Ok(nothing_to_link(check));
    }
    let page = subject.page?;
    let mut tally = Tally::default();
    for target in &targets {
        tally.add(target, &declared, page);
    }
    let share = *check.share.value().ok_or(Gap::NoData)?;
    tally.decide(&targets, share, page, subject)
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

/// What the links of a page add up to.
#[derive(Debug, Default)]
struct Tally<'a> {
    linked: Vec<Place>,
    maybe: Vec<(&'a Target, Place)>,
    missing: Vec<&'a Target>,
    near: Vec<Place>,
    notes: Vec<Note>,
}

impl<'a> Tally<'a> {
    fn add(&mut self, target: &'a Target, declared: &Declared<'_>, page: &Page) {
        let mut best: Option<(Counts, Hit, &Link)> = None;
        for link in &page.links {
            let Some((hit, counts)) = lead(link, target, declared, page) else { continue };
            if best.as_ref().is_none_or(|(c, h, _)| (counts, hit.rank()) > (*c, h.rank())) {
                best = Some((counts, hit, link));
            }
        }
        match best {
            Some((Counts::Yes, hit, link)) => {
                let place = Place::of(&page.source, link.span);
                self.notes.extend(notes(link, hit, target, &place));
                self.linked.push(place);
            }
            Some((Counts::Maybe, _, link)) => self.maybe.push((target, Place::of(&page.source, link.span))),
            Some((Counts::Not, _, link)) => {
                self.near.push(Place::of(&page.source, link.span));
                self.missing.push(target);
            }
            None => self.missing.push(target),
        }
    }

    fn decide(mut self, targets: &[Target], share: u32, page: &Page, subject: &Subject<'_>) -> Judged {
        let (all, linked, maybe) = (targets.len(), self.linked.len(), self.maybe.len());
        let enough = |n: usize| n * 100 >= all * share as usize;
        let expected = match targets {
            [only] => only.shown(),
            _ if share == 100 => format!("{all}/{all}"),
            _ => format!("≥ {share} % × {all}"),
        };
        let actual = format!("{linked}/{all}");
        self.notes.truncate(MOST_PLACES);
        if enough(linked) {
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
        let names = names(self.missing.iter().copied().chain(self.maybe.iter().map(|(t, _)| *t)));
        let open = if enough(linked + maybe) {
            Some(("link-in-doubt", self.maybe.iter().map(|(_, p)| p.clone()).collect()))
        } else if page_is_shell(page) {
            Some(("application-shell", vec![Place::whole(&page.source.origin)]))
        } else {
            unknown_leads(page).map(|places| ("link-by-script", places))
        };
        if let Some((code, places)) = open {
            let mut unseen = Unseen::new(
                subject.needs_browser(),
                code,
                Text::new(
                    format!("Liên kết đến {names} phụ thuộc vào script của trang; chỉ trình duyệt mới kết luận được."),
                    format!("Links to {names} depend on the page's scripts; only a browser can tell."),
                ),
            );
            unseen.grounds.places = places;
            unseen.grounds.evidence = missing(&self.missing);
            (unseen.grounds.expected, unseen.grounds.actual) = (Some(expected), Some(actual));
            unseen.grounds.notes = self.notes;
            return Err(unseen);
        }
        let mut fail = if self.near.is_empty() {
            Decided::fail(
                "missing-link",
                Text::new(
                    format!("Trang chủ không có liên kết đến {names}."),
                    format!("The home page has no link to {names}."),
                ),
            )
        } else {
            Decided::fail(
                "link-hidden",
                Text::new(
                    format!("Trang chủ không có liên kết mà người dùng thấy và bấm được đến {names}."),
                    format!("The home page has no link to {names} that a person can see and follow."),
                ),
            )
        };
        fail.grounds.evidence = missing(&self.missing);
        fail.grounds.evidence.extend(look_alikes(&self.missing, page));
        fail.grounds.places = if self.near.is_empty() { vec![likely_place(page)] } else { self.near };
        (fail.grounds.expected, fail.grounds.actual) = (Some(expected), Some(actual));
        fail.grounds.notes = self.notes;
        Ok(fail)
    }
}

/// Whether a link leads to a target, and whether it counts.
fn lead(link: &Link, target: &Target, declared: &Declared<'_>, page: &Page) -> Option<(Hit, Counts)> {
    if link.form == LinkForm::ScriptUnknown {
        return None;
    }
    let address = page.base.join(&link.href).ok()?;
    let hit = declared.hit(&address, target)?;
    let by_form = match link.form {
        LinkForm::Option(OptionHandler::None) => Counts::Not,
        LinkForm::Option(OptionHandler::MaybeScript) => Counts::Maybe,
        _ => Counts::Yes,
    };
    let by_sight = match link.seen {
        Seen::Yes | Seen::InDetails | Seen::InMenu(_) => Counts::Yes,
        Seen::Unsure(_) => Counts::Maybe,
        Seen::Hidden(_) => Counts::Not,
    };
    Some((hit, by_form.min(by_sight)))
}

/// What is worth saying of a link that counts.
fn notes(link: &Link, hit: Hit, target: &Target, place: &Place) -> Vec<Note> {
    let name = target.name();
    let mut said: Vec<(&str, NoteLevel, String, String)> = Vec::new();
    match link.form {
        LinkForm::Option(_) => said.push((
            "link-in-select",
            NoteLevel::Info,
            format!("Liên kết đến {name} nằm trong danh sách chọn."),
            format!("The link to {name} is an option of a list."),
        )),
        LinkForm::Script => said.push((
            "link-by-script",
            NoteLevel::Warning,
            format!("Liên kết đến {name} chỉ hoạt động bằng script; nên dùng thẻ a có href."),
            format!("The link to {name} works by script only; use an a element with href."),
        )),
        _ => {}
    }
    match link.seen {
        Seen::InMenu(_) => said.push((
            "link-in-menu",
            NoteLevel::Info,
            format!("Liên kết đến {name} nằm trong trình đơn mở khi rê chuột hoặc bấm."),
            format!("The link to {name} is in a menu that opens on hover or click."),
        )),
        Seen::InDetails => said.push((
            "link-in-details",
            NoteLevel::Info,
            format!("Liên kết đến {name} nằm trong mục đang thu gọn."),
            format!("The link to {name} is in a collapsed section."),
        )),
        _ => {}
    }
    match hit {
        Hit::OtherPort => said.push((
            "other-port",
            NoteLevel::Warning,
            format!("Liên kết đến {name} dùng cổng khác với địa chỉ khai báo."),
            format!("The link to {name} uses another port than the declared address."),
        )),
        Hit::Deep => said.push((
            "deep-link",
            NoteLevel::Info,
            format!("Liên kết đến {name} dẫn tới trang con, không phải trang chủ."),
            format!("The link to {name} leads to an inner page, not the home page."),
        )),
        Hit::Home => {}
    }
    said.into_iter().map(|(code, level, vi, en)| note(code, level, Text::new(vi, en), vec![place.clone()])).collect()
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
fn unknown_leads(page: &Page) -> Option<Vec<Place>> {
    let places: Vec<Place> = page
        .links
        .iter()
        .filter(|l| l.form == LinkForm::ScriptUnknown && !matches!(l.seen, Seen::Hidden(_)))
        .take(10)
        .map(|l| Place::of(&page.source, l.span))
        .collect();
    (!places.is_empty()).then_some(places)
}

/// Links whose host looks like a wanted one but is another.
fn look_alikes(targets: &[&Target], page: &Page) -> Vec<Evidence> {
    let hosts: Vec<&str> = targets.iter().flat_map(|t| t.hosts()).collect();
    page.links
        .iter()
        .filter(|l| hosts.iter().any(|h| l.href.contains(h)))
        .take(10)
        .map(|l| Evidence::Element { what: "look-alike".to_owned(), text: safe(&l.href, 200) })
        .collect()
}

/// Where a missing link most likely belongs: the page's last link stands in the footer of nearly every portal.
fn likely_place(page: &Page) -> Place {
    page.links.last().map_or_else(|| Place::whole(&page.source.origin), |l| Place::of(&page.source, l.span))
}
