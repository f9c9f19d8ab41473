//! Reports of several units handed upward: ids of one name are told apart, one address stands once, and what is
//! asked of all sites is decided over all of them.

use rasoat::finding::{AcceptedBy, Evidence, Note, NoteLevel, Place, Verdict};
use rasoat::merge::{Ending, Part, join};
use rasoat::policy::Text;
use rasoat::report::{FailOn, Report, from_json, to_json};
use rasoat::snapshot::Gap;

use crate::town::Town;

const A: &[&str] = &[
    "id: cong, role: portal, url: 'https://tinh-a.gov.vn/', emc_site_id: '1'",
    "id: so-y-te, role: component, parent: cong, url: 'https://soyt.tinh-a.gov.vn/', emc_site_id: '7'",
];
const B: &[&str] = &[
    "id: cong, role: portal, url: 'https://tinh-b.gov.vn/', emc_site_id: '2'",
    "id: so-gddt, role: component, parent: cong, url: 'https://sogd.tinh-b.gov.vn/', emc_site_id: '7'",
];

fn part(name: &str, town: &Town) -> Part {
    Part { name: name.to_owned(), report: from_json(&to_json(&town.report()).unwrap()).unwrap() }
}

fn unit(entries: &[&str]) -> Town {
    Town::of(entries).page("cong", "<p>x</p>")
}

/// The verdict and code of the rule over all sites, by site.
fn shared(report: &Report) -> Vec<(String, Verdict, Option<String>)> {
    let all = report.findings.iter().filter(|f| f.rule == "emc-site-id-unique");
    all.map(|f| (f.site.clone(), f.verdict, f.code.clone())).collect()
}

#[test]
fn ids_are_told_apart_by_the_name_of_the_report() {
    let merged = join(vec![part("bao-cao/tinh-a.json", &unit(A)), part("tinh-b.json", &unit(B))], Ending::default());
    let merged = merged.unwrap();
    let ids: Vec<&str> = merged.sites.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["tinh-a/cong", "so-y-te", "tinh-b/cong", "so-gddt"]);
    assert_eq!(merged.sites[1].parent.as_deref(), Some("tinh-a/cong"));
    assert_eq!(merged.sites[3].parent.as_deref(), Some("tinh-b/cong"));
    assert!(merged.findings.iter().all(|f| ids.contains(&f.site.as_str())));
    let order: Vec<&str> = merged.findings.iter().map(|f| f.site.as_str()).collect();
    let mut once = order.clone();
    once.dedup();
    assert_eq!(once, ids, "findings stand in the order of the sites");
    // Each unit alone saw nothing wrong; together they use one id twice.
    let failed =
        |(site, verdict, _): &(String, Verdict, Option<String>)| (*verdict == Verdict::Fail).then(|| site.clone());
    assert_eq!(shared(&part("x", &unit(A)).report).iter().find_map(failed), None);
    assert_eq!(shared(&merged).iter().filter_map(failed).collect::<Vec<_>>(), ["so-y-te", "so-gddt"]);
    let told = merged
        .findings
        .iter()
        .find(|f| f.site == "so-gddt" && f.verdict == Verdict::Fail && f.rule == "emc-site-id-unique");
    assert!(told.unwrap().message.en.ends_with("The id 7 is also used by: so-y-te."));
    // The remedies of a portal name the component by its new id, the notes too.
    let missing = merged.findings.iter().flat_map(|f| &f.evidence).filter_map(|e| match e {
        Evidence::MissingLink { site, .. } => site.as_deref(),
        _ => None,
    });
    assert_eq!(missing.collect::<Vec<_>>(), ["so-y-te", "so-gddt"]);
    let orphans: Vec<&str> = merged.estate_notes.iter().map(|n| n.message.en.as_str()).collect();
    assert!(orphans[0].starts_with("Component sites of tinh-a/cong that no portal"), "{orphans:?}");
    assert_eq!((merged.shard, merged.summary.fail, merged.outcome), (None, 8, rasoat::report::Outcome::Failed));
}

#[test]
fn what_failed_is_not_called_passed_because_nothing_shall_fail_the_run() {
    let ending = Ending { fail_on: Some(FailOn::Never), ..Ending::default() };
    let merged = join(vec![part("a.json", &unit(A)), part("b.json", &unit(B))], ending).unwrap();
    let failed = rasoat::report::Outcome::Failed;
    assert_eq!((merged.outcome, rasoat::tally::exit(&merged).number()), (failed, 0));
    assert!(merged.sections.iter().all(|section| section.outcome == failed));
}

#[test]
fn the_same_stem_in_two_folders() {
    let merged = join(vec![part("a/r.json", &unit(A)), part("b/r.json", &unit(B))], Ending::default()).unwrap();
    assert_eq!(merged.sites[0].id, "a/r/cong");
    assert_eq!(merged.sites[2].id, "b/r/cong");
}

#[test]
fn reports_whose_names_differ_by_nothing_but_their_ends() {
    let merged = join(vec![part("a/r.json", &unit(A)), part("a/r.bak", &unit(B))], Ending::default()).unwrap();
    let ids: Vec<&str> = merged.sites.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["a/r/cong", "so-y-te", "a/r~2/cong", "so-gddt"]);
    assert!(rasoat::tally::is_whole(&merged));
}

#[test]
fn an_id_that_looks_like_one_told_apart_stays_another() {
    const OWN: &[&str] = &["id: a/cong, role: portal, url: 'https://tinh-c.gov.vn/'"];
    let mut own = part("c.json", &Town::of(&[&OWN[0].replace("a/cong", "gia")]));
    let named = serde_json::to_string(&own.report).unwrap().replace("\"gia\"", "\"a/cong\"");
    own.report = from_json(&named).unwrap();
    let merged = join(vec![part("a.json", &unit(A)), part("b.json", &unit(B)), own], Ending::default()).unwrap();
    let ids: Vec<&str> = merged.sites.iter().map(|s| s.id.as_str()).collect();
    assert_eq!(ids, ["a/cong~2", "so-y-te", "b/cong", "so-gddt", "a/cong"]);
    assert_eq!(merged.sites[1].parent.as_deref(), Some("a/cong~2"));
    assert!(rasoat::tally::is_whole(&merged));
}

#[test]
fn what_one_run_found_is_there_once() {
    // Without an address nothing but its run tells that a site is the same.
    let folder = |name: &str| {
        let mut part = part(name, &Town::of(&["id: cong, role: portal, url: 'https://a.gov.vn/'"]));
        part.report.sites[0].url = None;
        part
    };
    let refused = |parts: Vec<Part>| join(parts, Ending::default()).unwrap_err().en;
    let told = refused(vec![folder("a.json"), folder("copy.json")]);
    assert!(told.contains("a.json and copy.json both hold what one run found of the site cong"), "{told}");
    let joined = join(vec![folder("a.json"), part("b.json", &unit(B))], Ending::default()).unwrap();
    let joined = Part { name: "so.json".to_owned(), report: joined };
    let told = refused(vec![joined, folder("a.json")]);
    assert!(told.contains("so.json and a.json both hold what one run found of the site cong"), "{told}");
}

#[test]
fn one_address_in_two_reports_is_refused() {
    for again in ["https://soyt.tinh-a.gov.vn/", "http://www.soyt.tinh-a.gov.vn", "https://SOYT.tinh-a.gov.vn:443/"] {
        let other = format!("id: khac, role: portal, url: '{again}'");
        let parts = vec![part("a.json", &unit(A)), part("b.json", &Town::of(&[&other]))];
        let said = join(parts, Ending::default()).unwrap_err().en;
        assert!(said.contains("is in both a.json and b.json") && said.contains("soyt.tinh-a.gov.vn"), "{said}");
    }
    // Another path or port is another site.
    for other in ["https://soyt.tinh-a.gov.vn/b/", "https://soyt.tinh-a.gov.vn:8443/"] {
        let other = format!("id: khac, role: portal, url: '{other}'");
        assert!(join(vec![part("a.json", &unit(A)), part("b.json", &Town::of(&[&other]))], Ending::default()).is_ok());
    }
}

/// Two runs over one sites file, each of which judged other sites of it.
#[test]
fn what_one_report_only_knows_another_judged() {
    let half = |keep: &str| unit(A).change(|run| run.judged.retain(|id| id.starts_with(keep))).gap("so-y-te", Gap::Dns);
    let (portal, component) = (part("p.json", &half("cong")), part("c.json", &half("so-")));
    assert_eq!(portal.report.not_judged.len(), 1);
    let mut merged = join(vec![portal, component], Ending::default()).unwrap();
    let handed_in: Vec<(&str, u64)> =
        merged.sections.iter().map(|s| (s.name.as_str(), s.summary.inconclusive)).collect();
    assert!(matches!(handed_in[..], [("p", 0), ("c", 1..)]), "each unit's part stands by itself: {handed_in:?}");
    merged.sections.clear();
    let mut whole = unit(A).gap("so-y-te", Gap::Dns).report();
    whole.run_id.clone_from(&merged.run_id);
    assert_eq!(merged, whole, "no id changes, nothing is left over, the notes are those of the whole");
    // What nobody judged is kept, and the id it declares still counts.
    let others =
        [A[0], A[1], "id: so-x, role: component, parent: cong, url: 'https://x.tinh-a.gov.vn/', emc_site_id: '1'"];
    let narrowed = Town::of(&others).page("cong", "").change(|run| run.judged.truncate(2));
    let merged = join(vec![part("a.json", &narrowed), part("b.json", &unit(B))], Ending::default()).unwrap();
    assert_eq!(merged.not_judged.iter().map(|e| e.id.as_str()).collect::<Vec<_>>(), ["so-x"]);
    let cong = shared(&merged).into_iter().find(|(site, ..)| site == "a/cong").unwrap();
    assert_eq!(cong.1, Verdict::Fail, "{cong:?}");
}

#[test]
fn a_host_that_another_unit_declares_is_no_stranger() {
    let linking = Town::of(&A[..1]).page("cong", "<a href=https://soyt.tinh-a.gov.vn/>x</a>");
    let alone = linking.notes("undeclared-hosts");
    assert_eq!(alone.len(), 1);
    let component = "id: soyt, role: component, parent: 'https://tinh-a.gov.vn/', url: 'https://soyt.tinh-a.gov.vn/'";
    let other = Town::of(&[component]).page("soyt", "");
    let merged = join(vec![part("a.json", &linking), part("b.json", &other)], Ending::default()).unwrap();
    assert!(merged.estate_notes.iter().all(|n| n.code != "undeclared-hosts"), "{:?}", merged.estate_notes);
}

#[test]
fn what_people_decided_survives() {
    let accepted = || AcceptedBy {
        reason: "thay trong quý 1".to_owned(),
        approved_by: "Sở TTTT".to_owned(),
        expires: serde_json::from_str("\"2026-03-31\"").unwrap(),
        place: Place { path: Some("waivers.yml".to_owned()), ..Place::default() },
        subjects: Vec::new(),
    };
    let twice =
        [A[0], A[1], "id: so-x, role: component, parent: cong, url: 'https://x.tinh-a.gov.vn/', emc_site_id: '7'"];
    let (mut a, b) = (part("a.json", &unit(&twice)), part("b.json", &unit(B)));
    for finding in a.report.findings.iter_mut().filter(|f| f.verdict == Verdict::Fail) {
        if finding.site == "so-x" {
            finding.known = true;
        } else {
            finding.verdict = Verdict::Waived;
            finding.waiver = Some(accepted());
        }
    }
    let told = |code: &str| Note {
        code: code.to_owned(),
        level: NoteLevel::Info,
        message: Text::default(),
        places: Vec::new(),
    };
    a.report.estate_notes.extend([told("waiver-ends-soon"), told("waiver-ends-soon"), told("waiver-added")]);
    let before = a.report.clone();
    let merged = join(vec![a, b], Ending { fail_on: Some(FailOn::Warning), ..Ending::default() }).unwrap();
    let decided = |report: &Report| {
        let all = report.findings.iter().filter(|f| f.known || f.waiver.is_some());
        all.map(|f| (f.rule.clone(), f.verdict, f.known, f.waiver.clone(), f.message.clone())).collect::<Vec<_>>()
    };
    assert!(
        decided(&before).iter().any(|(rule, verdict, ..)| rule == "emc-site-id-unique" && *verdict == Verdict::Waived)
    );
    assert!(decided(&before).iter().any(|(rule, _, known, ..)| rule == "emc-site-id-unique" && *known));
    assert_eq!(decided(&merged), decided(&before), "also where all sites were asked again");
    let codes: Vec<&str> = merged.estate_notes.iter().map(|n| n.code.as_str()).collect();
    assert_eq!(codes[..2], ["waiver-added", "waiver-ends-soon"]);
    assert_eq!(codes.iter().filter(|code| **code == "orphan").count(), 2, "{codes:?}");
}

#[test]
fn what_is_said_of_single_sites_is_left_as_it_is() {
    let (a, b) = (part("a.json", &unit(A)), part("b.json", &unit(B)));
    let mut early = part("a.json", &unit(A));
    early.report.taken_at = "1969-12-31T23:59:59Z".to_owned();
    early.report.findings[0].verdict = Verdict::Waived;
    early.report.findings[1].known = true;
    let before: Vec<_> = [&early, &b].iter().flat_map(|p| p.report.findings.clone()).collect();
    let merged = join(vec![early, b], Ending { strict: true, ..Ending::default() }).unwrap();
    assert_eq!(merged.taken_at, "1969-12-31T23:59:59Z", "the oldest facts say how old it is");
    assert!(merged.strict);
    assert_eq!(merged.summary.waived, 1);
    for (old, new) in before.iter().zip(&merged.findings).filter(|(f, _)| f.rule != "emc-site-id-unique") {
        let mut new = new.clone();
        new.site = new.site.rsplit('/').next().unwrap().to_owned();
        assert_eq!(*old, new);
    }
    // The same reports give the same report.
    let again = |parts| join(parts, Ending::default()).unwrap().run_id;
    let id = again(vec![a, part("b.json", &unit(B))]);
    assert_eq!(id, again(vec![part("a.json", &unit(A)), part("b.json", &unit(B))]));
    assert_eq!(id.len(), 32);
}
