//! Reports of several runs beside each other, in the order given: ids that two reports use are told apart by the
//! report's name, and an entry that one report only knows gives way to the report that judged it. Never judges.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::path::Path;

use sha2::{Digest, Sha256};
use url::Url;

use super::{Arranged, Part, by_site, shown};
use crate::finding::{Evidence, Finding, safe};
use crate::policy::Text;
use crate::report::{NotJudged, Outcome, Report, Section, SiteReport, Summary};
use crate::site::host_key;

/// All sites, report after report.
pub(super) fn arrange(parts: Vec<Part>) -> Result<Arranged, Text> {
    let run_id = run_id(&parts);
    let judged = judged_once(&parts)?;
    each_run_once(&parts)?;
    let names = names(&parts);
    let renamed = renamed(&parts, &judged, &names);
    let (mut sites, mut not_judged, mut sections) = (Vec::new(), Vec::new(), Vec::new());
    let mut told = HashSet::new();
    for ((Part { name, report }, ids), called) in parts.into_iter().zip(&renamed).zip(&names) {
        sections.extend(handed_in(called, &report, ids));
        for (mut site, mut findings) in by_site(&name, report.sites, report.findings)? {
            rename(&mut site, &mut findings, ids);
            sites.push((site, findings));
        }
        for mut entry in report.not_judged {
            rename_entry(&mut entry, ids);
            let twin = entry.url.as_deref().and_then(key).is_some_and(|key| judged.contains_key(&key));
            if !twin && told.insert(entry.id.clone()) {
                not_judged.push(entry);
            }
        }
    }
    Ok(Arranged { sites, not_judged, run_id, sections })
}

/// What a report stands for: one unit, or those that it was joined from itself.
fn handed_in(called: &str, report: &Report, ids: &BTreeMap<String, String>) -> Vec<Section> {
    let renamed = |id: &String| ids.get(id).unwrap_or(id).clone();
    let owner = |sites: &[String]| {
        let mut owners = report.sites.iter().filter(|s| sites.contains(&s.id)).map(|s| s.unit.as_deref());
        let first = owners.next().flatten()?;
        owners.all(|other| other == Some(first)).then(|| first.to_owned())
    };
    if report.sections.is_empty() {
        let sites: Vec<String> = report.sites.iter().map(|s| s.id.clone()).collect();
        return vec![Section {
            name: called.to_owned(),
            unit: owner(&sites),
            taken_at: report.taken_at.clone(),
            run_id: report.run_id.clone(),
            sites: sites.iter().map(renamed).collect(),
            summary: Summary::default(),
            outcome: Outcome::Nothing,
        }];
    }
    let deeper = |section: &Section| Section {
        name: safe(&format!("{called}/{}", section.name), 400),
        sites: section.sites.iter().map(renamed).collect(),
        ..section.clone()
    };
    report.sections.iter().map(deeper).collect()
}

/// Refuses what one run found of a site when it is there twice: in a copy of its report, or in a report that was
/// joined from it. Sites without an address are told by nothing else.
fn each_run_once(parts: &[Part]) -> Result<(), Text> {
    let mut told: HashMap<(&str, &str), usize> = HashMap::new();
    for (n, part) in parts.iter().enumerate() {
        for (run, site) in runs(&part.report) {
            // An id that was told apart has the report's name before it.
            let id = site.rsplit_once('/').map_or(site, |(_, id)| id);
            let Some(other) = told.insert((run, id), n).filter(|other| *other != n) else { continue };
            let (a, b, id) = (shown(&parts[other]), shown(part), safe(site, 100));
            return Err(Text::new(
                format!(
                    "không gộp được: {a} và {b} đều có kết quả của cùng một lần chạy về trang {id}; hãy bỏ bớt một báo cáo."
                ),
                format!(
                    "cannot merge: {a} and {b} both hold what one run found of the site {id}; leave one of them out."
                ),
            ));
        }
    }
    Ok(())
}

/// The runs that a report is from, each with the sites that it judged.
fn runs(report: &Report) -> Vec<(&str, &str)> {
    if report.sections.is_empty() {
        return report.sites.iter().map(|s| (report.run_id.as_str(), s.id.as_str())).collect();
    }
    report.sections.iter().flat_map(|s| s.sites.iter().map(|id| (s.run_id.as_str(), id.as_str()))).collect()
}

/// The same reports in the same order give the same id.
fn run_id(parts: &[Part]) -> String {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part.report.run_id.as_bytes());
        hash.update([0]);
    }
    hash.finalize().iter().take(16).map(|b| format!("{b:02x}")).collect()
}

/// An address as sites are told apart: scheme, leading `www.`, default port and final slash aside.
fn key(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let port = url.port().filter(|port| !matches!(port, 80 | 443)).map(|p| format!(":{p}")).unwrap_or_default();
    Some(format!("{}{port}{}", host_key(&url)?, url.path().trim_end_matches('/')))
}

/// The judged addresses, each with its report and id; two reports of one address are refused.
fn judged_once(parts: &[Part]) -> Result<HashMap<String, (usize, String)>, Text> {
    let mut judged: HashMap<String, (usize, String)> = HashMap::new();
    for (n, part) in parts.iter().enumerate() {
        for site in &part.report.sites {
            let Some(address) = site.url.as_deref().and_then(key) else { continue };
            match judged.get(&address) {
                Some((other, _)) if *other != n => {
                    let url = safe(site.url.as_deref().unwrap_or_default(), 300);
                    let (a, b) = (shown(&parts[*other]), shown(part));
                    return Err(Text::new(
                        format!(
                            "không gộp được: {url} có trong cả {a} và {b}; mỗi trang chỉ được có trong một báo cáo."
                        ),
                        format!("cannot merge: {url} is in both {a} and {b}; each site may be in one report only."),
                    ));
                }
                Some(_) => {}
                None => {
                    judged.insert(address, (n, site.id.clone()));
                }
            }
        }
    }
    Ok(judged)
}

/// What each report is called in ids: its file's stem, its whole path where two files have one stem, and a number
/// behind it where even these are alike. No two reports have one name.
fn names(parts: &[Part]) -> Vec<String> {
    let stem = |part: &Part| Path::new(&part.name).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let mut count: HashMap<String, usize> = HashMap::new();
    for part in parts {
        *count.entry(stem(part)).or_default() += 1;
    }
    let mut taken = HashSet::new();
    let mut name = |part: &Part| {
        let short = stem(part);
        let whole = Path::new(&part.name).with_extension("").to_string_lossy().replace('\\', "/");
        free(safe(if count.get(&short).is_some_and(|n| *n > 1) { &whole } else { &short }, 200), &mut taken)
    };
    parts.iter().map(&mut name).collect()
}

/// The name, with a number behind it when it is taken; it is taken then.
fn free(name: String, taken: &mut HashSet<String>) -> String {
    let numbered = (2u32..).map(|n| format!("{name}~{n}"));
    let free = std::iter::once(name.clone()).chain(numbered).find(|name| !taken.contains(name)).unwrap_or(name);
    taken.insert(free.clone());
    free
}

/// For each report, the new id of each of its ids that changes.
fn renamed(
    parts: &[Part],
    judged: &HashMap<String, (usize, String)>,
    names: &[String],
) -> Vec<BTreeMap<String, String>> {
    // A site is told by its address, else by the report and id that name it.
    let site = |n: usize, id: &str, url: Option<&str>| url.and_then(key).unwrap_or_else(|| format!("{n}\0{id}"));
    let mut bearers: HashMap<&str, BTreeSet<String>> = HashMap::new();
    for (n, part) in parts.iter().enumerate() {
        for (id, url) in ids(part) {
            let bearer = site(n, id, url);
            // What another report judged goes by the name it has there.
            if judged.get(&bearer).is_none_or(|(at, named)| *at == n && named == id) {
                bearers.entry(id).or_default().insert(bearer);
            }
        }
    }
    let shared = |id: &str| bearers.get(id).is_some_and(|sites| sites.len() > 1);
    // A report that was joined itself may hold an id that looks just like a new one.
    let mut taken: HashSet<String> = bearers.keys().map(|id| (*id).to_owned()).collect();
    let mut new: HashMap<(usize, &str), String> = HashMap::new();
    for (n, part) in parts.iter().enumerate() {
        for (id, _) in ids(part).filter(|(id, _)| shared(id)) {
            new.entry((n, id)).or_insert_with(|| free(format!("{}/{id}", names[n]), &mut taken));
        }
    }
    let named = |n: usize, id: &str| new.get(&(n, id)).cloned().unwrap_or_else(|| id.to_owned());
    let new_id = |n: usize, id: &str, url: Option<&str>| match url.and_then(key).and_then(|key| judged.get(&key)) {
        Some((at, other)) if *at != n => named(*at, other),
        _ => named(n, id),
    };
    let of = |(n, part): (usize, &Part)| {
        let all = ids(part).map(|(id, url)| (id.to_owned(), new_id(n, id, url)));
        all.filter(|(old, new)| old != new).collect()
    };
    parts.iter().enumerate().map(of).collect()
}

/// Every id of a report with its address, judged ones first.
fn ids(part: &Part) -> impl Iterator<Item = (&str, Option<&str>)> {
    let judged = part.report.sites.iter().map(|s| (s.id.as_str(), s.url.as_deref()));
    judged.chain(part.report.not_judged.iter().map(|e| (e.id.as_str(), e.url.as_deref())))
}

fn change(id: &mut String, ids: &BTreeMap<String, String>) {
    if let Some(new) = ids.get(id) {
        id.clone_from(new);
    }
}

fn rename(site: &mut SiteReport, findings: &mut [Finding], ids: &BTreeMap<String, String>) {
    change(&mut site.id, ids);
    if let Some(id) = &mut site.parent {
        change(id, ids);
    }
    for link in site.across.iter_mut().flat_map(|a| &mut a.links).flat_map(|l| &mut l.sites) {
        change(&mut link.to, ids);
    }
    for finding in findings {
        change(&mut finding.site, ids);
        for evidence in &mut finding.evidence {
            if let Evidence::MissingLink { site: Some(id), .. } = evidence {
                change(id, ids);
            }
        }
    }
}

fn rename_entry(entry: &mut NotJudged, ids: &BTreeMap<String, String>) {
    change(&mut entry.id, ids);
    if let Some(id) = &mut entry.parent {
        change(id, ids);
    }
}
