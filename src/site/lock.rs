//! `rasoat.lock`: what was seen and accepted of each site, so that a later change is noticed.

use std::collections::BTreeMap;
use std::path::Path;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::policy::{Date, Text, version};
use crate::yaml::{self, Problems};

/// The recorded state of an estate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "rasoat lock")]
pub struct Lock {
    /// Always `rasoat/v1`.
    #[serde(rename = "apiVersion")]
    #[schemars(extend("const" = "rasoat/v1"))]
    pub api_version: String,
    /// Sites by id.
    pub sites: BTreeMap<String, Recorded>,
}

/// What is recorded of one site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Recorded {
    /// The tracker id.
    pub emc_site_id: String,
    /// SHA-256 of the normalised snippet (its commands and addresses), in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snippet_sha256: Option<String>,
    /// How the label was seen: `visible`, or the code of what was wrong with it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// The day it was accepted, in Vietnam.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted_on: Option<Date>,
}

impl Recorded {
    /// The tracker id and nothing else.
    #[must_use]
    pub fn id(id: &str) -> Self {
        Self { emc_site_id: id.to_owned(), snippet_sha256: None, label: None, accepted_on: None }
    }
}

impl Default for Lock {
    /// Nothing is recorded.
    fn default() -> Self {
        Self { api_version: "rasoat/v1".to_owned(), sites: BTreeMap::new() }
    }
}

/// Says whether a text is a SHA-256 in hexadecimal.
#[must_use]
pub fn is_sha256(text: &str) -> bool {
    text.len() == 64 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

/// Loads `rasoat.lock`.
///
/// # Errors
/// Everything that is wrong with it, with places.
pub fn load_lock(path: &Path) -> Result<Lock, Problems> {
    let name = yaml::display(path);
    let bytes = yaml::read(path, &name, yaml::MOST_SITES)?;
    let (lock, document) = yaml::parse::<Lock>(&name, &bytes, yaml::MOST_SITES)?;
    let mut problems = Problems::default();
    version(&lock.api_version, &document, &mut problems);
    for (id, recorded) in &lock.sites {
        if recorded.snippet_sha256.as_ref().is_some_and(|hash| !is_sha256(hash)) {
            let at = document.at("sites").key(id).key("snippet_sha256");
            let text =
                Text::new("không phải mã SHA-256 (64 chữ số thập lục phân)", "not a SHA-256 (64 hexadecimal digits)");
            problems.push(at.problem("bad-hash", text));
        }
    }
    problems.or(lock)
}
