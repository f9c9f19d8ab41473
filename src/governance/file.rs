//! Waivers and attestations as people write them, and the baseline as this program does.

use schemars::JsonSchema;
use serde::{Deserialize, Deserializer, Serialize};

use crate::finding;
use crate::policy::{Date, Points};

/// A key that stands there has a value: an empty one would accept more than its author meant.
fn written<'de, D: Deserializer<'de>, T: Deserialize<'de>>(input: D) -> Result<Option<T>, D::Error> {
    T::deserialize(input).map(Some)
}

/// A waivers file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "rasoat waivers")]
pub struct WaiversFile {
    /// Always `rasoat/v1`.
    #[serde(rename = "apiVersion")]
    #[schemars(extend("const" = "rasoat/v1"))]
    pub api_version: String,
    /// Failures that are accepted for a time.
    pub waivers: Vec<Waiver>,
}

/// A failure accepted for a time (tạm chấp nhận).
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The rule's id.
    pub rule: String,
    /// A glob over site ids.
    pub site: String,
    /// Only this part of the failure; the whole failure when left out.
    #[serde(default, deserialize_with = "written", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Subject")]
    pub subject: Option<Subject>,
    /// Why it is accepted.
    #[schemars(length(min = 1))]
    pub reason: String,
    /// Who accepted it.
    #[schemars(length(min = 1))]
    pub approved_by: String,
    /// The last day it holds, in Vietnam's time.
    pub expires: Date,
}

/// What a failure is about: a map with exactly one key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Subject {
    /// A page, by its path or address.
    Page(String),
    /// A host that is linked to, or not.
    Host(String),
    /// An element, by a CSS selector.
    Element(String),
}

/// An attestations file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "rasoat attestations")]
pub struct AttestationsFile {
    /// Always `rasoat/v1`.
    #[serde(rename = "apiVersion")]
    #[schemars(extend("const" = "rasoat/v1"))]
    pub api_version: String,
    /// Statements of people.
    pub attestations: Vec<Attestation>,
}

/// A person's statement that a site keeps a rule or does not.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Attestation {
    /// The rule's id.
    pub rule: String,
    /// The site's id.
    pub site: String,
    /// What is stated.
    pub status: Statement,
    /// The points given, for a rule whose points may be given in part: with `pass` all of them when left out, with
    /// `fail` none.
    #[serde(default, deserialize_with = "written", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Points")]
    pub points: Option<Points>,
    /// Who states it.
    #[schemars(length(min = 1))]
    pub by: String,
    /// On which day.
    pub on: Date,
    /// The last day it holds, in Vietnam's time.
    pub valid_until: Date,
    /// What it rests on.
    #[serde(default, deserialize_with = "written", skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Evidence")]
    pub evidence: Option<Evidence>,
}

/// What a statement says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Statement {
    /// The site keeps the rule.
    Pass,
    /// It does not.
    Fail,
}

/// A file that supports a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Evidence {
    /// The file, relative to the attestations file.
    pub file: String,
    /// Its SHA-256 in hexadecimal.
    #[schemars(regex(pattern = r"^[0-9A-Fa-f]{64}$"))]
    pub sha256: String,
}

/// A baseline file: failures that were there when it was written.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "rasoat baseline")]
pub struct BaselineFile {
    /// Always `rasoat/v1`.
    #[serde(rename = "apiVersion")]
    #[schemars(extend("const" = "rasoat/v1"))]
    pub api_version: String,
    /// The day of the report it was written from, in Vietnam's time.
    pub recorded_on: Date,
    /// The failures, sorted by site and rule.
    pub failures: Vec<KnownFailure>,
}

/// A failure that is known (lỗi đã biết).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct KnownFailure {
    /// The rule's id.
    pub rule: String,
    /// The site's id.
    pub site: String,
    /// What the failure is about; what else fails is new.
    #[serde(default)]
    pub subjects: Vec<finding::Subject>,
}
