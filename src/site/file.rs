//! The sites file as people write it: one entry per site, nothing resolved.

use schemars::JsonSchema;
use serde::Deserialize;

use super::Role;
use crate::policy::Date;

/// A sites file.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(title = "rasoat sites")]
pub struct SitesFile {
    /// Always `rasoat/v1`.
    #[serde(rename = "apiVersion")]
    #[schemars(extend("const" = "rasoat/v1"))]
    pub api_version: String,
    /// One entry for each site.
    #[schemars(length(min = 1))]
    pub sites: Vec<SiteFile>,
}

/// One site as written.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SiteFile {
    /// Its id: letters without marks, digits, `.`, `_` and `-`, at most 100.
    #[schemars(regex(pattern = r"^[A-Za-z0-9._-]{1,100}$"))]
    pub id: String,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// What it is: `portal`, `component` or `service`.
    pub role: Role,
    /// The portal it belongs to: the id of a portal in this file, or an address. A component has one.
    #[serde(default)]
    pub parent: Option<String>,
    /// Its address, http or https.
    #[schemars(url)]
    pub url: String,
    /// Its built HTML, relative to this file: a folder or one file.
    #[serde(default)]
    pub source: Option<String>,
    /// Other addresses it answers at.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// Its tracker id, as text.
    #[serde(default)]
    pub emc_site_id: Option<String>,
    /// The agency that owns it (cơ quan chủ quản).
    #[serde(default)]
    pub unit: Option<String>,
    /// Not judged from that day.
    #[serde(default)]
    pub retired_on: Option<Date>,
}

/// Says whether a text may be a site's id.
#[must_use]
pub fn is_site_id(text: &str) -> bool {
    (1..=100).contains(&text.len()) && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-'))
}
