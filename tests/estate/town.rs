//! A town in memory: a sites file, home pages drawn from markup, what a visit gave; judged as a run over addresses
//! would be, without a server.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use rasoat::acquire::Needs;
use rasoat::acquire::fetch::NetOptions;
use rasoat::acquire::folder::Folder;
use rasoat::acquire::page::{Kind, of_folder};
use rasoat::check::{BrowserUse, Subject, links_to_follow};
use rasoat::finding::{Basis, Finding, Note};
use rasoat::observe::{self, Home, Others};
use rasoat::policy;
use rasoat::report::{FailOn, Report};
use rasoat::run::{Browsing, Run};
use rasoat::site::{self, Site};
use rasoat::snapshot::{Gap, Landing, Page, Visit};
use rasoat::tally;
use url::Url;

/// What a visit to a site gave.
pub(crate) struct Town {
    pub(crate) run: Arc<Run>,
    pub(crate) pages: BTreeMap<String, Result<Page, Gap>>,
    /// Where a visit ended, when not at the site's own address.
    pub(crate) ends: BTreeMap<String, String>,
}

pub(crate) fn url(text: &str) -> Url {
    Url::parse(text).unwrap()
}

impl Town {
    /// Sites as the entries of a sites file, in flow form.
    pub(crate) fn of(entries: &[&str]) -> Self {
        let lines: String = entries.iter().map(|e| format!("  - {{{e}}}\n")).collect();
        let text = format!("apiVersion: rasoat/v1\nsites:\n{lines}");
        let estate = site::read("sites.yml", text.as_bytes(), Path::new("")).unwrap_or_else(|p| panic!("{p}")).estate;
        let judged = estate.sites().iter().map(|s| s.id.clone()).collect();
        Self { run: Arc::new(run(estate, judged)), pages: BTreeMap::new(), ends: BTreeMap::new() }
    }

    pub(crate) fn change(mut self, change: impl FnOnce(&mut Run)) -> Self {
        change(Arc::get_mut(&mut self.run).unwrap());
        self
    }

    pub(crate) fn site(&self, id: &str) -> &Site {
        self.run.estate.site(id).unwrap()
    }

    /// A site's home page.
    pub(crate) fn page(mut self, id: &str, body: &str) -> Self {
        let page = drawn(self.site(id).url.as_ref().unwrap(), body, &self.run.needs());
        self.pages.insert(id.to_owned(), Ok(page));
        self
    }

    /// A site's visit ended at another address.
    pub(crate) fn ends(mut self, id: &str, at: &str) -> Self {
        self.ends.insert(id.to_owned(), at.to_owned());
        self
    }

    /// A site that could not be seen.
    pub(crate) fn gap(mut self, id: &str, gap: Gap) -> Self {
        self.pages.insert(id.to_owned(), Err(gap));
        self
    }

    /// A link of a site's home page was followed.
    pub(crate) fn lands(mut self, id: &str, link: &str, landing: Landing) -> Self {
        self.pages.get_mut(id).unwrap().as_mut().unwrap().landings.insert(url(link), landing);
        self
    }

    pub(crate) fn report(&self) -> Report {
        let mut observed: Vec<_> = self
            .run
            .judged
            .iter()
            .map(|id| {
                let site = self.site(id);
                let page = self.pages.get(id).cloned().unwrap_or(Err(Gap::Timeout));
                let end = self.ends.get(id).cloned().or_else(|| site.url.as_ref().map(ToString::to_string));
                let visit = Visit { final_url: end.filter(|_| page.is_ok()), ..Visit::default() };
                let home = Home { page, visit, basis: Basis::Http, code: None, detail: None, at: None };
                if site.retired {
                    observe::retired(&self.run, site)
                } else {
                    let acquired = observe::Acquired { home, others: Others::default(), begun: Instant::now() };
                    observe::judged(&self.run, site, &acquired, None)
                }
            })
            .collect();
        let findings = observe::with_estate_rules(&self.run, &mut observed);
        tally::report(&self.run, &observed, findings)
    }

    pub(crate) fn finding(&self, site: &str, rule: &str) -> Finding {
        let report = self.report();
        report.findings.into_iter().find(|f| f.site == site && f.rule == rule).unwrap()
    }

    /// What the program would follow on a site's home page for a rule.
    pub(crate) fn followed(&self, site: &str, rule: &str) -> Vec<String> {
        let loaded = &self.run.policies[0];
        let rule = loaded.policy.rules.iter().find(|r| r.id == rule).unwrap();
        let visit = Visit::default();
        let subject = Subject {
            site: self.site(site),
            estate: &self.run.estate,
            policy: &loaded.policy,
            page: self.pages[site].as_ref().map_err(|gap| *gap),
            recorded: None,
            browser: BrowserUse::NotRequested,
            visit: &visit,
            basis: Basis::Http,
            now: self.run.now,
        };
        links_to_follow(&rule.check, &subject).iter().map(ToString::to_string).collect()
    }

    /// Notes of one code.
    pub(crate) fn notes(&self, code: &str) -> Vec<Note> {
        self.report().estate_notes.into_iter().filter(|n| n.code == code).collect()
    }
}

/// A page drawn from markup.
pub(crate) fn drawn(address: &Url, body: &str, needs: &Needs) -> Page {
    let kept = tempfile::TempDir::new().unwrap();
    // The body begins on line 5.
    let text = format!(
        "<!doctype html>\n<html lang=\"vi\"><head><title>Trang</title></head>\n<body>\n<h1>Trang</h1>\n{body}\n</body></html>\n"
    );
    std::fs::write(kept.path().join("index.html"), text).unwrap();
    let text = format!("apiVersion: rasoat/v1\nsites:\n  - {{id: a, role: portal, url: '{address}', source: dist}}\n");
    let mut site = site::read("s.yml", text.as_bytes(), Path::new(""))
        .unwrap_or_else(|p| panic!("{p}"))
        .estate
        .site("a")
        .unwrap()
        .clone();
    site.source = Some(PathBuf::from(kept.path()));
    let folder = Folder::open(&site, 8 << 20).unwrap();
    let mut page = of_folder(&folder, "index.html", needs, Kind::Home).unwrap();
    page.address = address.clone();
    page.base = address.clone();
    page
}

fn run(estate: site::Estate, judged: Vec<String>) -> Run {
    Run {
        policies: policy::load_all(&["tt22-2023".to_owned()], &BTreeMap::new()).unwrap_or_else(|p| panic!("{p}")),
        estate: Arc::new(estate),
        judged,
        ad_hoc: false,
        shard: None,
        pipeline: None,
        recorded: BTreeMap::new(),
        deployed: false,
        pages: None,
        max_pages: None,
        only: BTreeSet::new(),
        skip: BTreeSet::new(),
        browsing: Browsing::None,
        fail_on: FailOn::Error,
        strict: false,
        gates: rasoat::score::Gates::default(),
        jobs: 1,
        net: NetOptions::default(),
        now: jiff::Timestamp::UNIX_EPOCH,
        timed: false,
        cancelled: Arc::default(),
        deadline: None,
        progress: Arc::default(),
        recording: None,
        decisions: Default::default(),
    }
}
