//! The report: the only thing that is stored, and what every format is made from.
//! Formats read it and never decide; the table that maps verdicts to the outside is `outlet.rs`.

mod across;
mod anchor;
mod beside;
mod changed;
mod changes;
mod check_run;
mod csv;
#[cfg(feature = "office")]
mod docx;
mod dotenv;
mod figures;
mod format;
mod github;
mod gitlab;
mod gitlab_annotations;
mod html;
mod human;
mod json;
mod junit;
mod markdown;
mod outlet;
mod plain;
mod ranked;
mod sarif;
mod scored;
mod trend;
pub mod words;
#[cfg(feature = "office")]
mod xlsx;

pub use across::{AcrossRule, AcrossSite, Listed, NotJudged, SeenId, SeenLink, SeenLinks};
pub use beside::Beside;
pub use changed::changes_to_text;
pub use changes::{Change, ChangeKind, Changes, ScoreChange};
pub use check_run::{Annotation, CheckRun, Comment, MOST_ANNOTATIONS, MOST_TEXT, to_check_run, to_comment};
pub(crate) use csv::row as csv_row;
pub use csv::to_csv;
#[cfg(feature = "office")]
pub use docx::{Letter, MOST_TEMPLATE, to_docx};
pub use dotenv::to_dotenv;
pub use format::{Format, render};
pub use github::to_github;
pub use gitlab::to_gitlab;
pub use gitlab_annotations::to_gitlab_annotations;
pub use html::to_html;
pub use human::{HumanOptions, to_human, to_human_beside};
pub use json::{ReadError, from_json, to_json};
pub use junit::to_junit;
pub use markdown::{to_markdown, to_markdown_beside};
pub use outlet::{Github, Gitlab, Junit, Outlet, Raises, Sarif};
pub(crate) use plain::{defused, fenced, markdown};
pub use ranked::{StoredRanking, draws_rankings, ranking_from_json, render_ranking};
pub use sarif::to_sarif;
pub use scored::between;
pub use trend::{Month, Trend, TrendRule, TrendRun, trend_to_csv, trend_to_json, trend_to_markdown, trend_to_text};
pub use words::Lang;
#[cfg(feature = "office")]
pub use xlsx::to_xlsx;

use std::collections::{BTreeMap, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::{Finding, Note, Verdict};
use crate::policy::{Cite, Severity, Text};
use crate::score::{Gates, Scale, Score};
use crate::site::{Declared, Recorded, Role, Shard};
use crate::snapshot::{Attempted, BrowserVisit, Gap, PagesCovered, PlainHttp, Timings, Tls};

/// Name and version of the stored form.
pub const SCHEMA: &str = "rasoat/report/v1";

/// From which severity on a failure fails the run (`--fail-on`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FailOn {
    /// Only errors.
    Error,
    /// Warnings too.
    Warning,
    /// Every failure.
    Note,
    /// None.
    Never,
}

impl FailOn {
    /// The word as it is written in files and flags.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
            Self::Never => "never",
        }
    }

    /// Whether a failure of this severity fails the run.
    #[must_use]
    pub fn reached_by(self, severity: Severity) -> bool {
        match self {
            Self::Error => severity >= Severity::Error,
            Self::Warning => severity >= Severity::Warning,
            Self::Note => true,
            Self::Never => false,
        }
    }
}

/// The program that made the report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// `rasoat`.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// A policy that was applied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyRef {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// `sha256:` and the hash of the resolved policy as canonical JSON.
    pub digest: String,
    /// Its name.
    pub title: Text,
    /// Its points, groups and levels; absent when it has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub scale: Option<Scale>,
}

/// What readers need to know of a rule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuleRef {
    /// The policy's id.
    pub policy: String,
    /// The rule's id.
    pub id: String,
    /// What it asks.
    pub title: Text,
    /// Where the law asks it, in words: `khoản 6 Điều 4 Thông tư số …`.
    pub clause: Option<Text>,
    /// The citation as data.
    pub cite: Option<Cite>,
    /// How grave a failure is.
    pub severity: Severity,
    /// The kind of check, as in the policy: `tracker`, `links_to`, …
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub check: Option<String>,
    /// How to mend it, in general.
    pub fix: Option<Text>,
    /// What is needed to decide it again over all sites; only of a rule that compares them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub across: Option<Box<AcrossRule>>,
}

/// A judged site and what was seen on the way to it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SiteReport {
    /// Its id.
    pub id: String,
    /// Its role.
    pub role: Option<Role>,
    /// Its address.
    pub url: Option<String>,
    /// The parent's id or address.
    pub parent: Option<String>,
    /// Its name.
    pub name: Option<String>,
    /// The agency that owns it.
    pub unit: Option<String>,
    /// The folder or file that was read.
    pub source: Option<String>,
    /// Where it is declared.
    pub declared: Option<Declared>,
    /// The address that answered in the end.
    pub final_url: Option<String>,
    /// Redirects on the way.
    pub hops: Vec<Attempted>,
    /// Status of the last answer.
    pub status: Option<u16>,
    /// Requests made for the home page.
    pub attempts: u32,
    /// IP address that answered.
    pub address: Option<String>,
    /// TLS version and certificate chain.
    #[serde(default)]
    pub tls: Option<Tls>,
    /// `1.0`, `1.1`, `2`.
    #[serde(default)]
    pub http_version: Option<String>,
    /// Headers of the last answer that matter to its readers, names in lower case.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// What the plain http address answered, when a rule asks for it.
    #[serde(default)]
    pub plain: Option<PlainHttp>,
    /// Milliseconds.
    pub timings: Option<Timings>,
    /// Tracker ids seen on its pages, by tracker name joined as `name:id`.
    pub seen_site_ids: Vec<String>,
    /// Which pages were read.
    pub pages_covered: PagesCovered,
    /// Why it could not be read at all.
    pub gap: Option<Gap>,
    /// What `rasoat.lock` would record of it; only of a snippet that was shown to work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub state: Option<Recorded>,
    /// The browser it was shown to, if it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub browser: Option<BrowserVisit>,
    /// What rules and notes over all sites go by when reports are merged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub across: Option<Box<AcrossSite>>,
}

/// Counts by verdict.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Summary {
    /// Passed.
    pub pass: u64,
    /// Failed.
    pub fail: u64,
    /// Could not be measured.
    pub inconclusive: u64,
    /// Had nothing to ask.
    pub not_applicable: u64,
    /// Failed, and people accepted it for a time.
    pub waived: u64,
}

impl Summary {
    /// Counts one more.
    pub fn add(&mut self, verdict: Verdict) {
        *match verdict {
            Verdict::Pass => &mut self.pass,
            Verdict::Fail => &mut self.fail,
            Verdict::Inconclusive => &mut self.inconclusive,
            Verdict::NotApplicable => &mut self.not_applicable,
            Verdict::Waived => &mut self.waived,
        } += 1;
    }

    /// How many of a verdict.
    #[must_use]
    pub fn of(self, verdict: Verdict) -> u64 {
        match verdict {
            Verdict::Pass => self.pass,
            Verdict::Fail => self.fail,
            Verdict::Inconclusive => self.inconclusive,
            Verdict::NotApplicable => self.not_applicable,
            Verdict::Waived => self.waived,
        }
    }

    /// All of them. Of a file that someone edited they may be any numbers.
    #[must_use]
    pub fn total(self) -> u64 {
        [self.pass, self.fail, self.inconclusive, self.not_applicable, self.waived]
            .into_iter()
            .fold(0, u64::saturating_add)
    }
}

/// The run in one word. Derived from the findings, and from what was asked of their scores, like the exit code, and
/// never otherwise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Every rule was measured and none fails the run.
    Passed,
    /// Nothing measured fails, but a clause of severity error was not measured because nobody asked for it.
    PassedUnmeasured,
    /// A finding reaches `--fail-on`, or a score falls short of what it must reach.
    Failed,
    /// Something that should have been seen could not be seen, or nobody can say whether a score reaches what it must.
    Inconclusive,
    /// Nothing was evaluated.
    Nothing,
}

/// What one unit handed in, in a report that joins those of several.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Section {
    /// What it is called: the name of the file it came in, without its ending.
    pub name: String,
    /// The agency that owns its sites, when they have one owner.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// When its facts were taken, UTC.
    pub taken_at: String,
    /// Its run.
    pub run_id: String,
    /// The ids of its sites in this report.
    pub sites: Vec<String>,
    /// Counts of its findings as they stand in this report.
    pub summary: Summary,
    /// The unit's part in one word, as it stands in this report.
    pub outcome: Outcome,
}

/// All that a run found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// [`SCHEMA`].
    pub schema: String,
    /// The program.
    pub tool: Tool,
    /// The same for all shards of one run.
    pub run_id: String,
    /// The policies.
    pub policies: Vec<PolicyRef>,
    /// Their rules.
    pub rules: Vec<RuleRef>,
    /// When the facts were taken, UTC, to the second.
    pub taken_at: String,
    /// Which part of the sites file.
    pub shard: Option<Shard>,
    /// `--fail-on`.
    pub fail_on: FailOn,
    /// `--strict`.
    pub strict: bool,
    /// `--new-only`: known failures are counted, and not listed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub new_only: bool,
    /// The run in one word.
    pub outcome: Outcome,
    /// Sites in declared order.
    pub sites: Vec<SiteReport>,
    /// Entries of the sites file that this run did not judge; of a shard those of its own share.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_judged: Vec<NotJudged>,
    /// Findings: sites in declared order, rules in policy order.
    pub findings: Vec<Finding>,
    /// Said about the estate as a whole.
    pub estate_notes: Vec<Note>,
    /// What was asked of scores: `--min-score`, `--min-level`, `--min-group`.
    #[serde(default, skip_serializing_if = "Gates::is_empty")]
    pub gates: Gates,
    /// Scores by site and policy; empty for policies without points.
    pub scores: Vec<Score>,
    /// The reports this one was joined from, when they were those of several units.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sections: Vec<Section>,
    /// Counts.
    pub summary: Summary,
}

impl Report {
    /// What is known of a finding's rule.
    #[must_use]
    pub fn rule_of(&self, finding: &Finding) -> Option<&RuleRef> {
        self.rules.iter().find(|r| r.id == finding.rule && r.policy == finding.policy)
    }

    /// Its sites by id: formats ask for the site of every finding, of which there may be thousands.
    #[must_use]
    pub fn sites_by_id(&self) -> HashMap<&str, &SiteReport> {
        self.sites.iter().map(|s| (s.id.as_str(), s)).collect()
    }

    /// The scale of a policy, when it has points.
    #[must_use]
    pub fn scale_of(&self, policy: &str) -> Option<&Scale> {
        self.policies.iter().find(|p| p.id == policy)?.scale.as_ref()
    }
}
