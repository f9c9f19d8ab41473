//! The baseline: failures that are known, read from its file, made from a report's findings, made smaller, and
//! written so that people can review it line by line. Says what is known; what follows from that is said elsewhere.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::path::Path;

use super::file::BaselineFile;
use crate::finding::{Finding, Subject, Verdict, safe};
use crate::policy::{Date, Text, version};
use crate::yaml::{self, At, Problems};

/// Most bytes of a baseline file: many sites may fail.
const MOST: usize = yaml::MOST_SITES;

/// Longest text of an entry, in characters.
const LONGEST: usize = 4_000;

/// Site and rule of a failure.
pub type Failure = (String, String);

/// Home pages of the sites of which not every page was read, by site.
pub type Partly = HashMap<String, Subject>;

/// Failures that are known, by site and rule.
#[derive(Debug, Clone)]
pub struct Baseline {
    /// The day of the report it was written from.
    pub recorded_on: Date,
    /// What each known failure is about.
    pub failures: BTreeMap<Failure, BTreeSet<Subject>>,
    /// Where each is written; empty for one that was made from a report.
    pub places: BTreeMap<Failure, At>,
}

impl Baseline {
    /// The failures of a report's findings. What people accepted for a time is left to its waiver.
    #[must_use]
    pub fn of(findings: &[Finding], recorded_on: Date) -> Self {
        let mut failures: BTreeMap<Failure, BTreeSet<Subject>> = BTreeMap::new();
        for finding in findings.iter().filter(|f| f.verdict == Verdict::Fail) {
            let waived = finding.waiver.as_ref().map_or(&[][..], |w| &w.subjects);
            let subjects = finding.subjects.iter().filter(|s| !waived.contains(s)).cloned();
            failures.entry(failure(finding)).or_default().extend(subjects);
        }
        Self { recorded_on, failures, places: BTreeMap::new() }
    }

    /// What of a failure it does not know; `None` when it knows all of it. What is waived need not be known.
    #[must_use]
    pub fn new_in<'a>(&self, finding: &'a Finding, waived: &[Subject]) -> Option<Vec<&'a Subject>> {
        let Some(known) = self.failures.get(&failure(finding)) else { return Some(finding.subjects.iter().collect()) };
        let new: Vec<&Subject> =
            finding.subjects.iter().filter(|s| !known.contains(s) && !waived.contains(s)).collect();
        (!new.is_empty() || finding.subjects_left_out > 0).then_some(new)
    }

    /// What of it these findings show to be mended: measured, and no longer failing. `partly` are the sites of which
    /// not every page was read, with their home pages.
    #[must_use]
    pub fn mended(&self, findings: &[Finding], partly: &Partly) -> BTreeMap<Failure, BTreeSet<Subject>> {
        let mut still: BTreeMap<Failure, Still<'_>> = BTreeMap::new();
        for finding in findings {
            let still = still.entry(failure(finding)).or_default();
            // What could not be seen may still be so, and a list that was cut proves nothing.
            still.open |= finding.verdict == Verdict::Inconclusive || finding.subjects_left_out > 0;
            still.asked |= finding.verdict != Verdict::NotApplicable;
            still.fails |= matches!(finding.verdict, Verdict::Fail | Verdict::Waived);
            still.subjects.extend(&finding.subjects);
        }
        let mut mended = BTreeMap::new();
        for (failure, subjects) in &self.failures {
            let Some(still) = still.get(failure).filter(|still| !still.open) else { continue };
            let home = partly.get(&failure.0).filter(|_| still.asked);
            let read = |s: &Subject| home.is_none_or(|home| s.page.is_none() || s.page == home.page);
            let gone: BTreeSet<Subject> =
                subjects.iter().filter(|s| !still.subjects.contains(s) && read(s)).cloned().collect();
            if !gone.is_empty() || (!still.fails && subjects.is_empty()) {
                mended.insert(failure.clone(), gone);
            }
        }
        mended
    }

    /// Without what these findings show to be mended; never gains anything.
    #[must_use]
    pub fn pruned(mut self, findings: &[Finding], partly: &Partly) -> Self {
        for (failure, gone) in self.mended(findings, partly) {
            let Some(subjects) = self.failures.get_mut(&failure) else { continue };
            subjects.retain(|s| !gone.contains(s));
            if subjects.is_empty() {
                self.failures.remove(&failure);
            }
        }
        self
    }

    /// How many entries and subjects there are.
    #[must_use]
    pub fn size(&self) -> (usize, usize) {
        (self.failures.len(), self.failures.values().map(BTreeSet::len).sum())
    }

    /// The file: sorted, one line for each thing, so that a change of it can be reviewed.
    #[must_use]
    pub fn to_yaml(&self) -> String {
        let mut out = String::from(
            "# Lỗi đã biết, ghi bởi `rasoat baseline write`; `rasoat baseline prune` bỏ dần những lỗi đã sửa.\n\
             # Known failures, written by `rasoat baseline write`; `rasoat baseline prune` removes what was mended.\n",
        );
        out.push_str(&format!("apiVersion: rasoat/v1\nrecorded_on: {}\n", self.recorded_on));
        out.push_str(if self.failures.is_empty() { "failures: []\n" } else { "failures:\n" });
        for ((site, rule), subjects) in &self.failures {
            out.push_str(&format!("  - site: {}\n    rule: {}\n", scalar(site), scalar(rule)));
            if !subjects.is_empty() {
                out.push_str("    subjects:\n");
            }
            for subject in subjects {
                let parts = [("page", &subject.page), ("host", &subject.host), ("element", &subject.element)];
                let parts: Vec<String> = parts
                    .into_iter()
                    .filter_map(|(key, text)| Some(format!("{key}: {}", scalar(text.as_deref()?))))
                    .collect();
                out.push_str(&format!("      - {{{}}}\n", parts.join(", ")));
            }
        }
        out
    }
}

/// What the findings of one rule and site say together: a rule may stand in two policies.
#[derive(Default)]
struct Still<'a> {
    open: bool,
    asked: bool,
    fails: bool,
    subjects: BTreeSet<&'a Subject>,
}

fn failure(finding: &Finding) -> Failure {
    (finding.site.clone(), finding.rule.clone())
}

/// Words that YAML, or those who read it, take for something else.
const WORDS: &[&str] = &["false", "n", "no", "null", "off", "on", "true", "y", "yes"];

/// An id as it is; any other text in double quotes, as JSON writes it: YAML reads that too, whatever stands in it.
fn scalar(text: &str) -> String {
    let id = text.starts_with(|c: char| c.is_ascii_lowercase())
        && text.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if id && !WORDS.contains(&text) {
        return text.to_owned();
    }
    serde_json::Value::from(safe(text, LONGEST)).to_string()
}

/// Loads a baseline file. Rules and sites that this run does not know are no fault: it may be a smaller one.
///
/// # Errors
/// Everything that is wrong with it, with places.
pub fn load_baseline(path: &Path) -> Result<Baseline, Problems> {
    let name = yaml::display(path);
    let bytes = yaml::read(path, &name, MOST)?;
    read(&name, &bytes)
}

/// The same from its bytes.
pub(super) fn read(name: &str, bytes: &[u8]) -> Result<Baseline, Problems> {
    let (file, document) = yaml::parse::<BaselineFile>(name, bytes, MOST)?;
    let mut problems = Problems::default();
    version(&file.api_version, &document, &mut problems);
    let list = document.at("failures");
    let mut baseline = Baseline { recorded_on: file.recorded_on, failures: BTreeMap::new(), places: BTreeMap::new() };
    for (n, known) in file.failures.into_iter().enumerate() {
        let at = list.item(n);
        let failure = (known.site, known.rule);
        if let Some(first) = baseline.places.get(&failure) {
            let text = Text::new("tiêu chí này của trang này đã có ở trên", "this rule and site stand above already");
            let other = Text::new("ở đây", "here");
            problems.push(at.key("rule").problem("duplicate", text).label(&first.key("rule"), other));
            continue;
        }
        for (m, subject) in known.subjects.iter().enumerate() {
            if *subject == Subject::default() {
                let text = Text::new("cần page, host hoặc element", "a page, host or element is wanted");
                problems.push(at.key("subjects").item(m).problem("empty", text));
            }
        }
        baseline.failures.insert(failure.clone(), known.subjects.into_iter().collect());
        baseline.places.insert(failure, at);
    }
    problems.or(baseline)
}
