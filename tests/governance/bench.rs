//! Findings made by hand, with decisions from the text of their files, laid over each other on a stated day.

use std::collections::HashSet;

use rasoat::finding::{Basis, Finding, Note, Subject, Verdict};
use rasoat::governance::{
    Decisions, Earlier, Partly, Rated, Scope, lay_over, load_attestations, load_baseline, load_waivers,
};
use rasoat::policy::{Date, Points, Severity, Text};
use rasoat::site::{self, Estate};
use rasoat::snapshot::Gap;
use url::Url;

/// The sites every test knows.
const SITES: &str = "apiVersion: rasoat/v1
sites:
  - {id: tinh-a, role: portal, url: 'https://tinh-a.gov.vn/', source: dist/portal}
  - {id: so-y-te, role: component, parent: tinh-a, url: 'https://tinh-a.gov.vn/so-y-te/'}
  - {id: so-cu, role: component, parent: tinh-a, url: 'https://so-cu.tinh-a.gov.vn/', retired_on: 2025-07-01}
";
/// Rules that the files may name.
pub(crate) const RULES: &[&str] = &["links", "label", "snippet", "paper", "rated"];

/// Everything that one test lays over each other.
pub(crate) struct Bench {
    pub(crate) decisions: Decisions,
    pub(crate) findings: Vec<Finding>,
    pub(crate) judged: Vec<&'static str>,
    pub(crate) rules: Vec<&'static str>,
    pub(crate) weakened: Vec<&'static str>,
    pub(crate) partly: Partly,
    today: Date,
    estate: Estate,
}

pub(crate) fn finding(site: &str, rule: &str, verdict: Verdict) -> Finding {
    Finding {
        policy: "p".to_owned(),
        rule: rule.to_owned(),
        site: site.to_owned(),
        verdict,
        code: None,
        gap: (verdict == Verdict::Inconclusive).then_some(Gap::Timeout),
        severity: Severity::Error,
        basis: Basis::Static,
        known: false,
        subjects: if verdict == Verdict::Fail { vec![Subject::home(None)] } else { Vec::new() },
        subjects_left_out: 0,
        waiver: None,
        notes: Vec::new(),
        message: Text::new("Lỗi.", "It fails."),
        fix: None,
        reached: None,
        places: Vec::new(),
        places_total: 0,
        evidence: Vec::new(),
        expected: None,
        actual: None,
        earned: None,
        duration_ms: 0,
    }
}

/// A failure about hosts.
pub(crate) fn missing(site: &str, hosts: &[&str]) -> Finding {
    let mut all = finding(site, "links", Verdict::Fail);
    let host = |host: &&str| Subject::host(&Url::parse(&format!("https://{host}/")).unwrap()).unwrap();
    all.subjects = hosts.iter().map(host).collect();
    all.subjects.sort();
    all
}

/// A question that nobody answered.
pub(crate) fn open(site: &str, rule: &str, gap: Gap) -> Finding {
    Finding { gap: Some(gap), ..finding(site, rule, Verdict::Inconclusive) }
}

impl Bench {
    pub(crate) fn on(day: &str, findings: Vec<Finding>) -> Self {
        let loaded = site::read("sites.yml", SITES.as_bytes(), std::path::Path::new("")).unwrap();
        Self {
            decisions: Decisions::default(),
            findings,
            judged: vec!["tinh-a", "so-y-te", "so-cu"],
            rules: RULES.to_vec(),
            weakened: Vec::new(),
            partly: Partly::new(),
            today: Date(day.parse().unwrap()),
            estate: loaded.estate,
        }
    }

    pub(crate) fn waivers(mut self, entries: &str) -> Self {
        self.decisions.waivers = Some(written(&waivers(entries), |path| load_waivers(path, RULES)));
        self
    }

    pub(crate) fn attestations(mut self, entries: &str) -> Self {
        let text = format!("apiVersion: rasoat/v1\nattestations:\n{entries}");
        self.decisions.attestations =
            Some(written(&text, |path| load_attestations(path, RULES, &Rated::from([("rated", Points(5_000))]))));
        self
    }

    pub(crate) fn baseline(mut self, entries: &str) -> Self {
        self.decisions.baseline = Some(written(&baseline(entries), load_baseline));
        self
    }

    /// The files before the change.
    pub(crate) fn before(mut self, waived: Option<&str>, known: Option<&str>) -> Self {
        let (waived, known) = (waived.map(waivers), known.map(baseline));
        let bytes = |text: &Option<String>| text.as_ref().map(|t| t.clone().into_bytes());
        self.decisions.earlier = Some(Earlier::read(bytes(&waived).as_deref(), None, bytes(&known).as_deref()));
        self
    }

    /// The findings with the decisions over them, and what is said of the estate.
    pub(crate) fn laid(mut self) -> (Vec<Finding>, Vec<Note>) {
        let scope = Scope {
            today: self.today,
            estate: &self.estate,
            judged: self.judged.iter().copied().collect(),
            rules: self.rules.iter().copied().collect::<HashSet<_>>(),
            partly: self.partly.clone(),
            weakened: self.weakened.iter().copied().collect(),
        };
        let notes = lay_over(&self.decisions, &scope, &mut self.findings);
        (self.findings, notes)
    }

    /// The only finding.
    pub(crate) fn one(self) -> Finding {
        let (mut findings, _) = self.laid();
        assert_eq!(findings.len(), 1);
        findings.remove(0)
    }

    /// Codes of what is said of the estate.
    pub(crate) fn said(self) -> Vec<String> {
        codes(&self.laid().1)
    }
}

fn waivers(entries: &str) -> String {
    format!("apiVersion: rasoat/v1\nwaivers:\n{entries}")
}

fn baseline(entries: &str) -> String {
    format!("apiVersion: rasoat/v1\nrecorded_on: 2026-01-01\nfailures:\n{entries}")
}

fn written<T>(text: &str, load: impl FnOnce(&std::path::Path) -> Result<T, rasoat::yaml::Problems>) -> T {
    let folder = tempfile::TempDir::new().unwrap();
    let path = folder.path().join("decisions.yml");
    std::fs::write(&path, text).unwrap();
    load(&path).unwrap_or_else(|problems| panic!("{problems}"))
}

/// An entry of a waivers file.
pub(crate) fn waiver(rule: &str, site: &str, more: &str, expires: &str) -> String {
    format!(
        "  - {{rule: {rule}, site: '{site}', {more}reason: chờ nâng cấp, approved_by: Trần B, expires: {expires}}}\n"
    )
}

pub(crate) fn codes(notes: &[Note]) -> Vec<String> {
    notes.iter().map(|n| n.code.clone()).collect()
}
