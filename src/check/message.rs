//! A decision becomes a finding: the policy's wording with the site's own values filled in.

use super::{Decided, Grounds, Judged, Opinion};
use crate::finding::{Basis, Evidence, Finding, MOST_PLACES, MOST_SUBJECTS, Subject, Verdict};
use crate::policy::{Check, Policy, Rule, Text};
use crate::site::{Parent, Site};
use crate::snapshot::Gap;

/// Makes the finding of a rule on a site.
#[must_use]
pub fn finding(policy: &Policy, rule: &Rule, site: &Site, judged: Judged, basis: Basis, duration_ms: u64) -> Finding {
    let (verdict, gap, grounds) = match judged {
        Ok(Decided { opinion: Opinion::Pass, grounds }) => (Verdict::Pass, None, grounds),
        Ok(Decided { opinion: Opinion::Fail, grounds }) => (Verdict::Fail, None, grounds),
        Ok(Decided { opinion: Opinion::NotApplicable, grounds }) => (Verdict::NotApplicable, None, grounds),
        Err(unseen) => (Verdict::Inconclusive, Some(unseen.gap), *unseen.grounds),
    };
    let values = Values { policy, rule, site, grounds: &grounds };
    let message = match (verdict, &rule.message) {
        (Verdict::Fail, Some(template)) => values.fill(template),
        _ => grounds.reason.clone(),
    };
    let by_code = grounds.code.and_then(|code| rule.fix_by_code.get(code));
    let fix = by_code.or(rule.fix.as_ref()).filter(|_| verdict == Verdict::Fail).map(|t| values.fill(t));
    let places_total = grounds.places.len() as u64 + grounds.more_places;
    let mut places = grounds.places;
    places.truncate(MOST_PLACES);
    let (subjects, left_out) =
        if verdict == Verdict::Fail { subjects(grounds.subjects, site) } else { (Vec::new(), 0) };
    Finding {
        policy: policy.id.clone(),
        rule: rule.id.clone(),
        site: site.id.clone(),
        verdict,
        code: grounds.code.map(str::to_owned).or_else(|| gap.map(Gap::name)),
        gap,
        severity: rule.severity,
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
    let day = site.retired_on.map(|d| d.0.to_string()).unwrap_or_default();
    let mut decided = Decided::not_applicable(
        "retired",
        Text::new(format!("Trang ngừng hoạt động từ {day}."), format!("The site is retired since {day}.")),
    );
    decided.grounds.basis = Some(Basis::Declared);
    decided
}

/// The values a policy's wording may name.
struct Values<'a> {
    policy: &'a Policy,
    rule: &'a Rule,
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
        let snippet = self
            .rule
            .check
            .walk()
            .iter()
            .find_map(|c| match c {
                Check::Tracker(t) => t.name.as_deref(),
                Check::Label(l) => l.tracker.as_deref(),
                Check::UniqueId(t) | Check::IdDrift(t) => t.tracker.as_deref(),
                _ => None,
            })
            .or_else(|| self.policy.trackers.keys().next().map(String::as_str))
            .and_then(|name| self.policy.trackers.get(name)?.snippet.clone())
            .unwrap_or_default();
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
            .replace("${snippet}", snippet.trim_end())
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
