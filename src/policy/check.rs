//! The kinds of check a rule may name, with their parameters. A closed list: the compiler shows what a
//! new kind must fill in. The YAML key, the variant and the file in `check/` carry one name.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::setting::Setting;

/// What a rule checks: a map with exactly one key, the kind of check.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// A tracker's snippet is embedded, up to a rung of the evidence ladder.
    Tracker(TrackerCheck),
    /// A label a person can see says that the site is connected to the tracker.
    Label(LabelCheck),
    /// The home page links to other sites.
    LinksTo(LinksToCheck),
    /// No other site uses this site's tracker id.
    UniqueId(TrackerRef),
    /// The tracker id is the one recorded in `rasoat.lock`.
    IdDrift(TrackerRef),
    /// Elements that match a selector.
    Element(ElementCheck),
    /// How the site is served: https, HSTS, certificate, TLS version.
    Transport(TransportCheck),
    /// How fast the page loads.
    LoadTime(LoadTimeCheck),
    /// Violations of WCAG that a machine can find.
    Wcag(WcagCheck),
    /// The site's host name.
    Domain(DomainCheck),
    /// A person's signed statement.
    Attestation(AttestationCheck),
    /// Every part holds.
    AllOf(Vec<Check>),
    /// At least one part holds.
    AnyOf(Vec<Check>),
    /// No part holds.
    NoneOf(Vec<Check>),
}

impl Check {
    /// This check and, for combinators, every check in it, in order.
    pub fn walk(&self) -> Vec<&Self> {
        let mut all = vec![self];
        if let Self::AllOf(parts) | Self::AnyOf(parts) | Self::NoneOf(parts) = self {
            all.extend(parts.iter().flat_map(Self::walk));
        }
        all
    }

    /// The kind: the key it has in a policy.
    #[must_use]
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Tracker(_) => "tracker",
            Self::Label(_) => "label",
            Self::LinksTo(_) => "links_to",
            Self::UniqueId(_) => "unique_id",
            Self::IdDrift(_) => "id_drift",
            Self::Element(_) => "element",
            Self::Transport(_) => "transport",
            Self::LoadTime(_) => "load_time",
            Self::Wcag(_) => "wcag",
            Self::Domain(_) => "domain",
            Self::Attestation(_) => "attestation",
            Self::AllOf(_) => "all_of",
            Self::AnyOf(_) => "any_of",
            Self::NoneOf(_) => "none_of",
        }
    }

    /// Judged over all sites of a run instead of one at a time.
    #[must_use]
    pub fn is_estate_wide(&self) -> bool {
        self.walk().iter().any(|c| matches!(c, Self::UniqueId(_)))
    }
}

/// The evidence ladder of a tracker, lowest rung first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Reach {
    /// The names occur somewhere in the text.
    Text,
    /// They occur in code that runs.
    Live,
    /// With the exact https host and paths of the tracker.
    Addressed,
    /// The queue on `window` holds a valid, non-empty id when the library runs.
    Configured,
    /// The library answered 2xx in the browser.
    Loaded,
    /// A request with that id and this page's address was seen.
    Sent,
}

/// `tracker`: the snippet is embedded.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackerCheck {
    /// Name of the tracker; may be left out when the policy has one.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "tracker")]
    pub name: Option<String>,
    /// The rung that must be reached.
    #[serde(default = "configured")]
    pub reach: Reach,
}

fn configured() -> Reach {
    Reach::Configured
}

/// `label`: a visible label.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LabelCheck {
    /// Name of the tracker; may be left out when the policy has one.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "name")]
    pub tracker: Option<String>,
    /// The rung the snippet must reach before a label counts.
    #[serde(default = "configured")]
    pub reach: Reach,
}

/// A check that needs nothing but the tracker's name.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TrackerRef {
    /// Name of the tracker; may be left out when the policy has one.
    #[serde(default, skip_serializing_if = "Option::is_none", alias = "name")]
    pub tracker: Option<String>,
}

/// Which declared sites a home page must link to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Relatives {
    /// The site's component sites.
    Children,
    /// The portal it belongs to.
    Parent,
}

/// `links_to`: the home page links to declared relatives or to fixed addresses.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinksToCheck {
    /// Declared relatives of the site.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sites: Option<Relatives>,
    /// Fixed addresses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub urls: Vec<String>,
    /// Share of them that must be linked, in percent (1 to 100).
    #[serde(default = "all_of_them")]
    pub share: Setting<u32>,
}

fn all_of_them() -> Setting<u32> {
    Setting::Value(100)
}

/// `element`: elements of the page that match a selector.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ElementCheck {
    /// A CSS selector.
    pub selector: String,
    /// Fewest matches.
    #[serde(default = "one")]
    pub min: u32,
    /// Most matches; any number when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<u32>,
    /// Only elements whose text matches this regular expression count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
}

fn one() -> u32 {
    1
}

/// `transport`: how the site is served. Each part is checked when it is given.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct TransportCheck {
    /// The site answers by https, and http leads to https.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub https: Option<bool>,
    /// Least `max-age` of Strict-Transport-Security, in seconds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hsts_seconds: Option<Setting<u32>>,
    /// Days the certificate must still be valid.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub certificate_days: Option<Setting<u32>>,
    /// Least TLS version, `1.2` or `1.3`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tls: Option<TlsVersion>,
}

/// A TLS version, oldest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub enum TlsVersion {
    /// TLS 1.2.
    #[serde(rename = "1.2")]
    Tls12,
    /// TLS 1.3.
    #[serde(rename = "1.3")]
    Tls13,
}

/// `load_time`: strict upper limits in milliseconds, measured in the browser.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LoadTimeCheck {
    /// First contentful paint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fcp_ms: Option<Setting<u32>>,
    /// Largest contentful paint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub lcp_ms: Option<Setting<u32>>,
    /// Speed index (full display).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub speed_index_ms: Option<Setting<u32>>,
    /// The longest single main-thread task.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub longest_task_ms: Option<Setting<u32>>,
}

/// `wcag`: violations that a machine can find.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WcagCheck {
    /// Rule tags to run, such as `wcag2a`.
    #[serde(default = "level_a")]
    pub tags: Vec<String>,
    /// Only rules of this principle, 1 to 4: their success criteria begin with its number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = 4))]
    pub principle: Option<u8>,
}

fn level_a() -> Vec<String> {
    vec!["wcag2a".to_owned()]
}

/// `domain`: the site's host name.
#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DomainCheck {
    /// A regular expression the whole host must match (lower case, without `www.`).
    pub pattern: Setting<String>,
    /// Hosts that are right although they do not match.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub except: Vec<String>,
}

/// `attestation`: what a person must have stated.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AttestationCheck {
    /// What the person must have looked at, shown with the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub question: Option<super::Text>,
}
