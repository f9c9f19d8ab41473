//! A policy as people write it: one file, not merged, nothing filled in. Every key of a rule may be
//! left out, so that an overlay can change one thing; `load` says what is missing once all is merged.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::example::ExampleSets;
use super::{Calls, Check, Cite, Group, LabelMarkup, LegalBasis, Level, Pages, Param, Points, Severity, Text};
use crate::site::Role;

/// The version of all files people write.
pub const API_VERSION: &str = "rasoat/v1";
/// What a policy file says it is.
pub(super) const KIND: &str = "Policy";

/// A policy file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "rasoat policy")]
pub struct PolicyFile {
    /// Always `rasoat/v1`.
    #[serde(rename = "apiVersion")]
    #[schemars(extend("const" = "rasoat/v1"))]
    pub api_version: String,
    /// Always `Policy`.
    #[schemars(extend("const" = "Policy"))]
    pub kind: String,
    /// Its id: small letters, digits and hyphens.
    #[schemars(regex(pattern = r"^[a-z0-9]+(-[a-z0-9]+)*$"))]
    pub id: String,
    /// Its version, as text.
    pub version: String,
    /// Policies this one builds on, in order: `builtin:NAME` or a file relative to this one.
    #[serde(default)]
    pub extends: Vec<String>,
    /// Its name.
    pub title: Text,
    /// The documents it rests on; replaces the list of what it extends.
    #[serde(default)]
    pub legal_basis: Option<Vec<LegalBasis>>,
    /// Parameters by name; a name already known is replaced.
    #[serde(default)]
    pub params: IndexMap<String, Param>,
    /// Trackers by name; a name already known is changed key by key.
    #[serde(default)]
    pub trackers: IndexMap<String, TrackerFile>,
    /// Hosts that may inject a snippet; replaces the list of what it extends.
    #[serde(default)]
    pub tag_managers: Option<Vec<String>>,
    /// Script types that optimisers run later; replaces the list of what it extends.
    #[serde(default)]
    pub deferred_types: Option<Vec<String>>,
    /// Groups of points; replaces the list of what it extends.
    #[serde(default)]
    pub groups: Option<Vec<Group>>,
    /// Levels by their lower bounds; replaces the list of what it extends.
    #[serde(default)]
    pub levels: Option<Vec<Level>>,
    /// Rules; an id already known is changed key by key, a new one is added at the end.
    #[serde(default)]
    pub rules: Vec<RuleFile>,
}

/// A tracker as written.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackerFile {
    /// The queue's name on `window`.
    #[serde(default)]
    pub queue: Option<String>,
    /// Its commands.
    #[serde(default)]
    pub calls: Option<Calls>,
    /// The library's address, http or https.
    #[serde(default)]
    pub library: Option<String>,
    /// The collector's address, http or https.
    #[serde(default)]
    pub collector: Option<String>,
    /// A regular expression the whole id must match.
    #[serde(default)]
    pub site_id: Option<String>,
    /// The label the library adds.
    #[serde(default)]
    pub label: Option<LabelMarkup>,
    /// The snippet to paste; `${site_id}` stands for the site's id.
    #[serde(default)]
    pub snippet: Option<String>,
}

/// A rule as written.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RuleFile {
    /// Its id: small letters, digits and hyphens.
    #[schemars(regex(pattern = r"^[a-z0-9]+(-[a-z0-9]+)*$"))]
    pub id: String,
    /// Removes the rule of that id from what this policy extends.
    #[serde(default)]
    pub off: Option<bool>,
    /// What it asks.
    #[serde(default)]
    pub title: Option<Text>,
    /// Where the law asks it.
    #[serde(default)]
    pub cite: Option<Cite>,
    /// How grave a failure is.
    #[serde(default)]
    pub severity: Option<Severity>,
    /// Roles it applies to.
    #[serde(default)]
    pub applies_to: Option<Vec<Role>>,
    /// Which pages it looks at: `home` (default), `all`, or a glob over page paths.
    #[serde(default)]
    pub pages: Option<Pages>,
    /// What it checks.
    #[serde(default)]
    pub check: Option<Check>,
    /// The first sentence of a failure; `${reason}` stands for the engine's reason.
    #[serde(default)]
    pub message: Option<Text>,
    /// How to mend it.
    #[serde(default)]
    pub fix: Option<Text>,
    /// How to mend it, by code; goes before `fix`.
    #[serde(default)]
    pub fix_by_code: Option<IndexMap<String, Text>>,
    /// The group its points belong to.
    #[serde(default)]
    pub group: Option<String>,
    /// Its points.
    #[serde(default)]
    pub points: Option<Points>,
    /// Counts in the score; default true.
    #[serde(default)]
    pub scored: Option<bool>,
    /// A failure may earn a part of the points; default false.
    #[serde(default)]
    pub partial: Option<bool>,
    /// May not be weakened by an overlay; default false.
    #[serde(default)]
    pub mandatory: Option<bool>,
    /// Cases that show what passes and what fails; run by `rasoat test`.
    #[serde(default)]
    pub tests: Option<ExampleSets>,
}

/// Says whether a text is an id: small letters and digits, joined by single hyphens.
#[must_use]
pub fn is_id(text: &str) -> bool {
    text.len() <= 100
        && text
            .split('-')
            .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit()))
}
