//! Criteria as data: what the law asks, read from YAML and valid by construction once resolved.
//! The law's names, hosts, weights and wording live in the files; this module knows only their shape.
//!
//! [`load()`]`("tt22-2023", &params)` or [`load_all`] give a [`LoadedPolicy`]: the policy, its digest, the
//! cases of its rules, and the places of both. What is wrong comes as [`Problems`](crate::yaml::Problems).

mod builtin;
mod check;
mod date;
mod digest;
mod example;
mod file;
mod load;
mod merge;
mod pattern;
mod points;
mod resolve;
mod setting;
mod sources;
mod validate;
mod validate_check;
mod weakening;
mod weights;

use std::collections::BTreeMap;

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use builtin::{BUILTIN, builtin, builtin_names};
pub use check::{
    AttestationCheck, Check, DomainCheck, ElementCheck, LabelCheck, LinksToCheck, LoadTimeCheck, Reach, Relatives,
    TlsVersion, TrackerCheck, TrackerRef, TransportCheck, WcagCheck,
};
pub use date::{Date, Moment};
pub use example::{Example, ExampleCertificate, ExamplePlain, ExampleSets, ExampleTls, ExampleVisit, OtherSite};
pub use file::{API_VERSION, PolicyFile, RuleFile, TrackerFile, is_id};
pub use load::{LoadedPolicy, PlacedExample, RuleExamples, load, load_all, load_with_leave};
pub use pattern::{PatternFault, compiled, compiled_caseless, compiled_selector, glob, search, selector, whole};
pub use points::{Pages, Points};
pub use setting::Setting;
pub(crate) use sources::version;
pub use weakening::{Leave, Weakening};

use crate::site::Role;

/// A text in the two languages of the users.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Text {
    /// Vietnamese.
    pub vi: String,
    /// English.
    pub en: String,
}

impl Text {
    /// A text from its two versions.
    pub fn new(vi: impl Into<String>, en: impl Into<String>) -> Self {
        Self { vi: vi.into(), en: en.into() }
    }
}

/// How grave a failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// Should be mended.
    Warning,
    /// Breaks the law's text.
    Error,
}

/// Where the law asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Cite {
    /// Number of the document, as `22/2023/TT-BTTTT`.
    pub document: String,
    /// Article (Điều).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub article: Option<u32>,
    /// Clause (khoản).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clause: Option<u32>,
    /// Point (điểm).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub point: Option<String>,
    /// The clause itself, word for word.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

/// A document the policy rests on.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LegalBasis {
    /// Number of the document.
    pub document: String,
    /// Its full name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    /// The day it was issued.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issued_on: Option<Date>,
    /// First day in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_from: Option<Date>,
    /// Last day in force.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub effective_to: Option<Date>,
}

/// The type of a parameter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ParamType {
    /// Any text.
    String,
    /// A whole number.
    Integer,
    /// `true` or `false`.
    Boolean,
}

/// A value of a parameter as written.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum ParamValue {
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// Any text.
    String(String),
}

/// A parameter that a user may set with `--param NAME=VALUE`.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Param {
    /// Its type.
    #[serde(rename = "type")]
    pub kind: ParamType,
    /// What it is for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub title: Option<Text>,
    /// Used when the user gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub default: Option<ParamValue>,
    /// The user must give one.
    #[serde(default)]
    pub required: bool,
    /// A regular expression the whole value must match.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pattern: Option<String>,
    /// Never printed.
    #[serde(default)]
    pub sensitive: bool,
}

/// The names of a tracker's commands.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Calls {
    /// Counts a visit.
    pub page_view: String,
    /// Gives the site's id.
    pub site_id: String,
    /// Gives the collector's address.
    pub collector: String,
}

/// The label a tracker's library puts on the page.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelMarkup {
    /// CSS selectors of the label's elements, outermost first.
    pub selectors: Vec<String>,
    /// What the label says. Compared after NFC, white-space and case folding.
    pub texts: Vec<String>,
    /// The markup the library adds, inline styles included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stand_in: Option<String>,
}

/// A tracker: the names and addresses that make its snippet.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Tracker {
    /// The queue's name on `window`.
    pub queue: String,
    /// Its commands.
    pub calls: Calls,
    /// The library's address.
    pub library: String,
    /// The collector's address.
    pub collector: String,
    /// A regular expression the whole id must match.
    pub site_id: String,
    /// The label the library adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<LabelMarkup>,
    /// The snippet to paste; `${site_id}` stands for the site's id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snippet: Option<String>,
}

/// A group of rules that share points.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Its id.
    pub id: String,
    /// Its name.
    pub title: Text,
    /// Its points.
    pub points: Points,
}

/// A level, reached from a number of points on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Its name.
    pub id: String,
    /// Fewest points.
    pub from: Points,
}

/// One criterion, resolved.
#[derive(Debug, Clone, Serialize)]
pub struct Rule {
    /// Its id, unique in the policy.
    pub id: String,
    /// What it asks.
    pub title: Text,
    /// Where the law asks it.
    pub cite: Option<Cite>,
    /// How grave a failure is.
    pub severity: Severity,
    /// Roles it applies to.
    pub applies_to: Vec<Role>,
    /// Which pages it looks at.
    pub pages: Pages,
    /// What it checks.
    pub check: Check,
    /// The first sentence of a failure; `${reason}` stands for the engine's reason.
    pub message: Option<Text>,
    /// How to mend it.
    pub fix: Option<Text>,
    /// How to mend it, by code; goes before `fix`.
    pub fix_by_code: IndexMap<String, Text>,
    /// The group its points belong to.
    pub group: Option<String>,
    /// Its points.
    pub points: Option<Points>,
    /// Counts in the score.
    pub scored: bool,
    /// A failure may earn a part of the points.
    pub partial: bool,
    /// May not be weakened by an overlay without a waiver.
    pub mandatory: bool,
}

/// A policy, resolved: what it extends is merged, its parameters are filled in, every name is known.
#[derive(Debug, Clone, Serialize)]
pub struct Policy {
    /// Its id.
    pub id: String,
    /// Its version.
    pub version: String,
    /// Its name.
    pub title: Text,
    /// The documents it rests on.
    pub legal_basis: Vec<LegalBasis>,
    /// Trackers by name.
    pub trackers: BTreeMap<String, Tracker>,
    /// Hosts that may inject a snippet.
    pub tag_managers: Vec<String>,
    /// Script types that optimisers run later.
    pub deferred_types: Vec<String>,
    /// Groups of points.
    pub groups: Vec<Group>,
    /// Levels, highest first.
    pub levels: Vec<Level>,
    /// Rules in order.
    pub rules: Vec<Rule>,
}
