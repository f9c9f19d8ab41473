//! The cases a rule brings along to show what passes, what fails and what nobody can say.
//! Run by `rasoat test`; they are no part of the resolved policy nor of its digest.

use indexmap::IndexMap;
use schemars::JsonSchema;
use serde::Deserialize;

use super::{Date, Moment};
use crate::site::Role;
use crate::snapshot::Gap;

/// A rule's cases by the verdict they must have.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExampleSets {
    /// Must pass.
    #[serde(default)]
    pub pass: Vec<Example>,
    /// Must fail, with `code` when it is given.
    #[serde(default)]
    pub fail: Vec<Example>,
    /// Must stay open, with `gap` when it is given.
    #[serde(default)]
    pub inconclusive: Vec<Example>,
    /// Must not apply.
    #[serde(default)]
    pub not_applicable: Vec<Example>,
}

impl ExampleSets {
    /// The lists with the name of their key.
    #[must_use]
    pub fn sets(&self) -> [(&'static str, &[Example]); 4] {
        [
            ("pass", &self.pass),
            ("fail", &self.fail),
            ("inconclusive", &self.inconclusive),
            ("not_applicable", &self.not_applicable),
        ]
    }
}

/// One case: a site and what is known of it; or `impossible` alone, the reason why this outcome
/// cannot occur, as `inconclusive: [{impossible: "…"}]`.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// What the case shows.
    #[serde(default)]
    pub name: Option<String>,
    /// The home page.
    #[serde(default)]
    pub html: Option<String>,
    /// The site's files by path, instead of `html`; `index.html` is the home page.
    #[serde(default)]
    pub files: Option<IndexMap<String, String>>,
    /// The site's address.
    #[serde(default)]
    pub url: Option<String>,
    /// The site's role; otherwise the rule's first one.
    #[serde(default)]
    pub role: Option<Role>,
    /// The address of its portal.
    #[serde(default)]
    pub parent: Option<String>,
    /// Addresses of its component sites.
    #[serde(default)]
    pub components: Option<Vec<String>>,
    /// The declared tracker id.
    #[serde(default)]
    pub emc_site_id: Option<String>,
    /// The tracker id recorded in `rasoat.lock`.
    #[serde(default)]
    pub recorded: Option<String>,
    /// Not judged from that day.
    #[serde(default)]
    pub retired_on: Option<Date>,
    /// Headers of the answer by name.
    #[serde(default)]
    pub headers: Option<IndexMap<String, String>>,
    /// What the visit of the deployed site showed, for rules that judge how a site is served.
    #[serde(default)]
    pub transport: Option<ExampleVisit>,
    /// Other sites of the estate, for rules over all sites.
    #[serde(default)]
    pub sites: Option<Vec<OtherSite>>,
    /// The code the finding must have.
    #[serde(default)]
    pub code: Option<String>,
    /// The gap the finding must have.
    #[serde(default)]
    pub gap: Option<Gap>,
    /// Why this outcome cannot occur; nothing else stands beside it.
    #[serde(default)]
    pub impossible: Option<String>,
}

/// The visit of a deployed site in a case. The headers of its answer are the case's `headers`.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExampleVisit {
    /// When it was visited, as `2026-01-31T00:00:00Z`: certificates are judged at this instant.
    pub now: Moment,
    /// Addresses that redirected, in order.
    #[serde(default)]
    pub hops: Vec<String>,
    /// The address that answered in the end; otherwise the case's `url`.
    #[serde(default)]
    pub final_url: Option<String>,
    /// The status of its answer; otherwise 200, or none when `unseen` is given.
    #[serde(default)]
    pub status: Option<u16>,
    /// Why the home page was not seen.
    #[serde(default)]
    pub unseen: Option<Gap>,
    /// What the server showed of its TLS.
    #[serde(default)]
    pub tls: Option<ExampleTls>,
    /// What the plain http address answered.
    #[serde(default)]
    pub plain: Option<ExamplePlain>,
}

/// The TLS of a visit in a case.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExampleTls {
    /// `1.2` or `1.3`.
    #[serde(default)]
    pub version: Option<String>,
    /// The certificates as they were sent, leaf first.
    #[serde(default)]
    pub chain: Vec<ExampleCertificate>,
}

/// A certificate in a case.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExampleCertificate {
    /// Whom it was issued to.
    pub subject: String,
    /// Who issued it.
    pub issuer: String,
    /// Subject alternative names.
    #[serde(default)]
    pub names: Vec<String>,
    /// First instant it holds; otherwise long ago.
    #[serde(default)]
    pub not_before: Option<Moment>,
    /// Last instant it holds.
    pub not_after: Moment,
}

/// What the plain http address answered in a case.
#[derive(Debug, Clone, Default, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ExamplePlain {
    /// The status of the last answer.
    #[serde(default)]
    pub status: Option<u16>,
    /// Where the redirects ended.
    #[serde(default)]
    pub leads_to: Option<String>,
    /// Why there was no answer.
    #[serde(default)]
    pub gap: Option<Gap>,
}

/// Another site of the estate in a case.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct OtherSite {
    /// Its id.
    pub id: String,
    /// Its declared tracker id.
    #[serde(default)]
    pub emc_site_id: Option<String>,
}

impl Example {
    /// Something is given beside `name` and `impossible`.
    #[must_use]
    pub fn describes_a_site(&self) -> bool {
        self.html.is_some()
            || self.files.is_some()
            || self.url.is_some()
            || self.role.is_some()
            || self.parent.is_some()
            || self.components.is_some()
            || self.emc_site_id.is_some()
            || self.recorded.is_some()
            || self.retired_on.is_some()
            || self.headers.is_some()
            || self.transport.is_some()
            || self.sites.is_some()
    }
}
