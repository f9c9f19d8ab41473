//! What a history needs of a stored report: who was judged by what, and the verdicts. Read from the stored JSON without
//! its texts, places and evidence, which are most of it; never stored itself.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;

use crate::finding::{Verdict, safe};
use crate::policy::{Points, Text};
use crate::report::{Outcome, Report, SCHEMA, Summary};
use crate::site::Shard;
use crate::snapshot::Gap;

/// A stored report in outline.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Outline {
    /// The run.
    pub run_id: String,
    /// When its facts were taken, UTC, to the second.
    pub taken_at: String,
    /// Which part of the sites file.
    pub shard: Option<Shard>,
    /// The run in one word.
    pub outcome: Outcome,
    /// The policies.
    pub policies: Vec<PolicyOf>,
    /// The rules it was judged by.
    pub rules: Vec<RuleOf>,
    /// The sites that were judged.
    pub sites: Vec<SiteOf>,
    /// Entries of the sites file that were not.
    #[serde(default)]
    pub not_judged: Vec<SiteOf>,
    /// The verdicts.
    pub findings: Vec<Cell>,
    /// The scores.
    #[serde(default)]
    pub scores: Vec<ScoreOf>,
    /// Counts.
    pub summary: Summary,
}

/// A policy of an outline.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct PolicyOf {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its hash.
    pub digest: String,
}

/// A rule of an outline.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
pub struct RuleOf {
    /// The policy's id.
    pub policy: String,
    /// The rule's id.
    pub id: String,
}

/// A site of an outline.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct SiteOf {
    /// Its id.
    pub id: String,
    /// Its address.
    #[serde(default)]
    pub url: Option<String>,
}

/// A verdict of an outline.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Cell {
    /// The policy's id.
    pub policy: String,
    /// The rule's id.
    pub rule: String,
    /// The site's id.
    pub site: String,
    /// The verdict.
    pub verdict: Verdict,
    /// Why it could not be measured.
    pub gap: Option<Gap>,
}

/// A score of an outline.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct ScoreOf {
    /// The policy's id.
    pub policy: String,
    /// The site's id.
    pub site: String,
    /// For certain.
    pub low: Points,
    /// At most.
    pub high: Points,
    /// The level, when both ends agree.
    pub level: Option<String>,
}

/// Why a stored text cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Unusable {
    /// No JSON, or not in a report's form.
    Form(String),
    /// Of another version.
    Version(String),
    /// Its findings are not those that it counts.
    Counts,
    /// It does not say when it was taken.
    Time,
}

impl Unusable {
    /// What is wrong, for people.
    #[must_use]
    pub fn text(&self) -> Text {
        match self {
            Self::Form(why) => Text::new(format!("không phải báo cáo ({why})"), format!("it is not a report ({why})")),
            Self::Version(found) => Text::new(
                format!("là báo cáo phiên bản `{found}`, chương trình này đọc `{SCHEMA}`"),
                format!("it is a report of version `{found}`; this program reads `{SCHEMA}`"),
            ),
            Self::Counts => Text::new(
                "các kết quả không khớp với số đếm ghi trong báo cáo",
                "its findings are not those that it counts",
            ),
            Self::Time => Text::new("không ghi lúc lập (taken_at)", "it does not say when it was taken (taken_at)"),
        }
    }
}

impl fmt::Display for Unusable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text().en)
    }
}

impl std::error::Error for Unusable {}

impl Outline {
    /// The outline of a stored report's JSON.
    ///
    /// # Errors
    /// When it is no report of [`SCHEMA`], or one that was cut or edited.
    pub fn read(json: &[u8]) -> Result<Self, Unusable> {
        #[derive(Deserialize)]
        struct Head {
            schema: String,
        }
        let form = |error: serde_json::Error| Unusable::Form(safe(&error.to_string(), 200));
        // The version first: a report of another one must not be called damaged.
        let head: Head = serde_json::from_slice(json).map_err(form)?;
        if head.schema != SCHEMA {
            return Err(Unusable::Version(safe(&head.schema, 100)));
        }
        let outline: Self = serde_json::from_slice(json).map_err(form)?;
        outline.checked()
    }

    /// The outline of a report.
    #[must_use]
    pub fn of(report: &Report) -> Self {
        Self {
            run_id: report.run_id.clone(),
            taken_at: report.taken_at.clone(),
            shard: report.shard,
            outcome: report.outcome,
            policies: report
                .policies
                .iter()
                .map(|p| PolicyOf { id: p.id.clone(), version: p.version.clone(), digest: p.digest.clone() })
                .collect(),
            rules: report.rules.iter().map(|r| RuleOf { policy: r.policy.clone(), id: r.id.clone() }).collect(),
            sites: report.sites.iter().map(|s| SiteOf { id: s.id.clone(), url: s.url.clone() }).collect(),
            not_judged: report.not_judged.iter().map(|s| SiteOf { id: s.id.clone(), url: s.url.clone() }).collect(),
            findings: report
                .findings
                .iter()
                .map(|f| Cell {
                    policy: f.policy.clone(),
                    rule: f.rule.clone(),
                    site: f.site.clone(),
                    verdict: f.verdict,
                    gap: f.gap,
                })
                .collect(),
            scores: report
                .scores
                .iter()
                .map(|s| ScoreOf {
                    policy: s.policy.clone(),
                    site: s.site.clone(),
                    low: s.low,
                    high: s.high,
                    level: s.level.clone(),
                })
                .collect(),
            summary: report.summary,
        }
    }

    fn checked(self) -> Result<Self, Unusable> {
        if self.taken_at.parse::<jiff::Timestamp>().is_err() {
            return Err(Unusable::Time);
        }
        let mut told = BTreeSet::new();
        let once = self.findings.iter().all(|c| told.insert((&c.policy, &c.rule, &c.site)));
        if once && self.counts(|_| true) == self.summary { Ok(self) } else { Err(Unusable::Counts) }
    }

    /// Counts of some of its findings.
    #[must_use]
    pub fn counts(&self, of: impl Fn(&Cell) -> bool) -> Summary {
        let mut summary = Summary::default();
        for cell in self.findings.iter().filter(|cell| of(cell)) {
            add(&mut summary, cell.verdict);
        }
        summary
    }

    /// Whether it judged all of its sites file: no shard, no chosen sites.
    #[must_use]
    pub fn is_of_all_sites(&self) -> bool {
        self.shard.is_none() && self.not_judged.is_empty()
    }

    /// Whether it was ended before it was done.
    #[must_use]
    pub fn is_broken_off(&self) -> bool {
        self.findings.iter().any(|cell| cell.gap == Some(Gap::Cancelled))
    }
}

/// Counts one more verdict.
pub(super) fn add(summary: &mut Summary, verdict: Verdict) {
    let count = match verdict {
        Verdict::Pass => &mut summary.pass,
        Verdict::Fail => &mut summary.fail,
        Verdict::Inconclusive => &mut summary.inconclusive,
        Verdict::NotApplicable => &mut summary.not_applicable,
        Verdict::Waived => &mut summary.waived,
    };
    *count += 1;
}
