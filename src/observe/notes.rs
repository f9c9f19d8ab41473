//! What is said of the estate as a whole, beside all findings: component sites that no portal links to, links to
//! the wrong portal, to dead and to retired sites, and hosts that the sites file lacks. Sorted by name, so that it
//! depends neither on which site answered first nor on the order of the sites file. Never changes a verdict.

use std::collections::{BTreeMap, HashSet};

use super::{HomeLinks, Observed, Told};
use crate::check;
use crate::finding::{Basis, MOST_PLACES, Note, NoteLevel, Place, safe};
use crate::policy::{Date, Text};
use crate::report::words;
use crate::run::Run;
use crate::site::{Estate, Parent, Role, Site, shown};
use crate::snapshot::{Gap, Position};

/// Most names that one note lists.
const LISTED: usize = 100;

/// The codes of these notes: those that a merge tells anew.
pub const NOTES_OF_ESTATE: [&str; 5] =
    ["orphan", "links-to-other-portal", "link-to-retired-site", "link-to-dead-site", "undeclared-hosts"];

/// A site whose home page was seen.
struct SeenSite<'a> {
    site: &'a Site,
    links: &'a HomeLinks,
}

impl SeenSite<'_> {
    fn place(&self, at: Position) -> Place {
        let mut place = Place::whole(&self.links.origin);
        (place.line, place.column) = (Some(at.line), Some(at.column));
        place
    }
}

/// What is said of the estate as a whole at the end of a run. A shard knows too little of it, and says
/// only what holds for the run.
#[must_use]
pub fn estate_notes(run: &Run, observed: &[Observed]) -> Vec<Note> {
    let mut notes = Vec::new();
    if run.shard.is_none() {
        let judged = run.judged.iter().filter_map(|id| run.estate.site(id)).zip(observed);
        notes = notes_of(&run.estate, judged.map(|(site, o)| (o.told(site), o.links.as_deref())), !run.ad_hoc);
    }
    notes.extend(super::mandatory::notes(run));
    notes.extend(not_compared(run));
    notes
}

/// Recorded sites that nobody declares: a site that was given another id is compared with nothing.
fn not_compared(run: &Run) -> Option<Note> {
    // Of shards the first says it for all.
    if run.ad_hoc || run.shard.is_some_and(|shard| shard.index > 1) {
        return None;
    }
    let ids: Vec<&String> = run.recorded.keys().filter(|id| run.estate.site(id).is_none()).collect();
    let names: Vec<String> = ids.iter().take(LISTED).map(|id| safe(id, 100)).collect();
    let (n, names) = (ids.len(), names.join(", "));
    (n > 0).then(|| Note {
        code: "lock-unmatched".to_owned(),
        level: NoteLevel::Warning,
        message: Text::new(
            format!(
                "rasoat.lock có mục của trang mà tệp danh sách trang không khai ({n}): {names}. Trang đã đổi id thì không còn được so sánh với mục đã ghi: đổi id của mục đó, hoặc chạy `rasoat lock`."
            ),
            format!(
                "rasoat.lock has entries of sites that the sites file does not declare ({n}): {names}. A site that was given another id is no longer compared with what was recorded: rename its entry, or run `rasoat lock`."
            ),
        ),
        places: Vec::new(),
    })
}

/// What is said of the estate as a whole: each judged site with what its home page links to, and whether hosts that
/// nobody declared are told.
pub fn notes_of<'a>(
    estate: &Estate,
    judged: impl Iterator<Item = (Told<'a>, Option<&'a HomeLinks>)>,
    with_hosts: bool,
) -> Vec<Note> {
    let (mut seen, mut dead) = (Vec::new(), BTreeMap::new());
    for (told, links) in judged {
        seen.extend(links.map(|links| SeenSite { site: told.site, links }));
        if let Some(gap) = told.gap.filter(|gap| told.basis == Basis::Http && is_dead(*gap)) {
            dead.insert(told.site.id.as_str(), gap);
        }
    }
    seen.sort_by(|a, b| a.site.id.cmp(&b.site.id));
    let mut notes = orphans(&seen, estate);
    notes.extend(other_portals(&seen, estate));
    notes.extend(links_to_gone(&seen, estate, &dead));
    if with_hosts {
        notes.extend(undeclared(&seen, estate));
    }
    notes
}

/// Nothing of the site answers there; what answers slowly or refuses us may well be alive.
fn is_dead(gap: Gap) -> bool {
    matches!(gap, Gap::Dns | Gap::Refused | Gap::NotFound | Gap::Soft404 | Gap::ServerError | Gap::Placeholder)
}

fn linked<'a>(seen: &'a SeenSite<'_>, estate: &'a Estate) -> impl Iterator<Item = (&'a Site, Position)> {
    let sites = seen.links.linked.sites.iter();
    sites
        .filter_map(|(n, at)| Some((estate.sites().get(*n as usize)?, *at)))
        .filter(|(site, _)| site.id != seen.site.id)
}

/// Component sites that no portal's home page links to, told of each portal that was seen wholly.
fn orphans(seen: &[SeenSite<'_>], estate: &Estate) -> Vec<Note> {
    let portals = || seen.iter().filter(|s| s.site.role == Some(Role::Portal));
    let reached: HashSet<&str> = portals().flat_map(|s| linked(s, estate)).map(|(site, _)| site.id.as_str()).collect();
    let mut notes = Vec::new();
    for portal in portals().filter(|s| s.links.linked.complete) {
        let children = estate.children(&portal.site.id).filter(|s| !s.retired && s.role == Some(Role::Component));
        let mut alone: Vec<&str> = children.map(|s| s.id.as_str()).filter(|id| !reached.contains(id)).collect();
        if alone.is_empty() {
            continue;
        }
        alone.sort_unstable();
        let (n, names, portal_id) = (alone.len(), list(&alone), safe(&portal.site.id, 100));
        notes.push(Note {
            code: "orphan".to_owned(),
            level: NoteLevel::Warning,
            message: Text::new(
                format!(
                    "Trang thành phần của {portal_id} mà trang chủ của cổng nào cũng không liên kết đến ({n}): {names}."
                ),
                format!("Component sites of {portal_id} that no portal's home page links to ({n}): {names}."),
            ),
            places: vec![Place::whole(&portal.links.origin)],
        });
    }
    notes
}

/// Component sites that link to another declared portal, and not to their own.
fn other_portals(seen: &[SeenSite<'_>], estate: &Estate) -> Vec<Note> {
    let mut pairs: BTreeMap<(String, &str), Vec<(&str, Place)>> = BTreeMap::new();
    let components = seen.iter().filter(|s| s.site.role == Some(Role::Component));
    for component in components.filter(|s| s.links.linked.complete && !s.links.linked.to_parent) {
        let own = match &component.site.parent {
            Some(Parent::Declared(id)) => id.clone(),
            Some(Parent::Elsewhere(url)) => shown(url),
            None => continue,
        };
        for (other, at) in linked(component, estate).filter(|(s, _)| s.role == Some(Role::Portal) && !s.retired) {
            pairs.entry((own.clone(), &other.id)).or_default().push((&component.site.id, component.place(at)));
        }
    }
    let told = pairs.into_iter().map(|((own, other), links)| {
        let names: Vec<&str> = links.iter().map(|(id, _)| *id).collect();
        let (n, names, own, other) = (names.len(), list(&names), safe(&own, 200), safe(other, 100));
        Note {
            code: "links-to-other-portal".to_owned(),
            level: NoteLevel::Warning,
            message: Text::new(
                format!("Trang thành phần của {own} liên kết đến cổng khác là {other} mà không liên kết đến cổng của mình ({n}): {names}."),
                format!("Component sites of {own} that link to another portal, {other}, and not to their own ({n}): {names}."),
            ),
            places: links.into_iter().map(|(_, place)| place).take(MOST_PLACES).collect(),
        }
    });
    told.collect()
}

/// A site, and who links to it where.
type Links<'a> = (&'a Site, Vec<(&'a str, Place)>);

/// Links to declared sites that are dead or retired.
fn links_to_gone(seen: &[SeenSite<'_>], estate: &Estate, dead: &BTreeMap<&str, Gap>) -> Vec<Note> {
    let mut gone: BTreeMap<(bool, &str), Links<'_>> = BTreeMap::new();
    for from in seen {
        for (to, at) in linked(from, estate).filter(|(s, _)| s.retired || dead.contains_key(s.id.as_str())) {
            let entry = gone.entry((to.retired, &to.id)).or_insert_with(|| (to, Vec::new()));
            entry.1.push((&from.site.id, from.place(at)));
        }
    }
    let told = gone.into_iter().map(|((retired, id), (to, links))| {
        let names: Vec<&str> = links.iter().map(|(id, _)| *id).collect();
        let (n, names, id) = (names.len(), list(&names), safe(id, 100));
        let url = to.url.as_ref().map(|url| format!(" ({})", safe(&shown(url), 200))).unwrap_or_default();
        let (code, vi, en) = if retired {
            let day = to.retired_on.map(|d| d.to_string()).unwrap_or_default();
            let vi = to.retired_on.map(Date::vi).unwrap_or_default();
            ("link-to-retired-site", format!("đã ngừng hoạt động từ {vi}"), format!("is retired since {day}"))
        } else {
            let gap = dead.get(to.id.as_str()).copied().unwrap_or(Gap::NoData);
            let cause = words::cause(gap);
            let of = |text: &str| text.trim_end_matches('.').to_owned();
            let name = gap.name();
            (
                "link-to-dead-site",
                format!("không hoạt động [{name}: {}]", of(cause.vi)),
                format!("is dead [{name}: {}]", of(cause.en)),
            )
        };
        Note {
            code: code.to_owned(),
            level: NoteLevel::Warning,
            message: Text::new(
                format!("{id}{url} {vi}. Trang chủ còn liên kết đến đó ({n}): {names}."),
                format!("{id}{url} {en}. Home pages that still link to it ({n}): {names}."),
            ),
            places: links.into_iter().map(|(_, place)| place).take(MOST_PLACES).collect(),
        }
    });
    told.collect()
}

/// Hosts under a portal's domain that home pages link to and the sites file lacks; each belongs to the nearest portal.
fn undeclared(seen: &[SeenSite<'_>], estate: &Estate) -> Vec<Note> {
    let mut by_portal: BTreeMap<&str, BTreeMap<&str, Place>> = BTreeMap::new();
    for from in seen {
        for (host, at) in &from.links.linked.hosts {
            let Some(portal) = check::portal_above(host, estate) else { continue };
            // Home pages go by in the order of their names, so the first place is always the same.
            by_portal.entry(&portal.id).or_default().entry(host).or_insert_with(|| from.place(*at));
        }
    }
    let told = by_portal.into_iter().map(|(portal, hosts)| {
        let names: Vec<&str> = hosts.keys().copied().collect();
        let (n, names, portal) = (names.len(), list(&names), safe(portal, 100));
        Note {
            code: "undeclared-hosts".to_owned(),
            level: NoteLevel::Info,
            message: Text::new(
                format!("Máy chủ dưới tên miền của {portal} được trang chủ liên kết đến nhưng chưa có trong tệp danh sách trang ({n}): {names}."),
                format!("Hosts under the domain of {portal} that home pages link to and the sites file lacks ({n}): {names}."),
            ),
            places: hosts.into_values().take(MOST_PLACES).collect(),
        }
    });
    told.collect()
}

/// Names, at most [`LISTED`], and how many more there are.
fn list(names: &[&str]) -> String {
    let shown = names.iter().take(LISTED).map(|name| safe(name, 100)).collect::<Vec<_>>().join(", ");
    if names.len() > LISTED { format!("{shown} (+{})", names.len() - LISTED) } else { shown }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_rest_is_counted() {
        let listed = |n: usize| {
            let names: Vec<String> = (0..n).map(|k| format!("so-{k}")).collect();
            list(&names.iter().map(String::as_str).collect::<Vec<_>>())
        };
        assert_eq!((listed(0).as_str(), listed(2).as_str()), ("", "so-0, so-1"));
        assert!(listed(100).ends_with("so-99"));
        assert!(listed(103).ends_with("so-99 (+3)"), "{}", listed(103));
    }
}
