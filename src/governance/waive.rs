//! Waivers over failures: a failure is waived when every part of it is. Says which end soon, which have ended and
//! which match nothing. Never touches what could not be measured.

use globset::GlobMatcher;
use url::Url;

use super::change::Acts;
use super::file::{Subject as Chosen, Waiver};
use super::lay::{Scope, add, info, list, place, place_name, put_first, warning};
use super::leave;
use super::load::Waivers;
use crate::finding::{AcceptedBy, Finding, Note, Subject, Verdict, safe};
use crate::policy::{Text, glob};
use crate::site::{HostMatch, Site, same_site};
use crate::yaml::{At, nearest};

/// From so many days before its end on, a waiver is told to end soon.
const SOON: i32 = 14;
/// Longest reason or name in a sentence, in characters.
const SAID: usize = 300;

/// A waiver ready to be compared.
struct Held<'a> {
    number: usize,
    waiver: &'a Waiver,
    at: &'a At,
    sites: Option<GlobMatcher>,
    over: bool,
    /// It covers a part of a failure.
    used: bool,
    /// A finding it names could not be measured.
    open: bool,
    /// What failures of its rule and sites are about, none of which it covers.
    missed: Vec<String>,
}

impl Held<'_> {
    fn names(&self, finding: &Finding) -> bool {
        self.waiver.rule == finding.rule && self.sites.as_ref().is_some_and(|sites| sites.is_match(&finding.site))
    }
}

/// Lays waivers over findings.
pub(super) fn lay(waivers: &Waivers, scope: &Scope<'_>, findings: &mut [Finding], acts: &mut Acts) -> Vec<Note> {
    let mut held: Vec<Held<'_>> = waivers
        .waivers
        .iter()
        .zip(&waivers.places)
        .enumerate()
        .map(|(number, (waiver, at))| Held {
            number,
            waiver,
            at,
            sites: glob(&waiver.site).ok().map(|glob| glob.compile_matcher()),
            over: waiver.expires < scope.today,
            used: false,
            open: false,
            missed: Vec::new(),
        })
        .collect();
    for finding in findings {
        match finding.verdict {
            Verdict::Fail => over_failure(&mut held, scope, finding, acts),
            Verdict::Inconclusive => held.iter_mut().filter(|h| h.names(finding)).for_each(|h| h.open = true),
            Verdict::Pass | Verdict::NotApplicable | Verdict::Waived => {}
        }
    }
    for held in held.iter_mut().filter(|held| !held.over && gives_leave(held.waiver, scope)) {
        held.used = true;
        acts.waivers.push((held.number, held.waiver.site.clone()));
    }
    held.iter().filter_map(|held| unmatched(held, scope)).collect()
}

fn over_failure(held: &mut [Held<'_>], scope: &Scope<'_>, finding: &mut Finding, acts: &mut Acts) {
    let naming: Vec<usize> = (0..held.len()).filter(|n| held[*n].names(finding)).collect();
    if naming.is_empty() {
        return;
    }
    let site = scope.estate.site(&finding.site);
    // A failure whose parts are not all listed, or not known, has a part that only a waiver of all of it covers.
    let unlisted = finding.subjects.is_empty() || finding.subjects_left_out > 0;
    let parts: Vec<Option<&Subject>> = finding.subjects.iter().map(Some).chain(unlisted.then_some(None)).collect();
    let mut holding: Vec<Option<usize>> = vec![None; parts.len()];
    let mut ended: Vec<usize> = Vec::new();
    for &n in &naming {
        let one = &held[n];
        let covered: Vec<usize> = (0..parts.len()).filter(|p| covers(one.waiver, parts[*p], site)).collect();
        if covered.is_empty() {
            held[n].missed.extend(finding.subjects.iter().map(ToString::to_string));
            continue;
        }
        held[n].used = true;
        if held[n].over {
            ended.push(n);
            continue;
        }
        for part in covered {
            let better = holding[part].is_none_or(|other| held[other].waiver.expires < held[n].waiver.expires);
            if better {
                holding[part] = Some(n);
            }
        }
    }
    let mut governing: Vec<usize> = holding.iter().flatten().copied().collect();
    governing.sort_unstable();
    governing.dedup();
    let rest: Vec<Option<&Subject>> =
        parts.iter().zip(&holding).filter(|(_, by)| by.is_none()).map(|(part, _)| *part).collect();
    let gone: Vec<usize> =
        ended.into_iter().filter(|n| rest.iter().any(|part| covers(held[*n].waiver, *part, site))).collect();
    // Told by their names: the finding itself is changed below.
    let rest_names = list(rest.iter().flatten().map(ToString::to_string));
    let (rest_count, unlisted) = (rest.len(), rest.iter().any(Option::is_none));
    let subjects: Vec<Subject> =
        parts.iter().zip(&holding).filter(|(_, by)| by.is_some()).filter_map(|(part, _)| (*part).cloned()).collect();
    let (whole, all) = (rest_count == 0, parts.len());
    for n in gone {
        finding.notes.push(expired(&held[n]));
    }
    let Some(first) = governing.iter().copied().min_by_key(|n| held[*n].waiver.expires) else { return };
    for &n in &governing {
        acts.waivers.push((held[n].number, finding.site.clone()));
    }
    finding.waiver = Some(AcceptedBy {
        reason: held[first].waiver.reason.clone(),
        approved_by: held[first].waiver.approved_by.clone(),
        expires: held[first].waiver.expires,
        place: place(held[first].at),
        subjects: if whole { Vec::new() } else { subjects },
    });
    for &n in governing.iter().filter(|n| **n != first) {
        let text = accepted(&held[n]);
        finding.notes.push(info("waived-by", text, vec![place(held[n].at)]));
    }
    if whole {
        finding.verdict = Verdict::Waived;
        put_first(finding, &accepted(&held[first]));
    } else {
        add(finding, &partly(&held[first], all - rest_count, all, &rest_names, unlisted));
    }
    let left = scope.today.days_until(held[first].waiver.expires);
    if left <= SOON {
        finding.notes.push(ends_soon(&held[first], left));
    }
}

/// Whether a policy weakens a mandatory rule under it: it then acts without any failure.
fn gives_leave(waiver: &Waiver, scope: &Scope<'_>) -> bool {
    leave::is_for_all(waiver) && scope.weakened.contains(waiver.rule.as_str())
}

/// Whether a waiver covers a part of a failure; `None` is a part that is not listed.
fn covers(waiver: &Waiver, part: Option<&Subject>, site: Option<&Site>) -> bool {
    match (&waiver.subject, part) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(Chosen::Page(text)), Some(part)) => part.page.is_some() && page(text, site) == part.page,
        (Some(Chosen::Element(selector)), Some(part)) => {
            part.element.is_some() && Subject::element(selector).element == part.element
        }
        (Some(Chosen::Host(text)), Some(part)) => {
            let host = host(text);
            // A host is all that is there; with a path it is that part of it.
            part.host.as_deref().zip(host.as_deref()).is_some_and(|(there, host)| {
                there.strip_prefix(host).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
        }
    }
}

/// A page as people name it: an address of the site, a path, or a file below the site's folder.
fn page(text: &str, site: Option<&Site>) -> Option<String> {
    let text = text.trim();
    if text.contains("://") {
        let url = Url::parse(text).ok()?;
        let own = site.is_none_or(|site| {
            site.url.is_none() || site.addresses().any(|address| same_site(&url, address) == HostMatch::Same)
        });
        return own.then(|| Subject::page(&url).page).flatten();
    }
    let base = site.and_then(|site| site.url.clone()).or_else(|| Url::parse("https://site.invalid/").ok())?;
    let folder = site.and_then(|site| site.source_name.as_deref()).unwrap_or_default().trim_end_matches('/');
    let inside = text.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')).filter(|_| !folder.is_empty());
    // In a file name neither sign begins a query.
    let text = inside.map_or_else(|| text.to_owned(), |file| file.replace('?', "%3F").replace('#', "%23"));
    Subject::page(&base.join(&text).ok()?).page
}

/// A host as people name it: with or without a scheme.
fn host(text: &str) -> Option<String> {
    let text = text.trim();
    let address = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    Subject::host(&Url::parse(&address).ok()?)?.host
}

fn accepted(held: &Held<'_>) -> Text {
    let Waiver { reason, approved_by, expires, .. } = held.waiver;
    let (reason, by, at) = (safe(reason, SAID), safe(approved_by, SAID), place_name(held.at));
    Text::new(
        format!("Tạm chấp nhận đến hết ngày {}: {reason} (phê duyệt: {by}; {at}).", expires.vi()),
        format!("Waived until the end of {expires}: {reason} (approved by {by}; {at})."),
    )
}

fn partly(held: &Held<'_>, covered: usize, all: usize, rest: &str, unlisted: bool) -> Text {
    let at = place_name(held.at);
    let (vi, en) = if unlisted { (" và phần không liệt kê hết", " and what is not listed") } else { ("", "") };
    Text::new(
        format!("Chỉ tạm chấp nhận {covered}/{all} phần ({at}); còn lại: {rest}{vi}."),
        format!("Waived for {covered} of {all} parts only ({at}); not for {rest}{en}."),
    )
}

fn expired(held: &Held<'_>) -> Note {
    let Waiver { approved_by, expires, .. } = held.waiver;
    let (by, at) = (safe(approved_by, SAID), place_name(held.at));
    let text = Text::new(
        format!(
            "Việc tạm chấp nhận đã hết hạn sau ngày {} ({at}, phê duyệt: {by}); hãy sửa lỗi hoặc xin phê duyệt lại.",
            expires.vi()
        ),
        format!(
            "The waiver ended after {expires} ({at}, approved by {by}); mend the failure or have it approved anew."
        ),
    );
    warning("waiver-expired", text, vec![place(held.at)])
}

fn ends_soon(held: &Held<'_>, left: i32) -> Note {
    let (expires, at) = (held.waiver.expires, place_name(held.at));
    let text = if left == 0 {
        Text::new(
            format!("Việc tạm chấp nhận hết hạn khi hết hôm nay, {} ({at}).", expires.vi()),
            format!("The waiver ends at the end of today, {expires} ({at})."),
        )
    } else {
        let days = if left == 1 { "day" } else { "days" };
        Text::new(
            format!("Việc tạm chấp nhận còn {left} ngày, đến hết ngày {} ({at}).", expires.vi()),
            format!("The waiver ends in {left} {days}, at the end of {expires} ({at})."),
        )
    };
    warning("waiver-ends-soon", text, vec![place(held.at)])
}

/// A waiver that this run would have used if there were anything to use it for.
fn unmatched(held: &Held<'_>, scope: &Scope<'_>) -> Option<Note> {
    // Leave to weaken a mandatory rule is used although nothing fails.
    if held.used || held.open {
        return None;
    }
    let named: Vec<&str> = scope
        .estate
        .sites()
        .iter()
        .map(|site| site.id.as_str())
        .filter(|id| held.sites.as_ref().is_some_and(|sites| sites.is_match(id)))
        .collect();
    if !scope.reaches(&held.waiver.rule, &named) {
        return None;
    }
    let (rule, site) = (safe(&held.waiver.rule, 80), safe(&held.waiver.site, 80));
    let why = if named.is_empty() {
        let hint = nearest(&held.waiver.site, scope.estate.sites().iter().map(|site| site.id.as_str()));
        let (vi, en) = hint.map_or_else(Default::default, |id| (format!("; có phải {id}?"), format!("; {id}?")));
        Text::new(format!("không có trang nào tên như vậy{vi}"), format!("no site is called so{en}"))
    } else if held.missed.is_empty() {
        Text::new("không có lỗi nào như vậy nữa; hãy xóa", "there is no such failure; remove it")
    } else {
        let parts = list(held.missed.iter().cloned());
        Text::new(format!("lỗi hiện có là về: {parts}"), format!("what fails is: {parts}"))
    };
    let at = place_name(held.at);
    let text = Text::new(
        format!("Mục tạm chấp nhận {rule} của {site} ({at}) không khớp lỗi nào: {}.", why.vi),
        format!("The waiver of {rule} on {site} ({at}) matches no failure: {}.", why.en),
    );
    Some(warning("waiver-unmatched", text, vec![place(held.at)]))
}
