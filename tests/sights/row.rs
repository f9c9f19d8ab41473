//! One made-up visit beside the bytes of a page, and what must come of it. A run of a table names every row that
//! is not as expected.

use std::collections::BTreeMap;

use rasoat::acquire::Needs;
use rasoat::acquire::folder::Folder;
use rasoat::acquire::page::{Kind, of_folder};
use rasoat::check::{BrowserUse, Judged, LinkedSites, Opinion, Subject, judge, linked_sites};
use rasoat::finding::{Basis, Evidence};
use rasoat::policy::{Check, LabelCheck, Policy, Reach, TrackerCheck, load};
use rasoat::site::{Estate, Recorded, Role, Site};
use rasoat::snapshot::{
    BrowserFacts, FaultKind, Gap, LabelSights, LibraryFrom, LibraryRequest, PageFault, Rendered, ScriptPlace,
    TrackerRun, Visit,
};
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

pub(crate) const HOME: &str = "https://tinh-a.gov.vn/";
pub(crate) const LIBRARY: &str = "https://f-emc.ngsp.gov.vn/embed/gov-tracking.min.js";
pub(crate) const COLLECTOR: &str = "https://f-emc.ngsp.gov.vn/tracking";

/// A home page around a head and a body.
pub(crate) fn page(head: &str, body: &str) -> String {
    format!(
        "<!doctype html>\n<html><head><title>T</title>{head}</head>\n<body><h1>Cổng thông tin</h1>\n{body}\n</body></html>"
    )
}

/// The snippet as agencies paste it, with an id.
pub(crate) fn snippet(id: &str) -> String {
    format!(
        "<script>\nvar _govaq = window._govaq || [];\n_govaq.push(['trackPageView']);\n_govaq.push(['enableLinkTracking']);\n\
         (function () {{\n_govaq.push(['setTrackerUrl', '{COLLECTOR}']);\n_govaq.push(['setSiteId', '{id}']);\n\
         var d = document, g = d.createElement('script'), s = d.getElementsByTagName('script')[0];\n\
         g.src = '{LIBRARY}';\ns.parentNode.insertBefore(g, s);\n}})();\n</script>"
    )
}

/// What the queue holds with that snippet.
pub(crate) fn queue(id: impl Into<Value>) -> Vec<Vec<Value>> {
    vec![
        vec![json!("trackPageView")],
        vec![json!("enableLinkTracking")],
        vec![json!("setTrackerUrl"), json!(COLLECTOR)],
        vec![json!("setSiteId"), id.into()],
    ]
}

pub(crate) fn place(url: &str, line: u32, column: u32) -> ScriptPlace {
    ScriptPlace { url: url.to_owned(), line, column }
}

pub(crate) fn fault(kind: FaultKind, text: &str, url: Option<&str>, place: Option<ScriptPlace>) -> PageFault {
    PageFault { kind, text: text.to_owned(), place, url: url.map(str::to_owned) }
}

/// One visit and what must be made of it.
pub(crate) struct Row {
    name: &'static str,
    check: Check,
    files: Vec<(String, String)>,
    url: &'static str,
    declared: Option<&'static str>,
    recorded: Option<&'static str>,
    components: Vec<Url>,
    selectors: Vec<String>,
    pub(crate) seen: Result<Rendered, Gap>,
    wanted: &'static str,
    reached: Option<Option<Reach>>,
    notes: Vec<&'static str>,
    without: Vec<&'static str>,
    basis: Option<Basis>,
    says: Vec<(&'static str, &'static str)>,
    at: Option<(&'static str, u32)>,
    evidence: Vec<&'static str>,
}

/// A row on a page with `body`; the browser saw a quiet page with a configured snippet that ran.
pub(crate) fn row(name: &'static str, check: Check, body: &str, wanted: &'static str) -> Row {
    let run =
        TrackerRun { library: Some(asked(Some(200))), queue: Some(queue("205")), ran: true, ..TrackerRun::default() };
    let seen = Rendered {
        address: Url::parse(HOME).unwrap(),
        loaded_ms: Some(300),
        waited_ms: 5_000,
        library: LibraryFrom::StandIn,
        trackers: BTreeMap::from([("emc".to_owned(), run)]),
        labels: BTreeMap::from([("emc".to_owned(), LabelSights::default())]),
        links: Vec::new(),
        elements: BTreeMap::new(),
        faults: Vec::new(),
        console: Vec::new(),
        screenshots: Vec::new(),
    };
    Row {
        name,
        check,
        files: vec![("index.html".to_owned(), page("", body))],
        url: HOME,
        declared: None,
        recorded: None,
        components: Vec::new(),
        selectors: Vec::new(),
        seen: Ok(seen),
        wanted,
        reached: None,
        notes: Vec::new(),
        without: Vec::new(),
        basis: None,
        says: Vec::new(),
        at: None,
        evidence: Vec::new(),
    }
}

/// A request for the library with its answer.
pub(crate) fn asked(status: Option<u16>) -> LibraryRequest {
    LibraryRequest { url: LIBRARY.to_owned(), status, gap: None, blocked: None, at_ms: 120, by: None }
}

pub(crate) fn tracker(reach: Reach) -> Check {
    Check::Tracker(TrackerCheck { name: Some("emc".to_owned()), reach })
}

pub(crate) fn label() -> Check {
    Check::Label(LabelCheck { tracker: Some("emc".to_owned()), reach: Reach::Configured })
}

impl Row {
    pub(crate) fn check(mut self, check: Check) -> Self {
        self.check = check;
        self
    }
    pub(crate) fn wants(mut self, wanted: &'static str) -> Self {
        self.wanted = wanted;
        self
    }
    pub(crate) fn html(mut self, html: String) -> Self {
        self.files[0].1 = html;
        self
    }
    pub(crate) fn file(mut self, name: &str, text: &str) -> Self {
        self.files.push((name.to_owned(), text.to_owned()));
        self
    }
    /// The address of the site, and of the page in the browser.
    pub(crate) fn url(mut self, url: &'static str) -> Self {
        self.url = url;
        self.rendered(|r| r.address = Url::parse(url).unwrap())
    }
    pub(crate) fn declared(mut self, id: &'static str) -> Self {
        self.declared = Some(id);
        self
    }
    pub(crate) fn recorded(mut self, id: &'static str) -> Self {
        self.recorded = Some(id);
        self
    }
    pub(crate) fn component(mut self, url: &str) -> Self {
        self.components.push(Url::parse(url).unwrap());
        self
    }
    pub(crate) fn selector(mut self, selector: &str) -> Self {
        self.selectors.push(selector.to_owned());
        self
    }
    pub(crate) fn rendered(mut self, change: impl FnOnce(&mut Rendered)) -> Self {
        change(self.seen.as_mut().unwrap());
        self
    }
    pub(crate) fn run(self, change: impl FnOnce(&mut TrackerRun)) -> Self {
        self.rendered(|r| change(r.trackers.get_mut("emc").unwrap()))
    }
    pub(crate) fn labels(self, change: impl FnOnce(&mut LabelSights)) -> Self {
        self.rendered(|r| change(r.labels.get_mut("emc").unwrap()))
    }
    pub(crate) fn live(self) -> Self {
        self.rendered(|r| r.library = LibraryFrom::Live)
    }
    pub(crate) fn queue(self, queue: Vec<Vec<Value>>) -> Self {
        self.run(|run| run.queue = Some(queue))
    }
    /// The tracker was never asked for, and nothing is on its queue.
    pub(crate) fn silent(self) -> Self {
        self.run(|run| *run = TrackerRun::default())
    }
    pub(crate) fn fault(self, fault: PageFault) -> Self {
        self.rendered(|r| r.faults.push(fault))
    }
    pub(crate) fn unseen(mut self, gap: Gap) -> Self {
        self.seen = Err(gap);
        self
    }
    pub(crate) fn reached(mut self, reach: Option<Reach>) -> Self {
        self.reached = Some(reach);
        self
    }
    pub(crate) fn noted(mut self, code: &'static str) -> Self {
        self.notes.push(code);
        self
    }
    pub(crate) fn not_noted(mut self, code: &'static str) -> Self {
        self.without.push(code);
        self
    }
    pub(crate) fn basis(mut self, basis: Basis) -> Self {
        self.basis = Some(basis);
        self
    }
    /// Words that must stand in the Vietnamese and in the English message.
    pub(crate) fn says(mut self, vi: &'static str, en: &'static str) -> Self {
        self.says.push((vi, en));
        self
    }
    pub(crate) fn at(mut self, file: &'static str, line: u32) -> Self {
        self.at = Some((file, line));
        self
    }
    /// Text that must stand in an entry of evidence.
    pub(crate) fn shows(mut self, text: &'static str) -> Self {
        self.evidence.push(text);
        self
    }

    fn with_subject<T>(&self, policy: &Policy, act: impl FnOnce(&Subject<'_>) -> T) -> T {
        let folder = TempDir::new().unwrap();
        for (name, text) in &self.files {
            let path = folder.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let site = Site {
            id: "a".to_owned(),
            name: None,
            role: Some(Role::Portal),
            url: Some(Url::parse(self.url).unwrap()),
            source: Some(folder.path().to_owned()),
            source_name: Some("dist".to_owned()),
            aliases: Vec::new(),
            emc_site_id: self.declared.map(str::to_owned),
            unit: None,
            parent: None,
            retired_on: None,
            retired: false,
            components: self.components.clone(),
            declared: None,
        };
        let needs = Needs {
            trackers: policy.trackers.iter().map(|(name, tracker)| (name.clone(), tracker.clone())).collect(),
            selectors: self.selectors.clone(),
            ..Needs::default()
        };
        let page = of_folder(&Folder::open(&site, 1 << 20).unwrap(), "index.html", &needs, Kind::Home).unwrap();
        let estate = Estate::new(vec![site]);
        // Through the form a recording keeps.
        let facts = BrowserFacts {
            product: "Chrome/148".to_owned(),
            sandboxed: true,
            trouble: None,
            rendered: Some(self.seen.clone().map(Box::new)),
            load: None,
            accessibility: None,
        };
        let kept = serde_json::to_string(&facts).unwrap();
        let facts: BrowserFacts = serde_json::from_str(&kept).unwrap();
        act(&Subject {
            site: &estate.sites()[0],
            estate: &estate,
            policy,
            page: Ok(&page),
            recorded: self.recorded.map(Recorded::id).as_ref(),
            browser: BrowserUse::Visited(&facts),
            basis: Basis::Static,
            visit: &Visit::default(),
            now: "2026-01-31T00:00:00Z".parse().unwrap(),
        })
    }

    /// What the page links to.
    pub(crate) fn linked(&self) -> LinkedSites {
        self.with_subject(&policy(), linked_sites)
    }

    fn wrong(&self, policy: &Policy) -> Vec<String> {
        let judged = self.with_subject(policy, |subject| judge(&self.check, subject));
        let grounds = match &judged {
            Ok(decided) => &decided.grounds,
            Err(unseen) => &*unseen.grounds,
        };
        let mut wrong = Vec::new();
        let is = answer(&judged);
        if is != self.wanted {
            wrong.push(format!("{} is wanted, it is {is} – {}", self.wanted, grounds.reason.en));
        }
        if self.reached.is_some_and(|reached| reached != grounds.reached) {
            wrong.push(format!("reached {:?}", grounds.reached));
        }
        let notes: Vec<&str> = grounds.notes.iter().map(|n| n.code.as_str()).collect();
        if self.notes.iter().any(|n| !notes.contains(n)) || self.without.iter().any(|n| notes.contains(n)) {
            wrong.push(format!("notes {notes:?}, wanted {:?} without {:?}", self.notes, self.without));
        }
        if self.basis.is_some() && self.basis != grounds.basis {
            wrong.push(format!("basis {:?}", grounds.basis));
        }
        let message = |n: &rasoat::policy::Text| (n.vi.clone(), n.en.clone());
        let said: Vec<(String, String)> =
            std::iter::once(&grounds.reason).chain(grounds.notes.iter().map(|n| &n.message)).map(message).collect();
        for (vi, en) in &self.says {
            if !said.iter().any(|s| s.0.contains(vi) && s.1.contains(en)) {
                wrong.push(format!("“{vi}” / “{en}” is not said in {said:?}"));
            }
        }
        if grounds.code.is_some() && said.iter().any(|(vi, en)| vi.is_empty() || en.is_empty()) {
            wrong.push("says nothing in one of the languages".to_owned());
        }
        let places: Vec<(String, u32)> = grounds
            .places
            .iter()
            .map(|p| (p.path.clone().or(p.url.clone()).unwrap_or_default(), p.line.unwrap_or(0)))
            .collect();
        if let Some((file, line)) = self.at
            && !places.iter().any(|(name, at)| name.ends_with(file) && *at == line)
        {
            wrong.push(format!("{file}:{line} is wanted, places are {places:?}"));
        }
        let shown: Vec<String> = grounds.evidence.iter().map(in_words).collect();
        if let Some(missing) = self.evidence.iter().find(|e| !shown.iter().any(|s| s.contains(*e))) {
            wrong.push(format!("{missing} is not in {shown:?}"));
        }
        wrong.into_iter().map(|text| format!("{}: {text}", self.name)).collect()
    }
}

fn in_words(evidence: &Evidence) -> String {
    serde_json::to_string(evidence).unwrap()
}

fn answer(judged: &Judged) -> String {
    match judged {
        Ok(d) => match d.opinion {
            Opinion::Pass => "pass".to_owned(),
            Opinion::Fail => format!("fail {}", d.grounds.code.unwrap_or("–")),
            Opinion::NotApplicable => format!("none {}", d.grounds.code.unwrap_or("–")),
        },
        Err(u) => format!("open {} {}", u.gap.name(), u.grounds.code.unwrap_or("–")),
    }
}

fn policy() -> Policy {
    load("tt22-2023", &BTreeMap::new()).unwrap().policy
}

/// Judges a table; fails with every row that is not as expected.
pub(crate) fn run(rows: Vec<Row>) {
    let policy = policy();
    let wrong: Vec<String> = rows.iter().flat_map(|row| row.wrong(&policy)).collect();
    assert!(wrong.is_empty(), "\n{}\n", wrong.join("\n"));
}
