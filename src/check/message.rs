//! A decision becomes a finding: the policy's wording with the site's own values filled in.

use indexmap::IndexMap;

use super::{Decided, Grounds, Judged, Opinion};
use crate::finding::{Basis, Evidence, Finding, MOST_PLACES, MOST_SUBJECTS, Subject, Verdict};
use crate::policy::{Check, Date, Policy, Rule, Severity, Text};
use crate::site::{Parent, Site};
use crate::snapshot::Gap;

/// What a policy says of one of its rules.
#[derive(Debug, Clone, Copy)]
pub struct Wording<'a> {
    /// The policy's id.
    pub policy: &'a str,
    /// The rule's id.
    pub rule: &'a str,
    /// How grave a failure is.
    pub severity: Severity,
    /// The first sentence of a failure.
    pub message: Option<&'a Text>,
    /// How to mend it.
    pub fix: Option<&'a Text>,
    /// How to mend it, by code.
    pub fix_by_code: &'a IndexMap<String, Text>,
    /// The snippet to paste.
    pub snippet: &'a str,
}

impl<'a> Wording<'a> {
    /// The wording of a rule in its policy.
    #[must_use]
    pub fn of(policy: &'a Policy, rule: &'a Rule) -> Self {
        Self {
            policy: &policy.id,
            rule: &rule.id,
            severity: rule.severity,
            message: rule.message.as_ref(),
            fix: rule.fix.as_ref(),
            fix_by_code: &rule.fix_by_code,
            snippet: snippet(policy, rule),
        }
    }
}

/// The snippet of the tracker that a rule speaks of.
fn snippet<'a>(policy: &'a Policy, rule: &Rule) -> &'a str {
    let named = rule.check.walk().into_iter().find_map(|c| match c {
        Check::Tracker(t) => t.name.clone(),
        Check::Label(l) => l.tracker.clone(),
        Check::UniqueId(t) | Check::IdDrift(t) => t.tracker.clone(),
        _ => None,
    });
    let tracker = match named {
        Some(name) => policy.trackers.get(&name),
        None => policy.trackers.values().next(),
    };
    tracker.and_then(|t| t.snippet.as_deref()).unwrap_or_default()
}

/// Makes the finding of a rule on a site.
#[must_use]
pub fn finding(policy: &Policy, rule: &Rule, site: &Site, judged: Judged, basis: Basis, duration_ms: u64) -> Finding {
    worded(Wording::of(policy, rule), site, judged, basis, duration_ms)
}

/// Makes the finding of a rule that is known by its wording alone.
#[must_use]
pub fn worded(wording: Wording<'_>, site: &Site, judged: Judged, basis: Basis, duration_ms: u64) -> Finding {
    let (verdict, gap, grounds) = match judged {
        Ok(Decided { opinion: Opinion::Pass, grounds }) => (Verdict::Pass, None, grounds),
        Ok(Decided { opinion: Opinion::Fail, grounds }) => (Verdict::Fail, None, grounds),
        Ok(Decided { opinion: Opinion::NotApplicable, grounds }) => (Verdict::NotApplicable, None, grounds),
        Err(unseen) => (Verdict::Inconclusive, Some(unseen.gap), *unseen.grounds),
    };
    let values = Values { snippet: wording.snippet, site, grounds: &grounds };
    let message = match (verdict, wording.message) {
        (Verdict::Fail, Some(template)) => values.fill(template),
        _ => grounds.reason.clone(),
    };
    let by_code = grounds.code.and_then(|code| wording.fix_by_code.get(code));
    let fix = by_code.or(wording.fix).filter(|_| verdict == Verdict::Fail).map(|t| values.fill(t));
    let places_total = grounds.places.len() as u64 + grounds.more_places;
    let mut places = grounds.places;
    places.truncate(MOST_PLACES);
    let (subjects, left_out) =
        if verdict == Verdict::Fail { subjects(grounds.subjects, site) } else { (Vec::new(), 0) };
    Finding {
        policy: wording.policy.to_owned(),
        rule: wording.rule.to_owned(),
        site: site.id.clone(),
        verdict,
        code: grounds.code.map(str::to_owned).or_else(|| gap.map(Gap::name)),
        gap,
        severity: wording.severity,
        basis: grounds.basis.unwrap_or(basis),
        known: false,
        subjects,
        subjects_left_out: left_out + grounds.more_subjects,
        waiver: None,
        notes: grounds.notes,
        message,
        fix,
        reached: grounds.reached,
        places,
        places_total,
        evidence: grounds.evidence,
        expected: grounds.expected,
        actual: grounds.actual,
        earned: grounds.earned,
        duration_ms,
    }
}

/// What a failure is about, in order and each once: the home page where the judge named nothing else. Also how many
/// more there are than a finding keeps.
fn subjects(named: Vec<Subject>, site: &Site) -> (Vec<Subject>, u64) {
    let home = Subject::home(site.url.as_ref());
    let mut all: Vec<Subject> = named.into_iter().map(|subject| subject.on(&home)).collect();
    if all.is_empty() {
        all.push(home);
    }
    all.sort_unstable();
    all.dedup();
    let left_out = all.len().saturating_sub(MOST_SUBJECTS) as u64;
    all.truncate(MOST_SUBJECTS);
    (all, left_out)
}

/// The answer for a site that is no longer judged.
#[must_use]
pub fn gone(site: &Site) -> Decided {
    let day = site.retired_on.map(|d| d.to_string()).unwrap_or_default();
    let vi = site.retired_on.map(Date::vi).unwrap_or_default();
    let mut decided = Decided::not_applicable(
        "retired",
        Text::new(format!("Trang ngừng hoạt động từ {vi}."), format!("The site is retired since {day}.")),
    );
    decided.grounds.basis = Some(Basis::Declared);
    decided
}

/// The values a policy's wording may name.
struct Values<'a> {
    snippet: &'a str,
    site: &'a Site,
    grounds: &'a Grounds,
}

impl Values<'_> {
    fn fill(&self, template: &Text) -> Text {
        Text::new(
            self.fill_one(&template.vi, &self.grounds.reason.vi),
            self.fill_one(&template.en, &self.grounds.reason.en),
        )
    }

    fn fill_one(&self, template: &str, reason: &str) -> String {
        let site_id = self.site.emc_site_id.clone();
        let parent = match &self.site.parent {
            Some(Parent::Elsewhere(url)) => url.to_string(),
            // The declared portal's address is what a missing link names.
            Some(Parent::Declared(id)) => self.missing().next().unwrap_or_else(|| id.clone()),
            None => String::new(),
        };
        let place = self.grounds.places.first();
        let at = place.and_then(|p| {
            let name = p.path.as_ref().or(p.url.as_ref())?;
            Some(p.line.map_or_else(|| name.clone(), |line| format!("{name}:{line}")))
        });
        // The snippet is filled first: it names the site id itself.
        template
            .replace("${snippet}", self.snippet.trim_end())
            .replace("${site_id}", site_id.as_deref().unwrap_or("SITE_ID"))
            .replace("${parent}", &parent)
            .replace(
                "${missing}",
                &self.missing().map(|url| format!("<a href=\"{url}\">…</a>")).collect::<Vec<_>>().join("\n"),
            )
            .replace("${place}", &at.unwrap_or_default())
            .replace("${actual}", self.grounds.actual.as_deref().unwrap_or("—"))
            .replace("${expected}", self.grounds.expected.as_deref().unwrap_or("—"))
            .replace("${reason}", reason)
    }

    fn missing(&self) -> impl Iterator<Item = String> {
        self.grounds.evidence.iter().filter_map(|e| match e {
            Evidence::MissingLink { url, .. } => Some(url.clone()),
            _ => None,
        })
    }
}
