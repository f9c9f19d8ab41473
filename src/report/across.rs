//! What a report keeps of each site and rule so that rules and notes over all sites can be decided again when
//! reports are merged. Data only.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::finding::{Basis, Place};
use crate::policy::{Date, Text};
use crate::site::Role;

/// What a report keeps of an entry of the sites file beside id, role, address and parent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Listed {
    /// Which entry of the sites file it is, from 1; only in a shard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub entry: Option<u32>,
    /// Other addresses it answers at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub aliases: Vec<String>,
    /// The declared tracker id; of an entry that was not judged it is left out when a judged site may be this one under
    /// another name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub emc_site_id: Option<String>,
    /// Not judged from that day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub retired_on: Option<Date>,
    /// That day has come.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub retired: bool,
}

/// What rules and notes over all sites go by of one judged site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcrossSite {
    /// Its entry in the sites file.
    #[serde(flatten)]
    pub listed: Listed,
    /// Where its facts come from.
    pub basis: Basis,
    /// The code that says more than the site's gap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub code: Option<String>,
    /// Tracker ids seen on its pages.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ids: Vec<SeenId>,
    /// What its home page links to; absent when it was not seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub links: Option<SeenLinks>,
}

/// A tracker id seen on a site's pages.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SeenId {
    /// The tracker, as the policy names it.
    pub tracker: String,
    /// The id.
    pub id: String,
    /// Where.
    pub places: Vec<Place>,
}

/// What a home page links to among the sites of the estate.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SeenLinks {
    /// The page as a file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The page as an address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
    /// Sites of the estate by id, each with the first link to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub sites: Vec<SeenLink>,
    /// Hosts under a declared portal's domain that nobody declared.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub hosts: Vec<SeenLink>,
    /// It links to the portal that the site belongs to.
    pub to_parent: bool,
    /// Nothing on the page hides further links.
    pub complete: bool,
}

/// The first link to a site or host.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SeenLink {
    /// The site's id, or the host.
    pub to: String,
    /// Line, from 1.
    pub line: u32,
    /// Column, from 1.
    pub column: u32,
}

/// An entry of the sites file that the run did not judge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotJudged {
    /// Its id.
    pub id: String,
    /// Its role.
    pub role: Option<Role>,
    /// Its address.
    pub url: Option<String>,
    /// The parent's id or address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<String>,
    /// Its entry in the sites file; without the tracker id when the judged sites may be this one under another name.
    #[serde(flatten)]
    pub listed: Listed,
}

/// What is needed of a rule over all sites to decide it without its policy.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AcrossRule {
    /// The tracker whose ids it compares.
    pub tracker: String,
    /// Roles it applies to.
    pub applies_to: Vec<Role>,
    /// The first sentence of a failure.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub message: Option<Text>,
    /// How to mend it, with the names of values to fill in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fix: Option<Text>,
    /// The same, by code.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub fix_by_code: IndexMap<String, Text>,
    /// The snippet that a remedy may show.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub snippet: String,
}
